"""Why, Outcomes and Journeys in a browser: what is chosen stands in the address and comes back."""

from __future__ import annotations

import pytest

from caudal.service import shipped
from caudal.service.ended import ended

pytestmark = pytest.mark.ui


def again(page) -> None:
    """Open the page's own address anew, as somebody else would."""
    address = page.driver.current_url
    page.driver.get("about:blank")
    page.go(address)
    page.stands(address.partition("#/")[2].partition("?")[0])
    page.settle()


def test_a_change_is_laid_out_and_its_parts_sum_to_what_was_counted(page):
    page.open("why", lang="es", width=1280)
    page.settle()
    first = page.text("#why-sentence")
    page.click(".case:nth-of-type(2)")
    page.wait("location.hash.includes('from=2023-12')")
    second = page.text("#why-sentence")
    assert first != second
    assert "112,622" in second
    again(page)
    assert page.text("#why-sentence") == second
    made = shipped.attributions()[1]
    bars = page.js("""
      return [...document.querySelectorAll('.waterfall:not(.effects) ol > li .bar')].map((b) =>
        [parseFloat(b.style.left), parseFloat(b.style.width), b.className]);
    """)
    assert len(bars) == len(made["rows"])
    fall = -sum(width for _, width, kind in bars if "whole" in kind)
    steps = page.js("""
      const rows = [...document.querySelectorAll('.waterfall:not(.effects) ol > li')].slice(0, -1);
      return rows.map((r) => {
        const up = !r.querySelector('b').textContent.startsWith('−');
        return (up ? 1 : -1) * parseFloat(r.querySelector('.bar').style.width);
      });
    """)
    assert sum(steps) == pytest.approx(fall, abs=0.5)


def test_an_effect_says_on_what_it_rests(page):
    page.open("why", lang="en", width=360)
    page.settle()
    told = {q["id"]: q for q in shipped.effects()["questions"]}
    shown = page.js(
        "return [...document.querySelectorAll('.effects .basis')].map((b) => b.className)"
    )
    assert shown == [f"basis {q['answers'][0]['rests_on']}" for q in told.values()]
    page.choose("#why-effect", "deaths")
    with_deaths = [q for q in told.values() if any(a["quantity"] == "deaths" for a in q["answers"])]
    rows = "document.querySelectorAll('.effects ol > li').length"
    page.wait(f"{rows} === {len(with_deaths)}")
    again(page)
    assert page.js(f"return {rows}") == len(with_deaths)


def test_a_year_and_a_group_come_back_with_the_address(page):
    page.open("outcomes", lang="en", width=1280, year=2023)
    page.settle()
    page.choose("#outcomes-year", "2021")
    page.wait("document.querySelector('.sentence').textContent.includes('September 2021')")
    page.js("document.querySelector('.node[data-id=HND]').dispatchEvent(new Event('click'))")
    quiet = "return document.querySelectorAll('.link.quiet').length"
    dimmed = page.js(quiet)
    assert dimmed > 0
    again(page)
    assert page.js(quiet) == dimmed
    rows = ended(None, 2021, "nationality", None)["rows"]
    home = next(r for r in rows if r["group"] == "all" and r["flow"] == "home")
    said = page.js("return document.querySelector('.node[data-id=home]').textContent")
    assert f"{home['mean'] / 1000:.0f}K" in said


def test_the_journey_that_was_opened_is_open_again(page):
    page.open("journeys", lang="es", width=360)
    page.settle()
    assert "Estas personas no existen" in page.text(".invented")
    page.click(".kinds > li:nth-child(3) summary")
    page.wait("location.hash.includes('kind=3')")
    again(page)
    told = shipped.document("journeys.json")["examples"][0]
    lines = next(j for j in told["journeys"] if j["kind"] == 3)["lines"]
    shown = page.js(
        "return [...document.querySelectorAll('details[open] .steps .what')].map((s) => s.textContent)"
    )
    assert shown == [line["text"]["es"] for line in lines]
