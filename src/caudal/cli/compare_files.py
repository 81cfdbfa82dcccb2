"""What `caudal compare` writes: a folder, a Dataset, a table or a page, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
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
    if html is not None and html.suffix != ".html":
        raise CaudalError(f"--html {html}", f"'{html.suffix}'", "a file that ends in .html")
    for option, place in (("--out", out), ("--html", html)):
        if place is None:
            continue
        file = option == "--html" or place.suffix in KINDS
        if file and place.is_dir():
            raise CaudalError(f"{option} {place}", "a folder is in the way", "a file")
        if not file and place.suffix:
            raise CaudalError(
                f"{option} {place}", f"'{place.suffix}'", ", ".join((*KINDS, "a folder"))
            )
        if not file and place.exists() and not place.is_dir():
            raise CaudalError(
                f"{option} {place}", "a file is in the way", "a new or a run's folder"
            )
        at = place.parent
        while not at.exists() and not file and at != at.parent:
            at = at.parent
        if not at.is_dir():
            raise CaudalError(f"{option} {place}", f"{at} is not a folder", "a writable place")
        if not os.access(at, os.W_OK | os.X_OK):
            raise CaudalError(f"{option} {place}", "permission denied", "a writable place")


def write(
    here: Any, made: Comparison, told: Sequence[Row], taken: dict[str, Any],
    out: Path | None, html: Path | None,
) -> list[Path]:  # fmt: skip
    """Write what was asked for; returns the paths."""
    import pandas as pd

    done = []
    page = ""
    if html is not None or (out is not None and out.suffix in ("", ".html")):
        page = _page(made, told, taken)
    for path in (out, html):
        if path is None:
            continue
        if path.suffix == ".html":
            _whole(path, lambda p: p.write_text(page, encoding="utf-8"))
        elif path.suffix == ".csv":
            table = pd.DataFrame(list(told))
            _whole(path, lambda p, t=table: t.to_csv(p, index=False))
        elif path.suffix == ".nc":
            _whole(path, lambda p: made.dataset.to_netcdf(p, engine="h5netcdf", format="NETCDF4"))
        else:
            _folder(made, told, page, path)
        done.append(path)
    return done


def _folder(made: Comparison, told: Sequence[Row], page: str, folder: Path) -> None:
    import pandas as pd
    import yaml

    from caudal.ask.compare_told import months
    from caudal.report import write_run

    ds = made.dataset
    by_month = [
        {"scenario": s, "weather": w, "outcome": o, **row}
        for s in map(str, ds.scenario.values) for w in map(str, ds.weather.values)
        for o, group in zip(map(str, ds.outcome.values), ds.group.values, strict=True) if group
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


def _page(made: Comparison, told: Sequence[Row], taken: dict[str, Any]) -> str:
    from caudal.ask.compare_told import months
    from caudal.report.compared_page import compared_page

    ds, asked = made.dataset, made.asked
    grouped = [r for r in told if r["group"]] or list(told)
    there = list(dict.fromkeys(r["outcome"] for r in grouped))
    drawn = [o for o in BY_MONTH if o in there] or there[:6]
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


def _whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside the place and move it there, or leave nothing."""
    beside = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        write(beside)
        os.replace(beside, path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaudalError(f"{path}", reason, "a writable place") from error
    finally:
        beside.unlink(missing_ok=True)
