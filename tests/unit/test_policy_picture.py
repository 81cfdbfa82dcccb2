"""The timeline as a picture, what is left resting on nothing, and levers in a folder."""

from __future__ import annotations

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from caudal.cli.policies import app
from caudal.corridor.policies import ACTORS, VOCABULARY, law
from caudal.corridor.scenarios import names, scenario
from caudal.errors import CaudalError
from caudal.policy import LeverRegistry
from caudal.policy.documents import Kind
from caudal.policy.picture import FAMILIES, LEFT, RIGHT, WIDTH, svg
from caudal.policy.rests import FOR_EVER, in_force, resting, warning
from caudal.policy.timeline import timeline

pytestmark = pytest.mark.unit

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> ET.Element:
    return ET.fromstring(svg(timeline(law()), ACTORS, "en"))


def test_the_picture_has_every_document_with_its_whole_name_as_a_tooltip(drawn: ET.Element):
    groups = {g.get("data-policy"): g for g in drawn.iter(f"{SVG}g") if g.get("data-policy")}
    assert set(groups) == set(law())
    for document in law().documents:
        tooltip = groups[document.id].find(f"{SVG}title")
        assert tooltip is not None
        assert tooltip.text is not None
        assert tooltip.text.startswith(f"{document.name.en}\n{document.instrument}")


def test_bars_lie_inside_the_picture_and_start_on_their_day(drawn: ET.Element):
    for group in drawn.iter(f"{SVG}g"):
        for bar in group.iter(f"{SVG}rect"):
            x, width = float(bar.get("x", "nan")), float(bar.get("width", "nan"))
            assert LEFT <= x <= x + width <= WIDTH - RIGHT + 3
    days = (dt.date(2027, 1, 1) - dt.date(2018, 1, 1)).days
    begun = (dt.date(2020, 3, 21) - dt.date(2018, 1, 1)).days
    (title42,) = (g for g in drawn.iter(f"{SVG}g") if g.get("data-policy") == "us-title-42")
    bar = next(title42.iter(f"{SVG}rect"))
    expected = LEFT + (WIDTH - LEFT - RIGHT) * begun / days
    assert float(bar.get("x", "nan")) == pytest.approx(expected, abs=0.06)
    # two ends that were announced and then stopped
    assert len(list(title42.iter(f"{SVG}circle"))) == 2


def test_names_do_not_lie_over_each_other(drawn: ET.Element):
    """In one row, each name ends before the next begins (by the estimate of a letter's width)."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for group in drawn.iter(f"{SVG}g"):
        text = group.find(f"{SVG}text")
        assert text is not None
        x, width = float(text.get("x", "nan")), len(text.text or "") * 5.0
        left, right = (x, x + width) if text.get("text-anchor") == "start" else (x - width, x)
        rows.setdefault(text.get("y", ""), []).append((left, right))
    for places in rows.values():
        ordered = sorted(places)
        for (_, right), (left, _) in pairwise(ordered):
            assert right <= left


def test_every_kind_has_one_colour_and_every_actor_a_name():
    kinds = [kind for _, _, _, members in FAMILIES for kind in members]
    assert len(kinds) == len(set(kinds))
    assert {document.kind for document in law().documents} <= set(kinds)
    assert set(kinds) <= set(Kind.__args__)
    assert {document.actor.split("/")[0] for document in law().documents} <= set(ACTORS)


def test_the_picture_speaks_spanish_and_only_what_was_known():
    known = law().as_known(dt.date(2020, 6, 1))
    text = svg(timeline(known), ACTORS, "es")
    assert "Expulsiones del Título 42" in text
    assert "us-cbp-one" not in text
    ET.fromstring(text)


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_timeline_writes_a_picture_for_one_actor(tmp_path: Path):
    out = tmp_path / "timeline.svg"
    assert run("timeline", "--actor", "mexico", "--out", str(out), "--lang", "es").strip() == str(
        out
    )
    ids = set(re.findall(r'data-policy="([^"]+)"', out.read_text(encoding="utf-8")))
    assert ids == {d.id for d in law().documents if d.actor.startswith("mexico")}


@pytest.mark.parametrize(
    ("out", "message"), [("timeline.png", "is no picture"), ("no/such/place.svg", "No such file")]
)
def test_timeline_refuses_what_it_cannot_write(out: str, message: str, tmp_path: Path):
    with pytest.raises(CaudalError, match=message):
        run("timeline", "--out", str(tmp_path / out))


def test_tables_have_spanish_headings_and_show_names_what_it_rests_on():
    assert "nombre" in run("list", "--lang", "es")
    text = run("show", "mx-tamaulipas-families")
    assert "rests on: Mexico takes back Guatemalans, Hondurans and Salvadorans" in text
    assert "Understanding of March 2020" in text


def test_ending_a_policy_tells_of_those_that_rest_on_it():
    sooner = law().overlaid({"us-title-42": {"ended": dt.date(2022, 5, 23)}})
    rows = {row["policy"]: row for row in resting(law(), sooner)}
    assert set(rows) == {"us-title-42"}
    row = rows["us-title-42"]
    assert row["ended"] == "2022-05-23"
    assert "mx-acceptance-chn" in row["left"]  # began later still
    assert "us-southern-flights-2021" not in row["left"]  # over before
    assert warning(row).count("\n") == 0
    assert "us-title-42" in warning(row, "es")


def test_taking_a_policy_out_tells_too_and_a_longer_one_does_not():
    (row,) = resting(law(), law().overlaid({"us-chnv-parole": "off"}))
    assert row == {"policy": "us-chnv-parole", "ended": None, "left": ["us-offers-2023-01"]}
    longer = law().overlaid({"us-title-42": {"ended": dt.date(2024, 5, 12)}})
    assert resting(law(), longer) == []


@pytest.mark.parametrize("name", names())
def test_no_shipped_scenario_leaves_a_policy_without_its_ground(name: str):
    assert resting(law(), scenario(name).law(law())) == []


def test_days_in_force():
    assert in_force(law()["us-title-42"]) == (dt.date(2020, 3, 21), dt.date(2023, 5, 12))
    assert in_force(law()["mx-visa-ecuador"])[1] == FOR_EVER
    assert in_force(law()["us-aca-el-salvador-2019"]) == (FOR_EVER, FOR_EVER)


def test_diff_prints_the_warning_and_lists_it(tmp_path: Path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: mine\ntitle: {en: a, es: b}\nextends: baseline\n"
        "policies:\n  us-title-42: {ended: 2022-05-23}\n"
    )
    result = CliRunner().invoke(app, ["diff", "baseline", str(file), "--json"])
    (row,) = json.loads(result.stdout)["resting"]
    assert row["policy"] == "us-title-42"
    told = CliRunner().invoke(app, ["diff", "baseline", str(file)]).stderr
    assert told.startswith("'us-title-42' now ends on 2022-05-23; left resting on it: ")


def test_there_are_at_least_fifty_five_instruments_besides_events():
    instruments = {d.instrument for d in law().documents if d.kind not in ("event", "election")}
    assert len(instruments) >= 55
    countries = {d.actor.split("/")[0] for d in law().documents}
    assert {
        "united-states", "mexico", "guatemala", "honduras", "el-salvador", "panama", "costa-rica",
        "venezuela", "cuba", "nicaragua", "haiti",
    } <= countries  # fmt: skip


LEVER = (
    "a.b: {{unit: u, range: [0, 1], default: {default}, rule: any, meaning: {{en: x, es: y}}}}\n"
)


def test_levers_are_read_from_a_folder_and_each_stands_once(tmp_path: Path):
    (tmp_path / "one.yaml").write_text(LEVER.format(default=1))
    assert LeverRegistry.load(tmp_path, VOCABULARY)["a.b"].default == 1
    (tmp_path / "two.yaml").write_text(LEVER.format(default=0))
    with pytest.raises(CaudalError, match=r"two\.yaml:1 .*'a\.b' is also declared in .*one\.yaml"):
        LeverRegistry.load(tmp_path, VOCABULARY)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CaudalError, match="no registry of levers here"):
        LeverRegistry.load(empty, VOCABULARY)
