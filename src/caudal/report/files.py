"""The folder of a run: written whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr
import yaml

from caudal.compute.files import beside, make_folders
from caudal.data.package import swap
from caudal.data.spreadsheet import csv_text
from caudal.errors import CaudalError


def write_run(
    folder: Path | str,
    ds: xr.Dataset,
    summary: pd.DataFrame,
    *,
    scenario: Mapping[str, Any] | str,
    recipe: Mapping[str, Any],
    report: str,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write a run's folder and return its path.

        scenario.yaml       the scenario as a document (text is written as it is)
        recipe.json         how to get these numbers again
        results.nc          the Dataset, NetCDF 4, float32, not compressed
        tables/summary.csv  `summarise(...)`; and one CSV for each of `tables`
        report.html         the page

    Everything is built in a hidden sibling and moved into place at the end. A folder of an
    earlier run with the same name is replaced, and only once the new one is complete.
    Raises CaudalError when the place cannot be written; nothing is left behind.
    """
    target = Path(folder)
    document = scenario if isinstance(scenario, str) else _yaml(scenario)
    made: list[Path] = []
    work: Path | None = None
    try:
        made = make_folders(target.parent)
        refuse_other(target)
        work = beside(target)
        work.mkdir(mode=0o755)
        texts = {"scenario.yaml": document, "recipe.json": _json(recipe), "report.html": report}
        _fill(work, ds, {"summary": summary, **(tables or {})}, texts)
        swap(work, target, beside(target, "old."))
    except BaseException as error:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        for parent in reversed(made):
            try:
                parent.rmdir()
            except OSError:
                break
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            raise CaudalError(f"output {target}", reason.lower(), "a writable folder") from error
        raise
    return target


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(dict(document), indent=2, ensure_ascii=False, default=str) + "\n"


def refuse_other(target: Path) -> None:
    """Raise CaudalError unless a run may be put here: never in the place of somebody's own files."""
    if target.exists() and not target.is_dir():
        raise CaudalError(f"output {target}", "a file is in the way", "a new or a run's folder")
    if target.is_dir() and not (target / "recipe.json").is_file() and any(target.iterdir()):
        raise CaudalError(
            f"output {target}", "a folder that is not a run", "a new, empty or a run's folder"
        )


def _fill(work: Path, ds: xr.Dataset, tables: Mapping[str, pd.DataFrame], texts: Mapping[str, str]):
    for name, text in texts.items():
        (work / name).write_text(text, encoding="utf-8")
    # 200 members: 165 MB in a second; compressed 133 MB, in four
    write_netcdf(ds, work / "results.nc", packed=False)
    (work / "tables").mkdir()
    for name, table in tables.items():
        place = work / "tables" / f"{name}.csv"
        place.write_text(csv_text(table), encoding="utf-8", newline="")


BLOCK = 256
"""Members written at a time."""


def write_netcdf(ds: xr.Dataset, path: Path, packed: bool = True) -> None:
    """A Dataset as NetCDF 4 with the attributes of CF, many members block by block.

    packed: its numbers compressed. A Dataset that is read from files when it is used is so never in
    memory as a whole.
    """
    from caudal.report.cf import conventional

    ds = conventional(ds)
    members = ds.sizes.get("member", 0)
    head = ds.isel(member=slice(0, BLOCK)) if members > BLOCK else ds
    how = {"zlib": True, "complevel": 1} if packed else {"zlib": False}
    encoding = {
        str(name): how
        for name, array in ds.data_vars.items()
        if array.ndim and array.dtype.kind in "fiu"
    }
    grows = ["member"] if members > BLOCK else []
    head.to_netcdf(
        path, engine="h5netcdf", format="NETCDF4", encoding=encoding, unlimited_dims=grows
    )
    if grows:
        _append(ds, path, members)


def _append(ds: xr.Dataset, path: Path, members: int) -> None:
    """The members after the first block, into a file whose `member` grows."""
    import h5netcdf

    with h5netcdf.File(path, "a") as file:
        file.resize_dimension("member", members)
        for first in range(BLOCK, members, BLOCK):
            block = ds.isel(member=slice(first, first + BLOCK))
            for name, array in block.variables.items():
                if "member" in array.dims:
                    axis = array.dims.index("member")
                    at = (slice(None),) * axis + (slice(first, first + array.shape[axis]),)
                    file.variables[str(name)][at] = array.values
