"""Where a series comes from: enough for a reader to find the publication and judge the number."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

DELAY_ASSUMED = "assumed"
"""Marks a publication delay that no source states."""


@dataclass(frozen=True)
class Provenance:
    """One vintage of one series.

    series      identifier, dotted, from the place to the thing ("us.encounters.area")
    publisher   who counted
    title       the publication's own name
    definition  what one unit of the number is
    unit        "people", "events", "cases", ...
    grain       the dimensions of the table, in words
    address     the official publication, not the copy that was read
    licence     under which the numbers may be passed on
    read_on     year-month (or day) the file was read
    delay_days  days from a period's end to its publication
    delay_note  "" or why the delay is an assumption
    role        "canonical" (may enter a likelihood) or "check" (counts the same events again)
    through     who tidied the copy that was read, "" if the publisher's own file
    files       raw file → its SHA-256
    """

    series: str
    publisher: str
    title: str
    definition: str
    unit: str
    grain: str
    address: str
    licence: str
    read_on: str
    delay_days: int
    delay_note: str = ""
    role: str = "canonical"
    through: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Provenance:
        """The inverse of `to_dict`; unknown fields are refused by the constructor."""
        return cls(**values)
