"""The corridor as it could be known on a day, as `caudal as-of` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from caudal.corridor import corridor
from caudal.errors import CaudalError
from caudal.service.kinds import Tell
from caudal.service.kinds.common import Ask, Asked, Plan, identity, write_json


class Body(Asked):
    """The day."""

    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a day, YYYY-MM-DD")]


def plan(body: Body, ask: Ask) -> Plan:
    """Check the day."""
    try:
        day = date.fromisoformat(body.day)
    except ValueError:
        raise CaudalError("day", repr(body.day), "a day that exists, YYYY-MM-DD") from None
    first = corridor().reports_from
    if not first <= day <= date.today():
        raise CaudalError("day", f"{day}", f"{first} to {date.today()}")
    # what followed a day grows with time: the answer is that of today
    request = {"day": f"{day}", "today": f"{date.today()}"}
    return Plan(identity("as-of", request), request, 0)


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Answer it; result.json as `caudal as-of --json` prints it, with names of the outcomes."""
    from caudal import questions
    from caudal.ask.as_of import plain
    from caudal.corridor.observables import OUTCOMES

    tell(0, 1)
    answer = questions.as_of(date.fromisoformat(request["day"]))
    titles = {o["id"]: {"en": o["title_en"], "es": o["title_es"]} for o in OUTCOMES}
    write_json(folder, {**plain(answer), "titles": titles})
