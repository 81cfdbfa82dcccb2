"""Tables of how good forecasts were: relative skill, coverage, calibration, turning points, scores.

Every table is in long form and says which mode it is of; modes are never mixed. Horizons are single
months and the ranges of RANGES. The rules were set before any forecast was scored: ranges, blocks,
shares, the bar of a turning point; "best" baseline means the one hardest to beat on the very cells
that are scored, chosen with hindsight, so the comparison is harder than any that one could have made.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caudal.compute.store import file_hash
from caudal.errors import CaudalError
from caudal.forecast import score

OURS = "caudal"
RANGES = {"1-2": (1, 2), "3-6": (3, 6), "7-12": (7, 12), "1-6": (1, 6)}
PIT_RANGES = ("1-2", "3-6", "7-12")
FULL, SHORT = ("nationalities", "southwest"), ("1", "3", "6", "12", *RANGES)
"""Targets told month by month; all others, and turning points, at these horizons: tables stay small."""
SHARES = (0.5, 0.9)
LARGEST, TERCILES = 12, ("small", "middle", "large")
BINS = 10
COVERAGE_LEVEL = 0.95
"""Level of the intervals of coverage. Ratios have 90 %; here an exact 90 % interval would by itself
miss one nominal value in ten."""
TABLES = ("skill", "coverage", "pit", "turning", "scores")
DIGITS = 4


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of a set of series by several methods, from the same origins, in one mode.

    mode     "blind" or "aware"
    draws    method → (origin, series, horizon, draw), log1p of counts; NaN where not forecast;
             the corridor's own under "caudal", every other method is a baseline
    came     log1p of the counts that came, (origin, series, horizon); NaN where not counted
    last     log1p of the counts of the origins' months, (origin, series)
    targets  what is scored: name → series that are averaged
    groups   of these, only coverage is told: name → series
    """

    mode: str
    draws: Mapping[str, np.ndarray]
    came: np.ndarray
    last: np.ndarray
    targets: Mapping[str, Sequence[int]]
    groups: Mapping[str, Sequence[int]]

    def __post_init__(self) -> None:
        if OURS not in self.draws:
            raise CaudalError("forecasts", f"no method {OURS!r}", ", ".join(self.draws))
        for method, draws in self.draws.items():
            if draws.shape[:-1] != self.came.shape:
                raise CaudalError(
                    f"draws of {method}", f"shape {draws.shape}", f"{(*self.came.shape, 'draws')}"
                )
        if self.last.shape != self.came.shape[:2]:
            raise CaudalError("last counts", f"shape {self.last.shape}", f"{self.came.shape[:2]}")


def nationality_targets(
    sizes: np.ndarray,
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Targets and groups of the nationalities followed by the southwest total.

    sizes  count of each nationality before the first origin: not read from what is scored
    """
    order = np.argsort(-np.asarray(sizes), kind="stable").tolist()
    n = len(order)
    targets = {
        "nationalities": list(range(n)),
        "largest": sorted(order[:LARGEST]),
        "southwest": [n],
    }
    thirds = np.array_split(np.array(order[::-1]), 3)
    return targets, {k: sorted(v.tolist()) for k, v in zip(TERCILES, thirds, strict=True)}


def tables(
    forecasts: Sequence[Forecasts], about: Mapping[str, Any] | None = None
) -> dict[str, pd.DataFrame]:
    """All tables (TABLES), from the forecasts of every mode and set of series.

    about  columns that say where the numbers are from (code version, data vintage …)
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for part in forecasts:
        scored = {method: Scored.of(part, method) for method in part.draws}
        rows["skill"] += _skill(part, scored)
        rows["coverage"] += _coverage(part, scored[OURS])
        rows["pit"] += _pit(part, scored[OURS])
        rows["turning"] += _turning(part)
        rows["scores"] += _scores(part, scored)
    return {name: pd.DataFrame(r).assign(**(about or {})) for name, r in rows.items()}


@dataclass(frozen=True)
class Scored:
    """Scores of one method, (origin, series, horizon) each; `energy` by target, (origin, horizon)."""

    wis: Mapping[str, np.ndarray]
    crps: np.ndarray
    log_score: np.ndarray
    covered: Mapping[float, np.ndarray]
    pit: np.ndarray
    energy: Mapping[str, np.ndarray]

    @staticmethod
    def of(part: Forecasts, method: str) -> Scored:
        """Every score of a method's draws."""
        came, draws = part.came, part.draws[method]
        apart = np.moveaxis(draws, 1, 2)
        return Scored(
            wis={
                "log": score.weighted_interval_score(came, draws),
                "natural": score.weighted_interval_score(np.expm1(came), np.expm1(draws)),
            },
            crps=score.crps(came, draws),
            log_score=score.log_score(came, draws),
            covered={share: score.covered(came, draws, share) for share in SHARES},
            pit=score.pit(came, draws),
            energy={
                name: score.energy_score(came[:, series].swapaxes(1, 2), apart[:, :, series])
                for name, series in part.targets.items()
                if len(series) > 1
            },
        )


def horizons(count: int) -> dict[str, slice]:
    """Horizons by name: single months, and the ranges that lie within `count` months."""
    single = {str(h): slice(h - 1, h) for h in range(1, count + 1)}
    return single | {k: slice(lo - 1, hi) for k, (lo, hi) in RANGES.items() if hi <= count}


def _ahead(part: Forecasts, target: str = "") -> dict[str, slice]:
    """Horizons of the tables: every month for the targets of FULL and the groups, else SHORT."""
    every = horizons(part.came.shape[2])
    if target in FULL or target in part.groups:
        return every
    return {name: months for name, months in every.items() if name in SHORT}


def _skill(part: Forecasts, scored: Mapping[str, Scored]) -> list[dict[str, Any]]:
    """Ratio of mean WIS to every baseline's, with interval; the hardest to beat is marked best."""
    rows = []
    for target, series in part.targets.items():
        # of one series of a set ("area:…"), the log scale alone
        for scale in ("log",) if ":" in target else ("log", "natural"):
            for horizon, months in _ahead(part, target).items():
                ours = scored[OURS].wis[scale][:, series, months]
                here = []
                for method in (m for m in scored if m != OURS):
                    theirs = scored[method].wis[scale][:, series, months]
                    middle, low, high = score.ratio(ours, theirs)
                    if np.isnan(middle):
                        continue
                    both = np.isfinite(ours) & np.isfinite(theirs)
                    here.append(
                        {
                            "mode": part.mode, "target": target, "horizon": horizon, "scale": scale,
                            "baseline": method, "best": False,
                            "ratio": middle, "lo": low, "hi": high,
                            "origins": int(both.any((1, 2)).sum()),
                        }
                    )  # fmt: skip
                if here:
                    max(here, key=lambda row: row["ratio"])["best"] = True
                rows += here
    return rows


def _coverage(part: Forecasts, ours: Scored) -> list[dict[str, Any]]:
    """Share of counts inside the central intervals; does its interval contain the nominal share?"""
    rows = []
    for target, series in {**part.targets, **part.groups}.items():
        for horizon, months in _ahead(part, target).items():
            for share in SHARES:
                inside = ours.covered[share][:, series, months]
                middle, low, high = score.mean(inside, COVERAGE_LEVEL)
                if np.isnan(middle):
                    continue
                rows.append(
                    {
                        "mode": part.mode, "target": target, "horizon": horizon, "nominal": share,
                        "covered": middle, "lo": low, "hi": high, "contains": low <= share <= high,
                        "counts": int(np.isfinite(inside).sum()),
                    }
                )  # fmt: skip
    return rows


def contained(coverage: pd.DataFrame) -> pd.DataFrame:
    """Of the cells of single months, how many intervals contain the nominal share, by mode.

    Rows: mode, cells of ("terciles": small, middle and large groups; else a target), cells, contain.
    """
    single = coverage[~coverage["horizon"].isin(list(RANGES)) & coverage["lo"].notna()]
    kind = single["target"].where(~single["target"].isin(TERCILES), "terciles")
    held = single["contains"].astype(bool).groupby([single["mode"], kind.rename("of")], sort=False)
    return held.agg(cells="size", contain="sum").reset_index()


def _pit(part: Forecasts, ours: Scored) -> list[dict[str, Any]]:
    """Histogram of the probability integral transform, BINS equal bins."""
    rows = []
    ahead = horizons(part.came.shape[2])
    for target, series in part.targets.items():
        if ":" in target:
            continue
        for horizon in (h for h in PIT_RANGES if h in ahead):
            values = ours.pit[:, series, ahead[horizon]]
            values = values[np.isfinite(values)]
            counts, edges = np.histogram(values, BINS, (0.0, 1.0))
            rows += [
                {
                    "mode": part.mode, "target": target, "horizon": horizon,
                    "from": edge, "share": count / max(len(values), 1), "counts": len(values),
                }
                for edge, count in zip(edges[:-1], counts, strict=True)
            ]  # fmt: skip
    return rows


def _turning(part: Forecasts) -> list[dict[str, Any]]:
    """Moves of 30 % or more from the origin's count: called (probability ≥ ½), hit, missed, Brier."""
    import scoringrules

    rows = []
    for method, draws in part.draws.items():
        for move in ("rise", "fall"):
            up = move == "rise"
            did = score.turned(part.last[:, :, None], part.came, up)
            chance = score.turned(part.last[:, :, None, None], draws, up).mean(-1)
            for target, series in part.targets.items():
                if ":" in target:
                    continue
                for horizon, months in _ahead(part).items():
                    yes, p = did[:, series, months], chance[:, series, months]
                    there = np.isfinite(yes) & np.isfinite(p)
                    yes, p = yes[there], p[there]
                    if not len(yes):
                        continue
                    call = p >= 0.5
                    rows.append(
                        {
                            "mode": part.mode, "target": target, "method": method,
                            "horizon": horizon, "move": move,
                            "counts": len(yes), "moves": int(yes.sum()),
                            "hits": int((call & (yes == 1)).sum()),
                            "misses": int((~call & (yes == 1)).sum()),
                            "false_alarms": int((call & (yes == 0)).sum()),
                            "brier": float(np.mean(scoringrules.brier_score(yes, p))),
                        }
                    )  # fmt: skip
    return rows


def _scores(part: Forecasts, scored: Mapping[str, Scored]) -> list[dict[str, Any]]:
    """Mean scores and plain coverage of every method."""
    rows = []
    for target, series in part.targets.items():
        for method, s in scored.items():
            for horizon, months in _ahead(part, target).items():
                there = np.isfinite(s.crps[:, series, months])
                if not there.any():
                    continue

                def average(values: np.ndarray, series=series, months=months) -> float:
                    return float(np.nanmean(values[:, series, months]))

                joint = s.energy[target][:, months] if target in s.energy else np.array([np.nan])
                rows.append(
                    {
                        "mode": part.mode, "target": target, "method": method, "horizon": horizon,
                        "crps": average(s.crps),
                        "wis_log": average(s.wis["log"]), "wis_natural": average(s.wis["natural"]),
                        "log_score": average(s.log_score),
                        "energy": float(np.nanmean(joint)) if np.isfinite(joint).any() else np.nan,
                        "cover50": average(s.covered[0.5]), "cover90": average(s.covered[0.9]),
                        "counts": int(there.sum()),
                    }
                )  # fmt: skip
    return rows


SUMS = "skill.sha256"


def write(folder: Path, made: Mapping[str, pd.DataFrame], sums: str = SUMS) -> None:
    """Write each table as NAME.csv, and their checksums; all are there before any takes its place.

    sums  file of checksums, as `sha256sum -c` reads them. It takes its place first: whoever is
          stopped before the last table has left tables that do not agree with it, and `read` says so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = {folder / f"{name}.csv": folder / f".{name}.csv.new" for name in made}
    told = folder / f".{sums}.new"
    try:
        for new, table in zip(fresh.values(), made.values(), strict=True):
            table.to_csv(new, index=False, float_format=_digits)
        told.write_text(
            "".join(f"{file_hash(new)}  {place.name}\n" for place, new in fresh.items()), "utf-8"
        )
        told.replace(folder / sums)
        for place, new in fresh.items():
            new.replace(place)
    finally:
        for new in (told, *fresh.values()):
            new.unlink(missing_ok=True)


def _digits(value: Any) -> str:
    return np.format_float_positional(value, DIGITS, fractional=False, trim="-")


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder; CaudalError where one is not there, or not of the same backtest."""
    remedy = "run `caudal backtest --write`"
    for name in TABLES:
        if not (folder / f"{name}.csv").is_file():
            raise CaudalError(f"{folder.name}/{name}.csv", "no scores yet", remedy)
    check(folder, SUMS, remedy)
    return {n: table(folder / f"{n}.csv", remedy, dtype={"horizon": str}) for n in TABLES}


def check(folder: Path, sums: str, remedy: str) -> None:
    """Hold tables against their checksums, where there are any. Raises CaudalError."""
    place = folder / sums
    try:
        lines = place.read_text("utf-8").splitlines() if place.exists() else []
        wanted = dict(line.split("  ", 1)[::-1] for line in lines)
        for name, digest in wanted.items():
            if file_hash(folder / name) != digest:
                found = f"not the table that {sums} tells of (a write was stopped?)"
                raise CaudalError(f"{folder.name}/{name}", found, remedy)
    except (OSError, ValueError) as broken:
        raise CaudalError(f"{folder.name}/{sums}", "does not fit the tables", remedy) from broken


def table(path: Path, remedy: str, **how: Any) -> pd.DataFrame:
    """A table from a CSV file; CaudalError where it cannot be read as one."""
    try:
        return pd.read_csv(path, **how)
    except (OSError, EOFError, zlib.error, ValueError) as broken:
        reason = " ".join(str(broken).split())[:80]
        where = f"{path.parent.name}/{path.name}"
        raise CaudalError(where, f"not readable as a table ({reason})", remedy) from broken


def verdict(low: float, high: float) -> str:
    """What a ratio's interval says: "better", "worse", or "alike" where it holds one."""
    return "better" if high < 1 else "worse" if low > 1 else "alike"
