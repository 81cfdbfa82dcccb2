"""Reproduce: make a kept result again from its recipe, and say whether it is the same.

The command of the recipe is run as it stands, into a folder that is then removed, and what it
writes is held against what was kept, number by number. Two numbers are the same when all their bits
are; both missing counts as the same. What was kept may be a part of what the command gives (some
outcomes, some months): each number kept must be there, and more may be. Histories that were kept
between runs are not read: they are run again, too.

With other code or other data than the result was made with the numbers are not its own. That is
told, and nothing is run, unless one asks for it anyway.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caudal.ask.reproduce_kept import Kept, kept, numbers, with_documents
from caudal.compute import cache
from caudal.compute.content import Corridor
from caudal.compute.store import versions
from caudal.errors import CaudalError

if TYPE_CHECKING:
    import xarray as xr

Do = Callable[[Sequence[str]], int]
"""Runs a command's words and returns its exit status; `caudal.cli.main`."""
TARGETS = {".html": "--html", ".nc": "--out"}


@dataclass(frozen=True)
class Difference:
    """A variable that is not the same.

    numbers   that were kept; differing: how many of them are not the same; missing: not there again
    largest   difference, in the variable's unit; relative: that over the largest number kept
    """

    variable: str
    numbers: int
    differing: int
    missing: int
    largest: float
    relative: float


@dataclass(frozen=True)
class Reproduction:
    """What came of it.

    verdict     "identical", "differs", or "cannot": other code or data, and nothing was run
    reasons     why it cannot, or may well differ
    variables, numbers   compared; differences: those that are not the same, the largest first
    """

    result: str
    verdict: str
    command: str
    reasons: tuple[str, ...] = ()
    variables: int = 0
    numbers: int = 0
    differences: tuple[Difference, ...] = field(default=())

    @property
    def identical(self) -> bool:
        """Whether every number is the same."""
        return self.verdict == "identical"


def reproduce(
    result: str | Path,
    do: Do,
    here: Corridor,
    *,
    places: Sequence[Path] = (),
    anyway: bool = False,
) -> Reproduction:
    """Make a kept result again and compare.

    result  a folder or file (see `reproduce_kept`), or the id of a run in one of `places`
    do      runs a command
    here    the corridor in force: one that a recipe names is code, and not run on a file's word
    anyway  also where code or data are others than those that it was made with

    Raises CaudalError for what holds no recipe, for a scenario that is not here any more, and for
    what the command itself refuses.
    """
    of = kept(_find(str(result), places))
    if of.corridor != here.address:
        named = f"--corridor {of.corridor}" if of.corridor else "no --corridor"
        found = f"a result of another corridor ({of.corridor or 'the own one'})"
        raise CaudalError(str(of.path), found, f"caudal {named} reproduce …")
    reasons = _reasons(of, here)
    if reasons and not anyway:
        return Reproduction(str(result), "cannot", of.command, reasons)
    with tempfile.TemporaryDirectory(prefix="caudal-again-") as folder:
        made = _again(with_documents(of, Path(folder)), Path(folder), do)
        if of.form == ".nc":
            found = _datasets(of.path, made)
        else:
            found = _compared(numbers(of.path), _again_numbers(of, made))
    count, total, differences = found
    if not total:
        raise CaudalError(str(of.path), "no number in it", "a result that Caudal wrote")
    verdict = "differs" if differences else "identical"
    ranked = sorted(differences, key=lambda d: (-d.missing, -d.relative))
    return Reproduction(str(result), verdict, of.command, reasons, count, total, tuple(ranked))


def _find(given: str, places: Sequence[Path]) -> Path:
    """The path given, or the folder of that name in one of the places."""
    path = Path(given)
    if path.exists() or path.name != given or not given.isalnum():
        return path
    for place in places:
        if (place / given).is_dir():
            return place / given
    looked = ", ".join(map(str, places))
    raise CaudalError(given, f"no such file, and no run of that id in {looked}", "a result's path")


def _reasons(of: Kept, here: Corridor) -> tuple[str, ...]:
    now = versions(here)
    return tuple(
        f"{name} {then}, here {now[key]}"
        for name, key, then in (
            ("code version", "code_version", of.code_version),
            ("data vintage", "data_vintage", of.data_vintage),
        )
        if then != now[key]
    )


@contextlib.contextmanager
def _afresh(folder: Path) -> Iterator[None]:
    """Keep compiled code, and look for pasts that were kept in an empty folder: they are run again."""
    cache.enable()
    before = os.environ.get(cache.VARIABLE)
    os.environ[cache.VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[cache.VARIABLE]
        else:
            os.environ[cache.VARIABLE] = before


def _again(of: Kept, folder: Path, do: Do) -> Path:
    """Run the command; the file that it leaves, or its JSON, of the same kind as the one kept."""
    words = [*(("--corridor", of.corridor) if of.corridor else ()), *of.words]
    place = folder / "again"
    if of.verb == "run" and of.form != ".json":
        words += ["--out", str(place), "--quiet"]
        names = {".nc": "results.nc", ".html": "report.html", ".parquet": "tables/summary.csv"}
        made = place / names[of.form]
    elif of.form in TARGETS:
        made = place.with_suffix(of.form)
        words += [TARGETS[of.form], str(made)]
    else:
        made = place.with_suffix(".json")
        words += ["--json"]
        if of.verb == "run":
            words += ["--out", str(place)]
    said, told = io.StringIO(), io.StringIO()
    with (
        _afresh(folder / "kept"),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(told),
    ):
        status = do(words)
    if status == 130:
        raise KeyboardInterrupt
    lines = told.getvalue().strip().splitlines()
    if status:
        line = (lines or [f"exit status {status}"])[-1].removeprefix("caudal: ")
        raise CaudalError(of.command, f"could not be run again ({line})", "a command that runs")
    for line in lines:
        print(line, file=sys.stderr)
    if made.suffix == ".json":
        made.write_text(said.getvalue(), encoding="utf-8")
    return made


def _again_numbers(of: Kept, made: Path) -> dict[str, dict[tuple[Any, ...], Any]]:
    if made.suffix != ".csv":
        return numbers(made)
    import pandas as pd

    text = pd.read_csv(made, dtype=str, keep_default_na=False)
    frame = text[["outcome"]].assign(month=pd.to_datetime(text["month"]))
    for column in text.columns.difference(["outcome", "month", "phase"]):
        # the text of a number is the shortest that gives the same number; pandas reads it less exactly
        frame[column] = [float(x) if x else math.nan for x in text[column]]
    again = made.with_suffix(".parquet")
    frame.to_parquet(again, index=False)
    return numbers(again)


def _compared(
    was: dict[str, dict[tuple[Any, ...], Any]], now: dict[str, dict[tuple[Any, ...], Any]]
) -> tuple[int, int, list[Difference]]:
    out = []
    for variable, values in was.items():
        other = now.get(variable, {})
        pairs = [(v, other[k]) for k, v in values.items() if k in other]
        missing = len(values) - len(pairs)
        apart = [(a, b) for a, b in pairs if not _same(a, b)]
        if missing or apart:
            gaps = [abs(a - b) for a, b in apart if _number(a) and _number(b)]
            largest = max(gaps, default=math.nan)
            scale = max((abs(v) for v in values.values() if _number(v)), default=0.0)
            out.append(Difference(variable, len(values), len(apart), missing, largest,
                                  _relative(largest, scale)))  # fmt: skip
    return len(was), sum(map(len, was.values())), out


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _same(one: Any, other: Any) -> bool:
    return one == other or (one != one and other != other)  # noqa: PLR0124 (NaN)


def _relative(largest: float, scale: float) -> float:
    return largest / scale if scale > 0 else math.inf if largest > 0 else math.nan


def _datasets(was: Path, now: Path) -> tuple[int, int, list[Difference]]:
    import xarray as xr

    with (
        xr.open_dataset(was, engine="h5netcdf") as one,
        xr.open_dataset(now, engine="h5netcdf") as other,
    ):
        variables = [str(v) for v in one.data_vars]
        out = [d for v in variables if (d := _variable(v, one[v], other)) is not None]
        return len(variables), sum(int(one[v].size) for v in variables), out


def _variable(name: str, was: xr.DataArray, there: xr.Dataset) -> Difference | None:
    """None where every number is there again, the same."""
    import numpy as np

    lost = Difference(name, int(was.size), 0, int(was.size), math.nan, math.nan)
    if name not in there or set(there[name].dims) != set(was.dims):
        return lost
    now = there[name].transpose(*was.dims)
    for dim in was.dims:
        if dim in was.coords and dim in now.coords:
            if not set(was[dim].values.tolist()) <= set(now[dim].values.tolist()):
                return lost
            now = now.sel({dim: was[dim].values})
    if now.shape != was.shape:
        return lost
    a, b = was.values, now.values
    if a.dtype.kind not in "fiu":
        apart = int((a != b).sum())
        return Difference(name, a.size, apart, 0, math.nan, math.nan) if apart else None
    apart = (a != b) & ~(np.isnan(a) & np.isnan(b)) if a.dtype.kind == "f" else a != b
    if not apart.any():
        return None
    gap = np.abs(a[apart].astype(float) - b[apart].astype(float))
    largest = float(np.nanmax(gap)) if not np.isnan(gap).all() else math.nan
    scale = float(np.nanmax(np.abs(a))) if not np.isnan(a).all() else 0.0
    return Difference(name, a.size, int(apart.sum()), 0, largest, _relative(largest, scale))
