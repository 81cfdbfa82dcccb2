"""`caudal fit` and `caudal backtest` on a corridor cut short: options, what is told, what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caudal.cli import main
from caudal.compute.posterior import load
from caudal.corridor import corridor
from caudal.learn.constants import Moved
from fit_worlds import LEARNED, Short

pytestmark = pytest.mark.unit


@pytest.fixture
def short(tmp_path, monkeypatch) -> Short:
    """The corridor that commands meet, with files of its own."""
    here = Short(posterior=tmp_path / "draws.npz", skill=tmp_path / "skill")
    monkeypatch.setattr("caudal.corridor.corridor", lambda: here)
    return here


def call(capsys, *words: str) -> tuple[int, str, str]:
    status = main([str(w) for w in words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.slow
def test_a_fit_says_what_the_counts_did_and_goes_on_from_finished_rounds(
    short, tmp_path, capsys, monkeypatch
):
    work, record = tmp_path / "work", tmp_path / "fit.nc"
    words = (
        "fit",
        "--write",
        "--members",
        16,
        "--rounds",
        1,
        "--work",
        work,
        "--record",
        record,
        "--json",
    )
    status, out, _ = call(capsys, *words)
    assert status == 0
    told = json.loads(out)
    assert told["draws"] == 16
    assert {row["constant"].partition("[")[0] for row in told["constants"]} == set(LEARNED)
    by_name = {row["constant"]: row for row in told["constants"]}
    assert by_name["inert"]["sd"] >= 0.95
    assert abs(by_name["inert"]["mean"]) <= 0.05
    informations = [row["information"] for row in told["constants"]]
    assert informations == sorted(informations, reverse=True)
    assert max(informations) > 0
    assert {row["weather"] for row in told["weather"]} == set(corridor().processes)
    posterior = load(short.posterior)
    assert posterior.about["constants"]["inert"]["sd"] == by_name["inert"]["sd"]
    assert posterior.about["settings"]["variance"] == 1.0

    (kept,) = work.iterdir()
    with np.load(kept) as file:
        assert set(LEARNED) == {n.partition("[")[0] for n in Moved.of(file).names}
    # the finished round is read and not made again: no other history than the draws' is run
    monkeypatch.setattr("caudal.learn.fit.design", lambda *_: pytest.fail("made again"))
    status, again, _ = call(capsys, *words)
    assert status == 0
    assert json.loads(again) == told
    assert record.stat().st_size > 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["draws.npz", "fit.nc", "work"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("fit", "--out", "draws.npz", "--variance", "0"), "--variance"),
        (("fit",), "--out, --write: nowhere to write the draws"),
        (("fit", "--write", "--out", "draws.npz"), "--out, --write: both given"),
        (("fit", "--out", "{}"), "--out"),
        (("fit", "--write", "--record", "{}"), "--record"),
        (("fit", "--write", "--work", "{}/file"), "--work"),
        (("backtest", "--from", "2021-13"), "--from"),
        (("backtest", "--from", "2019-01"), "--from"),
        (("backtest", "--from", "2022-05", "--to", "2022-01"), "--to"),
        (("backtest", "--to", "2022-01", "--write"), "--write"),
    ],
)
def test_bad_words_are_one_line_and_change_nothing(short, tmp_path, capsys, words, told):
    (tmp_path / "file").write_text("mine")
    status, out, err = call(capsys, *(w.format(tmp_path) for w in words))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert [p.name for p in Path(tmp_path).iterdir()] == ["file"]
