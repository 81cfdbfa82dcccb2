"""Does what is declared fit together: axes, starts, groups, and what tallies count.

`graph` calls these while it builds a model. Each refusal is one CaudalError that names the part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caudal.engine.declare import ARROW, BOTH, OUTSIDE, Flow, Mechanism, Signal, Tally
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.engine.graph import Model

HOW = ("sum", "mean")
"""How a measure is put together over a month."""


def check_parts(model: Model) -> None:
    """Refuse unknown axes, starts of another shape, and groups that do not exist."""
    for made in model.mechanisms:
        for part in (*made.signals, *made.measures, *made.weather, *made.noise):
            for axis in part.dims:
                if axis not in model.axes:
                    raise CaudalError(
                        f"{type(part).__name__.lower()} {part.name!r} field 'dims'",
                        f"unknown axis {axis!r}",
                        ", ".join(model.axes) or "none",
                    )
        for measure in made.measures:
            if measure.how not in HOW:
                raise CaudalError(
                    f"measure {measure.name!r} field 'how'", f"{measure.how!r}", ", ".join(HOW)
                )
        for signal in made.signals:
            _check_start(model, made, signal)
        for flow in made.flows:
            _check_regroup(flow, model.groups)


def _check_start(model: Model, made: Mechanism, signal: Signal) -> None:
    if signal.start_from and signal.start_from not in made.parameters:
        raise CaudalError(
            f"signal {signal.name!r} field 'start_from'",
            f"unknown parameter {signal.start_from!r}",
            ", ".join(made.parameters) or f"a parameter of {made.name}",
        )
    shape = model.shape(signal.dims)
    try:
        found = np.shape(np.asarray(signal.start, np.float32))
    except (ValueError, TypeError):
        found = None
    if found not in ((), shape):
        raise CaudalError(
            f"signal {signal.name!r} field 'start'",
            "no array of numbers" if found is None else f"shape {found}",
            f"one number, or shape {shape}",
        )


def _check_regroup(flow: Flow, groups: int) -> None:
    if flow.regroup is None:
        return
    where = f"flow {flow.name!r} field 'regroup'"
    if not flow.label:
        raise CaudalError(where, "no label", "label= the name of what people become")
    if flow.source == OUTSIDE:
        raise CaudalError(where, "people from outside", "a flow out of a stock")
    if len(flow.regroup) != groups:
        raise CaudalError(where, f"{len(flow.regroup)} groups", f"{groups} groups")
    for group in flow.regroup:
        if not 0 <= group < groups:
            raise CaudalError(where, f"group {group}", f"0 to {groups - 1}")


def check_tallies(model: Model) -> None:
    """Refuse entries that nothing passes, events mixed with people, places that do not line up."""
    paths = (*model.paths, *model.departures)
    names = {n for p in paths for n in p.passes}
    for tally in model.tallies:
        where = f"tally {tally.name!r}"
        for entry in tally.of:
            for name in entry.split(BOTH):
                if name not in names and (BOTH in entry or name not in model.rows):
                    raise CaudalError(
                        where,
                        f"unknown flow, branch or stock {name!r}",
                        f"'a{ARROW}b', 'gate.branch', two of them with '{BOTH.strip()}', or a stock",
                    )
            if entry not in model.rows and not any(p.counts((entry,)) for p in paths):
                raise CaudalError(where, f"nothing passes {entry!r}", "names on one way")
        stocks = [name for name in tally.of if name in model.rows]
        if stocks and len(stocks) < len(tally.of):
            raise CaudalError(where, f"a stock {stocks[0]!r} among events", "stocks only, or none")
        sizes = tally_places(model, tally)
        if "place" in tally.keep and len(sizes) > 1:
            raise CaudalError(
                f"{where} field 'keep'",
                f"parts of {sorted(sizes)} places",
                "parts of equally many places, or no 'place'",
            )


def tally_places(model: Model, tally: Tally) -> set[int]:
    """How many places the parts of a tally have: one number where they can keep their places."""
    sizes = {p.edges for p in (*model.paths, *model.departures) if p.counts(tally.of)}
    rows = [model.rows[name] for name in tally.of if name in model.rows]
    return sizes | {here.stop - here.start for here in rows}
