"""`caudal stress`: what was said of turns of policy on counts to the end of 2021, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.cli.fit import Members, Work, progress, work_folder
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from caudal.compute.engines import Engine

SIZES = ("event", "group", "observed", "predicted", "lo50", "hi50", "lo90", "hi90", "factor",
         "sign", "inside", "effect")  # fmt: skip
SPARED = ("event", "of", "cell", "before", "effect", "forecast", "observed")
REBOUNDS = (
    "event",
    "lowest",
    "lowest_observed",
    "regained",
    "regained_observed",
    "right",
    "chance",
)
LARGEST = 0.05
"""Cells with a smaller share, before and after, are left out of what is shown of composition."""


def stress(
    run: Annotated[
        bool, typer.Option("--run", help="Learn and forecast again (minutes; resumable).")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Replace the shipped tables.")] = False,
    members: Members = 96,
    work: Work = None,
    shares: Annotated[
        bool, typer.Option("--shares", help="Composition by nationality, unit and place.")
    ] = False,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Show how forecasts did at six turns of policy that they could not have learned from.

    Constants rest on counts published by December 2021; each forecast starts the month before, with
    the calendar of policies as designed. Sizes are months after over months before; effect is the
    forecast with the turn over the one without it. docs/stress.md explains every number.
    """
    from caudal.corridor import corridor
    from caudal.forecast.stress_tables import read, verdict, write_tables

    here: Any = corridor()
    if write and not run:
        raise CaudalError("--write", "without --run", "--run --write, which makes the tables anew")
    engine = engine_for(where, address, workers)
    made = _made(here, members, work, engine) if run else read(here.skill)
    if write:
        write_tables(here.skill, made)
    said = verdict(made)
    if as_json:
        rows = {name: _plain(t).to_dict("records") for name, t in made.items()}
        print_json({**rows, "verdict": said})
        return
    if shares:
        large = made["shares"][(made["shares"][["before", "observed"]] >= LARGEST).any(axis=1)]
        _show(
            large,
            ("event", "of", "cell", "before", "predicted", "lo90", "hi90", "observed", "inside"),
        )
    else:
        _show(made["sizes"], SIZES)
        moved = made["spared"][~made["spared"]["little"]]
        if len(moved):
            _show(moved, SPARED, "Groups not hit that the turn moves by 15 % or more")
        _show(
            made["rebounds"], REBOUNDS, "Rebounds: month in which half of the fall is made up for"
        )
    for line in in_words(said, made):
        console().print(line)
    about = made["sizes"].iloc[0]
    console().print(
        f"{about.members} members, code {about.code_version}, data {about.data_vintage}"
    )


def in_words(said: dict[str, Any], made: dict[str, pd.DataFrame]) -> list[str]:
    """What was right and what not, one line for each thing that is judged."""
    sizes, rebounds = made["sizes"][made["sizes"]["scored"]], made["rebounds"]

    def missed(rows: pd.DataFrame, column: str, word: str = "not") -> str:
        names = ", ".join(rows.loc[~rows[column], "event"]) if len(rows) else ""
        return f" ({word}: {names})" if names else ""

    return [
        f"Sign right in {said['right_sign']} of {said['turns']}{missed(sizes, 'sign')}.",
        f"Counted size inside the 90 % interval in {said['inside']} of {said['turns']}"
        f"{missed(sizes, 'inside')}; inside one of at most a factor 4 end to end in "
        f"{said['inside_and_narrow']}{missed(sizes, 'narrow', 'wider')}.",
        f"Groups not hit: {said['moved_little']} of {said['spared']} are moved by less than 15 % by "
        f"the turn; in {said['forecast_moved_little']} the forecast as a whole moves by less.",
        f"Composition: {said['shares_inside']} of {said['shares']} shares inside the 90 % interval; "
        f"the medians err {said['shares_error_to_no_change']:.2f} times as much as no change would.",
        f"Rebounds: timing right within three months in {said['rebounds_right']} of "
        f"{said['rebounds']}{missed(rebounds, 'right')}.",
    ]


def _made(
    corridor: Any, members: int, work: Path | None, engine: Engine
) -> dict[str, pd.DataFrame]:
    """Tables of forecasts made now."""
    from caudal.compute import cache
    from caudal.compute.store import code_version
    from caudal.data.store import data_vintage
    from caudal.forecast.stress import forecasts
    from caudal.forecast.stress_tables import tables
    from caudal.learn.smoother import Settings

    cache.enable()
    with progress() as tell:
        settings = Settings(members=members)
        told = forecasts(corridor, settings, work_folder(work), tell, engine)
    about = {"members": members, "code_version": code_version(), "data_vintage": data_vintage()}
    return tables(told, about)


def _plain(made: pd.DataFrame) -> pd.DataFrame:
    """Missing values as None, which JSON has, and months as text."""
    return made.astype(object).where(made.notna(), None)


def _show(made: pd.DataFrame, columns: tuple[str, ...], title: str | None = None) -> None:
    shown = _plain(made)[list(columns)]
    numbers = tuple(c for c in columns if c in made.select_dtypes("number").columns)
    table(list(columns), shown.to_numpy().tolist(), right=numbers, title=title)
