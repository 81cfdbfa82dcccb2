"""Outcomes: where journeys end, and outcomes side by side by year, of a run or of the shipped one."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response

from caudal.service import ended, shapes
from caudal.service.answers import answer
from caudal.service.kinds import run
from caudal.service.routes import jobs
from caudal.service.routes.common import Hash, router
from caudal.service.slices import chosen, lines

api = router("outcomes")
Year = Annotated[int | None, Query(ge=1990, le=2100, description="US fiscal year")]
By = Annotated[Literal["nationality", "unit"], Query(description="the middle of the flows")]
Group = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z_]{2,30}$", description="one label of the other axis; all without"),
]
PANELS = ("totals", "side", "stocks", "waiting")


@api.get("/outcomes", response_model=shapes.Ended)
def shipped(year: Year = None, by: By = "nationality", group: Group = None) -> Response:
    """Where journeys ended in a fiscal year, in the shipped run of the baseline."""
    return answer(ended.ended(None, year, by, group), keep=True)


@api.get("/outcomes/years", response_model=shapes.Side)
def shipped_years() -> Response:
    """Enforcement, protection, harm, institutions and cost by fiscal year, in the shipped run."""
    return answer(ended.side(None), keep=True)


@api.get("/outcomes/months", response_model=shapes.Results)
def shipped_months() -> Response:
    """Totals, queues and side outcomes by month in the shipped run, as `GET /runs/ID/results`."""
    frame = ended.table(None, run.SUMMARY)
    picked = [o for o in chosen([], [], []) if o.panel in PANELS]
    frame = frame[frame["outcome"].isin([o.id for o in picked])].reset_index(drop=True)
    return answer({"run": ended.recipe(None), **lines(frame, picked)}, keep=True)


@api.get("/runs/{run_id}/outcomes", response_model=shapes.Ended)
def of_run(
    request: Request, run_id: Hash, year: Year = None, by: By = "nationality", group: Group = None
) -> Response:
    """Where journeys ended in a fiscal year of a run."""
    with jobs.results(request, jobs.found(request, run_id, "run")) as folder:
        return answer(ended.ended(folder, year, by, group), keep=True)


@api.get("/runs/{run_id}/outcomes/years", response_model=shapes.Side)
def years_of_run(request: Request, run_id: Hash) -> Response:
    """Outcomes side by side by fiscal year of a run."""
    with jobs.results(request, jobs.found(request, run_id, "run")) as folder:
        return answer(ended.side(folder), keep=True)
