"""Ledgers of claims: one YAML document for each source, who said what in it, and how it is tested.

The fields in words stand in docs/claims.md, the same as JSON Schema in docs/claims.schema.json. What
the tests ask of series, figures, scenarios and policies is checked in `claims_names`; what follows
from the tests in `claims_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, model_validator

from caudal.ask.claims_quantity import Source
from caudal.ask.claims_tests import (
    AnyTest,
    CauseTest,
    FigureTest,
    Slug,
    TimingTest,
    TrendTest,
    When,
)
from caudal.errors import CaudalError
from caudal.policy.marks import Loc, Marks, read_yaml, shown
from caudal.policy.models import Day, Strict, Text, validated

SCHEMA = "docs/claims.schema.json"
Kind = Literal["figure", "trend", "timing", "forecast", "cause", "definition", "opinion"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Document(Strict):
    """Where claims were printed: outlet, day, where the outlet stands and who says so."""

    id: Slug
    file: Annotated[str | None, Field(description="the text's file name; not shipped")] = None
    outlet: Annotated[str, Field(min_length=1)]
    published: Annotated[Day, Field(description="the day it appeared")]
    dated: Annotated[
        Literal["printed", "inferred"], Field(description="whether the document prints its day")
    ]
    stance: Text
    told_by: Annotated[
        Literal["itself", "others", "our reading"], Field(description="who says so of the stance")
    ]
    source: Annotated[Source | None, Field(description="page that tells the stance")] = None

    @model_validator(mode="after")
    def _told(self) -> Document:
        if self.told_by != "our reading" and self.source is None:
            raise ValueError(
                f"stance told by {self.told_by}, no source; allowed: source: {{title, url}}"
            )
        return self


class Speaker(Strict):
    """Who said it; several or unnamed speakers in words."""

    who: Annotated[str, Field(min_length=1)]
    role: Text | None = None


_TEST_OF: dict[str, tuple[type, ...]] = {
    "figure": (FigureTest,),
    "trend": (TrendTest,),
    "timing": (TimingTest,),
    "cause": (CauseTest,),
    "forecast": (FigureTest, TrendTest, TimingTest),
    "definition": (FigureTest, TrendTest, TimingTest),
}


class Claim(Strict):
    """One statement: who said it, when, in our words, and how it is judged."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["test"]}, {"required": ["untestable"]}]}
    )

    id: Slug
    rows: Annotated[tuple[str, ...], Field(description="rows of the articles' list")] = ()
    said_by: Speaker
    on: Annotated[When, Field(description="when it was said")]
    text: Annotated[Text, Field(description="a paraphrase, never a quotation")]
    kind: Kind
    test: AnyTest | None = None
    untestable: Annotated[Text | None, Field(description="why no count or run can judge it")] = None
    would_change: Annotated[
        Text | None, Field(description="what would change the verdict; needed with a test")
    ] = None
    note: Text | None = None

    @model_validator(mode="after")
    def _tested(self) -> Claim:
        if (self.test is None) == (self.untestable is None):
            raise ValueError(
                f"{self.kind} with no test or with two answers; allowed: test, or untestable"
            )
        if self.test is None:
            return self
        if self.kind == "opinion":
            raise ValueError("an opinion with a test; allowed: untestable, or another kind")
        if self.would_change is None:
            raise ValueError("a test without would_change; allowed: would_change: {en: …, es: …}")
        if not isinstance(self.test, _TEST_OF[self.kind]):
            allowed = {
                "cause": "without, outcome, period, says, constants",
                "timing": "event, says",
                "trend": "quantity, before, after, says",
            }.get(self.kind, "quantity, period, says")
            raise ValueError(f"the test is none of a {self.kind}; allowed: {allowed}")
        return self


class Ledger(Strict):
    """One document and its claims."""

    document: Document
    claims: Annotated[tuple[Claim, ...], Field(json_schema_extra={"minItems": 1})]


@dataclass(frozen=True)
class Entry:
    """A claim with its document, and where it stands in its file."""

    claim: Claim
    document: Document
    marks: Marks

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.id


def read_ledger(path: Path) -> tuple[Entry, ...]:
    """The claims of one file; CaudalError names file, line, field and remedy."""
    data, marks = read_yaml(path)
    if not isinstance(data, dict):
        raise CaudalError(shown(path), "not a mapping", "document and claims")
    _only_claims_first(data, marks)
    data, marks = _with_on(data, marks)
    ledger = validated(Ledger, data, marks, SCHEMA)
    entries = []
    for i, claim in enumerate(ledger.claims):
        here = marks.at(("claims", i))
        if not claim.id.startswith(f"{ledger.document.id}-"):
            allowed = f"{ledger.document.id}-…, after the document's id"
            raise CaudalError(marks.where(("claims", i, "id")), f"'{claim.id}'", allowed)
        _in_time(claim, ledger.document, marks, ("claims", i))
        entries.append(Entry(claim, ledger.document, here))
    return tuple(entries)


def read_ledgers(folders: list[Path]) -> tuple[Entry, ...]:
    """All claims of folders (or single files), in the order of file names, each id once."""
    entries: list[Entry] = []
    seen: dict[str, str] = {}
    documents: dict[str, str] = {}
    for folder in folders:
        for path in ledger_files(folder):
            found = read_ledger(path)
            name = found[0].document.id
            if name in documents:
                where = f"{shown(path)} field 'document.id'"
                raise CaudalError(where, f"'{name}' also in {documents[name]}", "an id of its own")
            documents[name] = shown(path)
            for entry in found:
                where = entry.marks.where(("id",))
                if entry.id in seen:
                    raise CaudalError(where, f"'{entry.id}' also at {seen[entry.id]}", "each once")
                seen[entry.id] = where
            entries += found
    return tuple(entries)


def ledger_files(folder: Path) -> list[Path]:
    """The ledgers of a folder, or the one file that is named."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise CaudalError(f"--ledger {folder}", "no such folder", "a folder of ….yaml, or one file")
    files = sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))
    if not files:
        raise CaudalError(f"--ledger {folder}", "no ledger in it", "….yaml (`caudal claims new`)")
    return files


def _only_claims_first(data: dict[str, Any], marks: Marks) -> None:
    """A fault in the document itself is told before those of its claims."""
    if not isinstance(data.get("claims"), list) or not data["claims"]:
        raise CaudalError(
            marks.where(("claims",)), "no list of claims", "claims: [{id, said_by, …}]"
        )
    for i, claim in enumerate(data["claims"]):
        if not isinstance(claim, dict):
            raise CaudalError(
                marks.where(("claims", i)), "not a mapping", "id, said_by, on, text, …"
            )


def _with_on(data: dict[str, Any], marks: Marks) -> tuple[dict[str, Any], Marks]:
    """The field `on`, which YAML 1.1 reads as the word true, under its own name."""
    claims = [{"on" if k == "true" else k: v for k, v in claim.items()} for claim in data["claims"]]
    lines = {
        (*loc[:2], "on", *loc[3:]) if loc[:1] == ("claims",) and loc[2:3] == ("true",) else loc: n
        for loc, n in marks.lines.items()
    }
    return {**data, "claims": claims}, Marks(marks.file, lines)


def _in_time(claim: Claim, document: Document, marks: Marks, at: Loc) -> None:
    """A claim is said before its document appears, and a forecast is about what comes after it."""
    if claim.on.start > document.published:
        found = f"said {claim.on.written}, printed {document.published}"
        raise CaudalError(marks.where((*at, "on")), found, f"until {document.published}")
    test = claim.test
    if claim.kind != "forecast" or test is None:
        return
    period = getattr(test, "period", None) or getattr(test, "after", None)
    if period is not None and period.end <= claim.on.start:
        found = f"a forecast of {claim.on.written} for {period.written}"
        raise CaudalError(marks.where((*at, "test")), found, "a period that ends after it was made")


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a ledger."""
    body = Ledger.model_json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Caudal ledger of claims",
        **{key: value for key, value in body.items() if key != "title"},
    }
