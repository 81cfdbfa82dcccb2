"""pypomp: counts, daily steps by competing hazards, particles beside one another (JAX).

`sampled` draws with pypomp's own `fast_binomial` (approximate where counts are large), `expected`
moves shares. An ensemble is a simulation of as many parameter sets.
"""

from __future__ import annotations

import os

os.environ.setdefault("JAX_ENABLE_X64", "0")

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pypomp as pp
from common import BACK, BORDER, DAYS, FILTER, FORWARD, MONTHS, PLACES, Job, forward, job, report
from pypomp.random.binom import fast_binomial

NAMES = [f"p{i}" for i in range(PLACES)]
BACKS = jnp.array([0.0] + [BACK] * (PLACES - 1))


def moved(people, ahead, key, sampled):
    """One day of the chain: who goes forward, who back, by place."""
    both = ahead + BACKS
    leaving, share = -jnp.expm1(-both), ahead / both
    if not sampled:
        gone = people * leaving
        return gone * share, gone * (1 - share)
    one, two = jax.random.split(key)
    gone = fast_binomial(one, people, leaving)
    on = fast_binomial(two, gone, share)
    return on, gone - on


def model(asked: Job) -> pp.Pomp:
    """The workload as a partially observed Markov process."""
    sampled, border = asked.how == "sampled", asked.border
    filtering = asked.workload == "filter"
    states = [*NAMES, "push", "seen", *(["waiting", "through"] if border else [])]
    ends = jnp.array([1.0] * (PLACES - 1) + [1.0 if border else 0.0])
    here = FILTER["counted_place"] - 1
    sd = FILTER["push_sd_per_month"]

    def rinit(theta_, key, covars=None, t0=None):
        start = dict.fromkeys(states, 0.0) | {"p0": theta_["people"]}
        return start

    def rproc(X_, theta_, key, covars, t, dt):
        people = jnp.stack([X_[n] for n in NAMES])
        chance, shock = jax.random.split(key)
        push = X_["push"]
        if filtering:
            push = push + covars["first"] * sd * jax.random.normal(shock)
        on, back = moved(people, theta_["ahead"] * jnp.exp(push) * ends, chance, sampled)
        people = people - on - back
        people = people.at[1:].add(on[:-1]).at[:-1].add(back[1:])
        out = {n: people[i] for i, n in enumerate(NAMES)}
        out |= {"push": push, "seen": X_["seen"] + on[here]}
        if border:
            served = jnp.minimum(float(BORDER), X_["waiting"])
            out |= {"waiting": X_["waiting"] + on[-1] - served, "through": X_["through"] + served}
        return out

    def dmeas(Y_, X_, theta_, covars=None, t=None):
        gap = (jnp.log(Y_["count"] + 1) - jnp.log(X_["seen"] + 1)) / FILTER["count_sd"]
        return -0.5 * gap**2 - jnp.log(FILTER["count_sd"] * jnp.sqrt(2 * jnp.pi))

    def rmeas(X_, theta_, key, covars=None, t=None):
        return {"count": X_["seen"]}

    aheads = [FORWARD] if filtering else forward(asked.members)
    ends_of = np.cumsum(MONTHS) if filtering else [DAYS]
    seen = np.asarray(FILTER["shares"]) * asked.people if filtering else [0.0]
    first = np.zeros(DAYS + 1)
    first[np.concatenate([[0], np.cumsum(MONTHS)[:-1]])] = 1.0
    return pp.Pomp(
        ys=pd.DataFrame({"count": seen}, index=np.asarray(ends_of, float)),
        theta=pp.PompParameters([{"people": float(asked.people), "ahead": a} for a in aheads]),
        statenames=states, t0=0.0, rinit=rinit, rproc=rproc, dmeas=dmeas, rmeas=rmeas, dt=1.0,
        accumvars=["seen"], covars=pd.DataFrame({"first": first}, index=np.arange(DAYS + 1.0)),
        order="constant",
    )  # fmt: skip


if __name__ == "__main__":
    asked = job()
    made = model(asked)

    def whole(seed: int) -> np.ndarray:
        """The year: people by member and class at its end."""
        states, _ = made.simulate(key=jax.random.key(seed), nsim=1)
        last = states[states["time"] == DAYS].sort_values("theta_idx")
        names = NAMES + ["waiting", "through"] * asked.border
        return last[names].to_numpy(float)

    def filtered(seed: int) -> float:
        """Its particle filter: the log-likelihood."""
        made.pfilter(J=asked.members, key=jax.random.key(seed))
        return float(np.asarray(made.results_history[-1].logLiks).reshape(-1)[0])

    report("pypomp", asked, filtered if asked.workload == "filter" else whole, compiled=True)
