"""The first view: the latest counts with nowcast and forecast."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from caudal.service import shapes
from caudal.service.answers import answer
from caudal.service.present import now
from caudal.service.routes.common import router, service

api = router("now")


@api.get("/now", response_model=shapes.Now)
def latest(
    request: Request,
    history: Annotated[int, Query(ge=1, le=240, description="months of counts")] = 36,
) -> Response:
    """Counts, nowcast and forecast by outcome; what changed, what was decided, how good it was."""
    return answer(now(service(request).forecast(), history), keep=True)
