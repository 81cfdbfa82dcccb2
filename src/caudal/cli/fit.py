"""`caudal fit` and `caudal backtest`: learn from the counts, and say how good that was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, table
from caudal.errors import CaudalError

Members = Annotated[int, typer.Option("--members", min=16, max=512, help="Size of the ensemble.")]
FIRST_ORIGIN, LAST_ORIGIN = date(2021, 10, 1), date(2024, 11, 1)


def fit(
    members: Members = 96,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write the draws; default: as shipped.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Learn weather and constants from the counts; write draws that every run starts from.

    Prints what the counts did to each constant: its mean in prior standard deviations, and the
    standard deviation that is left of one.
    """
    from caudal.compute import cache
    from caudal.compute.posterior import save
    from caudal.compute.store import code_version
    from caudal.corridor import corridor
    from caudal.data.store import data_vintage
    from caudal.learn.fit import fit as learn
    from caudal.learn.smoother import Settings

    cache.enable()
    here: Any = corridor()
    path = out or here.posterior
    if path.exists() and not path.is_file():
        raise CaudalError(f"--out {path}", "not a file", "a file to write, ending in .npz")
    about = {"data_vintage": data_vintage(), "code_version": code_version()}
    with progress() as tell:
        fitted = learn(here, Settings(members=members), tell, about)
    try:
        save(fitted.posterior, path)
    except OSError as problem:
        raise CaudalError(f"--out {path}", str(problem.strerror), "a writable place") from problem
    rows = [
        {"constant": name, "judged_by": weather, "mean": float(m), "sd": float(s)}
        for weather, part in fitted.moved.items()
        for name, m, s in zip(part.names, part.mean, part.sd, strict=True)
    ]
    if as_json:
        print_json({"constants": rows, "draws": fitted.posterior.draws, "file": str(path)})
        return
    table(["constant", "judged by weather", "mean", "sd left"],
          [list(r.values()) for r in rows], right=("mean", "sd left"))  # fmt: skip
    console().print(f"{fitted.posterior.draws} draws written to {path}")


def backtest(
    members: Members = 96,
    write: Annotated[
        bool, typer.Option("--write", help="Replace the shipped skill table.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Forecast one month ahead from each month, October 2021 to November 2024, and score it.

    Law and drivers as known, constants and weather learned before each origin only.
    """
    import pandas as pd

    from caudal.compute import cache
    from caudal.compute.store import code_version
    from caudal.corridor import corridor
    from caudal.corridor.world import NATIONALITIES
    from caudal.data.store import data_vintage
    from caudal.forecast.backtest import one_month_ahead
    from caudal.learn.smoother import Settings

    cache.enable()
    here: Any = corridor()
    with progress() as tell:
        result = one_month_ahead(
            here, FIRST_ORIGIN, LAST_ORIGIN, list(NATIONALITIES), Settings(members=members),
            lambda done, of: tell("one month ahead", done, of),
        )  # fmt: skip
    scores = result.table().assign(
        members=members, data_vintage=data_vintage(), code_version=code_version()
    )
    if write:
        here.skill.parent.mkdir(parents=True, exist_ok=True)
        fresh = here.skill.with_suffix(".new")
        pd.DataFrame(scores).round(4).to_csv(fresh, index=False)
        fresh.replace(here.skill)
    if as_json:
        print_json({"skill": scores.to_dict("records")})
        return
    shown = ["target", "scale", "ratio", "lo", "hi", "cover50", "cover90"]
    table(shown, scores[shown].to_numpy().tolist(), right=tuple(shown[2:]))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on the error stream: call it with a label, how much is done, and of how much."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(label: str, done: int, of: int) -> None:
            if label not in tasks:
                tasks[label] = bar.add_task(label, total=of)
            bar.update(tasks[label], completed=done, total=of)

        yield tell
