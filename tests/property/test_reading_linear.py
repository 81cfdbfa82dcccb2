"""Whatever the text, `claims read` ends, keeps its offsets, and takes time in proportion."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.ask.reading.lexicon import read_lexicon
from caudal.ask.reading.reader import read_source
from caudal.ask.reading.source import parse
from caudal.corridor.reading import LEXICON
from caudal.errors import CaudalError

pytestmark = pytest.mark.property
WORDS = read_lexicon(LEXICON)
PIECES = (
    "1", "12.345", "3,2", "mil", "millones", "un", "y", "de cada", "medio", "%", "$", "enero", "2023",
    "según", "dijo", "porque", "frontera", "encuentros", "(", ")", "«", "”", ".", ",", "\n\n", "<p>",
    "half",
    "dozen", "hundred", "and", "a", "0", "-", "ago", "than", "FY", "año fiscal", "entre",
    "\u2028", "٣", "²",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=40))
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        reading = read_source(parse(text), WORDS)
    except CaudalError:
        assert not text.strip() or "<" in text
        return
    last = 0
    for found in reading.found:
        for number in found.numbers:
            assert last <= number.start < number.end <= len(text)
            assert number.value is not None
            assert number.value > 0
            last = number.end
        assert 0 <= found.confidence <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "1 ",
        "a",
        ".",
        "1.",
        "<p",
        "<script>",
        "mil ",
        "1-",
        " \n",
        "(",
        "A. B said, ",
        "1234567 ",
        "&",
        "@a",
    ],
)
def test_hostile_texts_take_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        text = "En enero hubo 5 casos. " + unit * (size // len(unit))
        begin = time.process_time()
        read_source(parse(text), WORDS)
        return time.process_time() - begin

    # the least of three: a busy machine only adds
    small, large = (min(seconds(size) for _ in range(3)) for size in (20_000, 80_000))
    # Four times the text: four times the time, sixteen were it quadratic; noise below half a second
    assert large < 9 * small + 0.5
