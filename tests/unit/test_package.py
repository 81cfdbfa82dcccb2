"""What is handed out: a wheel and a source archive that are whole, and work alone without a network."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "caudal"
MOST_BYTES = 25_000_000
JUNK = {"__pycache__", ".venv", "runs", "build", "dist", "node_modules", ".git", ".ruff_cache"}
LONG_S = 3000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both, built from a copy without what git does not track."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("needs hatchling, which builds the package")
    place = tmp_path_factory.mktemp("built")
    copy = place / "source"
    ignore = shutil.ignore_patterns(*JUNK, "*.nbi", "*.nbc", ".hypothesis", ".pytest_cache")
    shutil.copytree(ROOT, copy, ignore=ignore, symlinks=True)
    for kind in ("wheel", "sdist"):
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(place / "dist")],
            cwd=copy, check=True, capture_output=True,
        )  # fmt: skip
    return place / "dist"


def sources() -> set[str]:
    """Every file of the package as the tree has it."""
    return {
        f"caudal/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix not in (".nbi", ".nbc")
    }


@pytest.mark.gate
def test_the_wheel_holds_the_package_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.stat().st_size < MOST_BYTES
    with zipfile.ZipFile(wheel) as file:
        names = {n for n in file.namelist() if ".dist-info/" not in n}
        about = next(n for n in file.namelist() if n.endswith("/METADATA"))
        entry = next(n for n in file.namelist() if n.endswith("/entry_points.txt"))
        assert b"caudal = caudal.cli:main" in file.read(entry)
        assert b"License-Expression: Apache-2.0" in file.read(about)
        assert any(n.endswith("licenses/LICENSE") for n in file.namelist())
    assert names == sources()


@pytest.mark.gate
def test_the_source_archive_holds_code_tests_and_documents_without_junk(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    assert archive.stat().st_size < MOST_BYTES
    with tarfile.open(archive) as file:
        names = [PurePosixPath(*PurePosixPath(m.name).parts[1:]) for m in file if m.isfile()]
    there = {str(n) for n in names}
    assert {f"src/{n}" for n in sources()} <= there
    for name in ("pyproject.toml", "requirements.lock", "LICENSE", "README.md", "CITATION.cff",
                 "Makefile", "tests/unit/test_package.py", "docs/threat-model.md"):  # fmt: skip
        assert name in there
    assert [n for n in names if JUNK & set(n.parts) or n.suffix in (".pyc", ".nbi", ".nbc")] == []


@pytest.mark.gate
def test_the_wheel_works_alone_and_without_a_network(built: Path, tmp_path: Path) -> None:
    """In an environment of its own (with the libraries of this one), from an empty folder."""
    python = sys.executable
    home, empty = tmp_path / "home", tmp_path / "empty"
    empty.mkdir()
    subprocess.run([python, "-m", "venv", "--without-pip", str(tmp_path / "own")], check=True)
    own = tmp_path / "own" / "bin" / "python"
    (site,) = (tmp_path / "own" / "lib").glob("python*/site-packages")
    # libraries come from here, the package itself from the wheel alone
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    for place in {p for p in sys.path if p.endswith("site-packages")}:
        for entry in Path(place).iterdir():
            if not entry.name.lower().startswith(("caudal", "_caudal", "__editable__")):
                (libraries / entry.name).symlink_to(entry)
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as file:
        file.extractall(site)
    cut = ["unshare", "--net", "--map-root-user"] if shutil.which("unshare") else []
    if cut and subprocess.run([*cut, "true"], check=False).returncode:
        cut = []
    env = {
        "PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"), "LANG": "C.UTF-8",
    }  # fmt: skip
    script = (
        "import sys, subprocess\n"
        "subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=False) if sys.argv[1] else None\n"
        "from caudal.cli import main\n"
        "sys.exit(main(sys.argv[2:]))"
    )

    def caudal(*words: str) -> str:
        done = subprocess.run(
            [*cut, str(own), "-c", script, "", *words], cwd=empty, env=env, check=False,
            capture_output=True, text=True, timeout=LONG_S,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    where = subprocess.run(
        [str(own), "-c", "import caudal; print(caudal.__file__)"], cwd=empty, env=env, check=True,
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(tmp_path))
    report = caudal("run", "--members", "2", "--quiet").strip()
    assert "<html" in (empty / report).read_text(encoding="utf-8")
    assert "identical" in caudal("reproduce", str(Path(report).parent))
    checks = json.loads(caudal("doctor", "--json", "--port", "0"))["checks"]
    assert [c for c in checks if c["status"] == "fail"] == []
    assert "all" in caudal("claims", "check")
    words = [*cut, str(own), "-c", script, "1", "serve", "--port", "8917", "--workers", "0"]
    asks = (
        "import sys, urllib.request as u\n"
        "for p in ('/readyz', '/', '/api/v1/now'):\n"
        "    print(u.urlopen('http://127.0.0.1:8917' + p, timeout=60).status)"
    )
    served = subprocess.Popen(words, cwd=empty, env=env, stderr=subprocess.DEVNULL)
    try:
        inside = ["nsenter", "--net", "--user", "--preserve-credentials", "-t", str(served.pid)]
        ask = [*(inside if cut else []), str(own), "-c", asks]
        until = time.monotonic() + 300
        while True:
            done = subprocess.run(ask, env=env, capture_output=True, text=True, check=False)
            if done.stdout.split() == ["200"] * 3:
                break
            assert served.poll() is None
            assert time.monotonic() < until, done.stderr[-2000:]
            time.sleep(1)
    finally:
        served.kill()
        served.wait()


def test_no_code_asks_the_network_but_to_refresh() -> None:
    """Data come with the package; what may speak to others is named here."""
    words = ("urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib")
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(tuple(f"{w} {m}" for w in ("import", "from") for m in words))
    }
    assert found == set()
