"""Attribution: the document of factors, what is held, and how parts are told."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from caudal.ask.attribute import Asked, Attribution
from caudal.ask.attribute_asked import period
from caudal.ask.attribute_told import about, dataset, recipe, rows
from caudal.ask.factors import Hold, Player, load, players, together
from caudal.ask.held import NEVER_DAYS, Start, changes, held_chunk, held_forcing
from caudal.ask.shapley import Shares
from caudal.cli import main
from caudal.cli.attribute import _write, waterfall
from caudal.corridor import HERE, corridor
from caudal.engine.forcing import Forcing
from caudal.engine.simulate import Chunk, Months
from caudal.errors import CaudalError
from caudal.report.attribution import page

pytestmark = pytest.mark.unit

DOCUMENT = HERE / "factors.yaml"


# ---- the document -------------------------------------------------------------------------------


def test_everything_that_moves_belongs_to_exactly_one_factor():
    made, model = load(DOCUMENT, corridor()), corridor().model
    for part, of_model in (
        ("levers", {x for m in model.mechanisms for x in m.levers}),
        ("weather", {w.name for m in model.mechanisms for w in m.weather}),
        ("drivers", {x for m in model.mechanisms for x in m.drivers} - {"days_left"}),
    ):
        listed = [word for factor in made.factors.values() for word in getattr(factor, part)]
        assert sorted(listed) == sorted(of_model), part
    assert len(made.standard) == 8
    assert sum(f.announced for f in made.factors.values()) == 1


def test_players_and_what_is_left():
    made = load(DOCUMENT, corridor())
    standard, rest = players(made)
    assert [p.id for p in standard] == list(made.standard)
    effort = next(p for p in standard if p.id == "mexican-effort").hold
    assert {"us.tariff_threat", "mx.guard_north"} <= effort.levers
    assert effort.weather == {"effort", "stop", "return_share"}
    assert "pa.darien.closed" in rest.levers
    assert rest.drivers == {"homicide": 1}
    assert not rest.weather
    (both,), rest = players(made, ["season + weather"])
    assert both.hold.drivers == {"day_of_year": 15}
    assert "departure" in both.hold.weather
    assert rest.announced
    assert rest.leaving == {("north_repeat", "repeat_wait_days")}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["hurricane"], "unknown factor 'hurricane'; allowed: 'hurricanes' is the nearest name"),
        (["season", ""], "unknown factor ''"),
        (
            ["mexican-effort", "us-pressure"],
            "'us-pressure' is in 'us-pressure' and in 'mexican-effort'",
        ),
        (["season", "season"], "'season' is in 'season' and in 'itself'"),
        ([f"x{i}" for i in range(17)], "17 factors; allowed: at most 16"),
    ],
)
def test_a_wrong_choice_of_factors_is_told(names, found):
    with pytest.raises(CaudalError) as caught:
        players(load(DOCUMENT, corridor()), names)
    assert str(caught.value).startswith("--factors: ")
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("change", "where", "found"),
    [
        (lambda d: d["factors"]["season"].update(drivers=["day_of_yea"]), "drivers[0]", "day_of_year"),
        (lambda d: d["factors"]["season"].update(weather=["effort"]), "weather[0]", "in 'season' too"),
        (lambda d: d["factors"]["season"].update(lever=["x"]), "season.lever'", "unknown field"),
        (lambda d: d["factors"]["season"].pop("about"), "factors.season'", "'about' missing"),
        (lambda d: d["standard"].append("seasons"), "standard[8]", "unknown factor 'seasons'"),
        (lambda d: d["groups"].update(season={"en": "x", "es": "x", "of": ["weather"]}),
         "groups.season", "is a factor too"),
        (lambda d: d["factors"]["retry-under-title-42"].update(leaving={"stock": "nort", "days": "x"}),
         "leaving", "the model has no 'nort'"),
    ],
)  # fmt: skip
def test_a_fault_of_the_document_names_file_line_and_field(tmp_path, change, where, found):
    written = yaml.safe_load(DOCUMENT.read_text("utf-8"))
    change(written)
    path = tmp_path / "factors.yaml"
    path.write_text(yaml.safe_dump(written, sort_keys=False), "utf-8")
    with pytest.raises(CaudalError) as caught:
        load(path, corridor())
    assert "factors.yaml:" in str(caught.value)
    assert where in str(caught.value)
    assert found in str(caught.value)


# ---- what is held -------------------------------------------------------------------------------


def outside() -> Forcing:
    days = np.arange(90.0)
    step = (days >= 40).astype(float)
    return Forcing(
        start=date(2020, 1, 1), days=90,
        law={"a": step, "b": np.stack([step, days], 1)},
        announced={"b": np.stack([(days >= 20) * 1.0, days], 1)},
        on={"t": {"a": step * 2}},
        driver={"year": days, "left": days[::-1].copy()},
    )  # fmt: skip


def test_paths_are_held_from_the_day_on_and_nothing_else_is():
    was = outside()
    held = held_forcing(was, Hold(levers=frozenset("a"), drivers={"year": 3}), 31)
    np.testing.assert_array_equal(held.law["a"], np.zeros(90))
    np.testing.assert_array_equal(held.on["t"]["a"], np.zeros(90))
    np.testing.assert_array_equal(held.law["b"], was.law["b"])
    np.testing.assert_array_equal(held.announced["b"], was.announced["b"])
    np.testing.assert_array_equal(held.driver["year"][:31], np.arange(31))
    assert (held.driver["year"][31:] == 33).all()
    np.testing.assert_array_equal(held.driver["left"], was.driver["left"])
    assert was.law["a"][40] == 1  # the history's own paths are not touched


def test_without_announcements_only_what_differed_on_the_day_goes_on_differing():
    was = outside()
    held = held_forcing(was, Hold(announced=True), 31)
    assert (
        held.announced["b"][31:, 0] == 1
    ).all()  # announced before, not in force: stays announced
    np.testing.assert_array_equal(held.announced["b"][31:, 1], was.law["b"][31:, 1])
    early = held_forcing(was, Hold(announced=True), 10)
    np.testing.assert_array_equal(early.announced["b"][10:, 0], was.law["b"][10:, 0])
    both = held_forcing(was, Hold(frozenset("b"), announced=True), 10)
    assert (both.announced["b"][10:, 1] == 10).all()  # nothing is announced beyond the held law


def members() -> Chunk:
    weather = {"sky": np.arange(8.0)[:, None] * np.ones(2), "calm": np.ones((8, 2))}
    return Chunk(np.arange(2), {"days": np.full(2, 5.0), "size": np.ones(2)}, weather)


def test_weather_and_signals_are_held():
    was = members()
    held = held_chunk(was, Hold(weather=frozenset({"sky"}), still=frozenset({"days"})), 3)
    np.testing.assert_array_equal(held.weather["sky"][:, 0], [0, 1, 2, 3, 3, 3, 3, 3])
    assert held.weather["calm"] is was.weather["calm"]
    assert (held.p["days"] == NEVER_DAYS).all()
    assert held.p["size"] is was.p["size"]


@pytest.mark.parametrize(
    ("hold", "moves"),
    [
        (Hold(), False),
        (Hold(levers=frozenset("a")), True),
        (Hold(weather=frozenset({"calm"})), False),
        (Hold(weather=frozenset({"sky"})), True),
        (Hold(drivers={"year": 1}), True),
        (Hold(still=frozenset({"days"})), True),
        (Hold(announced=True), True),
    ],
)
def test_what_never_moves_is_known_beforehand(hold, moves):
    assert changes(outside(), members(), hold, 31, 1, 90) is moves


def test_a_lever_that_changes_after_the_last_day_does_not_move():
    hold = Hold(levers=frozenset("a"))
    assert not changes(outside(), members(), hold, 10, 0, 40)
    assert changes(outside(), members(), hold, 10, 0, 41)


def test_as_many_leave_a_stock_as_on_the_first_day_whatever_its_size():
    """A stock that doubles every week: its people stay twice as long, so as many leave a day."""
    seen = []

    def state(day: int, size: float) -> SimpleNamespace:
        people = np.stack([np.full((3, 2), size), np.full((3, 2), 7.0)])
        return SimpleNamespace(day=day, carry=SimpleNamespace(people=people))

    class Engine:
        model = SimpleNamespace(rows={"waiting": slice(0, 1)})

        def advance(self, here, chunk, forcing, until, seed):
            seen.append((here.day, until, here.carry.people[0].sum(0) / chunk.p["days"]))
            months = Months(0, {"t": np.ones((1, 2))}, {}, np.ones((1, 2, 3, 2)))
            return state(until, here.carry.people[0, 0, 0] * 2), months

    start = Start(Engine(), members(), state(10, 1e4), 10, 0, 1)  # type: ignore[arg-type]
    start.run(outside(), Hold(leaving=frozenset({("waiting", "days")})), 31)
    assert [(a, b) for a, b, _ in seen] == [(10, 17), (17, 24), (24, 31)]
    np.testing.assert_allclose([leave for *_, leave in seen], 6000.0, rtol=1e-4)
    seen.clear()
    start.run(outside(), Hold(), 31)
    assert [(a, b) for a, b, _ in seen] == [(10, 31)]


def test_holds_unite():
    one = Hold(frozenset("a"), drivers={"x": 1}) | Hold(frozenset("b"), announced=True)
    assert one == Hold(frozenset("ab"), True, {"x": 1})
    assert together([]) == Hold()


# ---- the question -------------------------------------------------------------------------------


def test_periods():
    assert period("--from", "2020-12") == (date(2020, 12, 1), date(2021, 1, 1))
    assert period("--to", "2020-11..2021-01") == (date(2020, 11, 1), date(2021, 2, 1))
    for text in ("2020", "2020-13", "2020-11-01", "2020-10..", "..", "2020-10..2020-11..2020-12"):
        with pytest.raises(CaudalError, match="is no month"):
            period("--to", text)
    with pytest.raises(CaudalError, match="runs backwards"):
        period("--to", "2021-01..2020-11")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--from", "2020-11"], "--to: not given"),
        (["--from", "2020-11", "--to", "2020-11"], "--to: 2020-11 is not after 2020-11"),
        (["--from", "2020-11", "--to", "2020-10"], "--to: 2020-10 is not after 2020-11"),
        (["--from", "2017-12", "--to", "2020-10"], "--from: 2017-12 is outside the counted months"),
        (["--from", "2020-12", "--to", "2040-10"], "--to: 2040-10 is outside the counted months"),
        (["--from", "2020-12", "--to", "2021-02", "--outcome", "us.encounters.southwst"],
         "--outcome: unknown outcome 'us.encounters.southwst'; allowed: 'us.encounters.southwest'"),
        (["--from", "2020-12", "--to", "2021-02", "--factors", "seson"], "'season' is the nearest"),
        (["--from", "2020-12", "--to", "2021-02", "--members", "1"], "--members: 1; allowed: 2 to"),
        (["--from", "2020-12", "--to", "2021-02", "--out", "x.xls"], "--out: 'x.xls'"),
        (["--from", "2020-12", "--to", "2021-02", "--html", "/dev/null/x.html"], "is not a folder"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_one_line_and_writes_nothing(
    words, told, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["attribute", *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["rows.csv", "rows.json", "draws.nc"])
def test_files_are_written_whole(tmp_path, name):
    found, out, html = answered(), tmp_path / name, tmp_path / "page.html"
    said = about(found, ("c", "p"))
    _write(out, html, found, said, rows(found))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "page.html"])
    assert html.read_text("utf-8") == page(said, rows(found), found.asked.outcome)
    if name.endswith(".csv"):
        assert len(out.read_text("utf-8").splitlines()) == 1 + len(rows(found))
    elif name.endswith(".json"):
        assert json.loads(out.read_text("utf-8")) == {"attribution": said, "rows": rows(found)}
    else:
        import xarray as xr

        np.testing.assert_allclose(xr.open_dataset(out).people, dataset(found, said).people)


def test_the_list_names_every_factor_and_group(capsys):
    assert main(["attribute", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["factors"]
    made = load(DOCUMENT, corridor())
    assert [row["id"] for row in listed] == [*made.factors, *made.groups]


# ---- how it is told -----------------------------------------------------------------------------


def answered(counted: tuple[float, float] | None = (100.0, 180.0)) -> Attribution:
    rng = np.random.default_rng(3)
    underway, rest, shares = rng.normal(size=40), rng.normal(size=40), rng.normal(10, 3, (2, 40))
    before = rng.normal(100, 2, 40)
    asked = Asked(
        SimpleNamespace(id="x", title_en="Things <seen>", title_es="Cosas <vistas>", unit="people"),  # type: ignore[arg-type]
        (date(2020, 11, 1), date(2020, 12, 1)), (date(2021, 1, 1), date(2021, 4, 1)),
        [Player("a", "A", "La A", Hold()), Player("b", "B & b", "La B", Hold())], Hold(), {},
    )  # fmt: skip
    found = Shares(shares, shares * 0.5, shares * 2, np.zeros(2))
    after = before + underway + rest + shares.sum(0)
    return Attribution(asked, before, after, underway, rest, found, counted, 5, True)


def test_parts_sum_to_the_published_change_draw_by_draw_and_on_the_mean():
    found = answered()
    ds = dataset(found, about(found, ("c", "p")))
    np.testing.assert_allclose(ds.people[:-1].sum("part"), 80.0)
    np.testing.assert_allclose(ds.people[-1], 80.0)
    made = rows(found)
    assert [row["kind"] for row in made] == [
        "underway",
        "rest",
        "factor",
        "factor",
        "misfit",
        "change",
    ]
    assert sum(row["mean"] for row in made[:-1]) == pytest.approx(80.0)
    assert sum(row["share"] for row in made[:-1]) == pytest.approx(100.0)
    assert all(
        row["lo90"] <= row["lo50"] <= row["median"] <= row["hi50"] <= row["hi90"] for row in made
    )
    assert made[2]["error"] == pytest.approx(found.shares.value[0].std(ddof=1) / np.sqrt(40))
    assert made[0]["first_in"] is None
    assert made[3]["last_in"] == pytest.approx(found.shares.value[1].mean() * 2)


def test_without_a_count_the_change_is_the_models_and_there_is_no_misfit():
    found = answered(counted=None)
    made = rows(found)
    assert "misfit" not in [row["kind"] for row in made]
    assert sum(row["mean"] for row in made[:-1]) == pytest.approx(made[-1]["mean"])
    assert "nobody publishes it" in made[-1]["name"]


def test_the_recipe_repeats_the_question():
    command, python = recipe(answered(), ["a", "b+c"], 40, 0)
    assert command == "caudal attribute --outcome x --from 2020-11 --to 2021-01..2021-03 " \
        "--factors a,b+c --members 40"  # fmt: skip
    assert python.endswith(
        "caudal.attribute('x', start='2020-11', end='2021-01..2021-03', factors=['a', 'b+c'], "
        "members=40)"
    )


def test_the_waterfall_ends_at_the_whole():
    bars = waterfall([4.0, -2.0, 2.0], 8)
    assert bars == ["████████", "    ▒▒▒▒", "████    "]
    assert waterfall([0.0, 0.0], 4) == ["    ", "    "]
    assert all(len(bar) == 10 for bar in waterfall([-5.0, 1.0, -4.0], 10))


def test_the_page_says_it_in_both_languages_without_a_script_and_escaped():
    found = answered()
    said = about(found, ("caudal attribute <x>", "python"), code_version="1")
    text = page(said, rows(found), found.asked.outcome)
    assert text.count("<svg") == 2
    assert "<script" not in text
    assert "Things &lt;seen&gt;" in text
    assert "Cosas &lt;vistas&gt;" in text
    assert "B &amp; b" in text
    assert text.count("<rect") == 2 * 6
    assert page(said, rows(found), found.asked.outcome) == text
