"""Runs: their numbers by outcome, group, place and time, and how to get them again."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import FileResponse, Response

from caudal.service import shapes
from caudal.service.answers import KEEP, answer, table
from caudal.service.kinds.common import made_with
from caudal.service.kinds.run import frozen
from caudal.service.refusals import Refused
from caudal.service.routes import jobs
from caudal.service.routes.common import Hash, download, router, service
from caudal.service.slices import chosen, lines, netcdf, summary

api = router("runs")
Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9_./-]{1,80}$")]
Month = Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
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
    folder = jobs.results(request, jobs.found(request, run_id, "run"))
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
    folder = jobs.results(request, job)
    if job["request"]["made_with"] != made_with():
        # sources, policies and words are told as they are now: they must be those of the run
        found = "was made with other code or data than are here now"
        raise Refused(f"run {run_id}", found, "ask for the run again", 409)
    headers = {
        KEEP: "1",
        "content-security-policy": f"{policy()}; frame-ancestors 'none'",
        "content-disposition": f'inline; filename="caudal-{run_id}.html"',
    }
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
    folder = jobs.results(request, job)
    picked = chosen(outcome or [], group or [], place or [])
    if form == "netcdf":
        if not (outcome or group or place or start or end):
            name = f"caudal-{run_id}.nc"
            return FileResponse(
                folder / "results.nc", media_type="application/netcdf", filename=name
            )
        data = netcdf(folder, picked, start, end)
        headers = {"content-disposition": f'attachment; filename="caudal-{run_id}-part.nc"'}
        return Response(data, headers=headers | {KEEP: "1"}, media_type="application/netcdf")
    frame = summary(folder, picked, bool(group or place), start, end)
    if form == "json":
        about: dict[str, Any] = {"run": jobs.recipe(folder), **lines(frame, picked)}
        return answer(about, keep=True)
    return table(frame, form, f"caudal-{run_id}", hxl=hxl, keep=True)
