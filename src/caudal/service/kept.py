"""Answers kept in memory: what rests on code and data alone is made once and read many times.

A route marks such an answer (`answers.KEEP`). It is kept under its address until `stamp` changes
(newer data, a newer forecast) or room is needed, and goes out with an ETag, so that who has it
already is told so (304) in a few bytes. Of many who ask at once for what is not there, one has it
made and the others wait for it.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from caudal.service.answers import KEEP

LOOK_AGAIN_S = 5.0
"""How long the stamp is taken as it was."""
WORTH_ZIPPING = 1_000
_MARK = KEEP.encode()


@dataclass(frozen=True)
class Answer:
    """A finished answer: headers, body, the same zipped (or None), its tag, the route's pattern."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    zipped: bytes | None
    tag: bytes
    route: str

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + len(self.zipped or b"")


class Kept:
    """ASGI middleware around an application whose routes mark what may be kept."""

    def __init__(self, app: ASGIApp, stamp: Callable[[], str], most_bytes: int) -> None:
        self.app, self.stamp, self.most = app, stamp, most_bytes
        self._answers: OrderedDict[tuple[str, bytes], Answer] = OrderedDict()
        self._size = 0
        self._making: dict[tuple[str, bytes], asyncio.Future[Answer | None]] = {}
        self._stamp, self._looked = "", -LOOK_AGAIN_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or have it made."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        await self._look()
        key = (scope["path"], scope["query_string"])
        found = self._answers.get(key)
        if found is None and key in self._making:
            found = await asyncio.shield(self._making[key])
            if found is None:  # what the other made was not to be kept
                await self.app(scope, receive, send)
                return
        elif found is None:
            found = await self._make(key, scope, receive, send)
            if found is None:
                return
        if key in self._answers:
            self._answers.move_to_end(key)
        scope["caudal.route"] = found.route
        await deliver(found, scope, send)

    async def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_AGAIN_S:
            return
        self._looked = now
        stamp = await asyncio.to_thread(self.stamp)
        if stamp != self._stamp:
            self._stamp = stamp
            self._answers.clear()
            self._size = 0

    async def _make(
        self, key: tuple[str, bytes], scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """The answer, kept; or None where it is not to be kept and has been sent already."""
        start: dict[str, Any] = {}
        parts: list[bytes] = []
        waited = self._making[key] = asyncio.get_running_loop().create_future()

        def over(made: Answer | None) -> None:
            """Let those go on who wait for this one."""
            if self._making.get(key) is waited:
                del self._making[key]
                waited.set_result(made)

        async def take(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 200 and any(n == _MARK for n, _ in message["headers"]):
                    start.update(message)
                    return
                over(None)
            if start and message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                return
            await send(message)

        try:
            await self.app(scope, receive, take)
            if not start:
                return None
            route = getattr(scope.get("route"), "path", "")
            made = await asyncio.to_thread(finish, start["headers"], b"".join(parts), route)
            self._keep(key, made)
            over(made)
            return made
        finally:
            over(None)

    def _keep(self, key: tuple[str, bytes], made: Answer) -> None:
        if made.size > self.most // 4:
            return
        self._answers[key] = made
        self._size += made.size
        while self._size > self.most:
            _, old = self._answers.popitem(last=False)
            self._size -= old.size


def finish(headers: list[tuple[bytes, bytes]], body: bytes, route: str) -> Answer:
    """An answer as it is kept: zipped where that is worth it, with its tag."""
    tag = b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
    text = any(
        name == b"content-type" and value.startswith((b"text/", b"application/json", b"image/svg"))
        for name, value in headers
    )
    zipped = gzip.compress(body, 6, mtime=0) if text and len(body) >= WORTH_ZIPPING else None
    rest = tuple((n, v) for n, v in headers if n not in (_MARK, b"content-length"))
    more = ((b"etag", tag), (b"cache-control", b"private, no-cache"), (b"vary", b"accept-encoding"))
    return Answer((*rest, *more), body, zipped, tag, route)


async def deliver(found: Answer, scope: Scope, send: Send) -> None:
    """Send it, zipped where that is taken; 304 to who has it already."""
    asked = dict(scope["headers"])
    has = asked.get(b"if-none-match", b"")
    if has and (has.strip() == b"*" or found.tag in has):
        start = {"type": "http.response.start", "status": 304, "headers": list(found.headers)}
        await send(start)
        await send({"type": "http.response.body", "body": b""})
        return
    zipped = found.zipped is not None and b"gzip" in asked.get(b"accept-encoding", b"")
    body = found.zipped if zipped and found.zipped is not None else found.body
    headers = [*found.headers, (b"content-length", str(len(body)).encode())]
    if zipped:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
