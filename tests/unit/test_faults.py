"""The harness itself, and a short trial of each kind (`make faults` and `make fuzz` do all)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from faults_child import exited, killed, waited
from faults_rows import differ

from caudal.compute.files import HOST, beside

pytestmark = pytest.mark.unit
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def _dead() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_what_a_killed_process_left_beside_a_file_is_swept_and_nothing_else(tmp_path):
    dead = _dead()
    left = tmp_path / f".a.npz.{HOST}-{dead}"
    left.write_bytes(b"half")
    (tmp_path / f".out.{HOST}-{dead}").mkdir()
    others = [f".a.npz.{HOST}-{os.getppid()}", f".b.npz.{HOST}-{dead}", f".a.npz.elsewhere-{dead}",
              "a.npz", ".a.npz.mine"]  # fmt: skip
    for name in others:
        (tmp_path / name).write_bytes(b"stays")
    assert beside(tmp_path / "a.npz").name == f".a.npz.{HOST}-{os.getpid()}"
    assert beside(tmp_path / "out").name == f".out.{HOST}-{os.getpid()}"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(others)


def test_a_kill_reaches_the_whole_group():
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    assert not exited(child.pid)
    killed(child.pid)
    assert waited(child.pid) == -signal.SIGKILL


def test_what_is_neither_wanted_nor_earlier_is_wrong():
    assert differ({"a": "1", "b": "2"}, {"a": "1", "b": "2", "c": "3"}, {}) == []
    assert differ({"a": "0", "b": "9"}, {"a": "1", "b": "2"}, {"a": "0"}) == ["b"]


def test_what_fuzzing_wrote_in_memory_is_gone_after_ctrl_c_and_after_a_kill_with_the_next():
    waits = (
        "import signal, time; from fuzz_readers.common import place; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        "print(place(), flush=True); time.sleep(60)"
    )

    def begun() -> tuple[subprocess.Popen[str], Path]:
        child = subprocess.Popen(
            [sys.executable, "-c", waits], cwd=SCRIPTS, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert child.stdout is not None
        place = Path(child.stdout.readline().strip())
        assert place.is_dir()
        return child, place

    first, left = begun()
    first.kill()
    first.wait()
    assert left.is_dir()
    second, place = begun()
    assert not left.exists()
    second.send_signal(signal.SIGINT)
    second.wait(30)
    assert not place.exists()


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("faults.py", ("--only", "fit, made up", "--kills", "16")),
        ("faults.py", ("--only", "backtest", "--kills", "16", "--no-others")),
        ("fuzz.py", ("--only", "arrays", "--inputs", "4000")),
        ("fuzz.py", ("--only", "documents", "--inputs", "4000")),
        ("fuzz.py", ("--only", "words", "--inputs", "20000")),
    ],
)
def test_a_short_trial_finds_nothing(script, words):
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / script), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
