"""The audit finds what it looks for, and `caudal model check` holds for the corridor."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from caudal.cli import main
from caudal.corridor import corridor
from caudal.engine.audit import audit, draw_parameters
from caudal.engine.graph import Model
from caudal.engine.priors import Prior
from engine_worlds import border, queue

pytestmark = pytest.mark.unit

LAWS = [({}, {})] * 3


def spoilt(**wrong) -> Model:
    """The border with some of what its mechanism gives replaced."""
    model = border()
    given = {**model.mechanisms[0].function(None, {}), **wrong}
    made = replace(model.mechanisms[0], function=lambda now, p: given)
    return Model(model.stocks, (made,), model.tallies, model.groups, model.axes)


def test_a_sound_model_passes():
    found = audit(border(), {}, LAWS, [{}])
    assert set(found.splits) == {"road → where", "city → line", "city → line as alone"}
    assert max(found.splits.values()) < 1e-6
    assert (found.bad, found.outside) == ((), ())


def test_shares_that_do_not_sum_to_one_are_found():
    found = audit(spoilt(**{"desk.held": np.full((3, 2, 1), 0.9)}), {}, LAWS, [{}])
    assert found.splits["city → line"] > 0.05
    assert found.splits["road → where"] < 1e-6


def test_shares_outside_are_found_even_where_they_sum_to_one():
    wrong = {"desk.held": np.full((3, 2, 1), 1.2), "desk.back": np.full((3, 2, 1), -0.2)}
    found = audit(spoilt(**wrong), {}, LAWS, [{}])
    assert found.splits["city → line"] < 1e-6
    assert found.outside == ("desk.back", "desk.held")


@pytest.mark.parametrize("hazard", [-0.1, np.nan, np.inf])
def test_impossible_hazards_are_found(hazard):
    found = audit(spoilt(**{"held → in": np.full((1, 2, 1), hazard)}), {}, LAWS, [{}])
    assert found.bad == ("held → in",)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_measures_that_are_not_finite_are_found(value):
    model = queue()
    made, p = model.mechanisms[0], {"arrive": 1.0, "leave": 0.1, "gust_sd": 0.1, "gust_days": 2.0}
    priors = {k: Prior(k, "fixed", np.array(v), 0.0, "", "") for k, v in p.items()}
    assert audit(model, priors, LAWS, [{}]).bad == ()
    wrong = replace(made, function=lambda now, p: {**made.function(now, p), "burden": value})
    spoilt_queue = Model(model.stocks, (wrong,), model.tallies, 1, model.axes)
    assert audit(spoilt_queue, priors, LAWS, [{}]).bad == ("burden",)


def test_parameters_come_with_the_member_last():
    priors = corridor().priors
    p = draw_parameters(priors, 3, 9)
    assert p["evading_share"].shape == (3, 3)
    assert p["departure_base"].shape == (22, 3)
    again = draw_parameters(priors, 5, 9)
    np.testing.assert_array_equal(p["departure_base"], again["departure_base"][:, :3])


def test_the_corridor_passes_its_own_check(capsys):
    assert main(["model", "check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [r["id"] for r in told["checks"] if not r["ok"]] == []
    shares = told["parameters"]
    assert shares["sourced"] + shares["assumed"] == shares["total"]
    law = corridor().law
    read = {x for m in corridor().model.mechanisms for x in (*m.levers, *m.announced)}
    listed = {r["lever"] for r in told["levers_not_yet_read"]}
    assert listed == {x for d in law.documents for x in d.design} - read


def test_a_name_that_fits_nowhere_fails_its_check():
    here = corridor()
    model = here.model
    odd = replace(
        model.mechanisms[2], levers=(*model.mechanisms[2].levers, "pa.darien.closd"),
        parameters=(*model.mechanisms[2].parameters, "darien_luck"), drivers=("tide",),
    )  # fmt: skip
    mechanisms = (*model.mechanisms[:2], odd, *model.mechanisms[3:])
    fake = SimpleNamespace(
        model=Model(model.stocks, mechanisms, model.tallies, model.groups, model.axes),
        law=here.law, priors=here.priors, processes=here.processes, drivers=here.drivers,
        scenario=here.scenario, begins=here.begins, folder=here.folder,
    )  # fmt: skip
    from caudal.cli.model import _graph_checks, _name_checks

    rows = {r["id"]: r for r in (*_graph_checks(fake), *_name_checks(fake))}
    wrong = {name: r["found"] for name, r in rows.items() if not r["ok"]}
    assert wrong == {
        "levers.known": "pa.darien.closd", "drivers.known": "tide",
        "parameters.prior": "darien_luck",
    }  # fmt: skip
