"""The three regressions of scripts/bargain.py: what was counted and decided, and how it is tied.

Every prior is the one that could be held before the first month studied: what a prior of the
package learned from these very months does not enter here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array

from caudal.corridor import corridor
from caudal.corridor.observed import observed
from caudal.corridor.world import NATIONALITIES
from caudal.data.store import open_series
from caudal.engine.priors import Prior

FIRST, LAST = date(2018, 1, 1), date(2025, 5, 1)
"""Months from FIRST to before LAST: Mexico's events end in April 2025."""
PRESSURE = ("us.pressure_on_mexico", "us.tariff_threat", "us.quiet_requests")
ELECTIONS = {
    "us": (date(2018, 11, 6), date(2020, 11, 3), date(2022, 11, 8), date(2024, 11, 5)),
    "mx": (date(2018, 7, 1), date(2021, 6, 6), date(2024, 6, 2)),
}
"""National elections. What is a campaign is a document's to say (`us.campaign`, `mx.campaign`)."""
MEAN_KNOWN = date(2018, 8, 1)
"""Gallup's mean of 2001 to July 2018 was out; it is none of the months that salience is held to."""
TERM = (date(2021, 1, 20), date(2025, 1, 20))
"""The one term of a government of the other party since 2018."""


@dataclass(frozen=True)
class Part:
    """One regression: its name, its coefficients with normal priors (mean, sd), what it predicts."""

    name: str
    meaning: str
    priors: Mapping[str, tuple[float, float]]
    each: Callable[[Array], Array]  # (d,) → (point,): log density of each thing seen


def months() -> list[date]:
    """First days of the months studied."""
    return [d.date() for d in pd.date_range(FIRST, LAST, freq="MS", inclusive="left")]


def lever(name: str) -> np.ndarray:
    """Mean over each month's days of a scalar lever, by the law that came to pass."""
    compiled = corridor().law.compile(FIRST, LAST)
    days = pd.Series(
        np.asarray(compiled.table[name])[compiled.segment].reshape(len(compiled.segment)),
        index=pd.date_range(FIRST, LAST, freq="D", inclusive="left"),
    )
    return days.resample("MS").mean().to_numpy()


def counts() -> dict[str, np.ndarray]:
    """Monthly counts: US encounters, those of others than Mexicans, Mexico's events, flow south."""
    seen = observed(FIRST, LAST).arrays
    encounters = seen["area"].sum(1)
    both = np.where(
        np.isnan(seen["nationality_unit"].sum((1, 2)))[:, None],
        seen["land_nationality"], seen["nationality_unit"].sum(2),
    )  # fmt: skip
    mexican = both[:, NATIONALITIES.index("MEX")] / both.sum(1)
    honduras = open_series("hn.entries.total").set_index("month").people
    index = pd.DatetimeIndex(months())
    south = honduras.reindex(index).to_numpy(float) + np.nan_to_num(seen["darien"].sum(1))
    return {"encounters": encounters, "others": encounters * (1 - mexican), "south": south,
            "events": seen["mexican_events"].sum(1)}  # fmt: skip


def begun() -> np.ndarray:
    """1 in each month in which the United States begins an act of pressure on Mexico."""
    first = [
        entry.from_
        for document in corridor().law.documents
        for name in PRESSURE
        for entry in document.design.get(name, ())[:1]
        if entry.from_ is not None and document.actor.startswith("united-states")
    ]
    starts = {d.replace(day=1) for d in first}
    return np.array([m in starts for m in months()], float)


def known(name: str, day: date = FIRST) -> Prior:
    """A parameter's prior as it could be held on a day, before what is learned here was counted."""
    return corridor().priors[name].as_known(day)


def acts_part(only: Sequence[str] = ()) -> Part:
    """Acts of pressure on encounters before them, the election clock and the government."""
    began, log_all = begun(), np.log(counts()["encounters"])
    government = np.array([TERM[0] <= m < TERM[1] for m in months()], float)
    rows = np.arange(4, len(began))  # change needs four months before
    columns = {
        "always": (np.ones(len(rows)), (-2.5, 1.0)),
        "log encounters, month before": (log_all[rows - 1] - log_all.mean(), (0.5, 0.7)),
        "their change over three months": (log_all[rows - 1] - log_all[rows - 4], (0.5, 0.7)),
        "US campaign": (lever("us.campaign")[rows], (0.2, 0.7)),
        "government of 2021-2025": (government[rows], (0.0, 0.7)),
    }
    kept = {k: v for k, v in columns.items() if not only or k in only}
    x = np.stack([v for v, _ in kept.values()])
    sign = np.where(began[rows] > 0, 1.0, -1.0)

    def each(beta: Array) -> Array:
        return -jnp.logaddexp(0.0, -sign * (beta @ x))

    return Part("acts", "a constant rate", {k: p for k, (_, p) in kept.items()}, each)


def worth(name: str) -> tuple[float, float]:
    """The prior of a share of base effort, as log(1 + share) to first order."""
    prior = known(name)
    mean = float(prior.centre)
    return float(np.log1p(mean)), float(prior.sd / (1 + mean))


def response_part(flow: str, bargain: bool = True) -> Part:
    """Mexico's events on the flow, and on acts whose effect rises at once and drifts away."""
    seen = counts()
    passing = seen["south"] + (seen["others"] if flow == "all" else 0.0)
    log_flow = np.log(passing + 100.0)  # a hundred: entries of April and May 2020 are zero
    log_flow, y = log_flow - log_flow.mean(), np.log(seen["events"])
    other = np.array([TERM[0] <= m < TERM[1] for m in months()], float)
    drivers = {
        "public act, more under the government of 2021-2025": (
            lever("us.pressure_on_mexico") * other,
            (0.0, 0.25),
        ),
        "public act": (lever("us.pressure_on_mexico"), worth("effort_per_pressure")),
        "tariff threat": (np.log1p(lever("us.tariff_threat") / 5), worth("effort_per_tariff")),
        "quiet request": (lever("us.quiet_requests"), worth("effort_per_quiet")),
        "commitment of Mexico": (lever("mx.effort_commitment"), worth("effort_per_commitment")),
        "offer": (lever("us.offers_to_mexico"), worth("effort_per_offer")),
        "harsher US government expected": (
            lever("us.harsher_government_expected"),
            worth("effort_anticipation"),
        ),
        "Mexican campaign": (lever("mx.campaign"), worth("effort_election_mx")),
        "US campaign": (lever("us.campaign"), worth("effort_election_us")),
    }
    halted = lever("mx.operations_suspended")
    drift = known("effort_drift_days")
    priors: dict[str, tuple[float, float]] = {
        "level": (float(y.mean()), 1.0),
        "log flow": (1.0, 0.3),
        "memory of the residual (Fisher z)": (1.0, 0.5),
        "log spread of the residual": (float(np.log(0.25)), 0.5),
    }
    if bargain:
        priors["log half-life, months"] = (
            float(drift.centre + np.log(np.log(2) / 30.4)), float(drift.sd),
        )  # fmt: skip
        priors["operations suspended"] = (-0.69, 0.35)  # log(1 − effort_idle) at its prior
        priors |= {name: prior for name, (_, prior) in drivers.items()}
    inputs = np.stack([v for v, _ in drivers.values()])

    def each(x: Array) -> Array:
        level, slope, z, spread = x[:4]
        mean = level + slope * log_flow
        if bargain:
            mean = mean + effort_path(x[6:] @ inputs, jnp.exp(x[4])) + x[5] * halted
        rho, u = jnp.tanh(z), y - mean
        ahead = jnp.concatenate([u[:1] * jnp.sqrt(1 - rho**2), u[1:] - rho * u[:-1]])
        return -0.5 * (ahead / jnp.exp(spread)) ** 2 - spread - 0.9189385

    return Part(f"response ({flow})", "the flow alone", priors, each)


def effort_path(wanted: Array, half_life: Array | float) -> Array:
    """Log effort by month: up at the rate of twenty days, down by the half-life in months."""
    up, down = 1 - np.exp(-30.4 / 20.0), 1 - 0.5 ** (1 / half_life)

    def month(effort: Array, target: Array) -> tuple[Array, Array]:
        gap = target - effort
        effort = effort + jnp.where(gap > 0, up, down) * gap
        return effort, effort

    return jax.lax.scan(month, jnp.zeros_like(wanted[0]), wanted)[1]


def salience_part(only_floor: bool = False) -> Part:
    """Gallup's months on the equation of `politics`; chaos is families being separated only."""
    figures = open_series("figures")
    gallup = figures[
        (figures.series == "Gallup most important problem: immigration")
        & (figures.period >= "2018")
    ]
    names = [m.strftime("%Y-%m") for m in months()]
    at = np.array([names.index(p) for p in gallup.period])
    seen = gallup.value.to_numpy(float) / 100
    usual = float(np.exp(known("encounters_usual_per_day").centre))
    heat = np.maximum(0.0, np.log(counts()["encounters"] / 30.4 / usual))
    apart = lever("us.family_separation")
    own = ("salience_floor", "salience_per_encounters", "salience_per_chaos",
           "salience_rise_days", "salience_fall_days")  # fmt: skip
    given = {
        f"log {n}": (float(known(n, MEAN_KNOWN).centre), float(known(n, MEAN_KNOWN).sd))
        for n in own
    }
    given["log error of a poll"] = (float(np.log(0.03)), 0.5)
    if only_floor:
        given = {k: given[k] for k in ("log salience_floor", "log error of a poll")}
        given["log salience_floor"] = (float(np.log(0.15)), 1.0)

    def each(x: Array) -> Array:
        path = jnp.exp(x[0]) * jnp.ones(len(seen))
        if not only_floor:
            path = salience_path(jnp.exp(x[:5]), heat, apart)[at]
        return -0.5 * ((seen - path) / jnp.exp(x[-1])) ** 2 - x[-1] - 0.9189385

    return Part("salience", "a constant level", given, each)


def salience_path(x: Array, heat: np.ndarray, chaos: np.ndarray) -> Array:
    """Salience by month, of floor, gain of encounters, gain of chaos, days up and days down."""
    floor, gain, of_chaos, up, down = x
    target = floor + gain * heat + of_chaos * chaos

    def month(value: Array, to: Array) -> tuple[Array, Array]:
        value = value + (to - value) * -jnp.expm1(-30.4 / jnp.where(to > value, up, down))
        return value, value

    return jax.lax.scan(month, target[0], target)[1]
