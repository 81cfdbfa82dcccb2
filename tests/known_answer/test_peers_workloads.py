"""The peers' workloads on Caudal against theory, and the theory against itself.

Sampled checks use `truth.FALSE_ALARM`: one in 10,000 each, at a fixed seed.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

PEERS = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"
sys.path[:0] = [str(PEERS), str(PEERS / "adapters")]

import truth  # noqa: E402
from common import DAYS, PLACES, Job, hazards  # noqa: E402
from engines import ENGINES, WORKLOADS  # noqa: E402
from with_caudal import Run  # noqa: E402

pytestmark = pytest.mark.known_answer

TABLE = PEERS.parent / "results" / "peers.csv"
PEOPLE = 10_000


def test_reference_queue_by_hand():
    came = np.array([[500, 0], [100, 10], [0, 0], [0, 0]])
    # mornings: 0, then 500, 300, 0 wait in the first run; 0, 0, 10, 0 in the second
    assert truth.queue(came, lambda waiting: np.minimum(300, waiting)).tolist() == [600, 10]
    assert truth.queue(came[:2], lambda waiting: np.minimum(300, waiting)).tolist() == [300, 0]


@pytest.mark.parametrize("kind", ["competing", "linear", "repeated", "continuous"])
@pytest.mark.parametrize("border", [False, True])
def test_every_step_is_a_chain(kind: str, border: bool):
    table = truth.step(kind, border, 0.04)
    assert table.min() > -1e-15
    np.testing.assert_allclose(table.sum(1), 1, rtol=1e-12)
    assert not border or table[-1, -1] == pytest.approx(1, abs=1e-12)


def test_repeated_moves_add_up():
    """Flee's day: the sum over 0, 1, 2 … moves of the chance of so many and then of staying."""
    once = truth.step("competing", False, 0.04)
    stays = np.diag(np.diag(once))
    moves = once - stays
    series = sum(np.linalg.matrix_power(moves, k) @ stays for k in range(40))
    np.testing.assert_allclose(truth.step("repeated", False, 0.04), series, atol=1e-15)


def test_two_places_by_hand():
    """One hazard only, out of the first place of a border chain: 1 − exp(−0.04)."""
    assert hazards(True)[0] == {1: 0.04}
    assert truth.step("competing", True, 0.04)[0, 1] == pytest.approx(1 - np.exp(-0.04))
    assert hazards(True)[PLACES - 1] == {PLACES: 0.04, PLACES - 2: 0.01}


@pytest.mark.parametrize("how", ["expected", "sampled"])
def test_chain(how: str):
    counts = np.array(Run(Job("chain", how, PEOPLE, 1, 0)).whole(3))
    verdict = truth.judge_chain(counts, how, "competing", PEOPLE)
    assert verdict.right, verdict
    assert counts.sum() == pytest.approx(PEOPLE, rel=1e-6)
    # the same counts with a twentieth moved on are called wrong
    counts[0, 0], counts[0, -1] = 0, counts[0, -1] + counts[0, 0] + 0.05 * PEOPLE
    assert not truth.judge_chain(counts, how, "competing", PEOPLE).right


@pytest.mark.parametrize("how", ["expected", "sampled"])
def test_border_of_many_members(how: str):
    people = 1_000_000
    counts = np.array(Run(Job("ensemble", how, people, 8, 0)).whole(5))
    assert counts.shape == (8, PLACES + 2)
    verdict = truth.judge_border(counts, how, "competing", "binomial", people)
    assert verdict.right, verdict
    assert counts[:, -1].max() < 301 * DAYS
    # a desk that let in two hundredths more is called wrong
    counts[:, -2] -= 0.02 * counts[:, -1]
    counts[:, -1] *= 1.02
    assert not truth.judge_border(counts, how, "competing", "binomial", people).right


def test_filter():
    loglik = Run(Job("filter", "expected", 1_000_000, 1_000, 0)).filtered(2)
    assert truth.judge_filter(loglik, "expected", 1_000_000).right
    assert not truth.judge_filter(loglik - 2.0, "expected", 1_000_000).right


def test_committed_rows_name_versions_and_say_whether_they_are_right():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["version"], row
        assert row["machine"], row
        assert row["code"], row
        if row["processor_seconds"]:
            assert row["right"] in ("yes", "no"), row
            assert row["check"], row
            limit = truth.TOLERANCE if "error" in row["check"] else truth.FALSE_ALARM
            below = float(row["value"]) <= limit
            assert (row["right"] == "yes") == (below if "error" in row["check"] else not below), row
        else:
            assert row["note"], row
    for engine in ENGINES:
        mine = [r for r in rows if r["engine"] == engine.name]
        assert {r["workload"] for r in mine} >= set(WORKLOADS) or any(
            "not installed" in r["note"] for r in mine
        ), engine.name
    assert not [r for r in rows if r["engine"] == "caudal" and r["right"] == "no"]
