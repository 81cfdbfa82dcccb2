"""What was counted where a number proposed from a text points: in all, and by component."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from caudal.ask.claims_counts import Counts
from caudal.ask.claims_quantity import Leaf
from caudal.ask.claims_time import Period
from caudal.data.store import open_series
from caudal.service.series_chart import both, label_name

APART = "component"
"""The column whose parts are told apart: who writes "Border Patrol" may mean it alone."""


def counted(figure: Mapping[str, Any], counts: Counts) -> dict[str, Any] | None:
    """The published count that would judge a proposal, over its period.

    figure  as `caudal.ask.reading.told` has it

    Returns value (None: not counted), missing (why), publisher (in both languages where known), url,
    and parts, each with name and value; None where the proposal names no series or no period.
    Nothing is judged: of several numbers one is soon near by chance.
    """
    if figure["quantity"] is None or figure["period"] is None:
        return None
    try:
        whole, period = Leaf(**figure["quantity"]), Period.parsed(figure["period"])
    except ValueError:  # a period that no calendar has
        return None
    found = counts.value(whole, period)
    if found.missing:
        return {"value": None, "missing": found.missing, "publisher": "", "url": "", "parts": []}
    values = {label: counts.value(part, period).value for label, part in _parts(whole)}
    return {
        "value": found.value,
        "missing": None,
        "publisher": both(found.used[0].publisher),
        "url": found.used[0].url,
        "parts": [
            {"name": label_name(APART, label), "value": value}
            for label, value in values.items()
            if math.isfinite(value)
        ],
    }


def changed(figure: Mapping[str, Any], counts: Counts) -> dict[str, Any] | None:
    """The counts of the two periods that a change compares: before and after, as `counted` has them.

    None where the text does not name both, or no series counts what changed.
    """
    change = figure["change"]
    if change is None or change["quantity"] is None:
        return None
    ends = [
        counted({"quantity": change["quantity"], "period": change[end]}, counts)
        for end in ("before", "after")
    ]
    if any(end is None or end["value"] is None for end in ends):
        return None
    return {"before": ends[0], "after": ends[1]}


def _parts(whole: Leaf) -> list[tuple[str, Leaf]]:
    frame = open_series(whole.of)
    if APART not in frame or APART in whole.where:
        return []
    labels = sorted({str(v) for v in frame[APART]} - {""})
    return [(v, whole.model_copy(update={"where": {**whole.where, APART: (v,)}})) for v in labels]
