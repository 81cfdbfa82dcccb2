"""The Lab: a policy moved on the timeline, what the law then says, the run, the link, the recipe."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from urllib.parse import unquote

import pytest
from selenium.webdriver.common.keys import Keys

from browser import SERVE
from page_reading import raw, stumbles

pytestmark = pytest.mark.ui

END = '[data-id="us-title-42"] .grip.end'
NAME = '[data-id="us-title-42"] button.name'
LAW = "document.querySelector('.law-box').innerText"
FILE = "return document.querySelector('a.download[download=\"caudal-compare.csv\"]').href"


def test_a_moved_end_is_the_law_at_once(page):
    page.open("lab", find="title 42", lang="en")
    page.wait(f"{LAW}.includes('nothing has been changed')")
    page.click(NAME)
    page.press(END, "PageDown", "ArrowLeft")
    page.wait(f"{LAW}.includes('from April 11, 2023 until May 12, 2023: 1 → not set')")
    assert page.js(f"return document.activeElement === document.querySelector('{END}')")
    assert page.js(f"return document.querySelector('{END}').ariaValueText") == "April 11, 2023"
    assert "Children excepted from Title 42" in page.js(f"return {LAW}")  # rests on the order
    page.go(page.driver.current_url)
    page.stands("lab")
    page.wait(f"{LAW}.includes('April 11, 2023')")
    page.js("document.querySelector('details.fold:has(#lab-yaml)').open = true")
    page.wait("document.querySelector('#lab-yaml').value.includes('ended: 2023-04-11')")
    page.type("#lab-yaml", "name: mine\ntitle: {en: a, es: b}\npolicies:\n  us-title-43: off\n")
    page.js("document.querySelector('#lab-yaml ~ .actions button').click()")
    page.wait("document.querySelector('#lab-yaml-said .refused')?.innerText.includes('Line 4')")
    assert "us-title-42" in page.text("#lab-yaml-said")  # the nearest name
    chosen = "const a = document.querySelector('#lab-yaml');"
    selected = page.js(f"{chosen} return a.value.slice(a.selectionStart, a.selectionEnd)")
    assert selected == "  us-title-43: off"


def test_a_day_can_be_typed(page):
    page.open("lab", find="title 42", policy="us-title-42", lang="en")
    page.wait(f"{LAW}.includes('nothing has been changed')")
    field = page.driver.find_element("id", "lab-end-us-title-42")
    field.send_keys("05152024")  # month, day, year: each digit is a change of its own
    assert "edits=" not in page.driver.current_url  # a half-written year is no edit
    field.send_keys(Keys.ENTER)
    page.wait(f"{LAW}.includes('until May 15, 2024')")
    assert page.js("return document.activeElement.id") == "lab-end-us-title-42"


def test_a_policy_of_ones_own_has_its_switch_days_and_value(page):
    page.open("lab", find="judges", lang="es")
    page.wait(f"{LAW}.includes('todavía no hay cambios')")
    page.js(
        "[...document.querySelectorAll('button')].find((b) => b.innerText.includes('Agregar')).click()"
    )
    page.choose("#lab-lever", "us.courts.judges")
    page.type("#lab-new-value", "900")
    page.click(".lab-new button[type=submit]")
    page.wait(f"{LAW}.includes('900')")
    assert "1 de enero de 2022" in page.js(f"return {LAW}")
    assert not stumbles(page, "es")
    page.js(
        "document.querySelector('.lab-card button[role=switch], .lab-card .fields button').click()"
    )
    page.wait(f"{LAW}.includes('todavía no hay cambios')")


@pytest.mark.gate
def test_the_whole_story(page, stranger, tmp_path):
    """Move Title 42's end, run, compare, copy the link; another browser and a shell say the same."""
    page.open("lab", find="title 42", members=16, lang="en")
    page.click(NAME)
    page.press(END, *["PageDown"] * 12)
    page.wait(f"{LAW}.includes('from May 12, 2022 until May 12, 2023')")
    page.click("#lab-go")
    page.wait("document.querySelector('#lab-sentence')", 300)
    assert "16 pairs" in page.text("#lab-sentence")
    page.wait("document.querySelector('#lab-command')", 300)
    said, shown = page.text("#lab-sentence"), page.text(".lab-shown")
    assert raw([shown]) == []
    assert not stumbles(page, "en")
    page.press(".lab-shown .large .frame", "Home", "ArrowRight")
    assert "May 2022" in page.text(".lab-shown .large .tip")
    page.click("#lab-share")
    page.wait("!document.querySelector('#lab-link').hidden")
    link = page.js("return document.querySelector('#lab-link').value")
    assert "edits" not in link
    file = page.js(FILE)

    other = stranger()
    other.go(link)
    other.stands("lab")
    other.wait("document.querySelector('#lab-command')", 120)
    assert other.text("#lab-sentence") == said
    assert other.js(FILE) == file

    command = other.text("#lab-command").strip()
    caudal = tmp_path / "caudal"
    caudal.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{SERVE}" "$@"\n')
    caudal.chmod(0o755)
    ran = subprocess.run(
        ["bash", "-c", f'PATH="{tmp_path}:$PATH"\n{command} --json'],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    mine = {(r["weather"], r["outcome"]): r for r in json.loads(ran.stdout)["rows"]}
    rows = list(csv.DictReader(io.StringIO(unquote(file.partition(",")[2]))))
    assert len(rows) == len(mine) > 100
    assert {row["weather"] for row in rows} == {"as-inferred", "without-jumps"}
    for row in rows:
        there = mine[row["weather"], row["outcome"]]
        for name in ("base", "median", "lo90", "hi90"):
            value = float(row[name]) if row[name] else None
            # The file has six digits, as a table for people does.
            assert value == (
                None if there[name] is None else pytest.approx(there[name], rel=5e-6)
            ), row


@pytest.mark.parametrize("lang", ["en", "es"])
def test_appointments_say_what_else_they_need(page, lang):
    """The ports turn away those who ask for asylum: appointments alone let nobody in."""
    page.open("lab", scenario="cbp-one-stays-2025", lang=lang)
    page.wait("document.querySelector('.law-box .resting')")
    assert "10888" in page.text(".law-box .resting")
    page.open("lab", scenario="no-hurricanes", lang=lang)
    page.wait("document.querySelector('.law-box ul.law')")
    assert "10888" not in page.text(".law-box")
