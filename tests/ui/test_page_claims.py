"""Claims: the ledger filtered and opened by its address, and a pasted text that is only ever text."""

from __future__ import annotations

import pytest

from page_reading import stumbles

pytestmark = pytest.mark.ui

TOLD = "document.querySelector('.ledger details[open] .evidence svg')"
HOSTILE = (
    "In March 2021 the Border Patrol made more than 170,000 arrests \U0001f600. Some 520,000 people "
    'crossed the Darién in 2023. <img src=x onerror="window.hit=1"><b>bold</b>'
)


def test_a_claim_opens_with_its_counts_drawn_by_its_address(page):
    page.open("claims", lang="es", width=360, claim="a000-mexico-relaxed")
    page.wait(TOLD)
    inside = page.text(".ledger details[open]")
    assert "24,272" in inside
    assert "54,128" in inside
    assert "difiere de los recuentos" in inside
    assert "mx.events" not in inside  # the series has a name
    page.settle()
    assert stumbles(page, "es") == ""


def test_a_verdict_by_another_reading_says_so(page):
    page.open("claims", claim="a000-record-now", lang="en")
    page.wait(TOLD)
    inside = page.text(".ledger details[open]")
    assert "matches the counts, by another reading of the words" in inside
    assert "By the first reading alone the claim would not agree" in inside  # what the chart shows


def test_a_cause_says_with_what_it_was_run(page):
    page.open("claims", claim="a000-threat-raised-effort")
    page.wait("document.querySelector('.effects')")
    inside = page.text(".ledger details[open]")
    assert "96 draws" in inside
    assert "rests on priors" in inside


def test_filters_stand_in_the_address(page):
    page.open("claims", verdict="differs", document="a003")
    page.wait("document.querySelectorAll('.ledger > li').length > 0")
    badges = "return [...document.querySelectorAll('.ledger .badge')].map((b) => b.innerText)"
    assert all("differs from the counts" in b for b in page.js(badges))
    page.choose(".controls label:nth-child(3) select", "not testable")
    page.wait("document.querySelector('.ledger .badge').innerText.includes('not testable')")
    assert "verdict=not+testable" in page.driver.current_url


def test_a_text_is_read_and_stays_text(page):
    page.open("claims", part="read", on="2023-12-28")
    page.js("document.querySelector('#claims-text').value = arguments[0]", HOSTILE)
    page.click(".read-form button[type=submit]")
    page.wait("document.querySelectorAll('.proposals > li').length > 1", seconds=60)
    marks = page.js(
        "return [...document.querySelectorAll('.marked mark a')].map((m) => m.firstChild.data)"
    )
    assert marks[:2] == ["170,000", "520,000"]  # offsets count letters, not halves of an emoji
    assert page.text(".marked").count("<b>bold</b>") == 1
    assert page.js("return window.hit ?? document.querySelectorAll('.marked img').length") == 0
    assert "Crossings of the Darién" in page.text(".proposals")
    told = page.text(".proposals")
    assert "encounters at the southwest border, Border Patrol, March 2021" in told
    assert "169,216, March 2021" in told  # of Border Patrol, as the text says, not of both
    yaml = page.js("return document.querySelectorAll('.proposals details')[1].open = true")
    page.wait("document.querySelectorAll('.proposals textarea').length > 0")
    assert yaml
    assert "520000" in page.js("return document.querySelector('.proposals textarea').value")
