"""The catalogue: jobs, and scenarios that were stored, in SQLite (WAL) or PostgreSQL.

A job is *queued*, then *running* under a lease that its worker renews, then *done*, *failed* or
*cancelled*. Every step is one UPDATE that names the state it steps from, so that of two who try it
one succeeds; a worker that has lost its lease can neither finish nor fail the job. What a worker
leaves behind when it dies is queued again, at most `MOST_TRIES` times.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from caudal.service.refusals import Refused
from caudal.service.tables import engine, jobs, migrate, plain, scenarios

MOST_TRIES = 5
ENDED = ("done", "failed", "cancelled")
SHOWN = 200
"""Jobs and scenarios that one list shows, the newest."""


class Catalogue:
    """Jobs and stored scenarios of one database; used from any thread and any process."""

    def __init__(self, url: str) -> None:
        self.url, self.engine = url, engine(url)

    def prepare(self) -> None:
        """Make the tables, or bring them to this version's form; CaudalError where that fails."""
        migrate(self.engine, self.url)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    # ── asked for ────────────────────────────────────────────────────────────────────────────────

    def submit(
        self, identity: str, kind: str, request: Mapping[str, Any], cost: int, most: int
    ) -> tuple[dict[str, Any], bool]:
        """Queue a job unless it is there; one that failed or was cancelled is queued again.

        Returns the job and whether it is new in the queue. Raises Refused (429) where `most` wait.
        """
        for _ in range(3):
            found = self.job(identity)
            if found is not None and found["status"] not in ("failed", "cancelled"):
                return found, False
            if self.counts().get("queued", 0) >= most:
                raise Refused("jobs", f"{most} wait already", "try again later", 429)
            fresh = {
                "status": "queued", "progress": 0.0, "created": time.time(), "started": None,
                "ended": None, "lease_until": 0.0, "worker": "", "tries": 0, "cancel": False,
                "error": None,
            }  # fmt: skip
            if found is not None:
                was = (jobs.c.id == identity) & (jobs.c.status == found["status"])
                if self._update(was, **fresh):
                    return self._must(identity), True
                continue
            try:
                with self.engine.begin() as connection:
                    row = {"id": identity, "kind": kind, "cost": cost, **fresh}
                    connection.execute(insert(jobs).values(request=json.dumps(request), **row))
                return self._must(identity), True
            except IntegrityError:
                continue  # another request was quicker: it is there now
        return self._must(identity), False

    def cancel(self, identity: str) -> dict[str, Any] | None:
        """Cancel a job: at once where it waits, soon where it runs; what has ended stays."""
        here = jobs.c.id == identity
        if not self._update(here & (jobs.c.status == "queued"), status="cancelled",
                            ended=time.time()):  # fmt: skip
            self._update(here & (jobs.c.status == "running"), cancel=True)
        return self.job(identity)

    def job(self, identity: str) -> dict[str, Any] | None:
        """A job, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == identity)).mappings().first()
        return plain(row) if row else None

    def forget(self, identity: str, ended: float | None = None) -> None:
        """Take out a job that has ended and whose results are no longer there.

        ended  when it did, so that the same one asked for again meanwhile stays
        """
        gone = (jobs.c.id == identity) & jobs.c.status.in_(ENDED)
        if ended is not None:
            gone &= jobs.c.ended == ended
        with self.engine.begin() as connection:
            connection.execute(delete(jobs).where(gone))

    def ended(self) -> list[tuple[str, float]]:
        """Every job that has ended, the newest first: its id, and when it did."""
        query = select(jobs.c.id, jobs.c.ended).where(jobs.c.status.in_(ENDED))
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(jobs.c.ended.desc(), jobs.c.id))
            return [(row.id, row.ended) for row in rows]

    def list(self, kind: str | None = None, status: str | None = None) -> list[dict[str, Any]]:
        """The newest jobs, newest first."""
        query = select(jobs).order_by(jobs.c.created.desc(), jobs.c.id).limit(SHOWN)
        if kind is not None:
            query = query.where(jobs.c.kind == kind)
        if status is not None:
            query = query.where(jobs.c.status == status)
        with self.engine.connect() as connection:
            return [plain(row) for row in connection.execute(query).mappings()]

    def counts(self) -> dict[str, int]:
        """How many jobs there are by state."""
        query = select(jobs.c.status, func.count()).group_by(jobs.c.status)
        with self.engine.connect() as connection:
            return {status: int(n) for status, n in connection.execute(query)}

    def newest(self, kind: str) -> dict[str, Any] | None:
        """The job of a kind that was done last."""
        done = (jobs.c.kind == kind) & (jobs.c.status == "done")
        query = select(jobs).where(done).order_by(jobs.c.ended.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return plain(row) if row else None

    # ── done by workers ──────────────────────────────────────────────────────────────────────────

    def claim(self, worker: str, lease_s: float) -> dict[str, Any] | None:
        """The job that has waited longest, now this worker's; None where none waits."""
        waiting = select(jobs.c.id).where(jobs.c.status == "queued")
        waiting = waiting.order_by(jobs.c.created, jobs.c.id).limit(8)
        with self.engine.connect() as connection:
            names = [row[0] for row in connection.execute(waiting)]
        for name in names:  # another worker may be quicker at the first ones
            now = time.time()
            taken = self._update(
                (jobs.c.id == name) & (jobs.c.status == "queued"),
                status="running", worker=worker, started=now, lease_until=now + lease_s,
                tries=jobs.c.tries + 1, progress=0.0,
            )  # fmt: skip
            if taken:
                return self._must(name)
        return None

    def renew(self, identity: str, worker: str, lease_s: float, progress: float) -> str:
        """Keep a lease. Returns "go on", "cancel" (it was cancelled) or "lost" (it is another's)."""
        if not self._update(
            _mine(identity, worker), lease_until=time.time() + lease_s, progress=progress
        ):
            return "lost"
        found = self.job(identity)
        return "cancel" if found and found["cancel"] else "go on"

    def finish(
        self, identity: str, worker: str, status: str, error: Mapping[str, Any] | None = None
    ) -> bool:
        """End a job that is this worker's; False where it is no longer."""
        told = json.dumps(error) if error else None
        more = {"progress": 1.0} if status == "done" else {}
        return self._update(
            _mine(identity, worker), status=status, ended=time.time(), error=told, **more
        )

    def release(
        self, gone: Sequence[str] = (), kept: Sequence[str] = (), blame: bool = True
    ) -> int:
        """Queue again what dead workers held: those in `gone`, and whose lease has run out.

        kept   workers known to be alive, however late they are
        blame  whether the job may have been the cause; else the try is not counted

        Returns how many jobs were touched.
        """
        lost = (jobs.c.lease_until < time.time()) & jobs.c.worker.not_in(kept)
        lost = (jobs.c.status == "running") & (lost | jobs.c.worker.in_(gone))
        told = json.dumps({"where": "job", "found": f"its worker died {MOST_TRIES} times",
                           "allowed": "fewer members, or a shorter run"})  # fmt: skip
        now = time.time()
        return (
            self._count(lost & jobs.c.cancel, status="cancelled", ended=now)
            + self._count(lost & (jobs.c.tries >= MOST_TRIES), status="failed", ended=now,
                          error=told)
            + self._count(lost, status="queued", worker="", progress=0.0,
                          tries=jobs.c.tries - (0 if blame else 1))
        )  # fmt: skip

    def holders(self) -> list[str]:
        """Workers that hold a job."""
        query = select(jobs.c.worker).where(jobs.c.status == "running").distinct()
        with self.engine.connect() as connection:
            return [row[0] for row in connection.execute(query)]

    # ── scenarios ────────────────────────────────────────────────────────────────────────────────

    def keep_scenario(self, identity: str, document: str) -> None:
        """Store a scenario's document under its id; the same one twice is one."""
        try:
            with self.engine.begin() as connection:
                row = {"id": identity, "document": document, "created": time.time()}
                connection.execute(insert(scenarios).values(**row))
        except IntegrityError:
            pass

    def scenario(self, identity: str) -> str | None:
        """A stored scenario's document, or None."""
        query = select(scenarios.c.document).where(scenarios.c.id == identity)
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def stored(self) -> list[tuple[str, str]]:
        """The newest stored scenarios: id and document."""
        query = select(scenarios).order_by(scenarios.c.created.desc()).limit(SHOWN)
        with self.engine.connect() as connection:
            return [(row.id, row.document) for row in connection.execute(query)]

    # ── inside ───────────────────────────────────────────────────────────────────────────────────

    def _update(self, where: Any, **values: Any) -> bool:
        return self._count(where, **values) > 0

    def _count(self, where: Any, **values: Any) -> int:
        for last in (False, False, True):
            try:
                with self.engine.begin() as connection:
                    done: Any = connection.execute(update(jobs).where(where).values(**values))
                    return int(done.rowcount)
            except OperationalError:  # SQLite: another has written longer than one waits
                if last:
                    raise
        return 0

    def _must(self, identity: str) -> dict[str, Any]:
        found = self.job(identity)
        if found is None:
            raise Refused(f"job {identity}", "gone", "ask again", 409)
        return found


def _mine(identity: str, worker: str) -> Any:
    return (jobs.c.id == identity) & (jobs.c.status == "running") & (jobs.c.worker == worker)
