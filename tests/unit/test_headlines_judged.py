"""Published figures beside a made-up run of known numbers, and the command that shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import caudal.corridor
from caudal.ask.coverage import coverage, wilson
from caudal.ask.headlines import headlines, judged, own_fault, summary
from caudal.ask.quantities import quantity, variables_of
from caudal.cli import main
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit

MEMBERS = 200
YEAR = (date(2021, 1, 1), date(2022, 1, 1))
EMPTY = {"en": "", "es": ""}


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    """Two years of known numbers: flow 31 a day in each month, stock rising by a hundred a month."""
    months = pd.date_range("2021-01-01", "2022-12-01", freq="MS")
    days = months.days_in_month.to_numpy(float)
    flat = np.ones((MEMBERS, len(months)))
    spread = np.exp(0.1 * np.random.default_rng(1).standard_normal((MEMBERS, 1)))
    flow = np.stack([31 * days * flat, 10 * days * flat], -1)
    stock = 1000 + 100 * np.arange(len(months)) * flat
    return xr.Dataset(
        {
            "flow": (("member", "month", "place"), flow),
            "stock": (("member", "month"), stock),
            "uncertain": (("member", "month"), 100 * flat * spread),
            "none": (("member", "month"), 0 * flat),
        },
        coords={"month": months, "place": ["a", "b"]},
    )


@dataclass
class Known:
    """A figure whose answer is known."""

    value: float
    quantity: Mapping[str, Any]
    id: str = "known"
    error: float = 0.05
    period: tuple[date, date] = YEAR
    used: bool = False
    name: Mapping[str, str] = field(default_factory=lambda: {"en": "Known", "es": "Sabida"})
    reason: Mapping[str, str] = field(default_factory=lambda: EMPTY)


def leaf(of: str, reduce: str, **more: Any) -> dict[str, Any]:
    return {"of": of, "reduce": reduce, **more}


# --- quantities


@pytest.mark.parametrize(
    ("expression", "period", "expected"),
    [
        (leaf("flow", "sum"), YEAR, 41 * 365),
        (leaf("flow", "sum", where={"place": ["a"]}), YEAR, 31 * 365),
        (leaf("flow", "sum", across="mean"), YEAR, 20.5 * 365),
        (leaf("flow", "sum"), (date(2021, 1, 16), date(2021, 2, 15)), 41 * 30),
        (leaf("flow", "per_day"), (date(2021, 2, 3), date(2021, 2, 4)), 41),
        (leaf("flow", "per_month"), (date(2021, 3, 1), date(2021, 5, 1)), 41 * 61 / 2),
        (leaf("stock", "mean"), (date(2021, 1, 1), date(2021, 3, 1)), 1000 + 100 * 28 / 59),
        (leaf("stock", "last"), (date(2021, 1, 1), date(2021, 3, 2)), 1200),
        (leaf("stock", "max"), YEAR, 2100),
        (leaf("stock", "days"), (date(2021, 1, 30), date(2021, 2, 2)), 2 * 1000 + 1100),
        (leaf("stock", "growth_per_day"), (date(2021, 4, 13), date(2021, 4, 14)), 100 / 30),
        (leaf("stock", "last", times=2.0), YEAR, 4200),
        ({"ratio": [leaf("stock", "days"), leaf("flow", "sum")], "times": 41.0},
         (date(2021, 1, 1), date(2021, 2, 1)), 1000),
        ({"difference": [leaf("stock", "last"), leaf("stock", "last", period=(
            date(2021, 1, 1), date(2021, 1, 2)))]}, YEAR, 1100),
        ({"sum": [leaf("stock", "last"), leaf("stock", "last"), leaf("none", "sum")]}, YEAR, 4200),
    ],
)  # fmt: skip
def test_quantities_have_their_known_values(
    run: xr.Dataset, expression: dict[str, Any], period: tuple[date, date], expected: float
) -> None:
    assert quantity(expression, period, run, "x") == pytest.approx(np.full(MEMBERS, expected))


def test_a_share_of_nobody_is_missing_and_never_inside(run: xr.Dataset) -> None:
    share = {"ratio": [leaf("stock", "last"), leaf("none", "sum")]}
    found = judged(Known(1.0, share), run)
    assert np.isnan([found.median, found.width]).all()
    assert not found.inside90


@pytest.mark.parametrize(
    ("expression", "period", "told"),
    [
        (leaf("deaths", "sum"), YEAR, "headline known: the run has no variable 'deaths'; allowed: "
                                      "flow, none, stock, uncertain"),
        (leaf("stock", "sum", where={"place": ["a"]}), YEAR, "'stock' has no dimension 'place'"),
        (leaf("flow", "sum", where={"place": ["c"]}), YEAR, "no place 'c'; allowed: a, b"),
        (leaf("flow", "sum"), (date(2020, 12, 1), date(2021, 2, 1)), "does not hold 2020-12-01 to"),
        (leaf("flow", "sum"), (date(2022, 12, 1), date(2023, 1, 2)), "allowed: 2021-01 to 2022-12"),
        (leaf("stock", "growth_per_day"), YEAR, "no month before the period"),
    ],
)  # fmt: skip
def test_what_a_run_lacks_is_named(
    run: xr.Dataset, expression: dict[str, Any], period: tuple[date, date], told: str
) -> None:
    with pytest.raises(CaudalError) as error:
        judged(Known(1.0, expression, period=period), run)
    assert told in str(error.value)


def test_variables_of_a_compound_are_each_named_once() -> None:
    both = {"sum": [leaf("b", "sum"), {"ratio": [leaf("a", "sum"), leaf("b", "sum")]}]}
    assert variables_of(both) == ("a", "b")


# --- judgements


def test_an_interval_holds_what_it_should(run: xr.Dataset) -> None:
    """Model spread 0.1 and error 0.2 make a log sd of 0.22: the 90 % interval is a factor 2.1."""
    found = judged(Known(100.0, leaf("uncertain", "last"), error=0.2), run)
    assert found.inside50
    # 200 members: their own sd is known to 5 %, so that the width lies within 12 % (5 sd)
    assert found.width == pytest.approx(np.exp(2 * 1.645 * np.hypot(0.1, 0.2)), rel=0.12)
    assert judged(Known(130.0, leaf("uncertain", "last"), error=0.2), run).inside90
    assert not judged(Known(130.0, leaf("uncertain", "last"), error=0.2), run).inside50
    assert not judged(Known(190.0, leaf("uncertain", "last"), error=0.2), run).inside90
    assert not judged(Known(130.0, leaf("uncertain", "last"), error=0.001), run).inside90


def test_a_figures_answer_does_not_depend_on_the_others(run: xr.Dataset) -> None:
    one, two = Known(100.0, leaf("uncertain", "last")), Known(90.0, leaf("stock", "max"), id="b")

    class Here:
        headlines = (two, one)

    assert headlines(Here(), run)[0][1] == judged(one, run)  # none is used: no fault is sought
    assert judged(one, run).median != judged(Known(100.0, one.quantity, id="c"), run).median


def test_the_summary_is_of_the_unused(run: xr.Dataset) -> None:
    right, wrong = leaf("uncertain", "last"), leaf("stock", "last")
    all_of = [
        judged(Known(100.0, right, id="a"), run),
        judged(Known(100.0, right, id="b"), run),
        judged(Known(100.0, wrong, id="c"), run),
        judged(Known(100.0, wrong, id="d", used=True), run),
    ]
    found = summary(all_of, all_of, 0.0)
    assert (found.figures, found.used, found.unused) == (4, 1, 3)
    assert found.misses == ("c",)
    assert (found.coverage90.inside, found.coverage90.figures) == (2, 3)
    assert found.coverage90.by_variable == pytest.approx(0.5)
    assert (found.coverage90.lo, found.coverage90.hi) == wilson(2, 3)
    assert found.median_width == pytest.approx(all_of[0].width, rel=0.1)
    with pytest.raises(CaudalError, match="every figure is used"):
        summary(all_of[3:], all_of[3:], 0.0)


def test_the_models_own_fault_is_what_the_used_figures_ask_for(run: xr.Dataset) -> None:
    """Ten figures used, of which one may be missed; what is not used has no say."""
    tight = leaf("stock", "last")
    centre = judged(Known(1.0, tight, error=1e-4), run).median
    given = [Known(centre * f, tight, id=f"u{i}", used=True, error=1e-4)
             for i, f in enumerate([1.0] * 7 + [1.3, 1 / 1.3, 9.0])]  # fmt: skip

    class Here:
        headlines = (*given, Known(centre * 1.2, tight, id="n", error=1e-4))

    found, said = headlines(Here(), run)
    # log 1.3 = 0.262 lies within 1.645 × 0.2 and beyond 1.645 × 0.15, by more than sampling noise
    assert said.fault == pytest.approx(0.2)
    assert found[-1].inside90
    assert (said.bare90.inside, said.coverage90.inside) == (0, 1)
    assert said.bare_width < said.median_width == pytest.approx(np.exp(2 * 1.645 * 0.2), rel=0.15)
    assert own_fault([judged(f, run) for f in given[:7]]) == 0.0


def test_wilsons_interval_has_its_published_values() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857, table I: 81/263, 15/148, 0/20, 1/29."""
    for inside, n, lo, hi in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        assert wilson(inside, n) == pytest.approx((lo, hi), abs=5e-5)
    assert coverage(0.9, [(("x",), True)] * 20).lo == pytest.approx(1 - 0.1611, abs=5e-5)


# --- the command


def fake(run: xr.Dataset, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    class Here:
        headlines = (
            Known(100.0, leaf("uncertain", "last"), id="held"),
            Known(100.0, leaf("stock", "last"), id="missed"),
            Known(100.0, leaf("stock", "last"), id="known-before", used=True),
        )

    for figure in Here.headlines:
        for name in ("why", "caveat"):
            setattr(figure, name, EMPTY)
        for name in ("low", "high", "unit", "kind", "source", "title", "url", "derived"):
            setattr(figure, name, "")
    monkeypatch.setattr(caudal.corridor, "corridor", Here)
    run.assign_attrs(run_id="abc").to_netcdf(folder / "results.nc")


def test_the_command_reads_a_run_and_sums_up(
    run: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    fake(run, monkeypatch, tmp_path)
    assert main(["headlines", "--run", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "3 figures, 1 used, 2 not used" in told
    assert "inside the 90% interval: 1 of 2, 50%" in told
    assert "(missed): unexplained" in told
    assert main(["headlines", "--run", str(tmp_path), "--lang", "es", "--unused"]) == 0
    told = capsys.readouterr().out
    assert "sin explicar" in told
    assert told.count("Sabida") == 3, "two rows and the miss"
    assert main(["headlines", "--run", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [h["inside90"] for h in printed["headlines"]] == [True, False, False]
    assert printed["summary"]["misses"] == ["missed"]
    assert printed["run"]["run_id"] == "abc"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--lang", "fr"], "--lang: unknown language 'fr'; allowed: en, es"),
        (["--run", "nowhere"], "no results.nc in it"),
    ],
)
def test_a_bad_option_is_refused(words: list[str], told: str, capsys: Any) -> None:
    assert main(["headlines", *words]) == 2
    assert told in capsys.readouterr().err
