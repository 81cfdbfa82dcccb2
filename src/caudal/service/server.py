"""The web server: uvicorn, with a clock on clients that take for ever to say what they want."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from caudal.service.settings import Settings

KEEP_ALIVE_S = 15


def protocol(seconds: float) -> type[asyncio.Protocol]:
    """The HTTP protocol, closing connections whose request's head is not there in time."""

    class Patient(H11Protocol):
        _clock: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            if self._clock is None and not self._busy():
                self._watch()
            super().data_received(data)
            if self._busy():
                self._rest()

        def connection_lost(self, exc: Exception | None) -> None:
            self._rest()
            super().connection_lost(exc)

        def _busy(self) -> bool:
            """Whether a request has been read whole up to its body and is not answered yet."""
            return self.cycle is not None and not self.cycle.response_complete

        def _watch(self) -> None:
            self._clock = self.loop.call_later(seconds, self._late)

        def _rest(self) -> None:
            if self._clock is not None:
                self._clock.cancel()
                self._clock = None

        def _late(self) -> None:
            self._clock = None
            if not self._busy():
                self.transport.close()

    return Patient


def serve(settings: Settings) -> None:
    """Serve until interrupted. Raises OSError where the address is taken."""
    from caudal.service import create_app
    from caudal.service.watch import log_to_stderr

    log_to_stderr()
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=protocol(settings.limits.headers_seconds),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        limit_concurrency=settings.limits.connections,
        h11_max_incomplete_event_size=16_384,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()
