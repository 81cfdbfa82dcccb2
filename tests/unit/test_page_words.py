"""The live page's files: each view has its words in both languages, and its style."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from caudal.report.strings import WEB, strings

VIEWS = re.findall(r'"(\w+)"', (WEB / "app" / "views.js").read_text("utf-8").split("VIEWS =")[1])
WORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in (WEB / "words").glob("*.json")}
WRITTEN = sorted(path.stem for path in (WEB / "app" / "views").glob("*.js") if path.stem in VIEWS)


def code_of(view: str) -> str:
    """The scripts of a view: its file, and those whose names begin with its own."""
    files = sorted((WEB / "app" / "views").glob(f"{view}*.js"))
    return "\n".join(path.read_text("utf-8") for path in files)


def test_every_view_is_written():
    assert sorted(VIEWS) == WRITTEN
    assert {"shell", *VIEWS} == WORDS.keys()
    assert all((WEB / "app" / "views" / f"{view}.css").is_file() for view in VIEWS)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_both_languages_say_the_same(name):
    english, spanish = WORDS[name]["en"], WORDS[name]["es"]
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        assert text.strip(), key
        assert spanish[key].strip(), key
        places = re.findall(r"\{(\w+)\}", text)
        assert sorted(places) == sorted(re.findall(r"\{(\w+)\}", spanish[key])), key
        assert key.split(".")[0] == name or name == "shell", key


@pytest.mark.parametrize("view", WRITTEN)
def test_a_view_says_only_words_that_exist(view):
    known = {**strings()["en"], **WORDS["shell"]["en"], **WORDS[view]["en"]}
    said = set(re.findall(r'\.say\(\s*"([\w.]+)"', code_of(view)))
    assert f"{view}.title" in known
    assert said <= known.keys()


@pytest.mark.parametrize("view", WRITTEN)
def test_no_view_makes_markup_from_text(view):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|style=\"", code_of(view)
    )


def _glossary() -> dict[str, list[str]]:
    """English terms and the Spanish words for each, without accents."""
    text = (WEB.parents[2] / "docs" / "glossary.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: [plain(word) for word in row[1].split(", ")] for row in rows}


def plain(text: str) -> str:
    return unicodedata.normalize("NFD", text.lower()).encode("ascii", "ignore").decode()


@pytest.mark.parametrize(
    "term",
    ["stock", "gate", "flow", "scenario", "mechanism", "parameter", "travel unit", "vintage",
     "caravan", "expulsion", "salience", "verdict", "outcome", "policy", "weather", "signal"],
)  # fmt: skip
def test_the_glossarys_words_are_the_pages(term):
    english = re.compile(rf"\b{re.escape(term.removesuffix('y'))}(s|y|ies)?\b", re.IGNORECASE)
    # The first word without its ending: "existencia" also as "existencias", "política" as "políticas".
    stems = [word.split()[0][:-1] for word in _glossary()[term]]
    found = 0
    for texts in (strings(), *WORDS.values()):
        for key, text in texts["en"].items():
            # What stands in braces is a place for a value.
            if english.search(re.sub(r"\{\w+\}", "", text)):
                found += 1
                spanish = plain(texts["es"][key])
                assert any(stem in spanish for stem in stems), (key, texts["es"][key])
    assert found, f"no word of the page holds {term!r}"
