"""The growth curves as a picture: plain SVG, small panels on logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

PANEL_W, PANEL_H, GAP, LEFT, TOP = 200, 150, 56, 62, 70
COLUMNS = 3
COLOUR = {"expected": "#1b7f5c", "sampled": "#c2571a"}
INK, PALE, PAPER = "#1f2933", "#cbd2d9", "#fbfaf7"
TITLES = {
    "people": "people", "groups": "groups", "stocks": "stocks", "days": "days",
    "members": "members", "workers": "workers (by the clock)",
}  # fmt: skip


def svg(rows: Sequence[dict[str, Any]]) -> str:
    """One panel for each quantity that grows; seconds of a run upwards."""
    names = [n for n in TITLES if any(r["grows"] == n for r in rows)]
    lines = ceil(len(names) / COLUMNS)
    width = LEFT + COLUMNS * (PANEL_W + GAP)
    height = TOP + lines * (PANEL_H + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="system-ui, sans-serif" font-size="11" role="img">'
        "<title>How the cost of a run grows</title>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f'<text x="16" y="26" font-size="16" font-weight="600" fill="{INK}">'
        "Seconds of a run, as one quantity grows</text>",
    ]
    for i, (how, colour) in enumerate(COLOUR.items()):
        x = 16 + 110 * i
        parts.append(
            f'<path d="M{x} 44h22" stroke="{colour}" stroke-width="2.5"/>'
            f'<text x="{x + 28}" y="48" fill="{INK}">{how}</text>'
        )
    for i, name in enumerate(names):
        x = LEFT + (i % COLUMNS) * (PANEL_W + GAP)
        y = TOP + (i // COLUMNS) * (PANEL_H + GAP)
        parts += _panel(name, [r for r in rows if r["grows"] == name], x, y)
    return "\n".join([*parts, "</svg>", ""])


def _panel(name: str, rows: Sequence[dict[str, Any]], x: float, y: float) -> list[str]:
    values = sorted({float(r["value"]) for r in rows})
    seconds = [float(r["seconds"]) for r in rows]
    low, high = floor(log10(min(seconds))), ceil(log10(max(seconds)))
    high = max(high, low + 1)
    first, last = log10(values[0]), log10(values[-1])

    def across(value: float) -> float:
        return x + PANEL_W * (log10(value) - first) / (last - first)

    def up(value: float) -> float:
        return y + PANEL_H * (high - log10(value)) / (high - low)

    parts = [
        f'<rect x="{x}" y="{y}" width="{PANEL_W}" height="{PANEL_H}" fill="#fff" stroke="{PALE}"/>',
        f'<text x="{x + PANEL_W / 2}" y="{y + PANEL_H + 32}" text-anchor="middle" fill="{INK}">'
        f"{escape(TITLES[name])}</text>",
    ]
    for power in range(low, high + 1):
        at = up(10.0**power)
        parts.append(
            f'<path d="M{x} {at:.1f}h{PANEL_W}" stroke="{PALE}" stroke-width="0.6"/>'
            f'<text x="{x - 5}" y="{at + 4:.1f}" text-anchor="end" fill="{INK}">{10.0**power:g}</text>'
        )
    for value in values:
        parts.append(
            f'<text x="{across(value):.1f}" y="{y + PANEL_H + 15}" text-anchor="middle" '
            f'fill="{INK}">{_short(value)}</text>'
        )
    for how, colour in COLOUR.items():
        line = [
            (across(float(r["value"])), up(float(r["seconds"]))) for r in rows if r["how"] == how
        ]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.6" fill="{colour}"/>' for a, b in line]
    return parts


def _short(value: float) -> str:
    if value >= 10_000:
        return f"10{''.join('⁰¹²³⁴⁵⁶⁷⁸⁹'[int(d)] for d in str(round(log10(value))))}"
    return f"{value:g}"
