"""A day made by hand, for tests of one mechanism: nothing is compiled, nothing runs.

A mechanism is a plain function of a view (`now`) and of parameters. What a test does not give is as
at the start: levers at their defaults, signals at their start, no weather, nobody anywhere. One
member stands at the priors' centre; more members are as many draws of the priors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from caudal.corridor import corridor
from caudal.corridor.policies import VOCABULARY, levers
from caudal.corridor.world import NATIONALITIES, UNITS
from caudal.engine import book
from caudal.engine.audit import draw_parameters
from caudal.engine.declare import Mechanism
from caudal.engine.simulate import Simulator
from caudal.engine.step import Carry, Now

MEMBERS = 4
"""Members of tests that draw parameters: few, and no two alike."""

DRIVER = {"day_of_year": 1.0, "days_left": 30.0}
"""Drivers that are not 0 unless given."""


def group(nationality: str, unit: str = "single_adult") -> int:
    """Where a group stands on the axis of groups."""
    return NATIONALITIES.index(nationality) * len(UNITS) + UNITS.index(unit)


@cache
def drawn(members: int = MEMBERS, seed: int = 7) -> Mapping[str, np.ndarray]:
    """Every parameter, (*dims, member): at its prior's centre for one member, else drawn."""
    priors = corridor().priors
    if members > 1:
        return draw_parameters(priors, members, seed)
    return {name: prior.value(prior.centre)[..., None] for name, prior in priors.items()}


def parameters(made: Mechanism, members: int = 1, **given: Any) -> dict[str, np.ndarray]:
    """Parameters of one mechanism, some of them given."""
    return _with({name: drawn(members)[name] for name in made.parameters}, given)


def neutral(made: Mechanism, members: int = 1) -> dict[str, np.ndarray]:
    """Parameters with the mechanism off."""
    return parameters(made, members, **made.off)


def dotted(**of: Any) -> dict[str, Any]:
    """Levers by their names from keywords: `us__ice__beds=10` is us.ice.beds."""
    return {name.replace("__", "."): value for name, value in of.items()}


def now(
    *given: Mapping[str, Any],
    announced: Mapping[str, Any] | None = None,
    sky: Mapping[str, Any] | None = None,
    members: int = 1,
) -> Now:
    """A view in which only what is given differs from the start.

    given: lever, signal, stock, tally (people a day), driver or noise by name → one number, or an
    array of its own axes, with or without a member axis last (stocks and tallies: place, group).
    sky: weather, likewise; announced: levers, as in force unless given.
    """
    start, calm = _start(members)
    at = {name: value for values in given for name, value in values.items()}

    def these(usual: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return _with(usual, {name: at.pop(name) for name in usual if name in at})

    law, weather = these(_defaults()), _with(calm, sky or {})
    view = Now(
        people=these({name: start.people[rows] for name, rows in corridor().model.rows.items()}),
        signal=these(start.signals),
        law=law,
        announced=_with(law, announced or {}),
        driver=these(_drivers()),
        weather=weather,
        coming=weather,
        noise=these(start.noise),
        rate=these(book.events(corridor().model).split(start.rates)),
        dt=1.0,
    )
    assert not at, f"nothing is called {sorted(at)}"
    return view


@cache
def _drivers() -> dict[str, np.ndarray]:
    """Each driver of the corridor, in its own axes and one member's."""
    here = corridor()
    first = {name: days[0] for name, days in here.drivers(here.begins, 1, None, {}).items()}
    return {
        name: np.full((*value.shape, *([1] if value.ndim else [])), DRIVER.get(name, 0), np.float32)
        for name, value in first.items()
    }


@cache
def _defaults() -> dict[str, np.ndarray]:
    return {
        name: np.asarray(lever.default_array(VOCABULARY), np.float32)[..., None]
        for name, lever in levers().items()
    }


@cache
def _start(members: int) -> tuple[Carry, dict[str, np.ndarray]]:
    """The state before the first day, and a calm sky."""
    model = corridor().model
    calm = {
        weather.name: np.zeros((*model.shape(weather.dims), members), np.float32)
        for mechanism in model.mechanisms
        for weather in mechanism.weather
    }
    return Simulator(model).start(members, (), dict(drawn(members))).carry, calm


def _with(usual: Mapping[str, np.ndarray], given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    unknown = set(given) - set(usual)
    assert not unknown, f"nothing is called {sorted(unknown)}"
    return {**usual, **{name: _shaped(value, usual[name].shape) for name, value in given.items()}}


def _shaped(value: Any, shape: tuple[int, ...]) -> np.ndarray:
    """A value in the shape (*dims, member) of what it replaces."""
    number = np.asarray(value, np.float32)
    if 0 < number.ndim < len(shape):
        number = number[..., None]
    return np.broadcast_to(number, shape)
