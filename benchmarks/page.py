"""What a first look at each view of the page costs: `python benchmarks/page.py [VIEW ...]`.

Loopback, a server that has answered before, a browser without anything of the page in its cache.
Prints the median of five looks and writes results/page.csv when no view is named.
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from browser import CHROMIUM, DRIVER, HOW, Page, chromium, served  # noqa: E402
from page_budget import Cost, first_look  # noqa: E402
from page_reading import WRITTEN  # noqa: E402

LOOKS = 5
HEAD = ("view", "first_paint_ms", "useful_ms", "kB", "requests")


def measured(page: Page, view: str) -> tuple[str, int, int, int, int]:
    """The row of a view: medians over looks, after one that warms the server."""
    looks = [first_look(page, view) for _ in range(LOOKS + 1)][1:]
    middle = Cost(*(statistics.median(column) for column in zip(*looks, strict=True)))
    kilo = round(middle.bytes / 1000)
    return view, round(middle.painted_ms), round(middle.useful_ms), kilo, int(middle.requests)


def main(views: list[str]) -> None:
    unknown = sorted(set(views) - set(WRITTEN))
    if unknown:
        print(f"page: {unknown[0]}: no such view; allowed: {', '.join(WRITTEN)}", file=sys.stderr)
        sys.exit(2)
    if not (CHROMIUM and DRIVER):
        print(f"page: not measured, {HOW}")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as address,
        chromium() as driver,
    ):
        rows = [measured(Page(driver, address), view) for view in views or WRITTEN]
    for row in (HEAD, *rows):
        print("{:<10} {:>14} {:>10} {:>7} {:>9}".format(*row))
    if not views:
        with (HERE / "results" / "page.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([HEAD, *rows])


if __name__ == "__main__":
    main(sys.argv[1:])
