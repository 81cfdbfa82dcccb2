"""`caudal attribute`: which factors explain the change of an outcome between two dates, in people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, progress, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from caudal.ask.attribute import Attribution

FORMS = (".csv", ".json", ".nc")
WIDTH = 26
"""Characters of the waterfall."""
COLUMNS = ("part of the change", "waterfall", "people", "median", "90 % of draws", "share",
           "first in", "last in")  # fmt: skip
RIGHT = ("people", "median", "90 % of draws", "share", "first in", "last in")


def attribute(
    outcome: Annotated[
        str, typer.Option("--outcome", help="What changed: an outcome's id.")
    ] = "us.encounters.southwest",
    start: Annotated[
        str, typer.Option("--from", help="First date: YYYY-MM, or YYYY-MM..YYYY-MM for a mean.")
    ] = "",
    end: Annotated[str, typer.Option("--to", help="Second date, likewise.")] = "",
    factors: Annotated[
        str | None,
        typer.Option("--factors", help="Factors or groups, a,b,…; a+b are told as one."),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the factors and leave.")] = False,
    members: Annotated[int, typer.Option("--members", help="Learned draws to run.")] = 32,
    seed: Annotated[
        int, typer.Option("--seed", help="Of sampled orders, beyond eight factors.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write rows (.csv, .json) or draws (.nc).")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with a chart, English and Spanish.")
    ] = None,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Show the people by which each factor explains a change of an outcome between two dates.

    A factor that is off has its path held at its value on the first date. People are Shapley values,
    means over draws: they sum to the published change. First in is what a factor adds alone, last in
    what it adds to all others. docs/attribute.md explains every number.
    """
    from caudal.corridor import HERE, corridor

    here: Any = corridor()
    document = HERE / "factors.yaml"
    if listing:
        _list(here, document, as_json)
        return
    _checked(start, end, out, html)
    from caudal.ask.attribute_asked import answer
    from caudal.ask.attribute_told import about, recipe, rows
    from caudal.compute.store import code_version, file_hash
    from caudal.corridor.observables import OUTCOMES, observed_long
    from caudal.data.store import data_vintage
    from caudal.report import Outcome

    names = [name.strip() for name in factors.split(",")] if factors else []
    with progress("attributing", as_json) as tell:
        found = answer(
            here, [Outcome(**o) for o in OUTCOMES], lambda day: observed_long(here, day), document,
            outcome=outcome, start=start, end=end, names=names, members=members, seed=seed,
            workers=engine_for(where, address, workers), progress=tell,
        )  # fmt: skip
    said = about(
        found, recipe(found, names, members, seed), code_version=code_version(),
        data_vintage=data_vintage(), posterior=file_hash(here.posterior),
    )  # fmt: skip
    made = rows(found)
    _write(out, html, found, said, made)
    if as_json:
        print_json({"attribution": said, "rows": made})
        return
    _show(found, said, made)


def _checked(start: str, end: str, out: Path | None, html: Path | None) -> None:
    """Refuse what cannot work before any time is spent."""
    from caudal.compute.files import refuse_unwritable

    for option, text in (("--from", start), ("--to", end)):
        if not text:
            raise CaudalError(option, "not given", "YYYY-MM, as in --from 2020-11 --to 2021-03")
    for option, path, forms in (("--out", out, FORMS), ("--html", html, (".html",))):
        if path is None:
            continue
        if path.suffix not in forms:
            raise CaudalError(option, f"'{path.name}'", "a name ending in " + ", ".join(forms))
        if path.is_dir():
            raise CaudalError(option, f"'{path}' is a folder", "a place for a file")
        refuse_unwritable(path.parent, option)


def _list(here: Any, document: Path, as_json: bool) -> None:
    from caudal.ask.factors import load

    made = load(document, here)
    listed: list[dict[str, Any]] = [
        {"id": name, "name": f.en, "name_es": f.es, "of": [], "standard": name in made.standard,
         "about": f.about.en}
        for name, f in made.factors.items()
    ]  # fmt: skip
    listed += [
        {"id": name, "name": g.en, "name_es": g.es, "of": list(g.of),
         "standard": name in made.standard, "about": "together: " + ", ".join(g.of)}
        for name, g in made.groups.items()
    ]  # fmt: skip
    if as_json:
        print_json({"factors": listed})
        return
    shown = ([r["id"], r["name"], r["standard"], r["about"]] for r in listed)
    table(("factor", "name", "standard", "about"), shown)


def _show(found: Attribution, said: dict[str, Any], made: Sequence[dict[str, Any]]) -> None:
    from caudal.report.attribution import signed

    outcome = found.asked.outcome
    title = getattr(outcome, "title_en", outcome.id)
    ends = "modelled" if said["counted_from"] is None else "counted"
    before, after = said[f"{ends}_from"], said[f"{ends}_to"]
    bars = waterfall([row["mean"] for row in made])
    shown = [
        [row["name"], bar, signed(row["mean"]), signed(row["median"]),
         f"{signed(row['lo90'])} to {signed(row['hi90'])}",
         "" if row["share"] is None else f"{row['share']:.0f} %",
         signed(row["first_in"]), signed(row["last_in"])]
        for row, bar in zip(made, bars, strict=True)
    ]  # fmt: skip
    table(
        COLUMNS, shown, right=RIGHT,
        title=f"{title}, {said['from']} to {said['to']}: {before:,.0f} to {after:,.0f} ({ends})",
    )  # fmt: skip
    print_ = console().print
    how = (
        "all coalitions of factors"
        if found.exact
        else "sampled orders of joining, standard error up to "
        f"{max(row['sampling_error'] for row in made):,.0f}"
    )
    print_(
        f"{said['members']} draws, {said['runs']} runs of each: {how}. Standard error of a mean over "
        f"draws: up to {max(row['error'] for row in made):,.0f}."
    )
    print_(
        f"Model: {said['modelled_from']:,.0f} to {said['modelled_to']:,.0f}. A factor off is held at "
        f"its value on the first date; what it sets off counts for it."
    )
    for line in unexplained(made, title, said["to"]):
        print_(line)
    print_(f"{said['recipe_command']}  (code {said['code_version']}, data {said['data_vintage']})")


MUCH = 0.5, 0.1
"""Shares of the change from which weather, and all that was not asked for, get a line (assumed)."""


def unexplained(made: Sequence[dict[str, Any]], title: str, month: str) -> list[str]:
    """What a large share of weather means, and where the rest that was not asked for is named."""
    by = {row["id"]: row for row in made}
    whole = abs(made[-1]["mean"]) or float("inf")
    weather, rest = (
        abs(by[k]["mean"]) / whole if k in by else 0.0 for k in ("weather", "everything-else")
    )
    said = []
    if weather >= MUCH[0]:
        said.append(
            f"Weather is what no factor explains: of {title.lower()} to {month} the model does "
            f"not know why for {weather:.0%}. What a policy did and nothing else tells apart may "
            "stand there: caudal compare gives its far end (weather without its jumps)."
        )
    if rest >= MUCH[1]:
        said.append(
            "Everything else that moved is in no factor asked for; caudal attribute --list names "
            "them all, --factors a,b,… asks for others."
        )
    return said


def waterfall(steps: Sequence[float], width: int = WIDTH) -> list[str]:
    """One bar a step, each beginning where the one before ended; the last is the whole, from zero.

    >>> waterfall([1.0, 2.0, -1.0, 2.0], 6)
    ['██    ', '  ████', '    ▒▒', '████  ']
    """
    edges, at = [], 0.0
    for step in steps[:-1]:
        edges.append((at, at + step))
        at += step
    edges.append((0.0, steps[-1]))
    low = min(0.0, *(min(pair) for pair in edges))
    high = max(0.0, *(max(pair) for pair in edges))
    unit = width / (high - low) if high > low else 0.0
    bars = []
    for begins, ends in edges:
        first, last = sorted((round((begins - low) * unit), round((ends - low) * unit)))
        fill = "█" if ends >= begins else "▒"
        bars.append((" " * first + fill * (last - first)).ljust(width))
    return bars


def _write(
    out: Path | None, html: Path | None, found: Attribution, said: dict[str, Any],
    made: Sequence[dict[str, Any]],
) -> None:  # fmt: skip
    """Rows or draws, by the ending of the name, and the page: all of the files or none."""
    import json
    import os

    from caudal.ask.attribute_told import COLUMNS, dataset
    from caudal.compute.files import write_together
    from caudal.report.attribution import page
    from caudal.report.files import write_netcdf

    texts = {} if html is None else {str(html): page(said, made, found.asked.outcome)}
    beside = None
    try:
        if out is not None and out.suffix == ".csv":
            import pandas as pd

            from caudal.data.spreadsheet import csv_text

            rows = pd.DataFrame(made, columns=list(COLUMNS))
            texts[str(out)] = csv_text(rows, float_format="%.6g")
        elif out is not None and out.suffix == ".json":
            told = json.dumps({"attribution": said, "rows": made}, ensure_ascii=False, indent=2)
            texts[str(out)] = told + "\n"
        elif out is not None:
            beside = out.with_name(f".{out.name}.{os.getpid()}")
            write_netcdf(dataset(found, said), beside)
        write_together(Path(), texts, "--out" if html is None else "--html")
        if beside is not None and out is not None:
            os.replace(beside, out)
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)
