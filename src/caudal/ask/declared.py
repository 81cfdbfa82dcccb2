"""Whether mechanisms keep to what they declare: the names and shapes they give, the names they read.

A mechanism is asked through a view that notes what it looks at. What it gives beside its own is told
and set right on the way, so that all else can still be asked of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from caudal.engine.declare import Mechanism
from caudal.engine.graph import Model
from caudal.engine.step import Now
from caudal.errors import CaudalError

KINDS = {
    "people": "stock", "signal": "signal", "law": "lever", "announced": "announced lever",
    "driver": "driver", "weather": "weather", "coming": "weather", "noise": "noise",
    "rate": "rate",
}  # fmt: skip
"""Parts of a mechanism's view, and what a name in each is called."""


@dataclass
class Noted:
    """What was wrong: given, one line each; read without being declared, (mechanism, what)."""

    given: set[str] = field(default_factory=set)
    read: set[tuple[str, str]] = field(default_factory=set)


class _Seen(Mapping[str, Any]):
    """A mapping that tells which of its names are looked at."""

    def __init__(self, of: Mapping[str, Any], where: str, tell: Callable[[str], None]) -> None:
        self.of, self.where, self.tell = of, where, tell

    def __getitem__(self, name: str) -> Any:
        if name not in self.of:
            raise CaudalError(self.where, f"no {name!r}", "what the model has and it declares")
        self.tell(name)
        return self.of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)


def watched(model: Model) -> tuple[Model, Noted]:
    """The same model, whose mechanisms fill the notes when they are asked."""
    noted = Noted()
    shapes = _shapes(model)
    made = tuple(_watch(m, shapes, noted) for m in model.mechanisms)
    return Model(model.stocks, made, model.tallies, model.groups, dict(model.axes)), noted


def _shapes(model: Model) -> dict[str, list[tuple[int, ...]]]:
    """What each thing that is given must broadcast to, without the member axis."""
    out: dict[str, list[tuple[int, ...]]] = {}
    for path in (*model.paths, *model.departures):
        for name in path.factors:
            out.setdefault(name, []).append((path.edges, model.groups))
    for name, part in (*model.signals.items(), *model.measures.items()):
        out[name] = [model.shape(part.dims)]
    return out


def _watch(made: Mechanism, shapes: Mapping[str, list[tuple[int, ...]]], noted: Noted) -> Mechanism:
    own = [part.name for part in (*made.flows, *made.signals, *made.measures)]
    own += [f"{g.name}.{b}" for g in made.gates for b in g.branches]
    ends = {end for f in made.flows for end in (f.source, f.target)}
    free = {*made.reads, *(s.name for s in made.signals)}
    may = {
        "people": free | ends, "signal": free, "rate": free, "law": set(made.levers),
        "announced": set(made.announced), "driver": set(made.drivers),
        "weather": {*made.reads, *(w.name for w in made.weather)},
        "noise": {*made.reads, *(n.name for n in made.noise)},
    }  # fmt: skip
    may["coming"] = may["weather"]

    def tell(part: str) -> Callable[[str], None]:
        def one(name: str) -> None:
            if name not in may[part]:
                noted.read.add((made.name, f"{KINDS[part]} {name!r}"))

        return one

    def function(now: Now, p: Mapping[str, Any]) -> dict[str, Any]:
        where = f"mechanism {made.name}"
        parts = [f.name for f in fields(now) if f.name != "dt"]
        seen = {
            part: _Seen(getattr(now, part), f"{where} reads a {KINDS[part]}", tell(part))
            for part in parts
        }
        asked = _Seen(p, f"{where} reads a parameter", lambda name: None)
        given = made.function(replace(now, **seen), asked)
        members = next(iter(now.people.values())).shape[-1]
        out = {}
        for name in own:
            wanted = [(*shape, members) for shape in shapes.get(name, [])]
            if name not in given:
                noted.given.add(f"{made.name}: gives no {name!r}")
            else:
                found = np.shape(given[name])
                wrong = [shape for shape in wanted if not _fits(found, shape)]
                if not wrong:
                    out[name] = given[name]
                    continue
                noted.given.add(f"{made.name}: {name!r} has shape {found}, not {wrong[0]}")
            out[name] = np.zeros(wanted[0] if wanted else (members,), np.float32)
        odd = sorted(set(given) - set(own))
        noted.given |= {f"{made.name}: gives {name!r}, which is not its own" for name in odd}
        return out

    return replace(made, function=function)


def _fits(found: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(found, shape) == shape
    except ValueError:
        return False
