"""What a run says of every series: the registry is whole, and its tables are the publisher's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caudal.corridor.measured import QUANTILES, ROLES, observable, registry
from caudal.corridor.observables import coordinates
from caudal.corridor.variables import VARIABLES
from caudal.data.store import list_series, open_series
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

MONTHS = pd.date_range("2018-01-01", "2024-12-01", freq="MS")


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    """A made-up run in which every cell is 1 for the first member and 3 for the second."""
    coords = {**coordinates(), "member": [0, 1], "month": MONTHS}
    return xr.Dataset(
        {
            name: (
                v.dims,
                np.broadcast_to(
                    np.array([1.0, 3.0], np.float32).reshape(2, *[1] * (len(v.dims) - 1)),
                    tuple(len(coords[d]) for d in v.dims),
                ),
            )
            for name, v in VARIABLES.items()
        },
        coords=coords,
    )


def test_every_series_of_the_package_is_in_the_registry() -> None:
    assert set(registry()) == set(list_series())
    assert {e.role for e in registry().values()} == set(ROLES)


def test_every_entry_is_told_in_words_and_names_variables_columns_and_labels() -> None:
    coords = coordinates()
    for name, entry in registry().items():
        if entry.role == "silent":
            assert entry.why, name
            assert not entry.parts, name
            continue
        assert entry.says, name
        assert 0 < entry.error < 1, name
        table = open_series(name)
        for part in entry.parts:
            told = {*part.keys, *part.fixed, *part.only, *part.sum, part.value}
            for column, labels in part.only.items():
                assert set(labels) <= set(table[column]), (name, column)
            assert told <= set(table.columns), (name, told - set(table.columns))
            for term in part.of:
                dims = VARIABLES[term["of"]].dims
                for dim, labels in term["where"].items():
                    assert dim in dims, (name, dim)
                    assert set(labels) <= set(coords[dim]), (name, dim)
                assert set(part.keys.values()) <= set(dims), name
            others = {c for c in table if table[c].dtype.kind not in "ifuM"} - told
            assert not others, (name, others)


@pytest.mark.parametrize("name", [n for n, e in registry().items() if e.parts])
def test_each_observable_has_the_months_and_labels_of_its_series(name: str, ds: xr.Dataset) -> None:
    frame = observable(ds, name)
    assert len(frame), "no row that the model speaks to"
    table = open_series(name)
    time = next(c for c in ("month", "date", "year", "fiscal_year") if c in table)
    assert set(frame[time]) <= set(table[time])
    for column in set(frame.columns) & set(table.columns) - {time}:
        blank_or_own = {*table[column].astype(object).fillna("").astype(str), ""}
        labels = {x for told in frame[column].dropna().astype(str) for x in told.split("+")}
        assert labels <= {*blank_or_own, *(x.split("+")[0] for x in blank_or_own)}
    assert (frame["lo90"] <= frame["median"]).all()
    assert frame["published"].notna().all()
    assert list(QUANTILES) == [c for c in frame if c in QUANTILES]


def test_a_row_is_the_sum_of_its_cells(ds: xr.Dataset) -> None:
    rows = observable(ds, "us.encounters.ohss.unit").set_index(["component", "unit"])
    one = rows.loc[("border_patrol", "family")]
    assert one["median"].iloc[0] == pytest.approx(2 * 9 * 22)  # the members' 1 and 3
    assert one["lo90"].iloc[0] == pytest.approx(1.1 * 9 * 22)


def test_years_need_all_their_months_and_add_them_up(ds: xr.Dataset) -> None:
    deaths = observable(ds, "us.usbp.deaths")
    assert set(deaths.fiscal_year) == {2019}  # October 2017 lies before the run
    tucson = deaths[deaths.area == "tucson"]
    assert tucson["median"].item() == pytest.approx(2 * 12)
    total = deaths[deaths.area == ""]
    assert total["median"].item() == pytest.approx(2 * 12 * 9)  # all sectors, no other danger
    courts = observable(ds, "us.courts")
    pending = courts[courts.measure == "pending"]
    assert pending["median"].tolist() == pytest.approx([2 * (22 + 1)] * len(pending))


def test_rest_is_what_the_publisher_does_not_name(ds: xr.Dataset) -> None:
    rows = observable(ds, "us.encounters.sbo")
    one = rows[(rows.month == "2022-03-01") & (rows.unit == "family")]
    one = one[one.component == "border_patrol"].set_index("nationality")
    assert one.loc["REST", "median"] == pytest.approx(2 * 9 * (22 - 4))
    assert one.loc["MEX", "median"] == pytest.approx(2 * 9)


def test_what_the_model_does_not_say_is_refused_in_one_line(ds: xr.Dataset) -> None:
    with pytest.raises(CaudalError, match=r"agents are not in the model"):
        observable(ds, "us.usbp.staffing")
    with pytest.raises(CaudalError, match=r"no\.such"):
        observable(ds, "no.such")
    with pytest.raises(CaudalError, match="mexican_events"):
        observable(ds.drop_vars("mexican_events"), "mx.events")


def test_minors_and_adults_of_mexican_events_stand_beside_their_ages(ds: xr.Dataset) -> None:
    run = ds.assign(mexican_events=10 * ds.mexican_events)
    rows = observable(run, "mx.events.demographic")
    one = rows[rows.month == "2021-02-01"]
    minors, adults = one[one.age.str.startswith("12-17").fillna(False)], one[one.age == "18+"]
    table = open_series("mx.events.demographic")
    table = table[table.month == "2021-02-01"]
    assert adults.published.item() == table[table.age == "18+"].people.sum()
    assert minors.published.item() == table[table.age != "18+"].people.sum()
    assert minors["median"].item() == pytest.approx(2)
    assert adults["median"].item() == pytest.approx(2 * (10 * 22 - 1))
    assert len(one) == 3  # and the sum of all ages
