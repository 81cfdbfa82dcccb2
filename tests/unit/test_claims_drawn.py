"""What a claim looks like as a chart, and the shipped verdicts against those that are found today."""

from __future__ import annotations

import json

import pytest

from caudal.ask.claims import judge, ledger
from caudal.ask.claims_counts import Counts
from caudal.ask.claims_drawn import drawn
from caudal.ask.claims_tests import CauseTest
from caudal.corridor import corridor
from caudal.data.store import data_vintage, open_series
from caudal.service import judged
from caudal.service.answers import json_bytes
from caudal.service.kinds.claims import told

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def entries():
    return {entry.id: entry for entry in ledger(corridor())}


@pytest.fixture(scope="module")
def counts():
    return Counts(corridor())


def test_a_trend_is_drawn_by_its_series(entries, counts):
    shown = drawn(entries["a000-mexico-relaxed"].claim.test, counts)
    events = open_series("mx.events").groupby("month").people.sum()
    at = {p["start"][:7]: p["value"] for p in shown["points"]}
    assert at["2021-03"] == events["2021-03-01"]
    before, after = shown["windows"]
    assert (before["start"], before["end"]) == ("2020-11-01", "2021-02-01")
    assert before["value"] == pytest.approx(events["2020-11":"2021-01"].mean())
    assert after["value"] == pytest.approx(events["2021-02":"2021-04"].mean())


def test_a_year_stands_beside_years(entries, counts):
    shown = next(
        d for e in entries.values()
        if e.claim.test is not None and (d := drawn(e.claim.test, counts))["kind"] == "figure"
        and d["windows"][0]["start"].endswith("10-01") and d["points"]
    )  # fmt: skip
    assert all(p["start"].endswith("10-01") and p["end"].endswith("10-01") for p in shown["points"])
    assert shown["windows"][0]["start"] in {p["start"] for p in shown["points"]}


def test_a_cause_has_no_counts_to_draw(entries, counts):
    cause = next(e.claim.test for e in entries.values() if isinstance(e.claim.test, CauseTest))
    assert drawn(cause, counts)["kind"] == "none"


def test_shipped_verdicts_are_todays(entries, counts):
    """Else: python scripts/claims_judged.py --counts."""
    held = judged.shipped()
    assert held is not None
    assert judged.current(data_vintage())
    shipped = {row["claim"]["id"]: row for row in held["claims"]}
    assert shipped.keys() == entries.keys()
    plain = [e for e in entries.values() if not isinstance(e.claim.test, CauseTest)]
    for verdict in judge(corridor(), plain, counts, {}):
        found = json.loads(json_bytes(told(verdict)))
        assert shipped[verdict.id]["verdict"] == found, verdict.id
        seen = json.loads(json_bytes(judged.draw(entries[verdict.id], counts)))
        assert shipped[verdict.id]["drawn"] == seen, verdict.id
    assert {i for i, row in shipped.items() if judged.is_cause(row["claim"])} == {
        e.id for e in entries.values() if isinstance(e.claim.test, CauseTest)
    }


def test_a_cause_of_other_draws_says_so():
    made = judged.made_now(96, data_vintage())
    verdict = {"id": "x", "verdict": "supported"}
    assert judged.dated(verdict, made, data_vintage())["made"]["current"]
    older = {**made, "code_version": "0.0.0+00000000"}
    assert not judged.dated(verdict, older, data_vintage())["made"]["current"]


def test_a_changed_test_loses_its_shipped_cause(entries):
    tests = {e.id: e.claim.test.model_dump(mode="json") for e in entries.values() if e.claim.test}
    kept = judged.causes(tests, data_vintage())
    assert kept
    name = next(iter(kept))
    changed = {**tests, name: {**tests[name], "without": "baseline"}}
    assert name not in judged.causes(changed, data_vintage())
