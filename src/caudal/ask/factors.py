"""Factors as a document: what may explain a change, and what is held still when a factor is off.

    factors:  {name: {en, es, about, levers?, announced?, drivers?, day_of_month?, weather?, still?,
               leaving?}}
    groups:   {name: {en, es, of: [factor, …]}}
    standard: [name, …]

What each part of a factor holds stands at the head of the document itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from caudal.compute.content import Corridor
from caudal.errors import CaudalError
from caudal.policy.documents import SLUG
from caudal.policy.marks import Marks, nearest, read_yaml, shown
from caudal.policy.models import Strict, Text, validated

MOST = 16
"""Factors that can be told at once; beyond, orders of joining say too little of any."""


class Leaving(Strict):
    """A stock whose leavers a day stay as many, and the constant that says for how long people stay."""

    stock: str
    days: str


class Factor(Strict):
    """One factor as written."""

    en: str
    es: str
    about: Text
    levers: tuple[str, ...] = ()
    announced: bool = False
    drivers: tuple[str, ...] = ()
    day_of_month: Annotated[int, Field(ge=1, le=28)] = 1
    weather: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    leaving: Leaving | None = None


class Group(Strict):
    """Factors that are told as one."""

    en: str
    es: str
    of: Annotated[tuple[str, ...], Field(min_length=1)]


Name = Annotated[str, Field(pattern=SLUG)]


class Factors(Strict):
    """The whole document."""

    factors: dict[Name, Factor]
    groups: dict[Name, Group] = Field(default_factory=dict)
    standard: tuple[str, ...]


@dataclass(frozen=True)
class Hold:
    """Everything that is held still; two holds together are their union.

    drivers  name → day of the first month whose value is held; announced: what is announced, too
    still    constants; leaving: (stock, constant)
    """

    levers: frozenset[str] = frozenset()
    announced: bool = False
    drivers: Mapping[str, int] = field(default_factory=dict)
    weather: frozenset[str] = frozenset()
    still: frozenset[str] = frozenset()
    leaving: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Hold) -> Hold:
        return Hold(
            self.levers | other.levers,
            self.announced or other.announced,
            {**self.drivers, **other.drivers},
            self.weather | other.weather,
            self.still | other.still,
            self.leaving | other.leaving,
        )


@dataclass(frozen=True)
class Player:
    """A factor, or several as one: what a question asks the share of."""

    id: str
    en: str
    es: str
    hold: Hold


def load(path: Path, corridor: Corridor) -> Factors:
    """The document, its names checked against the model; CaudalError names file, line and field."""
    data, marks = read_yaml(path)
    if not isinstance(data, dict):
        raise CaudalError(shown(path), "not a mapping", "factors, groups, standard")
    made = validated(Factors, data, marks)
    _check(made, marks, corridor)
    return made


def together(holds: Iterable[Hold]) -> Hold:
    """Everything that any of them holds."""
    out = Hold()
    for hold in holds:
        out = out | hold
    return out


def players(made: Factors, names: Sequence[str] = ()) -> tuple[list[Player], Hold]:
    """The players of a question, and what everything else holds.

    names  of factors or groups, or several of them joined by "+"; none: the standard ones

    Raises CaudalError for an unknown name, for fewer than one or too many, and for a factor that is
    asked for twice.
    """
    given = tuple(names) or made.standard
    if len(given) > MOST:
        raise CaudalError(
            "--factors", f"{len(given)} factors", f"at most {MOST}; group some with +"
        )
    taken: dict[str, str] = {}
    out = []
    for name in given:
        parts = [part for word in name.split("+") for part in _parts(made, word.strip())]
        for part in parts:
            if part in taken:
                other = taken[part] if taken[part] != name else "itself"
                found = f"'{part}' is in '{name}' and in '{other}'"
                raise CaudalError("--factors", found, "each factor once")
            taken[part] = name
        out.append(_player(made, name, parts))
    rest = together(_hold(f) for name, f in made.factors.items() if name not in taken)
    return out, rest


def _parts(made: Factors, name: str) -> tuple[str, ...]:
    if name in made.groups:
        return made.groups[name].of
    if name in made.factors:
        return (name,)
    known = [*made.factors, *made.groups]
    allowed = nearest(name, known) if name else ", ".join(made.standard)
    raise CaudalError("--factors", f"unknown factor '{name}'", allowed)


def _player(made: Factors, name: str, parts: Sequence[str]) -> Player:
    known = {**made.factors, **made.groups}
    words = [known[word.strip()] for word in name.split("+")]
    en, es = " + ".join(w.en for w in words), " + ".join(w.es for w in words)
    return Player(name, en, es, together(_hold(made.factors[part]) for part in parts))


def _hold(factor: Factor) -> Hold:
    hold = Hold(
        levers=frozenset(factor.levers),
        announced=factor.announced,
        drivers=dict.fromkeys(factor.drivers, factor.day_of_month),
        weather=frozenset(factor.weather),
        still=frozenset(factor.still),
    )
    if factor.leaving:
        hold = replace(hold, leaving=frozenset({(factor.leaving.stock, factor.leaving.days)}))
    return hold


def _check(made: Factors, marks: Marks, corridor: Corridor) -> None:
    mechanisms = corridor.model.mechanisms
    known = {
        "levers": {lever for m in mechanisms for lever in m.levers},
        "drivers": {driver for m in mechanisms for driver in m.drivers},
        "weather": {w.name for m in mechanisms for w in m.weather},
        "still": set(corridor.priors),
    }
    seen: dict[tuple[str, str], str] = {}
    for name, factor in made.factors.items():
        at = ("factors", name)
        for part, allowed in known.items():
            for i, word in enumerate(getattr(factor, part)):
                where = marks.where((*at, part, i))
                if word not in allowed:
                    found = f"the model has no '{word}' there"
                    raise CaudalError(where, found, nearest(word, allowed))
                if (part, word) in seen:
                    found = f"'{word}' is in '{seen[part, word]}' too"
                    raise CaudalError(where, found, "each path in one factor")
                seen[part, word] = name
        if factor.leaving:
            stocks = [s.name for s in corridor.model.stocks]
            for word, allowed in (
                (factor.leaving.stock, stocks),
                (factor.leaving.days, known["still"]),
            ):
                if word not in allowed:
                    where = marks.where((*at, "leaving"))
                    found = f"the model has no '{word}' there"
                    raise CaudalError(where, found, nearest(word, allowed))
    both = [name for name in made.groups if name in made.factors]
    if both:
        where = marks.where(("groups", both[0]))
        raise CaudalError(where, f"'{both[0]}' is a factor too", "another name")
    lists = [(("groups", name, "of"), group.of) for name, group in made.groups.items()]
    for at, words in (*lists, (("standard",), made.standard)):
        options = [*made.factors, *(made.groups if at == ("standard",) else ())]
        for i, word in enumerate(words):
            if word not in options:
                found = f"unknown factor '{word}'"
                raise CaudalError(marks.where((*at, i)), found, nearest(word, options))
