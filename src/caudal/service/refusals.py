"""Every problem in one shape: {"error": {"where", "found", "allowed"}}, with a 4xx status."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from caudal.errors import CaudalError
from caudal.service.tables import tell

LONGEST = 300
"""Characters of what was found that are said back."""


class Refused(CaudalError):
    """A problem with the status that tells of it."""

    status = 422

    def __init__(self, where: str, found: str, allowed: str = "", status: int = 422) -> None:
        super().__init__(where, found, allowed)
        self.status = status


class TooMuch(HTTPException):
    """A body too large or too slow, told while it is read."""

    def __init__(self, status: int, where: str, found: str, allowed: str) -> None:
        super().__init__(status, found)
        self.told = (where, found, allowed)


class Told(BaseModel):
    """What was wrong: where, what was found there, what is allowed instead."""

    where: str
    found: str
    allowed: str


class Refusal(BaseModel):
    """The body of every 4xx answer."""

    error: Told = Field(description="the problem, in one line's three parts")


_MEANING = {
    400: "no request that can be read",
    401: "the token is missing or wrong",
    403: "another site's page asks, or the token opens less",
    404: "there is no such thing",
    405: "this address takes other methods",
    408: "the body took too long",
    409: "not in the state that it is in",
    413: "too much in one request",
    415: "another kind of body",
    422: "something in it is not allowed",
    429: "too many requests, or too many jobs waiting",
    503: "busy: try again",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": meaning} for status, meaning in _MEANING.items()
}
"""For the OpenAPI description of every route."""


def body(where: str, found: str, allowed: str = "") -> dict[str, Any]:
    """The three parts, each cut to what fits a line."""
    parts = {"where": where, "found": found, "allowed": allowed}
    return {"error": {name: clean(text) for name, text in parts.items()}}


def clean(text: str, longest: int = LONGEST) -> str:
    """One line of printable text that any encoding can carry."""
    line = " ".join(str(text)[: 4 * longest].split())
    line = line.encode("utf-8", "replace").decode("utf-8")
    line = "".join(c if c.isprintable() else "?" for c in line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def refusal(status: int, where: str, found: str, allowed: str = "") -> JSONResponse:
    """An answer that refuses."""
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status in (429, 503):
        headers["retry-after"] = "2"
    return JSONResponse(body(where, found, allowed), status, headers)


def install(app: FastAPI, routes: Sequence[BaseRoute] = ()) -> None:
    """Have the application answer every problem so; routes: those of which a 405 tells methods."""

    @app.exception_handler(CaudalError)
    async def _caudal(_: Request, problem: CaudalError) -> Response:
        status = problem.status if isinstance(problem, Refused) else 422
        return refusal(status, problem.where, problem.found, problem.allowed)

    @app.exception_handler(RequestValidationError)
    async def _shape(_: Request, problem: RequestValidationError) -> Response:
        return refusal(422, *_first(problem.errors()))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, problem: HTTPException) -> Response:
        if isinstance(problem, TooMuch):
            return refusal(problem.status_code, *problem.told)
        if problem.status_code == 404:
            return refusal(404, request.url.path, "nothing is here", "see /openapi.json")
        if problem.status_code == 405:
            found = f"{request.method} is not taken"
            # the first route of this address has refused: others may take other methods
            taken = _methods(routes, request.scope)
            allowed = ", ".join(sorted(taken)) or (problem.headers or {}).get("Allow", "")
            answer = refusal(405, request.url.path, found, allowed)
            answer.headers["allow"] = allowed
            return answer
        return refusal(problem.status_code, request.url.path, str(problem.detail))

    @app.exception_handler(SQLAlchemyError)
    async def _away(request: Request, problem: SQLAlchemyError) -> Response:
        tell(logging.getLogger("caudal.service"), clean(request.url.path, 200), problem)
        found = f"does not answer ({type(problem).__name__})"
        allowed = "try again; where it stays so, see the server's log and its --store"
        return refusal(503, "catalogue", found, allowed)

    @app.exception_handler(Exception)
    async def _fault(request: Request, problem: Exception) -> Response:
        logging.getLogger("caudal.service").error(
            "a fault of Caudal's at %s", request.url.path, exc_info=problem
        )
        kind = type(problem).__name__
        return JSONResponse(body(request.url.path, f"a fault of Caudal's ({kind})"), 500)


def _methods(routes: Sequence[BaseRoute], scope: Scope) -> set[str]:
    """The methods that an address takes: by routes of just this address, else by those that fit it."""
    fits = [r for r in routes if isinstance(r, Route) and r.matches(scope)[0] != Match.NONE]
    just = [r for r in fits if r.path_format == scope["path"]]
    return {m for r in just or fits for m in r.methods or ()}


def _first(errors: Any) -> tuple[str, str, str]:
    """Where, found, allowed of the first fault that FastAPI has found."""
    fault = errors[0]
    place = ".".join(str(part) for part in fault.get("loc", ()))
    value = fault.get("input")
    found = repr(value) if isinstance(value, str | int | float | bool) else "does not fit"
    if fault.get("type") == "missing":
        found = "missing"
    if fault.get("type") == "json_invalid":
        found = "not JSON"
    return place, found, str(fault.get("msg", ""))
