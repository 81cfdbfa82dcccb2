"""Journeys: their words, kinds, shares, and what is refused."""

from __future__ import annotations

import pytest
import yaml

from caudal.ask.journeys import journeys
from caudal.cli import main
from caudal.corridor.journeys import FILE, load, words
from caudal.corridor.model import model
from caudal.errors import CaudalError
from run_worlds import corridor_with, made_up

pytestmark = pytest.mark.unit


def test_every_way_has_words_in_both_languages():
    told = [words().told(way) for way in (*model().paths, *model().departures)]
    assert sum(not events for events in told) == 3  # the silent ones
    for event in words().document.events.values():
        assert event.en != event.es
        assert event.en.count("{place}") == event.es.count("{place}")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["events"].pop("held → south"), "no words for 'held → south'"),
        (lambda d: d["events"].update({"held → moon": {"en": "x", "es": "y"}}), "no such flow"),
        (lambda d: d["events"]["line.seen"].update(stage="stoped"), "'stoped'"),
        (lambda d: d["stays"].pop("mpp"), "no words for 'mpp'"),
        (lambda d: d["harms"]["attack"]["per_day"][0].update(measures=["asaults"]), "'asaults'"),
        (lambda d: d.update(abot="x"), "unknown field 'abot'"),
    ],
)
def test_words_that_do_not_fit_are_refused(change, told, tmp_path):
    document = yaml.safe_load(FILE.read_text("utf-8"))
    change(document)
    path = tmp_path / "words.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    with pytest.raises(CaudalError) as caught:
        load(path, model())
    assert told in str(caught.value)
    assert "words.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--nationality", "Hondurs"], "'Honduras' is the nearest name"),
        (["--unit", "famly"], "'family' is the nearest name"),
        (["--lang", "fr"], "allowed: en, es"),
        (["--count", "0"], "--count"),
        (["--travellers", "9"], "100 to"),
        (["--months", "99"], "1 to 24"),
        (["--members", "0"], "--members"),
        (["--from", "2031-01"], "--from"),
        (["--from", "soon"], "'soon' is no month"),
        (["--from", "2015-01"], "2015-01"),
        (["no-such-scenario"], "no-such-scenario"),
    ],
)
def test_bad_input_is_one_line(options, told, capsys):
    assert main(["journeys", *options]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


@pytest.mark.slow
def test_journeys_of_the_corridor(tmp_path):
    here = corridor_with(tmp_path, made_up(draws=4, months=20))

    def draw(seed=0):
        return journeys(
            here, words(), start="2018-03", nationality="México", unit="single-adult", count=12,
            months=3, members=3, travellers=1500, seed=seed,
        )  # fmt: skip

    found = draw()
    assert found == draw()
    assert found.journeys != draw(1).journeys
    assert (found.nationality, found.unit, found.members) == ("MEX", "single_adult", 3)
    assert sum(k.share for k in found.kinds) + found.other == pytest.approx(1)
    assert all(k.lo90 <= k.share + 1e-9 <= k.hi90 + 0.2 for k in found.kinds)
    shares = [k.share for k in found.kinds]
    assert shares == pytest.approx(sorted(shares, reverse=True))
    assert len(found.journeys) == 12
    assert "set_out" not in {m.stage for m in found.meets}
    for one in found.journeys:
        assert one.lines[0].text == {
            "en": "Set out within Mexico", "es": "Salida dentro de México"
        }  # fmt: skip
        assert one.lines[0].on == one.set_out
        assert found.start <= one.set_out < one.lines[-1].on <= found.until
        assert one.lines[-1].day == one.days
        assert sum(line.after for line in one.lines) == one.days
        assert all(0 <= harm["chance"] < 1 for harm in one.chances.values())
        stops = any("Stopped by the Border Patrol" in line.text["en"] for line in one.lines)
        assert stops == ("stopped_border" in found.kinds[one.kind - 1].stages)
        assert (one.chances["death"]["chance"] > 0) >= stops
