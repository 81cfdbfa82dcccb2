"""`caudal data`: which series there are, their numbers, whether they hold, newer editions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from caudal.cli import complete
from caudal.cli.console import Json, print_json, table

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Published series: list them, show one, check them all, refresh one from a newer file.",
)

SHOWN_ROWS = 40
SeriesId = Annotated[
    str,
    typer.Argument(
        metavar="SERIES", help="Id of a series (see list).", autocompletion=complete.series
    ),
]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List every series: what it counts, publisher, span, role.

    Canonical series may enter a likelihood, checks count the same events again, context is neither.
    """
    from caudal.data.listed import summary
    from caudal.data.store import list_series, newest
    from caudal.which import corridor

    tables = corridor().folder / "series"
    rows = [summary(newest(series_id, tables)) for series_id in list_series(tables)]
    if as_json:
        print_json({"series": rows})
        return
    table(
        ["series", "publisher", "unit", "by", "from", "to", "rows", "role", "read on"],
        [
            [r["id"], r["publisher"], r["unit"], r["grain"], r["first"], r["last"], r["rows"],
             r["role"], r["read_on"]]
            for r in rows
        ],
        right=["rows"],
    )  # fmt: skip


@app.command()
def show(
    series: SeriesId,
    start: Annotated[
        str | None, typer.Option("--from", help="First period: 2023, 2023-05 or 2023-05-01.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="First period left out.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")] = False,
    as_json: Json = False,
) -> None:
    """Show one series: definition, source, known issues, rows.

    Its licence and the delay of publication stand there, too.
    """
    from caudal.data import listed
    from caudal.data.store import open_map, open_table, vintages
    from caudal.which import corridor

    tables = corridor().folder / "series"
    editions = vintages(series, tables)
    if "schema" not in editions[-1].resource:
        print_json({"series": editions[-1].provenance.to_dict(), "map": open_map(series)})
        return
    found = open_table(series, tables)
    frame = listed.between(found.reading.frame, found.keys[0], start, end)
    if as_csv:
        from caudal.data.spreadsheet import csv_text

        sys.stdout.write(csv_text(frame))
        return
    issues = listed.issues(found, frame)
    if as_json:
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        print_json({"series": found.provenance.to_dict(), "issues": issues, "rows": rows})
        return
    _about(found.provenance, len(editions))
    for issue in issues:
        typer.echo(
            f"issue        {issue['name']}, {issue['rows']:,} of these rows: {issue['meaning']}"
        )
    cut = frame.tail(SHOWN_ROWS)
    table(
        list(cut.columns),
        [[_cell(v) for v in row] for row in cut.itertuples(index=False)],
        right=[c for c in cut.columns if cut[c].dtype.kind in "if" and "year" not in c],
    )
    if len(frame) > len(cut):
        typer.echo(f"the last {len(cut)} of {len(frame):,} rows; --csv or --json prints all")


def _about(about: Any, editions: int) -> None:
    lines = {
        "series": about.series, "title": about.title, "publisher": about.publisher,
        "counts": about.definition, "unit": about.unit, "by": about.grain, "role": about.role,
        "address": about.address, "licence": about.licence, "through": about.through,
        "read on": f"{about.read_on}; {editions} vintage{'s' if editions > 1 else ''} stored",
        "delay": f"{about.delay_days} days after the period"
        + (f" ({about.delay_note})" if about.delay_note else ""),
    }  # fmt: skip
    for name, text in lines.items():
        if text:
            typer.echo(f"{name:<12} {text}")


def _cell(value: Any) -> Any:
    from caudal.data.refresh import told

    if hasattr(value, "strftime"):
        return told(value)
    return value.item() if hasattr(value, "item") else value


@app.command()
def check(
    raw: Annotated[
        Path | None,
        typer.Option("--raw", help="Folder of raw files: build every table again and compare."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the tables: published totals, coverage, agreement.

    Exit status 1 if any check fails.
    """
    from caudal.corridor.sources.verify import verify
    from caudal.which import only_own

    only_own("caudal data check")
    outcomes = verify(raw)
    if as_json:
        print_json(
            {
                "checks": [
                    {"id": o.id, "expected": o.expected, "found": o.found, "ok": o.ok}
                    for o in outcomes
                ]
            }
        )
    else:
        for o in outcomes:
            mark = "ok  " if o.ok else "FAIL"
            typer.echo(
                f"{mark} {o.id}: {o.says}: expected {_told(o.expected)}, found {_told(o.found)}"
            )
        bad = sum(not o.ok for o in outcomes)
        typer.echo(
            f"{len(outcomes)} checks, {bad} failed" if bad else f"{len(outcomes)} checks hold"
        )
    if not all(o.ok for o in outcomes):
        raise typer.Exit(1)


def _told(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:,}"


@app.command()
def refresh(
    series: SeriesId,
    file: Annotated[Path, typer.Option("--file", help="A newer file of the same publication.")],
    as_json: Json = False,
) -> None:
    """Read a newer official file, store it as your own vintage.

    It says what changes. The present vintage stays as it is, and is untouched if the file is refused.
    """
    from caudal.corridor.sources.registry import find
    from caudal.data.refresh import refresh as take_in
    from caudal.which import only_own

    only_own("caudal data refresh")
    change = take_in(find(series), file)
    stored = str(change.stored) if change.stored else None
    if as_json:
        row = {**change.__dict__, "stored": stored}
        print_json({"refresh": row})
        return
    typer.echo(
        f"{change.series}: {change.added:,} rows added, {change.revised:,} values revised, "
        f"now to {change.last}"
    )
    if change.largest:
        cell = ", ".join(
            f"{k} {v}" for k, v in change.largest.items() if k not in ("before", "after") and v
        )
        typer.echo(
            f"largest revision: {change.largest['before']:,.0f} → {change.largest['after']:,.0f} "
            f"({cell})"
        )
    typer.echo(f"stored in {stored}" if stored else "nothing changes; nothing stored")
