"""The page at /: files of `web/`, and nothing else."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from caudal.report.strings import WEB


class Files(StaticFiles):
    """Files of one folder, asked for anew each time and mostly answered with 304."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or a 404."""
        if "\0" in path or len(path) > 200:
            path = "-"
        found = await super().get_response(path, scope)
        found.headers["cache-control"] = "no-cache"
        return found


async def _index(_: object) -> Response:
    return FileResponse(WEB / "app" / "index.html", headers={"cache-control": "no-cache"})


async def _strings(_: object) -> Response:
    return FileResponse(WEB / "strings.json", headers={"cache-control": "no-cache"})


def mount(app: FastAPI) -> None:
    """Put the page's files at /, /app, /words, /vendor and /strings.json."""
    app.router.routes.append(Route("/", _index, methods=["GET"]))
    app.router.routes.append(Route("/strings.json", _strings, methods=["GET"]))
    app.mount("/app", Files(directory=WEB / "app"), name="app")
    app.mount("/words", Files(directory=WEB / "words"), name="words")
    app.mount("/vendor", Files(directory=WEB / "vendor"), name="vendor")
