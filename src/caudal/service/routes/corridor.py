"""The corridor as a map, by month: who moved where, who waited where, and what was counted."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from caudal.service import shapes
from caudal.service.answers import Format, answer, table
from caudal.service.mapped import frame, told
from caudal.service.routes.common import FILES, router
from caudal.service.waiting import published

api = router("corridor")


@api.get("/corridor", response_model=shapes.CorridorMap, responses=FILES)
def by_month(
    who: Annotated[
        str, Query(max_length=40, description="all, a unit (family) or a nationality (VEN)")
    ] = "all",
    form: Annotated[Format, Query(alias="format")] = "json",
    hxl: Annotated[bool, Query(description="a second line of HXL hashtags in the CSV")] = False,
) -> Response:
    """Simulated flows between places and people at them, with published counts, of the history."""
    if form == "json":
        return answer(told(who), keep=True)
    return table(frame(who), form, f"corridor-{who.replace('_', '-')}", hxl=hxl, keep=True)


@api.get("/corridor/waiting", response_model=shapes.WaitingFigures)
def waiting() -> Response:
    """Published figures of people who wait in northern Mexico beside the shipped draws, by place."""
    return answer({"figures": list(published())}, keep=True)
