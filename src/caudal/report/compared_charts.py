"""Charts of a comparison as SVG in the page: one line an outcome, and one panel a month series."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

Row = Mapping[str, Any]
Number = Callable[[float], str]

FURTHEST = 2.0
"""Relative differences beyond ±200 % are drawn at the edge, with an arrow."""
_ROW, _LEFT, _WIDE, _RIGHT = 26, 330, 420, 60
_LINES = ("c0", "c2")
"""Colours of the weathers, told apart by the colour-blind (style.css)."""


def forest(groups: Sequence[tuple[str, Sequence[Sequence[Row]]]], label: str, lang: str) -> str:
    """Relative differences: a heading for each group, then its outcomes, a mark for each weather.

    groups  (heading, outcomes); an outcome is its rows, one a weather, with title, title_es and
            relative_median, relative_lo50 …
    """
    reach = _reach(row for _, outcomes in groups for rows in outcomes for row in rows)
    height = _ROW * (1 + sum(1 + len(outcomes) for _, outcomes in groups)) + 24

    def x(value: float) -> float:
        return _LEFT + _WIDE * (0.5 + 0.5 * max(-1.0, min(1.0, value / reach)))

    parts = [f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="18" y2="{height - 22}" class="zero"/>']
    for share in (-reach, -reach / 2, 0.0, reach / 2, reach):
        parts.append(f'<text x="{x(share):.1f}" y="12" class="tick">{100 * share:+.0f} %</text>')
    at = 18
    for heading, outcomes in groups:
        at += _ROW
        parts.append(f'<text x="0" y="{at}" class="head">{escape(heading)}</text>')
        for rows in outcomes:
            at += _ROW
            title = rows[0]["title_es" if lang == "es" else "title"]
            parts.append(f'<text x="0" y="{at + 4}">{escape(_short(title))}</text>')
            for i, row in enumerate(rows):
                parts += _mark(row, at + (i - (len(rows) - 1) / 2) * 8, _LINES[i], x, reach)
    width = _LEFT + _WIDE + _RIGHT
    return (f'<svg viewBox="0 0 {width} {height}" class="forest" role="img" '
            f'aria-label="{escape(label, quote=True)}">{"".join(parts)}</svg>')  # fmt: skip


def _reach(rows: Any) -> float:
    seen = [abs(row[k]) for row in rows for k in ("relative_lo90", "relative_hi90")
            if row[k] is not None and math.isfinite(row[k])]  # fmt: skip
    largest = max([v for v in seen if v <= FURTHEST], default=0.1)
    return next(r for r in (0.1, 0.2, 0.5, 1.0, FURTHEST) if largest <= r)


def _mark(row: Row, y: float, colour: str, x: Callable[[float], float], reach: float) -> list[str]:
    lo, low, middle, high, hi = (
        row[f"relative_{k}"] for k in ("lo90", "lo50", "median", "hi50", "hi90")
    )
    if middle is None or not math.isfinite(middle):
        return []
    style = f'style="stroke:var(--{colour})"'
    end = "" if abs(middle) <= reach else f'<text x="{x(middle):.1f}" y="{y + 4:.1f}" class="tick">' \
        f'{"▸" if middle > 0 else "◂"}</text>'  # fmt: skip
    return [
        f'<line x1="{x(lo):.1f}" x2="{x(hi):.1f}" y1="{y:.1f}" y2="{y:.1f}" {style}/>',
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y:.1f}" y2="{y:.1f}" class="half" {style}/>',
        f'<circle cx="{x(middle):.1f}" cy="{y:.1f}" r="3.2" style="fill:var(--{colour})"/>{end}',
    ]


def months(
    rows: Sequence[Row], names: tuple[str, str], label: str, number: Number, other: str
) -> str:
    """Base and scenario by month: medians as lines, and the scenario's 50 % and 90 % bands.

    rows   `ask.compare_told.months`; names: of base and scenario; other: the scenario's colour
    """
    wide, tall, left, top, foot = 520, 210, 62, 12, 26
    keys = ("base_median", "scenario_lo90", "scenario_hi90")
    seen = [row[k] for row in rows for k in keys if math.isfinite(row[k])]
    if not seen:
        return ""
    low, high = min(0.0, *seen), max(0.0, *seen) or 1.0

    def x(i: int) -> float:
        return left + (wide - left - 8) * (i / max(len(rows) - 1, 1))

    def y(value: float) -> float:
        return top + (tall - top - foot) * (1 - (value - low) / (high - low or 1.0))

    def line(key: str) -> str:
        return " ".join(f"{x(i):.1f},{y(r[key]):.1f}" for i, r in enumerate(rows)
                        if math.isfinite(r[key]))  # fmt: skip

    def band(lo: str, hi: str, opacity: float) -> str:
        there = [(i, r) for i, r in enumerate(rows) if math.isfinite(r[lo])]
        up = [f"{x(i):.1f},{y(r[hi]):.1f}" for i, r in there]
        down = [f"{x(i):.1f},{y(r[lo]):.1f}" for i, r in reversed(there)]
        return (f'<polygon points="{" ".join(up + down)}" '
                f'style="fill:var(--{other});opacity:{opacity}"/>')  # fmt: skip

    parts = [band("scenario_lo90", "scenario_hi90", 0.18),
             band("scenario_lo50", "scenario_hi50", 0.35)]  # fmt: skip
    for value in (low, (low + high) / 2, high):
        parts.append(f'<line x1="{left}" x2="{wide - 8}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
                     f'class="grid"/><text x="{left - 6}" y="{y(value) + 4:.1f}" class="end">'
                     f"{escape(number(value))}</text>")  # fmt: skip
    step = max(1, math.ceil(len(rows) / 6))
    for i in range(0, len(rows), step):
        parts.append(f'<text x="{x(i):.1f}" y="{tall - 8}" class="tick">{rows[i]["month"]}</text>')
    parts.append(f'<polyline points="{line("base_median")}" class="base"/>')
    parts.append(f'<polyline points="{line("scenario_median")}" class="other" '
                 f'style="stroke:var(--{other})"/>')  # fmt: skip
    title = f"{label}: {names[0]}, {names[1]}"
    return (f'<svg viewBox="0 0 {wide} {tall}" class="months" role="img" '
            f'aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>')  # fmt: skip


def _short(title: str, most: int = 52) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"
