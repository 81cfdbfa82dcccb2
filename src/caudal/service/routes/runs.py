"""Runs: their numbers by outcome, group, place and time, and how to get them again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response, StreamingResponse

from caudal.report.cf import citation
from caudal.service import shapes
from caudal.service.answers import KEEP, answer, table
from caudal.service.kinds.common import made_with
from caudal.service.kinds.run import NUMBERS, frozen
from caudal.service.refusals import Refused
from caudal.service.routes import jobs
from caudal.service.routes.common import Hash, download, router, service
from caudal.service.slices import chosen, lines, netcdf, summary

api = router("runs")
PART_BYTES = 1 << 18
Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9_./-]{1,80}$")]
Month = Annotated[str | None, Query(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")]
FILES = download(
    {
        "text/csv": "CSV, with HXL hashtags on request",
        "application/vnd.apache.parquet": "Parquet",
        "application/netcdf": "NetCDF 4: every number of every member",
    }
)


@api.get("/runs", response_model=shapes.Jobs)
def every(request: Request, status: jobs.Status | None = None) -> Response:
    """The newest runs, newest first."""
    found = service(request).catalogue.list("run", status)
    return answer({"jobs": [jobs.told(j) for j in found]})


@api.get("/runs/{run_id}", response_model=shapes.Job)
def one(request: Request, run_id: Hash) -> Response:
    """A run: how far it is."""
    return answer(jobs.told(jobs.found(request, run_id, "run")))


@api.delete("/runs/{run_id}", response_model=shapes.Job)
def cancel(request: Request, run_id: Hash) -> Response:
    """Cancel a run; one that has ended stays as it is."""
    jobs.found(request, run_id, "run")
    return answer(jobs.told(service(request).catalogue.cancel(run_id)))


@api.get("/runs/{run_id}/events", responses=jobs.EVENTS, response_model=None)
async def events(request: Request, run_id: Hash) -> Response:
    """Server-sent events until the run has ended."""
    return await jobs.stream(request, run_id, "run")


@api.get("/runs/{run_id}/recipe", response_model=shapes.Recipe)
def recipe(request: Request, run_id: Hash) -> Response:
    """The command and the Python that give the same numbers, and the document they need."""
    with jobs.results(request, jobs.found(request, run_id, "run")) as folder:
        return answer(jobs.recipe(folder), keep=True)


@api.get(
    "/runs/{run_id}/report.html",
    responses=download({"text/html": "the page of the run, frozen: one file that needs no server"}),
    response_model=None,
)
def report(request: Request, run_id: Hash) -> Response:
    """The report of a run, as `caudal run` writes it; 409 where it was made with other code or data."""
    from caudal.report.page import policy

    job = jobs.found(request, run_id, "run")
    if job["request"]["made_with"] != made_with():
        # sources, policies and words are told as they are now: they must be those of the run
        found = "was made with other code or data than are here now"
        raise Refused(f"run {run_id}", found, "ask for the run again", 409)
    headers = {
        KEEP: "1",
        "content-security-policy": f"{policy()}; frame-ancestors 'none'",
        "content-disposition": f'inline; filename="caudal-{run_id}.html"',
    }
    with jobs.results(request, job) as folder:
        return Response(frozen(job["request"], folder), headers=headers, media_type="text/html")


@api.get("/runs/{run_id}/results", response_model=shapes.Results, responses=FILES)
def results(
    request: Request,
    run_id: Hash,
    outcome: Annotated[
        list[Word] | None,
        Query(max_length=80, description="ids of outcomes; all where none is named"),
    ] = None,
    group: Annotated[
        list[Word] | None,
        Query(max_length=80, description="VEN, family or VEN/family; several are added up"),
    ] = None,
    place: Annotated[
        list[Word] | None,
        Query(max_length=80, description="sectors, field offices, cities; several are added up"),
    ] = None,
    start: Annotated[Month, Query(alias="from")] = None,
    end: Annotated[Month, Query(alias="to", description="first month left out")] = None,
    form: Annotated[Literal["json", "csv", "parquet", "netcdf"], Query(alias="format")] = "json",
    hxl: Annotated[bool, Query(description="a row of HXL hashtags in the CSV")] = False,
) -> Response:
    """Counts and quantiles over members by outcome and month; with netcdf, every member."""
    job = jobs.found(request, run_id, "run")
    picked = chosen(outcome or [], group or [], place or [])
    with jobs.results(request, job) as folder:
        if form == "netcdf":
            if not (outcome or group or place or start or end):
                return _whole(folder / NUMBERS, f"caudal-{run_id}.nc")
            data = netcdf(folder, picked, start, end)
            headers = {"content-disposition": f'attachment; filename="caudal-{run_id}-part.nc"'}
            return Response(data, headers=headers | {KEEP: "1"}, media_type="application/netcdf")
        frame = summary(folder, picked, bool(group or place), start, end)
        about = jobs.recipe(folder)
    if form == "json":
        return answer({"run": about, **lines(frame, picked)}, keep=True)
    made = {**about, "narrowed": bool(group or place), "cite": citation(about)}
    return table(frame, form, f"caudal-{run_id}", hxl=hxl, keep=True, recipe=made)


def _whole(path: Path, name: str) -> Response:
    """A file to download, opened now, so that it is whole even where it is removed meanwhile."""
    file = path.open("rb")

    def parts() -> Iterator[bytes]:
        with file:
            while part := file.read(PART_BYTES):
                yield part

    headers = {
        "content-length": str(os.fstat(file.fileno()).st_size),
        "content-disposition": f'attachment; filename="{name}"',
    }
    return StreamingResponse(parts(), media_type="application/netcdf", headers=headers)
