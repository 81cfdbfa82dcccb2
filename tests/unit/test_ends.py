"""Where journeys end: nobody is lost, and the months hand out what the state keeps."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.corridor.ends import AFTER, ALL, BEFORE, ENDS, SET_OUT, ends, yearly
from caudal.corridor.groups import N_GROUPS
from caudal.corridor.stocks import STOCKS
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.engine.simulate import Simulator
from caudal.engine.state import Months, joined
from engine_worlds import border, calm, chunk

pytestmark = pytest.mark.unit

BEGINS, START, END = date(2017, 7, 1), date(2018, 1, 1), date(2020, 1, 1)
MONTHS, MEMBERS = 30, 5


@pytest.fixture(scope="module")
def months() -> Months:
    """Made-up departures and ends, every number different."""
    rng = np.random.default_rng(4)
    shape = (MONTHS, N_GROUPS, MEMBERS)
    out = rng.gamma(2.0, 90.0, (MONTHS, 1, N_GROUPS, MEMBERS)).astype(np.float32)
    gone = {name: rng.gamma(2.0, 10.0, shape).astype(np.float32) for name in ENDS}
    return Months(0, {"departures": out}, {}, np.zeros((MONTHS, 1, MEMBERS)), ended=gone)


def test_every_final_stock_is_an_end():
    assert list(ENDS) == [s.name for s in STOCKS if s.final]


def test_who_was_there_and_set_out_has_ended_or_is_there_still(months):
    table = ends(months, BEGINS, START, END)
    keys = ["fiscal_year", "nationality", "unit"]
    mean = table.pivot(index=keys, columns="flow", values="mean")
    assert len(mean) == 3 * (len(NATIONALITIES) + 1) * (len(UNITS) + 1)
    came = mean[BEFORE] + mean[SET_OUT]
    went = mean[list(ENDS)].sum(axis=1) + mean[AFTER]
    np.testing.assert_allclose(came, went, rtol=1e-9)
    carried = mean[AFTER].xs(2018)
    np.testing.assert_allclose(carried, mean[BEFORE].xs(2019), rtol=1e-12)


def test_a_year_holds_the_months_that_are_reported(months):
    table = ends(months, BEGINS, START, END)
    spans = table.groupby("fiscal_year")[["first", "through"]].agg("first")
    assert spans.to_dict("list") == {
        "first": ["2018-01", "2018-10", "2019-10"],
        "through": ["2018-09", "2019-09", "2019-12"],
    }
    row = table[(table.flow == SET_OUT) & (table.fiscal_year == 2019)]
    row = row[(row.nationality == "VEN") & (row.unit == ALL)].iloc[0]
    group = NATIONALITIES.index("VEN") * len(UNITS)
    by_hand = months.tallies["departures"][15:27, 0, group : group + len(UNITS)].sum((0, 1))
    assert row["mean"] == pytest.approx(by_hand.mean(dtype=np.float64))
    assert row["hi90"] == pytest.approx(np.quantile(by_hand, 0.95))


def test_numbers_of_people_are_averaged_over_a_year_and_flows_summed():
    import pandas as pd
    import xarray as xr

    from caudal.report import Outcome

    dates = pd.date_range("2018-10-01", periods=12, freq="MS")
    draws = np.arange(24.0).reshape(2, 12)
    ds = xr.Dataset({"v": (("member", "month"), draws)}, coords={"month": dates})
    made = [Outcome(u, u, u, u, "v") for u in ("people", "people_month")]
    found = yearly(ds, made).set_index("outcome")["mean"]
    assert found.to_dict() == {"people": draws.mean(), "people_month": draws.sum(1).mean()}


def test_months_hand_out_by_group_what_the_state_keeps():
    model = border()
    simulator = Simulator(model, months=2)
    start = simulator.start(2)
    middle, one = simulator.advance(start, chunk(2), calm(120), 59)
    state, two = simulator.advance(middle, chunk(2), calm(120), 120)
    both = joined([one, two])
    assert set(both.ended) == {"in"}
    assert both.ended["in"].shape == (4, 2, 2)
    kept = state.ended[model.rows["in"]].sum(0)
    np.testing.assert_allclose(both.ended["in"].sum(0, dtype=np.float64), kept, rtol=1e-6)
    np.testing.assert_allclose(
        both.ended["in"].sum(1), both.people[:, model.rows["in"]].sum(1), rtol=1e-5
    )
    beside = joined([both, both], axis=-1)
    assert beside.ended["in"].shape == (4, 2, 4)
