"""Mechanisms are held to what they declare; `caudal model check` tells what is missing by name."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from caudal.ask.ablate import _lost
from caudal.ask.declared import watched
from caudal.cli.model import checks
from caudal.corridor import corridor
from caudal.engine.audit import audit
from caudal.engine.graph import Model
from caudal.engine.priors import Prior
from caudal.errors import CaudalError
from engine_worlds import queue

pytestmark = pytest.mark.unit

P = {"arrive": 1.0, "leave": 0.1, "gust_sd": 0.1, "gust_days": 2.0}
PRIORS = {k: Prior(k, "fixed", np.array(v), 0.0, "", "") for k, v in P.items()}


def noted(function, **declared):
    """What is noted of the queue with its mechanism's function replaced."""
    model = queue()
    made = replace(model.mechanisms[0], function=function(model.mechanisms[0].function), **declared)
    model = Model(model.stocks, (made,), model.tallies, 1, model.axes)
    watch, found = watched(model)
    audit(watch, PRIORS, [({"cap": np.float32(1)}, {})], [{"tide": np.float32(1)}])
    return found


def test_a_mechanism_that_keeps_its_word_is_not_told():
    found = noted(lambda f: f)
    assert found.given == set()
    assert found.read == set()


def test_wrong_names_and_shapes_are_told_by_name():
    found = noted(lambda f: lambda now, p: {**f(now, p), "smoke": 1.0})
    assert [x.split(": ")[1] for x in found.given] == ["gives 'smoke', which is not its own"]
    flow = queue().mechanisms[0].flows[0].name
    found = noted(lambda f: lambda now, p: {**f(now, p), flow: np.ones((3, 1, 8))})
    assert any(f"'{flow}' has shape (3, 1, 8), not (1, 1, 8)" in x for x in found.given)
    found = noted(lambda f: lambda now, p: {k: v for k, v in f(now, p).items() if k != flow})
    assert any(f"gives no '{flow}'" in x for x in found.given)


def test_what_is_read_and_not_declared_is_told():
    def peeking(f):
        def function(now, p):
            assert now.driver["tide"] == 1
            return f(now, p)

        return function

    assert {what for _, what in noted(peeking).read} == {"driver 'tide'"}
    assert noted(peeking, drivers=("tide",)).read == set()


def test_what_is_not_there_at_all_is_one_error():
    with pytest.raises(CaudalError, match=r"reads a parameter.*'luck'"):
        noted(lambda f: lambda now, p: {**f(now, p), "x": p["luck"]})


def test_functions_are_not_asked_before_their_names_are_there():
    here = corridor()
    first, *rest = here.model.mechanisms
    odd = replace(first, drivers=(*first.drivers, "tide"), parameters=(*first.parameters, "luck"))
    model = Model(here.model.stocks, (odd, *rest), here.model.tallies, here.model.groups,
                  here.model.axes)  # fmt: skip
    fake = SimpleNamespace(
        model=model, law=here.law, priors=here.priors, processes=here.processes,
        drivers=here.drivers, scenario=here.scenario, begins=here.begins, folder=here.folder,
    )  # fmt: skip
    wrong = {r["id"]: r["found"] for r in checks(fake) if not r["ok"]}
    assert wrong == {
        "functions.asked": "not asked: first drivers.known, parameters.prior",
        "drivers.known": "tide", "parameters.prior": "luck",
    }  # fmt: skip


def test_people_are_counted_whatever_a_corridor_calls_those_who_set_out():
    """One waits and two are gone, of three who came; then one of four is lost."""
    model = queue()
    people = np.array([[[0.0], [1.0]], [[1.0], [1.0]]])  # (month, row, member)

    def lost(came):
        months = SimpleNamespace(people=people, tallies={"came": np.full((1, 1, 1), came)})
        return _lost(SimpleNamespace(months=months, corridor=SimpleNamespace(model=model)))

    assert lost(3.0) == 0
    assert lost(4.0) == 0.25
    kept = tuple(t for t in model.tallies if t.name != "came")
    model = Model(model.stocks, model.mechanisms, kept, 1, model.axes)
    assert lost(3.0) is None
