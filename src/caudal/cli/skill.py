"""`caudal skill`: how well forecasts did, from the tables that the last backtest left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, table
from caudal.errors import CaudalError

if TYPE_CHECKING:
    import pandas as pd

FIRST = ("nationalities", "southwest")
"""Targets shown where none is asked for."""
MODES = {"blind": "Blind (law as known)", "aware": "Given the later calendar of policies"}

ABOUT = ("data_vintage", "code_version")
"""Columns that say where the numbers are from: told once, under the table."""


def skill(
    mode: Annotated[
        str | None,
        typer.Option("--mode", help="blind or aware (the later calendar of policies given)."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", help="nationalities, largest, southwest, unit, area … or all."),
    ] = None,
    scale: Annotated[str, typer.Option("--scale", help="log or natural.")] = "log",
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Shares of counts inside the intervals, and PIT.")
    ] = False,
    turning: Annotated[
        bool, typer.Option("--turning", help="Moves of 30 % or more: called, missed, false alarms.")
    ] = False,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Against every baseline, not the best alone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how well past forecasts did against the best simple baseline, by months ahead.

    A ratio of mean weighted interval scores below one beats the baseline; lo and hi are its 90 %
    bootstrap interval over origins; cover50 and cover90 are the shares of counts inside the 50 % and
    90 % intervals. docs/skill.md explains every number.
    """
    from caudal.corridor import corridor
    from caudal.forecast.skill import contained, read

    made = read(corridor().skill)
    picked = {name: _picked(t, mode, target, scale) for name, t in made.items()}
    told = _with_coverage(picked["skill"], made["coverage"])
    told = told if baselines else told[told["best"]]
    if as_json:
        rest = {k: picked[k].to_dict("records") for k in ("coverage", "pit", "turning", "scores")}
        held = contained(picked["coverage"]).to_dict("records")
        print_json({"skill": told.to_dict("records"), "contained": held, **rest})
        return
    for line in _in_words(picked["skill"], scale):
        console().print(line)
    if coverage:
        _coverage(picked["coverage"], picked["pit"])
    elif turning:
        _show(
            picked["turning"], right=("counts", "moves", "hits", "misses", "false_alarms", "brier")
        )
    else:
        hidden = ["best", "scale"] if not baselines else ["scale"]
        _show(
            told.drop(columns=hidden), right=("ratio", "lo", "hi", "origins", "cover50", "cover90")
        )
    about = made["skill"].iloc[0]
    console().print(f"scale {scale}; code {about.code_version}, data {about.data_vintage}")


def _picked(made: pd.DataFrame, mode: str | None, target: str | None, scale: str) -> pd.DataFrame:
    """Rows that are asked for; CaudalError for a mode, target or scale that no row has."""
    asked = {"mode": mode, "target": target, "scale": scale}
    for name, value in asked.items():
        if name not in made.columns:
            continue
        there = list(dict.fromkeys(made[name]))
        if name == "target" and (value == "all" or value is None):
            chosen = there if value else [t for t in FIRST if t in there]
        elif value is None:
            chosen = there
        elif value in there or not there:
            chosen = [value]
        else:
            raise CaudalError(f"--{name}", repr(value), ", ".join(map(str, there)))
        made = made[made[name].isin(chosen)]
    return made


def _with_coverage(told: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """The rows with the coverage of the same mode, target and horizon beside them."""
    keys = ["mode", "target", "horizon"]
    about = [c for c in ABOUT if c in told.columns]
    for share, name in ((0.5, "cover50"), (0.9, "cover90")):
        part = coverage.loc[coverage["nominal"] == share, [*keys, "covered"]]
        told = told.merge(part.rename(columns={"covered": name}), on=keys, how="left")
    return told.drop(columns=about)


def _in_words(told: pd.DataFrame, scale: str) -> list[str]:
    """One line for each mode and target: where it beats the best baseline, and where not."""
    from caudal.forecast.skill import RANGES, verdict

    lines = []
    best = told[told["best"] & ~told["horizon"].isin(list(RANGES))]
    for (mode, target), rows in best.groupby(["mode", "target"], sort=False):
        by: dict[str, list[int]] = {"better": [], "alike": [], "worse": []}
        for row in rows.itertuples():
            at: Any = row
            by[verdict(at.lo, at.hi)].append(int(at.horizon))
        said = [
            f"{words} at {spans(by[kind])}"
            for kind, words in (
                ("better", "beats the best baseline"),
                ("alike", "cannot be told from it" if by["better"] else
                 "cannot be told from the best baseline"),
                ("worse", "is worse than it" if by["better"] or by["alike"] else
                 "is worse than the best baseline"),
            )
            if by[kind]
        ]  # fmt: skip
        none = "" if by["better"] else "; it does not beat it anywhere"
        lines.append(
            f"{MODES.get(str(mode), mode)}, {target}, {scale} scale: "
            + "; ".join(said)
            + none
            + "."
        )
    return lines


def spans(months: list[int]) -> str:
    """Months ahead in words.

    >>> spans([1, 2, 3, 7]), spans([1])
    ('1–3, 7 months ahead', '1 month ahead')
    """
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    told = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
    return f"{told} month{'' if months == [1] else 's'} ahead"


def _coverage(coverage: pd.DataFrame, pit: pd.DataFrame) -> None:
    from caudal.forecast.skill import contained

    _show(coverage, right=("nominal", "covered", "lo", "hi", "counts"))
    for row in contained(coverage).itertuples():
        at: Any = row
        console().print(
            f"{at.mode}, {at.of}: the nominal share lies in the interval in {at.contain} of "
            f"{at.cells} cells"
        )
    if len(pit):
        wide = pit.pivot_table("share", ["mode", "target", "horizon"], "from", sort=False)
        wide.columns = [f"from {c:g}" for c in wide.columns]
        _show(
            wide.reset_index(),
            right=list(wide.columns),
            title="PIT: share in each tenth (0.1 if calibrated)",
        )


def _show(rows: pd.DataFrame, right: Any, title: str | None = None) -> None:
    shown = rows.drop(columns=[c for c in ABOUT if c in rows.columns])
    table(list(shown.columns), shown.to_numpy().tolist(), right=tuple(right), title=title)
