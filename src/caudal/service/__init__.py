"""The service: REST under /api/v1, the page at /, and the jobs behind them.

It says nothing of its own about the corridor: every answer is what the same function gives the
command line. Map of the room:

    settings.py   what `caudal serve` was asked for; the token is kept as a hash only
    tokens.py     tokens with a scope and an end, kept as hashes
    app.py        the application: rooms, order of the guards, start and stop
    refusals.py   every problem as {"error": {where, found, allowed}}
    answers.py    values and tables as JSON, CSV (with HXL), Parquet
    documents.py  scenario documents from strangers: bounded before they are read
    shapes/       Pydantic models of what is answered, one file a subject
    catalogue.py  jobs and stored scenarios in a database
    tables.py     its tables and connections; migrations/ are its forms
    kinds/        what a job may be, one file each
    store.py      results on disk; prune.py: the oldest taken away above a limit
    worker.py     a process that does jobs; pool.py: those of a server
    slices.py     parts of a run's results
    kept.py       answers kept in memory, with ETag; one maker at a time
    guards.py     token, limits, slow bodies, headers
    watch.py      numbers for /metrics, one line of log a request
    routes/       one file a subject

Importing this module imports no web library; `create_app` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from caudal.service.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, ready for an ASGI server; default settings are loopback without a token."""
    from caudal.service.app import create

    return create(settings)
