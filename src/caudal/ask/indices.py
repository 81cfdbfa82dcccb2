"""Sensitivity by SALib: a design of positions in the unit cube, and indices from what came of them.

Morris (1991, Technometrics 33, 161–174; Campolongo, Cariboni, Saltelli 2007): trajectories on a grid of
four levels, on which one factor moves at a time. Its elementary effect is the change of the outcome for
a move across the whole side of the cube; over trajectories,

    mu_star  mean of |effect|        mu  mean effect        sigma  its standard deviation

sigma beside mu_star tells of curvature and of interplay with other factors. A group of factors moves
together, each in a direction of its own, and has mu_star only.

Sobol' (2001; Saltelli et al. 2010, Comput. Phys. Commun. 181, 259–270): of the outcome's variance
over the cube, the share that goes with a factor alone (`first`) and with all that it has a part in
(`total`).

Intervals are SALib's bootstrap over trajectories or rows, at 95 %. They tell of the design's size, not
of what the model does not know.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from caudal.errors import CaudalError

Method = Literal["morris", "sobol"]
LEVELS = 4
RESAMPLES = 200
COLUMNS: dict[str, tuple[str, ...]] = {
    "morris": ("mu_star", "mu_star_low", "mu_star_high", "mu", "sigma"),
    "sobol": ("first", "first_low", "first_high", "total", "total_low", "total_high"),
}


@dataclass(frozen=True)
class Design:
    """Positions at which a model is to be evaluated.

    names    of the variables; groups: the factor that each belongs to, itself or one that it shares
    points   (row, variable), in [0, 1]
    """

    method: Method
    names: tuple[str, ...]
    groups: tuple[str, ...]
    points: np.ndarray
    seed: int

    @property
    def factors(self) -> tuple[str, ...]:
        """What has indices, in order of first appearance."""
        return tuple(dict.fromkeys(self.groups))


def rows(method: Method, factors: int, samples: int) -> int:
    """How many rows a design has: samples × (factors + 1) of Morris, × (factors + 2) of Sobol'."""
    return samples * (factors + (1 if method == "morris" else 2))


def design(
    method: Method, names: Sequence[str], samples: int, seed: int = 0, groups: Sequence[str] = ()
) -> Design:
    """A design of `samples` trajectories (Morris) or base rows (Sobol').

    groups  for each name, the factor that it is a part of; none: each name is one

    Raises CaudalError for an unknown method, too few samples, and for Sobol' samples that are no
    power of two, without which its sequence loses its balance.
    """
    if method not in get_args(Method):
        raise CaudalError("--method", f"unknown method {method!r}", ", ".join(get_args(Method)))
    if samples < 2:
        raise CaudalError("--samples", str(samples), "2 or more")
    if method == "sobol" and samples & (samples - 1):
        near = 2 ** (samples.bit_length() - 1)
        raise CaudalError(
            "--samples", f"{samples} with sobol", f"a power of two: {near}, {2 * near}"
        )
    made = Design(method, tuple(names), tuple(groups) or tuple(names), np.empty(0), seed)
    sampler, _ = _salib(method)
    problem = _problem(made)
    with _quiet():
        if method == "morris":
            points = sampler.sample(problem, samples, LEVELS, seed=seed)
        else:
            points = sampler.sample(problem, samples, calc_second_order=False, seed=seed)
    return Design(method, made.names, made.groups, np.asarray(points, float), seed)


def indices(made: Design, values: np.ndarray) -> pd.DataFrame:
    """Indices of every factor, by its name; columns as COLUMNS says.

    values  the outcome at each row of the design, (row,); indices of Morris are in its unit

    An outcome that is the same in all rows has indices of zero.
    """
    columns = COLUMNS[made.method]
    if np.ptp(values) == 0:
        return pd.DataFrame(0.0, index=pd.Index(made.factors, name="factor"), columns=list(columns))
    _, analyzer = _salib(made.method)
    alone = np.array([made.groups.count(factor) == 1 for factor in made.factors])
    how: dict[str, Any] = {"num_resamples": RESAMPLES, "seed": made.seed}
    with _quiet():
        if made.method == "morris":
            told = analyzer.analyze(_problem(made), made.points, values, num_levels=LEVELS, **how)
            spread = _numbers(told["mu_star_conf"])
            middle = _numbers(told["mu_star"])
            out = {
                "mu_star": middle,
                "mu_star_low": np.maximum(middle - spread, 0),
                "mu_star_high": middle + spread,
                "mu": np.where(alone, _numbers(told["mu"]), np.nan),
                "sigma": np.where(alone, _numbers(told["sigma"]), np.nan),
            }
        else:
            told = analyzer.analyze(_problem(made), values, calc_second_order=False, **how)
            out = {}
            for key, name in (("S1", "first"), ("ST", "total")):
                middle, spread = _numbers(told[key]), _numbers(told[f"{key}_conf"])
                out |= {
                    name: middle,
                    f"{name}_low": middle - spread,
                    f"{name}_high": middle + spread,
                }
    return pd.DataFrame(out, index=pd.Index(made.factors, name="factor"))


def _problem(made: Design) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "num_vars": len(made.names), "names": list(made.names),
        "bounds": [[0.0, 1.0]] * len(made.names),
    }  # fmt: skip
    return problem | ({"groups": list(made.groups)} if made.groups != made.names else {})


def _numbers(values: Any) -> np.ndarray:
    """Floats of what may be a masked array: what is masked is no number."""
    return np.ma.filled(np.ma.asarray(values, float), np.nan)


def _salib(method: Method) -> tuple[Any, Any]:
    try:
        if method == "morris":
            from SALib.analyze import morris as analyzer
            from SALib.sample import morris as sampler
        else:
            from SALib.analyze import sobol as analyzer
            from SALib.sample import sobol as sampler
    except ImportError:
        allowed = "pip install 'caudal[science]'"
        raise CaudalError("sensitivity", "SALib is not installed", allowed) from None
    return sampler, analyzer


def _quiet() -> warnings.catch_warnings:
    return warnings.catch_warnings(action="ignore")
