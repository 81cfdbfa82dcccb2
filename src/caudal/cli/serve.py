"""`caudal serve`: the page and the API, on this machine or, with a token, for others."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.service.settings import Settings

TOKEN, STORE = "CAUDAL_TOKEN", "CAUDAL_STORE"


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address; one that others reach needs a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes a free one.")] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", help="Processes that do the jobs; 0: only read.")
    ] = 1,
    store: Annotated[
        str,
        typer.Option(
            "--store",
            help="Folder of jobs and results, or the URL of a database, postgresql://… (results then "
            "in the default folder). Rather set CAUDAL_STORE where it holds a password.",
        ),
    ] = "",
    keep: Annotated[
        float,
        typer.Option("--keep", help="Gigabytes of results; above, the oldest make room."),
    ] = 10.0,
    token: Annotated[
        str,
        typer.Option(
            "--token",
            help="What others must show, or sha256:… of it. Rather set CAUDAL_TOKEN: options can be "
            "read by others on the machine.",
        ),
    ] = "",
) -> None:
    """Serve the page at / and the API at /api/v1 (docs/api.md). Ctrl-C stops it."""
    from caudal.service.server import serve as run
    from caudal.service.settings import Limits, Settings, token_hash

    # taken out of the environment, so that no process begun from here holds it
    secret = token or os.environ.get(TOKEN, "")
    os.environ.pop(TOKEN, None)
    database, folder = placed(store)
    os.environ.pop(STORE, None)
    settings = Settings(
        host=host,
        port=port or _free(host),
        workers=workers,
        store=database,
        folder=folder,
        token=token_hash(secret) if secret else "",
        limits=Limits(result_bytes=_bytes(keep)),
    )
    _refuse_taken(settings.host, settings.port)
    _refuse_unready(settings)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"http://{shown}:{settings.port}/")
    run(settings)


def _refuse_unready(settings: Settings) -> None:
    """Tell of a folder or a database that cannot be had in one line, before the server logs."""
    from caudal.service.catalogue import Catalogue
    from caudal.service.store import Store

    Store(settings.folder).prepare()
    catalogue = Catalogue(settings.database)
    try:
        catalogue.prepare()
    finally:
        catalogue.close()


def _bytes(gigabytes: float) -> int:
    if not 0.1 <= gigabytes <= 100_000:
        raise CaudalError("--keep", f"{gigabytes:g}", "0.1 to 100000 gigabytes")
    return int(gigabytes * 1e9)


def placed(store: str) -> tuple[str, Path]:
    """Database ("" for SQLite in the folder) and folder that `--store`, or $CAUDAL_STORE, names."""
    from caudal.service.settings import default_store

    store = store or os.environ.get(STORE, "")
    if "://" in store:
        return _driver(store), default_store()
    return "", Path(store).expanduser() if store else default_store()


def _driver(url: str) -> str:
    """The URL with the driver that Caudal comes with; CaudalError for another database."""
    kind, _, rest = url.partition("://")
    user, there, _ = rest.partition("?")[0].rpartition("@")
    if there and any(sign in user for sign in "@/#"):
        # the rest of such a password would be taken for a host, and told
        remedy = "in user and password %40 for @, %2F for /, %23 for #; or no password: ~/.pgpass"
        raise CaudalError("--store", f"{kind}://…: a sign that ends the password early", remedy)
    if kind in ("postgresql", "postgres", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if kind == "sqlite":
        return url
    raise CaudalError("--store", f"{kind}://…", "a folder, postgresql://… or sqlite:///FILE")


def _free(host: str) -> int:
    with socket.socket(_family(host)) as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _refuse_taken(host: str, port: int) -> None:
    """Tell of an address that cannot be had before anything is started."""
    try:
        with socket.socket(_family(host)) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host, port))
    except (OSError, OverflowError) as taken:
        reason = (getattr(taken, "strerror", None) or str(taken)).lower()
        raise CaudalError(f"--port {port}", reason, "a free port, or 0 for any") from None
