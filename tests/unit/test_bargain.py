"""The regressions of scripts/bargain.py: inputs, paths, verdicts, and that the table is theirs."""

from __future__ import annotations

from datetime import date

import bargain
import bargain_parts as parts
import numpy as np
import pandas as pd
import pytest

from caudal.corridor.mechanisms.politics import attention

pytestmark = pytest.mark.unit


def test_effort_rises_within_weeks_and_halves_in_its_half_life():
    wanted = np.zeros(30, np.float32)
    wanted[2:12] = 1.0
    path = np.asarray(parts.effort_path(wanted, 6.0))
    assert path[1] == 0
    assert path[2] == pytest.approx(1 - np.exp(-30.4 / 20), rel=1e-5)
    assert path[11] > 0.999
    assert path[17] == pytest.approx(0.5 * path[11], rel=1e-4)


def test_salience_settles_where_the_mechanism_says():
    p = {"encounters_usual_per_day": 1450.0, "salience_floor": 0.05,
         "salience_per_encounters": 0.08, "salience_per_chaos": 0.02}  # fmt: skip
    heat, chaos = np.full(200, np.log(5001 / 1450)), np.ones(200)
    path = parts.salience_path(np.array([0.05, 0.08, 0.02, 30.0, 200.0]), heat, chaos)
    assert path[-1] == pytest.approx(
        float(attention(p, np.float32(5000.0), np.float32(1.0))), rel=1e-5
    )


def test_a_lever_of_a_month_is_the_mean_of_its_days():
    began = dict(zip(parts.months(), parts.lever("mx.effort_commitment"), strict=True))
    assert began[date(2019, 6, 1)] == pytest.approx(24 / 30)  # in force from 7 June
    assert began[date(2019, 7, 1)] == 1
    assert began[date(2018, 7, 1)] == 0


def test_acts_begin_in_the_months_that_their_documents_say():
    began = dict(zip(parts.months(), parts.begun(), strict=True))
    for month in (date(2019, 5, 1), date(2023, 12, 1), date(2024, 4, 1), date(2025, 2, 1)):
        assert began[month] == 1, month
    assert began[date(2018, 9, 1)] == 0
    assert 0 < sum(began.values()) < 44  # an act is the exception


def test_a_threat_that_fits_is_likelier_than_none():
    """With the acts' own regression at its prior mean, months with an act are likelier than at zero."""
    part = parts.acts_part()
    began = parts.begun()[4:] > 0
    mean = np.array([m for m, _ in part.priors.values()])
    bare = np.array([-2.5, 0, 0, 0, 0])
    assert np.asarray(part.each(mean) - part.each(bare))[began].sum() > 0


@pytest.mark.parametrize("flow", ["all", "upstream"])
def test_the_response_reads_a_density_of_each_month(flow):
    part = parts.response_part(flow)
    x = np.array([m for m, _ in part.priors.values()])
    assert part.each(x).shape == (len(parts.months()),)
    assert np.isfinite(part.each(x)).all()
    names = list(part.priors)
    assert names[4:6] == ["log half-life, months", "operations suspended"]


def test_priors_are_those_held_before_the_months_studied():
    for part in (parts.response_part("all"), parts.salience_part()):
        assert all(sd > 0 for _, sd in part.priors.values())
    mean, sd = parts.salience_part().priors["log salience_per_encounters"]
    assert (mean, sd) == (pytest.approx(np.log(0.06)), 1.0)


def test_the_committed_table_keeps_its_own_rules():
    table = pd.read_csv(bargain.TABLE)
    learned = table[table.contraction.notna()]
    assert set(learned.part) == {"acts", "response (all)", "response (upstream)", "salience"}
    assert (learned.verdict == learned.contraction.map(bargain.verdict)).all()
    np.testing.assert_allclose(
        learned.contraction, 1 - (learned.sd / learned.prior_sd) ** 2, atol=1e-6
    )
    assert (learned.rhat < 1.05).all()
    assert (learned.draws > 1000).all()
    assert bargain.markdown(table) in bargain.PAGE.read_text("utf-8")
