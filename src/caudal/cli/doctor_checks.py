"""What `caudal doctor` looks at: each check gives lines, and one that breaks is a line, too."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from caudal.errors import CaudalError

OK, WARN, FAIL = "ok", "warn", "fail"
LITTLE, TOO_LITTLE = 2e9, 2e8
"""Bytes free below which one is warned, and below which nothing can be kept."""


@dataclass(frozen=True)
class Line:
    """One finding: what was looked at, ok, warn or fail, what was found, and the remedy if any."""

    check: str
    status: str
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Asked:
    """Where the service's things are: its folder, its database ("" for SQLite there), its port."""

    folder: Path
    database: str
    port: int


def look(asked: Asked) -> list[Line]:
    """Every check in its order."""
    lines: list[Line] = []
    for name, check in CHECKS.items():
        try:
            lines += check(asked)
        except CaudalError as problem:
            lines.append(Line(name, FAIL, str(problem)))
        except Exception as problem:  # a doctor that falls ill tells where
            lines.append(Line(name, FAIL, f"{type(problem).__name__}: {problem}"))
    return lines


def _python(_: Asked) -> Iterator[Line]:
    found = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Line("python", OK if fits else FAIL, found, "" if fits else "Python 3.11, 3.12 or 3.13")


def _packages(_: Asked) -> Iterator[Line]:
    wanted = [r for r in metadata.requires("caudal") or () if "extra ==" not in r]
    wrong = []
    for requirement in wanted:
        name, __, least = requirement.partition(";")[0].strip().partition(">=")
        try:
            there = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        if least and _numbers(there) < _numbers(least):
            wrong.append(f"{name} {there}, at least {least}")
    if wrong:
        yield Line(
            "packages", FAIL, "; ".join(wrong), "pip install --upgrade caudal (or make setup)"
        )
    else:
        yield Line("packages", OK, f"{len(wanted)} as required")


def _numbers(version: str) -> list[int]:
    """The leading numbers of a version.

    >>> _numbers("3.13.0rc1")
    [3, 13, 0]
    """
    out = []
    for part in version.split("."):
        digits = ""
        for letter in part:
            if not letter.isdigit():
                break
            digits += letter
        if not digits:
            break
        out.append(int(digits))
    return out


def _jax(_: Asked) -> Iterator[Line]:
    from caudal.compute import cache

    cache.enable()
    import jax

    devices = jax.devices()
    kinds = sorted({d.platform for d in devices})
    yield Line("jax", OK, f"{jax.__version__} on {', '.join(kinds)} ({len(devices)})")


def _cache(_: Asked) -> Iterator[Line]:
    from caudal.compute import cache

    place = cache.folder()
    if not cache.enable():
        yield Line("cache", WARN, f"{place} cannot be written: every process compiles anew",
                   "CAUDAL_CACHE=FOLDER that can be written")  # fmt: skip
        return
    compiled = list((place / "jax").glob("*")) if (place / "jax").is_dir() else []
    said = f"{place}, {_size(place)}"
    if compiled:
        yield Line("cache", OK, f"{said}, {len(compiled)} compiled functions")
    else:
        yield Line("cache", WARN, f"{said}, nothing compiled yet", _warm())
    kept = list((place / "states").glob("*.npz")) if (place / "states").is_dir() else []
    yield Line("kept histories", OK,
               f"{len(kept)} files, {_size(place / 'states')}" if kept
               else "none yet: the first run takes longer")  # fmt: skip


def _warm() -> str:
    from caudal.cli import VERBS

    return "caudal warm" if "warm" in VERBS else "the first run compiles, once (a minute or so)"


def _data(_: Asked) -> Iterator[Line]:
    from caudal.data.package import read_descriptor
    from caudal.data.store import data_vintage, list_series, newest, package_folder, user_folder

    folder, wrong = package_folder(), []
    resources = read_descriptor(folder)["resources"]
    for resource in resources:
        path = folder / resource["path"]
        if not path.is_file():
            wrong.append(f"{resource['path']} is missing")
        elif _sum(path) != resource["hash"]:
            wrong.append(f"{resource['path']} was changed")
    if wrong:
        yield Line("data files", FAIL, "; ".join(wrong), "install the package again")
    else:
        yield Line("data files", OK, f"{len(resources)} with the sums that the package names")
    series = [newest(s) for s in list_series()]
    own = [v for v in series if v.is_users]
    read = [v.provenance.read_on for v in series]
    told = f"{data_vintage()}: {len(series)} series, read {min(read)} to {max(read)}"
    more = f"; {len(own)} refreshed here, in {user_folder()}" if own else ""
    yield Line("data vintage", OK, told + more)


def _sum(path: Path) -> str:
    from caudal.compute.store import file_hash

    return f"sha256:{file_hash(path)}"


def _draws(_: Asked) -> Iterator[Line]:
    from caudal.compute.asked import fits
    from caudal.compute.posterior import load
    from caudal.compute.store import versions
    from caudal.corridor import corridor

    here: Any = corridor()
    learned = load(here.posterior)
    fits(here, learned)
    new = learned.completed(here.priors)[1]
    counted = f"{learned.draws} draws, {learned.months} months counted"
    if new:
        yield Line("learned draws", WARN, f"{counted}; {len(new)} parameters are newer",
                   "caudal fit (long); until then they come from their priors")  # fmt: skip
    else:
        yield Line("learned draws", OK, counted)
    yield Line("code version", OK, versions(here)["code_version"])


def _page(_: Asked) -> Iterator[Line]:
    from caudal.report.bundle import vendored
    from caudal.report.strings import WEB

    vendored()
    files = sum(1 for p in WEB.rglob("*") if p.is_file())
    yield Line("page", OK, f"{files} files; its libraries have their recorded sums")
    yield Line("browser", OK, "any; Chromium is needed by the tests of the page alone")


def _store(asked: Asked) -> Iterator[Line]:
    at = asked.folder
    while not at.exists() and at != at.parent:
        at = at.parent
    if not at.is_dir() or not os.access(at, os.W_OK | os.X_OK):
        yield Line("store", FAIL, f"{asked.folder} cannot be written{_owner(at)}",
                   "the service's user must own it (chown), or another --store FOLDER")  # fmt: skip
        return
    none = f"{asked.folder}, made by the first caudal serve"
    there = f"{asked.folder}, {_size(asked.folder)}" if at == asked.folder else none
    if os.name == "posix" and at == asked.folder and at.stat().st_mode & 0o077:
        yield Line("store", WARN, f"{there}; others of this machine can look into it",
                   f"chmod 700 {asked.folder}")  # fmt: skip
    else:
        yield Line("store", OK, there)
    free = shutil.disk_usage(at).free
    status = OK if free >= LITTLE else WARN if free >= TOO_LITTLE else FAIL
    remedy = "" if status == OK else "make room, or caudal serve --keep GIGABYTES"
    yield Line("disk", status, f"{free / 1e9:,.1f} GB free at {at}", remedy)


def _owner(path: Path) -> str:
    """Who owns what one cannot write, where that is somebody else."""
    if os.name != "posix" or (uid := path.stat().st_uid) == os.getuid():
        return ""
    import pwd

    try:
        return f": {path} is {pwd.getpwuid(uid).pw_name}'s"
    except KeyError:  # of a user that was removed, or of another machine
        return f": {path} is user {uid}'s"


def _database(asked: Asked) -> Iterator[Line]:
    file = asked.folder / "catalogue.sqlite"
    if not asked.database and not file.exists():
        yield Line("database", OK, "SQLite, made by the first caudal serve")
        return
    from sqlalchemy import func, select
    from sqlalchemy.exc import SQLAlchemyError

    from caudal.service.tables import engine, jobs

    made = engine(asked.database or f"sqlite:///{file}")
    kind = made.dialect.name
    try:
        with made.connect() as connection:
            if kind == "sqlite":
                state = connection.exec_driver_sql("PRAGMA quick_check").scalar()
                if state != "ok":
                    yield Line("database", FAIL, f"{file}: {state}", "move the file away; jobs are "
                               "lost, results stay")  # fmt: skip
                    return
            if not made.dialect.has_table(connection, jobs.name):
                yield Line("database", OK, f"{kind} answers; its tables come with caudal serve")
                return
            count = connection.execute(select(func.count()).select_from(jobs)).scalar()
        yield Line("database", OK, f"{kind} answers: {count} jobs")
    except SQLAlchemyError as broken:
        reason = str(getattr(broken, "orig", None) or type(broken).__name__).splitlines()[0]
        yield Line("database", FAIL, f"{kind} does not answer ({reason})",
                   "start it, or another --store")  # fmt: skip
    finally:
        made.dispose()


def _tokens(asked: Asked) -> Iterator[Line]:
    from datetime import UTC, datetime

    from caudal.service.tokens import tokens

    kept = tokens(asked.folder)
    ended = [t for t in kept if t.ended(datetime.now(UTC))]
    if kept and len(ended) == len(kept):
        yield Line(
            "tokens", WARN, f"all {len(kept)} have ended: nobody is let in", "caudal token new"
        )
    else:
        yield Line("tokens", OK, f"{len(kept) - len(ended)} in force" if kept
                   else "none: the service talks to this machine only")  # fmt: skip


def _port(asked: Asked) -> Iterator[Line]:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", asked.port))
        except OSError as taken:
            yield Line("port", WARN, f"{asked.port}: {(taken.strerror or str(taken)).lower()}",
                       "caudal serve --port 0 takes a free one")  # fmt: skip
            return
    yield Line("port", OK, f"{asked.port} is free")


def _size(folder: Path) -> str:
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return f"{total / 1e6:,.0f} MB"


CHECKS: dict[str, Callable[[Asked], Iterator[Line]]] = {
    "python": _python,
    "packages": _packages,
    "jax": _jax,
    "cache": _cache,
    "data": _data,
    "learned draws": _draws,
    "page": _page,
    "store": _store,
    "database": _database,
    "tokens": _tokens,
    "port": _port,
}
