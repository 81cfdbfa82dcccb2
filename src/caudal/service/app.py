"""The application: what it is made of, in which order its guards stand, how it starts and stops."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from caudal.service import present, refusals
from caudal.service.guards import Guards
from caudal.service.kept import Kept
from caudal.service.routes import (
    about,
    claims,
    model,
    now,
    page,
    policies,
    scenarios,
    series,
    skill,
)
from caudal.service.settings import Settings
from caudal.service.watch import Numbers, Watch

ROUTES = (about, now, series, policies, scenarios, skill, claims, model)
DESCRIPTION = """What Caudal holds and computes of the US–Mexico migration corridor.

Errors are `{"error": {"where", "found", "allowed"}}` with a 4xx status. Answers that rest on code and
data alone carry an `ETag`. With a token set, everything under /api takes `Authorization: Bearer …`.
"""


class Service:
    """What stands behind the routes.

    settings  as asked for; numbers: for /metrics
    """

    def __init__(self, settings: Settings) -> None:
        self.settings, self.numbers = settings, Numbers()

    def stamp(self) -> str:
        """Changes when an answer that was kept may no longer hold."""
        from caudal.data.store import data_vintage

        return data_vintage()

    def forecast(self) -> dict[str, Any] | None:
        """The newest forecast that there is, as `caudal forecast --json` prints it."""
        return present.issued()

    def problems(self) -> list[str]:
        """Why the service is not ready; nothing where it is."""
        from caudal.data.store import list_series

        return [] if list_series() else ["no series"]

    def count_jobs(self) -> None:
        """Bring the numbers of jobs up to date."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


def create(settings: Settings | None = None) -> FastAPI:
    """The application; see `caudal.service.create_app`."""
    here = Service(settings or Settings())

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        here.start()
        logging.getLogger("caudal.service").info("started")
        try:
            yield
        finally:
            here.stop()

    app = FastAPI(
        title="Caudal",
        version=metadata.version("caudal"),
        description=DESCRIPTION,
        docs_url=None,  # the usual pages load scripts from elsewhere
        redoc_url=None,
        lifespan=living,
        middleware=[
            Middleware(Watch, numbers=here.numbers),
            Middleware(Guards, settings=here.settings),
            Middleware(Kept, stamp=here.stamp, most_bytes=here.settings.limits.kept_bytes),
        ],
    )
    app.state.service = here
    refusals.install(app)
    for part in ROUTES:
        app.include_router(part.api)
    page.mount(app)
    return app
