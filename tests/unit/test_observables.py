"""A run as a Dataset, and the published counts beside it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caudal.corridor import Corridor
from caudal.corridor.observables import OUTCOMES, observed_long
from caudal.corridor.variables import VARIABLES
from caudal.corridor.world import (
    AREAS,
    CITIES,
    DANGERS,
    FIELD_OFFICES,
    NATIONALITIES,
    PAYERS,
    SECTORS,
    UNITS,
)
from caudal.data.store import list_series
from caudal.engine import book
from caudal.engine.audit import draw_parameters
from caudal.engine.simulate import Months, Simulator
from caudal.report import Outcome
from caudal.report.outcomes import GROUPS, PANELS
from caudal.report.strings import strings

pytestmark = pytest.mark.unit

CORRIDOR = Corridor()
N, MEMBERS, SKIP = 9, 2, 6


@pytest.fixture(scope="module")
def months() -> Months:
    """Made-up monthly arrays of the model's own shapes: every number different."""
    rng = np.random.default_rng(3)
    model = CORRIDOR.model
    carry = Simulator(model).start(MEMBERS, (), draw_parameters(CORRIDOR.priors, MEMBERS, 1)).carry
    made = {
        k: rng.gamma(2.0, 50.0, (N, *v.shape)).astype(np.float32)
        for k, v in book.tallies(model).split(carry.month).items()
    }
    signals = {
        k: rng.gamma(2.0, 1.0, (N, *v.shape)).astype(np.float32) for k, v in carry.signals.items()
    }
    measures = {
        k: rng.gamma(2.0, 20.0, (N, *v.shape)).astype(np.float32)
        for k, v in book.measures(model).split(carry.measures[0]).items()
    }
    people = rng.gamma(2.0, 500.0, (N, model.n_rows, MEMBERS)).astype(np.float32)
    return Months(0, made, signals, people, measures)


@pytest.fixture(scope="module")
def ds(months: Months) -> xr.Dataset:
    return CORRIDOR.dataset(months, SKIP, np.arange(MEMBERS))


def test_coordinates_are_the_vocabulary(ds: xr.Dataset) -> None:
    assert list(ds.area.values) == list(AREAS)
    assert list(ds.nationality.values) == list(NATIONALITIES)
    assert list(ds.unit.values) == list(UNITS)
    assert list(ds.sector.values) == list(SECTORS)
    assert list(ds.stock.values) == [s.name for s in CORRIDOR.model.stocks]
    assert ds.month.dtype == np.dtype("datetime64[ns]")
    assert [f"{m:%Y-%m-%d}" for m in pd.DatetimeIndex(ds.month.values)] == [
        "2018-01-01", "2018-02-01", "2018-03-01",
    ]  # fmt: skip


def test_every_variable_is_described(ds: xr.Dataset) -> None:
    known = {*list_series(), ""}
    for name, array in ds.data_vars.items():
        assert array.dtype == np.float32, name
        assert array.dims[:2] == ("member", "month"), name
        for key in ("units", "long_name", "long_name_es", "definition"):
            assert array.attrs[key], f"{name} has no {key}"
        assert array.attrs["series"] in known, name


def test_encounters_are_where_and_of_whom_they_were(ds: xr.Dataset, months: Months) -> None:
    """Cell by cell against loops: sectors from the land tally, offices from the ports."""
    land, ports = months.tallies["encounters_land"], months.tallies["encounters_ports"]
    for m in range(MEMBERS):
        for a in range(len(AREAS)):
            tally, place = (land, a) if a < len(SECTORS) else (ports, a - len(SECTORS))
            for n in range(len(NATIONALITIES)):
                for u in range(len(UNITS)):
                    group = n * len(UNITS) + u
                    found = ds.encounters.values[m, 1, a, n, u]
                    assert found == tally[SKIP + 1, place, group, m]


def test_sums_by_nationality(ds: xr.Dataset, months: Months) -> None:
    for name in ("mexican_events", "mexican_returns", "darien_crossings", "held_south"):
        for n in range(len(NATIONALITIES)):
            groups = months.tallies[name][SKIP, 0, 3 * n : 3 * n + 3, 1]
            assert ds[name].values[1, 0, n] == pytest.approx(groups.sum(), rel=1e-6)
    for name in ("expulsions", "mpp_returns", "departures"):
        assert ds[name].values[0, 2, 4, 1] == pytest.approx(months.tallies[name][8, :, 13, 0].sum())


def test_measures_and_signals_keep_their_axes(ds: xr.Dataset, months: Months) -> None:
    assert list(ds.payer.values) == list(PAYERS)
    assert list(ds.danger.values) == list(DANGERS)
    assert list(ds.city.values) == list(CITIES)
    assert ds.public_cost.values[1, 2, 3] == months.measures["public_cost"][8, 3, 1]
    assert ds.deaths.values[0, 1, 5] == months.measures["deaths"][7, 5, 0]
    assert ds.extortions.values[0, 0] == months.measures["extortions"].reshape(N, -1)[6, 0]
    assert ds.fee.values[1, 2, 7] == months.signals["fee"][8, 7, 1]
    assert ds.salience.values[1, 0] == months.signals["salience"].reshape(N, -1)[6, 1]
    assert ds.belief.values[0, 1, 4, 2] == months.signals["belief"][7, 14, 0]
    assert ds.camped.values[1, 1, 8] == months.measures["camped"][7, 8, 1]
    city = months.tallies["city_sheltered"][8, :, :, 1].sum(1)
    assert ds.city_sheltered.values[1, 2] == pytest.approx(city, rel=1e-6)
    repeat = months.tallies["encounters_repeat"][6, 2, :, 0].sum()
    assert ds.encounters_repeat.values[0, 0, 2] == pytest.approx(repeat, rel=1e-5)


def test_every_tally_measure_and_signal_of_people_is_a_variable() -> None:
    """All but memories inside a mechanism, and the two tallies that encounters join."""
    read = {v.of or name for name, v in VARIABLES.items()}
    model = CORRIDOR.model
    assert set(model.tally_names) - read == {"encounters_land", "encounters_ports"}
    assert set(model.measures) <= read
    assert read - {*model.tally_names, *model.measures, *model.signals} == {
        "encounters", "encounters_repeat_share", "people",
    }  # fmt: skip


def test_numbers_without_groups(ds: xr.Dataset, months: Months) -> None:
    t = months.tallies
    assert ds.gotaways.values[1, 1] == pytest.approx(t["unseen"][7, :, 0, 1].sum())
    assert ds.children_in_care.values[0, 2] == t["children_in_care"][8, 0, 0, 0]
    assert ds.waiting_north.values[1, 0, 4] == pytest.approx(t["waiting_north"][6, 4, :, 1].sum())
    assert ds.mexican_effort.values[1, 2] == months.signals["mx_effort"].reshape(N, -1)[8, 1]
    tries = t["encounters_land"][7, :, :, 0].sum() + t["unseen"][7, :, :, 0].sum()
    share = t["encounters_repeat"][7, :, :, 0].sum() / tries
    assert ds.encounters_repeat_share.values[0, 1] == pytest.approx(share, rel=1e-5)


def test_ended_journeys_add_up_from_the_first_reported_month(
    ds: xr.Dataset, months: Months
) -> None:
    rows = CORRIDOR.model.rows["home"]
    arrived = months.people[:, rows, 1].sum(1)
    found = ds.people.sel(stock="home").values[1]
    assert found == pytest.approx(np.cumsum(arrived[6:]), rel=1e-5)
    active = months.people[6:, CORRIDOR.model.rows["north_first"], 0].sum(1)
    assert ds.people.sel(stock="north_first").values[0] == pytest.approx(active, rel=1e-5)


def test_a_later_start_shows_the_same_numbers(ds: xr.Dataset, months: Months) -> None:
    later = CORRIDOR.dataset(months, SKIP + 2, np.arange(MEMBERS))
    xr.testing.assert_identical(later, ds.isel(month=slice(2, None)))


def test_outcomes_can_be_read_from_a_run(ds: xr.Dataset) -> None:
    words, known = strings()["en"], {*list_series(), ""}
    outcomes = [Outcome(**fields) for fields in OUTCOMES]
    assert len({o.id for o in outcomes}) == len(outcomes)
    for o in outcomes:
        assert o.draws(ds).shape == (MEMBERS, 3)
        assert o.title_en
        assert o.title_es
        assert f"unit.{o.unit}" in words
        assert o.series in known
    assert {o.panel for o in outcomes} == set(PANELS)
    assert {o.group for o in outcomes} - {""} == set(GROUPS)
    assert all(o.group for o in outcomes if o.panel == "side")
    assert min(sum(o.group == g for o in outcomes) for g in GROUPS) >= 5
    by_id = {o.id: o.draws(ds) for o in outcomes}
    total = by_id["us.encounters.southwest"]
    for part in ("nationality", "unit", "area"):
        parts = [v for k, v in by_id.items() if k.startswith(f"us.encounters.{part}.")]
        np.testing.assert_allclose(sum(parts), total, rtol=1e-9)
    both = by_id["us.encounters.border_patrol"] + by_id["us.encounters.field_operations"]
    np.testing.assert_allclose(both, total, rtol=1e-9)


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return observed_long(CORRIDOR, date(2025, 6, 1))


def test_counts_stand_beside_outcomes_that_name_their_series(counts: pd.DataFrame) -> None:
    named = {fields["id"] for fields in OUTCOMES if fields["series"]}
    assert set(counts.outcome) == named
    assert not counts.duplicated(["outcome", "month"]).any()
    assert counts.observed.notna().all()


def test_counts_end_before_the_end_asked_for() -> None:
    early = observed_long(CORRIDOR, date(2020, 1, 1))
    assert early.month.max() == pd.Timestamp("2019-12-01")


@pytest.mark.parametrize(
    ("outcome", "fiscal_year", "published"),
    [  # CBP, Southwest Land Border Encounters, totals by fiscal year
        ("us.encounters.southwest", 2021, 1_734_686),
        ("us.encounters.southwest", 2022, 2_378_944),
        ("us.encounters.southwest", 2023, 2_475_669),
    ],
)
def test_counts_are_those_published(
    counts: pd.DataFrame, outcome: str, fiscal_year: int, published: int
) -> None:
    year = counts[
        (counts.outcome == outcome)
        & (counts.month >= f"{fiscal_year - 1}-10-01")
        & (counts.month < f"{fiscal_year}-10-01")
    ]
    assert len(year) == 12
    # later editions revise a few events of a month
    assert year.observed.sum() == pytest.approx(published, rel=2e-4)


def test_counts_of_parts_add_up(counts: pd.DataFrame) -> None:
    wide = counts.pivot(index="month", columns="outcome", values="observed")
    wide = wide[wide.index >= "2019-10-01"]
    total = wide["us.encounters.southwest"]
    for part in ("nationality", "unit", "area"):
        parts = wide.filter(like=f"us.encounters.{part}.")
        assert (parts.sum(axis=1) - total).abs().max() == 0
    assert len(FIELD_OFFICES) + len(SECTORS) == len(wide.filter(like="us.encounters.area.").columns)


def test_nationalities_wait_for_both_components(counts: pd.DataFrame) -> None:
    nations = counts[counts.outcome.str.startswith("us.encounters.nationality.")]
    assert nations.month.min() == pd.Timestamp("2019-10-01")


def test_those_who_leave_remain_in_mexico_to_cross_are_counted_apart(
    ds: xr.Dataset, months: Months
) -> None:
    tally = next(t for t in CORRIDOR.model.tallies if t.name == "mpp_left_to_cross")
    assert tally.of == ("mpp → north_repeat",)
    counted = months.tallies["mpp_left_to_cross"]
    assert counted.shape[1:3] == (len(SECTORS), 66)
    want = counted[8, :, 13, 0].sum()
    assert ds.mpp_left_to_cross.values[0, 2, 4, 1] == pytest.approx(want, rel=1e-5)
