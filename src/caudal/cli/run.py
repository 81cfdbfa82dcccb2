"""`caudal run`: simulate a scenario, forecast beyond the counts, write a report."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress
from caudal.cli.engines import Address, Where, Workers, engine_for


def run(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            autocompletion=complete.scenarios,
            help="A scenario by name (baseline, title-42-stays-a-year, title-42-ends-2022-05, "
            "mexico-calm-2024), or a file of your own, ….yaml.",
        ),
    ] = "baseline",
    start: Annotated[
        str | None, typer.Option("--from", help="First month of the results, YYYY-MM.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="First month no longer run, YYYY-MM.")
    ] = None,
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 96,
    seed: Annotated[int, typer.Option("--seed", help="Chance beyond the last count.")] = 0,
    sampler: Annotated[
        str, typer.Option("--sampler", help="expected (real numbers) or sampled (whole people).")
    ] = "expected",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write (default: runs/<id>).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the report's path only.")] = False,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Simulate a scenario, forecast twelve months beyond the counts, write a report.

    Writes a folder with the results, tables, the scenario, how to repeat it, and report.html. A run
    that was killed goes on from the chunks of members that it had finished, beside that folder.
    """
    from caudal.compute.files import refuse_unwritable
    from caudal.report.files import refuse_other

    refuse_unwritable(out or Path("runs"), "--out")
    if out is not None:
        refuse_other(out)  # before any time is spent
    engine = engine_for(where, address, workers)
    from caudal.compute.run import simulate
    from caudal.forecast.skill import read
    from caudal.report import (
        Outcome,
        headline_table,
        off_counts,
        page,
        side_table,
        summarise,
        to_json,
        write_run,
    )
    from caudal.report.of_run import told
    from caudal.report.outcomes import GROUPS
    from caudal.which import corridor

    how: Any = sampler  # `simulate` refuses an unknown one
    here = corridor()
    with progress("simulating", quiet or as_json) as tell:
        result = simulate(
            here, scenario, members=members, seed=seed, sampler=how, start=start, end=end,
            workers=engine, progress=tell, reported=True,
            store=out.parent if out is not None else Path("runs"),
        )  # fmt: skip
    outcomes = [Outcome(**fields) for fields in here.outcomes()]
    ds = result.dataset()
    summary = summarise(ds, here.counted(result.end), outcomes)
    folder = out if out is not None else Path("runs") / result.id
    own_file = scenario.endswith((".yaml", ".yml"))
    command, python = result.recipe(str(folder / "scenario.yaml") if own_file else None)
    recipe = {
        "command": command if not own_file else _quoted(command, folder),
        "python": python,
        "data_vintage": ds.attrs["data_vintage"],
        "code_version": ds.attrs["code_version"],
        "run_id": result.id,
        "members": members,
    }
    ds = ds.assign_attrs(recipe_command=recipe["command"], recipe_python=python)
    skill = read(here.skill) if here.skill.is_dir() else None
    report = page(told(here, result.scenario, result.law, summary, recipe, result.drawn, skill))
    place = write_run(
        folder, ds, summary, scenario=result.scenario.as_yaml(), recipe=recipe, report=report
    )
    if result.stored is not None:
        result.stored.clear()
    if as_json:
        sides = {g: [o.id for o in outcomes if o.group == g] for g in GROUPS}
        print_json({"run": {**recipe, "folder": str(place), "report": str(place / "report.html")},
                    "groups": sides, **to_json(summary)})  # fmt: skip
        return
    if not quiet:
        console().print(headline_table(summary, outcomes))
        console().print(side_table(summary, outcomes))
        # another scenario's past differs from the counts on purpose
        for line in off_counts(summary, outcomes) if scenario == "baseline" else ():
            console().print(line)
    typer.echo(str(place / "report.html"))


def _quoted(command: str, folder: Path) -> str:
    path = str(folder / "scenario.yaml")
    return command.replace(path, shlex.quote(path), 1)
