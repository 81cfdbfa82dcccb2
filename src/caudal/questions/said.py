"""Who is right, and what could be known then: claims, texts and days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.ask.as_of import AsOf
    from caudal.ask.claims import Verdict
    from caudal.ask.reading import Reading


def claims(
    *ledgers: str | Path,
    known: date | None = None,
    members: int = 96,
    workers: int = 2,
) -> list[Verdict]:
    """Judge claims by the written rules (docs/claims.md): the shipped ledgers, or your own.

    ledgers   folders or files of ledgers, read instead of the shipped ones
    known     only what was public on that day; causes are then not judged
    members   draws for causes; workers: threads

    Returns a `caudal.ask.claims.Verdict` for each claim, in the order of the ledgers.
    Raises CaudalError, with file, line and field, for a ledger that is not well written.
    """
    from caudal.ask.claims import check, ledger
    from caudal.corridor import corridor

    the_one: Any = corridor()
    entries = ledger(the_one, [Path(folder) for folder in ledgers])
    return check(the_one, entries, known=known, members=members, workers=workers)


def read_claims(
    file: str | Path,
    *,
    on: date | str | None = None,
    lang: Literal["en", "es"] | None = None,
    to: str | Path | None = None,
    outlet: str | None = None,
) -> Reading:
    """Propose draft claims from a text in English or Spanish; see docs/reading.md.

    file    a text or HTML file
    on      the day it appeared: a date or "YYYY-MM-DD"; else the one it bears
    lang    its language; else told by the text
    to      write the drafts as a ledger to this new file; outlet: who printed the text

    Returns a `caudal.ask.reading.Reading`: numbers with what they count, when and by whose word, and
    causal sentences, each with a confidence. A draft is never a verdict: a person mends and confirms.
    Raises CaudalError for what is no text, for a day or language that is none, for a file that is there
    already, and where a ledger is to be written of a text without a day or a claim.
    """
    from caudal.ask.reading import read, read_lexicon
    from caudal.ask.reading.drafts import write_draft
    from caudal.ask.reading.known import known_figures
    from caudal.corridor.reading import LEXICON
    from caudal.data.store import open_series

    day = None if on is None else _day("on", on)
    figures = known_figures(open_series("figures").to_dict("records"))
    reading = read(Path(file), read_lexicon(LEXICON), figures, language=lang, day=day)
    if to is not None:
        write_draft(reading, Path(to), outlet)
    return reading


def as_of(day: date | str) -> AsOf:
    """The corridor as it could be known on a day, and apart from it what followed (docs/as-of.md).

    day  a date or "YYYY-MM-DD"

    Raises CaudalError for a day before the first counts, or one that has not come.
    """
    from caudal.ask.as_of import as_of as answer
    from caudal.corridor import corridor
    from caudal.corridor.observables import observed_long
    from caudal.forecast.past import read

    the_one: Any = corridor()
    today = date.today()
    return answer(
        the_one, _day("day", day), lambda by: observed_long(the_one, by or today, by),
        read(the_one.skill), today,
    )  # fmt: skip


def _day(name: str, day: date | str) -> date:
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as problem:
        raise CaudalError(name, repr(day), "YYYY-MM-DD") from problem
