"""The numbers of the baseline run, frozen on purpose.

    python tests/baseline/freeze.py           rewrite run.csv, and print which numbers moved
    python tests/baseline/freeze.py --check   only print them (make moved); exit 1 where any did

Freeze when the model, its parameters or its learned draws were changed on purpose. The table printed
is that of a `regression` changelog fragment (changes/README.md): old version → new version.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import caudal

FILE = Path(__file__).with_name("run.csv")
SETTINGS = {"members": 16, "seed": 0, "workers": 1}
STOCKS = ("children_in_care", "waiting_north")
"""Of these a year is told as the mean of its months; of flows, as their sum."""
MADE = "# made with "
SHARE, PEOPLE = 0.005, 5.0
"""How far a number may lie from the frozen one: other machines round differently."""


def numbers() -> pd.DataFrame:
    """Means over 16 members by month, in people or events: one column a quantity."""
    ds = caudal.simulate("baseline", **SETTINGS)  # type: ignore[arg-type]
    names = (
        "encounters", "expulsions", "mexican_events", "darien_crossings", "gotaways",
        "children_in_care", "waiting_north", "departures",
    )  # fmt: skip
    columns = {}
    for name in names:
        array = ds[name].astype("float64")
        others = [d for d in array.dims if d not in ("member", "month")]
        columns[name] = array.sum(others).mean("member").to_series()
    table = pd.DataFrame(columns)
    table.index = table.index.strftime("%Y-%m")
    table.attrs["version"] = ds.attrs["code_version"]
    return table.rename_axis("month").round(1)


def frozen(file: Path = FILE) -> pd.DataFrame:
    """The numbers as they were frozen; `attrs["version"]` names the code that gave them."""
    table = pd.read_csv(file, index_col="month", comment="#")
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    table.attrs["version"] = first.removeprefix(MADE) if first.startswith(MADE) else "unrecorded"
    return table


def far(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Which numbers moved by more than rounding."""
    return (new - old).abs() > SHARE * old.abs() + PEOPLE


def moved(old: pd.DataFrame, new: pd.DataFrame) -> str:
    """Which numbers moved by how much, by quantity and year, as a changelog fragment holds it.

    Only years in which some month moved are told. "" where none did; one line where the tables do
    not have the same months and quantities.
    """
    if list(old.index) != list(new.index) or list(old.columns) != list(new.columns):
        gone = sorted({*old.index, *old.columns} ^ {*new.index, *new.columns})
        return f"other months or quantities: {', '.join(map(str, gone))}"
    apart = far(old, new)
    if not apart.to_numpy().any():
        return ""
    lines = [
        f"{old.attrs.get('version', 'unrecorded')} → {new.attrs.get('version', 'unrecorded')}: "
        f"{int(apart.to_numpy().sum())} of {apart.size} numbers moved",
        "",
        "| result | before | now | unit | moved | months |",
        "|---|---|---|---|---|---|",
    ]
    years = pd.Index(old.index).str[:4]
    for name in old.columns:
        for year in sorted(set(years[apart[name].to_numpy()])):
            mine = years == year
            how = "mean" if name in STOCKS else "sum"
            before, now = (float(getattr(t[name][mine], how)()) for t in (old, new))
            share = f"{now / before - 1:+.1%}" if before else "from nothing"
            unit = "people" if name in STOCKS else "a year"
            if how == "sum" and mine.sum() < 12:
                unit = f"in {int(mine.sum())} months"
            lines.append(f"| {name}, {year} | {before:,.0f} | {now:,.0f} | {unit} | {share} | "
                         f"{int(apart[name][mine].sum())} |")  # fmt: skip
    return "\n".join(lines)


def write(table: pd.DataFrame, file: Path = FILE) -> None:
    """Freeze, with the version that gave the numbers."""
    file.write_text(f"{MADE}{table.attrs['version']}\n{table.to_csv()}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Print what moved; freeze unless only asked."""
    new = numbers()
    told = moved(frozen(), new) if FILE.exists() else "nothing was frozen"
    print(told or "no number moved")
    if arguments == ["--check"]:
        return 1 if told else 0
    write(new)
    print(f"{FILE.name}: {len(new)} months")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
