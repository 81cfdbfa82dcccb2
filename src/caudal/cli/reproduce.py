"""`caudal reproduce`: make a kept result again from its recipe, and compare."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caudal.cli.console import Json, console, print_json, table

if TYPE_CHECKING:
    from caudal.ask.reproduce import Reproduction

SHOWN = 20


def reproduce(
    run: Annotated[
        str,
        typer.Argument(
            help="A run's folder or id, a NetCDF, JSON or Parquet file, or a frozen report.",
        ),
    ],
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Run also with other code or data than it was made with."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a result again from its recipe and say whether every number is the same.

    Results of run, compare, forecast and attribute. Exit status: 0 identical, 1 differs, 2 not a
    result, or made with other code or data (which it names; --anyway runs it with what is here).
    """
    from caudal.ask.reproduce import reproduce as again
    from caudal.cli import main
    from caudal.which import corridor

    made = again(run, main, corridor(), places=places(), anyway=anyway)
    if as_json:
        print_json({"reproduction": {k: v for k, v in asdict(made).items() if k != "differences"},
                    "differences": [asdict(d) for d in made.differences]})  # fmt: skip
    else:
        _tell(made)
    raise typer.Exit({"identical": 0, "differs": 1, "cannot": 2}[made.verdict])


def places() -> tuple[Path, ...]:
    """Folders of runs by id: those of `caudal run` here, and the service's own."""
    from caudal.service.settings import default_store

    return Path("runs"), default_store() / "results"


def _tell(made: Reproduction) -> None:
    for reason in made.reasons:
        typer.echo(f"made with {reason}")
    typer.echo(made.command)
    if made.verdict == "cannot":
        typer.echo(
            "cannot be reproduced with what is here; --anyway runs it and tells the difference"
        )
        return
    of = f"{made.numbers:,} numbers of {made.variables} variables"
    if made.identical:
        typer.echo(f"identical: {of}")
        return
    table(
        ("variable", "numbers", "differ", "missing", "largest difference", "relative"),
        [
            (d.variable, d.numbers, d.differing, d.missing, d.largest,
             "" if math.isnan(d.relative) else f"{d.relative:.1e}")
            for d in made.differences[:SHOWN]
        ],
        title=f"differs in {len(made.differences)} of {made.variables} variables ({of})",
        right=("numbers", "differ", "missing", "largest difference", "relative"),
    )  # fmt: skip
    if len(made.differences) > SHOWN:
        console().print(f"… and {len(made.differences) - SHOWN} more (--json lists all)")
