"""What is seen of the service: numbers for Prometheus, and one line of log a request.

A line says when, who asked (address, id of the token), what (method and path), how it ended and how
long it took.
Queries, bodies and headers are not in it, so no token and no text of a user's is.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from caudal.service.refusals import clean

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)


class Numbers:
    """The service's own registry, one an application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        label = ("method", "route", "status")
        self.requests = Counter(
            "caudal_requests", "Requests answered", label, registry=self.registry
        )
        self.seconds = Histogram(
            "caudal_request_seconds", "Seconds to an answer's first byte", ("route",),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.jobs = Gauge("caudal_jobs", "Jobs by state", ("status",), registry=self.registry)
        self.workers = Gauge("caudal_workers", "Workers alive", registry=self.registry)
        self.free = Gauge(
            "caudal_results_free_bytes", "Left on the disk of results", registry=self.registry
        )
        self.open = Gauge("caudal_requests_open", "Requests being answered", registry=self.registry)


class Watch:
    """ASGI middleware that counts, times and logs."""

    def __init__(self, app: ASGIApp, numbers: Numbers) -> None:
        self.app, self.numbers = app, numbers
        self.log = logging.getLogger("caudal.service.requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and tell of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        first = 0.0

        async def seen(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - began
            await send(message)

        self.numbers.open.inc()
        try:
            await self.app(scope, receive, seen)
        finally:
            self.numbers.open.dec()
            took = time.perf_counter() - began
            # the route's pattern, never an address as it was asked: one line a route, not a caller
            route = scope.get("caudal.route") or getattr(scope.get("route"), "path", "other")
            self.numbers.requests.labels(scope["method"], route, str(status)).inc()
            self.numbers.seconds.labels(route).observe(first or took)
            self.log.info(
                "request",
                extra={
                    "of": {
                        "client": (scope.get("client") or ("local", 0))[0],
                        **({"token": told} if (told := scope.get("caudal.token")) else {}),
                        "method": scope["method"],
                        "path": clean(scope["path"], 200),
                        "status": status,
                        "ms": round(1000 * took, 1),
                    }
                },
            )


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name.removesuffix(".error"),  # uvicorn names all it says so
            "says": clean(record.getMessage(), 1000),
            **getattr(record, "of", {}),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Have the service's logs written to standard error, a line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("caudal.service", "uvicorn"):
        log = logging.getLogger(name)
        log.handlers[:] = [handler]
        log.propagate = False
        log.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = True
