"""Strait: how people arrive at the camp, go on the list, and are called to the desk.

    arrive per day[g] = base[g] × exp(weather[g] + noise[g] + season × cos(2π (day − 60) / 365)
                                      − deter × heard / 30)
    camp → list       = 1 / camp days
    camp, list → home = leave per day
    called per day    = daily cap × share of it that the desk uses × (1 − closed)
    list → crossed    = −ln(1 − min(1, called / people on the list))
    wait              = people on the list / called, at most a year
    heard             → wait, within hears days

The hazard of being called is the one under which just `called` people of a longer list leave in a
day, and all of a shorter one. `wait` is what a list on which whoever came first is called first
would ask of the last one on it; people at home hear of it, and fewer set out. The engine keeps no
order within a stock: the length of the list and the mean wait do not depend on the order in which
people are called (Little 1961), the spread of waits does, and is not modelled.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.engine.declare import Flow, Measure, Noise, Signal, Weather, mechanism
from caudal.engine.step import Now
from strait.world import EVERY

LONGEST_WAIT = 365.0
"""Days of wait beyond which nobody reckons: a closed desk has no end to its list."""
WARMEST = 60.0
"""Day of the year on which most set out: the calm weeks of the strait."""
ALMOST_ALL = 1.0 - 1e-6
"""Largest share called in a day: the hazard of all of them would be infinite."""


@mechanism(
    flows=(Flow("outside", "camp"),),
    weather=(Weather("departure", "how many set out", ("group",)),),
    noise=(Noise("gusts", "days on which more arrive", "gust_sd", "gust_days", ("group",)),),
    reads=("heard",),
    drivers=("day_of_year",),
    parameters=("base", "season", "deter", "gust_sd", "gust_days"),
    off={"season": 0.0, "deter": 0.0},
)
def arrivals(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """People per day who arrive at the camp, shape (1, group, member)."""
    push = (
        now.weather["departure"]
        + now.noise["gusts"]
        + p["season"] * jnp.cos(2 * jnp.pi * (now.driver["day_of_year"] - WARMEST) / 365)
        - p["deter"] * now.signal["heard"] / 30
    )
    return {"outside → camp": (p["base"] * jnp.exp(push))[None]}


@mechanism(
    flows=(Flow("camp", "list"), Flow("camp", "returned"), Flow("list", "returned")),
    parameters=("camp_days", "leave_per_day"),
    off={"leave_per_day": 0.0},
)
def camp(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    leave = p["leave_per_day"] * EVERY
    return {"camp → list": EVERY / p["camp_days"], "camp → returned": leave,
            "list → returned": leave}  # fmt: skip


@mechanism(
    flows=(Flow("list", "crossed"),),
    signals=(Signal("heard", "wait that people at home have heard of", "days"),),
    measures=(Measure("wait", "days from the list to the desk", "days", (), how="mean"),),
    reads=("list",),
    levers=("desk.daily_cap", "desk.closed"),
    parameters=("desk_used", "hears_days"),
    off={"desk_used": 0.0},
)
def desk(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """The hazard of being called, the wait, and what is heard of it."""
    called = now.law["desk.daily_cap"] * p["desk_used"] * (1 - now.law["desk.closed"])
    waiting = now.people["list"].sum((0, 1))
    share = jnp.minimum(called * now.dt / jnp.maximum(waiting, 1e-6), ALMOST_ALL)
    wait = waiting / jnp.maximum(called, waiting / LONGEST_WAIT + 1e-6)
    return {
        "list → crossed": -jnp.log1p(-share) / now.dt * EVERY,
        "wait": wait,
        "heard": now.toward("heard", wait, p["hears_days"]),
    }
