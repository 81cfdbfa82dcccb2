"""Tables as CSV that spreadsheets, R and Python read alike.

UTF-8 without a byte order mark (R would take it for a part of the first column's name; spreadsheets
ask for the encoding when a file is imported), commas, "\\n", dates in ISO form, nothing where nothing
is, numbers with every digit that they have. A text that a spreadsheet would run as a formula (it
begins with = + - @, a tab or a carriage return) is led by an apostrophe.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

RISKY = ("=", "+", "-", "@", "\t", "\r")


def csv_text(frame: pd.DataFrame, *, float_format: str | None = None) -> str:
    """A frame without its index as CSV text; float_format: as pandas takes it, None for all digits."""
    shown = frame.copy(deep=False)
    shown.columns = [safe(str(c)) for c in frame.columns]
    for place, column in enumerate(frame.columns):
        if frame[column].dtype.kind not in "iufbM":
            shown[shown.columns[place]] = [safe(v) for v in frame[column]]
    return shown.to_csv(
        index=False, date_format="%Y-%m-%d", lineterminator="\n", float_format=float_format
    )


def safe(value: Any) -> Any:
    """A text that no spreadsheet runs; anything else as it is.

    >>> safe("=1+1"), safe("Honduras"), safe(-3.5)
    ("'=1+1", 'Honduras', -3.5)
    """
    if not isinstance(value, str):
        return value
    # a bare carriage return would end the row for some readers
    led = f"'{value}" if value[:1] in RISKY else value
    return led.replace("\r\n", "\n").replace("\r", "\n")
