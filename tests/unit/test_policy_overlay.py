"""What each word of an overlay does, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from caudal.errors import CaudalError
from caudal.policy.marks import parse_yaml
from policy_worlds import document, law_of

pytestmark = pytest.mark.unit


def day(month: int, of_month: int = 1) -> dt.date:
    return dt.date(2020, month, of_month)


@pytest.fixture(scope="module")
def law():
    steps = [
        {"from": day(1), "value": 10, "known_on": day(1), "source": "s"},
        {"from": day(2), "value": 20, "known_on": day(1, 20), "source": "s"},
        {"ended": day(4), "known_on": day(3), "source": "s"},
    ]
    twice = [
        {"from": day(1), "value": 1, "known_on": day(1), "source": "s"},
        {"ended": day(2), "known_on": day(1, 15), "source": "s"},
        {"from": day(3), "until": day(5), "value": 2, "known_on": day(3), "source": "s"},
    ]
    return law_of([document("steps", {"places": steps}), document("twice", {"top": twice})])


def places(law, *days: dt.date) -> list[float]:
    """The lever that adds to a default of 2."""
    return [float(law.on(d)["places"]) for d in days]


def top(law, *days: dt.date) -> list[float]:
    return [float(law.on(d)["top"][0]) for d in days]


def test_the_law_itself(law):
    assert places(law, day(1), day(2), day(3, 31), day(4)) == [12, 22, 22, 2]
    assert top(law, day(1), day(2), day(3), day(4, 30), day(5)) == [1, 0, 2, 2, 0]


def test_off_takes_it_out(law):
    for off in ("off", False):  # YAML reads a bare off as false
        assert places(law.overlaid({"steps": off}), day(1), day(3)) == [2, 2]


def test_later_end_runs_on_with_the_last_value(law):
    longer = law.overlaid({"steps": {"ended": day(6)}})
    assert places(longer, day(2), day(5, 31), day(6)) == [22, 22, 2]
    # the new end is known when the one that it replaces was
    assert [e.known_on for _, _, e in longer["steps"].entries() if e.ended] == [day(3)]


def test_earlier_end_drops_what_came_after(law):
    shorter = law.overlaid({"steps": {"ended": day(1, 10)}})
    assert places(shorter, day(1), day(1, 10), day(2)) == [12, 2, 2]
    assert [e.known_on for _, _, e in shorter["steps"].entries() if e.ended] == [day(1, 10)]


def test_an_end_keeps_the_gaps_inside(law):
    longer = law.overlaid({"twice": {"ended": day(7)}})
    assert top(longer, day(1), day(2), day(3), day(6), day(7)) == [1, 0, 2, 2, 0]


def test_known_on_may_be_given(law):
    longer = law.overlaid({"steps": {"ended": day(6), "known_on": day(2, 10)}})
    assert places(longer.as_known(day(2, 9)), day(6)) == [22]
    assert places(longer.as_known(day(2, 10)), day(6)) == [2]


def test_started_moves_the_first_day(law):
    earlier = law.overlaid({"twice": {"started": dt.date(2019, 12, 1)}})
    assert top(earlier, dt.date(2019, 11, 30), dt.date(2019, 12, 1), day(2)) == [0, 1, 0]
    later = law.overlaid({"steps": {"started": day(2, 10)}})
    assert places(later, day(1), day(2, 9), day(2, 10), day(4)) == [2, 2, 22, 2]


def test_shift_moves_dates_and_what_was_known_of_them(law):
    moved = law.overlaid({"steps": {"shift_days": 31}})
    assert places(moved, day(1, 31), day(2), day(3, 2), day(3, 3)) == [2, 12, 12, 22]
    assert places(moved.as_known(day(1, 31)), day(2)) == [2]


def test_scale_multiplies_values(law):
    assert places(law.overlaid({"steps": {"scale": 0.5}}), day(1), day(2)) == [7, 12]


def test_changes_combine_and_may_be_limited_to_levers(law):
    both = law.overlaid({"steps": {"ended": day(6), "scale": 2, "levers": ["places"]}})
    assert places(both, day(2), day(5), day(6)) == [42, 42, 2]
    assert law.overlaid({"steps": {"scale": 2, "levers": ["top"]}}) == law


def test_design_replaces_the_entries_of_a_lever(law):
    entries = [{"from": day(2), "value": 7, "known_on": day(2)}]
    new = law.overlaid({"steps": {"design": {"places": entries}}})
    assert places(new, day(1), day(2), day(12)) == [2, 9, 9]
    (entry,) = (e for _, _, e in new["steps"].entries())
    assert entry.unverified  # a scenario's own number has no source
    assert entry.note == "set by the scenario"


def test_a_whole_document_is_added(law):
    new = {
        "name": {"en": "N", "es": "N"},
        "actor": "someone",
        "kind": "pressure",
        "instrument": "a text",
        "design": {"places": [{"from": day(2), "value": 5, "known_on": day(2)}]},
    }
    more = law.overlaid({"new": new})
    assert list(more) == ["new", "steps", "twice"]
    assert places(more, day(1), day(2)) == [12, 27]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stesp: off\n", "s.yaml:1 field 'stesp': unknown policy 'stesp'; allowed: 'steps' is the"),
        ("steps: on\n", "s.yaml:1 field 'steps': 'True' is no change"),
        ("steps:\n  ended: 2019-01-01\n", "s.yaml:2 field 'ended': end 2019-01-01 before start"),
        ("steps:\n  ended: 2020-02-30\n", "s.yaml:2 field 'steps.ended': '2020-02-30' is no date"),
        ("steps:\n  end: 2020-03-01\n", "s.yaml:2 field 'end': unknown field 'end'"),
        ("steps:\n  started: 2021-01-01\n", "s.yaml:2 field 'started': start 2021-01-01 after"),
        ("steps: {scale: 6}\n", "120 outside the range of places; allowed: 0 to 100"),
        ("steps: {levers: [plces], scale: 2}\n", "unknown lever 'plces'"),
        (
            "steps:\n  design:\n    places:\n      - {from: 2020-01-01, value: 1}\n",
            "s.yaml:4 field 'design.places[0]': 'known_on' missing",
        ),
        ("steps:\n  design:\n    plces: []\n", "s.yaml:3 field 'design.plces': unknown lever"),
    ],
)
def test_refused(law, text, message):
    def read_and_lay() -> None:
        overlay, marks = parse_yaml(text, "s.yaml")
        law.overlaid(overlay, marks)

    with pytest.raises(CaudalError) as raised:
        read_and_lay()
    assert message in str(raised.value)


def test_a_conflict_that_a_scenario_makes_is_refused(law):
    base = law_of([document("a", {"one": [_open(5)]}), document("b", {"top": [_open(5)]})])
    with pytest.raises(CaudalError, match="'one' is set by two documents"):
        base.overlaid({"b": {"design": {"one": [_open(6)]}}})


def _open(value: float) -> dict:
    return {"from": day(1), "value": value, "known_on": day(1), "source": "s"}


def test_a_chain_of_supersession_holds_when_its_middle_is_gone():
    """A document not known yet, or taken out, hands on what it superseded."""
    first = document("first", {"one": [_open(5)]})
    middle = document(
        "middle",
        {"one": [{**_open(6), "from": day(5), "known_on": day(4)}]},
        supersedes=["first"],
    )
    last = document("last", {"one": [{**_open(7), "from": day(2)}]}, supersedes=["middle"])
    law = law_of([first, middle, last])
    assert law.on(day(6))["one"][0, 0] == 7
    early = law.as_known(day(3))
    assert "middle" not in early
    assert early["last"].supersedes == ("first",)
    assert early.on(day(6))["one"][0, 0] == 7
    assert law.overlaid({"middle": "off"}).on(day(6))["one"][0, 0] == 7
