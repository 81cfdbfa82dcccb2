"""A hand-made `Now` for tests of one mechanism: levers at their defaults, no weather, nobody anywhere.

Nothing is compiled: a mechanism is a plain function of such a view and of parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from caudal.corridor import corridor
from caudal.corridor.policies import VOCABULARY, levers
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.engine.audit import draw_parameters
from caudal.engine.declare import Mechanism
from caudal.engine.simulate import Simulator
from caudal.engine.step import Now

MEMBERS = 4


def group(nationality: str, unit: str) -> int:
    """Where a group stands on the axis of groups."""
    return NATIONALITIES.index(nationality) * len(UNITS) + UNITS.index(unit)


@cache
def drawn(members: int = MEMBERS, seed: int = 7) -> Mapping[str, np.ndarray]:
    """Parameters drawn from their priors, member last."""
    return draw_parameters(corridor().priors, members, seed)


def parameters(made: Mechanism, **given: Any) -> dict[str, np.ndarray]:
    """Drawn parameters of one mechanism, some of them given."""
    p = {name: drawn()[name] for name in made.parameters}
    unknown = set(given) - set(p)
    assert not unknown, unknown
    return p | {k: np.broadcast_to(np.float32(v), p[k].shape) for k, v in given.items()}


def neutral(made: Mechanism) -> dict[str, np.ndarray]:
    """Drawn parameters with the mechanism off."""
    return parameters(made, **made.off)


def now(
    law: Mapping[str, Any] | None = None,
    *,
    announced: Mapping[str, Any] | None = None,
    signal: Mapping[str, Any] | None = None,
    rate: Mapping[str, Any] | None = None,
    people: Mapping[str, Any] | None = None,
    driver: Mapping[str, Any] | None = None,
    weather: Mapping[str, Any] | None = None,
    noise: Mapping[str, Any] | None = None,
    dt: float = 1.0,
) -> Now:
    """A view in which only what is given differs from the start; values broadcast to their shape.

    law and announced come without a member axis, the rest with one. `announced` is `law` unless given.
    """
    model = corridor().model
    carry = Simulator(model).start(MEMBERS, (), dict(drawn())).carry
    calm = {
        w.name: np.zeros((*model.shape(w.dims), MEMBERS), np.float32)
        for m in model.mechanisms
        for w in m.weather
    }
    at = {k: v.default_array(VOCABULARY)[..., None].astype(np.float32) for k, v in levers().items()}
    told = {k: np.asarray(v, np.float32)[..., None] for k, v in (law or {}).items()}
    coming = {k: np.asarray(v, np.float32)[..., None] for k, v in (announced or {}).items()}
    in_force = _with(at, told)
    return Now(
        people=_with({n: carry.people[r] for n, r in model.rows.items()}, people),
        signal=_with(carry.signals, signal),
        law=in_force,
        announced=_with(in_force, coming),
        driver=_with(
            {
                "us_job_openings": 0.0,
                "day_of_year": 1.0,
                "days_left": 30.0,
                "homicide": np.zeros((len(NATIONALITIES), 1), np.float32),
            },
            driver,
        ),
        weather=_with(calm, weather),
        coming=_with(calm, weather),
        noise=_with(carry.noise, noise),
        rate=_with(carry.rates, rate),
        dt=dt,
    )


def _with(usual: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    unknown = set(given or {}) - set(usual)
    assert not unknown, unknown
    return dict(usual) | {
        k: np.broadcast_to(np.float32(v), np.shape(usual[k])) for k, v in (given or {}).items()
    }
