"""Levers that a search may turn, and what turning one from a day on is as a change of the law.

    levers:
      NAME: {lever, kind, range, step, who?, en, es}

`lever` is one of the law's; `kind` that of the document which sets it; `who` the groups and places it
is set for, the others keeping theirs. A turned lever has one value from the day on, for as long as the
run lasts. Whatever other documents would have set it to from then on no longer holds;
that they were announced stays known until the day, as with a decision that a court stops.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from caudal.ask.effects_asked import Name
from caudal.errors import CaudalError
from caudal.policy.documents import Document, Entry, Kind
from caudal.policy.law import Law
from caudal.policy.levers import Lever
from caudal.policy.marks import Marks, nearest, read_yaml, shown
from caudal.policy.models import Number, Strict, Who, validated
from caudal.policy.vocabulary import check_who, chosen, mask

MOST_VALUES = 101
CALLED_OFF = "another decision of the scenario takes its place"
DECIDES = {"en": "the scenario decides", "es": "lo decide el escenario"}


class Declared(Strict):
    """One lever of the document."""

    lever: str
    kind: Kind
    range: tuple[Number, Number]
    step: Annotated[Number, Field(gt=0)]
    who: Who = Field(default_factory=dict)
    en: str
    es: str


class Searchable(Strict):
    """The whole document."""

    levers: dict[Name, Declared]


@dataclass(frozen=True)
class Turn:
    """A lever of a search: index 0 leaves it as it was, index i sets it to values[i − 1].

    unit  the lever's own; who: axis → names for whom it is set, none: everyone and everywhere
    """

    name: str
    en: str
    es: str
    lever: str
    kind: Kind
    unit: str
    who: Mapping[str, tuple[str, ...]]
    values: tuple[float, ...]

    @property
    def policy(self) -> str:
        """Id of the document that sets it."""
        return "search-" + re.sub(r"[^a-z0-9]+", "-", self.name)

    def value(self, index: int) -> float | None:
        """What it is set to; None where it is left as it was."""
        return None if index == 0 else self.values[index - 1]

    def seen(self, law: Law, start: date, end: date) -> tuple[float, float]:
        """The lowest and highest value that it ever had in its cells within [start, end)."""
        book = law.book(self.lever)
        cells = mask(book.lever.dims, dict(self.who), law.vocabulary)
        days = {start, *(day for day in book.days() if start < day < end)}
        values = [book.settle(day).base[cells] for day in days]
        return float(np.min(values)), float(np.max(values))

    def overlay(self, law: Law, day: date, index: int) -> dict[str, Any]:
        """Policy id → change, that gives the lever this value from `day` on and leaves all before."""
        if index == 0:
            return {}
        lever, value = law.levers[self.lever], self.values[index - 1]
        if lever.rule == "sum":  # documents add to the default
            value -= lever.default
        setters = [d for d in law.documents if self.lever in d.design]
        document: dict[str, Any] = {
            "name": {"en": f"{self.en}: {DECIDES['en']}", "es": f"{self.es}: {DECIDES['es']}"},
            "actor": "scenario",
            "kind": self.kind,
            "instrument": "A decision of the scenario",
            "design": {self.lever: [{"from": day, "value": value, "known_on": day}]},
        }
        if self.who:
            document["who"] = {axis: list(names) for axis, names in self.who.items()}
        if lever.rule == "replace":
            document["supersedes"] = [d.id for d in setters]
            return {self.policy: document}
        changes: dict[str, Any] = {}
        for one in setters:
            entries = self._without(law, lever, one, day)
            if entries is not None:
                changes[one.id] = {"design": {self.lever: [written(e) for e in entries]}}
        return {**changes, self.policy: document}

    def _without(self, law: Law, lever: Lever, one: Document, day: date) -> list[Entry] | None:
        """A document's entries, none acting in this turn's cells from `day` on; None if none did."""
        cells = mask(lever.dims, dict(self.who), law.vocabulary)
        acting = bool((law.book(lever.id).governing(one.id, day)[cells] >= 0).any())
        kept: list[Entry] = []
        for entry in one.design[lever.id]:
            there = (mask(lever.dims, one.who_of(entry), law.vocabulary) & cells).any()
            if entry.ended or entry.day < day or not there:
                kept.append(entry)
                continue
            acting = True
            ours, others = _split(one.who_of(entry), self.who, law)
            kept += [entry.model_copy(update={"who": {**entry.who, **box}}) for box in others]
            if entry.known_on < day:
                until = min(day, entry.blocked.known_on) if entry.blocked else day
                blocked = {"known_on": until, "unverified": True, "note": CALLED_OFF}
                said = {**written(entry), "who": {**written(entry).get("who", {}), **ours}}
                kept.append(Entry.model_validate({**said, "blocked": blocked}))
        if not acting:
            return None
        # for everyone, since an entry may reach beyond the document's own who
        everyone = {a: list(law.vocabulary[a]) for a in lever.dims if a in one.who}
        who = everyone | {axis: list(names) for axis, names in self.who.items()}
        end = {"ended": day, "known_on": day, "who": who, "unverified": True, "note": CALLED_OFF}
        return sorted([*kept, Entry.model_validate(end)], key=lambda e: (e.day, e.known_on))


def turns(asked: Sequence[str], path: Path, law: Law) -> list[Turn]:
    """The levers of a search.

    asked  names of the document, or ids of the law's levers, each perhaps with a range of its own:
           NAME=LOW:HIGH:STEP; an id needs one
    path   the document, see this module

    Raises CaudalError for an unknown or repeated lever and a range that it cannot have.
    """
    known, _ = load(path, law)
    out: list[Turn] = []
    for text in asked:
        name, _, given = text.partition("=")
        if name in known:
            here = known[name]
        elif name in law.levers and given:
            lever = law.levers[name]
            kinds: list[Kind] = [d.kind for d in law.documents if name in d.design]
            here = Declared(lever=name, kind=(*kinds, "announcement")[0], range=lever.range, step=1,
                            en=lever.meaning.en, es=lever.meaning.es)  # fmt: skip
        elif name in law.levers:
            found, allowed = f"'{name}' without a range", f"{name}=LOW:HIGH:STEP"
            raise CaudalError("--levers", found, allowed)
        else:
            allowed = nearest(name, [*known, *law.levers])
            raise CaudalError("--levers", f"unknown lever '{name}'", allowed)
        low, high, step = _numbers(name, given) if given else (*here.range, here.step)
        lever = law.levers[here.lever]
        who = {axis: chosen(here.who, axis, law.vocabulary) for axis in here.who}
        made = Turn(name, here.en, here.es, here.lever, here.kind, lever.unit, who,
                    _values(f"--levers {name}", lever, low, high, step))  # fmt: skip
        twice = [one.name for one in out if one.lever == made.lever]
        if twice:
            raise CaudalError(
                "--levers", f"'{name}' and '{twice[0]}' turn one lever", "one of them"
            )
        out.append(made)
    if not out:
        raise CaudalError("--levers", "no lever", f"one or more of {', '.join(known)}")
    return out


def load(path: Path, law: Law) -> tuple[dict[str, Declared], Marks]:
    """The levers of the document by name, and its lines.

    CaudalError names file, line and field of an unknown lever, axis or group, and of a range that the
    lever cannot have.
    """
    data, marks = read_yaml(path)
    if not isinstance(data, dict):
        raise CaudalError(shown(path), "not a mapping", "levers: {NAME: …}")
    known = validated(Searchable, data, marks).levers
    for name, one in known.items():
        at = ("levers", name)
        if one.lever not in law.levers:
            where, found = marks.where((*at, "lever")), f"unknown lever '{one.lever}'"
            raise CaudalError(where, found, nearest(one.lever, law.levers))
        lever = law.levers[one.lever]
        check_who(one.who, lever.dims, law.vocabulary, marks, (*at, "who"))
        _values(marks.where((*at, "range")), lever, *one.range, one.step)
    return known, marks


def overlay(levers: Sequence[Turn], law: Law, day: date, point: Sequence[int]) -> dict[str, Any]:
    """A candidate as policy id → change of `law`: which value each lever has from a day on."""
    pairs = zip(levers, point, strict=True)
    return joined([turn.overlay(law, day, index) for turn, index in pairs])


def joined(overlays: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One overlay of several on different levers: changes to one document are put together."""
    out: dict[str, Any] = {}
    for one in overlays:
        for policy, change in one.items():
            design = {**out.get(policy, {}).get("design", {}), **change["design"]}
            out[policy] = {**out.get(policy, {}), **change, "design": design}
    return out


def written(model: Entry | Document) -> dict[str, Any]:
    """An entry or a document as it stands in a file, without what says nothing."""
    return plain(model.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True))


def _split(
    who: Who, ours: Mapping[str, tuple[str, ...]], law: Law
) -> tuple[dict[str, list[str]], list[Who]]:
    """Those of `who` that are ours, and boxes that hold the others; only ours' axes are named."""
    inside: dict[str, tuple[str, ...]] = {}
    outside: list[Who] = []
    for axis, names in ours.items():
        there = chosen(who, axis, law.vocabulary)
        rest = tuple(v for v in there if v not in names)
        if rest:
            outside.append({**inside, axis: rest})
        inside[axis] = tuple(v for v in there if v in names)
    return {axis: list(names) for axis, names in inside.items()}, outside


def _numbers(name: str, text: str) -> tuple[float, float, float]:
    try:
        low, high, step = (float(word) for word in text.split(":"))
    except ValueError:
        raise CaudalError(f"--levers {name}", f"'{text}'", "LOW:HIGH:STEP, as 0:4000:500") from None
    return low, high, step


def _values(where: str, lever: Lever, low: float, high: float, step: float) -> tuple[float, ...]:
    if not (lever.allows(low) and lever.allows(high) and low <= high):
        allowed = f"{lever.range[0]:g} to {lever.range[1]:g} ({lever.unit})"
        raise CaudalError(where, f"{low:g} to {high:g}", allowed)
    if not (step > 0 and (high - low) / step < MOST_VALUES):
        raise CaudalError(where, f"step {step:g}", f"one that makes at most {MOST_VALUES} values")
    number = int(np.floor((high - low) / step + 1e-9)) + 1
    return tuple(round(low + i * step, 10) for i in range(number))


def plain(value: Any) -> Any:
    """The same in lists and mappings, every date an object of its own: YAML names none twice."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return date.fromordinal(value.toordinal()) if isinstance(value, date) else value
