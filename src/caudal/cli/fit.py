"""`caudal fit` and `caudal backtest`: learn from the counts, and say how good that was."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from caudal.cli.console import Json, bar, console, print_json, table
from caudal.cli.engines import Address, Where, Workers, engine_for
from caudal.errors import CaudalError

Members = Annotated[int, typer.Option("--members", min=16, max=512, help="Size of the ensemble.")]
Work = Annotated[
    Path | None,
    typer.Option("--work", help="Folder of finished stages, to go on from; default: the cache."),
]
FIRST_ORIGIN, LAST_ORIGIN = "2021-10", "2024-11"
CONSTANT = ("constant", "mean", "sd", "by", "information", "bend")
SHOWN = ("mode", "target", "horizon", "baseline", "ratio", "lo", "hi")


def fit(
    members: Members = 96,
    variance: Annotated[
        float,
        typer.Option(
            "--variance", help="Times the variance that the weather is given (0.1 to 10)."
        ),
    ] = 1.0,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, max=5, help="How often constants are learned.")
    ] = 2,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write the draws to, ….npz.")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--write", help="Replace the corridor's own draws, which every run starts from."
        ),
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option("--record", help="Write a netCDF file that ArviZ reads (docs/learning.md)."),
    ] = None,
    work: Work = None,
    as_json: Json = False,
) -> None:
    """Learn weather and constants from the counts; write draws that runs can start from.

    Say where to: --out FILE, or --write for the draws that every run starts from. Prints what the
    counts did to each constant, most informed first: its mean in prior standard deviations, the
    standard deviation that is left of one, and which evidence said so. A fit that was stopped goes
    on after its last finished round.
    """
    from caudal.compute import cache
    from caudal.compute.posterior import save
    from caudal.compute.store import versions
    from caudal.learn.fit import fit as learn
    from caudal.learn.smoother import Settings
    from caudal.which import corridor

    if not 0.1 <= variance <= 10:
        raise CaudalError("--variance", str(variance), "a number from 0.1 to 10")
    if (out is None) != replace:
        found = "both given" if replace else "nowhere to write the draws"
        raise CaudalError("--out, --write", found, "--out FILE, or --write to replace the shipped")
    cache.enable()
    here = corridor()
    path = _file("--out", out or here.posterior)
    if record is not None:
        _file("--record", record)
    settings = Settings(members=members, variance=variance)
    stages = work_folder(work)
    with progress() as tell:
        fitted = learn(here, settings, tell, versions(here), rounds, stages)
    try:
        save(fitted.posterior, path)
    except OSError as problem:
        raise CaudalError(f"--out {path}", str(problem.strerror), "a writable place") from problem
    if record is not None:
        from caudal.learn.record import write

        write(record, here, fitted.posterior, fitted.observed)
    _tell_fit(fitted.posterior, path, as_json)


def _tell_fit(posterior: Any, path: Path, as_json: bool) -> None:
    """Print what was learned."""
    from caudal.learn.fit import SAID

    about = posterior.about
    rows = [{"constant": name, **told} for name, told in about["constants"].items()]
    rows.sort(key=lambda row: -row["information"])
    if as_json:
        print_json(
            {
                "constants": rows,
                "weather": [{"weather": k, **v} for k, v in about["innovations"].items()],
                "counts": [{"counts": k, **v} for k, v in about["misfit"].items()],
                "weights": [{"evidence": k, "weight": v} for k, v in about["weights"].items()],
                "draws": posterior.draws,
                "file": str(path),
            }
        )
        return
    informed = [r for r in rows if r["information"] >= SAID]
    table(["constant", "mean", "sd left", "most informed by", "information", "bend"],
          [[r[c] for c in CONSTANT] for r in informed],
          right=("mean", "sd left", "information", "bend"))  # fmt: skip
    table(["weather", "mean square of innovations", "share at the bound"],
          [[k, *v.values()] for k, v in about["innovations"].items()],
          right=("mean square of innovations", "share at the bound"))  # fmt: skip
    table(["counts", "bias", "rms", "median's rms"],
          [[k, *v.values()] for k, v in about["misfit"].items()],
          right=("bias", "rms", "median's rms"))  # fmt: skip
    console().print(
        f"{len(informed)} values of constants informed, {len(rows) - len(informed)} hardly "
        f"(information below {SAID}); all others keep their priors"
    )
    console().print(f"{posterior.draws} independent draws written to {path}")
    console().print(f"beside their priors: caudal posterior --draws {path}")


def backtest(
    members: Members = 96,
    start: Annotated[str, typer.Option("--from", help="First origin, YYYY-MM.")] = FIRST_ORIGIN,
    end: Annotated[str, typer.Option("--to", help="Last origin, YYYY-MM.")] = LAST_ORIGIN,
    write: Annotated[
        bool, typer.Option("--write", help="Replace the shipped tables and corrections.")
    ] = False,
    work: Work = None,
    where: Where = "local",
    address: Address = "",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Forecast 1 to 12 months ahead from each past month, and score what followed.

    Law, drivers and counts as known at each origin, constants learned before it (refitted every
    year), blind and with the later calendar of policies given. Takes an hour; one that was stopped
    goes on from there.
    """
    from caudal.compute import cache
    from caudal.compute.store import code_version
    from caudal.corridor import corridor
    from caudal.data.store import data_vintage
    from caudal.forecast import corrections, past, skill
    from caudal.forecast.backtest import forecasts, hindcasts, latest
    from caudal.learn.smoother import Settings

    cache.enable()
    here: Any = corridor()
    first, last = _month("--from", start), _month("--to", end)
    if not date(2020, 10, 1) <= first <= last <= date(2025, 4, 1):
        raise CaudalError("--from, --to", f"{start} to {end}", "months from 2020-10 to 2025-04")
    if write and (start, end) != (FIRST_ORIGIN, LAST_ORIGIN):
        allowed = f"all origins, {FIRST_ORIGIN} to {LAST_ORIGIN}"
        raise CaudalError("--write", f"origins {start} to {end}", allowed)
    about = {"data_vintage": data_vintage(), "code_version": code_version()}  # fmt: skip
    engine = engine_for(where, address, workers)
    with progress() as tell:
        settings = Settings(members=members)
        made = hindcasts(here, first, last, settings, work_folder(work), tell, engine)
        tables = skill.tables(forecasts(made, tell, engine), about)
    if write:
        skill.write(here.skill, tables)
        past.write(here.skill, past.past(made, about))
        corrections.write(
            latest(made), here.posterior.with_name(corrections.NAME),
            {k: str(v) for k, v in about.items()},
        )  # fmt: skip
    best = tables["skill"][tables["skill"]["best"]]
    if as_json:
        print_json({"skill": best.to_dict("records")})
        return
    shown = [c for c in SHOWN if c in best.columns]
    log = best[best["scale"] == "log"]
    table(shown, log[shown].to_numpy().tolist(), right=("ratio", "lo", "hi"))
    if write:
        console().print(f"tables written to {here.skill}: `caudal skill` shows them")


def _file(option: str, path: Path) -> Path:
    if path.exists() and not path.is_file():
        raise CaudalError(f"{option} {path}", "not a file", "a file to write")
    return path


def work_folder(given: Path | None) -> Path:
    """Folder of finished stages."""
    from caudal.compute import cache

    place = given or cache.folder() / "learning"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        found = "not a folder" if place.exists() else (problem.strerror or "no such place").lower()
        raise CaudalError(f"--work {place}", found, "a folder to write in") from problem
    return place


def _month(option: str, text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as problem:
        raise CaudalError(option, repr(text), "a month, YYYY-MM") from problem


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the error stream: call it with a label, how much is done, and of how much.

    Where that is no terminal a line when a stage begins and at each quarter, with the minutes gone:
    these are jobs of minutes to hours, and a log that stays empty looks like one that hangs.
    """
    if not sys.stderr.isatty():
        yield _lines()
        return
    with bar() as drawn:
        tasks: dict[str, Any] = {}

        def tell(label: str, done: int, of: int) -> None:
            if label not in tasks:
                tasks[label] = drawn.add_task(label, total=of)
            drawn.update(tasks[label], completed=done, total=of)

        yield tell


def _lines() -> Callable[[str, int, int], None]:
    """The same as lines."""
    began, told = monotonic(), dict[str, int]()

    def tell(label: str, done: int, of: int) -> None:
        quarter = 4 * done // of if of else 0
        if told.get(label, -1) < quarter:
            told[label] = quarter
            minutes = (monotonic() - began) / 60
            typer.echo(f"caudal: {label}: {done} of {of}, {minutes:.0f} min", err=True)

    return tell
