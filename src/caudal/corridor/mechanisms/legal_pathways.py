"""Legal pathways: parole by air, and who is let in at the ports of entry.

    parole (people per day)  = monthly places / 30, shared among eligible nationalities by demand
    through the ports (/day) = min(1 / days at the port,
                                   favour[n] × (exempt + capacity / people waiting there))
    favour[n]                = exp(weather): who comes through lists, exceptions and bookings
    exempt (/day)            = documented and excepted travellers × exp(weather)
    capacity (people a day)  = the smaller of cap and asylum seekers + appointments × office's share
    admitted share           = admitted where ports are open to asylum, else the documented share

Each admission or refusal at a port is an encounter of the field office. Lists and appointments
make queues in `ports`: whoever is not served waits, leaves or crosses between the ports
(`border_waiting`). Substitution of parole for irregular departure is in `departure`.
Sources: priors.yaml, `legal_pathways`.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, EVERY, FAMILIES, MEXICO, per_nationality
from caudal.engine.declare import Flow, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("outside", "us_paroled"), Flow("ports", "us_paroled"), Flow("ports", "returned"),
           Flow("app_queue", "us_paroled"), Flow("app_queue", "returned")),
    weather=(Weather("exceptions", "how many ports admit outside lists and appointments"),),
    levers=(
        "us.parole.eligible", "us.parole.monthly_places", "us.port.daily_admissions",
        "us.port.asylum_closed", "us.appointments.daily", "us.asylum.suspended",
    ),
    parameters=(
        "parole_uptake", "parole_family_share", "port_days", "port_exempt_per_day",
        "port_office_share", "port_admitted_share", "port_admitted_mexican",
    ),
    off={"parole_uptake": 0.0},
)  # fmt: skip
def legal_pathways(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """People per day on parole (1, group, member); hazards at the ports (office, group, member)."""
    eligible = now.law["us.parole.eligible"]
    by_nation = per_nationality(eligible / jnp.maximum(1.0, eligible.sum(0)))
    by_unit = p["parole_family_share"] * FAMILIES + (1 - p["parole_family_share"]) * ADULTS
    parole = p["parole_uptake"] * now.law["us.parole.monthly_places"] / 30.4 * by_nation * by_unit

    waiting = now.people["ports"].sum(1)
    closed = jnp.maximum(now.law["us.port.asylum_closed"], now.law["us.asylum.suspended"])
    asylum = jnp.minimum(now.law["us.port.daily_admissions"], waiting / p["port_days"])
    exempt = p["port_exempt_per_day"] * jnp.exp(now.weather["exceptions"])
    served = asylum * (1 - closed)
    queue = now.people["app_queue"].sum(1)
    booked = now.law["us.appointments.daily"] * p["port_office_share"]
    turn = jnp.minimum(1 / p["port_days"], booked / (queue + 1.0))[:, None] * EVERY
    favour = per_nationality(jnp.exp(now.weather["port"]))
    hazard = jnp.minimum(
        1 / p["port_days"], favour[None] * (exempt + served / (waiting + 1.0))[:, None]
    )
    admitted = p["port_admitted_share"] * (1 - MEXICO) + p["port_admitted_mexican"] * MEXICO
    admitted = admitted[None] * (1 - now.law["us.asylum.suspended"])
    return {
        "outside → us_paroled": parole[None],
        "ports → us_paroled": hazard * admitted,
        "ports → returned": hazard * (1 - admitted),
        "app_queue → us_paroled": turn * admitted,
        "app_queue → returned": turn * (1 - admitted),
    }
