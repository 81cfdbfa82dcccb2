"""The application: what it is made of, in which order its guards stand, how it starts and stops."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module, metadata
from typing import Any

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware

from caudal.errors import CaudalError
from caudal.service import mapped, present, refusals
from caudal.service.catalogue import Catalogue
from caudal.service.guards import Guards
from caudal.service.kept import Kept
from caudal.service.kinds.common import RESULT
from caudal.service.pool import Pool
from caudal.service.routes import (
    about,
    claims,
    corridor,
    jobs,
    journeys,
    model,
    now,
    outcomes,
    page,
    policies,
    runs,
    scenarios,
    series,
    skill,
    why,
)
from caudal.service.settings import Settings
from caudal.service.store import Store
from caudal.service.watch import Numbers, Watch

ROUTES = (
    about,
    now,
    series,
    policies,
    scenarios,
    skill,
    why,
    outcomes,
    journeys,
    claims,
    corridor,
    model,
    runs,
    jobs,
)
DESCRIPTION = """What Caudal holds and computes of the US–Mexico migration corridor.

Errors are `{"error": {"where", "found", "allowed"}}` with a 4xx status. Answers that rest on code and
data alone carry an `ETag`. With a token set, everything under /api takes `Authorization: Bearer …`.
"""


class Service:
    """What stands behind the routes.

    settings  as asked for; numbers: for /metrics; streams: of events that are open now
    """

    def __init__(self, settings: Settings) -> None:
        self.settings, self.numbers = settings, Numbers()
        self.catalogue, self.results = Catalogue(settings.database), Store(settings.folder)
        self.pool = Pool(self.catalogue, self.results, settings.workers, settings.limits)
        self.streams, self.stopping, self.started = 0, False, False

    def stamp(self) -> str:
        """Changes when an answer that was kept may no longer hold."""
        from caudal.data.store import data_vintage

        try:
            judged = self.catalogue.newest("claims") if self.started else None
            made = [job["id"] for job in (self._issued(), judged) if job]
        except SQLAlchemyError:  # it is away: what rests on the package alone is told all the same
            made = []
        return " ".join([data_vintage(), *made])

    def forecast(self) -> dict[str, Any] | None:
        """The newest forecast that there is, as `caudal forecast --json` prints it."""
        made = self._issued()
        if made is not None:
            with suppress(FileNotFoundError):  # a newer one has just taken its place
                return json.loads((self.results.place(made["id"]) / RESULT).read_text("utf-8"))
        return present.issued()

    def _issued(self) -> dict[str, Any] | None:
        """The newest job that forecast the history as it is, by enough members, with today's data."""
        if not self.started:
            return None
        job = self.catalogue.newest("forecast")
        if job is None or not self.results.whole(job["id"]):
            return None
        asked = job["request"]
        plain = asked["document"] is None and asked["scenario"] == "baseline"
        return job if plain and asked["members"] >= ENOUGH and asked["months"] >= YEAR else None

    def problems(self) -> list[str]:
        """Why the service is not ready; nothing where it is."""
        from caudal.data.store import list_series

        found = [] if list_series() else ["no series"]
        try:
            self.catalogue.counts()
        except SQLAlchemyError as broken:
            found.append(f"the catalogue does not answer ({type(broken).__name__})")
        return found + self.pool.problems()

    def count(self) -> None:
        """Bring the numbers of jobs, workers and room up to date; of jobs none where none is known."""
        self.numbers.workers.set(self.pool.alive())
        with suppress(OSError):
            self.numbers.free.set(self.results.free())
        try:
            counts = self.catalogue.counts()
        except SQLAlchemyError:  # who watches is to see the rest all the same
            self.numbers.jobs.clear()
            return
        for status in ("queued", "running", "done", "failed", "cancelled"):
            self.numbers.jobs.labels(status).set(counts.get(status, 0))

    def start(self) -> None:
        """Open the catalogue and the results, and start the workers."""
        self.results.prepare()
        self.catalogue.prepare()
        self.started = True
        self.pool.start()
        if self.settings.workers:
            threading.Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        """Read what the first view and the first job need before they are asked for."""
        try:
            present.now(self.forecast(), history=1)
            mapped.told("all")
            import_module("caudal.compute.run")
        except CaudalError as problem:
            logging.getLogger("caudal.service").warning("not warm: %s", problem)

    def stop(self) -> None:
        """End the workers and close the catalogue."""
        self.stopping = True
        self.pool.stop()
        self.catalogue.close()


ENOUGH, YEAR = 100, 12
"""Members and months of a forecast that may stand in the first view."""


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
    refusals.install(app, [route for part in ROUTES for route in part.api.routes])
    for part in ROUTES:
        app.include_router(part.api)
    page.mount(app)
    return app
