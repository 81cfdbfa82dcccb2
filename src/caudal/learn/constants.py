"""Constants from how the months surprise: the likelihood by its prediction errors.

With constants z and the weather filtered up to a month, the next one is run before its counts are seen.
What the counts are off from that run, ν(z), is new each month, and to first order in z

    −2 log p(counts | z) = Σ ν(z)ᵀ S⁻¹ ν(z) + const,    ν(z) ≈ a + G z,

which is the likelihood with the weather integrated out (exactly so where all is linear and normal;
Schweppe 1965). So a policy is credited only with what would otherwise be unlikely weather, at the time
when it came. S is estimated from the surprises themselves (`correlated`). Series that speak of
constants directly (`Target`) are further such residuals. The slopes G are differences between histories
whose constants differ in one direction only, a step up and a step down, under the same chance: no
ensemble noise is in them, and a constant that does nothing has none.

A single residual is weighed by its size, as if drawn from Student's t (shocks have heavy tails: spring
2020 teaches no elasticity), and a kind of residual by its persistence from month to month, which a
right model would not have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from caudal.engine.priors import Prior
from caudal.learn.correlated import covariance, sizes

Arrays = dict[str, np.ndarray]

STEP = 1.0
"""Difference step in prior standard deviations, unless told: the slope across the prior's bulk."""
RATE = 0.5
"""How much a surprise counts in the likelihood. So intervals hold what they claim (N. Syring,
R. Martin (2019), Biometrika 106, 479–486) in simulated worlds of other seeds than those on which
calibration is tested: errors over posterior sd were 1.15 at a rate of 1 and 1.06 at 0.5."""
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
    """One kind of residual, (series, time, member); NaN = none.

    cells    series → the cell it belongs to, −1 for none
    kinds    how many series each cell has: their sizes and how they belong together are then judged
             by the residuals themselves; 0: they are standard normal as given
    lasting  correlation between the times of one series, where they are given so
    """

    name: str
    values: np.ndarray
    cells: np.ndarray
    kinds: int = 0
    lasting: float = 0.0


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

    def wider(self, last: Moved) -> Moved:
        """With the error of straight lines: two rounds take their slopes about two places.

        Where they disagree on a value by δ, its variance grows by δ².
        """
        before = dict(zip(last.names, last.mean.tolist(), strict=True))
        apart = self.mean - np.array([before.get(n, 0.0) for n in self.names])
        return replace(self, covariance=self.covariance + np.diag(apart**2))

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
    priors: Mapping[str, Prior],
    given: Sequence[Direction],
    at: Mapping[str, float] | None = None,
    steps: Mapping[str, float] | None = None,
) -> Arrays:
    """Positions (*dims, member) of the histories: one at the centre, then each step up and down.

    at     centre by name of value; 0 where not named
    steps  length of the step by name of value; STEP where not named
    """
    members = 1 + 2 * len(given)
    z = {k: np.zeros((*p.centre.shape, members)) for k, p in priors.items()}
    for name, position in (at or {}).items():
        base, _, index = name.rstrip("]").partition("[")
        z[base].reshape(-1, members)[int(index or 0)] = position
    for i, direction in enumerate(given):
        flat = z[direction.name].reshape(-1, members)
        row = direction.index
        rows = slice(None) if row is None else slice(row, row + 1)
        step = _lengths(direction.names, steps)
        flat[rows, 1 + 2 * i] += step
        flat[rows, 2 + 2 * i] -= step
    return z


def learn(
    evidence: Sequence[Evidence],
    given: Sequence[Direction],
    at: Mapping[str, float] | None = None,
    steps: Mapping[str, float] | None = None,
) -> Moved:
    """Posterior of the values that the directions vary, from histories laid out by `design`."""
    names = tuple(n for d in given for n in d.names)
    k = len(names)
    start = np.array([(at or {}).get(n, 0.0) for n in names])
    step = _lengths(names, steps)
    precision, pull, bent = np.eye(k), np.zeros(k), np.zeros(k)
    informed, weights = {}, {}
    for kind in evidence:
        here, values, weight = kind.values[..., 0], kind.values, 1.0
        if kind.kinds:
            scale = sizes(here)
            here, values = here / scale[:, None], values / scale[:, None, None]
            weight = RATE * weigh_down(here)
        slope, curve = _slopes(values, kind.cells, given, step)
        # what the residual would be at the prior's centre, as far as slopes tell
        constant = here - slope @ start
        if kind.kinds:
            size = np.sqrt((TAILS + 1) / (TAILS + here**2))
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
    """How much a residual of size one counts, (series, time): less where residuals last."""
    clipped = np.clip(residuals, -3.0, 3.0)
    now, before = clipped[:, 1:], clipped[:, :-1]
    both = np.isfinite(now) & np.isfinite(before)
    if both.sum() < 3:
        return 1.0
    variance = float(np.mean(now[both] ** 2 + before[both] ** 2)) / 2
    lasting = np.mean(now[both] * before[both]) / max(variance, 1e-9)
    lasting = float(np.clip(lasting, 0.0, MOST_PERSISTENCE))
    return (1 - lasting) / (1 + lasting)


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


def _together(
    kind: Evidence, here: np.ndarray
) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]]:
    """Residuals that belong together, with their covariance: those of one time, or of one series."""
    series, times = here.shape
    if kind.kinds:
        groups = [(np.arange(series), np.full(series, t)) for t in range(times)]
        shared = covariance(here, kind.kinds)
    else:
        groups = [(np.full(times, s), np.arange(times)) for s in range(series)]
        shared = (1 - kind.lasting) * np.eye(times) + kind.lasting
    for rows in groups:
        keep = np.isfinite(here[rows])
        if keep.any():
            yield shared[np.ix_(keep, keep)], (rows[0][keep], rows[1][keep])


def _lengths(names: Sequence[str], steps: Mapping[str, float] | None) -> np.ndarray:
    return np.array([(steps or {}).get(n, STEP) for n in names])


def _slopes(
    values: np.ndarray, cells: np.ndarray, given: Sequence[Direction], step: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and halves of second differences (series, time, value), from (series, time, member)."""
    up, down = values[..., 1::2], values[..., 2::2]
    first, second = (up - down) / 2, (up - 2 * values[..., :1] + down) / 2
    return _by_value(first, cells, given) / step, _by_value(second, cells, given) / step**2


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
