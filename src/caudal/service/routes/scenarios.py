"""Scenarios: the shipped ones, and whether a document of one's own holds and what it changes."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from fastapi import Request
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.corridor.policies import labels, law
from caudal.corridor.scenarios import FOLDER, names, scenario
from caudal.policy.diff import diff
from caudal.policy.marks import nearest
from caudal.policy.rests import resting
from caudal.policy.scenario import Scenario
from caudal.service import documents, shapes
from caudal.service.answers import answer
from caudal.service.refusals import Refused
from caudal.service.routes.common import Slug, missing, router, service

api = router("scenarios")
FIRST, LAST = dt.date(2018, 1, 1), dt.date(2030, 1, 1)
"""Days on which laws are compared, as `caudal policies diff` does."""
YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain")
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/yaml": {"schema": {"type": "string"}},
        },
    }
}
"""A scenario document as JSON or as YAML (docs/policies.md#scenarios), for OpenAPI."""


@api.get("/scenarios", response_model=shapes.ScenarioList)
def every() -> Response:
    """The shipped scenarios."""
    return answer({"scenarios": [row(scenario(name)) for name in names()]}, keep=True)


@api.get("/scenarios/{name}", response_model=shapes.Scenario)
def one(name: Slug) -> Response:
    """A shipped scenario: its document, and what it changes in words."""
    return answer(told(shipped(name)), keep=True)


@api.post("/scenarios/validate", response_model=shapes.Scenario, openapi_extra=BODY)
async def validate(request: Request) -> Response:
    """Whether a document holds, and what its law says differently from the baseline's, in words."""
    from starlette.concurrency import run_in_threadpool

    given = await posted(request)
    return answer(await run_in_threadpool(_validated, request, given))


def _validated(request: Request, given: str | dict[str, Any]) -> dict[str, Any]:
    document = read(request, given)
    return told(document, documents.identity(document))


def shipped(name: str) -> Scenario:
    """A shipped scenario by name, never by file; 404 for an unknown one."""
    if name not in names():
        raise missing(f"scenario {name}", "unknown", nearest(name, names()))
    return scenario(name)


def read(request: Request, given: str | dict[str, Any]) -> Scenario:
    """A posted document, with all it names checked as far as that takes no run."""
    document = documents.scenario(given, [FOLDER], service(request).settings.limits.document_bytes)
    checked(document)
    return document


def checked(document: Scenario) -> None:
    """Refuse policies, parameters and drivers that are not there; CaudalError with line and field."""
    from caudal.compute.asked import overrides

    here = corridor()
    document.law(law())
    overrides(document, here.priors)
    here.drivers(here.begins, 1, None, document.drivers)


async def posted(request: Request) -> str | dict[str, Any]:
    """The body: YAML text, or the mapping that JSON holds."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    data = await request.body()
    if kind in YAML_TYPES:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused("body", "not UTF-8 text", "a YAML document in UTF-8") from None
    if kind != "application/json":
        allowed = "application/json, application/yaml"
        raise Refused("header 'content-type'", kind or "none", allowed, 415)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("body", "not JSON, or nested too deep", "a scenario document") from None
    if not isinstance(found, dict):
        raise Refused("body", "not a mapping", "a scenario document")
    return found


def row(document: Scenario, identity: str | None = None) -> dict[str, Any]:
    """A scenario in short; identity: of one that is not shipped."""
    return {
        "name": document.name,
        "title": document.title.model_dump(),
        "note": document.note.model_dump() if document.note else None,
        "extends": list(document.chain[:-1]),
        "shipped": identity is None,
        "id": identity,
    }


def told(document: Scenario, identity: str | None = None) -> dict[str, Any]:
    """A scenario, its whole document, and what it changes in words."""
    base, own = law(), document.law(law())
    return {
        "scenario": row(document, identity),
        "document": document.as_document(),
        "yaml": document.as_yaml(),
        "differences": diff(base, own, FIRST, LAST, labels()),
        "resting": resting(base, own),
    }
