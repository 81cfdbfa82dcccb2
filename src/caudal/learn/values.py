"""Prior and posterior of every value of every constant, in its own unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from caudal.compute.content import Corridor
from caudal.compute.posterior import Posterior
from caudal.learn.record import contraction

LEVELS = {"low90": 0.05, "median": 0.5, "high90": 0.95}


def labels(corridor: Corridor) -> dict[str, list[str]]:
    """Axis → the names along it, of those axes that the corridor names."""
    return {axis: list(names) for axis, names in corridor.labels().items()}


def values(corridor: Corridor, posterior: Posterior) -> pd.DataFrame:
    """A row for every value, in the order of the priors.

    parameter            as learned: "response_own[2]"; label: what that value is of, "HND"
    prior_, posterior_   …low90, …median, …high90 in `unit`: of the prior as stated, of the draws
    mean, sd_left        of the fit, in prior sd; contraction = 1 − sd_left²; informed_by
    """
    # a value that was not learned by itself is told by its parameter's own row
    told = {r["parameter"]: r for r in contraction(corridor.priors, posterior.about)}
    names, rows = labels(corridor), []
    levels = np.array(list(LEVELS.values()))
    for base, prior in corridor.priors.items():
        for place in np.ndindex(prior.centre.shape):
            flat = int(np.ravel_multi_index(place, prior.centre.shape)) if place else 0
            name = f"{base}[{flat}]" if place else base
            centre, z = prior.centre[place], posterior.z[base][place].astype(np.float64)
            before = prior.value(centre + prior.sd * norm.ppf(levels))
            after = prior.value(np.quantile(centre + prior.sd * z, levels))
            one: Mapping[str, Any] = told.get(name) or told[base]
            rows.append(
                {
                    "parameter": name, "label": _label(prior.dims, place, names),
                    "mechanism": prior.mechanism, "form": prior.form, "unit": prior.unit,
                    "assumed": prior.assumed,
                    **{f"prior_{k}": float(f"{v:.4g}") for k, v in zip(LEVELS, before, strict=True)},
                    **{f"posterior_{k}": float(f"{v:.4g}")
                       for k, v in zip(LEVELS, after, strict=True)},
                    "mean": one["mean"], "sd_left": one["sd_left"],
                    "contraction": one["contraction"], "informed_by": one["informed_by"],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _label(dims: tuple[str, ...], place: tuple[int, ...], names: Mapping[str, list[str]]) -> str:
    """What a value is of: "HND", or its place along an axis without names, "route 2"."""
    parts = []
    for axis, i in zip(dims, place, strict=False):
        along = names.get(axis, [])
        parts.append(along[i] if i < len(along) else f"{axis} {i}")
    return ", ".join(parts)
