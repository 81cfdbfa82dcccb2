"""A hand-made `Now` for the unit tests of mechanisms: what a test does not set is neutral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caudal.corridor import corridor
from caudal.engine.declare import Mechanism
from caudal.engine.step import Now

MEMBERS = 3


def parameters(made: Mechanism, **given: Any) -> dict[str, np.ndarray]:
    """Each parameter of the mechanism at its prior's centre, or as given; (*dims, member)."""
    priors, out = corridor().priors, {}
    for name in made.parameters:
        prior = priors[name]
        value = given.get(name, prior.value(prior.centre))
        value = np.broadcast_to(np.asarray(value, np.float32), prior.centre.shape)
        out[name] = np.repeat(value[..., None], MEMBERS, -1)
    return out


def switched_off(made: Mechanism) -> dict[str, np.ndarray]:
    """The parameters with the mechanism off."""
    return parameters(made, **made.off)


def now(made: Mechanism, given: Mapping[str, Any] | None = None) -> Now:
    """Levers and weather at zero, signals at their start, nobody anywhere, but for `given`.

    given: name of a lever, signal, stock, weather, tally or driver → one number, or an array of the
    shape of its axes (stocks: one number is put in each cell).
    """
    model, given = corridor().model, dict(given or {})
    registry = corridor().law.levers

    def full(name: str, shape: tuple[int, ...], neutral: Any) -> np.ndarray:
        value = np.asarray(given.pop(name, neutral), np.float32)
        return np.repeat(np.broadcast_to(value, shape)[..., None], MEMBERS, -1)

    axes = dict(model.axes)
    levers = {k: full(k, tuple(axes[d] for d in registry[k].dims), 0.0) for k in made.levers}
    priors = corridor().priors
    begin = {
        k: priors[s.start_from].value(priors[s.start_from].centre) if s.start_from else s.start
        for k, s in model.signals.items()
    }
    signals = {k: full(k, model.shape(s.dims), begin[k]) for k, s in model.signals.items()}
    stocks = {
        k: full(k, (rows.stop - rows.start, model.groups), 0.0) for k, rows in model.rows.items()
    }
    weather = {w.name: full(w.name, model.shape(w.dims), 0.0) for w in made.weather}
    assert not given, f"nothing is called {sorted(given)}"
    return Now(stocks, signals, levers, levers, {}, weather, weather, {}, {}, 1.0)
