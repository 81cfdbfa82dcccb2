"""A hand-made day for mechanisms that only measure: whatever a test does not set is zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caudal.corridor import corridor
from caudal.engine.declare import Mechanism
from caudal.engine.step import Now

MEMBERS = 2


def parameters(made: Mechanism, **given: Any) -> dict[str, np.ndarray]:
    """Every parameter at its prior's centre, or as given: (*dims, member)."""
    out = {}
    for name in made.parameters:
        prior = corridor().priors[name]
        value = np.broadcast_to(given.get(name, prior.value(prior.centre)), prior.centre.shape)
        out[name] = np.repeat(np.asarray(value, np.float32)[..., None], MEMBERS, -1)
    return out


def day(made: Mechanism, of_year: float = 100.0, **given: Mapping[str, Any]) -> Now:
    """A day on which nothing happens but for `given`.

    given: people, signal, law, rate: name → number or array, put into the name's own shape.
    """
    model, levers = corridor().model, corridor().law.levers

    def fill(kind: str, name: str, shape: tuple[int, ...]) -> np.ndarray:
        value = np.asarray(given.get(kind, {}).get(name, 0.0), np.float32)
        return np.repeat(np.broadcast_to(value, shape)[..., None], MEMBERS, -1)

    def tallied(name: str) -> tuple[int, ...]:
        tally = next(t for t in model.tallies if t.name == name)
        places = (
            9 if name in ("encounters_land", "encounters_repeat", "expulsions", "unseen") else 1
        )
        places = 4 if name == "encounters_ports" else places
        places = 9 if name == "mpp_returns" else places
        return (
            places if "place" in tally.keep else 1,
            model.groups if "group" in tally.keep else 1,
        )

    rates = [n for n in made.reads if n in model.tally_names and n not in model.rows]
    return Now(
        people={
            n: fill("people", n, (r.stop - r.start, model.groups)) for n, r in model.rows.items()
        },
        signal={
            n: fill("signal", n, tuple(model.axes[d] for d in s.dims))
            for n, s in model.signals.items()
        },
        law={n: fill("law", n, tuple(model.axes[d] for d in levers[n].dims)) for n in made.levers},
        announced={},
        driver={"day_of_year": np.float32(of_year)},  # type: ignore[dict-item]
        weather={},
        coming={},
        noise={},
        rate={n: fill("rate", n, tallied(n)) for n in rates},
        dt=1.0,
    )
