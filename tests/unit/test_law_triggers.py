"""A trigger's value beside the rest of the law: while on, while off, over time."""

from __future__ import annotations

import datetime as dt

import pytest

from caudal.corridor.policies import law as corridor_law
from caudal.errors import CaudalError
from policy_worlds import document, law_of

pytestmark = pytest.mark.unit

JAN, FEB, MAR, APR = (dt.date(2020, m, 1) for m in (1, 2, 3, 4))


def trigger(start: dt.date, value: float, *, known=None, days: int = 14, **more) -> dict:
    rule = {"signal": "river", "on_at_or_above": 25, "off_below": 15, "off_after_days": days}
    return {
        "from": start, "trigger": {**rule, "value": value}, "known_on": known or start,
        "source": "s", **more,
    }  # fmt: skip


def plain(start: dt.date, value: float, **more) -> dict:
    return {"from": start, "value": value, "known_on": start, "source": "s", **more}


def compiled(*documents):
    return law_of(list(documents)).compile(JAN, APR)


@pytest.mark.parametrize(
    ("lever", "base", "off", "on"),
    [
        ("one", [plain(JAN, 5)], 5, 9),  # replace: the rule that supersedes, only while on
        ("top", [plain(JAN, 5)], 5, 9),  # max
        ("top", [plain(JAN, 12)], 12, 12),
        ("cap", [plain(JAN, 5)], 5, 5),  # min
        ("cap", [plain(JAN, 50)], 50, 9),
        ("places", [plain(JAN, 5)], 7, 16),  # sum with the default of 2
        ("top", [], 0, 9),
    ],
)
def test_on_and_off_by_rule(lever, base, off, on):
    documents = [document("base", {lever: base})] if base else []
    rule = document("rule", {lever: [trigger(FEB, 9)]}, supersedes=[d.id for d in documents])
    tables = compiled(*documents, rule)
    assert (tables.value(lever, MAR) == off).all()
    assert (tables.value(lever, MAR, on="rule:river") == on).all()
    assert (tables.value(lever, JAN, on="rule:river") == tables.value(lever, JAN)).all()


def test_a_superseding_document_silences_the_trigger():
    rule = document("rule", {"one": [trigger(FEB, 9)]})
    later = document("later", {"one": [plain(MAR, 4)]}, supersedes=["rule"])
    tables = compiled(rule, later)
    assert (tables.value("one", FEB, on="rule:river") == 9).all()
    assert (tables.value("one", MAR, on="rule:river") == 4).all()


def test_levers_that_a_trigger_does_not_touch_are_absent():
    tables = compiled(document("rule", {"one": [trigger(FEB, 9)]}))
    assert set(tables.triggered) == {"rule:river"}
    assert set(tables.triggered["rule:river"]) == {"one"}


def test_terms_by_day_and_when_it_may_act():
    ended = {"ended": MAR, "known_on": MAR, "source": "s"}
    entries = [trigger(JAN, 9), trigger(FEB, 9, days=28), ended]
    (rule,) = compiled(document("rule", {"one": entries})).triggers
    assert (rule.id, rule.signal) == ("rule:river", "river")
    assert rule.active.tolist() == [True] * 60 + [False] * 31
    assert rule.off_after_days[[0, 30, 31, 59, 60]].tolist() == [14, 14, 28, 28, 0]
    assert rule.starts.nonzero()[0].tolist() == [0]
    assert rule.ends.nonzero()[0].tolist() == [60]


def test_announced_trigger_acts_ahead_only_once_known():
    law = law_of([document("rule", {"one": [trigger(MAR, 9, known=FEB)]})])
    (ahead,) = law.compile_announced(JAN, APR, lead_days=40).triggers
    assert ahead.active.nonzero()[0][0] == (FEB - JAN).days


def test_two_thresholds_at_one_time_are_refused():
    rule = document("rule", {"one": [trigger(FEB, 9)], "top": [trigger(FEB, 9, days=7)]})
    with pytest.raises(CaudalError, match="two thresholds on 'river'"):
        law_of([rule])
    slow = document("rule", {"one": [trigger(JAN, 9)], "top": [trigger(FEB, 9, days=7)]})
    with pytest.raises(CaudalError, match="two thresholds on 'river' after 2020-02-01 in 'rule'"):
        compiled(slow)


def test_triggers_on_different_groups_stand_side_by_side():
    one = document("r1", {"one": [trigger(JAN, 9, who={"group": ["a"]})]})
    two = document("r2", {"one": [trigger(JAN, 4, who={"group": ["b"]})]})
    tables = compiled(one, two)
    assert tables.value("one", FEB, on="r1:river")[:, 0].tolist() == [9, 3, 3]
    assert tables.value("one", FEB, on="r2:river")[:, 0].tolist() == [3, 4, 3]


def test_the_law_names_the_signals_that_it_watches():
    (where,) = corridor_law().signals().values()
    assert "us-securing-the-border.yaml:" in where
    assert where.endswith("trigger.signal'")
