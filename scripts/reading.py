"""Measure `claims read` on annotated texts: recall and precision; writes docs/results/reading.csv.

python scripts/reading.py [--texts FOLDER] [--show]

found    an annotated number that a proposal overlaps with the same value (to 1 %)
matched  found, and the series right: one that the annotation names, or none where it names none
Vague amounts stand outside both. The articles' texts are not ours to ship: where their folder is
absent the script says so, keeps to the Spanish texts and leaves the table alone.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path

import csv_tables

from caudal.ask.reading.known import known_figures
from caudal.ask.reading.lexicon import read_lexicon
from caudal.ask.reading.numbers import Number
from caudal.ask.reading.reader import Found, Reading, read
from caudal.corridor.reading import LEXICON
from caudal.data.store import open_series

ROOT = Path(__file__).resolve().parents[1]
MARKED = ROOT / "tests" / "data" / "reading"
TABLE = ROOT / "docs" / "results" / "reading.csv"
TUNED = ("000_", "001_", "004_", "es_1")
"""Texts on which words and weights were set; the others were held out."""

Row = dict[str, str]


@dataclass
class Score:
    """Counts of one text, or of several.

    claims     annotated numbers; proposed: numbers proposed (those on vague amounts not counted)
    found, matched        as above; period: found with the annotated period, of those that have one
    figures, known        annotated with a series of published figures; a figure of it proposed
    """

    text: str
    half: str
    claims: int = 0
    proposed: int = 0
    found: int = 0
    matched: int = 0
    dated: int = 0
    period: int = 0
    figures: int = 0
    known: int = 0

    def __add__(self, other: Score) -> Score:
        names = [f.name for f in fields(Score)[2:]]
        return Score(self.text, self.half, *(getattr(self, n) + getattr(other, n) for n in names))

    def shares(self) -> dict[str, float | None]:
        """Recall and precision of finding and of matching."""
        return {
            "found_recall": _share(self.found, self.claims),
            "found_precision": _share(self.found, self.proposed),
            "matched_recall": _share(self.matched, self.claims),
            "matched_precision": _share(self.matched, self.proposed),
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def annotated() -> dict[str, list[Row]]:
    """Rows by file."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for name in ("articles", "spanish"):
        with (MARKED / f"{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rows[row["file"]].append(row)
    return rows


def score(reading: Reading, rows: list[Row], name: str, show: bool = False) -> Score:
    """One text's counts; each proposal answers for one annotated number."""
    half = "tuned" if name.startswith(TUNED) else "held out"
    out = Score(
        name.split("_", maxsplit=1)[0] if name[0].isdigit() else name.removesuffix(".txt"), half
    )
    proposals = [(n, f) for f in reading.found for n in f.numbers]
    vague = [r for r in rows if r["kind"] == "vague"]
    free = [p for p in proposals if not any(_over(p[0], r) for r in vague)]
    out.proposed = len(free)
    taken: set[int] = set()
    for row in rows:
        if row["kind"] == "vague":
            continue
        out.claims += 1
        hit = next((i for i, (n, _) in enumerate(free) if i not in taken and _same(n, row)), None)
        if hit is None:
            _say(show, "missed", reading, int(row["start"]), int(row["end"]), row["value"])
            continue
        taken.add(hit)
        number, found = free[hit]
        out.found += 1
        right = (found.series or "none") in row["series"].split("|")
        out.matched += right
        if not right:
            told = f"{found.series} for {row['series'][:40]}"
            _say(show, "series", reading, number.start, number.end, told)
        if row["period"]:
            out.dated += 1
            on_time = _written(found) in row["period"].split("|")
            out.period += on_time
            if not on_time:
                told = f"{_written(found)} for {row['period']}"
                _say(show, "period", reading, number.start, number.end, told)
        if row["figure"]:
            out.figures += 1
            known = found.known
            out.known += bool(
                known and any(fnmatchcase(known.series, p) for p in row["figure"].split("|"))
            )
    for i, (number, _) in enumerate(free):
        if i not in taken:
            _say(show, "wrong", reading, number.start, number.end, str(number.value))
    return out


def _over(n: Number, row: Row) -> bool:
    return n.start < int(row["end"]) and n.end > int(row["start"])


def _same(n: Number, row: Row) -> bool:
    value = float(row["value"])
    return _over(n, row) and n.value is not None and abs(n.value - value) <= 0.01 * abs(value)


def _written(found: Found) -> str:
    period = found.period
    return "" if period is None else period if isinstance(period, str) else "/".join(period)


def _say(show: bool, what: str, reading: Reading, start: int, end: int, told: str) -> None:
    if show:
        around = " ".join(reading.source.raw[max(0, start - 40) : end + 30].split())
        print(f"  {what:8}{told:45.45} …{around}…")


def measure(texts: Path, show: bool) -> tuple[list[Score], list[str]]:
    """The scores by text, and the annotated files that are not there."""
    lexicon = read_lexicon(LEXICON)
    figures = known_figures(open_series("figures").to_dict("records"))
    scores, absent = [], []
    for name, rows in sorted(annotated().items()):
        path = next((p for p in (MARKED / name, texts / name) if p.is_file()), None)
        if path is None:
            absent.append(name)
            continue
        if show:
            print(name)
        scores.append(score(read(path, lexicon, figures), rows, name, show))
    return scores, absent


def main() -> None:
    """Measure, tell, and write the table when every text was there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=ROOT.parent / "shared" / "sources")
    parser.add_argument("--show", action="store_true", help="each number that was missed or wrong")
    given = parser.parse_args()
    scores, absent = measure(given.texts, given.show)
    for half in ("tuned", "held out"):
        part = [s for s in scores if s.half == half]
        if part:
            scores.append(sum(part[1:], part[0]))
            scores[-1] = Score(f"all {half}", half, *list(vars(scores[-1]).values())[2:])
    rows = [vars(s) | s.shares() for s in scores]
    for row in rows:
        print(" ".join(f"{k}={'–' if v is None else v}" for k, v in row.items()))
    if absent:
        print(f"texts absent in {given.texts}: {', '.join(absent)}; the table stays as it was")
        return
    csv_tables.write(TABLE, list(rows[0]), rows)


if __name__ == "__main__":
    main()
