"""Journeys: what a statistic means to one traveller, by synthetic journeys drawn from a run.

A run says how many; a journey says what that is like: how long, how often stopped, where held, how it
ends. Travellers set out in one month, in proportion to the run's departures by route and day, and
walk through it by its daily chances (`journeys_walk`), in many members, for some months.

    kind of a journey   the order in which it first meets each coarse stage
    share of a kind     the part of each member's travellers; mean and 90 % interval of members

The interval holds what members disagree on and the chance of the draw: with N travellers in M members
a share s of a member has a standard error of √(s (1 − s) M / N). Journeys hold no data on any person.
How they are told is in `journeys_told`; the words come from the corridor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from caudal.ask.journeys_record import Record, record
from caudal.ask.journeys_told import Chances, Line, chances_of, lines_of, told_ways
from caudal.ask.journeys_walk import Agreement, Walks, agreement, walk
from caudal.compute.asked import in_range
from caudal.compute.run import Runnable
from caudal.errors import CaudalError
from caudal.policy.marks import nearest

MOST_TRAVELLERS = 200_000
MOST_MONTHS = 24
MOST_TOLD = 100
Progress = Callable[[int, int], None]
Pair = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of journey: its stages in order, and the share of travellers that it stands for.

    share, lo90, hi90  over members; days: median length of those that ended, None if none did
    """

    stages: tuple[str, ...]
    name: Pair
    share: float
    lo90: float
    hi90: float
    days: float | None


@dataclass(frozen=True)
class Meeting:
    """How many travellers ever meet a stage, and how many times those do who meet it at all."""

    stage: str
    name: Pair
    share: float
    lo90: float
    hi90: float
    times: float


@dataclass(frozen=True)
class Journey:
    """One journey: its kind's number (from 1), the share of travellers of that kind, its lines."""

    kind: int
    share: float
    member: int
    set_out: date
    days: int
    ended: bool
    lines: tuple[Line, ...]
    chances: Chances


@dataclass(frozen=True)
class Journeys:
    """What `journeys` found.

    kinds     the commonest first; other: the share of all kinds not listed
    meets     stages that travellers meet, the commonest first
    journeys  one of each listed kind, the one of median length; then more of the commonest kinds
    agreement whether travellers reproduce the run's monthly flows, where it was asked for
    """

    scenario: str
    start: date
    until: date
    nationality: str
    unit: str
    members: int
    travellers: int
    seed: int
    people: float
    about: Pair
    who: Pair
    kinds: tuple[Kind, ...]
    other: float
    meets: tuple[Meeting, ...]
    journeys: tuple[Journey, ...]
    agreement: Agreement | None


def journeys(
    corridor: Runnable,
    words: Any,
    scenario: str = "baseline",
    *,
    start: date | str,
    nationality: str,
    unit: str,
    count: int = 10,
    months: int = 12,
    members: int = 16,
    travellers: int = 20_000,
    seed: int = 0,
    check: bool = False,
    progress: Progress | None = None,
) -> Journeys:
    """Synthetic journeys of those who set out in one month.

    words       of the corridor (`corridor.journeys.Words`)
    start       the month in which they set out; months: for how long they are followed
    count       how many kinds are listed and journeys told
    travellers  how many are drawn, shared out evenly among the members
    check       also test that such travellers reproduce the run's monthly flows

    Raises CaudalError for an unknown nationality, unit, scenario or month, for numbers out of range,
    and where the run has nobody of the group setting out that month.
    """
    in_range("--count", count, 1, MOST_TOLD)
    in_range("--months", months, 1, MOST_MONTHS)
    in_range("--travellers", travellers, 100, MOST_TRAVELLERS)
    nation = _code("--nationality", nationality, words.nationalities)
    how = _code("--unit", unit, words.units)
    units = list(words.units)
    groups = list(words.nationalities).index(nation) * len(units) + np.arange(len(units))
    seen = record(
        corridor, scenario, start=start, months=months, groups=groups, members=members,
        seed=seed, progress=progress,
    )  # fmt: skip
    walks = walk(
        seen, travellers, seed, days=int(seen.lengths[0]), group=units.index(how), everyone=False
    )
    if walks.weight / seen.members < 1:
        found = f"nobody sets out in {seen.start:%Y-%m}"
        raise CaudalError(f"--nationality {nation} --unit {how}", found, "another month or group")
    stages = _stages(walks, words)
    kinds, examples, other = _kinds(walks, stages, words, count)
    agreed = None
    if check:
        every = walk(seen, travellers, seed + 1, days=seen.days, group=None, everyone=True)
        agreed = agreement(every)
    return Journeys(
        scenario, seen.start, seen.end, nation, how, seen.members, travellers, seed,
        walks.weight / seen.members, _pair(words.document.about), _pair(words.document.who[how]),
        kinds, other, _meets(walks, stages, words),
        tuple(
            Journey(
                k + 1, kinds[k].share, int(walks.member[i]), *_span(seen, walks, i),
                lines_of(walks, i, words), chances_of(walks, i, words),
            )
            for k, i in examples
        ),
        agreed,
    )  # fmt: skip


def _code(option: str, given: str, names: Mapping[str, Pair]) -> str:
    """The code of what was given: a code, or a name in either language, in any case."""
    known = {}
    for code, pair in names.items():
        known |= dict.fromkeys((code, code.replace("_", "-"), pair["en"], pair["es"]), code)
    folded = {name.casefold(): code for name, code in known.items()}
    found = folded.get(str(given).strip().casefold())
    if found is None:
        raise CaudalError(option, f"unknown '{given}'", nearest(str(given), known))
    return found


def _pair(text: Any) -> dict[str, str]:
    return {"en": text.en, "es": text.es}


def _stages(walks: Walks, words: Any) -> list[tuple[str, ...]]:
    """Every stage that each traveller meets, in order, repeats and all."""
    by_path = [tuple(e.stage for e in told if e.stage) for told in told_ways(walks.ways, words)]
    path = walks.ways.path[walks.edge]
    ended = _final(walks)[walks.row]
    out = []
    for i in range(walks.travellers):
        mine = path[walks.first[i] : walks.first[i + 1]]
        met = tuple(stage for p in mine for stage in by_path[p])
        out.append(met if ended[i] else (*met, "on_the_way"))
    return out


def _final(walks: Walks) -> np.ndarray:
    return np.array([s.final for s in walks.record.model.stocks for _ in s.places])


def _span(seen: Record, walks: Walks, i: int) -> tuple[date, int, bool]:
    """When a traveller set out, the days to the end of the journey or of the telling, and which."""
    mine = walks.day[walks.first[i] : walks.first[i + 1]]
    ended = bool(_final(walks)[walks.row[i]])
    last = int(mine[-1]) if ended else seen.days - 1
    return date.fromordinal(seen.start.toordinal() + int(mine[0])), last - int(mine[0]), ended


def _kinds(
    walks: Walks, stages: Sequence[tuple[str, ...]], words: Any, count: int
) -> tuple[tuple[Kind, ...], list[tuple[int, int]], float]:
    """The commonest kinds, the (kind, traveller) pairs to tell, and the share of all other kinds."""
    of: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, met in enumerate(stages):
        of[tuple(dict.fromkeys(met))].append(i)
    shown = sorted(of, key=lambda k: (-len(of[k]), k))[:count]
    spans = {k: [_span(walks.record, walks, i) for i in of[k]] for k in shown}
    kinds, examples = [], []
    for n, kind in enumerate(shown):
        share = _by_member(walks, of[kind])
        lo, hi = np.quantile(share, [0.05, 0.95])
        days = [d for _, d, ended in spans[kind] if ended]
        name = {
            lang: " → ".join(getattr(words.document.stages[s], lang) for s in kind)
            for lang in ("en", "es")
        }
        half = float(np.median(days)) if days else None
        kinds.append(Kind(kind, name, float(share.mean()), float(lo), float(hi), half))
        by_length = [of[kind][j] for j in np.argsort([d for _, d, _ in spans[kind]], kind="stable")]
        examples.append((n, by_length))
    told = [(n, ranked[len(ranked) // 2]) for n, ranked in examples]
    turn = 1
    while len(told) < count and any(len(ranked) > turn for _, ranked in examples):
        more = [(n, r[(len(r) // 2 + turn) % len(r)]) for n, r in examples if len(r) > turn]
        told += more[: count - len(told)]
        turn += 1
    rest = 1 - sum(len(of[k]) for k in shown) / walks.travellers
    return tuple(kinds), told, rest


def _by_member(walks: Walks, who: Sequence[int]) -> np.ndarray:
    """Share of each member's travellers, (member,)."""
    size = walks.record.members
    return np.bincount(walks.member[list(who)], minlength=size) / np.bincount(
        walks.member, minlength=size
    )


def _meets(walks: Walks, stages: Sequence[tuple[str, ...]], words: Any) -> tuple[Meeting, ...]:
    who: dict[str, list[int]] = defaultdict(list)
    times: dict[str, int] = defaultdict(int)
    for i, met in enumerate(stages):
        for stage in dict.fromkeys(met):
            who[stage].append(i)
        for stage in met:
            times[stage] += 1
    out = []
    for stage in sorted(who, key=lambda s: -len(who[s])):
        if stage == "set_out":
            continue
        share = _by_member(walks, who[stage])
        lo, hi = (float(q) for q in np.quantile(share, [0.05, 0.95]))
        name, often = _pair(words.document.stages[stage]), times[stage] / len(who[stage])
        out.append(Meeting(stage, name, float(share.mean()), lo, hi, often))
    return tuple(out)
