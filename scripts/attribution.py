"""Why encounters changed: docs/results/attribution.csv and the tables of docs/attribute.md.

    python scripts/attribution.py [--members 32] [--case 2020-11]        (or: make attribution)

Three changes that the articles argue about, each with the eight standard factors. `--case` runs one
of them and leaves the rows of the others as they are; `--page` only writes the page from the table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caudal.ask.attribute_asked import answer
from caudal.ask.attribute_told import COLUMNS, rows
from caudal.compute.store import code_version, file_hash
from caudal.corridor import HERE, corridor
from caudal.corridor.observables import OUTCOMES, observed_long
from caudal.data.store import data_vintage
from caudal.errors import CaudalError
from caudal.report import Outcome

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "results" / "attribution.csv"
PAGE = ROOT / "docs" / "attribute.md"
BEGIN, END = "<!-- tables: written by scripts/attribution.py -->", "<!-- end of tables -->"
OUTCOME = "us.encounters.southwest"
CASES = {"2020-11": "2021-03", "2023-12": "2024-03", "2024-05": "2024-08"}
"""First month → second."""
FIGURES = ("mean", "median", "lo50", "hi50", "lo90", "hi90", "share", "first_in", "last_in",
           "error", "counted_from", "counted_to", "modelled_from", "modelled_to")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases and write table and page; 2 for bad input, with nothing written."""
    parser = argparse.ArgumentParser(description="Why encounters changed: docs/attribute.md")
    parser.add_argument("--members", type=int, default=32, help="draws to run (default: 32)")
    parser.add_argument("--case", choices=CASES, help="one case only, by its first month")
    parser.add_argument("--page", action="store_true", help="write the page from the table only")
    given = parser.parse_args(arguments)
    try:
        for start in () if given.page else [given.case] if given.case else CASES:
            put(asked(start, given.members), start)
    except CaudalError as error:
        print(error, file=sys.stderr)
        return 2
    write_page()
    return 0


def asked(start: str, members: int) -> pd.DataFrame:
    """The rows of one case."""
    here, began = corridor(), time.monotonic()

    def tell(done: int, of: int) -> None:
        if done % 32 == 0 or done == of:
            print(f"{start}: {done} of {of}, {time.monotonic() - began:.0f} s", file=sys.stderr)

    found = answer(
        here, [Outcome(**o) for o in OUTCOMES], lambda day: observed_long(here, day),
        HERE / "factors.yaml", outcome=OUTCOME, start=start, end=CASES[start], members=members,
        progress=tell,
    )  # fmt: skip
    before, after = found.counted or (None, None)
    made = pd.DataFrame(rows(found), columns=list(COLUMNS)).assign(
        counted_from=before, counted_to=after, modelled_from=found.before.mean(),
        modelled_to=found.after.mean(), members=members, runs=found.runs,
        draws=file_hash(here.posterior), code_version=code_version(), data_vintage=data_vintage(),
    )  # fmt: skip
    made.insert(0, "from", start)
    made.insert(1, "to", CASES[start])
    return made


def put(made: pd.DataFrame, start: str) -> None:
    """Put one case's rows into the table, in the order of the cases."""
    if TABLE.exists():
        old = read()
        made = pd.concat([old[old["from"] != start], made], ignore_index=True)
    order = {case: i for i, case in enumerate(CASES)}
    made = made.sort_values("from", key=lambda c: c.map(order), kind="stable")
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    written = made.copy()
    for name in FIGURES:
        written[name] = [f"{v:.6g}" if pd.notna(v) else "" for v in made[name]]
    written.to_csv(TABLE, index=False, lineterminator="\n")


def read() -> pd.DataFrame:
    """The table as committed."""
    return pd.read_csv(TABLE)


def write_page() -> None:
    """Put the tables as committed into the page."""
    text = PAGE.read_text("utf-8")
    head, tail = text.partition(BEGIN)[0], text.partition(END)[2]
    table = read()
    shown = "\n".join(case(table[table["from"] == s]) for s in CASES if s in set(table["from"]))
    PAGE.write_text(f"{head}{BEGIN}\n\n{shown}\n{END}{tail}", "utf-8")


def case(of: pd.DataFrame) -> str:
    """One case as Markdown."""
    one = of.iloc[0]
    lines = [
        f"### {one['from']} to {one['to']}: {people(one.counted_from)} to "
        f"{people(one.counted_to)} encounters a month\n",
        "| part of the change | people | median | 90 % of draws | share | first in | last in |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in of.to_dict("records"):
        alone = (
            ["", ""]
            if pd.isna(row["first_in"])
            else [signed(row[c]) for c in ("first_in", "last_in")]
        )
        name = f"**{row['name']}**" if row["kind"] == "change" else row["name"]
        inside = f"{signed(row['lo90'])} to {signed(row['hi90'])}"
        if row["kind"] == "change":
            inside = ""
        cells = [name, signed(row["mean"]), signed(row["median"]), inside, f"{row['share']:.0f} %"]
        lines.append("| " + " | ".join([*cells, *alone]) + " |")
    lines.append(
        f"\nThe model goes from {people(one.modelled_from)} to {people(one.modelled_to)}. "
        f"{one.members} draws, {one.runs} runs of each; standard error of a mean over draws up to "
        f"{people(of['error'].max())}. Draws {str(one.draws)[:8]}, code {one.code_version}, data "
        f"{one.data_vintage}.\n"
    )
    return "\n".join(lines)


def people(value: float) -> str:
    """A number of people with three figures.

    >>> people(172345.0), people(-12.0)
    ('172,000', '−12')
    """
    size = f"{abs(float(f'{value:.3g}')):,.0f}"
    return f"−{size}" if value < 0 and size != "0" else size


def signed(value: float) -> str:
    """The same with a plus where it is more.

    >>> signed(1234.0), signed(0.2), signed(-9.0)
    ('+1,230', '0', '−9')
    """
    size = people(value)
    return size if size == "0" or value < 0 else f"+{size}"


if __name__ == "__main__":
    sys.exit(main())
