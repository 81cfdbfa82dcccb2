"""Small invented worlds for tests of the policy room: two axes, a lever for each rule, laws."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from hypothesis import strategies as st

from caudal.policy import Law, Lever, LeverRegistry
from caudal.policy.checks import check_document, check_references
from caudal.policy.documents import Document, parse_document
from caudal.policy.marks import Marks

VOCABULARY = {"group": ("a", "b", "c"), "place": ("x", "y")}
START, END = dt.date(2020, 1, 1), dt.date(2020, 4, 1)
DAYS = st.dates(START, END)


def lever(name: str, rule: str, default: float, dims: tuple[str, ...], **more: Any) -> Lever:
    words = {"en": name, "es": name}
    return Lever(
        id=name, unit="n", range=(0, 100), default=default, rule=rule, dims=dims, meaning=words,
        **more,
    )  # fmt: skip


LEVERS = LeverRegistry(
    {
        one.id: one
        for one in (
            lever("one", "replace", 3, ("group", "place")),
            lever("cap", "min", 100, ("place",)),
            lever("top", "max", 0, ("group",)),
            lever("places", "sum", 2, ()),
            lever("bar", "any", 0, ("group",),
                  default_where=({"who": {"group": ["b"]}, "value": 1},)),
        )
    }
)  # fmt: skip


def some(axis: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(VOCABULARY[axis]), min_size=1, unique=True)


@st.composite
def entries(draw: st.DrawFn, lever_id: str) -> list[dict[str, Any]]:
    written = []
    for _ in range(draw(st.integers(1, 4))):
        day, known = draw(DAYS), draw(DAYS)
        entry: dict[str, Any] = {"known_on": known, "source": draw(st.sampled_from(["s", "t"]))}
        if draw(st.booleans()):
            axes = [axis for axis in LEVERS[lever_id].dims if draw(st.booleans())]
            entry["who"] = {axis: draw(some(axis)) for axis in axes}
        if written and draw(st.integers(0, 3)) == 0:
            entry["ended"] = day
        else:
            entry |= {"from": day, "value": draw(st.integers(0, 100))}
            if draw(st.integers(0, 3)) == 0:
                entry["until"] = day + dt.timedelta(days=draw(st.integers(1, 30)))
        if draw(st.integers(0, 4)) == 0:
            later = known + dt.timedelta(days=draw(st.integers(0, 20)))
            entry["blocked"] = {"known_on": later, "source": "s"}
        written.append(entry)
    # Entries of one day must be in the order they became known
    return sorted(written, key=lambda e: (e.get("from") or e.get("ended"), e["known_on"]))


def document(policy_id: str, design: dict[str, Any], **more: Any) -> Document:
    data = {
        "id": policy_id,
        "name": {"en": policy_id, "es": policy_id},
        "actor": "someone",
        "kind": "pressure",
        "instrument": "a text",
        "design": design,
        "sources": {
            "s": {"title": "S", "publisher": "P", "date": dt.date(2020, 1, 15)},
            "t": {"title": "T", "publisher": "P", "date": dt.date(2020, 2, 20)},
        },
        **more,
    }
    return parse_document(data, Marks(policy_id))


@st.composite
def documents(draw: st.DrawFn, most: int = 3) -> list[Document]:
    """Documents in which each supersedes those before, so that `replace` levers never clash."""
    made: list[Document] = []
    for i in range(draw(st.integers(1, most))):
        used = draw(st.lists(st.sampled_from(list(LEVERS)), min_size=1, max_size=3, unique=True))
        who = {axis: draw(some(axis)) for axis in VOCABULARY if draw(st.integers(0, 2)) == 0}
        made.append(
            document(
                f"p{i}",
                {name: draw(entries(name)) for name in used},
                who=who,
                supersedes=[d.id for d in made],
            )
        )
    return made


def law_of(made: list[Document]) -> Law:
    for one in made:
        check_document(one, LEVERS, VOCABULARY, Marks(one.id))
    check_references({d.id: d for d in made}, {})
    return Law(made, LEVERS, VOCABULARY)


LAWS = documents().map(law_of)


def days_between(start: dt.date, end: dt.date) -> list[dt.date]:
    return list(itertools.takewhile(
        lambda d: d < end, (start + dt.timedelta(days=n) for n in itertools.count())
    ))  # fmt: skip
