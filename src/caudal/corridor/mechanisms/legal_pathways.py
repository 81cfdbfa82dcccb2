"""Legal pathways: parole by air, and who is let in at the ports of entry.

    parole pace[n]'          = (uptake × monthly places / 30.4 × share[n] − pace) / lag days
    share[n]                 = demand[n] among eligible nationalities whose parole is not revoked
    lists (people a day)     = min(cap on asylum seekers, people at the ports / days at the port)
    through the ports (/day) = min(1 / days at the port,
                                   favour[n] × (exempt + lists / people waiting there))
    appointments (people/day)= min(offered × office's share + spare of others, waiting / days)
    favour[n], exempt        = exp(weather): who comes through lists and exceptions

Each admission or refusal at a port is an encounter of the field office. `ports` is the waiting list
of metering and `app_queue` that of the appointments: queues with a server of fixed rate. Whoever is
not served waits, leaves or crosses between the ports (`border_waiting`). Of the appointments half
went by seniority and half by lot; here the exit is memoryless. The mean wait does not feel the
difference (Little's law: waiting / appointments a day), the law of the waits does. What one office
leaves free the others use, since people booked where there was a slot.

When appointments end, those in the queue have no way in from it. Places and appointments that go
unused are lost. Parole begins slowly (a sponsor, vetting, a flight) and stops when it is closed or
revoked. Revocation ends the status of those already in, who have left the model.

What it cannot say: refugee offices in the region, seasonal work and family visas, regularisation in
other countries (no series of them here), who had a sponsor, exceptions that advocates arranged but
through weather. Substitution of parole for irregular departure is in `departure`, of appointments
for crossing in `crossing`. Sources: priors/legal_pathways.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, FAMILIES, MEXICO, per_nationality
from caudal.engine.declare import Flow, Signal, Weather, mechanism
from caudal.engine.step import Now


@mechanism(
    flows=(Flow("outside", "us_paroled"), Flow("ports", "us_paroled"), Flow("ports", "returned"),
           Flow("app_queue", "us_paroled"), Flow("app_queue", "returned")),
    signals=(
        Signal("parole_pace", "people flying in on parole a day, were none refused", "people per day",
               ("nationality",)),
    ),
    weather=(Weather("exceptions", "how many ports admit outside lists and appointments"),),
    levers=(
        "us.parole.eligible", "us.parole.monthly_places", "us.parole.revoked",
        "us.port.daily_admissions", "us.port.asylum_closed", "us.appointments.daily",
        "us.asylum.suspended",
    ),
    parameters=(
        "parole_uptake", "parole_demand", "parole_lag_days", "parole_family_share", "port_days",
        "port_exempt_per_day", "port_office_share", "port_admitted_share", "port_admitted_mexican",
        "appointment_admitted",
    ),
    off={"parole_uptake": 0.0},
)  # fmt: skip
def legal_pathways(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """People per day on parole (1, group, member); hazards at the ports (office, group, member)."""
    law = now.law
    eligible = law["us.parole.eligible"] * (1 - law["us.parole.revoked"])
    demand = p["parole_demand"] * eligible
    places = p["parole_uptake"] * law["us.parole.monthly_places"] / 30.4
    goal = places * demand / jnp.maximum(demand.sum(0), 1e-3)
    pace = now.toward("parole_pace", goal, p["parole_lag_days"])
    by_unit = p["parole_family_share"] * FAMILIES + (1 - p["parole_family_share"]) * ADULTS

    waiting = now.people["ports"].sum(1)
    closed = jnp.maximum(law["us.port.asylum_closed"], law["us.asylum.suspended"])
    asylum = jnp.minimum(law["us.port.daily_admissions"], waiting / p["port_days"])
    exempt = p["port_exempt_per_day"] * jnp.exp(now.weather["exceptions"])
    served = asylum * (1 - closed)
    favour = per_nationality(jnp.exp(now.weather["port"]))
    hazard = jnp.minimum(
        1 / p["port_days"], favour[None] * (exempt + served / (waiting + 1.0))[:, None]
    )
    admitted = p["port_admitted_share"] * (1 - MEXICO) + p["port_admitted_mexican"] * MEXICO
    admitted = admitted[None] * (1 - law["us.asylum.suspended"])
    turn = turns(now, p)[:, None]
    kept = p["appointment_admitted"] * (1 - law["us.asylum.suspended"])
    return {
        "parole_pace": pace,
        "outside → us_paroled": (per_nationality(pace * eligible) * by_unit)[None],
        "ports → us_paroled": hazard * admitted,
        "ports → returned": hazard * (1 - admitted),
        "app_queue → us_paroled": turn * kept,
        "app_queue → returned": turn * (1 - kept),
    }


def turns(now: Now, p: Mapping[str, Array]) -> Array:
    """Hazard per day of an appointment by office, (office, member)."""
    queue = now.people["app_queue"].sum(1)
    offered = now.law["us.appointments.daily"] * p["port_office_share"]
    wanted = queue / p["port_days"]
    own = jnp.minimum(offered, wanted)
    left = wanted - own
    spare = (offered - own).sum(0)
    more = left * jnp.minimum(1.0, spare / jnp.maximum(left.sum(0), 1e-3))
    return (own + more) / (queue + 1.0)
