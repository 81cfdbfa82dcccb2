"""`caudal trace`: from a number back to all that it rests on, as a tree."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.trace import Trace

MOST = 8
"""Rows of a branch that the tree shows; the JSON holds all."""
DOES = {"counts": "", "in": "into it: ", "out": "out of it: "}


def trace(
    variable: Annotated[str, typer.Argument(help="A variable of the run's Dataset.")],
    month: Annotated[str, typer.Option("--month", help="A month that was counted, YYYY-MM.")],
    group: Annotated[
        list[str] | None,
        typer.Option("--group", help="AXIS=LABEL, as nationality=Honduras; may be repeated."),
    ] = None,
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario", help="Scenario by name, or a file.", autocompletion=complete.scenarios
        ),
    ] = "baseline",
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 16,
    seed: Annotated[int, typer.Option("--seed", help="Of what lies ahead of the counts.")] = 0,
    as_json: Json = False,
) -> None:
    """Tell why a number is so: flows, mechanisms, levers in force, parameters, published series.

    Each branch names its sources; an empty one says why it is empty.
    """
    from caudal.ask.trace import check, see
    from caudal.ask.trace import trace as follow
    from caudal.corridor import corridor
    from caudal.corridor.trace import Content

    here, content = corridor(), Content()
    one: Any = here
    where = check(one, content, variable, month, _pairs(group or []))
    with progress("simulating", as_json) as tell:
        seen = see(
            one, content, month=month, scenario=scenario, members=members, seed=seed, progress=tell
        )
    found = follow(seen, variable, where)
    if as_json:
        print_json(dataclasses.asdict(found))
    else:
        _tell(found)


def _pairs(given: list[str]) -> dict[str, str]:
    out = {}
    for pair in given:
        axis, sign, label = pair.partition("=")
        if not (sign and axis and label):
            raise CaudalError("--group", f"'{pair}'", "AXIS=LABEL, as nationality=Honduras")
        out[axis.strip()] = label.strip()
    return out


def _tell(found: Trace) -> None:
    from rich.text import Text
    from rich.tree import Tree

    n = found.number
    group = ", ".join(f"{k} {v}" for k, v in n["group"].items())
    tree = Tree(
        Text(
            f"{n['name']['en']}, {n['month']}{', ' + group if group else ''}: {_span(n)} {n['unit']}"
            f"{', mean over ' if n['across'] == 'mean' else ''}"
            f"{'its axes' if n['across'] == 'mean' else ''} ({n['scenario']}, {n['members']} members)"
        )
    )
    tree.add(Text(n["definition"]))
    rows = {
        "flows": [
            f"{DOES[f['does']]}{f['way']}: {_span(f)} "
            f"({', '.join(dict.fromkeys((f['mechanism'], *f['gates'])))})"
            for f in found.flows
        ],
        "mechanisms": [f"{m['does']} · reads {_reads(m)} · {m['page']}" for m in found.mechanisms],
        "levers": _levers(found.levers),
        "parameters": [_parameter(row) for row in found.parameters],
        "series": [_series(row) for row in found.series],
    }
    for name, lines in rows.items():
        branch = tree.add(Text(name, style="bold"))
        for line in lines[:MOST]:
            branch.add(Text(line))
        if len(lines) > MOST:
            branch.add(Text(f"… {len(lines) - MOST} more: --json"))
        if not lines:
            branch.add(Text(f"none: {found.reasons[name]}"))
    tree.add(Text("pages: " + ", ".join(found.pages)))
    console().print(tree)


def _span(row: Any) -> str:
    """Median and 90 % interval: "1,234 (1,000 to 1,500)"."""
    return f"{_number(row['median'])} ({_number(row['lo90'])} to {_number(row['hi90'])})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _reads(row: Any) -> str:
    named = [f"{k} ({v})" if v else k for k, v in row["reads"].items()]
    return ", ".join([*named, *row["drivers"]]) or "nothing but levers and parameters"


def _levers(rows: list[Any]) -> list[str]:
    """One line for what a document sets of a lever from one day on, with its values."""
    values: dict[str, list[str]] = {}
    for row in rows:
        source = row["source"]
        told = f"{source['title']} {source['url']}" if source else "no source named"
        until = f" until {row['until']}" if row["until"] else ""
        trigger = ", by trigger" if row["trigger"] else ""
        rest = (
            f"from {row['from']}{until}{trigger}: {row['name']['en']} ({row['document']}; {told})"
        )
        values.setdefault(f"{row['lever']} = {{}} {rest}", []).append(f"{row['value']}")
    return [line.replace("{}", ", ".join(dict.fromkeys(v)), 1) for line, v in values.items()]


def _parameter(row: Any) -> str:
    moved = (
        f"the counts took {row['learned']:.0%} of its variance" if row["learned"] else "prior only"
    )
    assumed = "assumed; " if row["assumed"] else ""
    dims = f", mean over {' × '.join(row['dims'])}" if row["dims"] else ""
    return (
        f"{row['parameter']} ({row['unit']}{dims}): prior {_span(row['prior'])} → "
        f"{_span(row['posterior'])}; {moved} · {assumed}{row['source']}"
    )


def _series(row: Any) -> str:
    others = f", together with {', '.join(row['with'])}" if row["with"] else ""
    value = row["why"] if row["published"] is None else f"{row['published']:,.0f} published{others}"
    picked = f" [{', '.join(row['rows'].values())}]" if row["rows"] else ""
    return f"{row['series']}{picked} ({row['role']}): {value}. {row['says']}"
