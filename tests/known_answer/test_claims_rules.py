"""The rules by which claims are judged, each with numbers whose answer is plain."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from caudal.ask import claims_rules as rules
from caudal.ask.claims_rules import Happened, Ruling
from caudal.ask.claims_tests import Falls, Makes, Moves, Says

pytestmark = pytest.mark.known_answer


def says(**fields: Any) -> Says:
    return Says.model_validate(fields)


@pytest.mark.parametrize(
    ("found", "said", "answer"),
    [
        (109.9, {"is": "about", "value": 100}, "matches"),
        (90.0, {"is": "about", "value": 100}, "matches"),
        (110.1, {"is": "about", "value": 100}, "differs"),
        (110.1, {"is": "about", "value": 100, "tolerance": 0.2}, "matches"),
        (102.0, {"is": "equals", "value": 100}, "matches"),
        (102.1, {"is": "equals", "value": 100}, "differs"),
        (98.0, {"is": "at_least", "value": 100}, "matches"),
        (97.9, {"is": "at_least", "value": 100}, "differs"),
        (1e9, {"is": "at_least", "value": 100}, "matches"),
        (102.0, {"is": "at_most", "value": 100}, "matches"),
        (102.1, {"is": "at_most", "value": 100}, "differs"),
        (9.8, {"is": "between", "between": [10, 20]}, "matches"),
        (20.5, {"is": "between", "between": [10, 20]}, "differs"),
        (-0.41, {"is": "at_most", "value": -0.4}, "matches"),
        (0.0, {"is": "equals", "value": 0}, "matches"),
        (0.001, {"is": "equals", "value": 0}, "differs"),
    ],
)
def test_figures(found: float, said: dict[str, Any], answer: str) -> None:
    assert rules.figure(found, says(**said)).answer == answer


def test_how_far_off_is_a_share_of_the_counted() -> None:
    assert rules.figure(80, says(**{"is": "about", "value": 100})).off == pytest.approx(0.25)
    assert rules.figure(30, says(**{"is": "between", "between": [10, 20]})).off == pytest.approx(
        -1 / 3
    )


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [
        (3.1, 5.0, Ruling("matches")),
        (5.0, 3.1, Ruling("matches")),
        (1.0, 5.0, Ruling("not identifiable", "bounds straddle")),
        (0.5, 1.5, Ruling("differs", off=1.0)),
    ],
)
def test_bounds(low: float, high: float, answer: Ruling) -> None:
    assert rules.bounded(low, high, says(**{"is": "at_least", "value": 3})) == answer


@pytest.mark.parametrize(
    ("before", "after", "moves", "answer"),
    [
        (100, 105, {"direction": "up"}, "matches"),
        (100, 104, {"direction": "up"}, "differs"),
        (100, 104, {"direction": "flat"}, "matches"),
        (100, 106, {"direction": "flat"}, "differs"),
        (100, 94, {"direction": "down", "by": 0.06}, "matches"),
        (100, 100, {"direction": "up", "by": 0}, "differs"),
        (100, 100, {"direction": "down", "by": 0}, "differs"),
        (0, 100, {"direction": "up"}, "not identifiable"),
    ],
)
def test_trends(before: float, after: float, moves: dict[str, Any], answer: str) -> None:
    assert rules.trend(before, after, Moves.model_validate(moves)).answer == answer


MARCH = Happened(date(2021, 3, 1), date(2021, 4, 1))
THE_15TH = Happened(date(2021, 3, 15), date(2021, 3, 16))


@pytest.mark.parametrize(
    ("event", "falls", "answer"),
    [
        (MARCH, {"by": "2021-03"}, Ruling("matches")),
        (MARCH, {"by": "2021-03-15"}, Ruling("not identifiable", "too coarse")),
        (THE_15TH, {"by": "2021-03-15"}, Ruling("matches")),
        (THE_15TH, {"by": "2021-03-14"}, Ruling("differs", off=1)),
        (MARCH, {"by": "2021-02"}, Ruling("differs", off=1)),
        (MARCH, {"from": "2021-03", "to": "2021-05"}, Ruling("matches")),
        (MARCH, {"from": "2021-03-10", "to": "2021-05"}, Ruling("not identifiable", "too coarse")),
        (THE_15TH, {"from": "2021-04", "to": "2021-05"}, Ruling("differs", off=-17)),
        (Happened(None, None), {"by": "2021-03"}, Ruling("differs")),
    ],
)
def test_timing(event: Happened, falls: dict[str, Any], answer: Ruling) -> None:
    assert rules.timing(event, Falls.model_validate(falls)) == answer


def test_one_event_before_another() -> None:
    before = Falls.model_validate({"before": {"policy": "x", "what": "starts"}})
    after = Falls.model_validate({"after": {"policy": "x", "what": "starts"}})
    april = Happened(date(2021, 4, 1), date(2021, 5, 1))
    assert rules.timing(MARCH, before, april) == Ruling("matches")
    assert rules.timing(april, before, MARCH) == Ruling("differs", off=31)
    assert rules.timing(april, after, MARCH) == Ruling("matches")
    assert rules.timing(MARCH, after, april) == Ruling("differs", off=-31)
    assert rules.timing(MARCH, after, THE_15TH) == Ruling("not identifiable", "too coarse")


def test_probability_of_a_cause() -> None:
    without = np.full(10, 100.0)
    was = np.array([111.0] * 9 + [109.0])
    assert rules.probability(was, without, Makes(direction="more", share=0.1)) == 0.9
    assert rules.probability(was, without, Makes(direction="fewer", share=0.0)) == 0.0
    assert rules.probability(without, without, Makes(direction="more", share=0.0)) == 0.0
    assert rules.probability(without, without, Makes(direction="fewer", share=0.0)) == 0.0


@pytest.mark.parametrize(
    ("chances", "contraction", "answer"),
    [
        ((0.9, 1.0), 0.21, Ruling("supported")),
        ((0.1, 0.0), 0.21, Ruling("not supported")),
        ((0.5, 0.8), 0.21, Ruling("not identifiable", "interval too wide")),
        ((1.0, 0.89), 0.21, Ruling("not identifiable", "weathers disagree")),
        ((0.11, 0.0), 0.21, Ruling("not identifiable", "weathers disagree")),
        ((1.0, 0.0), 0.21, Ruling("not identifiable", "weathers disagree")),
        ((1.0, 1.0), 0.2, Ruling("not identifiable", "rests on priors")),
        ((1.0, 0.0), 0.0, Ruling("not identifiable", "rests on priors")),
    ],
)
def test_causes(chances: tuple[float, float], contraction: float, answer: Ruling) -> None:
    assert rules.cause(chances, contraction) == answer


def test_the_reading_that_decides() -> None:
    far, near = Ruling("differs", off=0.5), Ruling("differs", off=-0.2)
    assert rules.best([far, near]) == 1
    assert rules.best([far, Ruling("matches")]) == 1
    assert rules.best([rules.unknown("nothing counted"), far]) == 1
    assert rules.best([rules.unknown("nothing counted"), rules.unknown("not yet counted")]) == 0
