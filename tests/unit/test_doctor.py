"""`caudal doctor`: what is wrong is found, with a remedy, and nothing is changed."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from caudal.cli import doctor_checks as checks
from caudal.cli import main
from caudal.cli.doctor_checks import Asked, Line, look
from caudal.data.store import package_folder
from caudal.service.tables import engine, migrate
from caudal.service.tokens import FILE, new

pytestmark = pytest.mark.unit


def only(check: str, asked: Asked) -> dict[str, Line]:
    """Lines of one check by what they look at."""
    return {line.check: line for line in checks.CHECKS[check](asked)}


def here(place: Path, database: str = "", port: int = 0) -> Asked:
    return Asked(place, database, port)


def test_a_table_that_was_changed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "series"
    shutil.copytree(package_folder(), copy)
    names = sorted(p.name for p in copy.glob("*.csv.gz"))
    (copy / names[0]).write_bytes(b"something else")
    (copy / names[1]).unlink()
    monkeypatch.setattr("caudal.data.store.package_folder", lambda: copy)
    line = only("data", here(tmp_path))["data files"]
    assert line.status == "fail"
    assert f"{names[0]} was changed" in line.found
    assert f"{names[1]} is missing" in line.found


def test_packages_too_old_or_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["numpy>=99.1", "no-such-package>=1", "pandas>=2.2", "ray>=2 ; extra == 'ray'"]
    monkeypatch.setattr(checks.metadata, "requires", lambda _: wanted)
    line = only("packages", here(Path()))["packages"]
    assert line.status == "fail"
    assert "at least 99.1" in line.found
    assert "no-such-package is missing" in line.found
    assert "pandas" not in line.found
    assert "ray" not in line.found


def test_store_database_and_tokens(tmp_path: Path) -> None:
    place = tmp_path / "store"
    assert only("store", here(place))["store"].found == f"{place}, made by the first caudal serve"
    place.mkdir(mode=0o755)
    assert only("store", here(place))["store"].remedy == f"chmod 700 {place}"
    assert only("database", here(place))["database"].status == "ok"
    url = f"sqlite:///{place / 'catalogue.sqlite'}"
    migrate(engine(url), url)
    assert only("database", here(place))["database"].found == "sqlite answers: 0 jobs"
    (place / "catalogue.sqlite").write_bytes(b"no database at all" * 100)
    for rest in place.glob("catalogue.sqlite-*"):
        rest.unlink()
    assert only("database", here(place))["database"].status == "fail"
    secret = "horse-battery-staple"
    gone = only("database", here(place, f"postgresql+psycopg://me:{secret}@127.0.0.1:1/no"))
    assert gone["database"].status == "fail"
    assert secret not in str(gone)
    new(place, "read", 1)
    assert only("tokens", here(place))["tokens"].found == "1 in force"
    (place / FILE).chmod(0o644)
    assert [x.status for x in look(here(place)) if x.check == "tokens"] == ["fail"]


def test_a_port_that_is_taken_and_a_disk_that_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        taken = one.getsockname()[1]
        assert only("port", here(tmp_path, port=taken))["port"].status == "warn"
    for free, status in ((5e9, "ok"), (1e9, "warn"), (1e8, "fail")):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr(checks.shutil, "disk_usage", lambda _, usage=usage: usage)
        assert only("store", here(tmp_path))["disk"].status == status


def test_a_check_that_breaks_is_a_line_and_the_status_is_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_: Asked) -> list[Line]:
        raise RuntimeError("fell over")

    monkeypatch.setattr(checks, "CHECKS", {"store": checks._store, "mine": breaks})
    assert main(["doctor", "--store", str(tmp_path), "--json"]) == 1
    lines = json.loads(capsys.readouterr().out)["checks"]
    assert [x["check"] for x in lines] == ["store", "disk", "mine"]
    assert lines[-1] == {
        "check": "mine", "status": "fail", "found": "RuntimeError: fell over", "remedy": "",
    }  # fmt: skip
    monkeypatch.setattr(checks, "CHECKS", {"python": checks._python})
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out.startswith("ok   python")
    assert main(["doctor", "--port", "70000"]) == 2
