"""The graph of a model as a picture: plain SVG, laid out in layers from where people set out.

Stocks are boxes (rounded where a journey ends), gates are diamonds, and a flow has the colour of
the mechanism that owns it. Layers follow the order in which the stocks are declared, so that the
picture reads left to right as a traveller goes; what leads back runs right to left. Departures come
in from a dot; a final stock that many flows lead to is written beside each of them instead of
drawn. `layout` says where everything stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from caudal.engine.declare import OUTSIDE
from caudal.engine.graph import Model
from caudal.engine.layout import (
    BOX_H,
    BOX_W,
    COLUMN,
    MARGIN,
    Link,
    Point,
    layers,
    layout,
    links,
)

MANY = 5
"""A final stock with as many flows into it is written beside them."""

GATE_W, GATE_H = 40, 26
LABEL = 0.62
"""How far along its first piece a branch has its name."""

COLOURS = (
    "#7b4fb0", "#1b7f5c", "#c2571a", "#2463b4", "#b8860b", "#c0304a", "#6b7280", "#0e8a9c",
    "#8a5a2b", "#d0569b", "#5b7f1b", "#364a8c", "#a03fb5", "#00695c", "#9e3d00", "#455a64",
    "#e07a5f", "#4f9d9d", "#7a1f3d", "#9a8c1f", "#6d5acf", "#2f8f3a", "#c78a6a", "#1f2937",
)  # fmt: skip


def svg(model: Model, title: str = "Stocks, flows and gates") -> str:
    """The picture as an SVG document."""
    column, drawn = layers(model), links(model)
    entries: dict[str, int] = {}
    for link in drawn:
        entries[link.target] = entries.get(link.target, 0) + 1
    written = {s.name for s in model.stocks if s.final and entries.get(s.name, 0) >= MANY}
    nodes = [n for n in column if n not in written]
    kept = [li for li in drawn if li.source != OUTSIDE and li.target not in written]
    places, routes = layout(nodes, column, kept)
    colour = {m.name: COLOURS[i % len(COLOURS)] for i, m in enumerate(model.mechanisms)}
    width = MARGIN * 2 + COLUMN * max(column.values()) + BOX_W + 40
    height = max(y for _, y in (*places.values(), *(p for r in routes for p in r))) + BOX_H
    parts = _head(title, width, height, colour, {li.owner for li in drawn})
    docks = _docks(model, kept, routes, places)
    for link, route, dock in zip(kept, routes, docks, strict=True):
        parts.append(_line(link, route, dock, colour, column[link.source] == column[link.target]))
    for name in nodes:
        out = [li for li in drawn if li.source == name and li.target in written]
        come = [li for li in drawn if li.source == OUTSIDE and li.target == name]
        parts += _tags(places[name], out, come, colour)
    parts += [_node(model, name, places[name], colour) for name in nodes]
    return "\n".join([*parts, "</svg>", ""])


def _head(
    title: str, width: float, height: float, colour: dict[str, str], moving: set[str]
) -> list[str]:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="system-ui, sans-serif" '
        f'font-size="12" role="img"><title>{escape(title)}</title>',
        '<rect width="100%" height="100%" fill="#fbfaf7"/>',
        f'<text x="{MARGIN}" y="34" font-size="18" font-weight="600" fill="#1f2933">'
        f"{escape(title)}</text>",
        "<defs>",
        *(
            f'<marker id="to-{escape(name)}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" '
            f'markerHeight="7" orient="auto"><path d="M0 0.8 8 4 0 7.2z" fill="{c}"/></marker>'
            for name, c in colour.items()
        ),
        "</defs>",
    ]
    x = float(MARGIN)
    for name, c in colour.items():
        words = name.replace("_", " ") + ("" if name in moving else " (signals only)")
        parts.append(
            f'<path d="M{x:.0f} 58h24" stroke="{c}" stroke-width="3"/>'
            f'<text x="{x + 30:.0f}" y="62" fill="#1f2933">{escape(words)}</text>'
        )
        x += 52 + 6.6 * len(words)
    shapes = (
        ('<rect x="{x}" y="78" width="22" height="13" rx="2" fill="#fff" stroke="#52606d"/>',
         "stock"),
        ('<rect x="{x}" y="78" width="22" height="13" rx="6.5" fill="#e4e7eb" stroke="#52606d"/>',
         "final stock (→ name where many lead to it)"),
        ('<path d="M{x} 84.5l11 -8 11 8 -11 8z" fill="#fff" stroke="#52606d"/>',
         "gate (its branches sum to one)"),
        ('<circle cx="{x}" cy="84.5" r="4" fill="#52606d"/>', "departure from outside"),
    )  # fmt: skip
    x = float(MARGIN)
    for shape, words in shapes:
        parts.append(
            shape.format(x=f"{x:.0f}")
            + f'<text x="{x + 30:.0f}" y="89" fill="#52606d">{words}</text>'
        )
        x += 56 + 6.4 * len(words)
    return parts


def _half(model: Model, name: str) -> float:
    return GATE_W if name in model.gates else BOX_W / 2


def _docks(
    model: Model,
    kept: Sequence[Link],
    routes: Sequence[Sequence[Point]],
    places: dict[str, Point],
) -> list[tuple[Point, Point]]:
    """Where each link leaves and arrives: spread over the side of a box by where it comes from."""
    sides: dict[tuple[str, int], list[tuple[float, int, int]]] = {}
    for i, (link, route) in enumerate(zip(kept, routes, strict=True)):
        points = [places[link.source], *route, places[link.target]]
        way = 1 if points[-1][0] >= points[0][0] else -1
        back = 1 if points[-1][0] == points[0][0] else -way
        sides.setdefault((link.source, way), []).append((points[1][1], i, 0))
        sides.setdefault((link.target, back), []).append((points[-2][1], i, 1))
    docks: list[list[Point]] = [[(0.0, 0.0), (0.0, 0.0)] for _ in kept]
    for (name, way), ends in sides.items():
        x, y = places[name]
        gap = 0.0 if name in model.gates else min(9.0, (BOX_H - 8) / max(1, len(ends) - 1))
        for k, (_, i, end) in enumerate(sorted(ends)):
            shift = (k - (len(ends) - 1) / 2) * gap
            docks[i][end] = (x + way * _half(model, name), y + shift)
    return [(a, b) for a, b in docks]


def _smooth(points: Sequence[Point]) -> str:
    """A curve through the points, level where it leaves and arrives (Catmull and Rom 1974)."""
    slopes = [(1.2 * (points[1][0] - points[0][0]), 0.0)]
    slopes += [
        ((c[0] - a[0]) / 2, (c[1] - a[1]) / 2) for a, c in zip(points, points[2:], strict=False)
    ]
    slopes.append((1.2 * (points[-1][0] - points[-2][0]), 0.0))
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (a, da), (b, db) in pairwise(zip(points, slopes, strict=True)):
        path += (
            f"C{a[0] + da[0] / 3:.1f} {a[1] + da[1] / 3:.1f} "
            f"{b[0] - db[0] / 3:.1f} {b[1] - db[1] / 3:.1f} {b[0]:.1f} {b[1]:.1f}"
        )
    return path


def _along(points: Sequence[Point], t: float) -> Point:
    """A point of the curve's first piece, t from 0 to 1."""
    (x0, y0), (x3, y3) = points[0], points[1]
    last = len(points) == 2
    dx = 1.2 * (x3 - x0)
    end = (dx, 0.0) if last else ((points[2][0] - x0) / 2, (points[2][1] - y0) / 2)
    xs = (x0, x0 + dx / 3, x3 - end[0] / 3, x3)
    ys = (y0, y0, y3 - end[1] / 3, y3)
    w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(a * b for a, b in zip(w, v, strict=True)) for v in (xs, ys))
    return x, y


def _line(
    link: Link,
    route: Sequence[Point],
    dock: tuple[Point, Point],
    colour: dict[str, str],
    same: bool,
) -> str:
    (x1, y1), (x2, y2) = dock
    c = colour[link.owner]
    if same:  # within a column: out at one side and in again
        bend = x1 + 34
        path = f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2 + 1:.1f} {y2:.1f}"
        back = link.source == link.target  # beside its loop
        label_at, anchor = (bend - 6, (y1 + y2) / 2 + 6) if back else (bend, y1), "start"
    else:
        way = 1 if x2 > x1 else -1
        points = [(x1, y1), *route, (x2 - way, y2)]
        path = _smooth(points)
        label_at = _along(points, LABEL)
        anchor = "middle"
    text = ""
    if link.label:
        text = (
            f'<text x="{label_at[0]:.1f}" y="{label_at[1] - 3:.1f}" font-size="10.5" fill="{c}" '
            f'text-anchor="{anchor}" paint-order="stroke" stroke="#fbfaf7" stroke-width="3">'
            f"{escape(link.label)}</text>"
        )
    return (
        f'<g><title>{escape(link.name)} ({escape(link.owner)})</title><path d="{path}" fill="none" '
        f'stroke="{c}" stroke-width="1.7" marker-end="url(#to-{escape(link.owner)})"/>{text}</g>'
    )


def _tags(
    place: Point, out: Iterable[Link], come: Iterable[Link], colour: dict[str, str]
) -> list[str]:
    x, y = place
    parts = []
    for i, link in enumerate(out):
        at = x - BOX_W / 2 + 18 + 58 * i
        c = colour[link.owner]
        parts.append(
            f"<g><title>{escape(link.name)} ({escape(link.owner)})</title>"
            f'<path d="M{at:.1f} {y + BOX_H / 2:.1f}v11" stroke="{c}" stroke-width="1.7" '
            f'marker-end="url(#to-{escape(link.owner)})"/><text x="{at + 6:.1f}" '
            f'y="{y + BOX_H / 2 + 12:.1f}" font-size="10.5" fill="{c}">'
            f"{escape(link.target.replace('_', ' '))}</text></g>"
        )
    for i, link in enumerate(come):
        at, c = x - 22 + 44 * i, colour[link.owner]
        parts.append(
            f"<g><title>{escape(link.name)} ({escape(link.owner)})</title>"
            f'<circle cx="{at:.1f}" cy="{y - BOX_H / 2 - 17:.1f}" r="4" fill="{c}"/>'
            f'<path d="M{at:.1f} {y - BOX_H / 2 - 14:.1f}v12" stroke="{c}" stroke-width="1.7" '
            f'marker-end="url(#to-{escape(link.owner)})"/></g>'
        )
    return parts


def _node(model: Model, name: str, place: Point, colour: dict[str, str]) -> str:
    x, y = place
    words = name.replace("_", " ")
    if name in model.gates:
        c = colour[model.owners()[name]]
        w, h = GATE_W, GATE_H
        shape = (
            f'<path d="M{x - w:.1f} {y:.1f}l{w} {-h} {w} {h} {-w} {h}z" fill="#fff" stroke="{c}" '
            'stroke-width="1.8"/>'
        )
        return (
            f"<g><title>{escape(model.gates[name].meaning)}</title>{shape}"
            f'<text x="{x:.1f}" y="{y + 4:.1f}" font-size="10.5" text-anchor="middle" '
            f'fill="#1f2933">{escape(words)}</text></g>'
        )
    stock = next(s for s in model.stocks if s.name == name)
    number = f"{len(stock.places)} places"
    many = f'<tspan x="{x:.1f}" dy="13" font-size="10" fill="#52606d">{number}</tspan>'
    wide = len(stock.places) > 1
    return (
        f"<g><title>{escape(stock.meaning)}</title>"
        f'<rect x="{x - BOX_W / 2:.1f}" y="{y - BOX_H / 2:.1f}" width="{BOX_W}" height="{BOX_H}" '
        f'rx="{BOX_H / 2 if stock.final else 4}" fill="{"#e4e7eb" if stock.final else "#fff"}" '
        f'stroke="#52606d"/><text x="{x:.1f}" y="{y + (-2 if wide else 4):.1f}" '
        f'text-anchor="middle" fill="#1f2933">{escape(words)}{many if wide else ""}</text></g>'
    )
