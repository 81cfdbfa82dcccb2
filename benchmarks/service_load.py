"""Many readers of the service at once: how long answers take that are kept in memory.

    python benchmarks/service_load.py http://127.0.0.1:8000 --readers 200 --seconds 60

Each reader asks for one view after another over a connection of its own, without a pause, as no person
would. Prints one JSON object: requests, errors, requests a second, and milliseconds (50, 90, 99 % and
the longest) from the first byte asked to the last one read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from urllib.parse import urlsplit

VIEWS = (
    "/api/v1/now", "/api/v1/series", "/api/v1/series/us.gotaways.known", "/api/v1/policies",
    "/api/v1/timeline", "/api/v1/levers", "/api/v1/claims", "/api/v1/skill", "/api/v1/model",
    "/api/v1/scenarios/title-42-stays-a-year", "/app/main.js", "/",
)  # fmt: skip
"""What a reader's page asks for."""


async def reader(host: str, port: int, until: float, seed: int, took: list[float], bad: list[str]):
    """Ask until the time is over; a connection that breaks is an error, and is opened anew."""
    order = random.Random(seed)
    line = None
    while (began := time.perf_counter()) < until:
        view = order.choice(VIEWS)
        try:
            line = line or await asyncio.open_connection(host, port, limit=1 << 22)
            status = await ask(*line, host, view)
            if status != 200:
                bad.append(f"{status} {view}")
        except (OSError, EOFError, ValueError) as broken:
            bad.append(f"{type(broken).__name__} {view}")
            line = None
        took.append(time.perf_counter() - began)
    if line:
        line[1].close()


async def ask(back: asyncio.StreamReader, out: asyncio.StreamWriter, host: str, view: str) -> int:
    """One GET, read to its last byte; the status."""
    out.write(f"GET {view} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = (await back.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    size = next(int(h.split(":")[1]) for h in head if h.startswith("content-length:"))
    await back.readexactly(size)
    return int(head[0].split()[1])


async def load(base: str, readers: int, seconds: float) -> dict[str, float | int | list[str]]:
    """Have so many read for so long; every view is asked for once before, so that it is kept."""
    at = urlsplit(base)
    host, port = at.hostname or "127.0.0.1", at.port or 80
    line = await asyncio.open_connection(host, port, limit=1 << 22)
    for view in VIEWS:
        await ask(*line, host, view)
    line[1].close()
    took: list[float] = []
    bad: list[str] = []
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    await asyncio.gather(*(reader(host, port, until, i, took, bad) for i in range(readers)))
    spent = time.perf_counter() - began
    ordered = sorted(took)

    def at_share(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {
        "readers": readers, "seconds": round(spent, 1), "requests": len(took),
        "errors": len(bad), "first_errors": bad[:5], "per_s": round(len(took) / spent),
        "ms_50": at_share(0.5), "ms_90": at_share(0.9), "ms_99": at_share(0.99),
        "ms_longest": round(1000 * ordered[-1], 1),
    }  # fmt: skip


def main() -> None:
    """Parse the command line and print the result."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("base")
    words.add_argument("--readers", type=int, default=200)
    words.add_argument("--seconds", type=float, default=60.0)
    given = words.parse_args()
    print(json.dumps(asyncio.run(load(given.base, given.readers, given.seconds)), indent=1))


if __name__ == "__main__":
    main()
