"""A `Now` made by hand: nobody anywhere, a calm sky, the law of 1 July 2017, and what a test sets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from caudal.corridor import corridor
from caudal.corridor.groups import N_GROUPS
from caudal.engine.step import Now


@cache
def _law() -> dict[str, np.ndarray]:
    here = corridor()
    start = here.begins
    compiled = here.law.compile(start, start.replace(day=2))
    return {k: np.asarray(v[compiled.segment[0]], np.float32) for k, v in compiled.table.items()}


def law(**levers: Any) -> dict[str, np.ndarray]:
    """Levers (*dims, 1) of the first day, with some set: `us__ice__beds=10` is us.ice.beds."""
    out = {k: v[..., None] for k, v in _law().items()}
    for name, value in levers.items():
        lever = name.replace("__", ".")
        out[lever] = np.broadcast_to(np.asarray(value, np.float32)[..., None], out[lever].shape)
    return out


def middle(mechanism: str, **own: Any) -> dict[str, np.ndarray]:
    """Parameters of a mechanism at the middle of their priors, (*dims, 1), with some set."""
    priors = corridor().priors
    out = {
        name: np.asarray(priors[name].at(np.zeros((1, *priors[name].centre.shape)))[0])[..., None]
        for name in corridor().model.mechanism(mechanism).parameters
    }
    assert set(own) <= set(out), "a parameter that the mechanism lacks"
    return out | {k: np.broadcast_to(np.float32(v), out[k].shape) for k, v in own.items()}


def by_hand(
    people: Mapping[str, Any] | None = None,
    signal: Mapping[str, Any] | None = None,
    rate: Mapping[str, Any] | None = None,
    weather: Mapping[str, Any] | None = None,
    law: Mapping[str, np.ndarray] | None = None,
) -> Now:
    """One member. People are broadcast to (place, 66, 1), the rest to their own shape and a member."""
    model = corridor().model
    stocks = {
        name: np.zeros((rows.stop - rows.start, N_GROUPS, 1), np.float32)
        for name, rows in model.rows.items()
    }
    signals = {k: np.zeros((*model.shape(s.dims), 1), np.float32) for k, s in model.signals.items()}
    sky = {
        w.name: np.zeros((*model.shape(w.dims), 1), np.float32)
        for m in model.mechanisms
        for w in m.weather
    }

    def fill(into: dict[str, np.ndarray], given: Mapping[str, Any] | None) -> dict[str, np.ndarray]:
        for name, value in (given or {}).items():
            number = np.asarray(value, np.float32)
            into[name] = np.broadcast_to(number, into[name].shape).copy()
        return into

    rates = {k: np.asarray(v, np.float32) for k, v in (rate or {}).items()}
    here = law if law is not None else {k: v[..., None] for k, v in _law().items()}
    return Now(
        people=fill(stocks, people), signal=fill(signals, signal), law=here, announced=here,
        driver={}, weather=fill(sky, weather), coming=sky, noise={}, rate=rates, dt=1.0,
    )  # fmt: skip
