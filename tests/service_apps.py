"""An application for tests: no workers unless asked for, its store in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from caudal.service import create_app
from caudal.service.settings import Limits, Settings, token_hash

TOKEN = "a-token-of-tests-0123456789"


@contextmanager
def client(
    folder: Path, *, token: str = "", workers: int = 0, **limits: Any
) -> Iterator[TestClient]:
    """A client of a started application; requests seem to come from this machine."""
    settings = Settings(
        workers=workers,
        folder=folder,
        token=token_hash(token) if token else "",
        limits=Limits(**limits),
    )
    app = create_app(settings)
    with TestClient(
        app,
        base_url="http://localhost:8000",
        client=("127.0.0.1", 50000),
        raise_server_exceptions=False,
    ) as made:
        yield made


def refused(answer: Any, status: int) -> dict[str, str]:
    """The three parts of a refusal with this status."""
    assert answer.status_code == status, answer.text[:500]
    assert set(answer.json()) == {"error"}
    told = answer.json()["error"]
    assert set(told) == {"where", "found", "allowed"}
    return told
