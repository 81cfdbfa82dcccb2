"""Every view of the live page opens in both languages, says what it should and fits its window.

A few seconds each; the whole matrix of sizes and colours is in test_page_matrix.py (make gate).
"""

from __future__ import annotations

import pytest

from page_budget import first_look
from page_reading import VIEWS, WRITTEN, foreign, raw, stumbles, words

pytestmark = pytest.mark.ui

ASKS_FIRST = ("asof",)
"""Views that show nothing until a reader has chosen: they must offer the choice."""
SHOWN = "main .view :is(figure, svg, table)"


@pytest.mark.parametrize("view", WRITTEN)
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("es", 360)])
def test_a_view_opens(page, view, lang, width):
    page.open(view, width=width, lang=lang)
    page.settle()
    assert page.js("return document.querySelector('main h1').innerText").strip()
    due = "main .view form" if view in ASKS_FIRST else SHOWN
    assert page.js("return document.querySelectorAll(arguments[0]).length", due) > 0
    assert len(page.text("main")) > 200
    assert stumbles(page, lang) == ""


def test_the_first_view_is_the_default(page):
    page.go(f"{page.base}/", width=1280)
    page.stands(WRITTEN[0])
    current = "return document.querySelector('#menu [aria-current=page]').getAttribute('href')"
    assert page.js(current).startswith(f"#/{VIEWS[0]}")


def test_the_first_view_is_light_enough(page):
    cost = first_look(page, WRITTEN[0])
    assert cost.bytes <= 1_500_000
    assert cost.requests > 10  # it was not taken from a cache


def test_the_menu_leads_to_every_view_and_back(page):
    page.open(WRITTEN[-1], lang="es", theme="dark")
    links = "return [...document.querySelectorAll('#menu a')].map((a) => a.getAttribute('href'))"
    hrefs = page.js(links)
    assert [href.split("?")[0] for href in hrefs] == [f"#/{view}" for view in VIEWS]
    assert all("lang=es" in href and "theme=dark" in href for href in hrefs)
    page.click(f'#menu a[href^="#/{WRITTEN[0]}?"]')
    page.stands(WRITTEN[0])
    page.driver.back()
    page.stands(WRITTEN[-1])
    page.click(".switches button[lang=en]")
    page.wait("document.documentElement.lang === 'en'")
    page.stands(WRITTEN[-1])
    assert "lang=en" in page.driver.current_url


def test_the_menu_of_a_telephone_opens_by_keyboard(page):
    page.open(WRITTEN[0], width=360)
    shown = "return getComputedStyle(document.getElementById('menu')).display"
    assert page.js(shown) == "none"
    page.press("button.menu", "Enter")
    assert page.js(shown) == "flex"
    assert page.js("return document.querySelector('button.menu').ariaExpanded") == "true"


def test_what_the_tests_would_find():
    assert raw(["see now.title here", "skill.lead"]) == ["now.title", "skill.lead"]
    assert raw(["https://data.humdata.org/x data.gov", "us.csv", "The Data. all"]) == []
    assert raw(["NaN %", "{month}", "[object Object]"]) == ["NaN %", "{month}", "[object Object]"]
    assert foreign(["Loading …", "Cargando…"], "es") == ["Loading …"]
    assert foreign(["Cargando…"], "en") == ["Cargando…"]
    assert foreign(["42 % done"], "es") == []  # too short to tell from a number with a unit
    assert foreign(["This could not be shown: x"], "es") == ["This could not be shown: x"]
    assert foreign(["The series counts what is reported by the agency"], "es") != []
    assert len(words("en").whole) > 150
