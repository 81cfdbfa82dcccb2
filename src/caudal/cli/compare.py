"""`caudal compare`: what scenarios would have changed, with paired runs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, console, print_json, progress, table
from caudal.cli.engines import Address, Where, Workers, engine_for

if TYPE_CHECKING:
    from caudal.ask.compare import Comparison
    from caudal.ask.compare_told import Row

WEATHER = {
    "as-inferred": "weather as inferred",
    "without-jumps": "weather without its jumps at the policies' onsets",
}
SHOWN_JUMPS = 8
LARGEST = 100.0
"""Relative differences from here on say only that the base is next to nothing (assumed)."""
HEAD = ("as-inferred", "us.encounters.southwest")
"""Where the standard errors are told first, if it is there."""


def compare(
    base: Annotated[
        str,
        typer.Argument(
            help="A scenario by name, or a file of your own.", autocompletion=complete.scenarios
        ),
    ],
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO…", help="What is set against it.", autocompletion=complete.scenarios
        ),
    ],
    start: Annotated[
        str | None, typer.Option("--from", help="First month compared, YYYY-MM.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="First month no longer compared, YYYY-MM.")
    ] = None,
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Chance beyond the last count.")] = 0,
    sampler: Annotated[
        str, typer.Option("--sampler", help="expected (real numbers) or sampled (whole people).")
    ] = "expected",
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            help="Only this outcome, or all that begin so (us.encounters.nationality, "
            "us.encounters.unit); may be repeated.",
        ),
    ] = None,
    weather: Annotated[
        str, typer.Option("--weather", help="as-inferred, without-jumps or both.")
    ] = "both",
    independent: Annotated[
        bool, typer.Option("--independent", help="Run unpaired members too, for their error.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder, or FILE.nc, FILE.csv or FILE.html, to write."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="File of the report to write (English, Spanish).")
    ] = None,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Compare scenarios with a base: the same draws, weather and chance in each.

    Differences are scenario less base, over the months compared. Two answers stand side by side:
    with the weather as inferred, and with its jumps at the policies' onsets taken out of the run
    that lacks the policy. docs/compare.md says how to read them. Nothing here is called best.
    """
    from caudal.cli.compare_files import check, write

    check(out, html)
    from caudal.ask.compare import compare as run
    from caudal.ask.compare_jumps import in_words
    from caudal.ask.compare_told import about, rows
    from caudal.ask.compared import Measure, chosen
    from caudal.cli.compare_words import horizon
    from caudal.which import corridor

    here = corridor()
    measures = chosen([Measure(**fields) for fields in here.measures()], outcomes or ())
    with progress("comparing", as_json) as tell:
        made = run(
            here, measures, base, scenarios, members=members, seed=seed, sampler=sampler,
            start=start, end=end, weather=weather, independent=independent,
            workers=engine_for(where, address, workers), progress=tell,
        )  # fmt: skip
    told = rows(made.dataset)
    taken = {name: in_words(here, js) for name, js in made.jumps.items()}
    written = write(here, made, told, taken, out, html, bool(outcomes))
    if as_json:
        print_json({"comparison": about(made), "rows": told, "jumps": _listed(taken)})
        return
    _tell(made, [r for r in told if r["group"] or outcomes], taken, members)
    if end is None and made.asked.start >= made.asked.counted:
        console().print(horizon(made.asked.start, made.asked.end, made.asked.arms[0].document.name))
    for path in written:
        typer.echo(str(path))


def _listed(taken: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [{"scenario": name, **jump} for name, js in taken.items() for jump in js]


def _tell(made: Comparison, told: list[Row], taken: dict[str, Any], wanted: int) -> None:
    from caudal.cli.compare_words import of_base, published, side_by_side, silence, still

    asked, say, ds = made.asked, console().print, made.dataset
    base = asked.arms[0].document.name
    for arm in asked.arms[1:]:
        name = arm.document.name
        for weather in asked.weather:
            if (
                weather == "without-jumps"
                and len(asked.weather) > 1
                and not (taken[name] or taken[base])
            ):
                continue
            mine = [r for r in told if r["scenario"] == name and r["weather"] == weather]
            span = f"{asked.start:%Y-%m} to {asked.end:%Y-%m}"
            columns = ("outcome", "unit", base, "difference", "50 %", "90 %", "relative", "90 % ",
                       "direction")  # fmt: skip
            table(columns, [_line(r, ds) for r in mine], right=columns[2:8],
                  title=f"{name} less {base}, {span}, {WEATHER[weather]}")  # fmt: skip
        if "without-jumps" in asked.weather:
            say(_jumps(taken[name], name))
        of_arm = [r for r in told if r["scenario"] == name]
        say(silence(name) if still(of_arm) else _errors(of_arm))
    if len(asked.arms) > 2:
        for weather in asked.weather[: 2 if any(taken.values()) else 1]:
            names, lines = side_by_side(told, weather, whole)
            table(("outcome", "unit", base, *names), lines, right=(base, *names),
                  title=f"Side by side: less {base}, median (90 %), {WEATHER[weather]}")  # fmt: skip
    head = next((r for r in told if (r["weather"], r["outcome"]) == HEAD), told[0])
    say(of_base(head, ds, base, whole, published(asked.start, asked.end, head)))
    say(f"{asked.members} members, each with the same draw, weather and chance in every scenario.")
    if asked.members < wanted:
        say(f"Before the last count there are no more than {asked.members} draws: {wanted} members "
            "would be some of them again.")  # fmt: skip
    say("Intervals are over the constants, weather and chance that the model has; a fault of the "
        "model's own is in none of them. docs/compare.md")  # fmt: skip


def _line(row: Row, ds: Any) -> tuple[str, ...]:
    from caudal.cli.compare_words import direction, name_of, number_of, share

    plain = share if row["unit"] == "share" else whole
    number = number_of(row, plain)
    return (
        name_of(row), row["unit"], plain(row["base"]), number(row["median"]),
        f"{number(row['lo50'])} to {number(row['hi50'])}",
        f"{number(row['lo90'])} to {number(row['hi90'])}",
        percent(row["relative_median"]),
        "–" if percent(row["relative_median"]) == "–"
        else f"{percent(row['relative_lo90'])} to {percent(row['relative_hi90'])}",
        direction(row, ds),
    )  # fmt: skip


def whole(x: float) -> str:
    """A number as a table shows it: millions (m) and thousands of millions (bn) from ten million on.

    >>> whole(12345.6), whole(0.1234), whole(-5256040848.0)
    ('12,346', '0.12', '-5.256 bn')
    """
    if math.isnan(x):
        return "–"
    for size, name in ((1e9, "bn"), (1e6, "m")):
        if abs(x) >= max(size, 1e7):
            return f"{x / size:,.4g} {name}"
    return f"{x:,.0f}" if abs(x) >= 10 or x == 0 else f"{x:.2g}"


def percent(x: float) -> str:
    """A share in percent with its sign; – where there is none, or of a base that is hardly any.

    >>> percent(0.1234), percent(-2.5), percent(302_038.0)
    ('+12.3 %', '-250 %', '–')
    """
    if math.isnan(x) or abs(x) >= LARGEST:
        return "–"
    return f"{100 * x:+.1f} %" if abs(x) < 1 else f"{100 * x:+,.0f} %"


def _jumps(found: list[dict[str, Any]], name: str) -> str:
    if not found:
        return (f"No path of the weather jumps where {name} lacks a change of the law: "
                "both answers are the same.")  # fmt: skip
    listed = [f"{j['weather']} {j['where']} {j['month']} ({j['change']:+.2f})".replace("  ", " ")
              for j in found]  # fmt: skip
    more = f", and {len(listed) - SHOWN_JUMPS} more" if len(listed) > SHOWN_JUMPS else ""
    shown = sorted(zip(found, listed, strict=True), key=lambda p: -abs(p[0]["change"]))[
        :SHOWN_JUMPS
    ]
    return (f"Taken out of the weather of {name}: {len(found)} jumps, among them "
            f"{', '.join(text for _, text in shown)}{more} (log scale).")  # fmt: skip


def _errors(told: list[Row]) -> str:
    row = next((r for r in told if (r["weather"], r["outcome"]) == HEAD), told[0])
    paired, apart, run = (row[k] for k in ("se_paired", "se_independent", "se_independent_run"))
    measured = f"; {whole(run)} as measured with unpaired runs" if not math.isnan(run) else ""
    ratio = f", {apart / paired:,.1f} times as much" if paired > 0 else ""
    return (f"Standard error of the mean difference ({row['title'].lower()}): {whole(paired)} "
            "paired, "
            f"{whole(apart)} were the runs independent{ratio}{measured}.")  # fmt: skip
