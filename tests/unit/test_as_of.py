"""As of a day: nothing published or decided later stands on the side that was known."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest

from caudal.ask.as_of import as_of, totals
from caudal.corridor import Corridor
from caudal.corridor.observables import OUTCOMES, observed_long
from caudal.data import store
from caudal.errors import CaudalError
from caudal.forecast.past import KEYS
from caudal.report.as_of import as_of_document, number, rules, words

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 1)
DAYS = (date(2021, 3, 12), date(2021, 3, 17), date(2023, 12, 28), date(2024, 5, 15))


def past(corridor: Corridor, until: str = "2024-11") -> pd.DataFrame:
    """A table of forecasts, made up: the origin's number and the horizon tell what is forecast."""
    origins = pd.period_range("2019-10", until, freq="M")
    rows = []
    for p in corridor.predictands():
        for (i, origin), cell in product(enumerate(origins), p.labels[:2]):
            for horizon in (1, 2, 12):
                at = 100 * i + horizon
                told = {
                    "median": at,
                    "lo50": at - 1,
                    "hi50": at + 1,
                    "lo90": at - 9,
                    "hi90": at + 9,
                }
                learned = "" if i < 24 else f"{origins[i - i % 12]}"
                rows.append((p.name, cell, f"{origin}", horizon, learned, *told.values()))
    return pd.DataFrame(
        rows, columns=[*KEYS, "learned_to", "median", "lo50", "hi50", "lo90", "hi90"]
    )


def asked(corridor: Corridor, day: date, table: pd.DataFrame | None = None):
    def counted(known: date | None) -> pd.DataFrame:
        return observed_long(corridor, known or TODAY, known)

    return as_of(corridor, day, counted, past(corridor) if table is None else table, TODAY)


def known_side(answer):
    """All that is told as known that day."""
    lines = [(x.outcome, x.month, x.count, x.before, x.year_ago) for x in answer.lines]
    ahead = [replace(x, came=None) for x in answer.forecast]
    return lines, answer.in_force, answer.announced, answer.origin, answer.learned_to, ahead


class AsItWas(Corridor):
    """The corridor with nothing in its law that was decided or written after `day`."""

    day = TODAY

    @property
    def law(self):
        return super().law.as_known(self.day)


@pytest.mark.parametrize("day", DAYS)
def test_what_was_known_stays_whatever_came_later(day, monkeypatch):
    here = Corridor()
    whole = asked(here, day)
    assert whole.lines
    assert whole.in_force

    real = store.open_series

    def muddled(series_id, published_by=None):
        """Every number that came out later is another one."""
        frame = real(series_id, published_by)
        period = frame.columns.intersection(store.PERIODS)
        # the publication that named nationalities before October 2019 came years later
        if period.empty or series_id == "us.encounters.ohss":
            return frame
        delay = pd.Timedelta(days=store.provenance(series_id).delay_days)
        later = store.period_end(frame[period[0]]) + delay > pd.Timestamp(day)
        for name in frame.columns.difference(store.PERIODS):
            if pd.api.types.is_numeric_dtype(frame[name]):
                frame.loc[later, name] = 3 * frame.loc[later, name] + 7
        return frame

    readers = [m for n, m in sys.modules.items() if n.startswith("caudal.")]
    for module in readers:
        if getattr(module, "open_series", None) is real:
            monkeypatch.setattr(module, "open_series", muddled)
    monkeypatch.setattr(AsItWas, "day", day)
    table = past(here)
    early = table[pd.PeriodIndex(table["origin"], freq="M").end_time < pd.Timestamp(day)]
    cropped = asked(AsItWas(), day, early)
    for one, other in zip(known_side(cropped), known_side(whole), strict=True):
        assert one == other
    # what followed is not the same: the later numbers were really others
    assert [x.followed for x in cropped.lines] != [x.followed for x in whole.lines]
    assert not cropped.decided


@pytest.mark.parametrize("day", DAYS)
def test_what_followed_is_later_than_what_was_known(day):
    answer = asked(Corridor(), day)
    for line in answer.lines:
        assert line.month < day
        assert all(month > line.month for month, _ in line.followed)
    for row in answer.decided:
        for span in row["spans"]:
            new = [k for k in (span["known_on"], span["until_known_on"]) if k and k > f"{day}"]
            assert new
    assert answer.origin is not None
    assert answer.origin + timedelta(days=31 + 31) <= day + timedelta(days=3)


def test_counts_are_those_of_the_publication():
    lines = {x.outcome: x for x in asked(Corridor(), date(2021, 3, 17)).lines}
    southwest = lines["us.encounters.southwest"]
    # CBP, southwest land border encounters
    assert (southwest.month, southwest.count) == (date(2021, 1, 1), 78414)
    assert (southwest.before, southwest.year_ago) == (73994, 36585)
    assert southwest.followed[:2] == ((date(2021, 2, 1), 101099), (date(2021, 3, 1), 173277))


def test_a_day_before_the_first_forecast_has_none():
    answer = asked(Corridor(), date(2019, 6, 15))
    assert answer.origin is None
    assert answer.forecast == ()
    assert answer.lines


@pytest.mark.parametrize("day", [date(2018, 1, 15), TODAY + timedelta(days=1)])
def test_days_outside_are_one_clear_error(day):
    with pytest.raises(CaudalError, match=f"{day}"):
        asked(Corridor(), day)


def test_the_document_has_both_languages_and_what_came_only_where_it_followed():
    here = Corridor()
    answer = asked(here, date(2023, 12, 28))
    titles = {o["id"]: {"en": o["title_en"], "es": o["title_es"]} for o in OUTCOMES}
    said = {"en": "He said <b>so</b>", "es": "Lo dijo"}
    claims = [{"text": said, "who": "X", "then": said, "today": said}]
    about = {"outlet": "An outlet", "published": "2023-12-28"}
    made = as_of_document(answer, titles, totals(answer.forecast), claims, about, "es")
    assert made.startswith('<!doctype html>\n<html lang="es">')
    assert "<b>so</b>" not in made
    for language in ("en", "es"):
        body = made.split(f'<main class="document" lang="{language}">')[1].split("</main>")[0]
        before, after = body.split(f'id="followed-{language}"')
        came = words("came")[language]
        assert came not in before
        assert came in after
        # encounters of November 2023 were out, those of December not
        assert number(242427.0) not in before  # CBP: southwest land border, November 2023
    assert rules([]).rows == []


def test_numbers_are_told_whole():
    assert [number(x) for x in (None, 0.0, 1234567.8)] == ["", "0", "1,234,568"]
    assert np.isfinite(float(number(999.0)))
