"""Every claim of the shipped ledgers judged, causes with their runs, as `caudal claims check` does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from caudal.corridor import corridor
from caudal.service.kinds import Tell
from caudal.service.kinds.common import WHOLE, Ask, Asked, Plan, identity, threads, write_json


class Body(Asked):
    """How many draws the causes are run with."""

    members: Annotated[int, Field(ge=1, le=200), WHOLE] = 96


def plan(body: Body, ask: Ask) -> Plan:
    """Nothing to check; the ledgers are part of the code version."""
    request = {"members": body.members}
    return Plan(identity("claims", request), request, 0)


def do(request: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Judge them; result.json has the fields of `caudal claims check --json`."""
    from caudal.ask.claims import check, ledger
    from caudal.data.store import data_vintage
    from caudal.service.judged import made_now

    here: Any = corridor()
    found = check(
        here, ledger(here), members=request["members"], workers=threads(), progress=tell
    )  # fmt: skip
    made = made_now(request["members"], data_vintage())
    write_json(folder, {"claims": [told(v) for v in found], "made": made})


def told(verdict: Any) -> dict[str, Any]:
    """A verdict with its evidence, and in words."""
    from caudal.report.claims_words import verdict_words

    return {**verdict.as_dict(), "words": verdict_words(verdict)}
