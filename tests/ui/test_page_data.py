"""Data: a series is found, drawn as it was published, and told by its parts."""

from __future__ import annotations

import pytest

from caudal.data.store import open_series
from page_reading import stumbles

pytestmark = pytest.mark.ui

READ = "document.querySelector('figure.large .read')?.innerText"


def test_a_search_finds_a_series_and_its_newest_count(page):
    page.open("data", lang="es", q="evasiones conocidas")
    page.wait("document.querySelectorAll('.cards .card').length === 1")
    page.click(".cards a")
    page.wait(READ)
    table = open_series("us.gotaways.known")
    told = table.dropna(subset=["people"]).sort_values("month").iloc[-1]
    assert f"{int(told.people):,}" in page.js(f"return {READ}")
    assert "series=us.gotaways.known" in page.driver.current_url
    page.settle()
    assert stumbles(page, "es") == ""


def test_parts_are_added_up_as_the_blanks_of_a_series_allow(page):
    page.open("data", series="us.encounters.area", by="unit", width=360)
    page.wait("document.querySelectorAll('figure.small').length === 3")
    assert "by=unit" in page.driver.current_url
    whole = "return document.querySelector('figure.large details.fold').open = true"
    page.js(whole)
    page.wait("document.querySelector('figure.large tbody td')")
    newest = page.js("return document.querySelector('figure.large tbody td').innerText")
    table = open_series("us.encounters.area")
    assert newest == f"{int(table[table.month == table.month.max()].people.sum()):,}"
    page.choose(".controls select", "component")
    page.wait("document.querySelectorAll('figure.small').length === 2")


@pytest.mark.gate
def test_the_model_is_held_against_a_series(page):
    page.open("data", series="mx.events")
    page.wait("document.querySelector('.part button.main')")
    page.click(".part button.main")
    page.wait("document.querySelectorAll('figure.large').length === 2", seconds=300)
    said = page.text(".view-data .part")
    assert "the count lies inside the 90 % interval" in said
    assert "caudal run baseline --members 16" in page.text(".view-data .part pre")
    assert "fit=1" in page.driver.current_url
