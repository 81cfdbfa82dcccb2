"""Random policy documents and scenarios: order, round trips, and one kind of error for what is odd."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.errors import CaudalError
from caudal.policy import Law
from caudal.policy.documents import parse_document
from caudal.policy.marks import Marks, parse_yaml
from caudal.policy.scenario import read_scenario
from policy_worlds import DAYS, END, LAWS, LEVERS, START, VOCABULARY, documents, law_of

pytestmark = pytest.mark.property

quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))


def same(a: Law, b: Law) -> bool:
    one, two = a.compile(START, END), b.compile(START, END)
    return (one.segment == two.segment).all() and all(
        one.table[name].tobytes() == two.table[name].tobytes() for name in LEVERS
    )


def plain(document: Any) -> dict[str, Any]:
    """A document as it would be written."""
    return document.model_dump(mode="json", by_alias=True, exclude_defaults=True)


@quick
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_in_which_documents_are_read_is_of_no_matter(made, chance):
    law = law_of(made)
    kept = list(law.documents)
    chance.shuffle(kept)
    other = Law(kept, LEVERS, VOCABULARY)
    assert other.fingerprint() == law.fingerprint()
    assert same(other, law)


@quick
@given(LAWS)
def test_a_document_written_as_yaml_is_read_as_the_same_law(law):
    read = []
    for document in law.documents:
        text = yaml.safe_dump(plain(document), sort_keys=False, allow_unicode=True)
        data, marks = parse_yaml(text, document.id)
        read.append(parse_document(data, marks))
    again = Law(read, LEVERS, VOCABULARY)
    assert again.fingerprint() == law.fingerprint()
    assert same(again, law)


CHANGES = st.one_of(
    st.just("off"),
    st.builds(lambda n: {"shift_days": n}, st.integers(-20, 20)),
    st.builds(lambda x: {"scale": round(x, 3)}, st.floats(0, 1)),
    st.builds(lambda d: {"ended": d, "known_on": d}, DAYS),
)


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[Law, dict[str, Any]]:
    """A law, and a scenario document over it; some overlays contradict it."""
    law = draw(LAWS)
    ids = draw(st.lists(st.sampled_from(list(law)), unique=True))
    document: dict[str, Any] = {
        "name": "what-if", "title": {"en": "What if", "es": "Qué pasaría"},
        "policies": {i: draw(CHANGES) for i in ids}, "horizon": draw(st.integers(0, 24)),
    }  # fmt: skip
    if draw(st.booleans()):
        document["dates"] = {"start": draw(DAYS)}
    return law, document


@quick
@given(scenarios())
def test_a_scenario_written_out_is_the_same_scenario(given_):
    law, document = given_
    scenario = read_scenario(yaml.safe_dump(document), [])
    again = read_scenario(scenario.as_yaml(), [])
    assert (again.policies, again.horizon, again.start) == (
        scenario.policies, scenario.horizon, scenario.start,
    )  # fmt: skip
    try:
        first = scenario.law(law)
    except CaudalError:
        with pytest.raises(CaudalError):
            again.law(law)
    else:
        assert again.law(law).fingerprint() == first.fingerprint()


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(), st.text(max_size=8),
    st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


def spoilt(draw: st.DrawFn, value: Any) -> Any:
    """The value with something in it replaced, taken out, doubled or added."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value, key=str)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            return {k: v for k, v in value.items() if k != key}
        if kind == 1:
            return {**value, draw(st.text(max_size=6)): draw(ODD)}
        return {**value, key: spoilt(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        at = draw(st.integers(0, len(value) - 1))
        if draw(st.integers(0, 4)) == 0:
            return [*value, *value]
        return [*value[:at], spoilt(draw, value[at]), *value[at + 1 :]]
    return draw(ODD)


@st.composite
def spoilt_documents(draw: st.DrawFn) -> list[Any]:
    law = draw(LAWS)
    made = [plain(d) for d in law.documents]
    at = draw(st.integers(0, len(made) - 1))
    return [*made[:at], spoilt(draw, made[at]), *made[at + 1 :]]


def read_or_refused(written: list[Any]) -> None:
    """Read and compile, or a CaudalError; nothing else is raised."""
    with suppress(CaudalError):
        law = Law([parse_document(d, Marks("document")) for d in written], LEVERS, VOCABULARY)
        law.compile(START, END)


@quick
@given(spoilt_documents())
def test_a_spoilt_document_is_read_or_refused(written):
    read_or_refused(written)


@pytest.mark.gate
@pytest.mark.slow
@many
@given(spoilt_documents())
def test_many_spoilt_documents_are_read_or_refused(written):
    read_or_refused(written)


def overlaid_or_refused(law: Law, overlay: dict[str, Any]) -> None:
    with suppress(CaudalError):
        law.overlaid(overlay).compile(START, END)


@st.composite
def spoilt_overlays(draw: st.DrawFn) -> tuple[Law, dict[str, Any]]:
    law, document = draw(scenarios())
    overlay = document["policies"]
    if overlay and draw(st.booleans()):
        whole = plain(law[next(iter(overlay))])
        overlay = {**overlay, draw(st.sampled_from([next(iter(overlay)), "new-one"])): whole}
    found = spoilt(draw, overlay)
    return law, found if isinstance(found, dict) else {next(iter(law)): found}


@quick
@given(spoilt_overlays())
def test_a_spoilt_overlay_is_laid_over_or_refused(made):
    overlaid_or_refused(*made)


@pytest.mark.gate
@pytest.mark.slow
@many
@given(spoilt_overlays())
def test_many_spoilt_overlays_are_laid_over_or_refused(made):
    overlaid_or_refused(*made)
