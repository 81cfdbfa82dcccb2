"""`caudal model`: stocks, flows and mechanisms: their picture, their list, and whether they fit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress, table
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.compute.content import Corridor

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Stocks, flows and mechanisms: graph, mechanisms, check, ablate.",
)

NEEDED = ("levers.known", "drivers.known", "parameters.prior")
"""Checks without which no function can be asked."""
STATES = 24
"""Random days, each with eight draws of state and parameters, at which functions are asked."""


@app.command()
def graph(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write (default: print).")
    ] = None,
) -> None:
    """Draw the stock–flow graph as SVG, coloured by mechanism."""
    from caudal.engine.draw import svg
    from caudal.which import corridor

    here = corridor()
    picture = svg(here.model, f"Caudal: stocks, flows and gates ({here.name})")
    if out is None:
        typer.echo(picture, nl=False)
        return
    if out.suffix != ".svg":
        raise CaudalError("--out", f"'{out.name}'", "a file name that ends in .svg")
    if not out.parent.is_dir():
        raise CaudalError("--out", f"no folder '{out.parent}'", "a file in an existing folder")
    temporary = out.with_name(f".{out.name}.{os.getpid()}")
    temporary.write_text(picture, encoding="utf-8")
    os.replace(temporary, out)
    console().print(f"{out}: {len(here.model.stocks)} stocks, {len(here.model.gates)} gates")


@app.command()
def mechanisms(as_json: Json = False) -> None:
    """List the mechanisms: what each does, owns and reads."""
    from caudal.engine.declare import told
    from caudal.which import corridor

    rows = [told(m) for m in corridor().model.mechanisms]
    if as_json:
        print_json({"mechanisms": rows})
        return
    numbers = [
        "flows",
        "gates",
        "signals",
        "measures",
        "levers",
        "drivers",
        "weather",
        "parameters",
    ]
    table(
        ["mechanism", "what it does", *numbers, "switchable"],
        [[r["name"], r["title"], *(len(r[n]) for n in numbers), r["switchable"]] for r in rows],
        right=numbers,
    )


@app.command()
def check(as_json: Json = False) -> None:
    """Check that graph, levers, parameters and functions fit.

    Exit status 1 if one does not.
    """
    from caudal.which import corridor

    here = corridor()
    undeclared: list[dict[str, str]] = []
    rows = checks(here, undeclared)
    unread = levers_not_yet_read(here)
    priors = here.priors.values()
    assumed = sum(p.assumed for p in priors)
    shares = {
        "total": len(priors),
        "sourced": len(priors) - assumed,
        "assumed": assumed,
        "share_assumed": round(assumed / len(priors), 3),
    }
    if as_json:
        print_json({"checks": rows, "parameters": shares, "levers_not_yet_read": unread,
                    "reads_not_declared": undeclared})  # fmt: skip
    else:
        fields = ["id", "expected", "found", "ok"]
        table(fields, [[r[f] for f in fields] for r in rows])
        console().print(
            f"parameters: {shares['total']}, of which {shares['sourced']} with a published source "
            f"and {assumed} assumed ({shares['share_assumed']:.0%})"
        )
        if unread:
            table(
                ["lever set, not yet read by a mechanism", "set by"],
                [[r["lever"], ", ".join(r["documents"])] for r in unread],
            )
        if undeclared:
            table(
                ["read, not declared (so missing in graph and pages)"],
                [[f"{r['mechanism']}: {r['reads']}"] for r in undeclared],
            )
    if not all(r["ok"] for r in rows):
        raise typer.Exit(1)


SHOWN = (
    "encounters", "mexican_events", "held_south", "waiting_north", "expulsions", "releases",
    "gotaways", "deaths",
)  # fmt: skip
"""Columns of the printed table; `--json` has every variable."""


@app.command()
def ablate(
    mechanism: Annotated[
        list[str] | None,
        typer.Argument(help="Which (default: all).", autocompletion=complete.mechanisms),
    ] = None,
    members: Annotated[int, typer.Option("--members", help="Draws of the posterior.")] = 16,
    end: Annotated[
        str | None, typer.Option("--to", metavar="YYYY-MM", help="First month not run.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Switch each mechanism off in turn and print what changes.

    Exit status 1 if anyone is lost.
    """
    from caudal.ask.ablate import ablate as ask
    from caudal.which import corridor

    here = corridor()
    with progress("one mechanism off at a time", as_json) as tell:
        found = ask(here, mechanism, members=members, end=end, progress=tell)
    if as_json:
        fields = ("mechanism", "changes", "conserved", "ok")
        print_json({"ablations": [{f: getattr(a, f) for f in fields} for a in found]})
    else:
        there = found[0].changes
        shown = [name for name in SHOWN if name in there] or list(there)[: len(SHOWN)]
        table(
            ["mechanism off", *shown, "largest change", "people lost"],
            [[a.mechanism, *(_change(a.changes[n]) for n in shown), _largest(a.changes),
              "not counted" if a.conserved is None else f"{a.conserved:.0e}"] for a in found],
            right=[*shown, "people lost"],
        )  # fmt: skip
        console().print(
            "changes: median over members of the mean month, against all switched on; · none. "
            "For intervals: `caudal compare` with a scenario that sets a constant"
        )
    if not all(a.ok for a in found):
        raise typer.Exit(1)


def _change(change: float) -> str:
    return "·" if abs(change) < 5e-4 else f"{change:+.1%}"


def _largest(changes: Mapping[str, float]) -> str:
    name = max(changes, key=lambda n: abs(changes[n]))
    return f"{name} {_change(changes[name])}"


def checks(here: Corridor, undeclared: list[dict[str, str]] | None = None) -> list[dict[str, Any]]:
    """One row a check: id, expected, found, ok.

    Functions are asked only where every lever, driver and parameter that they read is there.
    undeclared is filled with what they read beside what they declare, which is no fault of a run.
    """
    names = _name_checks(here)
    missing = [r["id"] for r in names if r["id"] in NEEDED and not r["ok"]]
    if missing:
        wrong = [f"not asked: first {', '.join(missing)}"]
        numbers = [_row("functions.asked", "every function can be asked", wrong, "")]
    else:
        numbers = _number_checks(here, undeclared if undeclared is not None else [])
    return [*_graph_checks(here), *numbers, *names]


def levers_not_yet_read(here: Corridor) -> list[dict[str, Any]]:
    """Levers that documents set and no mechanism reads, each with the documents."""
    read = {lever for m in here.model.mechanisms for lever in (*m.levers, *m.announced)}
    by_lever: dict[str, list[str]] = {}
    for document in here.law.documents:
        for lever in document.design:
            if lever not in read:
                by_lever.setdefault(lever, []).append(document.id)
    return [{"lever": k, "documents": v} for k, v in sorted(by_lever.items())]


def _row(name: str, expected: str, wrong: list[str], right: str) -> dict[str, Any]:
    """A check that holds where nothing is wrong; `right` says what was found then."""
    return {"id": name, "expected": expected, "found": ", ".join(wrong) or right, "ok": not wrong}


def _graph_checks(here: Corridor) -> list[dict[str, Any]]:
    model = here.model
    into = {p.target for p in (*model.paths, *model.departures)}
    out = {p.source for p in model.paths}
    owned = [f.name for m in model.mechanisms for f in m.flows]
    stuck = [s.name for s in model.stocks if s.name not in into or not (s.final or s.name in out)]
    leaving = [s.name for s in model.stocks if s.final and s.name in out]
    twice = sorted({f for f in owned if owned.count(f) > 1})
    return [
        _row("stocks.ways", "a way in, and a way out or final", stuck,
             f"{len(model.stocks)} stocks"),
        _row("stocks.final", "nobody leaves a final stock", leaving,
             f"{sum(s.final for s in model.stocks)} final"),
        _row("flows.owner", "one owner each", twice,
             f"{len(owned)} flows, {len(model.gates)} gates"),
    ]  # fmt: skip


def _number_checks(here: Corridor, undeclared: list[dict[str, str]]) -> list[dict[str, Any]]:
    from datetime import timedelta

    import numpy as np

    from caudal.ask.declared import watched
    from caudal.engine.audit import audit

    rng = np.random.default_rng(20180101)
    names = {lever for m in here.model.mechanisms for lever in (*m.levers, *m.announced)}
    days = [here.begins + timedelta(int(d)) for d in rng.integers(0, 3200, STATES)]
    laws = []
    for day in days:
        today, coming = here.law.on(day), here.law.on(day + timedelta(here.announced_lead_days))
        laws.append(({n: today[n] for n in names}, {n: coming[n] for n in names}))
    drivers = here.drivers(here.begins, 3200, None, {})
    given = [{k: v[(day - here.begins).days] for k, v in drivers.items()} for day in days]
    model, noted = watched(here.model)
    found = audit(model, here.priors, laws, given)
    undeclared += [{"mechanism": m, "reads": r} for m, r in sorted(noted.read)]
    apart = [f"{g} by {error:.1e}" for g, error in found.splits.items() if not error < 1e-5]
    many = f"{found.states} random states"
    return [
        _row("gates.sum", "shares sum to 1 (within 1e-5)", apart,
             f"{len(here.model.gates)} gates, {many}, "
             f"worst {max(found.splits.values(), default=0.0):.0e}"),
        _row("gates.shares", "between 0 and 1", list(found.outside), many),
        _row("flows.hazards", "finite, not negative", list(found.bad), many),
        _row("mechanisms.give", "what each owns, in its shape, and nothing else",
             sorted(noted.given), f"{len(model.mechanisms)} mechanisms"),
    ]  # fmt: skip


def _levers_set(here: Corridor) -> set[str]:
    """Levers that some document sets, of the law or of a shipped scenario."""
    found = {lever for document in here.law.documents for lever in document.design}
    for file in (here.folder / "scenarios").glob("*.yaml"):
        for change in here.scenario(file.stem).policies.values():
            if isinstance(change, Mapping):
                found |= set(change.get("design", {}))
    return found


def _name_checks(here: Corridor) -> list[dict[str, Any]]:
    model, law, priors = here.model, here.law, here.priors
    read = {lever for m in model.mechanisms for lever in (*m.levers, *m.announced)}
    wanted = {p for m in model.mechanisms for p in m.parameters}
    drivers = here.drivers(here.begins, 1, None, {})
    asked = {d for m in model.mechanisms for d in m.drivers}
    weather = {w.name for m in model.mechanisms for w in m.weather}
    unread = {r["lever"] for r in levers_not_yet_read(here)}
    lost = {n for n, p in priors.items() if n not in wanted and p.mechanism != "control"}
    bare = sorted(n for n, p in priors.items() if not p.source.strip())
    homeless = sorted(
        n for n, p in priors.items()
        if p.mechanism not in {"control", *(m.name for m in model.mechanisms)}
    )  # fmt: skip
    return [
        _row("levers.known", "every lever read is in levers.yaml", sorted(read - set(law.levers)),
             f"{len(read)} levers read"),
        _row("levers.read", "every lever set by a document is read by a mechanism", sorted(unread),
             f"{len(law.levers) - len(unread)} levers"),
        _row("levers.set", "every lever read is set by a document or a shipped scenario",
             sorted(read & set(law.levers) - _levers_set(here)), f"{len(read)} levers read"),
        _row("mechanisms.off", "every mechanism can be switched off",
             [m.name for m in model.mechanisms if not m.off], f"{len(model.mechanisms)} mechanisms"),
        _row("triggers.signals", "every trigger watches a signal of the model",
             sorted(set(law.signals()) - set(model.signals)), f"{len(law.signals())} signals"),
        _row("drivers.known", "every driver read has a series", sorted(asked - set(drivers)),
             f"{len(asked)} drivers"),
        _row("weather.process", "every weather has a process, and no other",
             sorted(weather ^ set(here.processes)), f"{len(weather)} weathers"),
        _row("parameters.prior", "every parameter read has a prior", sorted(wanted - set(priors)),
             f"{len(wanted)} parameters"),
        _row("priors.read", "every prior is read, but for control", sorted(lost),
             f"{len(priors)} priors"),
        _row("priors.mechanism", "every prior stands under its mechanism", homeless,
             f"{len(model.mechanisms)} mechanisms"),
        _row("priors.source", "a source, or what an assumption rests on", bare,
             f"{len(priors)} priors"),
    ]  # fmt: skip
