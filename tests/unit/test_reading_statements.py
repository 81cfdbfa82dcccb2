"""`claims read` on statements as politicians and papers make them: who, when, a rate, a change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from caudal.ask.claims import ledger
from caudal.ask.claims_counts import Counts
from caudal.ask.reading.drafts import draft_text, elsewhere, quantity
from caudal.ask.reading.lexicon import Topic, read_lexicon
from caudal.ask.reading.reader import Found, Reading, read_source
from caudal.ask.reading.source import parse
from caudal.ask.reading.told import told
from caudal.corridor import corridor
from caudal.corridor.reading import LEXICON
from caudal.report.claims_words import DRAFT
from caudal.service.counted import changed

pytestmark = pytest.mark.unit
HERE: Any = corridor()
WORDS = read_lexicon(LEXICON)
DAY = dt.date(2025, 6, 15)


def read(text: str, language: str = "en") -> Reading:
    return read_source(parse(text), WORDS, language=language, day=DAY)


def first(text: str, language: str = "en") -> Found:
    return read(text, language).found[0]


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("WASHINGTON — The senator said that 302,000 encounters came.", "en", "The senator"),
        (
            "Title 42 was used 2.8 million times between March 2020 and May 2023, and critics say so.",
            "en",
            "critics",
        ),
        ("El diputado afirmó que México detuvo a 94,816 migrantes.", "es", "El diputado"),
    ],
)
def test_a_speaker_is_somebody(text: str, language: str, who: str) -> None:
    speaker = first(text, language).speaker
    assert speaker is not None
    assert speaker.who == who


def test_what_she_said_is_not_given_to_who_speaks_next() -> None:
    found = read(
        'The senator said 302,000 migrants came. "Ten million people came in," she said. '
        "There were 250,000 arrests, according to Customs and Border Protection."
    ).found
    assert [f.speaker.who if f.speaker else "" for f in found] == [
        "The senator",
        "The senator",
        "Customs and Border Protection",
    ]


@pytest.mark.parametrize(
    ("text", "language", "period"),
    [
        ("There were 96,036 encounters in Decmber 2024.", "en", "2024-12"),
        ("There were 96,036 encounters in the number 2024.", "en", "2024"),
        ("In the first six months of 2024 Mexico met 710,343 people.", "en", ("2024-01", "2024-06")),
        ("En el segundo semestre de 2023 hubo 400,000 encuentros.", "es", ("2023-07", "2023-12")),
        ("En los últimos 3 meses de 2023 hubo 400,000 encuentros.", "es", ("2023-10", "2023-12")),
        ("In fiscal year 2023 there were 5 rules. CBP met 334,914 people that year.", "en", "FY2023"),
    ],
)  # fmt: skip
def test_periods_as_they_are_said(text: str, language: str, period: object) -> None:
    assert read(text, language).found[-1].period == period


def test_so_many_times_is_a_count_when_it_is_many() -> None:
    assert first("Title 42 was used to expel people 2.8 million times.").numbers[0].kind == "count"
    assert first("Encounters were 4 times higher.").numbers[0].kind == "ratio"


def test_the_numbers_own_clause_ends_the_topic_before() -> None:
    found = read(
        "CBP One allowed 1,450 appointments a day. Remain in Mexico sent 70,000 people back."
    ).found
    assert [f.topic.id if f.topic else "" for f in found] == ["cbp-one", "mpp-returns"]


def test_a_daily_number_is_not_held_against_the_sum_of_a_year() -> None:
    found = first("In 2023 CBP One allowed 1,450 appointments a day.")
    assert found.numbers[0].kind == "rate"
    assert quantity(found) is None


@pytest.mark.parametrize(
    ("text", "language", "change"),
    [
        ("Encounters fell 77% between December 2023 and December 2024.", "en", ("2023-12", "2024-12")),
        ("Encounters in December 2023 were up 309% from December 2020.", "en", ("2020-12", "2023-12")),
        ("En mayo de 2025 hubo 93% menos encuentros que un año antes.", "es", ("2024-05", "2025-05")),
        ("Encounters fell 60% after the rule of June 2024.", "en", None),
        ("Encounters have fallen 94% since January 2025.", "en", None),
    ],
)  # fmt: skip
def test_a_change_names_both_periods_or_none(text: str, language: str, change: object) -> None:
    assert first(text, language).change == change


def test_both_counts_stand_beside_a_change() -> None:
    figure = told(read("Encounters fell 77% between December 2023 and December 2024."))["figures"][
        0
    ]
    beside = changed(figure, Counts(HERE))
    assert beside is not None
    assert (beside["before"]["value"], beside["after"]["value"]) == (301981, 96036)
    patrol = [
        (before["value"], after["value"])
        for before, after in zip(beside["before"]["parts"], beside["after"]["parts"], strict=True)
        if before["name"]["en"] == "Border Patrol"
    ]
    assert patrol == [(249740, 47323)]


def test_a_part_that_a_sentence_names_narrows_the_count() -> None:
    parts = {
        "parts": {
            "component": {
                "border_patrol": ["border patrol"],
                "field_operations": ["ports of entry"],
            }
        },
        "home": ["USA"],
    }
    topics = tuple(
        Topic.model_validate(t.model_dump() | parts) if t.id == "encounters-southwest" else t
        for t in WORDS.topics
    )
    words = WORDS.model_copy(update={"topics": topics})

    def only(text: str) -> Found:
        return read_source(parse(text), words, language="en", day=DAY).found[0]

    one = only("Border Patrol counted 47,323 encounters in December 2024 in the United States.")
    assert (quantity(one) or {})["where"] == {"component": ["border_patrol"]}
    assert not elsewhere(one)
    both = only("Border Patrol and ports of entry counted 96,036 encounters in December 2024.")
    assert "where" not in (quantity(both) or {})


def test_every_draft_is_a_valid_ledger_and_says_that_it_is_one(tmp_path: Path) -> None:
    text = (
        "Between March 2020 and May 2023 there were 2.9 million expulsions. The immigration court "
        "backlog passed 3.7 million cases. Venezuelans were met 334,914 times nationwide in 2023."
    )
    drafts, count = draft_text(read(text))
    path = tmp_path / "d.yaml"
    path.write_text(drafts, encoding="utf-8")
    claims = [e.claim for e in ledger(HERE, [path])]
    assert count == len(claims) == 3
    assert [c.test is None for c in claims] == [False, True, True]
    assert all(c.note and c.note.en.startswith(DRAFT) for c in claims)
