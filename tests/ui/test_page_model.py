"""Model: the graph in words, a mechanism's own equations, parameters before and after the counts."""

from __future__ import annotations

import re

import pytest

from page_reading import stumbles

pytestmark = pytest.mark.ui


def test_the_graph_is_walked_stock_by_stock(page):
    page.open("model", stock="darien", lang="es", width=360)
    page.wait("document.querySelector('.picture img')?.naturalWidth > 1000")
    drawn = page.js(
        "return import('./app/views/model_words.js').then(async ({ drawnIn }) => {"
        "  const words = (await (await fetch('/words/model.json')).json()).es;"
        "  const t = { lang: 'es', has: (k) => k in words, say: (k, v = {}) => "
        r"    words[k].replace(/\{(\w+)\}/g, (_, n) => v[n]) };"
        "  return drawnIn(t, await (await fetch('/api/v1/model/graph.svg')).text());"
        "})"
    )
    names = set(re.findall(r">([^<>]+)</t(?:ext|span)>", drawn))
    assert {"Darién", "Devueltas", "9 lugares"} <= names
    assert not {"returned", "home", "stock", "9 places"} & names
    page.click('.both [data-stock="central_1"]')
    page.wait("document.querySelector('.view-model select').value === 'central_1'")
    assert "stock=central_1" in page.driver.current_url
    page.settle()
    assert stumbles(page, "es") == ""


def test_a_mechanism_shows_its_equations_and_parameters(page):
    page.open("model", mechanism="interdiction")
    page.wait("document.querySelectorAll('.prior .bands').length > 5")
    assert "hazard" in page.text("pre.formula")
    assert "Mexican enforcement" in page.text(".view-model h2")


def test_parameters_are_searched_and_sorted(page):
    page.open("model", part="parameters", sort="contraction", lang="es")
    page.wait("document.querySelectorAll('.prior').length === 40")
    about = (
        "return [...document.querySelectorAll('.prior-about p:first-child')]"
        r".map((p) => parseInt(/(\d+)\s%/.exec(p.innerText)?.[1] ?? 0))"
    )
    shares = page.js(about)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 50
    page.type(".view-model input[type=search]", "interdiction")
    page.wait("document.querySelectorAll('.prior').length < 40")
