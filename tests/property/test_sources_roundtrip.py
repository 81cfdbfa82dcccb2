"""Tidy rows, written as their publisher would write them, are read back as they were."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.corridor.sources import cbp, gotaways, hhs, iom
from caudal.corridor.world import NATIONALITIES, SECTORS
from caudal.data.issues import Issue, Reading, from_ranges, to_ranges
from caudal.data.series import Series, overlay
from caudal.data.vintage import Provenance

pytestmark = pytest.mark.property

UNITS = {"single_adult": "Single Adults", "family": "FMUA", "unaccompanied_child": "UAC"}
COMPONENTS = {
    "border_patrol": "U.S. Border Patrol",
    "field_operations": "Office of Field Operations",
}
TITLES = {"title_8": "Title 8", "title_42": "Title 42"}
NAMES = {
    "MEX": "Mexico",
    "GTM": "Guatemala",
    "HND": "Honduras",
    "SLV": "El Salvador",
    "REST": "Other",
}
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def grid(seed: int, **levels: list[str]) -> pd.DataFrame:
    """Every combination of the levels, counts of 100 to 900 so that no rule of sense bites."""
    index = pd.MultiIndex.from_product(list(levels.values()), names=list(levels))
    frame = index.to_frame(index=False)
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[ns]")
    frame["people"] = np.random.default_rng(seed).integers(100, 900, len(frame))
    return frame


def month_list(start: str, count: int) -> list[str]:
    return [f"{m:%Y-%m-%d}" for m in pd.date_range(start, periods=count, freq="MS")]


def area_text(frame: pd.DataFrame) -> pd.DataFrame:
    fiscal = frame["month"].dt.year + (frame["month"].dt.month >= 10)
    areas = {s: f"{s.replace('-', ' ').title()} Sector" for s in SECTORS}
    areas |= {f"{s}-office": f"{s.replace('-', ' ').title()} Field Office" for s in SECTORS}
    kinds = {
        ("border_patrol", "title_8"): "Apprehensions",
        ("field_operations", "title_8"): "Inadmissibles",
    }
    return pd.DataFrame(
        {
            "t": frame["month"].dt.strftime("%Y-%m-%d"),
            "t_fy": frame["month"].dt.strftime("%Y-%m-%d"),
            "component": frame["component"].map(COMPONENTS),
            "area": frame["area"].map({**areas, "": ""}),
            "authority": frame["title"].map(TITLES),
            "type": [
                kinds.get(k, "Expulsions")
                for k in zip(frame["component"], frame["title"], strict=True)
            ],
            "demog": frame["unit"].map(UNITS),
            "nat": frame["nationality"],
            "n": frame["people"].astype(float),
            "fy": fiscal,
        }
    )


def fiscal_text(frame: pd.DataFrame) -> dict[str, Any]:
    return {
        "Fiscal Year": frame["month"].dt.year + (frame["month"].dt.month >= 10),
        "Month Grouping": "FYTD",
        "Month (abbv)": frame["month"].dt.strftime("%b").str.upper(),
    }


def state_text(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **fiscal_text(frame),
            "Land Border Region": "Southwest Land Border",
            "State": "TX",
            "Demographic": frame["unit"].map(UNITS),
            "Citizenship": frame["nationality"].map({**NAMES, "OOO": "OTHER"}).str.upper(),
            "Title of Authority": frame["title"].map(TITLES),
            "Encounter Count": frame["people"],
        }
    )


def sbo_text(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **fiscal_text(frame),
            "Component": frame["component"].map(COMPONENTS),
            "Demographic": frame["unit"].map(UNITS),
            "Citizenship Grouping": frame["nationality"].map(NAMES),
            "Title of Authority": frame["title"].map(TITLES),
            "Encounter Type": "Apprehensions",
            "Encounter Count": frame["people"],
        }
    )


def nationality_text(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "t": frame["month"].dt.strftime("%Y-%m-%d"),
            "nat": frame["nationality"].replace("OOO", "NPL"),
            "n": frame["people"].astype(float),
        }
    )


def darien_text(frame: pd.DataFrame) -> pd.DataFrame:
    quarter = frame["month"].dt.to_period("Q").dt.start_time.dt.strftime("%Y-%m-%d")
    text = nationality_text(frame)
    text.insert(1, "q", quarter)
    return text


LAND = {"unit": list(UNITS), "title": list(TITLES)}
CASES: dict[str, tuple[Callable[[Path], Reading], Callable[[pd.DataFrame], pd.DataFrame], dict]] = {
    "area": (
        cbp.read_area,
        area_text,
        {"component": ["border_patrol"], "area": list(SECTORS), "title": ["title_8"],
         "unit": list(UNITS), "nationality": ["MEX", "VEN", "OOO"]},
    ),
    "state": (cbp.read_state, state_text, {**LAND, "nationality": ["MEX", "GTM", "OOO"]}),
    "sbo": (
        cbp.read_sbo,
        sbo_text,
        {"component": list(COMPONENTS), **LAND, "nationality": list(NAMES)},
    ),
    "mexico": (iom.read_mexico, nationality_text, {"nationality": ["HND", "VEN", "OOO"]}),
    "honduras": (iom.read_honduras, nationality_text, {"nationality": ["CUB", "VEN", "OOO"]}),
    "darien": (iom.read_darien, darien_text, {"nationality": list(NATIONALITIES)}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@quick
@given(
    seed=st.integers(0, 2**32 - 1),
    start=st.sampled_from(["2021-01-01", "2021-09-01", "2023-12-01"]),
    count=st.integers(1, 8),
    shuffle=st.booleans(),
)
def test_round_trip(
    name: str, tmp_path_factory: pytest.TempPathFactory, seed: int, start: str, count: int,
    shuffle: bool,
) -> None:  # fmt: skip
    reader, writer, levels = CASES[name]
    frame = grid(seed, month=month_list(start, count), **levels)
    text = writer(frame)
    if name == "mexico":  # people of the United States stand in every month of Mexico's table
        text.loc[text["nat"] == "NPL", "nat"] = "USA"
    if shuffle:
        text = text.sample(frac=1, random_state=seed % 1000, axis=0).iloc[:, ::-1]
    path = tmp_path_factory.mktemp("raw") / "file.csv"
    text.to_csv(path, index=False)
    reading = reader(path)
    keys = [c for c in reading.frame.columns if c != "people"]
    want = frame[[*keys, "people"]].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(reading.frame, want, check_dtype=False)
    assert reading.frame["people"].dtype == "int64"
    for issue in reading.issues:
        assert list(issue.mask.index) == list(reading.frame.index)


@quick
@given(
    counts=st.lists(
        st.tuples(st.integers(100, 999_999), st.integers(100, 999_999)), min_size=1, max_size=30
    )
)
def test_gotaways_round_trip(
    tmp_path_factory: pytest.TempPathFactory, counts: list[tuple[int, int]]
) -> None:
    if len(counts) > 1:  # the publisher's numbers never jump a hundredfold; keep to that
        low = max(max(c) for c in counts) // 9
        counts = [(max(a, low), max(b, low)) for a, b in counts]
    months = pd.date_range("2019-01-01", periods=len(counts), freq="MS")
    lines = ['﻿"","Gotaways","Arrests"'] + [
        f'"{m:%b-%y}","{a:,}","{b:,} "' for m, (a, b) in zip(months, counts, strict=True)
    ]
    path = tmp_path_factory.mktemp("raw") / "file.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    frame = gotaways.read_gotaways(path).frame
    assert list(zip(frame["people"], frame["arrests"], strict=True)) == counts
    assert list(frame["month"]) == list(months)


@quick
@given(seed=st.integers(0, 10_000), days=st.integers(1, 60))
def test_children_by_month_are_means_and_sums_of_days(
    tmp_path_factory: pytest.TempPathFactory, seed: int, days: int
) -> None:
    dates = pd.bdate_range("2024-01-29", periods=days)
    numbers = np.random.default_rng(seed).integers(100, 900, (days, 5))
    text = pd.DataFrame(numbers, columns=list(hhs.COLUMNS))
    text.insert(0, "Date", dates.strftime("%B %d, %Y"))
    path = tmp_path_factory.mktemp("raw") / "file.csv"
    text.iloc[::-1].to_csv(path, index=False)
    daily = hhs.read_daily(path).frame
    np.testing.assert_array_equal(daily[list(hhs.COLUMNS.values())].to_numpy(), numbers)
    monthly = hhs.read_children(path).frame
    first = dates.strftime("%Y-%m") == "2024-01"
    row = monthly.iloc[0]
    assert row["days"] == first.sum()
    assert row["discharged"] == numbers[first, 4].sum()
    assert row["in_hhs_care"] == pytest.approx(numbers[first, 3].mean(), abs=1e-3)


@given(flags=st.lists(st.booleans(), max_size=60))
def test_masks_survive_as_ranges(flags: list[bool]) -> None:
    ranges = to_ranges(pd.Series(flags, dtype=bool))
    assert from_ranges(ranges, len(flags)).tolist() == flags
    assert all(a < b for a, b in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))


@given(
    old=st.dictionaries(st.integers(0, 9), st.integers(0, 99), min_size=1),
    new=st.dictionaries(st.integers(0, 9), st.integers(0, 99), min_size=1),
)
def test_overlay_keeps_old_periods_takes_new_ones_and_carries_masks(
    old: dict[int, int], new: dict[int, int]
) -> None:
    about = Provenance("s", "p", "t", "d", "u", "g", "a", "l", "", 0)
    series = Series("s", lambda path: _reading({}), (), ("year",), ("people",), about)
    merged = overlay(_reading(old), _reading(new), series)
    want = {**old, **new}
    assert dict(zip(merged.frame["year"], merged.frame["people"], strict=True)) == want
    assert list(merged.frame["year"]) == sorted(want)
    odd = merged.issues[0].mask
    assert odd.tolist() == [bool(p % 2) for p in merged.frame["people"]]


def _reading(rows: dict[int, int]) -> Reading:
    frame = pd.DataFrame(sorted(rows.items()), columns=["year", "people"])
    return Reading(frame, (Issue("rounded", frame["people"] % 2 == 1, "odd"),))


def test_bytes_are_the_same_whatever_the_clock(tmp_path: Path) -> None:
    from caudal.data.package import to_bytes

    frame = grid(1, month=month_list("2024-01-01", 3), unit=list(UNITS))
    first = to_bytes(frame)
    assert first == to_bytes(frame.copy())
    assert first[4:8] == b"\0\0\0\0", "the gzip header must hold no time"
    back = pd.read_csv(io.BytesIO(first), compression="gzip")
    assert back["people"].sum() == frame["people"].sum()
