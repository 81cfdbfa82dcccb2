"""Invariants of the law over random documents."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_worlds import DAYS, END, LAWS, LEVERS, START, VOCABULARY, documents, entries, law_of

pytestmark = pytest.mark.property
quick = settings(max_examples=60, deadline=None)
FAR = dt.timedelta(days=40)  # beyond every date that a random document can carry


def same_tables(a, b) -> bool:
    return (a.segment == b.segment).all() and all(
        a.table[name].tobytes() == b.table[name].tobytes() for name in LEVERS
    )


@quick
@given(LAWS, st.integers(1, 400))
def test_before_its_first_date_a_policy_changes_nothing(law, days):
    first = min(e.day for d in law.documents for _, _, e in d.entries())
    view = law.on(first - dt.timedelta(days=days))
    for name, lever in LEVERS.items():
        assert (view[name] == lever.default_array(VOCABULARY)).all()


@quick
@given(documents(), st.integers(0, 400))
def test_after_its_last_date_a_policy_changes_nothing(made, days):
    over = END + FAR
    end = {"ended": over, "known_on": over}
    overlay = {d.id: end for d in made if all(_starts(d, name) for name in d.design)}
    kept = law_of([d for d in made if d.id in overlay and not _dangling(d, overlay)])
    law = kept.overlaid({name: end for name in kept})
    view = law.on(over + dt.timedelta(days=days))
    for name, lever in LEVERS.items():
        assert (view[name] == lever.default_array(VOCABULARY)).all()


def _starts(document, name) -> bool:
    return any(e.from_ and not e.blocked for e in document.design[name])


def _dangling(document, overlay) -> bool:
    return not set(document.supersedes) <= set(overlay)


@quick
@given(LAWS, DAYS)
def test_as_known_shows_nothing_later(law, day):
    for document in law.as_known(day).documents:
        for _, _, entry in document.entries():
            assert entry.known_on <= day
            assert entry.blocked is None or entry.blocked.known_on <= day
            assert entry.source is None or entry.source in document.sources
        assert all(s.date and s.date <= day for s in document.sources.values())


@quick
@given(LAWS, DAYS, st.integers(0, 100), st.integers(1, 30))
def test_as_known_cannot_depend_on_what_was_known_later(law, day, value, shift):
    """Change every later-known date and value: the law as known on the day stays the same."""
    later = dt.timedelta(days=shift)

    def changed(entry):
        if entry.known_on > day:
            new = {"value": float(value)} if entry.value is not None else {}
            side = "ended" if entry.ended else "from_"
            return entry.model_copy(update={**new, side: entry.day + later, "until": None})
        if entry.blocked and entry.blocked.known_on > day:
            return entry.model_copy(update={"blocked": None})
        return entry

    rewritten = law_like(law, changed)
    one, two = law.as_known(day), rewritten.as_known(day)
    assert one == two
    assert one.fingerprint() == two.fingerprint()


def law_like(law, changed):
    made = [
        d.model_copy(update={"design": {n: tuple(map(changed, es)) for n, es in d.design.items()}})
        for d in law.documents
    ]
    return type(law)(made, law.levers, law.vocabulary)


@quick
@given(LAWS, DAYS)
def test_as_known_twice_is_as_known_on_the_earlier_day(law, day):
    assert law.as_known(day + FAR).as_known(day) == law.as_known(day)
    assert law.as_known(END + FAR).fingerprint() == law.fingerprint()


@quick
@given(LAWS)
def test_empty_overlay_is_bit_identical(law):
    same = law.overlaid({})
    assert same == law
    assert same.fingerprint() == law.fingerprint()
    assert same_tables(law.compile(START, END), same.compile(START, END))


CHANGES = st.one_of(
    st.just("off"),
    st.builds(lambda n: {"shift_days": n}, st.integers(-20, 20)),
    st.builds(lambda x: {"scale": x}, st.floats(0, 1)),
)


@quick
@given(documents(), st.data())
def test_overlays_on_different_policies_commute(made, data):
    law = law_of(made)
    ids = list(law)
    cut = data.draw(st.integers(0, len(ids)))
    one = {i: data.draw(CHANGES) for i in ids[:cut]}
    two = {i: data.draw(CHANGES) for i in ids[cut:]}
    ab, ba = law.overlaid(one).overlaid(two), law.overlaid(two).overlaid(one)
    both = law.overlaid({**one, **two})
    assert ab == ba == both
    assert same_tables(ab.compile(START, END), ba.compile(START, END))


@quick
@given(documents(most=1), st.data())
def test_overlays_on_different_levers_of_one_policy_commute(made, data):
    law = law_of(made)
    (policy,) = law
    names = sorted(law[policy].design)
    changes = [
        {policy: {"design": {name: data.draw(entries(name))}}}
        if data.draw(st.booleans())
        else {policy: {"scale": data.draw(st.floats(0, 1)), "levers": [name]}}
        for name in names
    ]
    forward = backward = law
    for change in changes:
        forward = forward.overlaid(change)
    for change in reversed(changes):
        backward = backward.overlaid(change)
    assert forward == backward
    assert forward.fingerprint() == backward.fingerprint()


@quick
@given(LAWS, DAYS)
def test_an_end_changes_nothing_before_it_and_leaves_nothing_after(law, day):
    policy = next(iter(law))
    document = law[policy]
    able = [
        name
        for name, es in document.design.items()
        if any(e.from_ and not e.blocked and e.day < day for e in es)
    ]
    if not able:
        return
    ended = law.overlaid({policy: {"ended": day, "levers": able}})
    for name in able:
        index = ended.book(name).governing(policy, day + FAR)
        assert (index == -1).all()
        first = min(e.day for e in document.design[name])
        if first < day:
            before = ended.book(name).governing(policy, first)
            expected = law.book(name).governing(policy, first)
            assert ((before >= 0) == (expected >= 0)).all()


@quick
@given(LAWS, DAYS)
def test_views_are_read_only_and_in_range(law, day):
    view = law.on(day)
    for name, lever in LEVERS.items():
        assert view[name].dtype == np.float32
        assert not view[name].flags.writeable
        if lever.rule != "sum":
            assert (view[name] >= lever.range[0]).all()
            assert (view[name] <= lever.range[1]).all()
