"""Results on disk: one folder a job, there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from caudal.compute.files import alive as alive  # noqa: PLC0414
from caudal.compute.store import file_hash
from caudal.errors import CaudalError

_WORK = ".work-"
SPARE = 200_000_000
"""Bytes left on the disk below which no job is begun: its results, and the catalogue, need room."""
SUMS = "SHA256SUMS"
"""Checksums of a job's files, as `sha256sum -c` reads them."""


class Store:
    """Folders of results, by the id of their job."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "results"
        self._read: dict[str, tuple[tuple[str, int, int], ...]] = {}

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

    def free(self) -> int:
        """Bytes left where results are kept; OSError where that is gone."""
        return shutil.disk_usage(self.folder).free

    def short(self) -> str:
        """Why no job is begun here, "" where there is room."""
        try:
            free = self.free()
        except OSError as error:
            return f"the folder of results: {(error.strerror or type(error).__name__).lower()}"
        if free >= SPARE:
            return ""
        return f"{free / 1e6:,.0f} MB left on the disk of results, {SPARE / 1e6:,.0f} needed"

    def place(self, identity: str) -> Path:
        """Where a job's results are, or will be."""
        return self.folder / identity

    def has(self, identity: str) -> bool:
        """Whether they are there, whole."""
        return self.place(identity).is_dir()

    def whole(self, identity: str) -> bool:
        """Whether the results are byte for byte what was put there; read once, until a file changes."""
        place = self.place(identity)
        try:
            stats = [(p, p.stat()) for p in sorted(place.iterdir())]
        except OSError:
            return False
        now = tuple((p.name, s.st_size, s.st_mtime_ns) for p, s in stats)
        if self._read.get(identity) != now:
            if not _agree(place):
                return False
            self._read[identity] = now
        return True

    def fill(self, identity: str, make: Callable[[Path], None]) -> None:
        """Have `make` write into an empty folder, then put that in its place in one step.

        Of two who do it at once the first stays. What fails or is killed leaves no results.
        """
        if self.has(identity):
            return
        work = Path(tempfile.mkdtemp(prefix=f"{_WORK}{os.getpid()}-", dir=self.folder))
        try:
            make(work)
            sums = "".join(f"{file_hash(p)}  {p.name}\n" for p in sorted(work.iterdir()))
            (work / SUMS).write_text(sums, "utf-8")
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
            files = (p for p in self.place(identity).iterdir() if p.name != SUMS)
            return sum(path.stat().st_size for path in files)
        except FileNotFoundError:
            return 0

    def drop(self, identity: str) -> None:
        """Take a job's results away in one step; who has a file of them open can still read it."""
        gone = Path(tempfile.mkdtemp(prefix=f"{_WORK}{os.getpid()}-", dir=self.folder))
        with suppress(FileNotFoundError):
            os.rename(self.place(identity), gone / identity)
        shutil.rmtree(gone, ignore_errors=True)


def _agree(place: Path) -> bool:
    """Whether a folder's files agree with its checksums; one without them is of an older version."""
    try:
        lines = (place / SUMS).read_text("utf-8").splitlines()
        return all(file_hash(place / n) == told for told, n in (x.split("  ", 1) for x in lines))
    except FileNotFoundError:
        return not (place / SUMS).exists() and place.is_dir()
    except (OSError, ValueError):
        return False


def _to_disk(folder: Path) -> None:
    """Have the files on the disk before they are called results."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
