"""The table of past forecasts: what it holds, and that no row knows what came after it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from caudal.engine.observation import Predictand
from caudal.errors import CaudalError
from caudal.forecast import past
from caudal.forecast.backtest import Hindcasts
from caudal.forecast.hindcast import Pass

pytestmark = pytest.mark.unit

CELLS, MEMBERS, AHEAD, BEGAN, FIRST, COUNTED = 2, 8, 3, 6, 12, 40
ABOUT = {"data_vintage": "v", "code_version": "c"}


def made(origins: range, counts: np.ndarray) -> Hindcasts:
    """Passes made up from the origin's number, so that the same origin always says the same."""

    def some(origin: int, *shape: int) -> np.ndarray:
        return np.random.default_rng(origin).lognormal(7.0, 0.4, shape).astype(np.float32)

    predictand = Predictand("total", ("a", "b"), "people", "s", lambda t: t, lambda o: o)
    corridor = SimpleNamespace(begins=date(2017, 7, 1), predictands=lambda: [predictand])
    passes = Pass(
        np.array(origins),
        {"total": np.stack([some(m, 1, CELLS, MEMBERS) for m in origins])},
        {"blind": {"total": np.stack([some(m, AHEAD, CELLS, MEMBERS) for m in origins])}},
        {"blind": {"total": np.stack([some(m, AHEAD, CELLS) for m in origins])}},
    )
    return Hindcasts(corridor, passes, {"total": counts}, {"total": 0}, FIRST)  # type: ignore[arg-type]


@pytest.fixture
def counts() -> np.ndarray:
    return np.random.default_rng(1).lognormal(7.0, 0.3, (COUNTED, CELLS))


def test_one_row_a_cell_origin_and_horizon_with_intervals_in_order(counts):
    table = past.past(made(range(BEGAN, 26), counts), ABOUT)
    assert len(table) == 20 * CELLS * AHEAD
    assert not table.duplicated(list(past.KEYS)).any()
    ordered = table[["lo90", "lo50", "median", "hi50", "hi90"]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert table["origin"].min() == "2018-01"  # month 6 of a corridor that begins in July 2017
    learned = table.drop_duplicates("origin").set_index("origin")["learned_to"]
    # constants are learned at months 12 and 24, and stand at their priors before
    assert learned.value_counts().to_dict() == {"": 6, "2018-07": 12, "2019-07": 2}
    assert (learned[learned != ""] <= learned.index[learned != ""]).all()


def test_no_row_changes_when_later_counts_and_origins_are_not_there(counts):
    whole = past.past(made(range(BEGAN, 26), counts), ABOUT)
    cut = counts.copy()
    cut[20:] = np.nan
    early = past.past(made(range(BEGAN, 20), cut), ABOUT)
    same = whole[whole["origin"] <= early["origin"].max()].reset_index(drop=True)
    pd.testing.assert_frame_equal(early, same)


def test_the_file_comes_back_and_has_the_same_bytes_each_time(tmp_path, counts):
    table = past.past(made(range(BEGAN, 15), counts), ABOUT)
    past.write(tmp_path, table)
    first = (tmp_path / past.NAME).read_bytes()
    past.write(tmp_path, table)
    assert (tmp_path / past.NAME).read_bytes() == first
    pd.testing.assert_frame_equal(past.read(tmp_path), table, check_dtype=False)
    assert [p.name for p in tmp_path.iterdir()] == [past.NAME]


def test_without_a_table_one_clear_error(tmp_path):
    with pytest.raises(CaudalError, match="backtest --write"):
        past.read(tmp_path)


@pytest.mark.parametrize(
    ("count", "told"), [(0.4, 0), (87.6, 88), (1234.0, 1230), (98_765.0, 98_800)]
)
def test_three_digits_are_told(count, told):
    assert past._whole(np.array([count])) == [told]
