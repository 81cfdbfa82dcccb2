"""Tokens with a scope and an end, kept as hashes in a file of the service's folder.

    read    GET under /api, and the description of the API
    run     also what makes or changes: jobs, stored scenarios
    admin   also /metrics

A token is 32 random bytes, shown once. Of it the SHA-256 is kept: of random text that tells nothing.
The file is read again when it changes, so that a token made or revoked holds at once. Once a service
was guarded it stays so, also when every token has ended or the file is gone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from caudal.errors import CaudalError

SCOPES = ("read", "run", "admin")
"""What a token opens; each holds those before it."""
FILE = "tokens.json"
SETTINGS = "CAUDAL_TOKEN"
"""How the token of the settings is called, which has no id."""
MOST_DAYS = 3650
_WRITABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Token:
    """What is kept of a token.

    id      the first eight digits of its hash, by which it is named
    name    whose it is; scope: one of SCOPES
    created, expires   moments in UTC, ISO 8601; hash: its SHA-256
    """

    id: str
    name: str
    scope: str
    created: str
    expires: str
    hash: str

    def ended(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return datetime.fromisoformat(self.expires) <= now


def digest(token: str) -> str:
    """The SHA-256 of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new(folder: Path, scope: str, days: float, name: str = "") -> tuple[str, Token]:
    """Make a token and keep its hash; returns the token, which is told this once, and what is kept."""
    if scope not in SCOPES:
        raise CaudalError("--scope", repr(scope), ", ".join(SCOPES))
    if not 0 < days <= MOST_DAYS:
        raise CaudalError("--days", f"{days:g}", f"more than 0, up to {MOST_DAYS}")
    if len(name) > 80 or not name.isprintable():
        raise CaudalError("--name", f"{len(name)} characters", "up to 80 that can be printed")
    secret = "caudal_" + secrets.token_urlsafe(32)
    now = datetime.now(UTC).replace(microsecond=0)
    kept = Token(
        digest(secret)[:8], name, scope, now.isoformat(), (now + timedelta(days=days)).isoformat(),
        digest(secret),
    )  # fmt: skip
    _write(folder, [*tokens(folder), kept])
    return secret, kept


def revoke(folder: Path, identity: str) -> Token:
    """Forget a token by its id. Raises CaudalError where there is none."""
    there = tokens(folder)
    gone = [t for t in there if t.id == identity]
    if not gone:
        known = ", ".join(t.id for t in there) or "none is kept"
        raise CaudalError("ID", f"no token {identity[:20]!r}", known)
    _write(folder, [t for t in there if t.id != identity])
    return gone[0]


def tokens(folder: Path) -> list[Token]:
    """Every token kept, oldest first. CaudalError for a file that is spoilt, or open to others."""
    path = folder / FILE
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise CaudalError(str(path), (problem.strerror or "unreadable").lower()) from problem
    if os.name == "posix" and mode & _WRITABLE_BY_OTHERS:
        found = f"open to others ({stat.filemode(mode)})"
        raise CaudalError(str(path), found, f"chmod 600 {path}")
    try:
        made = [Token(**row) for row in json.loads(text)["tokens"]]
        for token in made:
            token.ended(datetime.now(UTC))
            if token.scope not in SCOPES or len(token.hash) != 64:
                raise ValueError(token.id)
    except (ValueError, TypeError, KeyError) as problem:
        remedy = "what `caudal token` writes; without the file there are no tokens"
        raise CaudalError(str(path), "not readable as tokens", remedy) from problem
    return made


def _write(folder: Path, kept: Sequence[Token]) -> None:
    """Write the file for its owner alone, whole or not at all."""
    beside = folder / f".{FILE}.{os.getpid()}"
    text = json.dumps({"tokens": [asdict(t) for t in kept]}, indent=1) + "\n"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, folder / FILE)
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise CaudalError(f"--store {folder}", reason, "a writable folder") from problem
    finally:
        beside.unlink(missing_ok=True)


class Doorkeeper:
    """Says what a token opens: the one of the settings everything, those of the file what they say."""

    def __init__(self, folder: Path, hashed: str) -> None:
        self._folder, self._hashed = folder, hashed
        self._seen: tuple[int, int] | None = None
        self._tokens: list[Token] = []
        self._guarded = bool(hashed)

    def guarded(self) -> bool:
        """Whether a token is wanted at all."""
        self._read()
        return self._guarded

    def scope(self, token: str) -> str | None:
        """The token's scope; None for one that is wrong or has ended. A wrong one takes as long."""
        found = self.bearer(token)
        return None if found is None else found[1]

    def bearer(self, token: str) -> tuple[str, str] | None:
        """The token's id and scope, as `scope`; the id of the one in the settings is `SETTINGS`."""
        self._read()
        given, now, found = digest(token), datetime.now(UTC), None
        for kept in self._tokens:
            if hmac.compare_digest(given, kept.hash) and not kept.ended(now):
                found = kept.id, kept.scope
        if self._hashed and hmac.compare_digest(given, self._hashed):
            found = SETTINGS, SCOPES[-1]
        return found

    def _read(self) -> None:
        try:
            found = (self._folder / FILE).stat()
            seen = (found.st_mtime_ns, found.st_ino)
        except OSError:
            seen = None
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._tokens = tokens(self._folder)
        except CaudalError:  # spoilt, or open to others: then nobody's token is good
            self._tokens, self._guarded = [], True
        self._guarded = self._guarded or seen is not None


def opens(scope: str, method: str, path: str) -> bool:
    """Whether a scope allows this request.

    >>> opens("read", "GET", "/api/v1/now"), opens("read", "POST", "/api/v1/runs")
    (True, False)
    """
    if path.startswith("/metrics"):
        return scope == "admin"
    return scope in ("run", "admin") or method in ("GET", "HEAD", "OPTIONS")
