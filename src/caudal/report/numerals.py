"""How every report, page and table writes a number: one rule for both languages.

English as written in the United States and Spanish as written in Mexico agree: a comma between
thousands, a point before decimals. The page does the same (`web/app/text.js`, es-MX).
"""

from __future__ import annotations

import math


def whole(value: float) -> str:
    """A whole number with its thousands parted; – where there is none.

    >>> whole(1234567.8), whole(-12345.0), whole(-0.2), whole(float("nan"))
    ('1,234,568', '−12,345', '0', '–')
    """
    if not math.isfinite(value):
        return _none(value)
    text = f"{abs(value):,.0f}"
    return f"−{text}" if value < 0 and text != "0" else text


def short(value: float) -> str:
    """Whole from 100 on, else three digits: for shares and rates beside counts.

    >>> [short(v) for v in (1234567.2, 0.01234, 42.0, -3.0, float("inf"))]
    ['1,234,567', '0.0123', '42', '−3', '∞']
    """
    if not math.isfinite(value):
        return _none(value)
    return whole(value) if abs(value) >= 100 else f"{value:.3g}".replace("-", "−")


def _none(value: float) -> str:
    return "–" if math.isnan(value) else "∞" if value > 0 else "−∞"
