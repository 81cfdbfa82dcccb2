"""Trace: every variable down to its branches, flows that add up, and what is refused."""

from __future__ import annotations

import pytest

from caudal.ask.trace import BRANCHES, check, see, trace
from caudal.cli import main
from caudal.corridor import corridor
from caudal.corridor.observables import coordinates
from caudal.corridor.trace import BUILT, Content
from caudal.corridor.variables import VARIABLES
from caudal.errors import CaudalError
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """June 2019 in one member, so that medians add up."""
    here = corridor_with(tmp_path_factory.mktemp("draws"), made_up(draws=1, months=30))
    return see(here, Content(), month="2019-06", members=1)


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.parametrize("variable", VARIABLES)
def test_every_variable_can_be_traced(seen, variable):
    found = trace(seen, variable, {})
    for branch in BRANCHES:
        assert bool(getattr(found, branch)) != bool(found.reasons.get(branch)), branch
    assert found.mechanisms
    assert found.parameters
    assert found.number["lo90"] <= found.number["median"] <= found.number["hi90"]
    for row in found.levers:
        assert row["source"] is None or row["source"]["title"]
    if found.number["kind"] == "flow" and variable != "encounters_repeat_share":
        counted = sum(f["median"] for f in found.flows if f["does"] == "counts")
        assert counted == pytest.approx(found.number["median"], rel=1e-3, abs=1e-3)
    elif found.number["kind"] in ("measure", "signal"):
        assert found.flows == []
    else:
        assert {f["does"] for f in found.flows} <= {"counts", "in", "out"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "group"),
    [
        ("encounters", {"unit": "family"}),
        ("encounters", {"area": "del-rio"}),
        ("encounters", {"area": "laredo-office", "nationality": "MEX"}),
        ("mexican_events", {"nationality": "GTM"}),
        ("departures", {"unit": "unaccompanied_child"}),
    ],
)
def test_flows_of_a_group_add_up_too(seen, variable, group):
    found = trace(seen, variable, group)
    counted = sum(f["median"] for f in found.flows)
    assert counted > 0
    assert counted == pytest.approx(found.number["median"], rel=1e-3)
    # nationalities by area were not published before October 2019; nobody counts departures
    told = [row for row in found.series if row["published"] is not None]
    assert bool(told) == (variable != "departures" and len(group) == 1)


@pytest.mark.slow
def test_a_stock_moves_by_its_ways_in_and_out(seen):
    found = trace(seen, "people", {"stock": "returned"})
    ways = {f["does"] for f in found.flows}
    assert ways == {"in", "out"}
    assert all(("→ home" in f["way"]) <= (f["does"] == "out") for f in found.flows)


def test_every_variable_is_made_of_something_in_the_model():
    model = corridor().model
    known = {*model.tally_names, *model.measures, *model.signals}
    for name in VARIABLES:
        if name != Content.stocks:
            assert set(Content.made_of(name)) <= known
    assert set(BUILT) <= set(VARIABLES)
    assert set(Content.labels()) == set(coordinates())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["encountres", "--month", "2023-12"], "'encounters' is the nearest name"),
        (["encounters", "--month", "2016-12"], "2018-01 is the nearest"),
        (["encounters", "--month", "2040-12"], "is the nearest"),
        (["encounters", "--month", "soon"], "'soon' is no month"),
        (["encounters", "--month", "2023-12", "--group", "Honduras"], "AXIS=LABEL"),
        (
            ["encounters", "--month", "2023-12", "--group", "city=denver"],
            "not told apart by 'city'",
        ),
        (["encounters", "--month", "2023-12", "--group", "nationality=Hondurs"], "'Honduras'"),
        (["encounters", "--month", "2023-12", "--scenario", "basline"], "basline"),
    ],
)
def test_bad_input_is_one_line(words, told, capsys):
    assert main(["trace", *words]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


def test_a_group_may_be_named_in_either_language():
    given = {"nationality": "haití", "unit": "single-adult"}
    found = check(corridor(), Content(), "encounters", "2023-12", given)
    assert found == {"nationality": "HTI", "unit": "single_adult"}
    with pytest.raises(CaudalError, match="no group"):
        check(corridor(), Content(), "gotaways", "2023-12", given)
