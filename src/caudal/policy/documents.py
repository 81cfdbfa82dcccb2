"""A policy as a document: what a text says, for whom, when it holds, since when it could be known.

A document holds design only: no outcome, and nothing of how hard it was applied. Dates are
border-local and half-open: `from` is the first day in force, `until` and `ended` the first day not.
See docs/policies.md for the fields in words and docs/policy.schema.json for the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from caudal.errors import CaudalError
from caudal.policy.marks import Marks, read_yaml
from caudal.policy.models import Day, Number, Strict, Text, Who, validated

Kind = Literal[
    "acceptance", "aid", "announcement", "appointments", "asylum_bar", "barrier", "capacity",
    "child_protection", "city", "court", "diplomacy", "election", "event", "expulsion", "meeting",
    "message", "metering", "parole", "pressure", "prosecution", "reception", "removal",
    "route_closure", "sanctions", "screening", "status", "transfer", "transit_effort", "visa",
    "waiting",
]  # fmt: skip
"""Kinds of policy. Documents of one kind share what is learned of how they are applied."""

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Trigger(Strict):
    """A value that holds only while a signal is high, in the units of the signal.

    On from the day the signal reaches `on_at_or_above`; off once it has stayed below `off_below`
    for `off_after_days` days in a row.
    """

    signal: str
    on_at_or_above: Number
    off_below: Number
    off_after_days: Annotated[int, Field(ge=1)]
    value: Number


class Blocked(Strict):
    """The day a court or government stopped what an entry announced, before it took effect."""

    known_on: Day
    source: str | None = None
    unverified: bool = False
    note: str | None = None


class Entry(Strict):
    """One dated setting of one lever, or its end.

    A value holds from `from` until the document's next entry for the same groups, or `until`.
    An entry with `blocked` never takes effect; forecasts made between the two dates expect it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["from", "value"]},
                {"required": ["from", "trigger"]},
                {"required": ["ended"]},
            ]
        }
    )

    from_: Annotated[Day | None, Field(alias="from", description="first day in force")] = None
    until: Annotated[Day | None, Field(description="first day not in force")] = None
    ended: Annotated[Day | None, Field(description="an end: first day not in force")] = None
    value: Number | None = None
    trigger: Trigger | None = None
    known_on: Annotated[Day, Field(description="day the public could know this entry")]
    who: Who = Field(description="replaces the document's who, axis by axis", default_factory=dict)
    source: Annotated[str | None, Field(description="a key of sources")] = None
    unverified: bool = False
    blocked: Blocked | None = None
    note: str | None = None

    @property
    def day(self) -> Day:
        """The day from which the entry speaks: its `from` or its `ended`."""
        day = self.ended if self.from_ is None else self.from_
        assert day is not None  # checked when the document was read
        return day

    @property
    def setting(self) -> float | None:
        """The value it sets (for a trigger, the value while on); None for an end."""
        return self.trigger.value if self.trigger else self.value


class Source(Strict):
    """A publication. `date` is when it appeared, as far as known."""

    title: str
    publisher: str
    date: Day | None = None
    url: str | None = None


class Implementation(Strict):
    """Where to learn how hard the policy was applied: an observable, and the kind to draw from."""

    observable: str | None = None
    prior_kind: str | None = None


class Document(Strict):
    """One policy. Equality compares all that is written in it."""

    id: Annotated[str, Field(pattern=SLUG)]
    name: Text
    actor: Annotated[str, Field(description="who decided, e.g. country/agency")]
    kind: Kind
    instrument: Annotated[str, Field(min_length=1, description="the legal text")]
    who: Who = Field(description="axis → values; an axis left out means all", default_factory=dict)
    design: dict[str, tuple[Entry, ...]] = Field(default_factory=dict)
    supersedes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    implementation: Implementation | None = None
    uncertainty: Text | None = None
    sources: dict[str, Source] = Field(default_factory=dict)
    disputed: tuple[Text, ...] = ()

    def entries(self) -> Iterator[tuple[str, int, Entry]]:
        """Every entry with its lever and its place in the list."""
        for lever, entries in self.design.items():
            for i, entry in enumerate(entries):
                yield lever, i, entry

    def who_of(self, entry: Entry) -> Who:
        """The groups and places an entry is for: its own axes before the document's."""
        return {**self.who, **entry.who}


def parse_document(data: Any, marks: Marks) -> Document:
    """The document written in `data`; its fields checked one by one, not yet against any lever."""
    if not isinstance(data, dict):
        raise CaudalError(marks.where(), "not a mapping", "a policy document")
    return validated(Document, data, marks)


def read_document(path: Path) -> tuple[Document, Marks]:
    """Read one file. CaudalError names file, line and field."""
    data, marks = read_yaml(path)
    return parse_document(data, marks), marks


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a policy document."""
    body = Document.model_json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Caudal policy document",
        **{key: value for key, value in body.items() if key != "title"},
    }
