"""`caudal search`: the frontier of chosen levers under chosen outcomes and limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.search import Found


def search(
    levers: Annotated[
        str, typer.Option("--levers", help="Names, or NAME=LOW:HIGH:STEP; none: lists them.")
    ] = "",
    minimise: Annotated[str, typer.Option("--minimise", help="Outcomes to be made small.")] = "",
    maximise: Annotated[str, typer.Option("--maximise", help="Outcomes to be made large.")] = "",
    subject_to: Annotated[
        list[str] | None,
        typer.Option("--subject-to", help="OUTCOME<=NUMBER, or a percent of the baseline's: 110%."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Month from whose first day levers are turned.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="First month no longer looked at, YYYY-MM.")
    ] = None,
    members: Annotated[int, typer.Option("--members", help="Draws that a median is of.")] = 16,
    generations: Annotated[int, typer.Option("--generations", help="Rounds of the search.")] = 8,
    population: Annotated[int, typer.Option("--population", help="Candidates in a round.")] = 16,
    scenario: Annotated[
        str, typer.Option("--scenario", help="What is changed.", autocompletion=complete.scenarios)
    ] = "baseline",
    seed: Annotated[
        int, typer.Option("--seed", help="Of the search, and of the months ahead.")
    ] = 0,
    write: Annotated[
        Path | None, typer.Option("--write", help="Folder for the points as scenarios to run.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the table as CSV.")] = None,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Find settings of a few levers that no other setting beats in all that is aimed at.

    Levers are turned on the first day of --from and stay; what comes of it is read until --to. Never
    one best: docs/search.md says how to read the frontier, and what the search does not know.
    """
    from caudal.corridor import HERE, corridor

    here: Any = corridor()
    path = HERE / "search.yaml"
    if not levers:
        _list(here, path, as_json)
        return
    from caudal.compute.files import refuse_unwritable, write_together

    for option, folder in (("--write", write), ("--out", out.parent if out else None)):
        if folder is not None:
            refuse_unwritable(folder, option)
    if out is not None and out.is_dir():
        raise CaudalError(f"--out {out}", "is a folder", "a file, ….csv")
    if write is not None and any(write.glob("frontier-*.yaml")):
        raise CaudalError(f"--write {write}", "holds a frontier already", "another folder")
    from caudal.ask.outcomes import listed
    from caudal.ask.search import question
    from caudal.ask.search import search as run
    from caudal.ask.search_levers import turns
    from caudal.ask.search_told import about, documents, frame, records
    from caudal.corridor.compared import compared

    asked = question(
        turns(listed(levers), path, here.law), compared(), listed(minimise), listed(maximise),
        subject_to or [],
    )  # fmt: skip

    def estimate(candidates: int, seconds: float) -> None:
        minutes = f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"
        typer.echo(f"caudal: at most {candidates:,} candidates, about {minutes}", err=True)

    with progress("searching", as_json) as tell:
        found = run(
            here, asked, start=start, end=end, scenario=scenario, members=members,
            population=population, generations=generations, seed=seed,
            workers=engine_for(where, address, workers), progress=tell,
            estimate=None if as_json else estimate,
        )  # fmt: skip
    if write is not None and found.points:
        write_together(write, documents(found), "--write")
    if out is not None:
        from caudal.data.spreadsheet import csv_text

        write_together(out.parent, {out.name: csv_text(frame(found))}, "--out")
    if as_json:
        print_json({"points": records(found), "about": about(found)})
        return
    _print(found)
    for place in (write, out):
        if place is not None:
            typer.echo(str(place))


def _print(found: Found) -> None:
    from caudal.ask.search_told import notes, records

    asked = found.question
    aims = {o.id: f" ({sense})" for o, sense in asked.aims}
    columns = ["point", *(t.name for t in asked.levers)]
    names = [o.id for o in asked.outcomes]
    rows = []
    for told in records(found):
        kept = ["as it was" if v is None else f"{v:,g}" for v in told["levers"].values()]
        number = told["point"] or found.base.name
        figures = [told["outcomes"][name] for name in names]
        rows.append([str(number), *kept, *(_figure(f, bool(told["point"])) for f in figures)])
    heads = [f"{o.id}{aims.get(o.id, ' (limited)')}\n{o.unit}" for o in asked.outcomes]
    limits = "; ".join(limit.words for limit in asked.limits)
    title = (
        f"Levers from {found.period[0]:%Y-%m} on, outcomes until {found.period[1]:%Y-%m}"
        f"{'; limits: ' + limits if limits else ''}. Medians; in brackets the change from "
        f"{found.base.name} and its 90 % interval"
    )
    table([*columns, *heads], rows, title=title, right=[*columns[1:], *heads])
    for line in notes(found):
        console().print(line)


def _figure(figures: dict[str, Any], changed: bool) -> str:
    middle = (
        f"{figures['median']:,.4g}"
        if abs(figures["median"]) < 1000
        else f"{figures['median']:,.0f}"
    )
    if not changed:
        return middle
    parts = [figures[name] for name in ("change", "change_lo90", "change_hi90")]
    change, low, high = (f"{v:+,.2g}" if abs(v) < 100 else f"{v:+,.0f}" for v in parts)
    return f"{middle}\n({change}: {low} to {high})"


def _list(here: Any, path: Path, as_json: bool) -> None:
    """The levers that may be searched by name."""
    from caudal.ask.search_levers import load

    known, _ = load(path, here.law)
    rows = [
        {"name": name, "lever": one.lever, "unit": here.law.levers[one.lever].unit,
         "low": one.range[0], "high": one.range[1], "step": one.step, "meaning": one.en}
        for name, one in known.items()
    ]  # fmt: skip
    if as_json:
        print_json({"levers": rows})
        return
    table(list(rows[0]), [list(row.values()) for row in rows], right=["low", "high", "step"])
    console().print("Any lever of the law may be searched by its id: ID=LOW:HIGH:STEP.")
