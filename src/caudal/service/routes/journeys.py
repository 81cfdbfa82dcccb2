"""Journeys drawn beforehand, and of whom others may be asked (`POST /journeys`)."""

from __future__ import annotations

from starlette.responses import Response

from caudal.corridor.world import NATIONALITY_NAMES, UNIT_NAMES
from caudal.service import shapes, shipped
from caudal.service.answers import answer
from caudal.service.routes.common import router
from caudal.service.routes.why import counted

api = router("journeys")


@api.get("/journeys", response_model=shapes.Examples)
def examples() -> Response:
    """The shipped examples, each as `POST /journeys` answers (docs/journeys.md)."""
    first, last = counted()
    named = {"nationalities": NATIONALITY_NAMES, "units": UNIT_NAMES}
    lists = {
        key: [{"id": k, "name": {"en": v[0], "es": v[1]}} for k, v in names.items()]
        for key, names in named.items()
    }
    return answer(
        {**shipped.document("journeys.json"), **lists, "first": first, "last": last}, keep=True
    )
