"""Expectation: what people believe their chance is, and how a change of rules surprises them.

    strictness[n, u] = 1 − (1 − expelled)(1 − s_mpp × returned to wait)(1 − s_bar × barred)
                         × (1 − s_stop × asylum suspended)(1 − usual)
    expelled         = legal × (accepted by Mexico + flown × the rest, for children)
    usual[n, u]      = returned in any case: Mexicans sent back, others detained and removed
    experience'      = (got in of late − experience) / word days; a cohort that is small against
                       `cohort_per_day` says little, and the law stands in for it
    fact             = strictness + trust × (1 − experience − strictness)
    talk             = welcome + proposals of legalisation − warnings − news of danger, less what
                       has been heard for `talk_days` (words wear off)
    lean             = tanh(talk + heed × smugglers' message + promise × strictness soon to go)
    perceived        = fact − lean × fact if lean > 0, else fact − lean × (1 − fact)
    belief'          = (1 − perceived − belief) / days: `news_days` where it got harder, `softening
                       days` / (1 + brief × share with a smuggler) where it got easier
    memory'          = (1 − belief − memory) / habit days
    surprise         = 1 − belief − memory where that is positive, else relief × the same
    rush             = max(0, strictness announced − strictness)

`strictness` is read off the law alone: the share of entries that the rules would turn back, averaged
over sectors. What people believe can outrun it (promises, smugglers, talk) or lag behind it (word of
those who went before). A new rule deters at once and less as people learn how it works out
(`memory`); a softer one draws people less than a harder one deters (`relief`), for word of it must
reach those who have not left; a rule announced for a coming day brings people forward (`rush`), and
one announced to end is discounted before its day.

Contested: campaigns that warn people had no effect on intentions in Honduras (Hiskey 2018) and one
of 10 to 30 per cent elsewhere (IOM), so the prior holds both; news of danger may deter, or reassure
those who thought it worse (Bah and Batista), so its prior is centred at zero.
What it cannot say: who holds which belief within a group; why (no survey is read here). Entries
without being stopped are not counted by group; they are laid to single adults in proportion to those
stopped. Sources: priors/expectation.yaml; lags in the dated policies.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import (
    ADULTS,
    CHILDREN,
    FAMILIES,
    MEXICO,
    everybody,
    flat,
    per_nationality,
)
from caudal.corridor.mechanisms.politics import stance
from caudal.engine.declare import Signal, mechanism
from caudal.engine.step import Now

LEVERS = (
    "us.title42.expulsion", "us.children.exempt", "mx.acceptance",
    "mx.acceptance.youngest_child_years", "us.mpp.enrolment", "us.asylum.bar",
    "us.asylum.suspended",
)  # fmt: skip


@mechanism(
    signals=(
        Signal("strictness", "share of entries that the rules would turn back", "share", ("group",)),
        Signal("memory", "perceived strictness that people are used to", "share", ("group",)),
        Signal("surprise", "perceived strictness above what people are used to", "share", ("group",)),
        Signal("experience", "share of recent cohorts who got in", "share", ("group",), 1.0),
        Signal("belief", "perceived chance of getting in", "share", ("group",), 1.0),
        Signal("stale_talk", "public talk that people have got used to", "share", ("group",)),
        Signal("rush", "strictness that is announced and not yet in force", "share", ("group",)),
    ),
    reads=(
        "memory", "experience", "belief", "stale_talk", "message", "smuggler_share",
        "encounters_land", "expulsions", "mpp_returns", "removals", "unseen", "us_stance",
    ),
    levers=(
        *LEVERS, "governments.respond", "us.message.welcome", "us.message.discourage",
        "us.legalisation_proposed", "event.danger",
    ),
    announced=LEVERS,
    parameters=(
        "severity_mpp", "severity_bar", "severity_suspended", "habit_days", "relief",
        "young_family_share", "mexican_returned", "detained_share", "detained_removed",
        "children_flown", "experience_weight", "word_days", "cohort_per_day", "welcome_talk",
        "proposal_talk", "warning_talk", "danger_talk", "talk_days", "heed", "promise_weight",
        "news_days", "softening_days", "brief_speed",
    ),
    off={
        "severity_mpp": 0.0, "severity_bar": 0.0, "severity_suspended": 0.0, "habit_days": 1.0,
        "experience_weight": 0.0, "welcome_talk": 0.0, "proposal_talk": 0.0, "warning_talk": 0.0,
        "danger_talk": 0.0, "heed": 0.0, "promise_weight": 0.0, "brief_speed": 0.0,
    },
)  # fmt: skip
def expectation(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals, shape (group, member)."""
    strict = strictness(now.law, p, stance(now))
    ahead = strictness(now.announced, p, stance(now))
    tried, back = fared(now)
    heavy = tried / (tried + p["cohort_per_day"])
    got_in = 1 - jnp.minimum(1.0, back / jnp.maximum(tried, 1e-3))
    experience = now.toward(
        "experience", heavy * got_in + (1 - heavy) * (1 - strict), p["word_days"]
    )
    fact = strict + p["experience_weight"] * (1 - experience - strict)

    talk = public_talk(now.law, p)
    stale = now.toward("stale_talk", talk, p["talk_days"])
    fresh = jnp.where((talk - stale) * talk > 0, talk - stale, 0.0)
    lean = jnp.tanh(
        fresh
        + p["heed"] * now.signal["message"]
        + p["promise_weight"] * jnp.maximum(0.0, strict - ahead)
    )
    perceived = fact - lean * jnp.where(lean > 0, fact, 1 - fact)
    easier = p["softening_days"] / (1 + p["brief_speed"] * now.signal["smuggler_share"])
    harder = 1 - perceived < now.signal["belief"]
    belief = now.toward(
        "belief", 1 - perceived, jnp.where(harder, p["news_days"], per_nationality(easier))
    )
    memory = now.toward("memory", 1 - belief, p["habit_days"])
    change = 1 - belief - memory
    return {
        "experience": experience,
        "stale_talk": stale,
        "belief": belief,
        "strictness": strict,
        "memory": memory,
        "surprise": jnp.where(change > 0, change, p["relief"] * change),
        "rush": jnp.maximum(0.0, ahead - strict),
    }


def public_talk(law: Mapping[str, Array], p: Mapping[str, Array]) -> Array:
    """What is said in public about entry, > 0 where it sounds open, shape (group, member)."""
    said = (
        p["welcome_talk"] * law["us.message.welcome"]
        - p["warning_talk"] * law["us.message.discourage"]
        - p["danger_talk"] * law["event.danger"]
    )
    return per_nationality(p["proposal_talk"] * law["us.legalisation_proposed"] + said)


def fared(now: Now) -> tuple[Array, Array]:
    """People a day, in the last step, who tried to enter between ports and who were sent back.

    Sent back: expelled, returned to wait in Mexico, returned or removed; the last are some days or
    weeks later than their attempt. Both of shape (group, member).
    """
    seen = now.rate["encounters_land"].sum(0)
    adults = seen * ADULTS
    unseen = everybody(now.rate["unseen"]) * adults / (adults.sum(0) + 1.0)
    back = now.rate["expulsions"].sum(0) + now.rate["mpp_returns"].sum(0)
    return seen + unseen, back + now.rate["removals"].sum(0)


def strictness(
    law: Mapping[str, Array], p: Mapping[str, Array], more: Array | float = 0.0
) -> Array:
    """The share of entries of each group that the law would turn back, shape (group, member).

    more: share barred on top of the law by governments that respond, (member,).
    """
    accepted = accepts(law, p).mean(0)
    exempt = CHILDREN * law["us.children.exempt"]
    reach = accepted + p["children_flown"] * CHILDREN * (1 - accepted)
    expelled = flat(law["us.title42.expulsion"]) * (1 - exempt) * reach
    waiting = flat(law["us.mpp.enrolment"]).mean(0)
    barred = (1 - (1 - flat(law["us.asylum.bar"])) * (1 - more)) * (1 - CHILDREN)
    stopped = law["us.asylum.suspended"] * (1 - CHILDREN)
    return 1 - (1 - expelled) * (1 - p["severity_mpp"] * waiting) * (
        1 - p["severity_bar"] * barred
    ) * (1 - p["severity_suspended"] * stopped) * (1 - usual(p))


def usual(p: Mapping[str, Array]) -> Array:
    """The share turned back whatever the rules of the day, shape (group, member)."""
    removed = p["detained_share"] * p["detained_removed"] * ADULTS * (1 - MEXICO)
    return p["mexican_returned"] * MEXICO * (1 - CHILDREN) + removed


def accepts(law: Mapping[str, Array], p: Mapping[str, Array]) -> Array:
    """Share of each group that Mexico takes back opposite each sector, shape (sector, group, member).

    Where a state refuses families with a child younger than some age, the share of families that
    have one stays out: `young_family_share` is that share at age six, in proportion to age below.
    """
    age = law["mx.acceptance.youngest_child_years"][:, None]
    refused = jnp.minimum(1.0, p["young_family_share"] * age / 6.0) * FAMILIES
    return flat(law["mx.acceptance"]) * (1 - refused)
