"""Room for new results: above a limit the oldest are taken away, and can be asked for anew.

Only what has ended is touched. The newest forecast and the newest judging of claims stay, for the
first view and the ledger are told from them. A result is taken off the disk before its job leaves
the catalogue: who dies in between leaves a job without results, which whoever asks makes again.
"""

from __future__ import annotations

from caudal.service.catalogue import Catalogue
from caudal.service.settings import Limits
from caudal.service.store import Store

NEEDED = ("forecast", "claims")
"""Kinds of which the newest result stays."""


class Pruner:
    """Keeps the jobs that have ended, and their results, under the limits."""

    def __init__(self, catalogue: Catalogue, store: Store, limits: Limits) -> None:
        self._catalogue, self._store, self._limits = catalogue, store, limits
        self._sizes: dict[str, int] = {}

    def prune(self) -> int:
        """Take away the oldest above the limits; returns how many jobs."""
        needed = {job["id"] for kind in NEEDED if (job := self._catalogue.newest(kind))}
        size = number = gone = 0
        seen: dict[str, int] = {}
        for identity, ended in self._catalogue.ended():  # the newest first
            # results never change, so that each is measured once
            mine = self._sizes.get(identity) or self._store.size(identity)
            number, size = number + 1, size + mine
            over = number > self._limits.ended_jobs or size > self._limits.result_bytes
            if over and identity not in needed:
                self._store.drop(identity)
                self._catalogue.forget(identity, ended)
                number, size, gone = number - 1, size - mine, gone + 1
            else:
                seen[identity] = mine
        self._sizes = seen
        return gone
