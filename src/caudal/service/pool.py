"""The workers of a server: started, watched, started again, ended; and what dead ones left behind."""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import threading
import time
import uuid
from typing import Any

from caudal.service.catalogue import Catalogue
from caudal.service.prune import Pruner
from caudal.service.settings import Limits
from caudal.service.store import Store, alive
from caudal.service.tables import tell
from caudal.service.worker import main

HOST = socket.gethostname()[:48].replace(":", "-")
LOOK_S = 0.5
PATIENCE_S = 20.0
"""How long a cancelled job may go on before its worker is ended."""
SLOW_RESTART_S = 5.0
PRUNE_S = 60.0
"""How often old results are looked for."""


class Pool:
    """Worker processes over one catalogue, and the thread that looks after them."""

    def __init__(self, catalogue: Catalogue, store: Store, workers: int, limits: Limits) -> None:
        self._catalogue, self._store, self._wanted = catalogue, store, workers
        self._pruner, self._pruned = Pruner(catalogue, store, limits), 0.0
        self._context = multiprocessing.get_context("spawn")
        self._workers: dict[str, Any] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_after, daemon=True)
        self._asked_to_end: dict[str, float] = {}
        self._started = 0.0

    def start(self) -> None:
        """Take up what dead workers left, and start."""
        self._store.sweep()
        self._release()
        if self._wanted:
            self._fill()
            self._thread.start()

    def stop(self) -> None:
        """End the workers; what they were doing is queued again at once, and no try is counted."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(10)
        for worker in self._workers.values():
            worker.kill()
            worker.join(5)
        if self._workers:
            self._catalogue.release(gone=list(self._workers), blame=False)
        self._store.sweep()

    def alive(self) -> int:
        """How many workers there are."""
        return sum(w.is_alive() for w in list(self._workers.values()))

    def problems(self) -> list[str]:
        """Why jobs may not be done."""
        if not self._wanted:
            return []
        found = [] if self.alive() else ["no worker is alive"]
        return found + ([short] if (short := self._store.short()) else [])

    def _look_after(self) -> None:
        log, told = logging.getLogger("caudal.service.jobs"), ""
        while not self._over.wait(LOOK_S):
            try:
                self._release()
                self._end_overdue()
                self._fill()
                self._prune()
            except Exception as problem:  # a database that is away comes back
                # once, not twice a second for as long as it is away: that would fill the disk
                if (kind := type(problem).__name__) != told:
                    tell(log, "the workers are not looked after", problem)
                told = kind
            else:
                if told:
                    log.info("the workers are looked after again")
                told = ""

    def _prune(self) -> None:
        if time.monotonic() - self._pruned > PRUNE_S:
            if gone := self._pruner.prune():
                about = {"of": {"jobs": gone}}
                logging.getLogger("caudal.service.jobs").info("old results are gone", extra=about)
            self._pruned = time.monotonic()

    def _fill(self) -> None:
        dead = [name for name, w in self._workers.items() if not w.is_alive()]
        if dead and time.monotonic() - self._started < SLOW_RESTART_S:
            return  # one that dies at once is not started again and again
        for name in dead:
            gone = self._workers.pop(name)
            gone.join(0)
            about = {"of": {"worker": name, "exit": gone.exitcode}}
            logging.getLogger("caudal.service.jobs").warning(
                "a worker has died, another one starts", extra=about
            )
        while len(self._workers) < self._wanted:
            name = f"{HOST}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
            worker = self._context.Process(
                target=main, args=(self._catalogue.url, str(self._store.folder.parent), name),
                daemon=True,
            )  # fmt: skip
            worker.start()
            self._workers[name] = worker
            self._started = time.monotonic()

    def _release(self) -> None:
        """Queue again what is held by workers that are gone: of this server, or of one that is."""
        ours = [name for name, w in self._workers.items() if w.is_alive()]
        gone = []
        for name in self._catalogue.holders():
            host, _, rest = name.partition(":")
            pid = rest.partition(":")[0]
            # a server's number may come again after a restart: its own, yet none of its workers
            ended = pid.isdigit() and (int(pid) == os.getpid() or not alive(int(pid)))
            if host == HOST and name not in ours and ended:
                gone.append(name)
        if self._catalogue.release(gone=gone, kept=ours):
            self._store.sweep()

    def _end_overdue(self) -> None:
        """End workers that do not let go of a job that was cancelled."""
        waiting = {j["worker"] for j in self._catalogue.list(status="running") if j["cancel"]}
        now = time.monotonic()
        self._asked_to_end = {w: self._asked_to_end.get(w, now) for w in waiting}
        for name, worker in self._workers.items():
            if now - self._asked_to_end.get(name, now) > PATIENCE_S:
                worker.kill()
