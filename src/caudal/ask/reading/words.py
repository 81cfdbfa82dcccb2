"""What was read, in plain words of both languages; never in the text's own sentences."""

from __future__ import annotations

import re

from caudal.ask.reading.reader import Found
from caudal.ask.reading.written import Written

Both = dict[str, str]
EN_ES = ("en", "es")
SAYS = {
    "at_least": ("at least", "al menos"),
    "at_most": ("at most", "como máximo"),
    "about": ("about", "cerca de"),
    "equals": ("", ""),
    "between": ("between", "entre"),
}
UNITS = {
    "people": ("people", "personas"), "children": ("children", "menores"),
    "events": ("events", "eventos"), "cases": ("cases", "casos"),
    "appointments": ("appointments", "citas"), "deaths": ("deaths", "muertes"),
    "agents": ("agents", "agentes"), "usd": ("US dollars", "dólares"), "mxn": ("pesos", "pesos"),
    "eur": ("euros", "euros"), "gbp": ("pounds", "libras"), "buses": ("buses", "autobuses"),
    "flights": ("flights", "vuelos"), "beds": ("beds", "camas"), "ports": ("ports", "puertos"),
    "places": ("places", "lugares"), "percent": ("percent", "por ciento"),
    "times": ("times", "veces"), "hours": ("hours", "horas"), "days": ("days", "días"),
    "weeks": ("weeks", "semanas"), "months": ("months", "meses"), "years": ("years", "años"),
    "minutes": ("minutes", "minutos"),
}  # fmt: skip
MONTH = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])\b(?!-)")
MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip


def paraphrase(found: Found) -> Both:
    """What was read, in words made of its parts."""
    out = {}
    labels = f"{found.topic.label.en} {found.topic.label.es}" if found.topic else ""
    for i, code in enumerate(EN_ES):
        n = found.numbers[0]
        numbers = (" and " if code == "en" else " y ").join(amount(x.value) for x in found.numbers)
        says = SAYS["between" if len(found.numbers) == 2 else found.bound][i]
        unit = UNITS.get(n.unit, ("", ""))[i]
        label = getattr(found.topic.label, code) if found.topic else ""
        keys = (found.group, found.place, *found.parts.values())
        named = [getattr(found.names[k], code) if k in found.names else k for k in keys]
        facts = [
            label,
            *(n for n in named if n not in labels),
            period_words(found.change or found.period, code),
        ]
        told = " ".join(w for w in (says, numbers, unit) if w)
        rest = ", ".join(f for f in facts if f)
        out[code] = f"{told[:1].upper()}{told[1:]}{': ' if rest else ''}{rest}."
    return out


def amount(value: float | None) -> str:
    """A number as English and Mexican Spanish both write it.

    >>> amount(2770000.0), amount(7.6), amount(None)
    ('2,770,000', '7.6', '–')
    """
    return "–" if value is None else f"{value:,.10g}" if value < 1e10 else f"{value:,.0f}"


def period_words(period: Written | None, code: str) -> str:
    """A period as a sentence of the language says it.

    >>> period_words("2021-03", "es"), period_words(("2021-01", "2021-02"), "en")
    ('marzo de 2021', 'January 2021 – February 2021')
    """
    return MONTH.sub(
        lambda m: (" de " if code == "es" else " ").join((MONTHS[code][int(m[2]) - 1], m[1])),
        period_text(period),
    )


def period_text(period: Written | None) -> str:
    """A period on one line.

    >>> period_text(("2021-01", "2021-02"))
    '2021-01 – 2021-02'
    """
    return "" if period is None else period if isinstance(period, str) else " – ".join(period)
