"""`caudal serve` as a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

SERVE = "import sys; from caudal.cli import main; sys.exit(main(sys.argv[1:]))"
PATIENCE_S = 900


class Served:
    """A server on a free port until it is killed, or left as a context.

    log    file for what it says
    words  of the command line
    code   what starts it instead of the command; it is given the same words
    """

    def __init__(self, log: Path, *words: str, code: str = SERVE) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
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
        data = None if body is None else json.dumps(body).encode()
        head = {} if data is None else {"content-type": "application/json"}
        asked = urllib.request.Request(f"{self.root}/api/v1{path}", data, head)
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                with urllib.request.urlopen(asked, timeout=300) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                if refused.code != 429:  # writes are limited; a patient client asks again
                    raise
            except OSError:
                assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < until, path
            time.sleep(0.2)

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
