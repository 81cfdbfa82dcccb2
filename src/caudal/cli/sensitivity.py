"""`caudal sensitivity`: which unknown constants an outcome hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.sensitivity import Sensitivity

SHOWN = 15
"""Factors of an outcome that the terminal lists; JSON and files hold all."""


def sensitivity(
    outcome: Annotated[
        str, typer.Option("--outcome", help="Outcomes, as encounters,harm.deaths.")
    ] = "encounters",
    start: Annotated[
        str | None, typer.Option("--from", help="First month of the outcome, YYYY-MM.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="First month no longer in it, YYYY-MM.")
    ] = None,
    method: Annotated[str, typer.Option("--method", help="morris or sobol.")] = "morris",
    constants: Annotated[
        str, typer.Option("--constants", help="Names, or all that counts may speak of.")
    ] = "all",
    by: Annotated[
        str, typer.Option("--by", help="constant or mechanism (a group each).")
    ] = "constant",
    over: Annotated[
        str, typer.Option("--over", help="Where constants may lie: prior or posterior.")
    ] = "prior",
    samples: Annotated[
        int | None,
        typer.Option("--samples", "--trajectories", help="Trajectories (10), base rows (64)."),
    ] = None,
    draws: Annotated[int, typer.Option("--draws", help="Draws whose weather is used.")] = 1,
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario", help="Under which it is run.", autocompletion=complete.scenarios
        ),
    ] = "baseline",
    seed: Annotated[
        int, typer.Option("--seed", help="Of the design, and of the months ahead.")
    ] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Write the table as CSV.")] = None,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Move unknown constants through their priors and see what an outcome does.

    morris screens all of them, in the outcome's unit; sobol shares out the outcome's variance among at
    most 12. Every run is whole, from July 2017: --by mechanism takes a minute or two, all constants
    some quarter of an hour. docs/sensitivity.md says what the numbers mean and what is held.
    """
    from caudal.compute.files import refuse_unwritable, write_together

    if out is not None:
        refuse_unwritable(out.parent, "--out")
        if out.is_dir():
            raise CaudalError(f"--out {out}", "is a folder", "a file, ….csv")
    from caudal.ask.outcomes import listed, pick
    from caudal.ask.sensitivity import run
    from caudal.ask.sensitivity_asked import plan
    from caudal.which import corridor

    here = corridor()
    words: Any = {"method": method, "by": by, "over": over}
    asked = plan(
        here, pick("--outcome", listed(outcome), here.measures()), start=start, end=end,
        constants=listed(constants), samples=samples, draws=draws, scenario=scenario, seed=seed,
        **words,
    )  # fmt: skip

    def estimate(runs: int, seconds: float) -> None:
        typer.echo(f"caudal: {runs:,} runs, about {_words(seconds)}", err=True)

    with progress("varying constants", as_json) as tell:
        made = run(
            here, asked, workers=engine_for(where, address, workers), progress=tell,
            estimate=None if as_json else estimate,
        )  # fmt: skip
    if out is not None:
        from caudal.data.spreadsheet import csv_text

        write_together(out.parent, {out.name: csv_text(made.table)}, "--out")
    if as_json:
        rows = made.table.astype(object).where(made.table.notna(), None).to_dict("records")
        print_json({"sensitivity": rows, "as_learned": made.as_learned, "about": made.about})
        return
    _print(made)
    if out is not None:
        typer.echo(str(out))


def _print(made: Sensitivity) -> None:
    about = made.about
    more = [c for c in ("left", "assumed") if c in made.table]
    names = ["factor", *([] if about["by"] == "mechanism" else ["mechanism"])]
    numbers = [c for c in about["columns"] if made.table[c].notna().any()]
    for outcome, part in made.table.groupby("outcome", sort=False):
        own = ", ".join(f"{value:,.4g}" for value in made.as_learned[str(outcome)])
        columns = [*names, *numbers, *more]
        shown = part.head(SHOWN)[columns]
        title = (
            f"{outcome}, {about['from']} to {about['to']} ({part['unit'].iloc[0]}); "
            f"with the constants as learned: {own}"
        )
        rows = shown.astype(object).where(shown.notna(), None).to_numpy().tolist()
        table(columns, rows, title=title, right=[*numbers, "left"])
        if len(part) > SHOWN:
            rest = part[about["columns"][0]].iloc[SHOWN:].max()
            console().print(f"{len(part) - SHOWN} more, none above {rest:,.3g}")
    for line in about["held"]:
        console().print(line)
    console().print(
        f"{about['method']}, {about['runs']:,} runs, code {about['code_version']}, data "
        f"{about['data_vintage']}"
    )


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
