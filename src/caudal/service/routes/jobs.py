"""Jobs: ask for one, see how far it is, cancel it, take what it found. Runs have more in `runs`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from caudal.service import shapes
from caudal.service.answers import KEEP, answer, json_bytes
from caudal.service.catalogue import ENDED
from caudal.service.kinds import (
    KINDS,
    as_of,
    attribute,
    claims,
    compare,
    forecast,
    journeys,
    kind,
    run,
)
from caudal.service.kinds.common import RESULT, Ask, made_with
from caudal.service.refusals import Refused
from caudal.service.routes.common import Hash, missing, router, service

api = router("jobs")
EVERY_S = 0.5
QUIET = 20
"""Looks without news after which a comment keeps the line open."""
Status = Literal["queued", "running", "done", "failed", "cancelled"]
ACCEPTED: dict[int | str, dict[str, Any]] = {
    200: {"model": shapes.Job, "description": "it is there already"},
    202: {"model": shapes.Job, "description": "it waits, or is being done"},
}
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "a `progress` event at every change, then one named `end`",
        "content": {"text/event-stream": {"schema": {
            "type": "object", "required": ["event", "data"],
            "properties": {
                "event": {"enum": ["progress", "end"]},
                "data": {"type": "string", "contentMediaType": "application/json"},
            },
        }}},
    }
}  # fmt: skip
"""The schema is that of each event."""


ASKED: tuple[tuple[str, str, type[BaseModel], str, str], ...] = (
    ("/forecast", "forecast", forecast.Body, "jobs",
     "Forecast from the latest counts; the result has the fields of `caudal forecast --json`."),
    ("/as-of", "as-of", as_of.Body, "jobs",
     "What could be known on a day, and what followed; fields of `caudal as-of --json`."),
    ("/journeys", "journeys", journeys.Body, "jobs",
     "Synthetic journeys; the result has the fields of `caudal journeys --json`."),
    ("/compare", "compare", compare.Body, "jobs",
     "Scenarios against a base, in paired runs; fields of `caudal compare --json`, and by month."),
    ("/attribute", "attribute", attribute.Body, "jobs",
     "Which factors explain a change, in people; fields of `caudal attribute --json`."),
    ("/claims/check", "claims", claims.Body, "claims",
     "Judge every claim, causes with their runs; `GET /claims` then shows the verdicts."),
    ("/runs", "run", run.Body, "runs",
     "Run a scenario; the id is that of `caudal run`, so the same inputs are answered at once."),
)  # fmt: skip
"""What a job is asked for by: address, kind, body, tag, and what it does."""


def _asking(name: str, body: type[BaseModel]) -> Callable[..., Response]:
    def ask(request: Request, body: Any) -> Response:
        return submit(request, name, body)

    ask.__annotations__["body"] = body
    return ask


for _path, _kind, _body, _tag, _does in ASKED:
    api.post(
        _path, name=f"ask_{KINDS[_kind]}", responses=ACCEPTED, response_model=None,
        tags=[_tag] if _tag != "jobs" else None, description=_does,
    )(_asking(_kind, _body))  # fmt: skip


@api.get("/jobs", response_model=shapes.Jobs)
def every(
    request: Request,
    of: Annotated[
        str | None,
        Query(alias="kind", pattern=f"^({'|'.join(KINDS)})$", description="a kind of job"),
    ] = None,
    status: Status | None = None,
) -> Response:
    """The newest jobs, newest first."""
    return answer({"jobs": [told(j) for j in service(request).catalogue.list(of, status)]})


@api.get("/jobs/{job_id}", response_model=shapes.Job)
def one(request: Request, job_id: Hash) -> Response:
    """A job: how far it is."""
    return answer(told(found(request, job_id)))


@api.delete("/jobs/{job_id}", response_model=shapes.Job)
def cancel(request: Request, job_id: Hash) -> Response:
    """Cancel a job; one that has ended stays as it is."""
    found(request, job_id)
    return answer(told(service(request).catalogue.cancel(job_id)))


@api.get("/jobs/{job_id}/events", responses=EVENTS, response_model=None)
async def events(request: Request, job_id: Hash) -> Response:
    """Server-sent events until the job has ended."""
    return await stream(request, job_id)


@api.get("/jobs/{job_id}/result", response_model=shapes.Found)
def result(request: Request, job_id: Hash) -> Response:
    """What a job found; of a run, its recipe."""
    with results(request, found(request, job_id)) as folder:
        data = (folder / RESULT).read_bytes()
    return Response(data, headers={KEEP: "1"}, media_type="application/json")


def submit(request: Request, name: str, body: Any) -> Response:
    """Check what is asked, and answer with the job: found, or newly queued."""
    here = service(request)
    plan = kind(name).plan(body, Ask(here.settings.limits, here.catalogue.scenario))
    most, asked = here.settings.limits.queue, {**plan.request, "made_with": made_with()}
    job, _ = here.catalogue.submit(plan.id, name, asked, plan.cost, most)
    if job["status"] == "done" and not here.results.has(plan.id):
        here.catalogue.forget(plan.id)
        job, _ = here.catalogue.submit(plan.id, name, asked, plan.cost, most)
    return answer(told(job), status=200 if job["status"] == "done" else 202)


def found(request: Request, job_id: str, of: str | None = None) -> dict[str, Any]:
    """The job; 404 where there is none, or none of this kind."""
    job = service(request).catalogue.job(job_id)
    if job is None or of not in (None, job["kind"]):
        raise missing(f"{of or 'job'} {job_id}", "unknown", "an id that a POST gave")
    return job


@contextmanager
def results(request: Request, job: dict[str, Any]) -> Iterator[Path]:
    """The folder of a job's results while it is read; 409 while there are none, 404 once removed."""
    if job["status"] != "done":
        raise Refused(f"job {job['id']}", f"is {job['status']}", "a job that is done", 409)
    here = service(request)
    if here.results.has(job["id"]) and not here.results.whole(job["id"]):
        here.results.drop(job["id"])
        found = "its results were spoilt on the disk, and are removed"
        raise missing(f"job {job['id']}", found, "ask for it again")
    try:
        yield here.results.place(job["id"])
    except FileNotFoundError:
        if here.results.has(job["id"]):
            raise
        raise missing(f"job {job['id']}", "its results were removed", "ask for it again") from None


def told(job: Any) -> dict[str, Any]:
    """A job as it is answered."""
    base = f"/api/v1/{'runs' if job['kind'] == 'run' else 'jobs'}/{job['id']}"
    last = "results" if job["kind"] == "run" else "result"
    fields = ("id", "kind", "status", "progress", "created", "started", "ended", "tries", "error")
    return {
        **{name: job[name] for name in fields},
        "request": job["request"],
        "links": {"self": base, "events": f"{base}/events", "result": f"{base}/{last}"},
    }


async def stream(request: Request, job_id: str, of: str | None = None) -> Response:
    """Events of a job, as `text/event-stream`."""
    here = service(request)
    await run_in_threadpool(found, request, job_id, of)
    if here.streams >= here.settings.limits.streams:
        raise Refused("events", f"{here.streams} are open", "ask for the status instead", 429)

    async def lines() -> AsyncIterator[bytes]:
        here.streams += 1
        last, quiet = b"", 0
        try:
            while True:
                job = await run_in_threadpool(here.catalogue.job, job_id)
                status = job["status"] if job else "cancelled"
                said = {"id": job_id, "status": status, "progress": job["progress"] if job else 0.0,
                        "error": job["error"] if job else None}  # fmt: skip
                data = json_bytes(said)
                ended = status in ENDED
                if data != last or ended:
                    name = b"end" if ended else b"progress"
                    yield b"event: " + name + b"\ndata: " + data + b"\n\n"
                    last, quiet = data, 0
                elif (quiet := quiet + 1) >= QUIET:
                    yield b": still there\n\n"
                    quiet = 0
                if ended or here.stopping:
                    return
                await asyncio.sleep(EVERY_S)
        finally:
            here.streams -= 1

    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)


def recipe(folder: Any) -> dict[str, Any]:
    """The recipe of a run, from its folder."""
    return json.loads((folder / RESULT).read_text("utf-8"))
