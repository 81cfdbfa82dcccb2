"""The page at /: files of `web/`, zipped and with an ETag, and nothing else."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from caudal.report.strings import WEB
from caudal.service import kept

LASTING = b"public, max-age=31536000, immutable"
"""Of a file whose address names its content: `?v=` and the beginning of its tag."""
_VENDORED = re.compile(r'(?<=")vendor/([\w.-]+)(?=")')


class Files(StaticFiles):
    """Files of one folder, held in memory until they change on disk."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or a 404."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        if "\0" in path or len(path) > 200:
            raise HTTPException(404)
        # A look at the disk takes microseconds; handing it to a thread takes ten times as long.
        full, found = self.lookup_path(path)
        if found is None or not S_ISREG(found.st_mode):
            raise HTTPException(404)
        return Held(_held(full, found.st_mtime_ns))


class Held(Response):
    """An answer that is there already, zipped where that is taken; 304 to who has it."""

    def __init__(self, held: kept.Answer) -> None:
        super().__init__()
        self.held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; it may be kept for a year where its address names its content."""
        held = self.held
        if scope["query_string"] == b"v=" + _version(held):
            rest = (h for h in held.headers if h[0] != b"cache-control")
            held = replace(held, headers=(*rest, (b"cache-control", LASTING)))
        await kept.deliver(held, scope, send)


@lru_cache(maxsize=256)
def _held(path: str, changed: int) -> kept.Answer:
    """A file as it is sent; `changed`: when it was, so that a newer one is read again."""
    return _answer(Path(path).read_bytes(), path)


def _answer(data: bytes, name: str) -> kept.Answer:
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media.startswith("text/"):
        media += "; charset=utf-8"
    return kept.finish([(b"content-type", media.encode())], data, "page")


def _file(path: Path) -> kept.Answer:
    return _held(str(path), path.stat().st_mtime_ns)


def _version(held: kept.Answer) -> bytes:
    return held.tag.strip(b'"')[:12]


async def _index(_: Request) -> Response:
    """The page, its libraries named by their content."""
    page = _file(WEB / "app" / "index.html").body.decode("utf-8")
    libraries = sorted(set(_VENDORED.findall(page)))
    return Held(_named(page, tuple((n, _version(_file(WEB / "vendor" / n))) for n in libraries)))


@lru_cache(maxsize=4)
def _named(page: str, versions: tuple[tuple[str, bytes], ...]) -> kept.Answer:
    """The page with the version of each library in its address."""
    of = dict(versions)
    text = _VENDORED.sub(lambda found: f"{found[0]}?v={of[found[1]].decode()}", page)
    return _answer(text.encode("utf-8"), "index.html")


async def _strings(_: Request) -> Response:
    return Held(_file(WEB / "strings.json"))


def mount(app: FastAPI) -> None:
    """Put the page's files at /, /app, /words, /vendor and /strings.json."""
    app.router.routes.append(Route("/", _index, methods=["GET"]))
    app.router.routes.append(Route("/strings.json", _strings, methods=["GET"]))
    for name in ("app", "words", "vendor"):
        app.mount(f"/{name}", Files(directory=WEB / name), name=name)
