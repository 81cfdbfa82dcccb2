"""Expectation: what people believe their chance is, and how a change of rules surprises them.

    strictness[n, u] = 1 − (1 − expelled)(1 − s_mpp × returned to wait)(1 − s_bar × barred)
                         × (1 − s_stop × asylum suspended)(1 − usual)
    usual[n, u]      = returned in any case: Mexicans sent back, others detained and removed
    memory[n, u]'    = (strictness − memory) / habit days
    surprise         = strictness − memory where that is positive, else relief × the same
    rush             = max(0, strictness announced − strictness)

Strictness is read off the law alone: the share of entries that the rules would turn back, averaged
over sectors. It is what people hear. A new rule deters at once and less as people learn how it
works out (`memory` catches up); a softer one draws people less than a harder one deters, for word
of it must reach those who have not left (`relief`); a rule that is announced for a coming day brings
people forward.
Belief about how cohorts like them really fared, smugglers' marketing and social media come with
the full mechanism. Sources: priors.yaml, `expectation`; facts on lags in the dated policies.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import ADULTS, CHILDREN, FAMILIES, MEXICO, flat
from caudal.engine.declare import Signal, mechanism
from caudal.engine.step import Now

LEVERS = (
    "us.title42.expulsion", "mx.acceptance", "mx.acceptance.youngest_child_years",
    "us.mpp.enrolment", "us.asylum.bar", "us.asylum.suspended",
)  # fmt: skip


@mechanism(
    signals=(
        Signal("strictness", "share of entries that the rules would turn back", "share", ("group",)),
        Signal("memory", "strictness that people are used to", "share", ("group",)),
        Signal("surprise", "strictness above what people are used to", "share", ("group",)),
        Signal("experience", "share of recent cohorts who got in", "share", ("group",)),
        Signal("belief", "perceived chance of getting in", "share", ("group",)),
        Signal("rush", "strictness that is announced and not yet in force", "share", ("group",)),
    ),
    reads=("strictness", "memory"),
    levers=LEVERS,
    announced=LEVERS,
    parameters=(
        "severity_mpp", "severity_bar", "severity_suspended", "habit_days", "relief",
        "young_family_share", "mexican_returned", "detained_share", "detained_removed",
    ),
    off={"severity_mpp": 0.0, "severity_bar": 0.0, "severity_suspended": 0.0, "habit_days": 1.0},
)  # fmt: skip
def expectation(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the four signals, shape (group, member)."""
    strict = strictness(now.law, p)
    memory = now.toward("memory", strict, p["habit_days"])
    change = strict - memory
    return {
        "experience": 1 - memory,
        "belief": 1 - memory,
        "strictness": strict,
        "memory": memory,
        "surprise": jnp.where(change > 0, change, p["relief"] * change),
        "rush": jnp.maximum(0.0, strictness(now.announced, p) - strict),
    }


def strictness(law: Mapping[str, Array], p: Mapping[str, Array]) -> Array:
    """The share of entries of each group that the law would turn back, shape (group, member)."""
    accepted = accepts(law, p).mean(0)
    expelled = flat(law["us.title42.expulsion"]) * accepted
    waiting = flat(law["us.mpp.enrolment"]).mean(0)
    barred = flat(law["us.asylum.bar"]) * (1 - CHILDREN)
    stopped = law["us.asylum.suspended"] * (1 - CHILDREN)
    removed = p["detained_share"] * p["detained_removed"] * ADULTS * (1 - MEXICO)
    usual = p["mexican_returned"] * MEXICO * (1 - CHILDREN) + removed
    return 1 - (1 - expelled) * (1 - p["severity_mpp"] * waiting) * (
        1 - p["severity_bar"] * barred
    ) * (1 - p["severity_suspended"] * stopped) * (1 - usual)


def accepts(law: Mapping[str, Array], p: Mapping[str, Array]) -> Array:
    """Share of each group that Mexico takes back opposite each sector, shape (sector, group, member).

    Where a state refuses families with a child younger than some age, the share of families that
    have one stays out: `young_family_share` is that share at age six, in proportion to age below.
    """
    age = law["mx.acceptance.youngest_child_years"][:, None]
    refused = jnp.minimum(1.0, p["young_family_share"] * age / 6.0) * FAMILIES
    return flat(law["mx.acceptance"]) * (1 - refused)
