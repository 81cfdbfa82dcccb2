"""The measured rows as Markdown, between two marks of docs/performance.md: `python tables.py`."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from engines import ENGINES, WORKLOADS  # noqa: E402

TABLE = HERE.parent / "results" / "peers.csv"
PAGE = HERE.parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- peers: written by benchmarks/peers/tables.py -->", "<!-- /peers -->"
TITLES = {
    "chain": "(a) A chain of twelve places, a year",
    "border": "(b) The chain with a border of 300 a day and a waiting list",
    "ensemble": "(c) 200 members of (b)",
    "filter": "(d) A filter over twelve monthly counts, 1,000 members",
}
SHOWN = {"numpy_counts": "NumPy, counts", "numpy_objects": "NumPy, an array entry per person"}
POWERS = {10_000: "10⁴", 100_000: "10⁵", 1_000_000: "10⁶", 100_000_000: "10⁸"}

Row = dict[str, str]


def markdown(rows: Sequence[Row]) -> str:
    """Every workload's table, and the versions below."""
    parts = []
    for workload in WORKLOADS:
        parts += [f"**{TITLES[workload]}**", "", *table(rows, workload), ""]
    parts += [*told(rows), ""]
    versions = {r["engine"]: r["version"] for r in rows}
    parts.append("Versions: " + "; ".join(f"{_name(e)} {v}" for e, v in versions.items()) + ".")
    loads = sorted(float(r["load"]) for r in rows)
    about = sorted({(r["machine"], r["date"]) for r in rows})
    where = "; ".join(f"{m}, {d}" for m, d in about)
    parts.append(f"Machine: {where}; load {loads[0]:.1f} to {loads[-1]:.1f} while measured.")
    return "\n".join(parts)


def told(rows: Sequence[Row]) -> list[str]:
    """What the tables say of Caudal on (a): growth with people, and the fastest peer of counts."""
    chain = [r for r in rows if r["workload"] == "chain" and r["processor_seconds"]]
    out = []
    for how in ("expected", "sampled"):
        ours = {int(r["people"]): _value(r) for r in chain if _is(r, "caudal", how)}
        peers = [
            (_value(r) / ours[int(r["people"])], r)
            for r in chain
            if r["how"] == how and r["holds"] != "object per person" and r["right"] == "yes"
            if r["engine"] not in ("caudal", "numpy_counts") and int(r["people"]) in ours
        ]
        if len(ours) < 2 or not peers:
            continue
        grown = ours[max(ours)] / ours[min(ours)]
        least, fastest = min(peers, key=lambda p: p[0])
        out.append(
            f"On (a), `{how}` costs {grown:.2g} times as much at {POWERS[max(ours)]} people as "
            f"at {POWERS[min(ours)]}; the fastest peer that holds no persons ({fastest['engine']}, at "
            f"{POWERS[int(fastest['people'])]}) takes {least:.2g} times Caudal's time."
        )
    return out


def _is(row: Row, engine: str, how: str) -> bool:
    return row["engine"] == engine and row["how"] == how


def _value(row: Row) -> float:
    return float(row["processor_seconds"])


def table(rows: Sequence[Row], workload: str) -> list[str]:
    """One workload: a line for each engine and sampler, a column for each number of people."""
    mine = [r for r in rows if r["workload"] == workload]
    sizes = [n for n in POWERS if any(r["people"] == str(n) for r in mine)]
    heads = [
        "engine",
        "holds",
        "how",
        *(POWERS[n] for n in sizes),
        "compiling",
        "right",
        "× Caudal",
    ]
    out = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    notes = []
    for engine in ENGINES:
        here = [r for r in mine if r["engine"] == engine.name]
        for how in engine.hows:
            line = {int(r["people"]): r for r in here if r["how"] == how}
            done = [r for r in line.values() if r["processor_seconds"]]
            if not done:
                continue
            cells = [_seconds(line.get(n)) for n in sizes]
            compiling = max((r["compile_seconds"] for r in done), key=lambda x: float(x or 0))
            right = "yes" if all(r["right"] == "yes" for r in done) else "NO"
            ratio = _ratio(line, mine, how) if engine.name != "caudal" else "1"
            whole = [_name(engine.name), engine.holds, how, *cells, compiling or "–", right, ratio]
            out.append(f"| {' | '.join(whole)} |")
        if not any(r["processor_seconds"] for r in here):
            said = [r["note"] for r in here if r["note"]]
            notes += [f"{_name(engine.name)}: {said[0]}."] if said else []
    return [*out, "", *notes] if notes else out


def _name(engine: str) -> str:
    return SHOWN.get(engine, "Caudal" if engine == "caudal" else engine)


def _seconds(row: Row | None) -> str:
    if row is None:
        return ""
    if not row["processor_seconds"]:
        return "–"
    value = float(row["processor_seconds"])
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"


def _ratio(line: dict[int, Row], mine: Sequence[Row], how: str) -> str:
    """How many times Caudal's seconds, at the largest number of people that both did."""
    ours = {
        int(r["people"]): float(r["processor_seconds"])
        for r in mine
        if r["engine"] == "caudal" and r["how"] == how and r["processor_seconds"]
    }
    both = [n for n, r in line.items() if r["processor_seconds"] and n in ours]
    if not both:
        return ""
    ratio = float(line[max(both)]["processor_seconds"]) / ours[max(both)]
    shown = f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2g}"
    return f"{shown} (at {POWERS[max(both)]})"


def main() -> None:
    """Write the page's part."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        sys.exit(f"{PAGE}: the marks {BEGIN!r} and {END!r} are not both there")
    whole = f"{before}{BEGIN}\n{markdown(rows)}\n{END}{after}"
    temporary = PAGE.with_suffix(".tmp")
    temporary.write_text(whole, encoding="utf-8")
    os.replace(temporary, PAGE)


if __name__ == "__main__":
    main()
