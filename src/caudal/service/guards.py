"""Who may ask, how often, how much and how slowly; and the headers that every answer carries.

One ASGI middleware, outermost, so that what it refuses costs nothing further in.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from caudal.service.refusals import TooMuch, refusal
from caudal.service.settings import LOOPBACK, Settings
from caudal.service.tokens import Doorkeeper, opens

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the chart library puts a style element in each chart
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
GUARDED = ("/api/", "/metrics", "/openapi.json")
"""What a token opens. The page holds no data, /healthz and /readyz tell nothing: they need none."""
ADDRESSES = 10_000
BURST_S = 10.0


class Bucket:
    """How many more requests an address may make: filled at a rate, ten seconds' worth at most."""

    def __init__(self, rate: float, most: float | None = None) -> None:
        self.rate, self.most = rate, BURST_S * rate if most is None else most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, cost: float = 1.0) -> bool:
        """Whether there is one left; takes it."""
        now = time.monotonic()
        left, then = self._left.pop(address, (self.most, now))
        left = min(self.most, left + (now - then) * self.rate)
        enough = left >= 1.0
        self._left[address] = (left - cost if enough else left, now)
        while len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return enough


class Guards:
    """ASGI middleware: token, host, rates, size and pace of bodies, headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        limits = settings.limits
        self.door = Doorkeeper(settings.folder, settings.token)
        self.reads, self.writes = Bucket(limits.reads_per_s), Bucket(limits.writes_per_s)
        self.wrong = Bucket(limits.wrong_tokens / 60, float(limits.wrong_tokens))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"], *(h for h in HEADERS if h[0] not in named)
                ]  # fmt: skip
            await send(message)

        problem = self._problem(scope)
        if problem is not None:
            await refusal(*problem)(scope, receive, dressed)
            return
        await self.app(scope, _Body(receive, self.settings).receive, dressed)

    def _problem(self, scope: Scope) -> tuple[int, str, str, str] | None:
        headers = dict(scope["headers"])
        address = (scope.get("client") or ("local", 0))[0]
        path, reading = scope["path"], scope["method"] in ("GET", "HEAD", "OPTIONS")
        guarded = self.door.guarded()
        if not guarded and not _ours(headers.get(b"host", b"")):
            # a page elsewhere may give its own name our address, and so read what is ours
            found = "a name that is not this machine's"
            return 400, "header 'host'", found, ", ".join(LOOPBACK)
        here = reading and address in LOOPBACK
        if not here and not (self.reads if reading else self.writes).take(address):
            rate = self.settings.limits
            per_s = rate.reads_per_s if reading else rate.writes_per_s
            return 429, "requests", "too many from this address", f"{per_s:g} a second"
        if (length := headers.get(b"content-length")) is not None:
            most = self.settings.limits.body_bytes
            if not length.isdigit() or len(length) > 15:
                return 400, "header 'content-length'", "no number", "bytes of the body"
            if int(length) > most:
                return 413, "body", f"{int(length)} bytes", f"{most} bytes"
        if not reading and (told := _foreign(headers)):
            return 403, *told
        if guarded and path.startswith(GUARDED):
            return self._token(headers, address, scope)
        return None

    def _token(
        self, headers: dict[bytes, bytes], address: str, scope: Scope
    ) -> tuple[int, str, str, str] | None:
        if not self.wrong.take(address, 0.0):
            return 429, "header 'authorization'", "too many wrong tokens", "wait a minute"
        kind, _, token = headers.get(b"authorization", b"").partition(b" ")
        allowed = "Authorization: Bearer TOKEN"
        if kind.lower() != b"bearer" or not token:
            return 401, "header 'authorization'", "no token", allowed
        bearer = self.door.bearer(token.decode("latin-1").strip())
        if bearer is None:
            self.wrong.take(address)
            return 401, "header 'authorization'", "a token that is wrong or has ended", allowed
        scope["caudal.token"], reach = bearer
        if not opens(reach, scope["method"], scope["path"]):
            found = f"a token of scope {reach!r}"
            return 403, "header 'authorization'", found, "one with more (caudal token new --scope)"
        return None


def _ours(host: bytes) -> bool:
    name = host.decode("latin-1").lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    return not name or name in LOOPBACK


def _foreign(headers: dict[bytes, bytes]) -> tuple[str, str, str] | None:
    """A write that another site's page has a browser send."""
    origin = headers.get(b"origin", b"")
    host = headers.get(b"host", b"")
    if origin and origin.partition(b"://")[2] != host:
        allowed = "this page, or no browser; a proxy before it passes the Host header on"
        return "header 'origin'", "another site", allowed
    return None


class _Body:
    """Counts and times what a client sends."""

    def __init__(self, receive: Receive, settings: Settings) -> None:
        self._receive, self._limits = receive, settings.limits
        self._size, self._until, self._whole = 0, 0.0, False

    async def receive(self) -> Message:
        """The next part; the whole in time and in size, or `TooMuch`."""
        if self._whole:  # after the body one waits only to hear that the client has gone
            return await self._receive()
        now = time.monotonic()
        self._until = self._until or now + self._limits.body_seconds
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - now))
        except TimeoutError:
            seconds = f"{self._limits.body_seconds:g} seconds"
            raise TooMuch(408, "body", f"not there after {seconds}", seconds) from None
        self._size += len(message.get("body", b""))
        if self._size > self._limits.body_bytes:
            most = self._limits.body_bytes
            raise TooMuch(413, "body", f"more than {most} bytes", f"{most} bytes")
        self._whole = not message.get("more_body", False)
        return message
