"""Constants from what the counts leave over, the weather being marginalised.

Given constants z, the smoother finds the likeliest innovations ε(z) and what of the counts they leave
unexplained, r(z), both in standard deviations. To first order in both,

    −2 log p(counts | z) = Σ ε(z)ᵀ C⁻¹ ε(z) + Σ r(z)ᵀ C⁻¹ r(z) + const,    ε(z) ≈ a + G z,

which is the likelihood with the weather integrated out (exactly so where all is linear and normal).
So a policy is credited only with what would otherwise ask for unlikely weather. Series that speak of
constants directly (`Target`) are further such residuals. The slopes G are differences between
histories whose constants differ in one direction only, a step up and a step down: no ensemble noise
is in them, and a constant that does nothing has none.

A model errs in ways that its weather does not know. What a series is off by all the time is the model's
fault and teaches nothing (`level`). Of what then remains each kind of residual is weighed down by its
own variance, where that exceeds one, and by its persistence from month to month, and a single one by
its size, as if drawn from Student's t: shocks have heavy tails, spring 2020 teaches no elasticity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caudal.engine.priors import Prior

Arrays = dict[str, np.ndarray]

STEP = 1.0
"""Difference step in prior standard deviations: the slope is that across the prior's bulk."""
TAILS = 4.0
"""Degrees of freedom of the residuals' tails (assumed; 4 is customary in robust regression)."""
MOST_PERSISTENCE = 0.9
FEW_VALUES = 4
"""A constant with axes is learned value by value where it has at most so many."""


@dataclass(frozen=True)
class Direction:
    """What one pair of histories varies: a value of a constant.

    index  which value of its flattened array; None: all at once, cell by cell of `apart`, as each
           moves the residuals of its own cell only
    """

    name: str
    index: int | None = 0
    apart: int = 0
    labelled: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each value that is learned."""
        if self.index is None:
            return tuple(f"{self.name}[{i}]" for i in range(self.apart))
        return (f"{self.name}[{self.index}]",) if self.labelled else (self.name,)


@dataclass(frozen=True)
class Evidence:
    """One kind of residual, standard normal under the model: (series, time, member); NaN = none.

    cells   series → the cell it belongs to, −1 for none
    common  correlation between the series of one time; lasting: between the times of one series
    judge   whether its own variance and persistence weigh it down
    level   whether each series may be off by an amount of its own, of which nothing is learned
    """

    name: str
    values: np.ndarray
    cells: np.ndarray
    common: float = 0.0
    lasting: float = 0.0
    judge: bool = True
    level: bool = False


@dataclass(frozen=True)
class Moved:
    """Posterior of constants on their standard-normal positions: mean (k,), covariance (k, k).

    informed (kind of evidence, k): information that each gave of each, in prior precisions
    weights  kind of evidence → how much a residual of it counts, at most 1
    bend     how far from linear: one prior sd away, the bent part of what residuals answer over the
             straight part (root of their squares), (k,); inf where nothing answers
    """

    names: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray
    informed: Mapping[str, np.ndarray]
    weights: Mapping[str, float]
    bend: np.ndarray

    @property
    def sd(self) -> np.ndarray:
        """Posterior standard deviations against a prior of one."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def information(self) -> np.ndarray:
        """What all evidence gave of each, in prior precisions, (k,)."""
        return sum(self.informed.values(), np.zeros(len(self.names)))

    def spoken_of(self, least: float) -> frozenset[str]:
        """Parameters of which some value is informed by at least so many prior precisions."""
        pairs = zip(self.names, self.information, strict=True)
        return frozenset(name.partition("[")[0] for name, said in pairs if said >= least)

    def arrays(self) -> Arrays:
        """All as arrays, for a file."""
        return {
            "names": np.array(self.names),
            "mean": self.mean,
            "covariance": self.covariance,
            "kinds": np.array(list(self.informed)),
            "informed": np.stack(list(self.informed.values())),
            "weights": np.array(list(self.weights.values())),
            "bend": self.bend,
        }

    @staticmethod
    def of(arrays: Mapping[str, np.ndarray]) -> Moved:
        """From such arrays."""
        kinds = [str(k) for k in arrays["kinds"]]
        return Moved(
            tuple(str(n) for n in arrays["names"]),
            arrays["mean"],
            arrays["covariance"],
            dict(zip(kinds, arrays["informed"], strict=True)),
            dict(zip(kinds, arrays["weights"].tolist(), strict=True)),
            arrays["bend"],
        )


def directions(
    priors: Mapping[str, Prior], names: Collection[str], cells: str, count: int
) -> list[Direction]:
    """What to vary of some constants; `cells` is the axis (of `count`) whose values stand apart."""
    out = []
    for name in names:
        prior = priors[name]
        size = int(prior.centre.size)
        if prior.sd <= 0:
            continue
        if prior.dims == (cells,):
            out.append(Direction(name, None, count))
        elif size <= FEW_VALUES:
            out += [Direction(name, i, labelled=size > 1) for i in range(size)]
    return out


def design(
    priors: Mapping[str, Prior], given: Sequence[Direction], at: Mapping[str, float] | None = None
) -> Arrays:
    """Positions (*dims, member) of the histories: one at the centre, then each step up and down.

    at  centre by name of value; 0 where not named
    """
    members = 1 + 2 * len(given)
    z = {k: np.zeros((*p.centre.shape, members)) for k, p in priors.items()}
    for name, position in (at or {}).items():
        base, _, index = name.rstrip("]").partition("[")
        z[base].reshape(-1, members)[int(index or 0)] = position
    for i, direction in enumerate(given):
        flat = z[direction.name].reshape(-1, members)
        rows = slice(None) if direction.index is None else direction.index
        flat[rows, 1 + 2 * i] += STEP
        flat[rows, 2 + 2 * i] -= STEP
    return z


def learn(
    evidence: Sequence[Evidence], given: Sequence[Direction], at: Mapping[str, float] | None = None
) -> Moved:
    """Posterior of the values that the directions vary, from histories laid out by `design`."""
    names = tuple(n for d in given for n in d.names)
    k = len(names)
    start = np.array([(at or {}).get(n, 0.0) for n in names])
    precision, pull, bent = np.eye(k), np.zeros(k), np.zeros(k)
    informed, weights = {}, {}
    for kind in evidence:
        here = kind.values[..., 0]
        slope, curve = _slopes(kind.values, kind.cells, given)
        # what the residual would be at the prior's centre, as far as slopes tell
        constant = here - slope @ start
        if kind.level:
            there = np.isfinite(here)[..., None]
            times = np.maximum(there.sum(1, keepdims=True), 1)
            slope, curve = (
                x - np.where(there, x, 0.0).sum(1, keepdims=True) / times for x in (slope, curve)
            )
            constant = constant - np.nansum(constant, 1, keepdims=True) / times[..., 0]
            here = here - np.nansum(here, 1, keepdims=True) / times[..., 0]
        weight = weigh_down(here) if kind.judge else 1.0
        size = np.sqrt((TAILS + 1) / (TAILS + here**2)) if kind.judge else np.ones_like(here)
        slope, curve = (x * size[..., None] for x in (slope, curve))
        constant = constant * size
        own = np.zeros((k, k))
        for correlation, rows in _together(kind, here):
            whitened = np.linalg.solve(correlation, slope[rows]) * weight
            own += slope[rows].T @ whitened
            pull -= whitened.T @ constant[rows]
            bent += weight * (curve[rows] * np.linalg.solve(correlation, curve[rows])).sum(0)
        precision += own
        informed[kind.name], weights[kind.name] = np.diag(own), weight
    covariance = np.linalg.inv(precision)
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = np.sqrt(bent / (np.diag(precision) - 1))
    bend = np.nan_to_num(bend, nan=np.inf, posinf=np.inf)
    return Moved(names, covariance @ pull, covariance, informed, weights, bend)


def weigh_down(residuals: np.ndarray) -> float:
    """How much a residual counts, (series, time): less where they vary or last more than they may."""
    there = np.isfinite(residuals)
    if there.sum() < 3:
        return 1.0
    variance = float(np.mean(residuals[there] ** 2))
    now, before = residuals[:, 1:], residuals[:, :-1]
    both = np.isfinite(now) & np.isfinite(before)
    if both.sum() < 3 or variance == 0.0:
        return 1.0
    lasting = np.clip(np.mean(now[both] * before[both]) / variance, 0.0, MOST_PERSISTENCE)
    return float(1 / (max(1.0, variance) * (1 + lasting) / (1 - lasting)))


def draw(priors: Mapping[str, Prior], moved: Moved, members: int, seed: int) -> Arrays:
    """Draws of the posterior, (*dims, member); what was not learned comes from its prior.

    Each member keeps its place in the prior: it is moved, not drawn anew.
    """
    z = {k: np.moveaxis(p.positions(members, seed), 0, -1) for k, p in priors.items()}
    flat = {k: v.reshape(-1, members) for k, v in z.items()}
    where = []
    for name in moved.names:
        base, _, index = name.rstrip("]").partition("[")
        where.append((base, int(index or 0)))
    before = np.stack([flat[base][index] for base, index in where])
    after = moved.mean[:, None] + np.linalg.cholesky(moved.covariance) @ before
    for row, (base, index) in zip(after, where, strict=True):
        flat[base][index] = row
    return {k: flat[k].reshape(v.shape) for k, v in z.items()}


def _together(kind: Evidence, here: np.ndarray):
    """Residuals that are correlated, with their correlation: those of one time, or of one series."""
    series, times = here.shape
    if kind.lasting:
        groups = [(np.full(times, s), np.arange(times)) for s in range(series)]
        shared = kind.lasting
    else:
        groups = [(np.arange(series), np.full(series, t)) for t in range(times)]
        shared = kind.common
    for rows in groups:
        keep = np.isfinite(here[rows])
        if keep.any():
            kept = rows[0][keep], rows[1][keep]
            n = int(keep.sum())
            yield (1 - shared) * np.eye(n) + shared, kept


def _slopes(
    values: np.ndarray, cells: np.ndarray, given: Sequence[Direction]
) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and halves of second differences (series, time, value), from (series, time, member)."""
    up, down = values[..., 1::2], values[..., 2::2]
    first = (up - down) / (2 * STEP)
    second = (up - 2 * values[..., :1] + down) / (2 * STEP**2)
    return _by_value(first, cells, given), _by_value(second, cells, given)


def _by_value(change: np.ndarray, cells: np.ndarray, given: Sequence[Direction]) -> np.ndarray:
    """From directions to values, (series, time, …); 0 where there is none."""
    change, columns = np.nan_to_num(change), []
    for i, direction in enumerate(given):
        if direction.index is None:
            own = (cells[:, None] == np.arange(direction.apart))[:, None]
            columns.append(np.where(own, change[..., i : i + 1], 0.0))
        else:
            columns.append(change[..., i : i + 1])
    return np.concatenate(columns, -1)
