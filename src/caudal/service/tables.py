"""The catalogue's tables, and the connections to its database: SQLite (WAL) or PostgreSQL."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError, SQLAlchemyError

from caudal.errors import CaudalError

metadata = MetaData()
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("request", Text, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("progress", Float, nullable=False),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("lease_until", Float, nullable=False),
    Column("worker", String(80), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("cancel", Boolean, nullable=False),
    Column("error", Text),
    Index("jobs_waiting", "status", "created"),
)
scenarios = Table(
    "scenarios",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("document", Text, nullable=False),
    Column("created", Float, nullable=False),
)


def engine(url: str) -> Engine:
    """A connection pool; of SQLite with write-ahead log, and time to wait for another writer."""
    if not url.startswith("sqlite"):
        # of a database made without a language (SQL_ASCII) the driver gives bytes unless told
        text = {"client_encoding": "utf8"} if make_url(url).drivername.endswith("psycopg") else {}
        return create_engine(
            url, pool_pre_ping=True, pool_size=5, max_overflow=10, connect_args=text
        )
    path = make_url(url).database or ":memory:"
    # read and write only: a file that is lost is told, not made anew and empty behind one's back
    there = url if path == ":memory:" else f"sqlite:///file:{quote(path)}?mode=rw&uri=true"
    made = create_engine(there, connect_args={"timeout": 30})

    @event.listens_for(made, "connect")
    def _settings(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()
        record.info["file"] = _file(path)

    @event.listens_for(made, "checkout")
    def _still_there(_: Any, record: Any, __: Any) -> None:
        if _file(path) != record.info["file"]:  # an open connection would read and write on
            raise DisconnectionError("the catalogue's file was removed or replaced")

    return made


def _file(path: str) -> tuple[int, int] | None:
    """Which file is at a path: its device and number."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def migrate(made: Engine, url: str) -> None:
    """Make the tables, or bring them to this version's form; CaudalError where that fails."""
    from alembic import command
    from alembic.config import Config

    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        with suppress(OSError):  # told by the connection, in the words below
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)  # SQLite gives its log and its index the same
            file.chmod(0o600)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with made.begin() as connection:
            if connection.dialect.name == "postgresql":
                # two servers that start at once: one migrates, the other waits
                connection.execute(select(func.pg_advisory_xact_lock(7_162_019)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as broken:
        allowed = "a folder, or postgresql://USER:PASSWORD@HOST/DATABASE"
        raise CaudalError(
            "--store", f"the catalogue cannot be opened ({because(broken)})", allowed
        ) from None


def because(problem: BaseException) -> str:
    """What a database said, in one line."""
    return (str(getattr(problem, "orig", None) or problem).splitlines() or [""])[0]


def tell(log: logging.Logger, what: str, problem: Exception) -> None:
    """Log a problem: of a database that is away the reason, of anything else where it came from."""
    if isinstance(problem, OperationalError | InterfaceError | DisconnectionError):
        log.error("%s: the catalogue does not answer (%s)", what, because(problem))
    else:
        log.error(what, exc_info=problem)


def plain(row: Any) -> dict[str, Any]:
    """A job's row as values, its JSON read."""
    found = dict(row)
    for name in ("request", "error"):
        found[name] = json.loads(found[name]) if found[name] else None
    return found
