"""A question to `attribute`, from the words in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from caudal.ask.attribute import Asked, Attribution, Outcome, Period, Progress, run
from caudal.ask.factors import load, players
from caudal.compute.asked import in_range
from caudal.compute.content import Corridor
from caudal.compute.engines import Workers, engine_of
from caudal.compute.forcing import month_ends
from caudal.compute.posterior import load as draws
from caudal.errors import CaudalError
from caudal.policy.marks import nearest

MEMBERS = 32
"""Draws by default: eight factors and five months take about four minutes on two cores."""


def answer(
    corridor: Corridor,
    outcomes: Sequence[Outcome],
    counts: Callable[[date], pd.DataFrame],
    factors: Path,
    *,
    outcome: str,
    start: str,
    end: str,
    names: Sequence[str] = (),
    members: int = MEMBERS,
    workers: Workers = 2,
    seed: int = 0,
    progress: Progress | None = None,
) -> Attribution:
    """Ask by names: see `attribute.run`.

    outcomes  from which `outcome` is picked by its id
    counts    day → published values of the months before it: columns outcome, month, observed
    factors   the document of factors; names: of those asked for, none being the standard ones
    start, end  periods: YYYY-MM, or YYYY-MM..YYYY-MM for the mean of several months

    Raises CaudalError for an unknown outcome or factor, and for what is no period.
    """
    workers = engine_of(workers)
    in_range("--seed", seed, 0, 2**31 - 1)
    known = {o.id: o for o in outcomes}
    if outcome not in known:
        found = f"unknown outcome '{outcome}'"
        raise CaudalError("--outcome", found, nearest(outcome, known))
    first, last = period("--from", start), period("--to", end)
    asked_for, rest = players(load(factors, corridor), names)
    table = counts(last[1])
    rows = table[table["outcome"] == outcome]
    observed = {
        pd.Timestamp(month).date(): float(value)
        for month, value in zip(rows["month"], rows["observed"], strict=True)
    }
    asked = Asked(known[outcome], first, last, asked_for, rest, observed)
    return run(
        corridor, draws(corridor.posterior), asked, members=members, workers=workers, seed=seed,
        progress=progress,
    )  # fmt: skip


def period(option: str, text: str) -> Period:
    """Whole months, [first day, first day after), of YYYY-MM or YYYY-MM..YYYY-MM.

    >>> period("--from", "2020-11..2021-01")
    (datetime.date(2020, 11, 1), datetime.date(2021, 2, 1))
    """
    words = text.split("..")
    try:
        days = [date.fromisoformat(f"{word}-01") for word in words if len(word) == 7]
    except ValueError:
        days = []
    if len(days) != len(words) or len(words) > 2:
        raise CaudalError(option, f"{text!r} is no month", "YYYY-MM, or YYYY-MM..YYYY-MM")
    if days[-1] < days[0]:
        raise CaudalError(option, f"{text!r} runs backwards", f"{words[1]}..{words[0]}")
    return days[0], month_ends(days[-1], 1)[0]
