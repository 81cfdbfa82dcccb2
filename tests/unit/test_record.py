"""What a fit leaves on record: a file that ArviZ reads, and a row for every parameter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from caudal.corridor import corridor
from caudal.engine.priors import Prior
from caudal.errors import CaudalError
from caudal.learn import record
from caudal.learn.constants import Moved
from run_worlds import made_up

pytestmark = pytest.mark.unit

MOVED = Moved(
    ("stop_rate_per_day", "evading_share[1]", "inert"),
    np.array([0.8, -0.31234, 0.0]),
    np.diag([0.36, 0.81, 1.0]),
    {"counts of effort": np.array([1.7, 0.0, 0.0]), "weather of stop": np.array([0.2, 0.3, 0.0])},
    {"counts of effort": 0.5, "weather of stop": 1.0},
    np.array([0.1234, 2.0, np.inf]),
)
ABOUT = {
    "code_version": "1+x", "data_vintage": "abc",
    "constants": record.constants(MOVED), "weights": dict(MOVED.weights),
    "innovations": {"stop": {"mean_square": 1.1, "at_bound": 0.0}},
    "misfit": {"effort": {"bias": 0.0, "rms": 0.9, "median": 0.4}},
}  # fmt: skip


def test_what_the_counts_did_is_told_value_by_value():
    told = record.constants(MOVED)
    assert told["stop_rate_per_day"] == {
        "mean": 0.8, "sd": 0.6, "by": "counts of effort", "information": 1.9, "bend": 0.123,
    }  # fmt: skip
    assert told["evading_share[1]"]["by"] == "weather of stop"
    assert told["inert"] == {"mean": 0.0, "sd": 1.0, "by": "", "information": 0.0, "bend": None}


def test_contraction_has_a_row_for_every_parameter():
    priors = corridor().priors
    rows = {row["parameter"]: row for row in record.contraction(priors, ABOUT)}
    assert {name.partition("[")[0] for name in rows} == set(priors)
    moved = rows["stop_rate_per_day"]
    assert (moved["mean"], moved["sd_left"], moved["contraction"]) == (0.8, 0.6, 0.64)
    assert moved["informed_by"] == "counts of effort"
    assert moved["mechanism"] == priors["stop_rate_per_day"].mechanism
    centre = float(priors["stop_rate_per_day"].value(priors["stop_rate_per_day"].centre))
    assert moved["centre"] == pytest.approx(centre, rel=1e-3)
    # of a constant with axes, the values that were learned one by one
    assert rows["evading_share[1]"]["sd_left"] == 0.9
    untouched = [r for n, r in rows.items() if n not in ABOUT["constants"]]
    assert {r["informed_by"] for r in untouched} == {record.NOT_LEARNED, "fixed"}
    assert {(r["mean"], r["sd_left"], r["contraction"]) for r in untouched} == {(0.0, 1.0, 0.0)}
    assert rows["inert"]["informed_by"] == record.NOT_LEARNED


def test_a_centre_is_told_on_its_own_scale():
    lognormal = Prior("a", "lognormal", np.log([2.0, 8.0]), 0.5, "1", "made up", ("x",))
    rows = record.contraction({"a": lognormal}, {"constants": {}})
    assert rows[0]["centre"] == "2–8"
    one = {"a[1]": {"mean": 0.0, "sd": 0.5, "by": "k"}}
    (row,) = record.contraction({"a": lognormal}, {"constants": one})
    assert (row["parameter"], row["centre"], row["contraction"]) == ("a[1]", 8.0, 0.75)


@pytest.fixture(scope="module")
def counted():
    here = corridor()
    return here.observed(here.begins, date(2025, 6, 1))


def test_arviz_reads_the_record(tmp_path, counted):
    import arviz

    here, path = corridor(), tmp_path / "fit.nc"
    posterior = replace(made_up(draws=16, months=3), about=ABOUT)
    record.write(path, here, posterior, counted)
    assert [p.name for p in tmp_path.iterdir()] == ["fit.nc"]
    told = arviz.from_netcdf(path)
    assert {"posterior", "prior", "observed_data", "constant_data"} <= set(told.groups())
    assert told.posterior.sizes["chain"] * told.posterior.sizes["draw"] == 16
    assert told.posterior.attrs["code_version"] == "1+x"
    assert "independent draws" in told.posterior.attrs["sampling"]
    prior = here.priors["stop_rate_per_day"]
    own = prior.value(prior.centre + prior.sd * posterior.z["stop_rate_per_day"])
    np.testing.assert_allclose(told.posterior["stop_rate_per_day"].values.ravel(), own, rtol=1e-5)
    assert told.posterior["stop_rate_per_day"].attrs["units"] == prior.unit
    summary = arviz.summary(told, var_names=["stop_rate_per_day", "evading_share"])
    assert summary["mean"].iloc[0] == pytest.approx(own.mean(), abs=5e-4)
    assert len(summary) == 4
    # independent draws in parts that were never chains: nothing to find but their number
    assert summary["ess_bulk"].between(4, 64).all()
    total = told.observed_data["southwest"].sel(month="2022-05-01").item()
    assert total == counted.arrays["unit"][58].sum()
    data = told.constant_data
    assert data["constant_sd_left"].sel(parameter="stop_rate_per_day").item() == 0.6
    assert data["innovations_stop_mean_square"].item() == 1.1
    assert data["misfit_effort_rms"].item() == 0.9
    assert data["weights_counts_of_effort"].item() == 0.5
    np.testing.assert_array_equal(data["departure_mean"], 0.0)


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path, counted):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CaudalError, match="--record"):
        record.write(tmp_path / "file" / "fit.nc", corridor(), made_up(4, months=2), counted)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
