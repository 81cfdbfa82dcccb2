"""Tokens: scopes, ends, what is kept of them; who may read the service's files."""

from __future__ import annotations

import json
import logging
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from caudal.cli import main
from caudal.errors import CaudalError
from caudal.service.settings import Settings, default_store
from caudal.service.tables import engine, migrate
from caudal.service.tokens import FILE, Doorkeeper, new, opens, revoke, tokens
from caudal.service.watch import Lines
from service_apps import client, refused

pytestmark = pytest.mark.unit


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_token_is_told_once_and_kept_as_a_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")
    assert main(["token", "new", "--scope", "run", "--days", "7", "--store", store, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    kept = (tmp_path / "store" / FILE).read_text("utf-8")
    assert made["token"] not in kept
    assert made["token"][8:] not in kept
    assert mode(tmp_path / "store" / FILE) == 0o600
    assert mode(tmp_path / "store") == 0o700
    assert main(["token", "list", "--store", store, "--json"]) == 0
    listed = capsys.readouterr().out
    assert made["token"] not in listed
    assert [(t["scope"], t["ended"]) for t in json.loads(listed)["tokens"]] == [("run", False)]
    assert main(["token", "revoke", made["kept"]["id"], "--store", store]) == 0
    assert tokens(tmp_path / "store") == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["new", "--scope", "all"], "--scope: 'all'; allowed: read, run, admin"),
        (["new", "--days", "0"], "--days: 0"),
        (["new", "--days", "nan"], "--days: nan"),
        (["new", "--name", "a\nb"], "--name"),
        (["revoke", "00000000"], "no token '00000000'"),
    ],
)
def test_what_is_not_allowed_is_told(
    tmp_path: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", *words, "--store", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_each_scope_opens_what_it_says(tmp_path: Path) -> None:
    made = {scope: new(tmp_path, scope, 1)[0] for scope in ("read", "run", "admin")}
    with client(tmp_path) as api:
        refused(api.get("/api/v1/levers"), 401)
        for scope, token in made.items():
            head = {"authorization": f"Bearer {token}"}
            assert api.get("/api/v1/levers", headers=head).status_code == 200, scope
            write = api.post("/api/v1/scenarios", json={"no": "scenario"}, headers=head)
            numbers = api.get("/metrics", headers=head)
            assert write.status_code == (403 if scope == "read" else 422), scope
            assert numbers.status_code == (200 if scope == "admin" else 403), scope
        # a service that runs hears of it
        revoke(tmp_path, tokens(tmp_path)[0].id)
        refused(api.get("/api/v1/levers", headers={"authorization": f"Bearer {made['read']}"}), 401)
        # and stays shut when the file is gone, or somebody else may have written it
        head = {"authorization": f"Bearer {made['admin']}"}
        (tmp_path / FILE).chmod(0o644)
        os.utime(tmp_path / FILE, (1, 1))
        refused(api.get("/api/v1/levers", headers=head), 401)
        (tmp_path / FILE).unlink()
        refused(api.get("/api/v1/levers", headers=head), 401)


def test_the_log_says_whose_token_asked_and_never_the_token(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret, kept = new(tmp_path, "read", 1)
    with caplog.at_level(logging.INFO, "caudal.service.requests"), client(tmp_path) as api:
        api.get("/api/v1/levers", headers={"authorization": f"Bearer {secret}"})
        refused(api.get("/api/v1/levers", headers={"authorization": "Bearer wrong"}), 401)
    lines = [json.loads(Lines().format(record)) for record in caplog.records]
    assert [line.get("token") for line in lines] == [kept.id, None]
    assert secret not in str(lines)


def test_a_token_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, kept = new(tmp_path, "read", 2)
    assert Doorkeeper(tmp_path, "").scope(secret) == "read"
    assert not kept.ended(datetime.now(UTC) + timedelta(days=1.9))
    assert kept.ended(datetime.now(UTC) + timedelta(days=2.1))
    monkeypatch.setattr("caudal.service.tokens.Token.ended", lambda *_: True)
    door = Doorkeeper(tmp_path, "")
    assert door.scope(secret) is None
    assert door.guarded(), "a service whose tokens have all ended is not open to all"


def test_a_file_that_others_can_read_or_that_is_spoilt_is_refused(tmp_path: Path) -> None:
    new(tmp_path, "read", 1)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(CaudalError, match=r"open to others \(-rw-r-----\); allowed: chmod 600"):
        Settings(folder=tmp_path)
    (tmp_path / FILE).chmod(0o600)
    (tmp_path / FILE).write_text('{"tokens": [{"id": 1}]}', "utf-8")
    with pytest.raises(CaudalError, match="not readable as tokens"):
        Settings(folder=tmp_path)


def test_tokens_open_a_host_to_others(tmp_path: Path) -> None:
    new(tmp_path, "read", 1)
    assert Settings(host="0.0.0.0", folder=tmp_path).host == "0.0.0.0"


def test_the_description_needs_no_more_than_to_read() -> None:
    assert opens("read", "GET", "/openapi.json")
    assert not opens("read", "DELETE", "/api/v1/jobs/0123456789ab")
    assert not opens("run", "GET", "/metrics")


def test_jobs_and_results_are_their_owners_alone(tmp_path: Path) -> None:
    with client(tmp_path / "store") as api:
        assert api.get("/readyz").status_code == 200
        service = api.app.state.service  # type: ignore[attr-defined]
        service.results.fill("0123456789ab", lambda place: (place / "a.json").touch())
        assert mode(tmp_path / "store") == 0o700
        assert mode(tmp_path / "store" / "results") == 0o700
        assert mode(tmp_path / "store" / "results" / "0123456789ab") == 0o700
        for file in (tmp_path / "store").glob("catalogue.sqlite*"):
            assert mode(file) == 0o600, file.name
    old = tmp_path / "old.sqlite"
    old.touch(mode=0o644)
    migrate(engine(f"sqlite:///{old}"), f"sqlite:///{old}")
    assert mode(old) == 0o600


def test_tokens_of_a_service_with_a_database_lie_where_it_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert main(["token", "list", "--store", "postgresql://caudal@127.0.0.1/caudal"]) == 0
    assert "none in" in capsys.readouterr().err
    assert main(["token", "new", "--store", "postgresql://caudal@127.0.0.1/caudal"]) == 0
    assert str(default_store()) in capsys.readouterr().err
    assert len(tokens(default_store())) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
