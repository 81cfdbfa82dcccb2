"""Courts: cases that wait for an immigration judge, and hearings under Remain in Mexico.

    receipts[n] (cases per day)   = filed × (released + children taken in + let in by appointment)[n]
    completions (per day)         = docket × min(1 / shortest, judges × cases a judge / 365 / dockets)
    border docket'[n]             = receipts[n] + wound down[n] − completions[n]
    other docket'                 = other receipts − completions
    closed (MPP, per day)         = MPP docket / days to a decision, none while hearings are suspended
    MPP docket'                   = returned to wait − closed − let in to go on with their case
    asylum office'                = filed of those paroled − decided, none while decisions are paused
    let in                        = min(cap of the wind-down, min(docket, people waiting) / 7 days)

A docket is a queue of cases and not of people: a case goes on when its person has left, crossed or
given up, and ends in absence. Judges are shared by the size of dockets, so more releases lengthen
everyone's wait: wait = pending / completions, an observable. Cases are conserved.

Of what is completed, `court_grants` is a share with a decision on asylum times the share granted by
nationality, `absentia_orders` a share (0.34; 0.17 to 0.44 by source and by who is counted). Of
closed MPP cases a fixed share had relief (0.015), was ordered removed (0.78, most in absence) or
was terminated, whatever the enrolment: that is how few reached a judge prepared. Relief takes
people out of `mpp` into the US; of those ordered in person a few are flown home, and the rest give
up or cross (`border_waiting`). A case is let in from Mexico only while cases are pending, and then
joins the border docket; it is no new receipt.

What it cannot say: courts closed in the pandemic (completions of 2021 are overstated), detained and
other dockets by speed, appeals, reopened cases (the published series gains some by them), who has a
lawyer, work permits after 180 days, how USCIS decides. Cases of people paroled at ports without an
appointment are among the other receipts. Sources: priors/courts.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import EVERY, by_nationality, everybody
from caudal.engine.declare import Flow, Measure, Signal, mechanism
from caudal.engine.step import Now

SHORTEST_DAYS = 30.0
"""No docket is emptied faster than in a month: notice and a hearing take that long (assumed)."""
LET_IN_DAYS = 7.0
"""People called in from Mexico arrive within a week or so (assumed)."""


@mechanism(
    flows=(Flow("mpp", "us_paroled"), Flow("mpp", "returned")),
    signals=(
        Signal("court_border", "cases of people stopped at the border", "cases", ("nationality",),
               start_from="court_border_start"),
        Signal("court_other", "other cases", "cases", start_from="court_other_start"),
        Signal("mpp_docket", "cases under Remain in Mexico", "cases"),
        Signal("asylum_office", "applications to USCIS of people on parole", "cases"),
    ),
    measures=(
        Measure("court_receipts", "cases received, both dockets", "cases"),
        Measure("court_completions", "cases completed, both dockets", "cases"),
        Measure("court_grants", "asylum granted by judges", "cases"),
        Measure("absentia_orders", "orders of removal in absence", "cases"),
        Measure("office_decisions", "applications of people on parole decided by USCIS", "cases"),
        Measure("mpp_closed", "cases under Remain in Mexico closed", "cases"),
        Measure("mpp_relief", "of these, with asylum or other relief", "cases"),
        Measure("mpp_absentia", "of these, ordered removed in absence", "cases"),
    ),
    reads=(
        "releases", "children_transferred", "appointments_kept", "mpp_returns", "parole_arrivals",
        "cbp_children",
    ),
    levers=(
        "us.mpp.wind_down_daily", "us.mpp.hearings_suspended", "us.courts.judges",
        "us.asylum.decisions_paused",
    ),
    parameters=(
        "court_border_start", "court_other_start", "court_filed_share", "court_other_receipts",
        "court_cases_per_judge", "court_merits_share", "court_grant", "court_grant_other",
        "court_absentia", "mpp_decision_days", "mpp_relief_share", "mpp_ordered_share",
        "mpp_absent_of_ordered", "mpp_flown_share", "office_filed_share", "office_days",
    ),
    off={
        "court_filed_share": 0.0, "court_other_receipts": 0.0, "court_cases_per_judge": 0.0,
        "mpp_relief_share": 0.0, "mpp_flown_share": 0.0, "office_filed_share": 0.0,
    },
)  # fmt: skip
def courts(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Hazards per day (1, group, member); dockets (nationality, member) and (member,)."""
    waiting = now.people["mpp"].sum(0)
    people, pending = everybody(now.people["mpp"]), now.signal["mpp_docket"]
    closed = pending * (1 - now.law["us.mpp.hearings_suspended"]) / p["mpp_decision_days"]
    relief, ordered = closed * p["mpp_relief_share"], closed * p["mpp_ordered_share"]
    absent = ordered * p["mpp_absent_of_ordered"]
    called = jnp.minimum(pending, people) / LET_IN_DAYS
    let_in = jnp.minimum(now.law["us.mpp.wind_down_daily"], called) / (people + 1.0)
    granted = jnp.minimum(1 / LET_IN_DAYS, relief / (people + 1.0))
    flown = jnp.minimum(1 / LET_IN_DAYS, p["mpp_flown_share"] * (ordered - absent) / (people + 1.0))

    border, other = now.signal["court_border"], now.signal["court_other"]
    received = p["court_filed_share"] * by_nationality(_cases(now))
    capacity = now.law["us.courts.judges"] * p["court_cases_per_judge"] / 365.0
    pace = jnp.minimum(1 / SHORTEST_DAYS, capacity / (border.sum(0) + other + 1.0))
    wound_down = let_in * by_nationality(waiting)
    done, done_other = pace * border, pace * other
    merits = p["court_merits_share"]
    office = now.signal["asylum_office"]
    filed = p["office_filed_share"] * everybody(now.rate["parole_arrivals"])
    decided = office * (1 - now.law["us.asylum.decisions_paused"]) / p["office_days"]
    return {
        "asylum_office": office + now.dt * (filed - decided),
        "office_decisions": decided,
        "court_border": border + now.dt * (received + wound_down - done),
        "court_other": other + now.dt * (p["court_other_receipts"] - done_other),
        "mpp_docket": jnp.maximum(
            0.0,
            pending + now.dt * (everybody(now.rate["mpp_returns"]) - closed - let_in * people),
        ),
        "court_receipts": received.sum(0) + p["court_other_receipts"],
        "court_completions": done.sum(0) + done_other,
        "court_grants": merits
        * ((p["court_grant"] * done).sum(0) + p["court_grant_other"] * done_other),
        "absentia_orders": p["court_absentia"] * (done.sum(0) + done_other),
        "mpp_closed": closed,
        "mpp_relief": relief,
        "mpp_absentia": absent,
        "mpp → us_paroled": (let_in + granted) * EVERY,
        "mpp → returned": flown * EVERY,
    }


def _cases(now: Now) -> Array:
    """People a day with whom a case may begin, (group, member)."""
    held = now.people["cbp_children"][0]
    # children are tallied as one number; those in custody say which nationalities they are of
    children = held / jnp.maximum(held.sum(0), 1e-3) * everybody(now.rate["children_transferred"])
    return now.rate["releases"].sum(0) + now.rate["appointments_kept"].sum(0) + children
