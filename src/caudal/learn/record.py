"""What a fit leaves on record: what the counts did to each constant, and how well the method held.

Draws are independent of each other: no chain made them. So their effective number is their number,
and R-hat says nothing; ArviZ is shown them in four parts all the same, for its tools expect chains.
What can go wrong with this method is told instead: residuals that weigh little because they vary or
last more than they may (`weights`), residuals that bend within a prior's bulk (`bend`), weather that
moves more or less than its variance allows (`innovations`), counts that are not met (`misfit`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from caudal.compute.content import Corridor
from caudal.compute.files import beside
from caudal.compute.posterior import Posterior
from caudal.engine.priors import Prior
from caudal.errors import CaudalError
from caudal.learn.constants import Moved
from caudal.learn.smoother import Smoother
from caudal.learn.update import BOUND

PARTS = 4
"""Into how many parts ArviZ is shown the draws."""
NOT_LEARNED = "not learned: no count speaks of it"
ENGINE: Any = "h5netcdf"


def constants(moved: Moved) -> dict[str, dict[str, Any]]:
    """What the counts did to each value of a constant, by its name.

    mean, sd     on the prior's standard-normal scale; an untouched one has 0 and 1
    by           the kind of evidence that informed it most; information: of all, in prior precisions
    bend         see `Moved`; None where nothing answers
    """
    kinds, parts = list(moved.informed), np.stack(list(moved.informed.values()))
    return {
        name: {
            "mean": round(float(moved.mean[i]), 3),
            "sd": round(float(moved.sd[i]), 3),
            "by": kinds[int(parts[:, i].argmax())] if parts[:, i].any() else "",
            "information": float(f"{parts[:, i].sum():.3g}"),
            "bend": float(f"{moved.bend[i]:.3g}") if np.isfinite(moved.bend[i]) else None,
        }
        for i, name in enumerate(moved.names)
    }


def innovations(smoother: Smoother) -> dict[str, dict[str, float]]:
    """Of each weather: mean square of its innovations in their sd, and the share at the bound.

    Over months and members; about 1 if the variance that the weather is given is right.
    """
    out = {}
    for name in smoother.processes:
        parts = [smoother.innovations[m][name] / smoother.scale(m, name) for m in smoother.misfit]
        values = np.stack(parts)
        out[name] = {
            "mean_square": round(float(np.mean(values**2)), 3),
            "at_bound": round(float(np.mean(np.abs(values) >= BOUND)), 4),
        }
    return out


def misfit(smoother: Smoother) -> dict[str, dict[str, float]]:
    """Of each block of counts: what the fitted months leave over, in sd of the counts' errors.

    bias  mean over all; rms: root mean square of members; median: of the members' median
    """
    out = {}
    for number, block in enumerate(smoother.blocks):
        values = np.stack([parts[number] for parts in smoother.misfit.values()])
        if np.isfinite(values).any():
            middle = np.median(values, -1)
            out[block.name] = {
                "bias": round(float(np.nanmean(values)), 3),
                "rms": round(float(np.sqrt(np.nanmean(values**2))), 3),
                "median": round(float(np.sqrt(np.nanmean(middle**2))), 3),
            }
    return out


def contraction(priors: Mapping[str, Prior], about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Prior to posterior, a row for every parameter (for each value that was learned by itself).

    contraction = 1 − sd², sd being what is left of the prior's; informed_by says which kind of
    evidence, or that no count spoke of it; `about` is that of the posterior.
    """
    told: Mapping[str, Mapping[str, Any]] = about["constants"]
    by_base: dict[str, list[str]] = {}
    for name in told:
        by_base.setdefault(name.partition("[")[0], []).append(name)
    rows = []
    for base, prior in priors.items():
        for name in by_base.get(base, [base]):
            one = told.get(name, {})
            sd = one.get("sd", 1.0)
            index = int(name[len(base) + 1 : -1]) if name != base else None
            rows.append(
                {
                    "parameter": name, "mechanism": prior.mechanism, "form": prior.form,
                    "centre": _centre(prior, index), "prior_sd": prior.sd,
                    "unit": prior.unit, "assumed": prior.assumed,
                    "mean": one.get("mean", 0.0), "sd_left": sd,
                    "contraction": round(1 - sd**2, 3),
                    "informed_by": _by(prior, one),
                }
            )  # fmt: skip
    return rows


def _by(prior: Prior, one: Mapping[str, Any]) -> str:
    if prior.sd <= 0:
        return "fixed"
    return one.get("by") or (NOT_LEARNED if one.get("sd", 1.0) >= 1 else "")


def _centre(prior: Prior, index: int | None) -> float | str:
    """Centre on the parameter's own scale; of one with axes that is learned as a whole, its range."""
    values = np.asarray(prior.value(prior.centre), np.float64).reshape(-1)
    if index is not None:
        values = values[index : index + 1]
    low, high = (float(f"{v:.4g}") for v in (values.min(), values.max()))
    return low if low == high else f"{low:g}–{high:g}"


def write(
    path: Path,
    corridor: Corridor,
    posterior: Posterior,
    observed: Any,
    information: Mapping[str, Any] | None = None,
    option: str = "--record",
) -> None:
    """Write a fit as a netCDF file in ArviZ's groups (`arviz.from_netcdf` reads it), whole or not.

    prior, posterior         constants in their own units, (chain, draw, …); chains are parts of
                             independent draws
    unconstrained_posterior  the same on their priors' standard-normal scale
    observed_data            what was counted, by predictand, (month, cell)
    constant_data            weather of each month, mean and sd over draws; contraction of each
                             constant
    information              more attributes, such as data and code versions
    option                   that an error names

    Axes bear the corridor's names (`labels`), variables their unit as `units`.
    """
    about = {**posterior.about, **(information or {})}
    attrs = {
        "inference_library": "caudal",
        "sampling": f"independent draws, shown as {_parts(posterior)} chains",
        **{k: str(about[k]) for k in ("code_version", "data_vintage") if k in about},
    }
    priors = corridor.priors
    first = {
        k: np.moveaxis(p.positions(posterior.draws, posterior.seed), 0, -1)
        for k, p in priors.items()
    }
    groups = {
        "posterior": _draws(posterior, priors, posterior.z, "own"),
        "unconstrained_posterior": _draws(posterior, priors, posterior.z, "standard"),
        "prior": _draws(posterior, priors, first, "own"),
        "observed_data": _counts(corridor, observed),
        "constant_data": _constant(corridor, posterior, about),
    }
    names = {str(axis): list(along) for axis, along in corridor.labels().items()}
    fresh = beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        xr.Dataset(attrs=attrs).to_netcdf(fresh, "w", engine=ENGINE)
        for name, group in groups.items():
            squeeze = {v: {"zlib": True, "complevel": 4} for v in group if group[v].ndim}
            group.attrs |= attrs
            sizes = {str(d): n for d, n in group.sizes.items()}
            named = {d: names[d] for d, n in sizes.items() if len(names.get(d, ())) == n}
            group.assign_coords(named).to_netcdf(
                fresh, "a", group=name, engine=ENGINE, encoding=squeeze
            )
        fresh.replace(path)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise CaudalError(f"{option} {path}", reason.lower(), "a writable place") from problem
    finally:
        if fresh.parent.is_dir():
            fresh.unlink(missing_ok=True)


def _parts(posterior: Posterior) -> int:
    return PARTS if posterior.draws % PARTS == 0 else 1


def _draws(
    posterior: Posterior, priors: Mapping[str, Prior], z: Mapping[str, np.ndarray], scale: str
) -> xr.Dataset:
    """Constants, (chain, draw, *dims)."""
    parts, out = _parts(posterior), {}
    for name, prior in priors.items():
        if prior.sd <= 0:
            continue
        value = np.asarray(z[name], np.float64)
        if scale == "own":
            value = prior.value(prior.centre[..., None] + prior.sd * value)
        value = np.moveaxis(value, -1, 0)
        value = value.reshape(parts, posterior.draws // parts, *prior.centre.shape)
        attrs = {"units": prior.unit, "source": prior.source, "assumed": int(prior.assumed)}
        dims = prior.dims or tuple(f"{name}_{i}" for i in range(prior.centre.ndim))
        out[name] = (("chain", "draw", *dims), value.astype(np.float32), attrs)
    return xr.Dataset(out)


def _counts(corridor: Corridor, observed: Any) -> xr.Dataset:
    """What was counted, by predictand."""
    out = {}
    for p in corridor.predictands():
        cells = f"{p.name}_cell"
        out[p.name] = (("month", cells), p.observe(observed.arrays), {"units": p.unit})
    coords = {f"{p.name}_cell": list(p.labels) for p in corridor.predictands()}
    months = np.datetime64(f"{corridor.begins:%Y-%m}", "M") + np.arange(observed.months)
    return xr.Dataset(out, {**coords, "month": months.astype("datetime64[ns]")})


def _constant(corridor: Corridor, posterior: Posterior, about: Mapping[str, Any]) -> xr.Dataset:
    """Weather by month over draws, and what the counts did to each constant."""
    out: dict[str, Any] = {}
    dims = {w.name: w.dims for m in corridor.model.mechanisms for w in m.weather}
    for name, values in posterior.weather.items():
        along = ("month", *(f"{d}" for d in dims[name]))
        x = values.astype(np.float64)
        out[f"{name}_mean"] = (along, x.mean(-1).astype(np.float32))
        out[f"{name}_sd"] = (along, x.std(-1).astype(np.float32))
    rows = contraction(corridor.priors, about) if "constants" in about else []
    for column in ("mean", "sd_left", "contraction"):
        out[f"constant_{column}"] = ("parameter", np.array([r[column] for r in rows], float))
    out["constant_informed_by"] = ("parameter", np.array([r["informed_by"] for r in rows], str))
    for kind in ("weights", "innovations", "misfit"):
        for name, value in about.get(kind, {}).items():
            told = value if isinstance(value, Mapping) else {"": value}
            out |= {f"{kind}_{name}_{k}".rstrip("_").replace(" ", "_"): v for k, v in told.items()}
    return xr.Dataset(out, {"parameter": [r["parameter"] for r in rows]})
