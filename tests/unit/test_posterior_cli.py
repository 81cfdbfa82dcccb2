"""`caudal posterior`: learned constants beside their priors, in their own units, as table and files."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caudal.cli import main
from caudal.cli.fit import progress
from caudal.compute.posterior import load
from caudal.corridor import corridor

pytestmark = pytest.mark.unit


def call(capsys, *words: str) -> tuple[int, str, str]:
    status = main([str(w) for w in words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_constant_is_told_beside_its_prior_in_its_own_unit(capsys):
    status, out, _ = call(capsys, "posterior", "care_days", "response_own", "--json")
    assert status == 0
    told = json.loads(out)
    by_name = {row["parameter"]: row for row in told["values"]}
    assert len(by_name) == 1 + 22
    assert by_name["response_own[2]"]["label"] == "HND"
    here = corridor()
    prior, z = here.priors["care_days"], load(here.posterior).z["care_days"].astype(float)
    days = np.exp(np.log(34) + prior.sd * z)  # the shipped prior: lognormal, median 34 days
    row = by_name["care_days"]
    assert (row["unit"], row["prior_median"]) == ("days", 34.0)
    assert row["prior_high90"] == pytest.approx(34 * np.exp(1.6449 * prior.sd), rel=1e-3)
    assert row["posterior_median"] == pytest.approx(np.median(days), rel=1e-3)
    assert row["posterior_low90"] == pytest.approx(
        np.exp(np.quantile(np.log(days), 0.05)), rel=1e-3
    )
    assert told["draws"] == 96


def test_files_hold_every_value_and_every_draw_with_names_and_units(tmp_path, capsys):
    table, draws = tmp_path / "p.csv", tmp_path / "p.nc"
    assert call(capsys, "posterior", "care_days", "--out", table)[0] == 0
    assert call(capsys, "posterior", "care_days", "--out", draws)[0] == 0
    rows = pd.read_csv(table)
    assert rows.parameter.str.partition("[")[0].nunique() == len(corridor().priors)
    assert rows.data_vintage.nunique() == 1
    group = xr.load_dataset(draws, group="posterior", engine="h5netcdf")
    mine = group["response_own"].sel(nationality="HND")
    row = rows.set_index("parameter").loc["response_own[2]"]
    assert float(mine.median()) == pytest.approx(row.posterior_median, rel=1e-3)
    assert group["care_days"].attrs["units"] == "days"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("care_day",), "'care_days' is the nearest name"),
        (("--out", "p.txt"), "FILE.csv or FILE.nc"),
        (("--draws", "none.npz"), "no learned draws"),
        (("--draws", "examples/strait/posterior/draws.npz"), "draws of another model"),
    ],
)
def test_bad_words_are_one_line(capsys, words, told):
    status, out, err = call(capsys, "posterior", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err


def test_a_long_job_says_where_it_is_where_no_terminal_is(capsys):
    with progress() as tell:
        for done in range(9):
            tell("histories", done, 8)
    err = capsys.readouterr().err.splitlines()
    assert err == [f"caudal: histories: {n} of 8, 0 min" for n in (0, 2, 4, 6, 8)]
