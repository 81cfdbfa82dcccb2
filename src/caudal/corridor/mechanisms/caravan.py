"""Caravan: walking together, a way of travelling and never extra departures."""

from __future__ import annotations

from collections.abc import Mapping

from jax import Array

from caudal.corridor.groups import EVERY, MEXICO
from caudal.engine.declare import Flow, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(
        Flow("central_2", "caravan"),
        Flow("south", "caravan"),
        Flow("caravan", "mexico_2"),
        Flow("caravan", "south"),
        Flow("caravan", "home"),
    ),
    levers=("event.caravan_honduras", "event.caravan_tapachula"),
    parameters=("caravan_join_per_day", "caravan_days", "caravan_tire_per_day"),
    off={"caravan_join_per_day": 0.0},
)
def caravan(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day, shape (1, group, member)."""
    join = p["caravan_join_per_day"] * (1 - MEXICO)[None]
    return {
        "central_2 → caravan": join * now.law["event.caravan_honduras"],
        "south → caravan": join * now.law["event.caravan_tapachula"],
        "caravan → mexico_2": 1 / p["caravan_days"] * EVERY,
        "caravan → south": p["caravan_tire_per_day"] * EVERY,
        "caravan → home": 0.2 * p["caravan_tire_per_day"] * EVERY,
    }
