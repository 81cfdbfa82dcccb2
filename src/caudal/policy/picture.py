"""The timeline of the law as a picture: plain SVG, a lane for each actor, a bar for each policy.

A bar runs from the first day in force to the last; a dotted line before it runs from the day on
which it could be known; a diamond is an event; a hollow ring is a date that was announced and then
stopped. Each has its whole name, instrument and dates as a tooltip. Colours are those of Okabe and
Ito, which people who do not tell red from green can tell apart; none carries what words do not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, LEFT, RIGHT, TOP = 1200, 128, 14, 92
ROW, BAR, LANE_GAP = 17, 12, 12
LETTER = 6.0
"""Mean width of a letter at 10.5 px, in px: names are set by estimate, not measured."""
LONGEST = 62
POINT_DAYS = 45
"""An event shorter than this is a diamond, a longer one a bar."""

FAMILIES: tuple[tuple[str, tuple[str, str], str, tuple[str, ...]], ...] = (
    ("line", ("At the line", "En la línea"), "#0072B2",
     ("expulsion", "waiting", "metering", "screening", "prosecution", "barrier", "asylum_bar")),
    ("ways", ("Legal ways, status", "Vías legales, estatus"), "#009E73",
     ("parole", "appointments", "status", "announcement")),
    ("held", ("Custody, courts, children", "Custodia, cortes, niñez"), "#CC79A7",
     ("capacity", "court", "child_protection")),
    ("road", ("On the road, returns", "En el camino, devoluciones"), "#D55E00",
     ("acceptance", "transit_effort", "route_closure", "visa", "removal", "transfer")),
    ("talk", ("Between governments", "Entre gobiernos"), "#E69F00",
     ("pressure", "diplomacy", "sanctions", "aid", "meeting")),
    ("town", ("Reception, cities", "Acogida, ciudades"), "#56B4E9", ("reception", "city")),
    ("said", ("Said in public, elections", "Dicho en público, elecciones"), "#8A7A00",
     ("message", "election")),
    ("event", ("Events", "Sucesos"), "#4D4D4D", ("event",)),
)  # fmt: skip
"""Kinds of policy by family: key, names in English and Spanish, colour, kinds."""

_COLOUR = {kind: colour for _, _, colour, kinds in FAMILIES for kind in kinds}
_POINTS = {"event", "meeting"}
_WORDS = {
    "en": {"title": "What governments decided, and what happened", "until": "until", "from": "from",
           "open": "still in force", "known": "known since", "blocked": "stopped on",
           "point": "event or meeting", "ring": "announced, then stopped", "dots": "announced"},
    "es": {"title": "Lo que decidieron los gobiernos y lo que ocurrió", "until": "hasta",
           "from": "desde", "open": "sigue vigente", "known": "se conoce desde",
           "blocked": "detenido el", "point": "suceso o reunión",
           "ring": "anunciado y luego detenido", "dots": "anunciado"},
}  # fmt: skip


@dataclass(frozen=True)
class _Item:
    """One policy placed in its lane: pixel positions, words and the row it stands in."""

    row: Mapping[str, Any]
    stretches: tuple[tuple[float, float], ...]
    x: float
    label: str
    label_x: float
    anchor: str
    level: int

    @property
    def point(self) -> bool:
        return not self.stretches


def svg(
    rows: Sequence[Mapping[str, Any]],
    actors: Mapping[str, tuple[str, str]],
    lang: str = "en",
    start: dt.date = dt.date(2018, 1, 1),
    end: dt.date | None = None,
) -> str:
    """The picture as an SVG document.

    rows    rows of `caudal.policy.timeline.timeline`
    actors  names in English and Spanish by the first part of `actor`, in the order of the lanes;
            an actor that is not named comes last under its own word
    start, end  first day drawn; first day not drawn (None: the year's end after the last date)
    """
    end = end or _year_after(rows)
    lanes: dict[str, list[Mapping[str, Any]]] = {name: [] for name in actors}
    for row in rows:
        lanes.setdefault(row["actor"].split("/")[0], []).append(row)
    parts: list[str] = []
    y, shaded = float(TOP), False
    which = ("en", "es").index(lang)
    for actor, members in lanes.items():
        if not members:
            continue
        items = _placed(members, lang, start, end)
        height = (max(item.level for item in items) + 1) * ROW
        name = actors[actor][which] if actor in actors else actor.replace("-", " ").capitalize()
        parts.append(_lane(name, y, height, shaded))
        parts += [_drawn(item, y, lang) for item in items]
        y, shaded = y + height + LANE_GAP, not shaded
    return "\n".join([*_head(lang, y, start, end), *parts, "</svg>"]) + "\n"


def _year_after(rows: Sequence[Mapping[str, Any]]) -> dt.date:
    days = [s[k] for r in rows for s in r["spans"] for k in ("from", "until") if s[k]]
    return dt.date(max(int(day[:4]) for day in days) + 1 if days else 2026, 1, 1)


def _at(day: dt.date, start: dt.date, end: dt.date) -> float:
    """Pixels from the left edge; days outside the picture stand on its edge."""
    share = (day - start).days / (end - start).days
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), 1.0)


def _stretches(row: Mapping[str, Any], end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The days on which anything of the policy is in force, joined where they touch."""
    days = sorted(
        (dt.date.fromisoformat(s["from"]), dt.date.fromisoformat(s["until"]) if s["until"] else end)
        for s in row["spans"]
    )
    joined: list[tuple[dt.date, dt.date]] = []
    for first, last in days:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _placed(
    members: Sequence[Mapping[str, Any]], lang: str, start: dt.date, end: dt.date
) -> list[_Item]:
    """Each policy in the first row of the lane that has room for its bar and its name."""
    full: list[list[tuple[float, float]]] = []
    items = []
    for row in members:
        days = _stretches(row, end)
        dates = [dt.date.fromisoformat(b["date"]) for b in row["blocked"]]
        first = min([*(a for a, _ in days), *dates], default=start)
        short = days and (days[-1][1] - days[0][0]).days <= POINT_DAYS
        point = row["kind"] in _POINTS and short
        pixels = () if point else tuple((_at(a, start, end), _at(b, start, end)) for a, b in days)
        x = _at(first, start, end)
        name = row["name"][lang]
        label = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
        width = len(label) * LETTER
        shift = 9 if point or not days else 5
        label_x, anchor = x + shift, "start"
        marks = _marks(row, start, end)
        for ring, _ in sorted(marks["blocked"], key=lambda mark: mark[0]):
            if label_x - 6 < ring < label_x + width:  # the name stands clear of the ring
                label_x = ring + 8
        if label_x + width > WIDTH - RIGHT:
            label_x, anchor = (x - shift, "end")
        taken = [x - 8, label_x, label_x + (width if anchor == "start" else -width)]
        taken += [ring for ring, _ in marks["blocked"]]
        taken += [edge for pair in pixels for edge in pair]
        left, right = min(taken), max(taken) + 4
        level = next(
            (i for i, used in enumerate(full) if all(right < a or left > b for a, b in used)),
            len(full),
        )
        if level == len(full):
            full.append([])
        full[level].append((left, right))
        drawn = {**row, "_marks": marks}
        items.append(_Item(drawn, pixels, x, label, label_x, anchor, level))
    return items


def _marks(row: Mapping[str, Any], start: dt.date, end: dt.date) -> dict[str, Any]:
    """Where the announcement begins, and where the dates stand that were stopped."""
    firsts = [s["known_on"] for s in row["spans"] if s["from"] == row["spans"][0]["from"]]
    known = dt.date.fromisoformat(min(firsts)) if firsts else None
    return {
        "known": _at(known, start, end) if known else None,
        "blocked": [(_at(dt.date.fromisoformat(b["date"]), start, end), b) for b in row["blocked"]],
    }


def _drawn(item: _Item, top: float, lang: str) -> str:
    row, words = item.row, _WORDS[lang]
    colour = _COLOUR.get(row["kind"], "#4D4D4D")
    y = top + item.level * ROW
    middle = y + BAR / 2
    parts = [f'<g data-policy="{escape(row["id"])}"><title>{escape(_tooltip(row, lang))}</title>']
    known = row["_marks"]["known"]
    if known is not None and item.x - known > 2:
        parts.append(
            f'<path d="M{known:.1f} {middle:.1f}H{item.x:.1f}" stroke="{colour}" '
            'stroke-width="1.6" stroke-dasharray="1.6 2.4"/>'
        )
    for a, b in item.stretches:
        width = max(b - a, 2.0)
        parts.append(
            f'<rect x="{a:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BAR}" rx="2" '
            f'fill="{colour}" fill-opacity="0.28"/>'
            f'<rect x="{a:.1f}" y="{y:.1f}" width="2.4" height="{BAR}" fill="{colour}"/>'
        )
    if item.point and row["spans"]:
        parts.append(
            f'<path d="M{item.x:.1f} {middle - 5.5:.1f}l5.5 5.5 -5.5 5.5 -5.5 -5.5z" '
            f'fill="{colour}"/>'
        )
    for x, blocked in row["_marks"]["blocked"]:
        parts.append(
            f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="4" fill="#fff" stroke="{colour}" '
            f'stroke-width="1.6"><title>{escape(blocked["date"])}, {words["blocked"]} '
            f"{escape(blocked['blocked_on'])}</title></circle>"
        )
    parts.append(
        f'<text x="{item.label_x:.1f}" y="{y + 9.6:.1f}" text-anchor="{item.anchor}" '
        f'fill="#1f2933">{escape(item.label)}</text></g>'
    )
    return "".join(parts)


def _tooltip(row: Mapping[str, Any], lang: str) -> str:
    words = _WORDS[lang]
    lines = [row["name"][lang], row["instrument"], f"{row['actor']} · {row['kind']}"]
    spans = row["spans"]
    if spans:
        ends = [s["until"] for s in spans]
        last = words["open"] if None in ends else f"{words['until']} {max(ends)}"
        known = min(s["known_on"] for s in spans)
        lines.append(f"{words['from']} {spans[0]['from']}, {last}; {words['known']} {known}")
    lines += [f"{b['date']}: {words['blocked']} {b['blocked_on']}" for b in row["blocked"]]
    return "\n".join(lines)


def _lane(name: str, y: float, height: float, shaded: bool) -> str:
    fill = "#f2f0ea" if shaded else "#fbfaf7"
    lines = name.split(" · ")
    text = "".join(
        f'<tspan x="8" dy="{0 if i == 0 else 13}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    return (
        f'<rect x="0" y="{y - LANE_GAP / 2:.1f}" width="{WIDTH}" '
        f'height="{height + LANE_GAP:.1f}" fill="{fill}" fill-opacity="0.6"/>'
        f'<text x="8" y="{y + 10:.1f}" font-weight="600" fill="#1f2933">{text}</text>'
    )


def _head(lang: str, height: float, start: dt.date, end: dt.date) -> list[str]:
    words, which = _WORDS[lang], ("en", "es").index(lang)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" lang="{lang}" role="img" '
        f'aria-label="{escape(words["title"])}" '
        'font-family="system-ui, sans-serif" font-size="10.5">',
        f"<title>{escape(words['title'])}</title>",
        '<rect width="100%" height="100%" fill="#fbfaf7"/>',
        f'<text x="8" y="24" font-size="17" font-weight="600" fill="#1f2933">'
        f"{escape(words['title'])}</text>",
    ]
    x = 8.0
    for _, names, colour, _ in FAMILIES:
        parts.append(
            f'<rect x="{x:.0f}" y="36" width="14" height="11" rx="2" fill="{colour}" '
            f'fill-opacity="0.28"/><rect x="{x:.0f}" y="36" width="3" height="11" '
            f'fill="{colour}"/><text x="{x + 19:.0f}" y="45" fill="#1f2933">'
            f"{escape(names[which])}</text>"
        )
        x += 30 + len(names[which]) * LETTER
    parts.append(
        '<path d="M14 54l5.5 5.5 -5.5 5.5 -5.5 -5.5z" fill="#4D4D4D"/>'
        f'<text x="27" y="63" fill="#1f2933">{escape(words["point"])}</text>'
        '<circle cx="180" cy="59.5" r="4" fill="#fff" stroke="#4D4D4D" stroke-width="1.6"/>'
        f'<text x="190" y="63" fill="#1f2933">{escape(words["ring"])}</text>'
        '<path d="M372 59.5H396" stroke="#4D4D4D" stroke-width="1.6" stroke-dasharray="1.6 2.4"/>'
        f'<text x="402" y="63" fill="#1f2933">{escape(words["dots"])}</text>'
    )
    for year in range(start.year, end.year + 1):
        x = _at(dt.date(year, 1, 1), start, end)
        parts.append(
            f'<path d="M{x:.1f} {TOP - 8}V{height:.0f}" stroke="#cbd2d9" stroke-width="0.7"/>'
        )
        if year < end.year:
            parts.append(f'<text x="{x + 3:.1f}" y="{TOP - 12}" fill="#52606d">{year}</text>')
    return parts
