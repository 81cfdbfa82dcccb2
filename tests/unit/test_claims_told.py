"""Verdicts as readers meet them: words, page, JSON-LD, past days; and runs that are kept."""

from __future__ import annotations

import json
from datetime import date, timedelta
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caudal.ask import claims_cause, claims_rules
from caudal.ask.claims import Verdict, judge, ledger, verdict
from caudal.ask.claims_cause import Runs, runs
from caudal.ask.claims_counts import Counts
from caudal.ask.claims_schema import Entry
from caudal.corridor import corridor
from caudal.data.store import list_series, provenance
from caudal.errors import CaudalError
from caudal.report.claims_asked import asked
from caudal.report.claims_export import claim_reviews
from caudal.report.claims_report import claims_document
from caudal.report.claims_words import verdict_words

pytestmark = pytest.mark.unit

HERE = corridor()
GOOD = Path(__file__).resolve().parents[1] / "fixtures" / "claims" / "good" / "t1.yaml"
MADE = {"t1-hurricanes": Runs(np.full(8, 120.0), np.full(8, 100.0), np.full(8, 80.0))}
EVIL = "<script>alert(1)</script>"


def written(folder: Path, *changes: tuple[str, str]) -> tuple[Entry, ...]:
    text = GOOD.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "t1.yaml").write_text(text, encoding="utf-8")
    return ledger(HERE, [folder])


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return ledger(HERE, [GOOD])


@pytest.fixture(scope="module")
def verdicts(entries: tuple[Entry, ...]) -> list[Verdict]:
    return judge(HERE, entries, Counts(HERE), MADE)


def test_verdicts_of_a_small_ledger(verdicts: list[Verdict]) -> None:
    told = {v.id: (v.answer, v.reason) for v in verdicts}
    assert told["t1-encounters-feb"] == ("matches", None)
    assert told["t1-rose"] == ("matches", None)
    assert told["t1-after-promise"] == ("matches", None)
    assert told["t1-hurricanes"][0] in ("supported", "not identifiable")


def test_words_name_the_number_and_the_test(verdicts: list[Verdict]) -> None:
    by_id = {v.id: v for v in verdicts}
    words = verdict_words(by_id["t1-encounters-feb"])
    assert words["en"] == "matches the counts: 101,099 counted, 2021-02"
    assert words["es"].startswith("coincide con los recuentos: 101,099")
    test = asked(by_id["t1-rose"].entry.claim, claims_rules)
    assert test["en"] == (
        "us.encounters.area [nationality HND], sum: from 2020-11 to 2021-01 – 2021-02 it rose by at "
        "least 10 %"
    )
    cause = verdict_words(by_id["t1-hurricanes"])["en"]
    assert "in 100 % of draws; effect 20 (20 to 20, 90 % of draws) on 100 without it" in cause
    assert "without the weather's jumps, in 100 % of draws; effect 40 (40 to 40) on 80" in cause


def test_another_reading_is_told(tmp_path: Path) -> None:
    reading = (
        "says: {is: about, value: 50000}\n      definitions:\n"
        "        - name: {en: Single adults, es: Adultos solos}\n"
        "          quantity: {of: us.encounters.area, reduce: sum, where: {unit: [single_adult]}}"
    )
    entry = written(tmp_path, ("says: {is: about, value: 100000}", reading))[0]
    found = verdict(HERE, entry, Counts(HERE))
    assert [s.holds for s in found.evidence] == [False, False]
    assert (found.answer, found.under) == (
        "differs",
        {"en": "Single adults", "es": "Adultos solos"},
    )
    nearer = written(
        tmp_path, ("says: {is: about, value: 100000}", reading.replace("50000", "71000"))
    )
    found = verdict(HERE, nearer[0], Counts(HERE))
    assert (found.answer, [s.holds for s in found.evidence]) == ("matches", [False, True])
    assert "under another reading: Single adults" in verdict_words(found)["en"]


def test_every_shipped_claim_has_words_and_a_test_in_words() -> None:
    counts, shipped = Counts(HERE), ledger(HERE)
    judged = judge(HERE, shipped, counts, {})
    page = claims_document(judged, claims_rules, "2021-03-17")
    for found in judged:
        assert page.count(escape(found.entry.claim.text.es)) >= 1, found.id
        assert all(verdict_words(found)[x] for x in ("en", "es"))
        assert all(asked(found.entry.claim, claims_rules)[x] for x in ("en", "es"))
    assert len({e.document.outlet for e in shipped}) == 5


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_escapes_and_asks_for_nothing(tmp_path: Path) -> None:
    entries = written(
        tmp_path, ("en: About a hundred thousand", f'en: "{EVIL}"'),
        ("outlet: Example", f'outlet: "{EVIL}"'),
        ("who: someone", f'who: "{EVIL}"'), ("en: A revision", f'en: "{EVIL}"'),
    )  # fmt: skip
    page = claims_document(judge(HERE, entries, Counts(HERE), MADE), claims_rules)
    tags = Tags()
    tags.feed(page)
    assert not [tag for tag, _ in tags.seen if tag in ("script", "iframe", "img", "object")]
    assert "&lt;script&gt;" in page
    assert {a.get("lang") for tag, a in tags.seen if tag == "main"} == {"en", "es"}
    loads = [a for tag, a in tags.seen if "src" in a or (tag == "link" and a["href"] != "data:,")]
    assert loads == []
    for words in ("matches the counts", "coincide con los recuentos", "What would change it"):
        assert words in page


def test_counts_by_outlet_add_up(verdicts: list[Verdict]) -> None:
    page = claims_document(verdicts, claims_rules, known="2021-06-01")
    assert "<td>All</td><td class=right>3</td>" in page
    assert "2021-06-01" in page


def test_claim_review(verdicts: list[Verdict]) -> None:
    """The structure that https://schema.org/ClaimReview asks for."""
    made = json.loads(json.dumps(claim_reviews(verdicts, "es")))
    assert made["@context"] == "https://schema.org"
    assert len(made["@graph"]) == len(verdicts)
    for review in made["@graph"]:
        assert review["@type"] == "ClaimReview"
        assert {"@id", "claimReviewed", "author", "itemReviewed", "reviewRating"} <= set(review)
        item, rating = review["itemReviewed"], review["reviewRating"]
        assert item["@type"] == "Claim"
        assert item["author"]["@type"] in ("Person", "Organization")
        assert item["author"]["name"] == "someone"
        assert item["datePublished"] == "2021-03"
        assert item["appearance"]["publisher"]["name"] == "Example"
        assert rating["@type"] == "Rating"
        assert rating["alternateName"]
        assert "ratingValue" not in rating
        assert all(address.startswith("http") for address in review.get("citation", []))
        assert review["inLanguage"] == "es"
    assert made["@graph"][0]["reviewRating"]["alternateName"] == "coincide con los recuentos"
    assert made["@graph"][0]["citation"]


@pytest.mark.parametrize("day", [date(2021, 3, 17), date(2023, 12, 30)])
def test_nothing_published_later_is_in_the_evidence_of_a_past_day(day: date) -> None:
    """The last point of every series that is read was out; causes and late policies are not judged."""
    counts = Counts(HERE, day)
    dated = {s for s in list_series() if not s.startswith(("geo.", "figures"))}
    for found in judge(HERE, ledger(HERE), counts, {}):
        assert found.known == day
        if found.entry.claim.kind == "cause" and found.entry.claim.test is not None:
            assert found.reason == "no run on that day"
        for shown in found.evidence:
            if shown.missing or shown.role in ("event", "other"):
                continue
            test: Any = found.entry.claim.test
            end = {"before": "before", "after": "after"}.get(shown.role, "period")
            for used in (u for u in shown.used if u.id in dated):
                out = getattr(test, end).end + timedelta(days=provenance(used.id).delay_days)
                assert out <= day, found.id
            for used in (u for u in shown.used if u.id in counts.figures.named):
                out = counts.figures.named[used.id].out
                assert out is not None
                assert out <= day, found.id


def test_a_policy_is_not_known_before_its_day(entries: tuple[Entry, ...]) -> None:
    timing = entries[2]
    before = verdict(HERE, timing, Counts(HERE, date(2020, 3, 1)))
    assert before.reason == "not yet counted"
    assert verdict(HERE, timing, Counts(HERE, date(2021, 6, 1))).answer == "matches"


def test_runs_are_kept_and_a_second_call_runs_nothing(
    entries: tuple[Entry, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def ran(*given: Any) -> dict[str, Any]:
        calls.append(len(given[2]))
        return MADE

    monkeypatch.setattr(claims_cause, "_run", ran)
    first = runs(HERE, entries, members=8, work=tmp_path)
    again = runs(HERE, entries, members=8, work=tmp_path)
    assert calls == [1]
    assert np.array_equal(first["t1-hurricanes"][0], again["t1-hurricanes"][0])
    runs(HERE, entries, members=9, work=tmp_path)
    assert calls == [1, 1]
    runs(HERE, entries, members=8, work=None)
    assert calls == [1, 1, 1]
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(CaudalError, match="--members"):
        runs(HERE, entries, members=1)


def test_a_cause_outside_the_counts_is_refused(tmp_path: Path) -> None:
    late = written(tmp_path, ("[2020-12, 2021-05]", "[2020-12, 2051-05]"))
    with pytest.raises(CaudalError, match=r"t1\.yaml:\d+ field 'test.period'"):
        runs(HERE, late, members=8)


def test_every_row_of_the_articles_that_states_something_has_a_claim() -> None:
    rows = {row for entry in ledger(HERE) for row in entry.claim.rows}
    from caudal.corridor.articles import load_rows

    stated = {r.id for r in load_rows() if r.article != "x" and set(r.type) != {"provenance"}}
    assert sorted(rows - {r.id for r in load_rows()}) == []
    assert sorted(stated - rows) == []
