"""What counts say of a quantity: against published values, what is missing, and when it was out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from caudal.ask.claims_counts import Counts
from caudal.ask.claims_figures import published_on
from caudal.ask.claims_quantity import Joined, Leaf, Published, Stated
from caudal.ask.claims_time import Period
from caudal.corridor import corridor
from caudal.data.store import open_series

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def counts() -> Counts:
    return Counts(corridor())


def leaf(of: str, reduce: str = "sum", column: str | None = None, **where: list[str]) -> Leaf:
    return Leaf.model_validate({"of": of, "reduce": reduce, "where": where, "column": column})


def over(written: object) -> Period:
    return Period.parsed(written)


def test_published_totals(counts: Counts) -> None:
    """CBP: 101,099 in February 2021, 1,734,686 in fiscal 2021; 3,201,144 nationwide in 2023."""
    area = leaf("us.encounters.area")
    assert counts.value(area, over("2021-02")).value == 101_099
    assert counts.value(area, over("FY2021")).value == 1_734_686
    assert counts.value(leaf("us.encounters.nationwide"), over("FY2023")).value == 3_201_144


def test_reductions(counts: Counts) -> None:
    months = [counts.value(leaf("us.encounters.area"), over(f"2021-0{m}")).value for m in (1, 2, 3)]
    first = over(["2021-01", "2021-03"])
    for how, wanted in (
        ("sum", sum(months)), ("mean", np.mean(months)), ("max", max(months)), ("min", min(months)),
        ("last", months[-1]),
    ):  # fmt: skip
        assert counts.value(leaf("us.encounters.area", how), first).value == wanted
    assert counts.value(leaf("us.encounters.area"), first, monthly=True).value == np.mean(months)


def test_blanks_are_totals_unless_they_are_remainders(counts: Counts) -> None:
    frame = open_series("us.usbp.deaths")
    total = frame[(frame.fiscal_year == 2015) & (frame.area == "")].people.iloc[0]
    assert counts.value(leaf("us.usbp.deaths"), over("FY2015")).value == total
    area = open_series("us.encounters.area")
    month = area[area.month == "2018-03-01"]
    assert (month.nationality == "").any()
    assert counts.value(leaf("us.encounters.area"), over("2018-03")).value == month.people.sum()


def test_a_breakdown_that_was_not_published_is_not_counted(counts: Counts) -> None:
    """Ports tell no nationality before October 2019; Border Patrol does."""
    ports = leaf("us.encounters.area", component=["field_operations"], nationality=["HND"])
    assert counts.value(ports, over("2018-03")).missing == "nothing counted"
    assert counts.value(ports, over("2020-03")).missing is None


def test_no_row_between_rows_is_zero(counts: Counts) -> None:
    frame = open_series("us.encounters.area")
    picked = frame[(frame.nationality == "MMR") & (frame.unit == "family")]
    empty = sorted(set(frame.month) - set(picked.month))
    inside = [m for m in empty if picked.month.min() < m < picked.month.max()]
    assert inside
    rare = leaf("us.encounters.area", nationality=["MMR"], unit=["family"])
    month = next(m for m in inside if m.year > 2019)
    assert counts.value(rare, over(f"{month:%Y-%m}")).value == 0


def test_what_is_missing(counts: Counts) -> None:
    area = leaf("us.encounters.area")
    assert counts.value(area, over("2001-02")).missing == "nothing counted"
    assert counts.value(area, over("2051-02")).missing == "not yet counted"
    then = Counts(corridor(), date(2021, 3, 17))
    assert then.value(area, over("2021-03")).missing == "not yet counted"
    assert then.value(area, over("2021-01")).missing is None


def test_joined(counts: Counts) -> None:
    area, period = leaf("us.encounters.area"), over("2021-02")
    half = Joined(ratio=(area, Joined(sum=(area, area))))
    assert counts.value(half, period).value == 0.5
    assert counts.value(Joined(difference=(area, area)), period).value == 0
    nothing = Joined(ratio=(area, Joined(difference=(area, area))))
    assert counts.value(nothing, period).missing == "nothing to compare"
    late = Joined(sum=(area, leaf("us.gotaways.known")))
    assert counts.value(late, over("1999-02")).missing == "nothing counted"
    path = counts.path(half)
    assert np.allclose(path.values[np.isfinite(path.values)], 0.5)


def test_single_figures_and_the_day_they_were_out(counts: Counts) -> None:
    filed = Published(value="published-figures.001")
    assert counts.value(filed, over(2021)).value == 71_036
    assert counts.figures.named["published-figures.001"].out == date(2021, 3, 10)
    before, after = (Counts(corridor(), date(2021, 3, d), counts.figures) for d in (9, 10))
    assert before.value(filed, over(2021)).missing == "not yet counted"
    assert after.value(filed, over(2021)).missing is None
    own = {"number": 5, "source": {"title": "A page"}}
    assert counts.value(Stated.model_validate(own), over(2021)).value == 5
    assert after.value(Stated.model_validate(own), over(2021)).missing == "not yet counted"
    own["source"] = {"title": "A page", "date": "2021-03-01"}
    assert after.value(Stated.model_validate(own), over(2021)).value == 5


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("CBP July 2021 operational numbers (KGNS) https://x.tv/2021/08/13/numbers/", "2021-08-13"),
        ("TRAC, citing TRAC MPP data (10 Mar 2021)", "2021-03-10"),
        ("Departamento 19 / EFE 2024-07 (COMAR)", "2024-07-31"),
        ("DHS OIS 2017 (Efforts)", "2017-12-31"),
        ("a report https://x.org/document/503038617/", None),
    ],
)
def test_the_day_of_a_publication_is_the_latest_it_can_mean(text: str, day: str | None) -> None:
    assert published_on(text) == (None if day is None else date.fromisoformat(day))
