"""Errors of counts: formulas, and revisions measured again from what the package holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caudal.corridor.errors import DISPERSION, ERRORS, FEW, log_error, odds_error, table
from caudal.corridor.observed import SERIES_OF
from caudal.data.store import open_series

pytestmark = pytest.mark.known_answer

DOC = Path(__file__).resolve().parents[2] / "docs" / "observation.md"
CELL = ["month", "nationality"]


def changes(one: pd.DataFrame, other: pd.DataFrame, by: list[str]) -> pd.Series:
    """People by which two publications differ, in cells that both give and either counts any."""
    sums = [t.groupby(by).people.sum() for t in (one, other)]
    both = pd.concat(sums, axis=1, keys=["a", "b"], join="inner")
    both = both[both.sum(axis=1) > 0]
    return both.a - both.b


def rms(x: pd.Series) -> float:
    return float(np.sqrt((x**2).mean()))


def test_revisions_are_as_measured_between_publications_of_cbp() -> None:
    area = open_series("us.encounters.area")
    area, state = area[area.area != ""], open_series("us.encounters.state")
    cells = changes(area, state, CELL)
    assert rms(cells) == pytest.approx(ERRORS["nationality_unit"].revision, rel=0.2)
    assert (cells == 0).mean() > 0.97
    assert rms(changes(area, state, ["month", "unit"])) == pytest.approx(
        ERRORS["unit"].revision, rel=0.1
    )
    total = changes(area, state, ["month"])
    assert total.abs().max() == 7  # of 9,000 to 300,000 a month, in fiscal year 2025 alone
    assert set(total[total != 0].index.year) <= {2024, 2025}


def test_revisions_are_as_measured_between_editions_of_ohss() -> None:
    august = open_series("us.encounters.ohss")
    august = august[(august.table == "top_100") & (august.component == "border_patrol")]
    november = open_series("us.encounters.ohss.usbp")
    november = november[november.margin == "nationality"]
    cells = changes(august, november, CELL)
    assert rms(cells) == pytest.approx(ERRORS["land_nationality"].revision, rel=0.25)
    assert cells.abs().max() <= 50


def test_what_is_rounded_is_a_multiple_and_what_is_not_is_not() -> None:
    for name, error in ERRORS.items():
        people = open_series(SERIES_OF[error.of or name])
        column = "people" if "people" in people else "in_hhs_care"
        multiple = float((people[column].dropna() % 10 == 0).mean())
        assert (multiple == 1.0) == (error.rounding == 10), (name, multiple)


def test_log_error_of_a_rounded_count_by_hand() -> None:
    # floor 0.08, few 10, dispersion 2, rounding 10, revision 3.3; 90 people: 0.0064 + 219.2 / 100²
    given = 0.08**2 + (2.0 * 100 + 100 / 12 + 3.3**2) / 100**2
    assert log_error("land_nationality", 90.0) == pytest.approx(np.sqrt(given), rel=1e-12)
    assert log_error("land_nationality", 1e9) == pytest.approx(0.08, rel=1e-6)
    assert np.isfinite(log_error("land_nationality", np.nan))


def test_errors_are_those_of_overdispersed_counts() -> None:
    # a gamma-Poisson count: its log scatters as the formula says (to 5 %; seed fixed)
    rng = np.random.default_rng(0)
    floor = ERRORS["darien"].floor
    for mean in (200.0, 5000.0):
        rate = mean * np.exp(floor * rng.standard_normal(200_000) - floor**2 / 2)
        count = rng.negative_binomial(rate / (DISPERSION - 1), 1 / DISPERSION)
        scatter = np.log(count + FEW).std()
        assert log_error("darien", mean) == pytest.approx(scatter, rel=0.05)


def test_odds_error_of_overdispersed_shares() -> None:
    # a share of a fixed whole, each person standing for two: variance 2 / part + 2 / rest
    rng = np.random.default_rng(1)
    part = 2 * rng.binomial(2000, 0.25, 200_000)
    scatter = np.log((part + FEW) / (4000 - part + FEW)).std()
    floor = ERRORS["mexican_returns"].floor
    error = odds_error("mexican_returns", np.array(1000.0), np.array(4000.0))
    assert np.sqrt(error**2 - floor**2) == pytest.approx(scatter, rel=0.05)


def test_the_page_shows_the_table() -> None:
    assert table() in DOC.read_text("utf-8")
