"""The corridor as it could be known on a day, as `caudal as-of` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from caudal.corridor import corridor
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.service.kinds import Tell
from caudal.service.kinds.common import Ask, Asked, Plan, identity, write_json


class Body(Asked):
    """The day, or an article with a day of its own."""

    day: Annotated[
        str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a day, YYYY-MM-DD")
    ] = None
    article: Annotated[
        str | None,
        Field(pattern=r"^[a-z0-9-]{1,80}$", description="a document of the ledger: its claims too"),
    ] = None


def plan(body: Body, ask: Ask) -> Plan:
    """Check the day and the article."""
    day = _day(body)
    first = corridor().reports_from
    if not first <= day <= date.today():
        raise CaudalError("day", f"{day}", f"{first} to {date.today()}")
    # what followed a day grows with time: the answer is that of today
    request = {"day": f"{day}", "article": body.article, "today": f"{date.today()}"}
    return Plan(identity("as-of", request), request, 0)


def _day(body: Body) -> date:
    documents = _documents() if body.article is not None else {}
    if body.article is not None and body.article not in documents:
        raise CaudalError("article", repr(body.article), nearest(body.article, documents))
    if body.day is not None:
        try:
            return date.fromisoformat(body.day)
        except ValueError:
            raise CaudalError("day", repr(body.day), "a day that exists, YYYY-MM-DD") from None
    if body.article is None:
        raise CaudalError("day", "none", "a day, YYYY-MM-DD, or an article with a day of its own")
    return documents[body.article].published


def _documents() -> dict[str, Any]:
    from caudal.ask.claims import ledger

    here: Any = corridor()
    return {entry.document.id: entry.document for entry in ledger(here)}


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Answer it; result.json as `caudal as-of --json` prints it, with names of the outcomes.

    Each row of the forecast says its outcome, too. Causes have no verdict of today here: that takes
    runs, which `POST /claims/check` makes for all of them.
    """
    from caudal import questions
    from caudal.ask.as_of import plain
    from caudal.corridor.observables import OUTCOMES
    from caudal.corridor.predictands import outcome_of

    tell(0, 2)
    answer = questions.as_of(date.fromisoformat(request["day"]))
    tell(1, 2)
    judged = _judged(request["article"], answer.day) if request["article"] else []
    told = plain(answer, judged)
    for row in (*told["known"]["forecast"], *told["followed"]["came"]):
        row["outcome"] = outcome_of(row["target"], row["cell"])
    titles = {o["id"]: {"en": o["title_en"], "es": o["title_es"]} for o in OUTCOMES}
    write_json(folder, {**told, "titles": titles})


def _judged(article: str, day: date) -> list[dict[str, Any]]:
    """The article's claims by what was out on a day, and (causes apart) by what is out now."""
    from caudal.ask.claims import check, judge, ledger
    from caudal.ask.claims_counts import Counts
    from caudal.ask.claims_tests import CauseTest
    from caudal.report.claims_words import verdict_words

    here: Any = corridor()
    entries = [entry for entry in ledger(here) if entry.document.id == article]
    plain = [entry for entry in entries if not isinstance(entry.claim.test, CauseTest)]
    now = {found.id: found for found in judge(here, plain, Counts(here), {})}
    return [
        {
            "id": entry.claim.id,
            "text": entry.claim.text.model_dump(),
            "who": entry.claim.said_by.who,
            "kind": entry.claim.kind,
            "then": {"verdict": before.answer, "words": verdict_words(before)},
            "today": {"verdict": after.answer, "words": verdict_words(after)}
            if (after := now.get(entry.claim.id))
            else None,
        }
        for entry, before in zip(entries, check(here, entries, known=day), strict=True)
    ]
