"""The commands under trial, made small: what each writes, and how one tells whole from spoilt.

`run` and `serve` are as users have them, at one member and one month; `run, ahead` has two chunks of
members and the first month beyond the counts, which are kept as they come. `fit` learns for real, of a
history cut to 14 months (`fit`) or of all that is counted (`fit, whole`: an hour and more), or with
made-up surprises in its place (`fit, made up`), which takes half a second; `backtest` has made-up
constants, passes and scores. All that keeps, names, reads and writes files is the command's own.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "unit")]
Prints = dict[str, str]


@dataclass(frozen=True)
class Command:
    """A command under trial.

    words    of the command line, in a place of its own
    world    done in the child before the command: which corridor it meets, what is made up
    prints   what is there whole, as the readers of the place see it: name → fingerprint. What they
             refuse in a clear error is not there; anything else they raise is a fault
    before   prepares a place
    """

    name: str
    words: Callable[[Path], list[str]]
    world: Callable[[Path], None]
    prints: Callable[[Path], Prints]
    before: Callable[[Path], None] = field(default=lambda place: place.mkdir(parents=True))


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and bytes below a folder."""
    made = hashlib.sha256()
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file():
            made.update(str(one.relative_to(path)).encode() + b"\0" + one.read_bytes())
    return made.hexdigest()


def _stages(work: Path) -> Prints:
    """The stages that long work has kept whole."""
    from caudal.compute.files import Unreadable, read_arrays

    made: Prints = {}
    for path in sorted(work.glob("[!.]*.npz")):
        with suppress(Unreadable):
            read_arrays(path)
            made[path.name] = digest(path)
    return made


def _nothing(place: Path) -> None:
    """The world as it is."""


def _run_words(place: Path) -> list[str]:
    out = str(place / "out")
    return ["run", "--members", "1", "--to", "2018-02", "--quiet", "--out", out]


def _ahead_words(place: Path) -> list[str]:
    from caudal.compute.forcing import month_ends
    from caudal.compute.posterior import load
    from caudal.corridor import corridor

    here = corridor()
    counted = load(here.posterior).months
    *_, first, last = (f"{day:%Y-%m}" for day in month_ends(here.begins, counted + 1))
    span = ["--members", "17", "--from", first, "--to", last]
    return ["run", *span, "--quiet", "--out", str(place / "out")]


def _run_prints(place: Path) -> Prints:
    out = place / "out"
    return {"out": digest(out)} if out.is_dir() else {}


def _cut_short(place: Path) -> None:
    import caudal.corridor
    from fit_worlds import Short

    here: Any = Short(posterior=place / "draws.npz", skill=place / "skill")
    caudal.corridor.corridor = lambda *_, **__: here


def _own_place(place: Path) -> None:
    """The corridor as it is shipped, but for where what is learned goes."""
    import caudal.corridor

    here: Any = caudal.corridor.Corridor(posterior=place / "draws.npz", skill=place / "skill")
    caudal.corridor.corridor = lambda *_, **__: here


def _made_up_fit(place: Path) -> None:
    """Constants as made up, weather of two months: the files and their order are as ever."""
    import numpy as np

    from caudal.learn import fit

    _cut_short(place)

    class Quiet:
        """Stands for the smoother; what it would have found is drawn."""

        def __init__(
            self, corridor: Any, outside: Any, settings: Any, *_: Any, z: Any = None
        ) -> None:
            self.corridor, self.settings, self.z = corridor, settings, z
            self.weather: dict[str, Any] = {}
            self.processes: dict[str, Any] = {}
            self.misfit: dict[int, Any] = {}
            self.blocks: list[Any] = []

        def run(self, observed: Any, first: int, last: int, *_: Any, **__: Any) -> Any:
            from types import SimpleNamespace

            rng = np.random.default_rng(3)
            model, members = self.corridor.model, self.settings.members
            for made in model.mechanisms:
                for w in made.weather:
                    shape = (last + 1, *model.shape(w.dims), members)
                    self.weather[w.name] = rng.normal(size=shape).astype(np.float16)
            mean = {k: SimpleNamespace(mean=v[-1]) for k, v in self.weather.items()}
            return SimpleNamespace(z=self.z, paths=mean, sd={})

    def learned(
        corridor: Any, priors: Any, *_: Any, rounds: int = 1, work: Any = None, **__: Any
    ) -> Any:
        from caudal.compute.store import kept
        from caudal.learn.constants import Moved

        moved = None
        for number in range(rounds):
            rng = np.random.default_rng(number)
            names = ("stop_rate_per_day", "inert")
            made = Moved(names, rng.normal(size=2), np.diag([0.2, 1.0]), {"made up": np.ones(2)},
                         {"made up": 1.0}, np.zeros(2))  # fmt: skip
            moved = Moved.of(kept(work, "round", {"number": number}, made.arrays))
        return moved

    fit.Smoother = Quiet  # type: ignore[misc,assignment]
    fit.learn_constants = learned
    fit.spread = lambda *_: {}  # type: ignore[assignment]


def _fit_words(place: Path) -> list[str]:
    rounds = "2" if "made" in place.name else "1"
    return [
        "fit",
        "--write",
        "--members",
        "16",
        "--rounds",
        rounds,
        "--work",
        str(place / "work"),
        "--json",
    ]


def _fit_prints(place: Path) -> Prints:
    from caudal.compute.posterior import load
    from caudal.errors import CaudalError

    made = _stages(place / "work")
    with suppress(CaudalError):
        load(place / "draws.npz")
        made["draws"] = digest(place / "draws.npz")
    return made


def _made_up_backtest(place: Path) -> None:
    import numpy as np
    import pandas as pd

    import caudal.cli.fit as command
    import caudal.corridor
    from caudal.corridor import Corridor
    from caudal.forecast import baselines, correct, skill, stages
    from caudal.forecast.hindcast import Pass
    from caudal.forecast.vintage import Vintage
    from caudal.learn.constants import Moved

    here: Any = Corridor(posterior=place / "draws.npz", skill=place / "skill")
    caudal.corridor.corridor = lambda *_, **__: here
    command.FIRST_ORIGIN, command.LAST_ORIGIN = "2024-05", "2024-11"

    def constants(*_: Any, **__: Any) -> Moved:
        return Moved(("stop_rate_per_day", "inert"), np.array([0.5, 0.0]), np.diag([0.2, 1.0]),
                     {"made up": np.array([5.0, 0.0])}, {"made up": 1.0}, np.zeros(2))  # fmt: skip

    def one_pass(corridor: Any, priors: Any, z: Any, origins: Any, horizons: int, modes: Any,
                 settings: Any, progress: Any = None) -> Pass:  # fmt: skip
        rng = np.random.default_rng(origins[0] + (1000 if (place / "other").exists() else 0))

        def some(*shape: int) -> np.ndarray:
            return rng.lognormal(7.0, 0.5, shape).astype(np.float32)

        n, m = len(origins), settings.members
        cells = {p.name: len(p.labels) for p in corridor.predictands()}
        return Pass(
            np.array(origins), {k: some(n, 3, c, m) for k, c in cells.items()},
            {mode: {k: some(n, horizons, c, m) for k, c in cells.items()} for mode in modes},
            {mode: {k: some(n, horizons, c) for k, c in cells.items()} for mode in modes},
        )  # fmt: skip

    def walk(corridor: Any, origins: Any, horizons: int, *_: Any) -> Any:
        draws = np.random.default_rng(0).normal(7.0, 0.5, (len(origins), 23, horizons, 20))
        return dict.fromkeys(baselines.NAMES, draws)

    def scored(parts: Any, about: Any) -> dict[str, pd.DataFrame]:
        """A table of a few numbers for each: scoring is not what is under trial."""
        seed = int(parts[0].came[np.isfinite(parts[0].came)].sum()) + (place / "other").exists()
        rng = np.random.default_rng(seed)
        made = {n: pd.DataFrame({"value": rng.normal(size=200)}) for n in skill.TABLES}
        best = {"mode": "blind", "target": "made up", "scale": "log", "best": True}
        return {**made, "skill": made["skill"].assign(**best, horizon="1", **about)}

    def taught(run: Any, seen: np.ndarray, last: Any, classes: np.ndarray) -> correct.Correction:
        """A correction of what there is to learn from: learning it is not under trial either."""
        share = float(np.isfinite(seen).mean()) if seen.size else 0.0
        return correct.Correction(
            0.5, share, np.ones((int(classes.max()) + 1, run.middle.shape[1]))
        )

    correct.learn, correct.DRAWS = taught, 32  # type: ignore[assignment]
    skill.tables = scored  # type: ignore[assignment]
    stages.learn_constants, stages.hindcast = constants, one_pass  # type: ignore[assignment]
    Vintage.history = lambda self, until: None  # type: ignore[assignment,method-assign]
    baselines.all_origins = walk  # type: ignore[assignment]


def _backtest_words(place: Path) -> list[str]:
    span = ["--from", "2024-05", "--to", "2024-11"]
    return [
        "backtest",
        "--members",
        "16",
        *span,
        "--work",
        str(place / "work"),
        "--write",
        "--json",
    ]


def _backtest_prints(place: Path) -> Prints:
    """The scores as one whole: tables of two backtests are not a print of either."""
    from caudal.errors import CaudalError
    from caudal.forecast import corrections, past, skill

    made = _stages(place / "work")
    folder = place / "skill"

    def scores() -> str:
        tables = skill.read(folder)
        return hashlib.sha256("".join(t.to_csv() for t in tables.values()).encode()).hexdigest()

    for name, read in (
        ("scores", scores), ("past", lambda: past.read(folder).to_csv()),
        ("corrections", lambda: str(corrections.read(place / "correction.json"))),
    ):  # fmt: skip
        with suppress(CaudalError):
            made[name] = hashlib.sha256(read().encode()).hexdigest()
    return made


def other_backtest(place: Path) -> None:
    """Mark a place so that its made-up backtest says something else."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "other").touch()


COMMANDS = {
    one.name: one
    for one in (
        Command("run", _run_words, _nothing, _run_prints),
        Command("run, ahead", _ahead_words, _nothing, _run_prints),
        Command("fit", _fit_words, _cut_short, _fit_prints),
        Command("fit, whole", _fit_words, _own_place, _fit_prints),
        Command("fit, made up", _fit_words, _made_up_fit, _fit_prints),
        Command("backtest", _backtest_words, _made_up_backtest, _backtest_prints),
    )
}


def warm() -> None:
    """Import what the commands need, so that each child begins where they begin to work."""
    import caudal.cli.fit
    import caudal.cli.run
    import caudal.cli.serve
    import caudal.compute.run
    import caudal.corridor.observables
    import caudal.forecast.backtest
    import caudal.forecast.past
    import caudal.learn.record
    import caudal.report
    import caudal.report.of_run
    import caudal.service
    import caudal.service.server
    import caudal.service.worker  # noqa: F401

    os.environ.setdefault("JAX_PLATFORMS", "cpu")
