"""The table of what the counts did to every parameter is that of the shipped draws."""

from __future__ import annotations

import contraction
import pandas as pd
import pytest

from caudal.corridor import corridor

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def made() -> pd.DataFrame:
    return contraction.table()


def test_every_parameter_has_its_rows(made):
    bases = made.parameter.str.partition("[")[0]
    assert set(bases) == set(corridor().priors)
    assert made.parameter.is_unique
    # above one where two rounds of slopes disagree by more than the prior is wide (docs/learning.md)
    assert made.sd_left.between(0, 3).all()
    assert (made.sd_left > 1.001).mean() < 0.1
    assert made.contraction.to_numpy() == pytest.approx(1 - made.sd_left**2, abs=6e-4)
    assert (made.contraction.diff().dropna() <= 0).all(), "most contracted first"


def test_an_inert_constant_did_not_contract(made):
    (inert,) = made[made.parameter == "inert"].to_dict("records")
    assert inert["sd_left"] >= 0.95


def test_the_table_on_disk_is_this_one(made):
    kept = pd.read_csv(contraction.TABLE)
    assert kept.code_version[0] == made.code_version.iloc[0], "run `make contraction`"
    assert kept.parameter.tolist() == made.parameter.tolist()
    assert kept.contraction.tolist() == pytest.approx(made.contraction.tolist())
    assert kept.informed_by.fillna("").tolist() == made.informed_by.tolist()
