"""Whether the service is alive and ready, and its numbers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from caudal.service import shapes
from caudal.service.answers import answer
from caudal.service.refusals import RESPONSES
from caudal.service.routes.common import download, service

api = APIRouter(tags=["service"], responses={k: RESPONSES[k] for k in (401, 405, 429)})


@api.get("/healthz", response_model=shapes.Alive)
async def alive() -> Response:
    """The process answers."""
    return answer({"ok": True, "problems": []})


@api.get("/readyz", response_model=shapes.Alive, responses={503: {"model": shapes.Alive}})
def ready(request: Request) -> Response:
    """Data, catalogue and workers are there; 503 and why not where they are not."""
    problems = service(request).problems()
    return answer({"ok": not problems, "problems": problems}, status=503 if problems else 200)


@api.get("/metrics", responses=download({"text/plain": "Prometheus text"}), response_model=None)
def numbers(request: Request) -> Response:
    """Numbers for Prometheus."""
    here = service(request)
    here.count()
    return Response(generate_latest(here.numbers.registry), media_type=CONTENT_TYPE_LATEST)
