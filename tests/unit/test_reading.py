"""The parts of `claims read`: numbers, periods, speakers, causes, drafts, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import caudal
from caudal.ask.reading.drafts import (
    draft_text,
    elsewhere,
    quantity,
    write_draft,
)
from caudal.ask.reading.known import KnownFigure
from caudal.ask.reading.lexicon import Lexicon, read_lexicon
from caudal.ask.reading.reader import Reading, read, read_source
from caudal.ask.reading.source import parse
from caudal.ask.reading.words import paraphrase
from caudal.corridor.reading import LEXICON
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit
LEXICON_READ = read_lexicon(LEXICON)


@pytest.fixture
def lexicon() -> Lexicon:
    return LEXICON_READ


def told(text: str, language: str, **more: object) -> Reading:
    return read_source(parse(text), LEXICON_READ, language=language, **more)  # type: ignore[arg-type]


def values(text: str, language: str) -> list[tuple[float | None, str]]:
    return [(n.value, n.kind) for f in told(text, language).found for n in f.numbers]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Hubo 301.980 encuentros y 2,77 millones de casos.", "es", [301980, 2.77e6]),
        ("Sumó un millón 231 mil 320 eventos, contra 778 mil 907.", "es", [1231320, 778907]),
        ("Fueron 36,001 personas, 58.1% más.", "es", [36001, 58.1]),
        ("Llegaron diecisiete mil quinientas noventa personas.", "es", [17590]),
        ("Recibió a 55 302 deportados.", "es", [55302]),
        ("Pagó mil 300 dólares.", "es", [1300]),
        ("Medio millón de personas y una docena de autobuses.", "es", [500000, 12]),
        ("Twenty-five thousand people and half a million more people.", "en", [25000, 500000]),
        ("A hundred and five migrants and 3.2 million arrests.", "en", [105, 3.2e6]),
        ("They wait three and a half years.", "en", [3.5]),
        ("Cuatro de cada cinco, casi dos tercios, poco más de la mitad.", "es", [80, 66.67, 50]),
        ("Two thirds of them, and one in five, and half of the rest.", "en", [66.67, 50]),
        ("Casi el doble que en 2022; cuatro veces más.", "es", [2, 4]),
    ],
)
def test_numbers_are_read(text: str, language: str, expected: list[float]) -> None:
    assert [v for v, _ in values(text, language)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El 27 de marzo de 2023, a las 18.45 horas, en la calle 16 de Septiembre.", "es"),
        ("El Título 42, el artículo 33, el expediente 214/2023, la 4a Avenida Norte 37.", "es"),
        ("Llame al 656 613 42 97, al 01 800 715 2000 o al +52 962 625 1847.", "es"),
        ("Hace nueve meses, en treinta días, dos años después, de 25 años, el 14/03/2024.", "es"),
        ("Title 42, H.R. 1, COVID-19, section 212, on March 8, 2019, at 11:30.", "en"),
        ("Two years later, two presidents met for the third time; one official said so.", "en"),
        ("Hundreds came, then tens of thousands, then several million.", "en"),
        ("Vinieron cientos, decenas de miles, varios miles.", "es"),
        ("See https://example.org/2021/345678 or write to a1234@example.org.", "en"),
    ],
)
def test_what_is_no_claim_is_left(text: str, language: str) -> None:
    assert values(text, language) == []


def test_offsets_are_those_of_the_file() -> None:
    text = (
        "<html><body><p>En enero</p><p>cruzaron el Darién <b>36.001</b> personas.</p></body></html>"
    )
    found = told(text, "es").found[0]
    assert text[found.numbers[0].start : found.numbers[0].end] == "36.001"
    assert found.series == "pa.darien"


@pytest.mark.parametrize(
    ("text", "language", "series", "group"),
    [
        (
            "México registró 94.816 eventos de personas en situación irregular.",
            "es",
            "mx.events",
            "",
        ),
        ("CBP counted 57,850 encounters of Venezuelans.", "en", "us.encounters.area", "VEN"),
        ("Some 520,085 people crossed the Darién jungle.", "en", "pa.darien", ""),
        ("Mexico's refugee agency COMAR took 78,975 requests.", "en", "mx.asylum.annual", ""),
        ("About 8,000 people left in a caravan.", "en", None, ""),
        ("El hotel tiene 250 habitaciones.", "es", None, ""),
    ],
)
def test_series_and_nationality(text: str, language: str, series: str | None, group: str) -> None:
    found = told(text, language).found[0]
    assert (found.series, found.group) == (series, group)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("In 2023 Panama counted 520,085 people.", "en", "2023"),
        ("Between October 2022 and September 2023 there were 3.2 million arrests.", "en", "FY2023"),
        ("En enero pasaron 2.229 personas.", "es", "2025-01"),
        ("En diciembre pasaron 4.849 personas.", "es", "2024-12"),
        ("El año pasado pasaron 302.203 personas.", "es", "2024"),
        ("Since November 2024 some 9,000 people passed.", "en", ("2024-11", "2025-02")),
        ("Pasaron 302.203 personas en 2024, frente a las 520.085 de 2023.", "es", "2024"),
    ],
)
def test_periods(text: str, language: str, expected: object) -> None:
    found = told(text, language, day=dt.date(2025, 2, 14)).found[0]
    assert found.period == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("In December 2023 they were 301,981. They dropped 90 percent since the election.", "en", None),
        ("In December 2023 they were 301,981. They dropped 90 percent since then.", "en",
         ("2023-12", "2025-02")),
        ("In December 2023 they were 301,981. They dropped 90 percent.", "en", "2023-12"),
        ("En diciembre de 2023 fueron 301.981. Han bajado 90 por ciento desde entonces.", "es",
         ("2023-12", "2025-02")),
        ("En diciembre de 2023 fueron 301.981. Cayeron 90 por ciento desde la orden.", "es", None),
    ],
)  # fmt: skip
def test_a_change_since_something_is_not_of_the_month_before(
    text: str, language: str, expected: object
) -> None:
    found = told(text, language, day=dt.date(2025, 2, 14)).found
    assert found[-1].numbers[0].value == 90
    assert found[-1].period == expected


def test_range_is_one_draft() -> None:
    found = told("Duermen entre 80 y 120 personas.", "es").found
    assert [tuple(n.value for n in f.numbers) for f in found] == [(80, 120)]
    assert [len(f.numbers) for f in told("Hubo 80 hombres y 120 mujeres.", "es").found] == [1, 1]


@pytest.mark.parametrize(
    ("text", "language", "who", "role"),
    [
        (
            "“Fewer came because Mexico stopped them,” Ana Ruiz, head of the office in Leon, "
            "told the paper.",
            "en", "Ana Ruiz", "head of the office in Leon",
        ),
        ("According to Human Rights Watch, they came because of the storm.", "en",
         "Human Rights Watch", ""),
        ("«Vinieron porque hubo un huracán», sostiene Luis Paz, investigador del Istmo.", "es",
         "Luis Paz", "investigador del Istmo"),
        ("Según la activista Dolores Paz, la ley hizo que subiera el precio.", "es",
         "la activista Dolores Paz", ""),
    ],
)  # fmt: skip
def test_causes_and_who_says_them(text: str, language: str, who: str, role: str) -> None:
    cause = told(text, language).causes[0]
    assert cause.speaker is not None
    assert (cause.speaker.who, cause.speaker.role) == (who, role)


def test_known_figure_of_the_same_period_comes_first() -> None:
    def figure(id: str, period: str, value: float) -> KnownFigure:
        months = (24276, 24287) if period == "2023" else (24264, 24275)
        return KnownFigure(id, "darien_total", period, value, "people", "x", months)

    figures = [figure("far", "2022", 520000), figure("near", "2023", 530000)]
    source = parse("In 2023 some 520,000 people crossed the Darién.")
    known = read_source(source, LEXICON_READ, figures, "en").found[0].known
    assert known is not None
    assert known.id == "near"


def test_draft_is_a_valid_ledger(tmp_path: Path, lexicon: Lexicon) -> None:
    from caudal.ask.claims_schema import read_ledger

    text = tmp_path / "nota.txt"
    text.write_text(
        "La Nota\n\n2 de febrero de 2024. En enero hubo 176.200 encuentros en la frontera suroeste, "
        "porque México «bajó a la gente» de los trenes: {# - 'x'\n\nEl 42 % eran familias.",
        encoding="utf-8",
    )
    to = tmp_path / "nota.yaml"
    assert write_draft(read(text, lexicon), to) == 3
    entries = read_ledger(to)
    assert [e.claim.kind for e in entries] == ["cause", "figure", "figure"]
    assert all("confidence" in e.claim.note.en for e in entries if e.claim.note)
    assert list(tmp_path.iterdir()) == [text, to] or len(list(tmp_path.iterdir())) == 2
    with pytest.raises(CaudalError, match="is there already"):
        write_draft(read(text, lexicon), to)


def test_quantities_name_what_the_series_hold(lexicon: Lexicon) -> None:
    from caudal.data.store import open_series

    for topic in lexicon.topics:
        if topic.of is None:
            continue
        frame = open_series(topic.of)
        for column, labels in topic.where.items():
            assert set(labels) <= set(frame[column].dropna()), topic.id
        assert topic.column is None or topic.column in frame.columns, topic.id
        assert topic.by is None or topic.by in frame.columns, topic.id
        assert {"series", "sum", "last"} >= {topic.reduce}


def test_share_of_a_series_is_no_quantity_of_it() -> None:
    found = told("Los encuentros en la frontera suroeste bajaron 42 % en enero.", "es").found[0]
    assert found.series == "us.encounters.area"
    assert quantity(found) is None


@pytest.mark.parametrize(
    ("data", "told_as"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x00\x01\x02PNG\x00" * 50, "binary"),
        (b"<html><script>var x = 1;</script></html>", "empty"),
    ],
)
def test_no_text_is_refused(tmp_path: Path, lexicon: Lexicon, data: bytes, told_as: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(CaudalError, match=told_as):
        read(path, lexicon)


def test_without_a_day_a_draft_is_refused() -> None:
    with pytest.raises(CaudalError, match="--on"):
        draft_text(told("Some 8,000 people crossed.", "en"))


def test_windows_text_is_read(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Cruzaron el Darién 36.001 personas según el señor Ruiz.".encode("cp1252"))
    assert read(path, lexicon).found[0].numbers[0].value == 36001


def test_the_same_in_python(tmp_path: Path) -> None:
    text, to = tmp_path / "article.txt", tmp_path / "draft.yaml"
    text.write_text("In 2023 some 520,085 people crossed the Darién jungle.", encoding="utf-8")
    reading = caudal.read_claims(text, on="2024-03-01", to=to, outlet="Example Daily")
    assert [(f.numbers[0].value, f.series, f.period) for f in reading.found] == [
        (520085, "pa.darien", "2023")
    ]
    assert reading.day == dt.date(2024, 3, 1)
    assert "outlet: Example Daily" in to.read_text(encoding="utf-8")
    for more, told_as in (({"lang": "fr"}, "en, es"), ({"on": "1 March"}, "YYYY-MM-DD"),
                          ({"on": dt.date(2024, 3, 1), "to": to}, "is there already")):  # fmt: skip
        with pytest.raises(CaudalError, match=told_as):
            caudal.read_claims(str(text), **more)  # type: ignore[arg-type]


def test_a_proposal_reads_as_its_language_writes_and_names_no_code():
    text = "México detuvo a 15,800 personas en marzo de 2021."
    (found,) = told(text, "es").found
    assert found.topic is not None
    assert found.topic.id == "mx-events"
    assert paraphrase(found)["es"].startswith("15,800 personas: ")
    assert paraphrase(found)["es"].endswith("en México, marzo de 2021.")
    assert not elsewhere(found)
    other = "En Reynosa la Patrulla Fronteriza encontró a 5,000 personas en marzo de 2021."
    (found,) = told(other, "es").found
    assert elsewhere(found)


def test_people_who_wait_in_a_city_are_no_encounters():
    text = (
        "La Patrulla Fronteriza detuvo a 170 mil personas. En Reynosa esperan unas 5,000 personas."
    )
    first, second = told(text, "es").found
    assert first.series == "us.encounters.area"
    assert second.series is None


def test_every_code_of_the_lexicon_has_a_name(lexicon):
    codes = {k for k in (*lexicon.groups, *lexicon.places) if k.isupper()} | {"southwest"}
    assert codes <= lexicon.names.keys()
