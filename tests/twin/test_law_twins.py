"""The compiled law against a few readable lines."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.corridor.policies import law as corridor_law
from policy_worlds import END, LAWS, LEVERS, START, VOCABULARY, days_between

pytestmark = pytest.mark.twin
DAYS = days_between(START - dt.timedelta(days=3), END + dt.timedelta(days=40))


def plainly(law, name, cell, day):
    """The value of one lever for one cell, from the words of docs/policies.md."""
    lever = LEVERS[name]
    default = lever.default
    for exception in lever.default_where:
        if all(cell.get(axis) in named for axis, named in exception.who.items()):
            default = exception.value
    settings_ = {}
    for document in law.documents:
        governing = None
        for entry in document.design.get(name, ()):
            who = document.who_of(entry)
            meant = all(cell[axis] in who.get(axis, cell[axis]) for axis in lever.dims)
            valid = meant and not entry.blocked and entry.day <= day
            if valid and (governing is None or entry.day >= governing.day):
                governing = entry
        over = governing is None or governing.ended or (governing.until and governing.until <= day)
        if not over:
            settings_[document.id] = governing.value
    if lever.rule == "sum":
        return default + sum(settings_.values())
    if not settings_:
        return default
    if lever.rule == "replace":
        top = next(i for i in settings_ if set(settings_) <= {i, *law[i].supersedes})
        return settings_[top]
    return (min if lever.rule == "min" else max)(settings_.values())


def cells(name):
    dims = LEVERS[name].dims
    for at in itertools.product(*(range(len(VOCABULARY[axis])) for axis in dims)):
        yield at, {axis: VOCABULARY[axis][i] for axis, i in zip(dims, at, strict=True)}


@settings(max_examples=25, deadline=None)
@given(LAWS)
def test_compiled_law_is_the_law_of_each_day_and_of_the_words(law):
    tables = law.compile(DAYS[0], DAYS[-1])
    assert tables.segment.shape == (len(DAYS) - 1,)
    for day in DAYS[:-1]:
        view = law.on(day)
        for name in LEVERS:
            assert (tables.value(name, day) == view[name]).all()
    for day in DAYS[:-1:7]:
        for name in LEVERS:
            for at, cell in cells(name):
                assert tables.value(name, day)[at] == plainly(law, name, cell, day)


@settings(max_examples=15, deadline=None)
@given(LAWS, st.integers(0, 40))
def test_announced_law_is_that_of_a_later_day_as_known_today(law, lead):
    tables = law.compile_announced(DAYS[0], DAYS[-1], lead)
    for day in DAYS[:-1:3]:
        view = law.as_known(day).on(day + dt.timedelta(days=lead))
        for name in LEVERS:
            assert (tables.value(name, day) == view[name]).all()


def test_corridor_law_compiled_is_the_law_of_each_month():
    law = corridor_law()
    tables = law.compile(dt.date(2018, 1, 1), dt.date(2026, 6, 1))
    for day in days_between(tables.start, tables.end)[::29]:
        view = law.on(day)
        for name in law.levers:
            assert (tables.value(name, day) == view[name]).all()
