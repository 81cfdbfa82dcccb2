"""A backtest goes on from what is finished; its stages are made-up here, and quick."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from caudal.cli import main
from caudal.compute.engines import Threads
from caudal.compute.store import kept
from caudal.corridor import Corridor
from caudal.errors import CaudalError
from caudal.forecast import backtest, baselines, corrections, skill, stages
from caudal.forecast.backtest import HORIZONS, MODES, YEAR
from caudal.forecast.hindcast import Pass
from caudal.forecast.vintage import Vintage
from caudal.learn.constants import Moved
from caudal.learn.smoother import Settings

pytestmark = pytest.mark.unit

FIRST, LAST = date(2021, 10, 1), date(2024, 11, 1)
SMALL = Settings(members=16, chunk=16)


@pytest.fixture
def log(monkeypatch) -> list[str]:
    """Passes and constants without any run; what was made, in order."""
    made: list[str] = []

    def constants(corridor, priors, outside, counts, months, settings, *, names, **_):
        made.append(f"constants at {months[1] - 1}, of {'all' if names is None else sorted(names)}")
        said = np.array([5.0, 0.0])
        return Moved(
            ("stop_rate_per_day", "inert"), np.array([0.5, 0.0]), np.diag([0.2, 1.0]),
            {"made up": said}, {"made up": 1.0}, np.zeros(2),
        )  # fmt: skip

    def one_pass(corridor, priors, z, origins, horizons, modes, settings, progress=None):
        made.append(f"pass {origins[0]}–{origins[-1]}")
        assert z["stop_rate_per_day"].shape[-1] == settings.members
        rng = np.random.default_rng(origins[0])

        def some(*shape):
            return rng.lognormal(7.0, 0.5, shape).astype(np.float32)

        n, m = len(origins), settings.members
        cells = {p.name: len(p.labels) for p in corridor.predictands()}
        return Pass(
            np.array(origins),
            {k: some(n, 3, c, m) for k, c in cells.items()},
            {mode: {k: some(n, horizons, c, m) for k, c in cells.items()} for mode in modes},
            {mode: {k: some(n, horizons, c) for k, c in cells.items()} for mode in modes},
        )

    monkeypatch.setattr(stages, "learn_constants", constants)
    monkeypatch.setattr(stages, "hindcast", one_pass)
    monkeypatch.setattr(Vintage, "history", lambda self, until: None)
    return made


def same(a: Pass, b: Pass) -> bool:
    first, second = a.arrays(), b.arrays()
    return first.keys() == second.keys() and all(
        np.array_equal(first[k], second[k]) and first[k].dtype == second[k].dtype for k in first
    )


def test_constants_are_learned_anew_every_year_and_the_warm_up_has_priors_alone(log):
    made = backtest.hindcasts(Corridor(), FIRST, LAST, SMALL, workers=1)
    first = 51  # October 2021
    others = [first + YEAR, first + 2 * YEAR, first + 3 * YEAR]
    assert log == [
        # the years before have priors alone; what counts had nothing to say of is not varied again
        "pass 27–38",
        f"pass 39–{first - 1}",
        f"constants at {first}, of all",
        f"pass {first}–{first + 11}",
        *(f"constants at {at}, of ['stop_rate_per_day']" for at in others),
        *(f"pass {at}–{min(at + 11, 88)}" for at in others),
    ]
    assert made.passes.origins.tolist() == list(range(27, 89))
    assert made.late["nationality"] == 0
    assert all(late >= 0 for late in made.late.values())


def test_a_second_call_reads_what_the_first_left_bit_for_bit(log, tmp_path):
    first = backtest.hindcasts(Corridor(), FIRST, LAST, SMALL, tmp_path, workers=Threads(3))
    done, files = len(log), sorted(p.name for p in tmp_path.iterdir())
    again = backtest.hindcasts(Corridor(), FIRST, LAST, SMALL, tmp_path)
    assert len(log) == done == len(files) == 10
    assert same(first.passes, again.passes)
    assert sorted(p.name for p in tmp_path.iterdir()) == files
    # other settings are other files
    backtest.hindcasts(Corridor(), FIRST, FIRST, Settings(members=8, chunk=8), tmp_path)
    assert len(log) == done + 4


def test_one_that_was_stopped_goes_on_and_leaves_nothing_partial(log, tmp_path, monkeypatch):
    whole = backtest.hindcasts(Corridor(), FIRST, LAST, SMALL)
    real, written = np.savez_compressed, []

    def stop(file, **arrays):
        written.append(1)
        if len(written) == 5:
            file.write(b"half of it")
            raise KeyboardInterrupt
        real(file, **arrays)

    monkeypatch.setattr(np, "savez_compressed", stop)
    with pytest.raises(KeyboardInterrupt):
        backtest.hindcasts(Corridor(), FIRST, LAST, SMALL, tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    monkeypatch.setattr(np, "savez_compressed", real)
    before = len(log)
    again = backtest.hindcasts(Corridor(), FIRST, LAST, SMALL, tmp_path)
    assert len(log) - before == 10 - 4
    assert same(whole.passes, again.passes)


def test_a_file_that_cannot_be_read_is_made_anew(tmp_path):
    calls = []

    def make():
        calls.append(1)
        return {"a": np.arange(3)}

    kept(tmp_path, "thing", {"x": 1}, make)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:40])
    np.testing.assert_array_equal(kept(tmp_path, "thing", {"x": 1}, make)["a"], np.arange(3))
    kept(tmp_path, "thing", {"x": 1}, make)
    assert len(calls) == 2
    kept(None, "thing", {"x": 1}, make)
    assert len(calls) == 3


def test_a_work_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CaudalError, match="work folder"):
        kept(tmp_path / "file", "thing", {}, lambda: {"a": np.zeros(1)})
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.slow
def test_the_command_writes_tables_and_corrections(log, tmp_path, capsys, monkeypatch):
    here = Corridor(posterior=tmp_path / "draws.npz", skill=tmp_path / "skill")
    monkeypatch.setattr("caudal.corridor.corridor", lambda: here)

    def walk(corridor, origins, horizons, progress=None, workers=2):
        rng = np.random.default_rng(0)
        draws = rng.normal(7.0, 0.5, (len(origins), 23, horizons, 50))
        return dict.fromkeys(baselines.NAMES, draws)

    monkeypatch.setattr(baselines, "all_origins", walk)
    words = ["backtest", "--members", "16", "--work", str(tmp_path / "work"), "--write", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)["skill"]
    assert {row["mode"] for row in told} == set(MODES)
    made = skill.read(here.skill)
    assert set(made["skill"]["mode"]) == set(MODES)
    by = corrections.read(tmp_path / "correction.json")
    assert set(by) == {p.name for p in here.predictands()}
    assert all(c.stretch.shape[1] == HORIZONS for c in by.values())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["correction.json", "skill", "work"]
