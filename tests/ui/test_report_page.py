"""The frozen page in a real browser, opened from disk: every size, both languages."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from browser import Browser
from caudal.report import page
from caudal.report.strings import strings
from report_sample import sample_payload

pytestmark = pytest.mark.ui

WIDTHS = (360, 1280, 1920)
SIZES = [(width, lang) for width in WIDTHS for lang in ("en", "es")]


class Report(Browser):
    """The frozen page, opened from disk."""

    def __init__(self, driver, file: Path) -> None:
        super().__init__(driver)
        self.file = file

    def open(self, width: int = 1280, **state: str) -> None:
        address = "&".join(f"{key}={value}" for key, value in state.items())
        self.go(f"{self.file.as_uri()}#{address}", width)
        self.wait("[...document.querySelectorAll('.large .frame svg')].length === 1")


@pytest.fixture(scope="module")
def browser(driver, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(page(sample_payload(members=12)), encoding="utf-8")
    return Report(driver, file)


@pytest.mark.parametrize(("width", "lang"), SIZES)
def test_whole_page_at_every_size(browser, width, lang):
    browser.open(width, lang=lang)
    browser.js("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    browser.wait("[...document.querySelectorAll('.frame')].every((f) => f.querySelector('svg'))")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
    empty = browser.js(
        """return [...document.querySelectorAll('figure:not(.score)')].filter((f) => {
             const paths = [...f.querySelectorAll('.frame svg path')];
             return paths.filter((p) => (p.getAttribute('d') || '').length > 200).length < 3;
           }).map((f) => f.innerText)"""
    )
    assert empty == []
    assert browser.js("return document.querySelectorAll('figure').length") > 45
    assert browser.js("return performance.getEntriesByType('resource').length") == 0
    assert browser.complaints() == []
    said = browser.text()
    assert not re.search(r"undefined|\bNaN\b|\[object|\{\w+\}", said)
    keys = {key.split(".")[0] for key in strings()["en"]} | {"us", "mx", "pa"}
    raw = re.findall(rf"\b(?:{'|'.join(keys)})\.[a-z_]+(?:\.\w+)*", said)
    assert raw == []
    other = strings()["en" if lang == "es" else "es"]
    mine = set(strings()[lang].values())
    foreign = [
        words
        for key, words in other.items()  # an agency's own name may stand as a source
        if len(words) > 12 and "{" not in words and words not in mine and key[:6] != "actor."
    ]
    assert len(foreign) > 60
    assert [words for words in foreign if words in said] == []


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("period", ["all", "years", "forecast"])
def test_names_beside_the_chart_do_not_touch(browser, lang, period):
    browser.open(1280, lang=lang, period=period)
    boxes = browser.js(
        """const svg = document.querySelector('.large svg').getBoundingClientRect();
           return [...document.querySelectorAll('.large svg .direct')].map((t) => {
             const b = t.getBoundingClientRect();
             return [b.left - svg.left, b.top - svg.top, svg.right - b.right, svg.bottom - b.bottom,
                     b.width, b.height];
           })"""
    )
    assert len(boxes) == 4
    assert all(min(box[:4]) >= 0 for box in boxes)
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = a[0] + a[4] <= b[0] or b[0] + b[4] <= a[0] or abs(a[1] - b[1]) >= 12
            assert apart, (a, b)


def test_policies_lie_under_the_chart(browser):
    for width in WIDTHS:
        browser.open(width, lang="es")
        shown = browser.js(
            """const lanes = document.querySelector('.lanes').getBoundingClientRect();
               const edge = (n) => n.getBoundingClientRect();
               const svg = document.querySelector('.large svg');
               const dashed = [...svg.querySelectorAll('line')]
                 .find((l) => l.closest('[stroke-dasharray]'));
               const names = [...document.querySelectorAll('.policy .name')];
               return {
                 out: names.filter((n) => edge(n).left < lanes.left - 1
                   || edge(n).right > lanes.right + 1).length,
                 names: names.length,
                 bars: [...document.querySelectorAll('.bar')].every((b) => edge(b).width > 2),
                 gap: edge(dashed).left - edge(document.querySelector('.tick.forecast')).left,
               }"""
        )
        assert shown["names"] == 9
        assert shown["out"] == 0
        assert shown["bars"] is True
        assert abs(shown["gap"]) < 2


def test_language_switch_is_kept_in_the_address(browser):
    browser.open(1280, lang="en", show="mx.events")
    assert browser.js("return document.documentElement.lang") == "en"
    browser.js("document.querySelector('.switches button[lang=es]').click()")
    assert "lang=es" in browser.driver.current_url
    browser.driver.refresh()
    browser.wait("document.querySelector('.large h3') !== null")
    assert browser.js("return document.documentElement.lang") == "es"
    heading = browser.js("return document.querySelector('.large h3').textContent")
    assert heading == "Personas presentadas o canalizadas en México"
    assert browser.js("return document.querySelector('#show').value") == "mx.events"


def test_numbers_and_months_follow_the_language(browser):
    for lang, month in (("en", "May 2026"), ("es", "mayo de 2026")):
        browser.open(1280, lang=lang)
        sentence = browser.js("return document.querySelector('.sentence').textContent")
        assert month in sentence
        assert re.search(r"\d{1,3},\d{3}", sentence)


def test_reading_a_month_with_the_keyboard(browser):
    browser.open(1280, lang="en")
    press = """const f = document.querySelector('.large .frame'); f.focus();
               for (const key of arguments[0]) f.dispatchEvent(new KeyboardEvent('keydown', {key}));
               const said = f.querySelector('[aria-live]').textContent;
               return [said, f.querySelector('.tip').hidden]"""
    said, hidden = browser.driver.execute_script(press, ["Home"])
    assert said.startswith("January 2018. Counted: ")
    assert hidden is False
    said, _ = browser.driver.execute_script(press, ["ArrowRight", "ArrowRight"])
    assert said.startswith("March 2018. ")
    said, _ = browser.driver.execute_script(press, ["End"])
    assert said.startswith("May 2027. Counted: no value.")
    _, hidden = browser.driver.execute_script(press, ["Escape"])
    assert hidden is True


def test_choosing_an_outcome_a_period_and_a_policy(browser):
    browser.open(1280, lang="en")
    browser.js(
        """const s = document.querySelector('#show');
           s.value = 'us.encounters.nationality.VEN';
           s.dispatchEvent(new Event('change'));"""
    )
    browser.wait("document.querySelector('.large h3').textContent === 'Venezuela'")
    browser.js("document.querySelectorAll('.controls .segments button')[2].click()")
    browser.wait("document.querySelectorAll('.policy').length === 3")
    assert "show=us.encounters.nationality.VEN&period=forecast" in browser.driver.current_url
    assert browser.js("return document.querySelectorAll('.lane').length") == 3
    browser.js("document.querySelector('.policy[data-id=us-2025]').click()")
    detail = browser.js("return document.querySelector('.policy-detail').innerText")
    assert "from January 20, 2025" in detail
    href = browser.js("return document.querySelector('.policy-detail a').href")
    assert href == "https://example.org/report"
    expanded = "return document.querySelectorAll('.policy[aria-expanded=true]').length"
    assert browser.js(expanded) == 1
    browser.js("document.querySelector('.policy-detail .close').click()")
    assert browser.js(expanded) == 0
    assert browser.complaints() == []


def test_a_policy_in_words(browser):
    browser.open(1280, lang="en", policy="us-title-42")
    detail = browser.js("return document.querySelector('.policy-detail').innerText")
    assert "United States" in detail
    assert "People are sent back\nMarch 20, 2020 to May 12, 2023; for Venezuela" in detail
    assert (
        "set to 2.5; for Venezuela; in force while a measured number is high: from 2,500" in detail
    )
    assert "public since December 30, 2020" in detail
    assert "An end on May 23, 2022 was announced on April 1, 2022 and stopped on May 20" in detail
    assert "Disputed in the sample" in detail
    assert "CUB" not in detail  # a code without a name is left out
    browser.open(360, lang="es", policy="us-title-42")
    detail = browser.js("return document.querySelector('.policy-detail').innerText")
    assert "El 1 de abril de 2022 se anunció el fin para el 23 de mayo de 2022" in detail


def test_policies_of_a_row_do_not_touch(browser):
    for width in WIDTHS:
        browser.open(width, lang="en")
        lanes = browser.js(
            """return [...document.querySelectorAll('.lane')].map((l) =>
                 [...l.querySelectorAll('.policy')].map((p) => {
                   const b = p.getBoundingClientRect(); return [b.left, b.right]; }))"""
        )
        assert sum(map(len, lanes)) == 9
        if width > 1000:
            assert len(lanes) < 9
        for lane in lanes:
            ordered = sorted(lane)
            assert all(a[1] < b[0] for a, b in pairwise(ordered))


def test_every_chart_has_words_and_a_table(browser):
    browser.open(1280, lang="en")
    figures = browser.js(
        """return [...document.querySelectorAll('figure:not(.score)')].map((f) => [
             f.querySelector('figcaption').innerText,
             f.querySelector('.frame').getAttribute('aria-label'),
             f.querySelector('details summary').textContent,
             f.querySelector('.source').textContent])"""
    )
    for caption, label, table, source in figures:
        assert caption.strip()
        assert re.search(r"Expected for May 2027: [\d,.]+, nine in ten", label), label
        assert table == "Numbers as a table"
        assert source.startswith(("Source of the counts: ", "No published series counts this"))
    rows = browser.js(
        """const d = document.querySelector('.large details'); d.open = true;
           return new Promise((done) => setTimeout(() => done(
             [...d.querySelectorAll('tbody tr')].map((r) => r.innerText)), 50))"""
    )
    assert len(rows) == 113
    assert rows[0].startswith("May 2027\tforecast\tno value\t")
    csv = browser.js("return decodeURIComponent(document.querySelector('.download').href)")
    assert "month,observed,median,lo50,hi50,lo90,hi90\n2018-01," in csv


@pytest.mark.parametrize(("width", "lang"), [(360, "en"), (360, "es"), (1280, "en"), (1280, "es")])
def test_past_forecasts_in_words_charts_and_tables(browser, width, lang):
    browser.open(width, lang=lang)
    browser.wait("document.querySelectorAll('.score .frame svg').length === 8")
    said = browser.js("return document.getElementById('skill').innerText")
    for words in {
        "en": ("no clear difference from the best simple method 1–", "It is not clearly better",
               "Of the counts 7–12 months ahead, ", " of 72 cases"),
        "es": ("sin diferencia clara con el mejor método simple a 1–", "No es claramente mejor",
               "De los recuentos a 7–12 meses, ", " de 72 casos"),
    }[lang]:  # fmt: skip
        assert words in said
    marks = browser.js(
        """return [...document.querySelectorAll('.score')].map((f) =>
             f.querySelectorAll('.frame svg circle, .frame svg rect').length)"""
    )
    # twelve months against two methods, two shares; three histograms of ten bins
    assert marks == [24, 24, 24, 30] * 2
    inside = browser.js(
        """return [...document.querySelectorAll('.score .frame')].every((f) => {
             const b = f.getBoundingClientRect();
             return [...f.querySelectorAll('circle, rect')].every((c) => {
               const d = c.getBoundingClientRect();
               return d.left >= b.left - 1 && d.right <= b.right + 1
                 && d.top >= b.top - 1 && d.bottom <= b.bottom + 1; }); })"""
    )
    assert inside
    rows = browser.js(
        """const d = document.querySelector('.score details'); d.open = true;
           return new Promise((done) => setTimeout(() => done(
             [...d.querySelectorAll('tbody tr')].map((r) => r.innerText)), 50))"""
    )
    assert len(rows) == 32  # twelve months and four ranges, against two methods
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == []


def test_dark_and_light_can_be_read(browser):
    contrast = """const rgb = (c) => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
        const light = (c) => { const [r, g, b] = rgb(c).map((v) => {
            v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const back = light(getComputedStyle(document.body).backgroundColor);
        return ['body', '.lead', '.source', 'a', '.direct', '.actor', '.unit'].map((s) => {
          const style = getComputedStyle(document.querySelector(s));
          const fore = light(s === '.direct' ? style.fill : style.color);
          return [s, (Math.max(fore, back) + 0.05) / (Math.min(fore, back) + 0.05)]; })"""
    grounds = set()
    for theme in ("light", "dark"):
        browser.open(1280, lang="en", theme=theme)
        grounds.add(browser.js("return getComputedStyle(document.body).backgroundColor"))
        for selector, ratio in browser.js(contrast):
            assert ratio >= 4.5, (theme, selector, ratio)
    assert len(grounds) == 2


def test_a_run_without_a_forecast(browser, tmp_path):
    payload = sample_payload(members=4)
    payload.update(forecast=None, policies=[], sources=[], limits=[])  # scores speak of forecasts
    file = tmp_path / "past.html"
    file.write_text(page(payload), encoding="utf-8")
    past = Report(browser.driver, file)
    past.open(1280, lang="en", period="years")
    assert past.complaints() == []
    assert "looks ahead" not in past.text()
    assert "Policies in force" not in past.text()
    sections = "return [...document.querySelectorAll('main > section')].map((s) => s.id)"
    assert past.js(sections) == ["short", "charts", "side", "people", "recipe"]
    assert past.js("return document.querySelectorAll('.headline thead th').length") == 2
    assert past.js("return document.documentElement.scrollWidth <= innerWidth")


def test_hostile_words_are_shown_not_run(browser, tmp_path):
    payload = sample_payload(members=4, scenario="</script><img src=x onerror=window.bad=1>")
    payload["policies"][0]["name"] = "<b onmouseover=window.bad=1>bold</b>"
    payload["policies"][0]["sources"][0]["url"] = "javascript:window.bad=1"
    file = tmp_path / "hostile.html"
    file.write_text(page(payload), encoding="utf-8")
    hostile = Report(browser.driver, file)
    hostile.open(1280, lang="en", policy=payload["policies"][0]["id"])
    assert hostile.js("return window.bad") is None
    assert "</script><img src=x onerror=window.bad=1>" in hostile.text()
    assert "<b onmouseover=window.bad=1>bold</b>" in hostile.text()
    assert hostile.js("return document.querySelectorAll('a[href^=javascript]').length") == 0
    assert hostile.complaints() == []
