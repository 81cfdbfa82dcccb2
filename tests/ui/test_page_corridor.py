"""The corridor's map: what is chosen stands in the address, and the address shows it again."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.ui

MONTH = "return document.querySelector('.map-month').textContent"
DETAIL = "return document.querySelector('.detail h2').textContent"
WIDTH = (
    "return Number(document.querySelector('.flow[data-id=\"cross.rio-grande-valley\"] .line')"
    ".getAttribute('stroke-width'))"
)


def test_months_places_and_policies_are_links(page):
    page.open(
        "corridor", lang="en", month="2021-07", place="rio-grande-valley", policy="us-title-42"
    )
    page.wait("document.querySelector('.map-frame svg .flow')")
    assert page.js(MONTH) == "July 2021"
    assert page.js(DETAIL) == "Rio Grande Valley sector"
    assert "Title 42" in page.js("return document.querySelector('.policy-detail h4').textContent")
    wide = page.js(WIDTH)
    page.press(".slider", "Home")
    page.wait("location.hash.includes('month=2018-01')")
    assert page.js(MONTH) == "January 2018"
    assert page.js(WIDTH) < wide / 1.5
    page.click(".detail .close")
    page.wait("!location.hash.includes('place=')")
    assert page.js("return document.querySelectorAll('.areas li').length") == 13
    assert page.complaints() == []


def test_months_play_and_stop(page):
    page.open("corridor", lang="es", width=360, month="2023-01")
    page.wait("document.querySelector('.map-frame svg .flow')")
    page.click(".play")
    page.wait("document.querySelector('.map-month').textContent !== 'enero de 2023'")
    page.click(".play")
    assert page.js("return document.querySelector('.play').ariaPressed") == "false"
    assert page.js("return document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_city_says_what_its_number_holds_and_how_such_numbers_came_out(page):
    page.open("corridor", lang="es", month="2025-11", place="mx-rio-grande-valley", who="family")
    page.wait("document.querySelector('.detail .published table')")
    said = page.text(".detail")
    assert "Matamoros" in said
    assert "su lista en Nuevo Laredo" in said
    assert "Personas que esperan en Tijuana, Reynosa y Matamoros, diciembre de 2022" in said
    assert "22,000" in said
    page.js("document.querySelector('.detail details.fold').open = true")
    page.wait("document.querySelector('.detail a.download')")
    name, href = page.js(
        "const a = document.querySelector('.detail a.download'); return [a.download, a.href]"
    )
    assert name == "caudal-at.mx-rio-grande-valley-family.csv"
    head, first = unquote(href).split("utf-8,", 1)[1].splitlines()[:2]
    assert head == "\ufeffplace,what,who,unit,month,observed,median,lo50,hi50,lo90,hi90"
    assert first.startswith("Reynosa,")
    assert ",Personas en familia,personas,2018-01,,".lower() in first.lower()
    assert page.complaints() == []


def test_a_range_that_says_nothing_and_a_place_that_is_none_are_told(page):
    page.open("corridor", lang="es", month="2026-05", place="south")
    page.wait("document.querySelector('.detail .sentence')")
    wide = "ningún plan puede apoyarse en ella"
    assert wide in page.text(".detail")
    page.open("corridor", lang="es", month="2023-12", place="mx-san-diego")
    page.wait("document.querySelector('.detail h2')?.textContent === 'Tijuana'")
    assert wide not in page.text(".detail")
    page.open("corridor", lang="es", place="mx-rio-grande")
    page.wait("document.querySelector('main .refused')")
    assert "mx-rio-grande" in page.text("main .refused")
