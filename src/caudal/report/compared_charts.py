"""Drawings of a comparison: relative differences outcome by outcome, and one outcome by month."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

Row = Mapping[str, Any]

FURTHEST = 2.0
"""Relative differences beyond ±200 % are drawn at the edge, with an arrow."""
COLOURS = ("c0", "c2")
"""Of the weathers; told apart by the colour-blind (style.css)."""
_ROW, _LEFT, _WIDE, _RIGHT, _TOP = 26, 350, 420, 50, 44
_TEXT = 'font-size="12" fill="var(--ink)"'
_SOFT = 'font-size="12" fill="var(--soft)"'


def forest(
    groups: Sequence[tuple[str, Sequence[Sequence[Row]]]], labels: Sequence[str], language: str
) -> str:
    """SVG of relative differences: headings, then outcomes, a mark for each weather.

    groups  (heading, outcomes); an outcome is its rows, one a weather; labels: the weathers' names
    """
    every = [row for _, outcomes in groups for rows in outcomes for row in rows]
    reach = _reach(every)
    height = _TOP + _ROW * (1 + sum(1 + len(outcomes) for _, outcomes in groups))

    def x(value: float) -> float:
        return _LEFT + _WIDE * (0.5 + 0.5 * max(-1.0, min(1.0, value / reach)))

    parts = [_line(x(0), x(0), _TOP, height - 10, "axis")]
    for i, (label, colour) in enumerate(zip(labels, COLOURS, strict=False)):
        parts.append(f'<circle cx="{6 + 230 * i}" cy="11" r="4" fill="var(--{colour})"/>'
                     f'<text x="{16 + 230 * i}" y="15" {_TEXT}>{escape(label)}</text>')  # fmt: skip
    for share in (-reach, -reach / 2, 0.0, reach / 2, reach):
        parts.append(_text(x(share), 36, f"{100 * share:+.0f} %" if share else "0 %", "middle"))
    at = _TOP
    for heading, outcomes in groups:
        at += _ROW
        parts.append(f'<text x="0" y="{at + 8}" font-weight="600" {_SOFT}>{escape(heading)}</text>')
        for rows in outcomes:
            at += _ROW
            title = rows[0]["title_es" if language == "es" else "title"]
            parts.append(f'<text x="0" y="{at + 4}" {_TEXT}>{escape(_short(title))}</text>')
            for i, row in enumerate(rows):
                parts += _mark(row, at + (i - (len(rows) - 1) / 2) * 9, COLOURS[i], x, reach)
    return _svg(_LEFT + _WIDE + _RIGHT, height, parts)


def _reach(rows: Iterable[Row]) -> float:
    seen = [abs(row[k]) for row in rows for k in ("relative_lo90", "relative_hi90")]
    largest = max((v for v in seen if v <= FURTHEST), default=0.1)
    return next(r for r in (0.1, 0.2, 0.5, 1.0, FURTHEST) if largest <= r)


def _mark(row: Row, y: float, colour: str, x: Callable[[float], float], reach: float) -> list[str]:
    lo, low, middle, high, hi = (
        row[f"relative_{k}"] for k in ("lo90", "lo50", "median", "hi50", "hi90")
    )
    if not math.isfinite(middle):
        return []
    out = [_line(x(lo), x(hi), y, y, colour), _line(x(low), x(high), y, y, colour, 4)]
    if abs(middle) > reach:
        return [*out, _text(x(middle), y + 4, "▸" if middle > 0 else "◂", "middle")]
    return [*out, f'<circle cx="{x(middle):.1f}" cy="{y:.1f}" r="3.5" fill="var(--{colour})"/>']


def months(rows: Sequence[Row], colour: str, number: Callable[[float], str]) -> str:
    """SVG of the base's median, and the scenario's median with 50 % and 90 % bands, by month.

    rows  `ask.compare_told.months`
    """
    wide, tall, left, right, top, foot = 640, 220, 84, 30, 12, 26
    keys = ("base_median", "scenario_lo90", "scenario_hi90")
    seen = [row[k] for row in rows for k in keys if math.isfinite(row[k])]
    low, high = min(0.0, *seen, 0.0), max(0.0, *seen, 0.0)
    high = round_up(high) if high > low else low + 1

    def x(i: int) -> float:
        return left + (wide - left - right) * (i / max(len(rows) - 1, 1))

    def y(value: float) -> float:
        return top + (tall - top - foot) * (1 - (value - low) / (high - low))

    def points(key: str, backwards: bool = False) -> list[str]:
        at = [f"{x(i):.1f},{y(r[key]):.1f}" for i, r in enumerate(rows) if math.isfinite(r[key])]
        return at[::-1] if backwards else at

    parts = []
    for lo, hi, opacity in (("lo90", "hi90", 0.18), ("lo50", "hi50", 0.35)):
        ring = " ".join(points(f"scenario_{hi}") + points(f"scenario_{lo}", backwards=True))
        parts.append(f'<polygon points="{ring}" fill="var(--{colour})" opacity="{opacity}"/>')
    for value in (low, (low + high) / 2, high):
        parts.append(_line(left, wide - right, y(value), y(value), "grid"))
        parts.append(_text(left - 6, y(value) + 4, number(value), "end"))
    for i in range(0, len(rows), max(1, math.ceil(len(rows) / 6))):
        parts.append(_text(x(i), tall - 8, rows[i]["month"], "middle"))
    for key, stroke in (("base_median", "ink"), ("scenario_median", colour)):
        parts.append(f'<polyline points="{" ".join(points(key))}" fill="none" '
                     f'stroke="var(--{stroke})" stroke-width="1.8"/>')  # fmt: skip
    return _svg(wide, tall, parts)


def round_up(value: float) -> float:
    """The least of 1, 2, 4, 5, 6, 8 and 10 times a power of ten from `value` on: ends of an axis.

    >>> round_up(809206.0), round_up(131.0), round_up(1.0), round_up(-3.0)
    (1000000.0, 200.0, 1.0, -3.0)
    """
    if value <= 0:
        return value
    size = 10.0 ** math.floor(math.log10(value))
    return next((step * size for step in (1, 2, 4, 5, 6, 8, 10) if step * size >= value), value)


def _svg(wide: float, tall: float, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}">{"".join(parts)}</svg>'


def _line(x1: float, x2: float, y1: float, y2: float, colour: str, width: float = 1.4) -> str:
    return (f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" '
            f'stroke="var(--{colour})" stroke-width="{width}"/>')  # fmt: skip


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {_SOFT}>{escape(text)}</text>'


def _short(title: str, most: int = 54) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"
