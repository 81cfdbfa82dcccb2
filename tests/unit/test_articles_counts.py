"""What the published counts say of the numbers and forecasts that the articles print."""

from __future__ import annotations

import pandas as pd
import pytest

from caudal.data.store import open_series

pytestmark = pytest.mark.unit


def test_forecasts_of_the_articles_against_the_counts() -> None:
    """Whether what was forecast came: southwest encounters a month."""
    counted = open_series("us.encounters.area")
    month = counted.groupby("month").people.sum()
    # 0-18, March 2021: the numbers will grow much further
    assert month["2021-04-01":].max() > 1.5 * month["2021-03-01"]
    # 2-40, November 2020: a crisis after the hurricanes, two to six months on
    honduran = counted[counted.nationality == "HND"].groupby("month").people.sum()
    assert (
        honduran["2021-01-01":"2021-05-01"].mean() > 2 * honduran["2020-08-01":"2020-10-01"].mean()
    )


def test_numbers_of_the_articles_against_the_counts() -> None:
    counted = open_series("us.encounters.area")
    month = counted.groupby("month").people.sum()
    assert month["2021-02-01":"2024-04-01"].sum() > 2_000_000  # 3-11: millions, in encounters
    # 4-04: without precedent by month and by fiscal year; the calendar year 2022 had a few more
    fiscal = month.groupby((month.index + pd.DateOffset(months=3)).year).sum()
    calendar = month.groupby(month.index.year).sum()
    assert month[:"2023-12-01"].idxmax() == pd.Timestamp("2023-12-01")
    assert fiscal.loc[2018:2023].idxmax() == 2023
    assert calendar.loc[2018:2023].idxmax() == 2022
    # 4-10: for each person arrested three unseen; those noticed are under one in two
    land = counted[counted.component == "border_patrol"].groupby("month").people.sum()
    noticed = open_series("us.gotaways.known").set_index("month").people
    span = slice("2022-10-01", "2023-09-01")
    assert 0.2 < noticed[span].sum() / land[span].sum() < 0.5


def test_encounters_of_the_whole_country_that_the_articles_print() -> None:
    """4-08 and 4-09: over 3.2 million in fiscal 2023, a record of 2.7 million in 2022, all borders."""
    counted = open_series("us.encounters.nationwide")
    fiscal = counted.groupby(
        [(counted.month + pd.DateOffset(months=3)).dt.year, "region"]
    ).people.sum().unstack()  # fmt: skip
    whole = fiscal.sum(axis=1)
    assert 3_200_000 < whole[2023] < 3_250_000
    assert 2_700_000 < whole[2022] < 2_800_000
    assert whole[2022] > whole[[2020, 2021]].max()
    area = open_series("us.encounters.area").set_index("month").people
    for year in (2022, 2023):  # the southwest part is the corridor's own count
        assert fiscal.southwest[year] == area[f"{year - 1}-10" : f"{year}-09"].sum()
