"""What a model refuses, and the picture of it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from caudal.cli import main
from caudal.corridor.model import model as corridor_model
from caudal.engine.declare import Flow, Gate, Measure, Mechanism, Signal, Stock, Tally, mechanism
from caudal.engine.draw import svg
from caudal.engine.graph import Model
from caudal.engine.layout import layers, links
from caudal.engine.simulate import Simulator
from caudal.errors import CaudalError
from engine_worlds import border, calm, chunk, moving, queue, ring, switched_off

pytestmark = pytest.mark.unit

A, B = Stock("a", "a"), Stock("b", "b")
BACK = {("a", "b"): 0.1, ("b", "a"): 0.1}


def build(stocks=(A, B), mechanisms=None, tallies=()):
    return Model(tuple(stocks), tuple(mechanisms or [moving(BACK)]), tuple(tallies), 1, {})


def declared(**parts):
    return Mechanism("part", lambda now, p: {}, **parts)


def lone(*flows, groups=1, **parts):
    """The two stocks and a part with these flows."""
    mechanisms = (moving(BACK, groups), declared(flows=flows, **parts))
    return Model((A, B), mechanisms, (), groups, {"x": 3})


REFUSED = {
    "unknown target": (lambda: build(mechanisms=[moving({**BACK, ("a", "moon"): 1.0})]),
                       "unknown target 'moon'"),
    "unknown source": (lambda: build(mechanisms=[moving({**BACK, ("moon", "a"): 1.0})]),
                       "unknown stock 'moon'"),
    "two owners": (lambda: build(mechanisms=[moving(BACK), moving(BACK)]),
                   "flows owned twice: 'a → b'"),
    "two signals": (lambda: build(mechanisms=[
        moving(BACK), declared(signals=(Signal("s", "", ""), Signal("s", "", "")))]),
        "signals owned twice: 's'"),
    "two stocks": (lambda: build(stocks=(A, B, A)), "stock twice: 'a'"),
    "no way out": (lambda: build(mechanisms=[moving({("outside", "a"): 1.0, ("a", "b"): 1.0})]),
                   "no way out"),
    "no way in": (lambda: build(stocks=(A, B, Stock("c", "c", final=True))), "no way in"),
    "places": (lambda: build(stocks=(Stock("a", "", ("x", "y", "z")), Stock("b", "", ("x", "y")))),
               "3 places to 2 places of 'b'"),
    "pairs": (lambda: lone(Flow("a", "a", pairs=(1,), label="on")), "'a → a on' field 'pairs': (1,)"),
    "too few groups": (lambda: lone(Flow("a", "a", regroup=(0,), label="x"), groups=2),
                       "'a → a as x' field 'regroup': 1 groups"),
    "no such group": (lambda: lone(Flow("a", "a", regroup=(0, 2), label="x"), groups=2),
                      "'a → a as x' field 'regroup': group 2"),
    "a group unnamed": (lambda: lone(Flow("a", "a", regroup=(0,))), "no label"),
    "groups from outside": (lambda: lone(Flow("outside", "a", regroup=(0,), label="x")),
                            "people from outside"),
    "no way out but back": (lambda: build(mechanisms=[
        moving({("outside", "a"): 1.0, ("a", "b"): 1.0, ("b", "b"): 1.0})]), "no way out"),
    "two measures": (lambda: lone(measures=(Measure("m", "", ""), Measure("m", "", ""))),
                     "measures owned twice: 'm'"),
    "a measure named as a signal": (
        lambda: lone(measures=(Measure("m", "", ""),), signals=(Signal("m", "", ""),)),
        "a result's name twice: 'm'"),
    "a measure named as a tally": (
        lambda: build(mechanisms=[moving(BACK), declared(measures=(Measure("m", "", ""),))],
                      tallies=[Tally("m", "", ("a",))]), "a result's name twice: 'm'"),
    "a measure's axis": (lambda: lone(measures=(Measure("m", "", "", ("moon",)),)),
                         "measure 'm' field 'dims': unknown axis 'moon'"),
    "a signal's axis": (lambda: lone(signals=(Signal("s", "", "", ("moon",)),)),
                        "signal 's' field 'dims': unknown axis 'moon'"),
    "how": (lambda: lone(measures=(Measure("m", "", "", (), "total"),)),  # type: ignore[arg-type]
            "measure 'm' field 'how': 'total'"),
    "a measure read": (lambda: lone(measures=(Measure("m", "", ""),), reads=("m",)),
                       "unknown stock, signal or tally 'm'"),
    "a start's shape": (lambda: lone(signals=(Signal("s", "", "", ("x",), (1.0, 2.0)),)),
                        "signal 's' field 'start': shape (2,)"),
    "a ragged start": (lambda: lone(signals=(Signal("s", "", "", ("x",), ((1.0,), 2.0)),)),
                       "signal 's' field 'start': no array of numbers"),
    "a start from nowhere": (
        lambda: lone(signals=(Signal("s", "", "", start_from="base"),), parameters=("bas",)),
        "signal 's' field 'start_from': unknown parameter 'base'"),
    "unknown of two": (lambda: build(tallies=[Tally("t", "", ("a → b & line.seen",))]),
                       "unknown flow, branch or stock 'line.seen'"),
    "a stock of two": (lambda: build(tallies=[Tally("t", "", ("a → b & a",))]),
                       "unknown flow, branch or stock 'a'"),
    "nobody passes both": (lambda: build(tallies=[Tally("t", "", ("a → b & b → a",))]),
                           "nothing passes 'a → b & b → a'"),
    "people among events": (lambda: build(tallies=[Tally("t", "", ("a → b", "a"))]),
                            "a stock 'a' among events"),
    "places that do not line up": (
        lambda: build(stocks=(A, Stock("b", "", ("x", "y"))), tallies=[Tally("t", "", ("a", "b"))]),
        "field 'keep': parts of [1, 2] places"),
    "gates in a circle": (lambda: build(mechanisms=[moving({**BACK, ("a", "g"): 1.0}), declared(
        gates=(Gate("g", "", {"on": "h"}), Gate("h", "", {"back": "g"})))]),
        "gates lead in a circle"),
    "unknown read": (lambda: build(mechanisms=[moving(BACK), declared(reads=("tide",))]),
                     "unknown stock, signal or tally 'tide'"),
    "unknown tally": (lambda: build(tallies=[Tally("t", "", ("a → moon",))]),
                      "unknown flow, branch or stock 'a → moon'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_graph_that_does_not_fit_is_refused(name):
    make, told = REFUSED[name]
    with pytest.raises(CaudalError, match=re.escape(told)):
        make()


def test_off_must_name_declared_parameters():
    with pytest.raises(CaudalError, match="unknown parameter 'stength'"):

        @mechanism(parameters=("strength",), off={"stength": 0.0})
        def typo(now, p):
            return {}


@pytest.mark.parametrize(
    ("given", "told"),
    [({}, "a → b"), ({"a → b": 0.1, "b → a": 0.1, "c → a": 0.1}, "c → a")],
)
def test_a_mechanism_must_give_just_what_it_owns(given, told):
    wrong = Mechanism("wrong", lambda now, p: given, flows=(Flow("a", "b"), Flow("b", "a")))
    simulator = Simulator(build(mechanisms=[wrong]), months=1)
    with pytest.raises(CaudalError, match=re.escape(told)):
        simulator.advance(simulator.start(1), chunk(), calm(31), 3)


def test_owners_and_unknown_mechanism():
    model = border()
    assert model.owners()["desk"] == "border"
    assert model.owners()["held → held as alone"] == "border"
    assert queue().owners()["burden"] == "flow"
    with pytest.raises(CaudalError, match="unknown mechanism 'bordr'"):
        model.mechanism("bordr")


def test_switching_off_puts_neutral_values_and_keeps_shapes():
    p = chunk(3, arrive=5.0, leave=0.1).p
    off = switched_off(queue(), "flow", p)
    np.testing.assert_array_equal(off["arrive"], np.zeros(3))
    np.testing.assert_array_equal(off["leave"], p["leave"])


def test_shares_of_a_gate_multiply_along_the_way():
    ways = [p for p in border().paths if p.flow == "city → line"]
    assert {p.branches for p in ways} == {
        (("line", "seen"), ("desk", "held")),
        (("line", "seen"), ("desk", "back")),
        (("line", "unseen"),),
    }


def test_layers_lead_forward_in_the_declared_order():
    model = corridor_model()
    column = layers(model)
    order = [s.name for s in model.stocks]
    for link in links(model):
        if link.source in order and link.target in order:
            forward = order.index(link.source) < order.index(link.target)
            assert not forward or column[link.source] < column[link.target], link.name


@pytest.mark.parametrize("make", [ring, queue, border, corridor_model])
def test_the_picture_shows_every_stock_gate_and_flow(make):
    model = make()
    picture = svg(model)
    root = ET.fromstring(picture)
    space = "{http://www.w3.org/2000/svg}"
    titles = [t.text for t in root.iter(f"{space}title")]
    for link in links(model):
        assert f"{link.name} ({link.owner})" in titles
    words = " ".join("".join(t.itertext()) for t in root.iter(f"{space}text"))
    for stock in model.stocks:
        assert stock.name.replace("_", " ") in words
    assert picture == svg(make())


def test_the_picture_writes_labels_and_draws_what_leads_back():
    model = border()
    root = ET.fromstring(svg(model))
    space = "{http://www.w3.org/2000/svg}"
    for name, words in (("held → held as alone", "as alone"), ("city → city eastward", "eastward")):
        titled = {g.findtext(f"{space}title"): g for g in root.iter(f"{space}g")}
        drawn = titled[f"{name} (border)"]
        assert drawn.findtext(f"{space}text") == words
        curve = drawn.find(f"{space}path")
        assert curve is not None
        numbers = [float(x) for x in re.findall(r"-?[\d.]+", curve.get("d", ""))]
        (x1, y1), (x2, y2) = numbers[:2], numbers[-2:]
        assert max(numbers[::2]) > x1 + 20
        assert abs(x2 - x1) <= 1
        assert 4 < abs(y2 - y1) < 44


def test_boxes_of_the_picture_do_not_overlap():
    root = ET.fromstring(svg(corridor_model()))
    boxes = [
        tuple(float(r.get(k, "")) for k in ("x", "y", "width", "height"))
        for r in root.iter("{http://www.w3.org/2000/svg}rect")
        if r.get("width") == "104"
    ]
    assert len(boxes) > 15
    for i, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[i + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_graph_command_writes_whole_files_only(tmp_path, capsys):
    assert main(["model", "graph", "--out", str(tmp_path / "g.svg")]) == 0
    ET.parse(tmp_path / "g.svg")
    assert [p.name for p in tmp_path.iterdir()] == ["g.svg"]
    capsys.readouterr()
    assert main(["model", "graph", "--out", str(tmp_path / "g.png")]) == 2
    assert main(["model", "graph", "--out", str(tmp_path / "no" / "g.svg")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.startswith("caudal: --out") for line in told] == [True, True]
