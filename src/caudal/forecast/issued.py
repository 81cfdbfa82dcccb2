"""A forecast as issued: its draws, and what is told of them.

Draws are on the log1p scale; everything told is in counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caudal.engine.observation import Predictand
from caudal.errors import CaudalError
from caudal.forecast.score import LEVELS
from caudal.policy.marks import nearest

Arrays = dict[str, np.ndarray]
YEAR, QUARTER = 12, 3
TOLD = {"median": 0.5, "lo50": 0.25, "hi50": 0.75, "lo90": 0.05, "hi90": 0.95}
"""Columns of a row and the levels of their quantiles."""


@dataclass(frozen=True)
class Forecast:
    """A forecast as issued.

    predictands  what is forecast, the total first
    begins       first day of month 0; months are numbered from it
    origin       number of the last month that the draws have learned from
    last         predictand → number of its last counted month
    draws        predictand → (cell, horizon, draw), log1p of counts, from the month after `last` on
    counts       predictand → (month, cell), NaN where not counted
    about        vintage and recipe, plain values
    tables       folder of the corridor's series; default the package's own
    """

    predictands: tuple[Predictand, ...]
    begins: date
    origin: int
    last: Mapping[str, int]
    draws: Arrays
    counts: Arrays
    about: Mapping[str, Any]
    tables: Path | None = None

    def month(self, number: int) -> date:
        """First day of a month by its number."""
        years, month = divmod(self.begins.month - 1 + number, YEAR)
        return date(self.begins.year + years, month + 1, 1)

    def only(self, chosen: Mapping[str, tuple[str, ...]]) -> Forecast:
        """The same with some cells only: predictand → labels (see `choose`)."""
        kept, draws, counts = [], {}, {}
        for p in self.predictands:
            if p.name not in chosen:
                continue
            cells = [p.labels.index(label) for label in chosen[p.name]]
            kept.append(replace(p, labels=chosen[p.name]))
            draws[p.name], counts[p.name] = self.draws[p.name][cells], self.counts[p.name][:, cells]
        return replace(self, predictands=tuple(kept), draws=draws, counts=counts)

    def rows(self) -> list[dict[str, Any]]:
        """One row a target, cell and month: median, 50 % and 90 % intervals, counts to hold against.

        last_count is that of last_month; year_ago the count of the same month a year before, None if
        there is none.
        """
        out = []
        for p in self.predictands:
            told = np.quantile(np.expm1(self.draws[p.name]), list(TOLD.values()), axis=-1)
            counts, last = self.counts[p.name], self.last[p.name]
            for c, cell in enumerate(p.labels):
                for step in range(told.shape[2]):
                    number = last + 1 + step
                    before = counts[number - YEAR, c] if number >= YEAR else np.nan
                    out.append(
                        {
                            "target": p.name, "cell": cell, "month": f"{self.month(number):%Y-%m}",
                            "horizon": number - self.origin,
                            "kind": "nowcast" if number <= self.origin else "forecast",
                            **{k: float(v) for k, v in zip(TOLD, told[:, c, step], strict=True)},
                            "last_count": float(counts[last, c]),
                            "last_month": f"{self.month(last):%Y-%m}",
                            "year_ago": None if np.isnan(before) else float(before),
                        }
                    )  # fmt: skip
        return out

    def quantiles(self) -> pd.DataFrame:
        """Long: target, cell, month, horizon, quantile (23 levels), value (to a tenth of a count)."""
        frames = []
        for p in self.predictands:
            values = np.quantile(np.expm1(self.draws[p.name]), LEVELS, axis=-1)
            levels, cells, steps = values.shape
            number = self.last[p.name] + 1 + np.arange(steps)
            months = [f"{self.month(int(n)):%Y-%m}" for n in number]
            frames.append(
                pd.DataFrame(
                    {
                        "target": p.name,
                        "cell": np.repeat(p.labels, steps * levels),
                        "month": np.tile(np.repeat(months, levels), cells),
                        "horizon": np.tile(np.repeat(number - self.origin, levels), cells),
                        "quantile": np.tile(LEVELS, cells * steps),
                        "value": values.transpose(1, 2, 0).ravel().round(1),
                    }
                )
            )
        return pd.concat(frames, ignore_index=True)

    def sums(self) -> list[dict[str, Any]]:
        """Medians of the total and of the sum of its parts, draw by draw, for each way of parting it.

        They agree in every run and differ here, for each is corrected by what its own past forecasts
        have taught. Parts are the predictands whose last counts add up to the total's.
        """
        whole = self.predictands[0]
        total, last = self.counts[whole.name], self.last[whole.name]
        recent = slice(max(0, last + 1 - QUARTER), last + 1)
        out = []
        for p in self.predictands[1:]:
            added = self.counts[p.name][recent].sum(1)
            if self.last[p.name] != last or not np.array_equal(added, total[recent, 0]):
                continue
            parts = np.median(np.expm1(self.draws[p.name]).sum(0), -1)
            all_ = np.median(np.expm1(self.draws[whole.name][0]), -1)
            out += [
                {
                    "parts": p.name, "month": f"{self.month(last + 1 + i):%Y-%m}",
                    "horizon": last + 1 + i - self.origin,
                    "total": float(all_[i]), "sum": float(parts[i]),
                }
                for i in range(len(parts))
            ]  # fmt: skip
        return out

    def document(self) -> dict[str, Any]:
        """The whole as plain values: about, targets, rows, sums."""
        from caudal.data.store import provenance

        return {
            "forecast": dict(self.about),
            "targets": [
                {
                    "id": p.name, "unit": p.unit, "cells": list(p.labels), "series": p.series,
                    "publisher": provenance(p.series, self.tables).publisher,
                    "definition": provenance(p.series, self.tables).definition,
                }
                for p in self.predictands
            ],
            "rows": self.rows(),
            "sums": self.sums(),
        }  # fmt: skip


def choose(predictands: Sequence[Predictand], asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which cells are meant by words such as "darien" or "nationality/VEN"; none means all.

    Raises CaudalError naming the nearest target or cell.
    """
    labels = {p.name: p.labels for p in predictands}
    chosen: dict[str, tuple[str, ...]] = {}
    for word in asked:
        name, slash, cell = word.partition("/")
        if name not in labels:
            raise CaudalError("--target", f"unknown target {name!r}", nearest(name, labels))
        if slash and cell not in labels[name]:
            found = f"{name} has no cell {cell!r}"
            raise CaudalError("--target", found, nearest(cell, labels[name]))
        wanted = {*chosen.get(name, ()), *([cell] if slash else labels[name])}
        chosen[name] = tuple(label for label in labels[name] if label in wanted)
    return chosen or labels
