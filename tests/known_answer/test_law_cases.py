"""Cases of the real law, as a lawyer would write them (tests/fixtures/policies/cases.yaml)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from caudal.corridor.policies import law

pytestmark = pytest.mark.known_answer

CASES = yaml.safe_load(
    (Path(__file__).parent.parent / "fixtures/policies/cases.yaml").read_text(encoding="utf-8")
)


def told(case: dict) -> str:
    who = "-".join(case.get("who", {}).values())
    return f"{case.get(True, case.get('on'))}-{case['lever']}-{who}".rstrip("-")


@pytest.mark.parametrize("case", CASES, ids=told)
def test_case(case):
    day = case.get(True, case.get("on"))  # YAML 1.1 reads a bare `on` as true
    known = law().as_known(case["known_on"]) if "known_on" in case else law()
    view = known.on(day)
    if case.get("trigger"):
        book = known.book(case["lever"])
        (values,) = book.settle(day).triggered.values()
        axes = [known.vocabulary[axis].index(case["who"][axis]) for axis in book.lever.dims]
        assert values[tuple(axes)] == case["is"]
    else:
        assert view.value(case["lever"], **case.get("who", {})) == case["is"]


def test_every_shipped_policy_has_a_case_on_one_of_its_levers():
    tested = {case["lever"] for case in CASES}
    untested = {document.id for document in law().documents if not tested & set(document.design)}
    assert not untested


def test_title_42_end_is_half_open_and_border_local():
    tables = law().compile(dt.date(2023, 5, 11), dt.date(2023, 5, 13))
    assert tables.value("us.title42.expulsion", dt.date(2023, 5, 11)).all()
    assert not tables.value("us.title42.expulsion", dt.date(2023, 5, 12)).any()


def test_announced_end_of_title_42_is_expected_until_it_is_blocked():
    start = dt.date(2022, 3, 1)
    ahead = law().compile_announced(start, dt.date(2022, 7, 1), lead_days=60)

    def expected(day: dt.date) -> float:
        return float(ahead.value("us.title42.expulsion", day).max())

    assert expected(dt.date(2022, 3, 31)) == 1  # not announced yet
    assert expected(dt.date(2022, 4, 1)) == 0  # 31 May lies after the announced end
    assert expected(dt.date(2022, 5, 19)) == 0
    assert expected(dt.date(2022, 5, 20)) == 1  # blocked


def test_june_2024_trigger_keeps_one_state_while_its_terms_change():
    tables = law().compile(dt.date(2024, 6, 1), dt.date(2025, 2, 1))
    (trigger,) = tables.triggers

    def on(day: dt.date) -> int:
        return (day - tables.start).days

    assert trigger.active[on(dt.date(2024, 6, 5)) : on(dt.date(2025, 1, 20))].all()
    assert trigger.active.sum() == (dt.date(2025, 1, 20) - dt.date(2024, 6, 5)).days
    assert trigger.starts.sum() == trigger.ends.sum() == 1
    assert trigger.on_at_or_above[on(dt.date(2024, 7, 1))] == 2500
    assert trigger.off_below[on(dt.date(2024, 7, 1))] == 1500
    assert trigger.off_after_days[on(dt.date(2024, 9, 30))] == 14
    assert trigger.off_after_days[on(dt.date(2024, 10, 1))] == 28
    assert set(tables.triggered[trigger.id]) == {"us.asylum.bar", "us.screening.standard"}
