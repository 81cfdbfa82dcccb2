"""Results on disk: one folder a job, there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from caudal.errors import CaudalError

_WORK = ".work-"


class Store:
    """Folders of results, by the id of their job."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "results"

    def prepare(self) -> None:
        """Make the folder; CaudalError where it cannot be written."""
        try:
            self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(PermissionError):  # the folder of another user who lets us write
                self.folder.chmod(0o700)
            with tempfile.TemporaryDirectory(prefix=_WORK, dir=self.folder):
                pass
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise CaudalError(
                f"--store {self.folder.parent}", reason, "a writable folder"
            ) from None

    def place(self, identity: str) -> Path:
        """Where a job's results are, or will be."""
        return self.folder / identity

    def has(self, identity: str) -> bool:
        """Whether they are there, whole."""
        return self.place(identity).is_dir()

    def fill(self, identity: str, make: Callable[[Path], None]) -> None:
        """Have `make` write into an empty folder, then put that in its place in one step.

        Of two who do it at once the first stays. What fails or is killed leaves no results.
        """
        if self.has(identity):
            return
        work = Path(tempfile.mkdtemp(prefix=f"{_WORK}{os.getpid()}-", dir=self.folder))
        try:
            make(work)
            _to_disk(work)
            try:
                os.rename(work, self.place(identity))
            except OSError:
                if not self.has(identity):
                    raise
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what processes that are gone left half done."""
        for work in self.folder.glob(f"{_WORK}*"):
            pid = work.name.removeprefix(_WORK).partition("-")[0]
            if not pid.isdigit() or not alive(int(pid)):
                shutil.rmtree(work, ignore_errors=True)

    def size(self, identity: str) -> int:
        """Bytes that a job's results take; 0 where there are none."""
        try:
            return sum(path.stat().st_size for path in self.place(identity).iterdir())
        except FileNotFoundError:
            return 0

    def drop(self, identity: str) -> None:
        """Take a job's results away in one step; who has a file of them open can still read it."""
        gone = Path(tempfile.mkdtemp(prefix=f"{_WORK}{os.getpid()}-", dir=self.folder))
        with suppress(FileNotFoundError):
            os.rename(self.place(identity), gone / identity)
        shutil.rmtree(gone, ignore_errors=True)


def alive(pid: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _to_disk(folder: Path) -> None:
    """Have the files on the disk before they are called results."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
