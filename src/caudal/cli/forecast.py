"""`caudal forecast`: what the next months may count, from the latest counts."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.forecast.issued import Forecast

COLUMNS = ("month", "median", "50 %", "90 %", "last count", "a year before")
FEW_MEMBERS = 100
"""With fewer, tails of the distribution rest on a handful of members."""


def forecast(
    months: Annotated[int, typer.Option("--months", help="Months ahead, 1 to 24.")] = 12,
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 200,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            help="What to show, every month of it: southwest, nationality, unit, area, component, "
            "darien, mexican_events, children_in_care, or one cell of it, as nationality/VEN. Again "
            "for more.",
        ),
    ] = None,
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            help="By name or file; one that changes only months to come.",
            autocompletion=complete.scenarios,
        ),
    ] = "baseline",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for forecast.csv and forecast.json.")
    ] = None,
    hub: Annotated[
        Path | None, typer.Option("--hub", help="Hubverse hub to begin or to add this round to.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Chance beyond the last count.")] = 0,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Forecast encounters, Darién crossings, Mexican events and children in care from the last counts.

    Months that a slower series has not yet published are nowcast. What exactly is promised:
    docs/forecast.md. Files hold the targets asked for; a hub always holds all.
    """
    from caudal.compute.files import refuse_unwritable, write_together

    for folder, option in ((out, "--out"), (hub, "--hub")):
        if folder is not None:
            refuse_unwritable(folder, option)
    if out is not None:
        _ours(out)
    if hub is not None and scenario != "baseline":
        raise CaudalError("--hub", f"{scenario!r} is a what-if and no forecast", "the baseline")
    engine = engine_for(where, address, workers)
    from caudal.compute import cache

    cache.enable()
    from caudal.forecast.corrections import shipped
    from caudal.forecast.hub import hub_files, late_by
    from caudal.forecast.issue import issue
    from caudal.forecast.issued import choose
    from caudal.which import corridor

    here = corridor()
    chosen = choose(here.predictands(), target or [])
    with progress("forecasting", as_json) as tell:
        whole = issue(
            here, months=months, members=members, seed=seed, scenario=scenario,
            corrections=shipped(here), workers=engine, progress=tell,
        )  # fmt: skip
    part = whole.only(chosen)
    if members < FEW_MEMBERS:
        warnings.warn(f"{members} members: the 90 % interval is rough", stacklevel=1)
    if out is not None:
        write_together(out, _texts(part), "--out")
    if hub is not None:
        write_together(hub, hub_files(whole, hub), "--hub")
        if late_by(whole):
            warnings.warn(
                f"issued {late_by(whole)} days after this round's window closed: by the contract "
                "(docs/forecast.md) it is late and no forecast of record",
                stacklevel=1,
            )
    if as_json:
        print_json(part.document())
        return
    _print(part, every=bool(target))
    for place in (out, hub):
        if place is not None:
            typer.echo(str(place))


def _texts(told: Forecast) -> dict[str, str]:
    from caudal.data.spreadsheet import csv_text

    document = json.dumps(told.document(), ensure_ascii=False, indent=2, allow_nan=False)
    return {
        "forecast.csv": csv_text(told.quantiles()),
        "forecast.json": document + "\n",
    }


def _ours(folder: Path) -> None:
    """Refuse a folder that holds something else than an earlier forecast."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "forecast.json").is_file():
        raise CaudalError(
            f"--out {folder}", "a folder that is no forecast", "a new, empty or a forecast's folder"
        )


def _print(told: Forecast, every: bool) -> None:
    """Tables: every month of the first target, or of each that was asked for; of others the next."""
    rows = told.rows()
    first = told.predictands[0].name
    long = {p.name for p in told.predictands} if every else {first}
    for p in told.predictands:
        if p.name not in long:
            continue
        for cell in p.labels:
            mine = [r for r in rows if (r["target"], r["cell"]) == (p.name, cell)]
            name = p.name if len(p.labels) == 1 and cell == "all" else f"{p.name}/{cell}"
            title = f"{name}, {p.unit}; last count {mine[0]['last_month']}"
            table(COLUMNS, [_row(r) for r in mine], title=title, right=COLUMNS[1:])
    rest = [r for r in rows if r["target"] not in long]
    following = {(r["target"], r["cell"]): r for r in reversed(rest)}
    if following:
        table(
            ("target", *COLUMNS),
            [(f"{t}/{c}", *_row(r)) for (t, c), r in reversed(following.items())],
            title="the next month of each (--target shows every month)",
            right=COLUMNS[1:],
        )
    if any(r["kind"] == "nowcast" for r in rows):
        console().print("* nowcast: a month that this series had not published yet.")
    gaps = [abs(s["sum"] / s["total"] - 1) for s in told.sums() if s["total"]]
    if gaps:
        console().print(
            f"Parts are forecast on their own: their sums differ from the total by up to "
            f"{max(gaps):.0%} (--json: sums)."
        )
    about = told.about
    console().print(
        f"{about['members']} members, origin {about['origin']}, law as known by "
        f"{about['law_known_until']}, data {about['data_vintage']}, code {about['code_version']}"
    )


def _row(r: dict[str, Any]) -> tuple[Any, ...]:
    month = r["month"] + (" *" if r["kind"] == "nowcast" else "")
    low, high = (f"{_count(r[f'lo{k}'])} – {_count(r[f'hi{k}'])}" for k in (50, 90))
    last, before = (_count(r[k]) for k in ("last_count", "year_ago"))
    return month, _count(r["median"]), low, high, last, before


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
