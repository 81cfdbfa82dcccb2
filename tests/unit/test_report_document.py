"""Documents without a script: both languages, everything escaped, nothing fetched."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from caudal.errors import CaudalError
from caudal.report.document import Drawing, Heading, Link, Paragraph, Table, document

pytestmark = pytest.mark.unit

TITLE = {"en": "What was known", "es": "Lo que se sabía"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=y>\"'&"


class Read(HTMLParser):
    """Tags, addresses, and the text of each language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text: dict[str, str] = {}
        self._language = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "main":
            self._language = given["lang"] or ""
        self.addresses += [v for k, v in attrs if k in ("href", "src") and v and tag != "link"]
        assert not any(k.startswith("on") for k in given)

    def handle_data(self, data):
        if self._language:
            self.text[self._language] = self.text.get(self._language, "") + data


def test_each_language_has_its_own_words_and_the_first_is_the_one_asked_for():
    parts = [Heading({"en": "Counts", "es": "Conteos"}), Paragraph("2024-01", "note")]
    made = document(TITLE, parts, "es")
    read = Read(made)
    assert "Counts" in read.text["en"]
    assert "Conteos" not in read.text["en"]
    assert "Conteos" in read.text["es"]
    assert "Counts" not in read.text["es"]
    assert 'id="language-es" checked' in made
    assert 'id="language-en" checked' not in made
    assert made.startswith('<!doctype html>\n<html lang="es">')
    assert document(TITLE, parts, "es") == made


def test_what_a_user_wrote_never_becomes_markup():
    parts = [
        Heading(HOSTILE, mark=HOSTILE), Paragraph(HOSTILE, HOSTILE),
        Link(HOSTILE, "https://a.example/?q=" + HOSTILE),
        Table([HOSTILE], [[HOSTILE], [Link("x", "javascript:alert(1)")]], HOSTILE),
    ]  # fmt: skip
    read = Read(document(HOSTILE, parts))
    assert not {"script", "img"} & set(read.tags)
    assert all(a.startswith("https://a.example/") for a in read.addresses)
    assert HOSTILE in read.text["en"]
    assert HOSTILE in read.text["es"]


def test_places_in_the_document_are_reached_in_the_same_language():
    made = document(TITLE, [Heading("A", mark="a"), Link("to a", "#a")])
    assert 'id="a-en"' in made
    assert 'href="#a-es"' in made


@pytest.mark.parametrize(
    "svg", ["<svg><script/></svg>", "<svg onload=x>", "<svg><a href='http://x'/></svg>"]
)
def test_a_drawing_that_could_act_is_refused(svg):
    with pytest.raises(CaudalError, match="script or an address"):
        document(TITLE, [Drawing({"en": svg, "es": svg}, "a")])


def test_numbers_stand_right_and_a_drawing_stands_with_its_words():
    svg = '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
    made = document(
        TITLE,
        [
            Table(["a", "b"], [["x", "1"]], right=frozenset({1})),
            Drawing({"en": svg, "es": svg}, "Line"),
        ],
    )
    assert "<td class=right>1</td>" in made
    assert "<td>x</td>" in made
    assert 'aria-label="Line"' in made
    assert svg in made


def test_a_text_without_one_of_the_languages_is_refused():
    with pytest.raises(CaudalError, match="es"):
        document(TITLE, [Paragraph({"en": "only"})])
    with pytest.raises(CaudalError, match="en or es"):
        document(TITLE, [], "fr")
