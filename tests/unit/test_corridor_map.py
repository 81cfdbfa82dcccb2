"""The map: its ways are the model's, sums are taken inside members, its file keeps what it is given."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from caudal.ask import movements as kept
from caudal.corridor.atlas import AT, FILE, PREFIX, Mapped, atlas, everyone, load
from caudal.corridor.groups import N_GROUPS
from caudal.corridor.model import model
from caudal.engine.fit import tally_places
from caudal.errors import CaudalError

pytestmark = pytest.mark.unit
MONTHS, MEMBERS = 2, 3


def ran(seed: int = 0) -> Any:
    """Tallies of the map as a run would give them."""
    rng = np.random.default_rng(seed)
    mapped, tallies = Mapped().model, {}
    for tally in atlas().tallies():
        places = next(iter(tally_places(mapped, tally))) if "place" in tally.keep else 1
        shape = (MONTHS, places, N_GROUPS, MEMBERS)
        tallies[tally.name] = rng.gamma(2.0, 50.0, shape).astype(np.float32)
    return SimpleNamespace(tallies=tallies)


def test_the_map_changes_nothing_of_the_model():
    mine, plain = Mapped().model, model()
    assert mine.mechanisms == plain.mechanisms
    assert mine.stocks == plain.stocks
    assert mine.tallies[: len(plain.tallies)] == plain.tallies


def test_encounters_of_the_map_are_those_of_the_model():
    paths = [*model().paths, *model().departures]
    seen = {p for p in range(len(paths)) if paths[p].counts(["line.seen"])}
    flows = atlas().document.flows
    assert {p for p in range(len(paths)) if paths[p].counts(flows["cross"].parts[0].of)} == seen
    stops = {f"{name} → taken" for name in ("south", "mexico_1", "mexico_2", "north_first")}
    mine = [flows[name].parts for name in ("taken_south", "taken_road", "taken_north")]
    assert {entry for parts in mine for part in parts for entry in part.of} == stops


def test_a_port_lies_with_the_city_of_its_sector():
    here, months = atlas(), ran()
    people = dict(zip(here.items, here.read(months), strict=True))
    land = months.tallies[f"{PREFIX}reach.0"][:, 0]
    ports = months.tallies[f"{PREFIX}reach.1"][:, 0]
    np.testing.assert_allclose(people["reach.san-diego"], land + ports)
    np.testing.assert_allclose(people["reach.el-centro"], months.tallies[f"{PREFIX}reach.0"][:, 1])


def test_sums_are_of_members_not_of_quantiles():
    here, months = atlas(), ran(1)
    people = dict(zip(here.items, here.read(months), strict=True))
    at = people[f"{AT}mexican_custody"]
    np.testing.assert_allclose(at, people["held"] + people["dif"], rtol=1e-5)
    whole = sum(
        people[f.id] for f in here.flows if f.id.split(".")[0] in ("cross", "ports", "ports_back")
    )
    np.testing.assert_allclose(people["border"], whole, rtol=1e-5)


def test_units_and_nationalities_each_make_everyone():
    masks = np.stack(list(everyone().values())).astype(int)
    np.testing.assert_array_equal(masks[1:4].sum(0), masks[0])
    np.testing.assert_array_equal(masks[4:].sum(0), masks[0])


def test_a_kept_table_is_what_it_was_within_its_grain(tmp_path):
    rng = np.random.default_rng(3)
    values = np.sort(rng.lognormal(5, 3, (2, 4, 5, 5)), -1).astype(np.float32)
    values[0, 0] = 0
    found = kept.Movements(
        ("all", "VEN"), ("a", "b", "c", "d"), ("2018-01",) * 5, values, {"members": 9}
    )
    kept.write(found, tmp_path / "map.zip", coarse=["VEN"])
    again = kept.read(tmp_path / "map.zip")
    assert (again.who, again.items, again.months) == (found.who, found.items, found.months)
    assert again.about["members"] == 9
    for i, (step, floor) in enumerate((kept.FINE, kept.COARSE)):
        big = values[i] >= floor
        np.testing.assert_allclose(again.values[i][big], values[i][big], rtol=0.51 * step)
        assert (again.values[i][~big] == 0).all()
    (tmp_path / "map.zip").write_bytes(b"no zip")
    with pytest.raises(CaudalError, match="not readable"):
        kept.read(tmp_path / "map.zip")


def test_the_shipped_table_tells_every_item_of_the_map():
    from caudal.service.mapped import shipped

    found = shipped()
    assert found.items == atlas().items
    assert found.who == tuple(everyone())
    # nobody is found in more than one order: quantiles rise
    assert (np.diff(found.values, axis=-1) >= 0).all()


def test_the_outlines_are_those_recorded():
    from caudal.report.strings import WEB

    record = json.loads((WEB / "vendor" / "outlines.json").read_text("utf-8"))
    made = (WEB / "vendor" / "outlines.geojson").read_bytes()
    assert hashlib.sha256(made).hexdigest() == record["sha256"]
    assert len(made) < 160_000
    names = {f["properties"]["name"] for f in json.loads(made)["features"]}
    assert {"Mexico", "Panama", "United States of America", "us-states"} <= names


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("at: Cúcuta", "at: Cucutilla", "no town 'Cucutilla'"),
        ("to: darien, kind", "to: dariem, kind", "no place 'dariem'"),
        ("lat: 23.0, ", "", "no position"),
        (
            'kind: north, parts: [{of: ["outside → darien"]',
            'kind: up, parts: [{of: ["outside → darien"]',
            "kind",
        ),
    ],
)
def test_a_faulty_map_is_refused(tmp_path, old, new, found):
    text = FILE.read_text("utf-8")
    assert old in text
    (tmp_path / "atlas.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CaudalError, match=found):
        load(tmp_path / "atlas.yaml")
