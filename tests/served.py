"""`caudal serve` as a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

SERVE = "import sys; from caudal.cli import main; sys.exit(main(sys.argv[1:]))"
PATIENCE_S = 900.0


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def asked(
    address: str,
    body: Any = None,
    *,
    busy: Collection[int] = (429,),
    alone: Callable[[], None] = lambda: None,
) -> Any:
    """The JSON of a GET, or of a POST of a body; patient while the server starts or is busy.

    busy   statuses after which one asks again (writes are limited); other refusals are raised
    alone  called where nobody answers: raises if nobody ever will
    """
    data = None if body is None else json.dumps(body).encode()
    head = {} if data is None else {"content-type": "application/json"}
    ask = urllib.request.Request(address, data, head)
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(ask, timeout=300) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code not in busy:
                raise
        except OSError:
            alone()
        if time.monotonic() > until:
            raise TimeoutError(address)
        time.sleep(0.1)


class Served:
    """A server on a free port until it is killed, or left as a context.

    log    file for what it says
    words  of the command line
    code   what starts it instead of the command; it is given the same words
    """

    def __init__(self, log: Path, *words: str, code: str = SERVE) -> None:
        port = free_port()
        self.log, self.root = log, f"http://127.0.0.1:{port}"
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, "serve", "--port", str(port), *words],
                stderr=file,
                stdout=file,
            )

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def ask(self, path: str, body: Any = None) -> Any:
        """A GET under /api/v1, or a POST of a body; patient while the server starts."""
        return asked(f"{self.root}/api/v1{path}", body, alone=self._gone)

    def _gone(self) -> None:
        assert self.process.poll() is None, self.log.read_text()[-2000:]

    def wait(self, enough: Callable[[list[Any]], bool]) -> list[Any]:
        """The jobs, once there are enough of what is waited for."""
        until = time.monotonic() + PATIENCE_S
        while not enough(found := self.ask("/jobs")["jobs"]):
            assert time.monotonic() < until, found
            time.sleep(0.3)
        return found

    def kill(self) -> None:
        """As a power cut would."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
