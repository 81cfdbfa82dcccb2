"""The server under trial: killed with jobs waiting and running; its disk, clock, database and store.

Jobs are runs of one member and one month. What a server killed leaves in its store must be whole, or
not there; the next one over the same store ends every job, once, with the reference's results. A job
asked for is never lost unless the database itself is: then asking again gives the same results.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import faults_child
import faults_rows
from faults_server import Server, away, bodies, once, prints, resumed, serving, sound
from faults_worlds import Prints, digest


def trials(
    number: int, rng: random.Random, home: Path, others: bool, tell: faults_rows.Tell
) -> list[dict[str, Any]]:
    """Rows of the table."""
    place = home / "serve-reference"
    place.mkdir()
    with serving(place) as server:
        every = [{"members": 1, "seed": seed, "to": "2018-02"} for seed in range(6)]
        began = time.monotonic()
        names = [server.ask("/runs", body)["id"] for body in every]
        if not server.done(names):
            raise SystemExit("serve: the quiet run did not end its jobs")
        seconds = time.monotonic() - began
    wanted = prints(place)
    print(f"serve: {seconds:.1f} s for {len(names)} jobs", flush=True)
    rows = [kills(number, wanted, seconds, rng, home, tell)]
    if others:
        for name, fault in FAULTS.items():
            counts: Counter[str] = Counter()
            place = home / f"serve-{name.replace(' ', '-')}"
            place.mkdir()
            try:
                fault(place, wanted, rng, counts)
            except Exception as problem:
                counts["unclear"] += 1
                print(
                    f"    serve, {name}: {type(problem).__name__} {str(problem)[-600:]}", flush=True
                )
            shutil.rmtree(place, ignore_errors=True)
            rows.append(faults_rows.row("serve", name, counts))
            tell(rows)
    return rows


def kills(
    number: int,
    wanted: Prints,
    seconds: float,
    rng: random.Random,
    home: Path,
    tell: faults_rows.Tell,
) -> dict[str, Any]:
    """Servers killed at random moments, up to `MOST_KILLS` over one store."""
    counts: Counter[str] = Counter()
    chain = 0
    while counts["trials"] < number:
        chain += 1
        place = home / f"serve-{chain}"
        place.mkdir()
        these = min(faults_child.MOST_KILLS, number - counts["trials"])
        names: list[str] = []
        for _ in range(these):
            with serving(place) as server:
                until = time.monotonic() + rng.uniform(0, 0.6 * seconds)
                asking = bodies(rng)
                while time.monotonic() < until:
                    if asking and rng.random() < 0.7:
                        with suppress(OSError):
                            body = json.dumps(asking[-1]).encode()
                            head = {"content-type": "application/json"}
                            to = urllib.request.Request(server.root + "/runs", body, head)
                            with urllib.request.urlopen(to, timeout=5) as answer:
                                names.append(json.load(answer)["id"])
                                asking.pop()
                    time.sleep(0.05)
                server.kill()
            counts["trials"] += 1
            if faults_rows.differ(prints(place), wanted, {}):
                counts["wrong"] += 1
            if not sound(place):
                counts["lost"] += 1
        counts["resumed" if resumed(place, names, wanted) else "lost"] += these
        shutil.rmtree(place, ignore_errors=True)
        tell([faults_rows.row("serve", "killed at a random moment", counts)])
    return faults_rows.row("serve", "killed at a random moment", counts)


def disk(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """Full while jobs run: they fail with the reason, and succeed when asked again with room."""
    import subprocess

    import faults_other

    if os.geteuid():
        return
    with faults_other.mounted(place / "store", 600_000), serving(place) as server:
        names = [server.ask("/runs", body)["id"] for body in bodies(rng)]
        counts["trials"] += 1
        server.done(names)
        jobs = {j["id"]: j for j in server.ask("/jobs")["jobs"]}
        failed = [j["error"]["found"] for j in jobs.values() if j["status"] == "failed"]
        counts["refused"] += bool(failed)
        clear = all("space" in found for found in failed)
        counts["unclear"] += not clear
        if not clear:
            print(f"    serve, full disk: {failed}", flush=True)
        counts["wrong"] += bool(faults_rows.differ(prints(place), wanted, {}))
        subprocess.run(["mount", "-o", "remount,size=200m", str(place / "store")], check=True)
        again = [server.ask("/runs", body)["id"] for body in bodies(rng)]
        counts["resumed" if server.done(again) else "lost"] += 1
        counts["wrong"] += bool(faults_rows.differ(prints(place), wanted, {}))


def read_only(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """A store that cannot be written is told at the start, with exit status 2."""
    import subprocess

    import faults_other

    if os.geteuid():
        return
    with faults_other.mounted(place / "store", 50_000_000):
        subprocess.run(["mount", "-o", "remount,ro", str(place / "store")], check=True)
        server = Server(place)
        counts["trials"] += 1
        status = faults_child.waited(server.child)
        said = server.log.read_text("utf-8", "replace")
        ended = faults_child.Ended(status, said, 0.0)
        counts["refused" if ended.clear else "unclear"] += 1
        if not ended.clear:
            print(f"    serve, read-only: {status} {said[-700:]}", flush=True)
        subprocess.run(["mount", "-o", "remount,rw", str(place / "store")], check=True)
        counts["resumed" if once(place, wanted, rng) else "lost"] += 1


def flipped(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """Bytes of results are flipped: they are never shown, and made anew when asked for again."""
    with serving(place) as server:
        names = [server.ask("/runs", body)["id"] for body in bodies(rng)]
        server.done(names)
    for one in (place / "store" / "results").glob("[0-9a-f]*"):
        path = rng.choice(sorted(p for p in one.iterdir() if p.is_file()))
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        path.write_bytes(data)
    with serving(place) as server:
        for name in names:
            counts["trials"] += 1
            for part in ("results", "recipe", "table"):
                try:
                    server.ask(f"/runs/{name}/{part}")
                    counts["wrong"] += 1
                    print(f"    serve, flipped bytes: {part} of {name} was shown", flush=True)
                except urllib.error.HTTPError as refused:
                    told = json.load(refused)["error"]
                    clear = refused.code < 500 and "ask again" in told["allowed"]
                    counts["unclear"] += not clear and refused.code != 404
                    if not clear and refused.code != 404:
                        print(f"    serve, flipped bytes: {refused.code} {told}", flush=True)
            counts["refused"] += 1
        again = [
            server.ask("/runs", {"members": 1, "seed": s, "to": "2018-02"})["id"] for s in range(6)
        ]
        done = server.done(again)
    right = done and not faults_rows.differ(prints(place), wanted, {})
    counts["resumed" if right else "lost"] += len(names)


def clock(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """The clock jumps to and fro by hours: no lease that is held is taken for lost."""

    def inside() -> None:
        real, jumps = time.time, random.Random(1)
        time.time = lambda: real() + jumps.choice((-1, 0, 1)) * jumps.uniform(0, 20_000)

    counts["trials"] += 1
    with serving(place, inside=inside) as server:
        names = [server.ask("/runs", body)["id"] for body in bodies(rng)]
        done = server.done(names)
    right = done and not faults_rows.differ(prints(place), wanted, {})
    counts["resumed" if right and resumed(place, names, wanted) else "lost"] += 1


def removed(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """The store goes away while jobs run: the server says so, and one started anew works."""
    counts["trials"] += 1
    with serving(place) as server:
        for body in bodies(rng):
            server.ask("/runs", body)
        time.sleep(rng.uniform(0, 3))
        shutil.rmtree(place / "store", ignore_errors=True)
        counts["refused" if away(server) else "unclear"] += 1
    shutil.rmtree(place / "store", ignore_errors=True)
    counts["resumed" if once(place, wanted, rng) else "lost"] += 1


def lost(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """SQLite's file deleted while serving, then spoilt between two servers."""
    counts["trials"] += 2
    with serving(place) as server:
        names = [server.ask("/runs", body)["id"] for body in bodies(rng)]
        server.done(names)
        for path in (place / "store").glob("catalogue.sqlite*"):
            path.unlink()
        counts["refused" if away(server) else "unclear"] += 1
    counts["resumed" if once(place, wanted, rng) else "lost"] += 1
    path = place / "store" / "catalogue.sqlite"
    for one in (place / "store").glob("catalogue.sqlite-*"):
        one.unlink()
    path.write_bytes(rng.randbytes(len(path.read_bytes())))
    before = len((place / "server.log").read_bytes())  # what the last server said
    server = Server(place)
    status = faults_child.waited(server.child)
    said = server.log.read_bytes()[before:].decode("utf-8", "replace")
    ended = faults_child.Ended(status, said, 0.0)
    counts["refused" if ended.clear else "unclear"] += 1
    if not ended.clear:
        print(f"    serve, spoilt database: {status} {ended.said[-700:]}", flush=True)
    path.unlink()
    counts["resumed" if once(place, wanted, rng) else "lost"] += 1


def postgres(place: Path, wanted: Prints, rng: random.Random, counts: Counter[str]) -> None:
    """PostgreSQL stopped at once while jobs run, and started again: every job ends, once."""
    import pytest

    from postgres import cluster

    try:
        with cluster() as fresh:
            url = fresh().replace("+psycopg", "")
            counts["trials"] += 1
            with serving(place, url) as server:
                names = [server.ask("/runs", body)["id"] for body in bodies(rng)]
                fresh.stop()
                counts["refused" if away(server) else "unclear"] += 1
                fresh.start()
                done = server.done(names)
            results = place / "data" / "caudal" / "service" / "results"
            found = {p.name: digest(p) for p in results.glob("[0-9a-f]*")}
            right = done and set(found) >= set(names) and not faults_rows.differ(found, wanted, {})
            counts["resumed" if right else "lost"] += 1
    except pytest.skip.Exception as reason:
        print(f"    serve, PostgreSQL: left out: {reason}", flush=True)


FAULTS = {
    "full disk": disk, "read-only store": read_only, "flipped bytes": flipped,
    "turned clock": clock, "directory removed": removed, "SQLite's file lost or spoilt": lost,
    "PostgreSQL stopped for a while": postgres,
}  # fmt: skip
