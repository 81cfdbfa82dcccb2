"""What the service was asked to do and how much it allows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from caudal.errors import CaudalError
from caudal.service.tokens import digest, tokens

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHORTEST_TOKEN = 24
_HASH = re.compile(r"sha256:([0-9a-f]{64})")


def default_store() -> Path:
    """The folder of jobs, results and the catalogue where none is named."""
    import platformdirs

    return Path(platformdirs.user_data_dir("caudal")) / "service"


def token_hash(token: str) -> str:
    """What is kept of a token: its SHA-256. `sha256:…` is taken as such a hash already.

    A token is drawn at random and long, so a plain hash tells nothing of it. Raises CaudalError for
    one that is short enough to be guessed.

    >>> token_hash("sha256:" + "0" * 64) == "0" * 64
    True
    """
    if given := _HASH.fullmatch(token):
        return given[1]
    if len(token) < SHORTEST_TOKEN or len(set(token)) < 8:
        remedy = f"{SHORTEST_TOKEN} random characters or more (openssl rand -hex 24)"
        raise CaudalError("--token", f"{len(token)} characters, or too much alike", remedy)
    return digest(token)


@dataclass(frozen=True)
class Limits:
    """How much one asks at most.

    body_bytes       of a request's body; document_bytes of a scenario in it
    body_seconds     to send a body, headers_seconds to send what stands before it
    writes_per_s, reads_per_s  of one address, with bursts of ten seconds' worth; reads from this
                     machine itself are not limited
    wrong_tokens     of one address in a minute
    queue            jobs that wait; members_days: members × days of one job
    connections      open at once; streams: of events
    kept_bytes       of answers held in memory
    result_bytes     of results on disk, and ended_jobs in the catalogue: above, the oldest go
    """

    body_bytes: int = 1_000_000
    document_bytes: int = 64_000
    body_seconds: float = 15.0
    headers_seconds: float = 10.0
    reads_per_s: float = 50.0
    writes_per_s: float = 10.0
    wrong_tokens: int = 10
    queue: int = 200
    members_days: int = 1_000_000
    connections: int = 1_000
    streams: int = 200
    kept_bytes: int = 128_000_000
    result_bytes: int = 10_000_000_000
    ended_jobs: int = 5_000


@dataclass(frozen=True)
class Settings:
    """What `caudal serve` was asked for.

    store   URL of the catalogue's database, or "" for SQLite in `folder`
    folder  of results, and of the catalogue where that is SQLite
    token   SHA-256 of a token that opens everything, "" for none (others: `caudal.service.tokens`)
    workers processes that do the jobs, 0 for none
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    store: str = ""
    folder: Path = field(default_factory=default_store)
    token: str = field(default="", repr=False)
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        kept = tokens(self.folder)  # refuses a file that others can read
        if not self.token and not kept and self.host not in LOOPBACK:
            raise CaudalError(
                f"--host {self.host}", "open to other machines without a token",
                f"{', '.join(LOOPBACK)}, or --token (CAUDAL_TOKEN), or `caudal token new`",
            )  # fmt: skip
        for option, value, low, high in (
            ("--port", self.port, 0, 65535),
            ("--workers", self.workers, 0, 64),
        ):
            if not low <= value <= high:
                raise CaudalError(option, f"{value}", f"{low} to {high}")

    @property
    def database(self) -> str:
        """The catalogue's URL."""
        return self.store or f"sqlite:///{self.folder / 'catalogue.sqlite'}"
