"""Now, Skill and As of: their numbers are the service's, and what is chosen stands in the address."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.ui

LARGE = "main .large figcaption h3"
BAND = ".large svg [fill='var(--band90)']"
GOT = "return fetch('/api/v1' + arguments[0]).then((answer) => answer.json())"


def same(number: float) -> str:
    """A count as the page writes it."""
    return f"{number:,.0f}"


def test_now_tells_the_newest_count_and_keeps_what_is_chosen(page):
    page.open("now", lang="en")
    told = page.js(GOT, "/now")
    newest = told["changed"][0]
    assert same(newest["count"]) in page.text("main .sentence")
    first = told["outcomes"][0]
    assert page.text(LARGE) == first["title"]["en"]
    other = next(o for o in told["outcomes"] if o["panel"] == "units")
    page.choose("#now-show", other["id"])
    page.wait(f"document.querySelector('{LARGE}').innerText === {other['title']['en']!r}")
    page.click("#small .segments button:nth-child(3)")
    address = page.driver.current_url
    assert other["id"] in address
    assert "by=areas" in address
    page.go(address.replace("lang=en", "lang=es"))
    page.stands("now")
    assert page.text(LARGE) == other["title"]["es"]
    assert page.text("#small [aria-pressed=true]") == "Lugares"
    assert page.complaints() == []


def test_now_draws_the_forecast_after_the_last_count(page):
    page.open("now", lang="en", show="us.expulsions")
    # counted until 2023 and never forecast: no band, and said so
    assert page.js("return document.querySelector(arguments[0])", BAND) is None
    assert "not forecast" in page.text("main .first")
    page.choose("#now-show", "us.encounters.southwest")
    page.wait(f'document.querySelector("{BAND}")')
    assert page.complaints() == []


def test_skill_shows_the_scores_of_what_is_chosen(page):
    page.open("skill", lang="en")
    page.wait(
        "document.querySelector('#targets tbody tr') && document.querySelector('#figures svg')"
    )
    asked = "/skill?table=skill&target=area:big-bend&mode=aware&horizon=12&scale=log&baseline=best"
    (row,) = page.js(GOT, asked)["skill"]
    page.choose("#skill-target", "area:big-bend")
    page.click("#targets .segments button:nth-child(2)")
    page.wait("document.querySelector('.detail a.download[download$=\"big-bend-aware.csv\"]')", 30)
    assert "Big Bend" in page.text(".detail h4")
    assert "target=area%3Abig-bend" in page.driver.current_url
    assert "mode=aware" in page.driver.current_url
    page.js("document.querySelector('.detail details').open = true")
    page.wait("document.querySelector('.detail tbody tr')")
    assert f"{row['ratio']:.3g}" in page.text(".detail table")
    told = page.js(GOT, "/headlines?used=false")
    assert f"Of {told['unused']} figures" in page.text("#figures .reading")
    assert page.complaints() == []


@pytest.mark.gate
def test_an_article_is_judged_on_its_day_and_today(page):
    page.open("asof", lang="es", article="a003")
    page.wait("document.querySelector('.side.followed')", 120)
    assert page.js("return document.getElementById('asof-day').value") == "2024-05-15"
    shown = "return document.querySelectorAll('#asof-chart svg circle').length"
    with_later = page.js(shown)
    page.click("#asof-later")
    assert page.js(shown) < with_later
    assert "followed=hidden" in page.driver.current_url
    found = page.js(GOT, "/claims?document=a003")["claims"]
    page.click("#asof-claims p .plain")
    page.wait(f"document.querySelectorAll('#asof-claims .card').length === {len(found)}")
    assert page.complaints() == []


def test_a_day_that_is_none_is_said_so(page):
    page.open("asof", lang="en", day="2024-02-31")
    page.wait("document.querySelector('main [role=alert]')", 30)
    assert "2024-02-31" in page.text("main [role=alert]")


def test_a_chart_is_saved_for_print_with_its_source_and_the_forecast_it_shows(page):
    page.open("now", lang="en")
    page.wait("document.querySelector('.pictures button') && document.querySelector('.large svg')")
    page.js(
        "const make = URL.createObjectURL; window.saved = null;"
        "URL.createObjectURL = (blob) => {"
        " blob.text().then((text) => { window.saved = text; }); return make(blob); };"
    )
    page.click(".pictures button")
    page.wait("window.saved")
    saved = page.js("return window.saved")
    forecast = page.js(GOT, "/now")["forecast"]["id"]
    assert saved.startswith("<?xml")
    assert "US Customs and Border Protection" in saved
    assert f"forecast {forecast}" in saved
    assert "var(--" not in saved.split("<text")[-1]
    assert forecast in page.text(".cite")
    assert page.complaints() == []
