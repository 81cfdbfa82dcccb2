"""A worker: a process that takes jobs from the catalogue, one after another, and does them.

While it works, a second thread renews the lease, passes the progress on, and looks whether the job
was cancelled and whether the server is still there: without it the worker ends at once, and what it
was doing is queued again.
"""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from caudal.errors import CaudalError
from caudal.service.catalogue import Catalogue
from caudal.service.kinds import kind
from caudal.service.kinds.common import made_with
from caudal.service.refusals import body
from caudal.service.store import Store

LEASE_S = 30.0
BEAT_S = 1.0
IDLE_S = 0.25
AWAY_S, FULL_S = 1.0, 5.0
"""Between two tries where the catalogue is away, or the disk has no room."""
PATIENCE_S = 60.0
"""How long the end of a job waits for the catalogue."""


class Cancelled(BaseException):
    """The job is to end; not an Exception, so that no handler on the way takes it for a fault."""


def main(url: str, folder: str, name: str) -> None:
    """Take and do jobs until the process is ended; what a spawned worker runs.

    name  under which it holds jobs
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's: it ends its workers
    from caudal.service.watch import log_to_stderr

    log_to_stderr()
    warnings.simplefilter("ignore")  # what Caudal warns of stands in the results
    watch_parent()
    warm()
    catalogue, store = Catalogue(url), Store(Path(folder))
    log, told = logging.getLogger("caudal.service.jobs"), ""
    while True:
        if short := store.short():
            if not told:
                log.warning("no job is begun: %s", short)
            told = short
            time.sleep(FULL_S)
            continue
        told = ""
        try:
            job = catalogue.claim(name, LEASE_S)
        except OperationalError:  # it is away: the server tells, and it comes back
            time.sleep(AWAY_S)
            continue
        if job is None:
            time.sleep(IDLE_S)
        else:
            work(catalogue, store, job, name)


def watch_parent() -> None:
    """End this process as soon as the one that started it is gone."""
    parent = multiprocessing.parent_process()

    def look() -> None:
        while parent is not None and parent.is_alive():
            time.sleep(BEAT_S)
        os._exit(3)

    if parent is not None:
        threading.Thread(target=look, daemon=True).start()


def warm() -> None:
    """Load and compile what a run of one member needs, then, beside the first job, what all need.

    Whoever changes a scenario asks for one member first, and is to wait for that alone.
    """
    try:
        _first_month(members=1)
    except CaudalError as problem:
        logging.getLogger("caudal.service").warning("not warm: %s", problem)
        return
    threading.Thread(target=_warm_more, daemon=True).start()


def _warm_more() -> None:
    """What runs of more members need, and the baseline's history, that others are set against."""
    from caudal.compute.kept import keep
    from caudal.corridor import corridor

    _first_month(members=2)
    keep(corridor())


def _first_month(members: int) -> None:
    """Run the corridor's first month as a job would be, for the libraries and functions it leaves."""
    from caudal.corridor import corridor

    month = {"from": None, "to": f"{corridor().reports_from.year}-02"}
    request = {"scenario": "baseline", "document": None, "members": members, "seed": 0,
               "sampler": "expected", **month}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        kind("run").do(request, Path(folder), lambda done, total: None)


def work(catalogue: Catalogue, store: Store, job: dict[str, Any], worker: str) -> None:
    """Do one job that is this worker's, and end it in the catalogue."""
    beat = Beat(catalogue, job["id"], worker)
    log = logging.getLogger("caudal.service.jobs")
    about = {"job": job["id"], "kind": job["kind"], "try": job["tries"]}
    log.info("begins", extra={"of": about})
    status, error = "done", None
    with beat:
        try:
            store.fill(job["id"], lambda at: _do(job, at, beat))
        except Cancelled:
            status = "cancelled"
        except CaudalError as problem:
            status = "failed"
            error = body(problem.where, problem.found, problem.allowed)["error"]
        except Exception as fault:
            status = "failed"
            if full(fault):
                allowed = "ask again when who runs the server has made room"
                error = body("job", "the server's disk is full", allowed)["error"]
                log.error("the disk is full", extra={"of": about})
            else:
                error = body("job", f"a fault of Caudal's ({type(fault).__name__})")["error"]
                log.error("fault", exc_info=fault, extra={"of": about})
    ended = not beat.lost and _finish(catalogue, job["id"], worker, status, error)
    log.info("ends", extra={"of": {**about, "status": status if ended else "lost"}})


def _finish(
    catalogue: Catalogue, identity: str, worker: str, status: str, error: Any
) -> bool:  # fmt: skip
    """End a job in the catalogue, after a while where that is away just now."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return catalogue.finish(identity, worker, status, error)
        except OperationalError:
            if time.monotonic() > until:  # then this process ends, and the job is queued again
                raise
            time.sleep(AWAY_S)


def full(fault: BaseException) -> bool:
    """Whether a disk without room was the cause; the HDF5 library says so in its words alone.

    >>> full(OSError(28, "No space left on device")), full(OSError(2, "no such file"))
    (True, False)
    """
    number = fault.errno if isinstance(fault, OSError) else None
    return number in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(fault)


def _do(job: dict[str, Any], folder: Path, beat: Beat) -> None:
    """Do what is asked, unless other code or data would answer than those that were asked."""
    request = dict(job["request"])
    if request.pop("made_with", None) != made_with():
        raise CaudalError("job", "code or data have changed since it was asked for", "ask again")
    kind(job["kind"]).do(request, folder, beat.tell)


class Beat:
    """Keeps a job's lease while it is worked on; `tell` is given to what does the work."""

    def __init__(self, catalogue: Catalogue, identity: str, worker: str) -> None:
        self._renew: Callable[[float], str] = lambda progress: catalogue.renew(
            identity, worker, LEASE_S, progress
        )
        self._over, self._end = threading.Event(), threading.Event()
        self._progress, self.lost = 0.0, False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def tell(self, done: int, total: int) -> None:
        """So much is done; raises Cancelled where the job is to end."""
        self._progress = min(1.0, done / total) if total else 0.0
        if self._end.is_set():
            raise Cancelled

    def __enter__(self) -> Beat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        away = False
        while not self._over.wait(BEAT_S):
            try:
                said = self._renew(self._progress)
            except Exception:  # the database is away for a while: the lease may last
                if not away:  # once, not every second
                    logging.getLogger("caudal.service.jobs").warning("the lease was not renewed")
                away = True
                continue
            away = False
            if said != "go on":
                self.lost = said == "lost"
                self._end.set()
