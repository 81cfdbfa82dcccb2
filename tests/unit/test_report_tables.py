"""Tables of a run: literal values, and what is refused."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from rich.console import Console

from caudal.errors import CaudalError
from caudal.report import Outcome, headline_table, off_counts, side_table, summarise, to_json
from caudal.report.tables import short
from report_sample import sample_observed, sample_outcomes, sample_run

pytestmark = pytest.mark.unit


def tiny() -> xr.Dataset:
    """Five members, two months, two places: member m has m and 10 m people, then twice that."""
    member = np.arange(5, dtype=np.float32)
    first = np.stack([member, 10 * member], axis=-1)
    values = np.stack([first, 2 * first], axis=1)
    return xr.Dataset(
        {
            "people": (("member", "month", "place"), values),
            "mood": (("member", "month"), values[..., 0]),
        },
        coords={
            "member": np.arange(5),
            "month": pd.to_datetime(["2025-01-01", "2025-02-01"]),
            "place": ["here", "there"],
        },
        attrs={"first_forecast_month": "2025-02"},
    )


def counts(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["outcome", "month", "observed"])


BOTH = Outcome("both", "Both", "Ambos", "people", "people", {"place": "sum"})
HERE = Outcome("here", "Here", "Aquí", "people", "people", {"place": "here"})
LISTED = Outcome("listed", "Listed", "Lista", "people", "people", {"place": ["here", "there"]})


def test_sums_inside_members_then_takes_quantiles():
    table = summarise(tiny(), counts(("both", "2025-01", 21)), [BOTH, HERE])
    first = table.iloc[0]
    # Sums are 0, 11, 22, 33, 44: the 5 % quantile of five values lies a fifth of the first step up.
    assert first[["median", "lo50", "hi50"]].tolist() == [22, 11, 33]
    assert first[["lo90", "hi90"]].tolist() == pytest.approx([2.2, 41.8])
    assert first["observed"] == 21
    assert table["outcome"].tolist() == ["both", "both", "here", "here"]
    assert table["phase"].tolist() == ["history", "forecast"] * 2
    assert table.loc[3, "median"] == 4
    assert table["observed"].isna().tolist() == [False, True, True, True]


def test_side_by_side_puts_each_group_under_its_name_and_weighs_none():
    both = Outcome("both", "Both", "Ambos", "people", "people", {"place": "sum"}, group="people")
    here = Outcome("here", "Here", "Aquí", "people", "people", {"place": "here"}, group="places")
    summary = summarise(tiny(), counts(), [here, both])
    for language, heads, names in (
        ("en", ("People on the way", "Places"), ("Both", "Here")),
        ("es", ("Personas en el camino", "Lugares"), ("Ambos", "Aquí")),
    ):
        console = Console(width=100, file=io.StringIO())
        console.print(side_table(summary, [here, both], language))
        text = console.file.getvalue()
        order = [text.index(word) for word in (heads[0], names[0], heads[1], names[1])]
        assert order == sorted(order)
        assert "2025-02" in text
        assert "best" not in text
    with pytest.raises(CaudalError, match="field 'group'"):
        Outcome("x", "X", "X", "people", "people", group="winners")


def test_a_list_is_summed_and_no_dimension_is_left():
    assert np.array_equal(LISTED.draws(tiny()), BOTH.draws(tiny()))
    mood = Outcome("mood", "Mood", "Ánimo", "people", "mood")
    assert mood.draws(tiny()).shape == (5, 2)


def test_a_missing_number_stays_missing():
    ds = tiny()
    ds["people"][2, 0, 1] = np.nan
    table = summarise(ds, counts(), [BOTH])
    assert math.isnan(table.loc[0, "median"])
    assert to_json(table)["outcomes"][0]["months"][0]["median"] is None


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome("x", "X", "X", "people", "persons"), "'persons'; allowed: people, mood"),
        (Outcome("x", "X", "X", "people", "people"), r"each of the dimensions \['place'\]"),
        (Outcome("x", "X", "X", "people", "people", {"place": "nowhere"}), "allowed: here, there"),
        (Outcome("x", "X", "X", "people", "people", {"place": []}), "nothing; allowed"),
        (Outcome("x", "X", "X", "people", "mood", {"place": "sum"}), r"selects \['place'\]"),
    ],
)
def test_a_bad_outcome_is_refused_by_name(outcome, words):
    with pytest.raises(CaudalError, match=f"outcome x .*{words}"):
        summarise(tiny(), counts(), [outcome])


def test_refuses_what_would_mislead():
    with pytest.raises(CaudalError, match="2025-01 twice"):
        summarise(tiny(), counts(("both", "2025-01", 1), ("both", "2025-01-01", 2)), [BOTH])
    with pytest.raises(CaudalError, match=r"'month'.*spring.*YYYY-MM"):
        summarise(tiny(), counts(("both", "spring", 1)), [BOTH])
    ds = tiny()
    for found in (None, "soon", "NaT"):
        ds.attrs["first_forecast_month"] = found
        with pytest.raises(CaudalError, match="first_forecast_month"):
            summarise(ds, counts(), [BOTH])
    with pytest.raises(CaudalError, match="field 'panel'"):
        Outcome("x", "X", "X", "people", "people", panel="walls")


def test_json_is_plain():
    table = summarise(tiny(), counts(("here", "2025-01", 3)), [HERE])
    data = json.loads(json.dumps(to_json(table), allow_nan=False))
    assert data["outcomes"][0]["id"] == "here"
    assert data["outcomes"][0]["months"][0] == {
        "month": "2025-01", "phase": "history", "observed": 3.0,
        "median": 2.0, "lo50": 1.0, "hi50": 3.0, "lo90": 0.2, "hi90": pytest.approx(3.8),
    }  # fmt: skip


def test_short_numbers():
    found = [short(v) for v in (999.4, 999.6, 1000, 99_949, 99_951, 999_400, 999_600, -12_340)]
    assert found == ["999", "1.00k", "1.00k", "99.9k", "100k", "999k", "1.00M", "-12.3k"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_headline_table_fits_a_terminal(language):
    ds, outcomes = sample_run(members=5), sample_outcomes()
    table = summarise(ds, sample_observed(ds, outcomes), outcomes)
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(headline_table(table, outcomes, language))
    text = console.export_text()
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    months = " ".join(line[2:7] for line in text.splitlines() if line[:2] == "20")
    assert months == "26-03 26-04 26-05 26-06 26-07 26-08 26-11 27-05"
    last = table[(table["outcome"] == "mx.events") & (table["month"] == "2026-05-01")]
    assert short(last["observed"].item()) in text


def test_a_run_that_lies_off_its_last_count_says_so():
    outcomes = sample_outcomes()
    one = outcomes[0]
    rows = [
        ("2025-03", "history", 5.0),
        ("2025-04", "history", math.nan),
        ("2025-05", "forecast", 9.0),
    ]
    summary = pd.DataFrame(
        [
            {"outcome": one.id, "month": pd.Timestamp(m), "phase": phase, "observed": count,
             "median": 8.0, "lo50": 7.0, "hi50": 9.0, "lo90": 6.0, "hi90": 10.0}
            for m, phase, count in rows
        ]
    )  # fmt: skip
    (line,) = off_counts(summary, [one])
    assert f"{one.title_en}, 2025-03: 5 counted, the run has 8 (90 % 6–10)" in line
    (line,) = off_counts(summary, [one], "es")
    assert "5 contados" in line
    summary.loc[0, "observed"] = 6.5
    assert off_counts(summary, [one]) == []
