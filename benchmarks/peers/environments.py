"""A virtual environment for each peer, with pinned packages, under build/peers."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "build" / "peers"
INSTALL_SECONDS = 900


class NotInstalled(Exception):
    """The peer's environment could not be made; the message says why."""


def python(name: str) -> Path:
    """Python of the peer's environment, made on first use and when its requirements change.

    Raises NotInstalled with the last line of what pip said.
    """
    pins = HERE / "requirements" / f"{name}.txt"
    home = FOLDER / name
    stamp, sign = home / ".pins", hashlib.sha256(pins.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == sign):
        print(f"peers: installing {name}", flush=True)
        _call([sys.executable, "-m", "venv", "--clear", str(home)])
        pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        _call([*pip, "install", "--prefer-binary", "--requirement", str(pins)])
        stamp.write_text(sign, encoding="utf-8")
    return home / "bin" / "python"


def _call(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(str(error)) from error
    if done.returncode:
        said = [x for x in done.stderr.splitlines() if x.strip() and "WARNING" not in x]
        raise NotInstalled(said[-1] if said else f"exit status {done.returncode}")
