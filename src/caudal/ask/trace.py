"""Trace: why is this number so? From a number of a run back to all that it rests on.

    number      the variable in one month and group: median and 90 % of members
    flows       the ways that the number counts, with the people who took them that month; for people
                in a status, the ways in and out
    mechanisms  that own those flows and gates (or report the number), and what they read
    levers      that those mechanisms read and some document had set that month, with the source
    parameters  of those mechanisms: prior, source, and what the counts made of it
    series      that publish the same, or a part of it, and what they say

A branch may be empty; then `reasons` says why. What a number rests on further away (the signals that
a mechanism reads have owners, levers and parameters too) is named and not followed: trace it in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from caudal.ask.journeys_record import record
from caudal.ask.journeys_walk import Ways
from caudal.ask.trace_flows import amounts, moves
from caudal.ask.trace_rests import levers_of, parameters_of
from caudal.compute.forcing import month_ends
from caudal.compute.posterior import load
from caudal.compute.run import Runnable, simulate
from caudal.engine.graph import Model
from caudal.errors import CaudalError
from caudal.policy.marks import nearest

Progress = Callable[[int, int], None]
Rows = list[dict[str, Any]]
BRANCHES = ("flows", "mechanisms", "levers", "parameters", "series", "pages")


@dataclass(frozen=True)
class Trace:
    """A number and its branches; reasons: empty branch → why. Fields as in docs/contract.json."""

    number: dict[str, Any]
    flows: Rows
    mechanisms: Rows
    levers: Rows
    parameters: Rows
    series: Rows
    pages: list[str]
    reasons: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """One month of a run: its Dataset and moves, from which any variable of it can be traced."""

    corridor: Any
    content: Any
    month: date
    scenario: str
    law: Any
    posterior: Any
    ds: Any
    ways: Ways
    moves: np.ndarray


def see(
    corridor: Runnable, content: Any, *, month: date | str, scenario: str = "baseline",
    members: int = 16, seed: int = 0, progress: Progress | None = None,
) -> Seen:  # fmt: skip
    """Run a scenario to the end of a month. Raises CaudalError for an unknown scenario or month."""
    watched = record(
        corridor, scenario, start=month, months=1, groups=np.arange(corridor.model.groups),
        members=members, seed=seed, progress=progress,
    )  # fmt: skip
    run = simulate(
        corridor, scenario, members=members, seed=seed, start=watched.start, end=watched.end
    )
    ways = Ways.of(corridor.model)
    posterior, _ = load(corridor.posterior).completed(corridor.priors)
    return Seen(
        corridor, content, watched.start, scenario, run.law, posterior, run.dataset(), ways,
        moves(watched, ways),
    )  # fmt: skip


def check(
    corridor: Runnable, content: Any, variable: str, month: date | str, group: Mapping[str, str]
) -> dict[str, str]:
    """The group as labels. Raises CaudalError for a variable, month, axis or label that is unknown."""
    if variable not in content.variables:
        raise CaudalError("VARIABLE", f"unknown '{variable}'", nearest(variable, content.variables))
    posterior = load(corridor.posterior)
    counted = month_ends(corridor.begins, posterior.months)
    earliest, latest = corridor.reports_from, counted[-2]
    text = month.isoformat()[:7] if isinstance(month, date) else str(month)
    try:
        day = date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise CaudalError("--month", f"'{text}' is no month", "YYYY-MM") from None
    if not earliest <= day <= latest:
        near = earliest if day < earliest else latest
        found = f"{day:%Y-%m} was not counted"
        allowed = f"{earliest:%Y-%m} to {latest:%Y-%m}; {near:%Y-%m} is the nearest"
        raise CaudalError("--month", found, allowed)
    out, labels = {}, content.labels()
    dims = [d for d in content.variables[variable].dims if d not in ("member", "month")]
    for dim, label in group.items():
        if dim not in dims:
            found = f"'{variable}' is not told apart by '{dim}'"
            raise CaudalError("--group", found, ", ".join(dims) or "no group")
        known = {name.casefold(): k for name, k in labels[dim].items()}
        if label.casefold() not in known:
            raise CaudalError("--group", f"unknown {dim} '{label}'", nearest(label, labels[dim]))
        out[dim] = known[label.casefold()]
    return out


def trace(seen: Seen, variable: str, where: Mapping[str, str]) -> Trace:
    """Everything that one number rests on. where: axis → label, as `check` gives it."""
    model, content = seen.corridor.model, seen.content
    parts = content.made_of(variable)
    kind = "stocks" if variable == content.stocks else _kind(model, parts)
    flows = _flows(seen, variable, kind, parts, where)
    owners = dict.fromkeys(o for f in flows for o in (f["mechanism"], *f["gates"]))
    if kind in ("measure", "signal"):
        owners = dict.fromkeys(model.owners()[p] for p in parts)
    mechanisms = [_mechanism(model, content, name) for name in owners]
    levers = levers_of(seen.law, model, owners, seen.month, where)
    series = content.series(seen.ds, variable, where)
    rest = {
        "flows": flows,
        "mechanisms": mechanisms,
        "levers": levers,
        "parameters": parameters_of(seen.corridor, seen.posterior, model, owners),
        "series": series,
        "pages": [content.page, *(m["page"] for m in mechanisms)],
    }
    reasons = {
        "flows": f"a {kind}: what {', '.join(owners)} reports of the state; no flow adds up to it",
        "mechanisms": "nothing owns it",
        "levers": f"no document had set a lever that {', '.join(owners)} reads"
        if any(model.mechanism(o).levers for o in owners)
        else f"{', '.join(owners)} reads no lever",
        "parameters": f"{', '.join(owners)} has no parameter",
        "series": "model only: no published series counts it",
    }
    return Trace(
        _number(seen, variable, kind, where), **rest,
        reasons={k: reasons[k] for k in BRANCHES if not rest[k]},
    )  # fmt: skip


def _kind(model: Model, parts: Iterable[str]) -> str:
    for name in parts:
        if name in model.measures:
            return "measure"
        if name in model.signals:
            return "signal"
        tally = next(t for t in model.tallies if t.name == name)
        return "stock" if set(tally.of) <= set(model.rows) else "flow"
    raise CaudalError("VARIABLE", "made of nothing", "a variable of the run")


def _number(seen: Seen, variable: str, kind: str, where: Mapping[str, str]) -> dict[str, Any]:
    array = seen.ds[variable].isel(month=0).sel(dict(where))
    rest = [d for d in array.dims if d != "member"]
    across = "mean" if kind == "signal" and rest else "sum"
    values = (array.mean(rest) if across == "mean" else array.sum(rest)).to_numpy()
    lo, median, hi = (float(q) for q in np.quantile(values.astype(np.float64), [0.05, 0.5, 0.95]))
    about = seen.content.variables[variable]
    return {
        "variable": variable, "name": {"en": about.en, "es": about.es}, "unit": about.units,
        "definition": about.definition, "kind": kind, "across": across if rest else "",
        "scenario": seen.scenario, "month": f"{seen.month:%Y-%m}", "group": dict(where),
        "members": len(values), "median": median, "lo90": lo, "hi90": hi,
    }  # fmt: skip


def _flows(
    seen: Seen, variable: str, kind: str, parts: tuple[str, ...], where: Mapping[str, str]
) -> Rows:
    model, ways = seen.corridor.model, seen.ways
    tallies = [t for t in model.tallies if t.name in parts]
    if kind == "stocks":
        stocks = {where["stock"]} if "stock" in where else set(model.rows)
    else:
        stocks = {name for t in tallies for name in t.of if name in model.rows}
    chosen = []
    for i, path in enumerate(ways.paths):
        if any(path.counts(t.of) for t in tallies):
            chosen.append((i, "counts"))
        elif (path.target in stocks) != (path.source in stocks):
            chosen.append((i, "in" if path.target in stocks else "out"))
    groups, edges = _masks(seen, where)
    found = amounts(chosen, seen.moves, ways, model.owners(), groups, edges)
    return [asdict(a) for a in found]


def _masks(seen: Seen, where: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Groups (indices) and edges (a mask) of a nationality, unit and place."""
    ds, model = seen.ds, seen.corridor.model
    nations, units = (list(map(str, ds[d].values)) for d in ("nationality", "unit"))
    groups = [
        n * len(units) + u
        for n, nation in enumerate(nations)
        for u, unit in enumerate(units)
        if where.get("nationality", nation) == nation and where.get("unit", unit) == unit
    ]
    places = [label for dim, label in where.items() if dim not in ("nationality", "unit", "stock")]
    names = np.array([*(n.partition("/")[2] for n in model.row_names), ""])
    source, target = names[seen.ways.source], names[seen.ways.target]
    here = np.where(source == "", target, source)
    return np.array(groups), np.isin(here, places) if places else np.ones(len(here), bool)


def _mechanism(model: Model, content: Any, name: str) -> dict[str, Any]:
    made, owners = model.mechanism(name), model.owners()
    does = made.doc.strip().splitlines()[0] if made.doc else ""
    return {
        "mechanism": name, "does": does, "reads": {r: owners.get(r, "") for r in made.reads},
        "drivers": list(made.drivers), "weather": [w.name for w in made.weather],
        "page": content.page_of(name),
    }  # fmt: skip
