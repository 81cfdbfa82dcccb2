"""A series as a chart: the whole and its parts, by its blanks; names of what is shown."""

from __future__ import annotations

import pytest

from caudal.corridor import corridor
from caudal.data.store import list_series, open_series, open_table
from caudal.errors import CaudalError
from caudal.service.series_chart import called, chart, column_name, label_name, labels

pytestmark = pytest.mark.unit
TABLES = [name for name in list_series() if name != "geo.outlines"]
TECHNICAL = {"figures", "figures.parameters", "geo.places"}
"""Their labels are words already, each used once."""


def test_every_series_has_a_name():
    assert set(called()) == set(list_series())
    assert all(n["en"].strip() and n["es"].strip() for n in called().values())


@pytest.mark.parametrize("name", TABLES)
def test_columns_and_labels_have_names(name):
    table = open_table(name)
    assert all(column_name(str(c)) for c in table.reading.frame.columns)
    if name not in TECHNICAL:
        there = labels(table)
        other = {"period": there.pop("period", None)}
        assert other
        assert [(c, v) for c, vs in there.items() for v in vs if not label_name(c, v)] == []


def test_blanks_are_totals_where_they_are():
    table = open_table("us.bookouts")
    shown = chart("us.bookouts", table, "nationality", None, {"outcome": "encounters"})
    frame = open_series("us.bookouts")
    month = shown["times"][-1]["start"]
    mine = frame[(frame.month == month) & (frame.outcome == "encounters")]
    mexico = mine[(mine.nationality == "MEX")].people.sum()
    by_label = {part["label"]: part["values"][-1] for part in shown["parts"]}
    assert by_label["MEX"] == mexico
    assert shown["picked"] == {"outcome": "encounters"}
    assert shown["needs"] == list(corridor().claims.overlaps["us.bookouts"])


def test_parts_of_a_whole_add_up_to_it():
    shown = chart("us.encounters.area", open_table("us.encounters.area"), "component", None, {})
    for whole, *parts in zip(shown["total"], *(p["values"] for p in shown["parts"]), strict=True):
        assert whole == sum(parts)


@pytest.mark.parametrize(
    ("by", "column", "picks"),
    [("colour", None, {}), ("unit", "weight", {}), (None, None, {"unit": "dragon"})],
)
def test_unknown_names_are_refused(by, column, picks):
    with pytest.raises(CaudalError):
        chart("us.encounters.area", open_table("us.encounters.area"), by, column, picks)
