"""What the kinds share: scenarios by name, id or document; the id of a job; results as files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from caudal.corridor import corridor
from caudal.corridor.scenarios import FOLDER, names
from caudal.errors import CaudalError
from caudal.policy.marks import nearest
from caudal.policy.scenario import Scenario, read_scenario
from caudal.service import documents
from caudal.service.answers import json_bytes
from caudal.service.refusals import Refused
from caudal.service.settings import Limits

RESULT = "result.json"
Month = Annotated[
    str, Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$", description="a month, YYYY-MM")
]


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("a whole number")
    return value


WHOLE = BeforeValidator(_number)
"""A number that is written as one: neither `true` nor `"1"`."""
Members = Annotated[int, Field(ge=1, le=1000, description="members of the ensemble"), WHOLE]
Seed = Annotated[
    int, Field(ge=0, le=2**31 - 1, description="of chance beyond the last count"), WHOLE
]
Given = Annotated[
    str | dict[str, Any],
    Field(description="a shipped scenario's name, a stored one's id, or a document (YAML or JSON)"),
]
ROOMS = ("ask", "forecast", "learn", "report", "service/kinds")
"""Rooms whose code makes results and is not in a run's code version."""


class Asked(BaseModel):
    """A request's body: the fields told and no others."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


@dataclass(frozen=True)
class Plan:
    """A job to be: its id, what its worker needs to know, and members × days."""

    id: str
    request: dict[str, Any]
    cost: int


@dataclass(frozen=True)
class Ask:
    """What planning may look at: limits, and scenarios that were stored (id → YAML, or None)."""

    limits: Limits
    stored: Callable[[str], str | None]


def scenario(given: str | Mapping[str, Any], ask: Ask) -> tuple[Scenario, dict[str, Any]]:
    """The scenario, and how a request says it: {scenario: name} or {scenario, document}.

    Text with a line break is a document; a name is never a file's. Raises CaudalError.
    """
    if isinstance(given, str) and "\n" not in given:
        if given in names():
            return corridor().scenario(given), {"scenario": given, "document": None}
        text = ask.stored(given) if len(given) == 12 else None
        if text is None:
            found = "is no scenario's name and no stored one's id"
            raise CaudalError("scenario", f"{given[:80]!r} {found}", nearest(given[:80], names()))
        document = read_scenario(text, [FOLDER])
    else:
        document = documents.scenario(given, [FOLDER], ask.limits.document_bytes)
    return document, {"scenario": document.name, "document": document.as_yaml()}


def again(request: Mapping[str, Any]) -> Scenario:
    """The scenario of a request, in the worker."""
    if request["document"] is None:
        return corridor().scenario(request["scenario"])
    return read_scenario(request["document"], [FOLDER])


def as_file(request: Mapping[str, Any], folder: Path) -> str:
    """The scenario's name, or a file of it in the job's folder, for functions that take either."""
    if request["document"] is None:
        return request["scenario"]
    path = folder / "scenario.yaml"
    path.write_text(request["document"], encoding="utf-8")
    return str(path)


def identity(kind: str, request: Mapping[str, Any]) -> str:
    """The id of a job: the hash of what is asked, and of the data, draws and code that answer."""
    from caudal.compute.store import code_version, file_hash, run_id
    from caudal.data.store import data_vintage

    draws = corridor().posterior
    rest = {
        "kind": kind, "data_vintage": data_vintage(), "code": code_version(), "more": _code(),
        "posterior": file_hash(draws),
    }  # fmt: skip
    return run_id({"request": dict(request), **rest})


def made_with() -> str:
    """Names the code and the data that answer; a job is done only by those that were asked."""
    from caudal.compute.store import code_version
    from caudal.data.store import data_vintage

    return f"{code_version()} {_code()[:8]} {data_vintage()}"


@cache
def _code() -> str:
    package = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return digest.hexdigest()


def cost(members: int, until: date, limits: Limits) -> int:
    """Members × days from the corridor's beginning; Refused (413) where that is too much."""
    days = (until - corridor().begins).days
    if members * days > limits.members_days:
        most = max(1, limits.members_days // max(days, 1))
        found = f"{members} members × {days} days"
        raise Refused("members", found, f"{most} members for as many days", 413)
    return members * days


def threads() -> int:
    """Threads of one job."""
    return max(1, min(4, os.cpu_count() or 1))


def write_json(folder: Path, value: Any) -> None:
    """The result of a job that is one JSON value."""
    (folder / RESULT).write_bytes(json_bytes(value))
