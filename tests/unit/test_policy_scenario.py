"""Scenario documents: chains, errors with file and line, the shipped ones."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from caudal.corridor.policies import law
from caudal.corridor.scenarios import names, scenario
from caudal.errors import CaudalError
from caudal.policy import load_scenario

pytestmark = pytest.mark.unit

TITLE = "title: {en: T, es: T}\n"


def write(folder, name: str, text: str = "") -> None:
    (folder / f"{name}.yaml").write_text(f"name: {name}\n{TITLE}{text}", encoding="utf-8")


def test_shipped_scenarios_load_and_differ_from_the_baseline():
    assert {
        "baseline", "cbp-one-stays-2025", "enforcement-only-package", "governments-respond",
        "mexico-calm-2024", "neutral-announcements-2021", "no-caravan-effect", "no-hurricanes",
        "no-panama-bussing", "no-tariff-threat-2019", "remain-in-mexico-never",
        "remain-in-mexico-never-ended", "root-cause-aid-doubled", "safe-pathways-package",
        "title-42-ends-2022-05", "title-42-stays-a-year", "usable-beds-13200-march-2021",
    } <= set(names())  # fmt: skip
    baseline = scenario("baseline").law(law())
    assert baseline == law()
    assert baseline.fingerprint() == law().fingerprint()
    made = [scenario(name) for name in names()]
    prints = {(one.law(law()).fingerprint(), str(dict(one.drivers))) for one in made}
    assert len(prints) == len(names())


@pytest.mark.parametrize(
    ("name", "first_known"),
    [
        ("title-42-stays-a-year", dt.date(2023, 1, 30)),
        ("title-42-ends-2022-05", dt.date(2022, 4, 1)),
        ("mexico-calm-2024", dt.date(2023, 12, 21)),
        ("remain-in-mexico-never-ended", dt.date(2021, 1, 20)),
        ("no-tariff-threat-2019", dt.date(2019, 5, 30)),
        ("cbp-one-stays-2025", dt.date(2025, 1, 20)),
    ],
)
def test_before_anything_of_it_is_known_a_what_if_is_the_baseline(name, first_known):
    what_if, eve = scenario(name).law(law()), first_known - dt.timedelta(days=1)
    known = what_if.as_known(eve), law().as_known(eve)
    # What was announced and later blocked is the baseline's alone, once the what-if is known
    assert known[0] == known[1]
    assert what_if.as_known(first_known) != law().as_known(first_known)


def test_title_42_stays_and_mexico_goes_on_receiving():
    what_if = scenario("title-42-stays-a-year").law(law())
    for day, value in ((dt.date(2023, 5, 12), 1), (dt.date(2024, 5, 12), 0)):
        view = what_if.on(day)
        assert view.value("us.title42.expulsion", nationality="HND", unit="family") == value
        group = {"nationality": "VEN", "unit": "family", "sector": "el-paso"}
        assert view.value("mx.acceptance", **group) == value
        assert view.value("us.children.exempt") == value
    assert what_if.on(dt.date(2023, 6, 1)).value("us.screening.standard") == 0


def test_children_override_parents_and_a_file_finds_its_neighbours(tmp_path):
    write(tmp_path, "mother", "extends: baseline\npolicies: {us-cbp-one: off}\nhorizon: 24\n")
    write(
        tmp_path,
        "child",
        "extends: mother\npolicies: {us-cbp-one: {ended: 2023-06-01}}\ndrivers: {season: 1}\n"
        "dates: {end: 2025-01-01}\n",
    )
    child = scenario(tmp_path / "child.yaml")
    assert child.chain == ("baseline", "mother", "child")
    assert child.horizon == 24
    assert child.start == dt.date(2018, 1, 1)
    assert child.end == dt.date(2025, 1, 1)
    assert child.drivers == {"season": 1}
    view = child.law(law())
    assert view.on(dt.date(2023, 5, 20)).value("us.appointments.daily") == 1000
    assert view.on(dt.date(2023, 6, 1)).value("us.appointments.daily") == 0


def test_written_out_whole_it_loads_as_the_same_scenario(tmp_path):
    for name in names():
        one = scenario(name)
        (tmp_path / "whole.yaml").write_text(one.as_yaml(), encoding="utf-8")
        two = load_scenario(tmp_path / "whole.yaml", [])
        assert two.law(law()).fingerprint() == one.law(law()).fingerprint()
        assert (two.name, two.start, two.end, two.horizon) == (
            one.name, one.start, one.end, one.horizon,
        )  # fmt: skip
        assert yaml.safe_load(one.as_yaml())["name"] == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: basline\n", "bad.yaml:3 field 'extends': unknown scenario 'basline'; allowed:"),
        ("extends: bad\n", "bad.yaml:3 field 'extends': scenarios extend in a circle (bad → bad)"),
        ("dates: {start: 2020-01-01, end: 2019-01-01}\n", "bad.yaml:3 field 'dates.end': end 2019"),
        ("horizon: -1\n", "bad.yaml:3 field 'horizon'"),
        ("polices: {}\n", "bad.yaml:3 field 'polices': unknown field"),
        (
            "policies:\n  us-title-43: off\n",
            "bad.yaml:4 field 'us-title-43': unknown policy 'us-title-43'; allowed: 'us-title-42'",
        ),
        (
            "policies:\n  us-title-42: {ended: 2019-01-01}\n",
            "bad.yaml:4 field 'ended': end 2019-01-01 before start; allowed: after 2020-03-21",
        ),
    ],
)
def test_refused_with_file_line_and_field(tmp_path, monkeypatch, text, message):
    write(tmp_path, "bad", text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaudalError) as raised:
        scenario("bad.yaml").law(law())
    assert str(raised.value).startswith(message)


def test_unknown_scenario_names_the_nearest():
    with pytest.raises(CaudalError, match="'title-42-stays-a-year' is the nearest name"):
        scenario("title-42-stay-a-year")
