"""What `caudal compare` writes: a folder, a Dataset, a table or a page, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.compare import Comparison
    from caudal.ask.compare_told import Row

KINDS = (".nc", ".csv", ".html")
BY_MONTH = (
    "us.encounters.southwest", "us.expulsions", "mx.events", "people.waiting", "harm.deaths",
    "us.children.hhs_care",
)  # fmt: skip
"""Outcomes that the page draws month by month, where they are compared."""


def check(out: Path | None, html: Path | None) -> None:
    """Refuse a place that cannot be written before any time is spent."""
    from caudal.compute.files import refuse_unwritable

    for option, place, kinds in (("--out", out, KINDS), ("--html", html, (".html",))):
        if place is None:
            continue
        folder = option == "--out" and not place.suffix
        if not folder and place.suffix not in kinds:
            allowed = f"a file that ends in {' or '.join(kinds)}"
            allowed += ", or a folder" if option == "--out" else ""
            raise CaudalError(f"{option} {place}", f"'{place.suffix}'", allowed)
        if not folder and place.is_dir():
            raise CaudalError(f"{option} {place}", "a folder is in the way", "a file")
        if folder and place.exists() and not place.is_dir():
            raise CaudalError(
                f"{option} {place}", "a file is in the way", "a new or a run's folder"
            )
        refuse_unwritable(place if folder and place.exists() else place.parent, option)


def write(
    here: Any, made: Comparison, told: Sequence[Row], taken: dict[str, Any],
    out: Path | None, html: Path | None, named: bool = False,
) -> list[Path]:  # fmt: skip
    """Write what was asked for; returns the paths.

    named  the outcomes were chosen by name: details among them are told like all others
    """
    import pandas as pd

    from caudal.compute.files import write_together
    from caudal.data.spreadsheet import csv_text

    done = []
    page = ""
    if html is not None or (out is not None and out.suffix in ("", ".html")):
        page = _page(made, told, taken, named)
    for option, path in (("--out", out), ("--html", html)):
        if path is None:
            continue
        if path.suffix == ".html":
            write_together(path.parent, {path.name: page}, option)
        elif path.suffix == ".csv":
            text = csv_text(pd.DataFrame(list(told)))
            write_together(path.parent, {path.name: text}, option)
        elif path.suffix == ".nc":
            _netcdf(made, path)
        else:
            _folder(made, told, page, path, named)
        done.append(path)
    return done


def _folder(made: Comparison, told: Sequence[Row], page: str, folder: Path, named: bool) -> None:
    import pandas as pd
    import yaml

    from caudal.ask.compare_told import months
    from caudal.report import write_run

    ds = made.dataset
    by_month = [
        {"scenario": s, "weather": w, "outcome": o, **row}
        for s in map(str, ds.scenario.values) for w in map(str, ds.weather.values)
        for o, group in zip(map(str, ds.outcome.values), ds.group.values, strict=True) if group or named
        for row in months(ds, s, w, o)
    ]  # fmt: skip
    documents = [a.document.as_document() for a in made.asked.arms]
    write_run(
        folder, ds, pd.DataFrame(list(told)), report=page, recipe=_recipe(made),
        scenario=yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True),
        tables={"months": pd.DataFrame(by_month)},
    )  # fmt: skip


def _recipe(made: Comparison) -> dict[str, Any]:
    a = made.dataset.attrs
    return {
        "command": a["recipe_command"], "python": a["recipe_python"], "run_id": a["run_id"],
        "data_vintage": a["data_vintage"], "code_version": a["code_version"],
        "members": made.asked.members,
    }  # fmt: skip


def _page(made: Comparison, told: Sequence[Row], taken: dict[str, Any], named: bool) -> str:
    from caudal.ask.compare_told import months
    from caudal.report.compared_page import compared_page

    ds, asked = made.dataset, made.asked
    grouped = [r for r in told if r["group"] or named] or list(told)
    there = list(dict.fromkeys(r["outcome"] for r in grouped))
    drawn = there[:6] if named else [o for o in BY_MONTH if o in there] or there[:6]
    names = [a.document.name for a in asked.arms[1:]]

    def about(document: Any) -> dict[str, Any]:
        note = document.note.model_dump() if document.note else None
        return {"name": document.name, "title": document.title.model_dump(), "note": note}

    return compared_page({
        "base": about(asked.arms[0].document),
        "scenarios": [about(a.document) | {"parts": str(a.parts)} for a in asked.arms[1:]],
        "from": f"{asked.start:%Y-%m}", "to": f"{asked.end:%Y-%m}", "members": asked.members,
        "weathers": list(asked.weather), "rows": grouped, "outcomes": drawn,
        "months": {(s, o): {w: months(ds, s, w, o) for w in asked.weather}
                   for s in names for o in drawn},
        "jumps": taken, "recipe": _recipe(made),
    })  # fmt: skip


def _netcdf(made: Comparison, path: Path) -> None:
    """Write the Dataset beside its place and move it there, or leave nothing."""
    from caudal.report.files import write_netcdf

    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_netcdf(made.dataset, beside)
        os.replace(beside, path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(f"--out {path}", reason, "a writable place") from error
    finally:
        beside.unlink(missing_ok=True)
