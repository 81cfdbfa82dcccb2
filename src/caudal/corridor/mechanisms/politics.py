"""Politics: encounters and what people see raise salience; salience raises the wish to act.

    chaos      = Σᵢ log(1 + people in view i / what is news i) + families being separated
    target     = floor + per encounters × max(0, log(encounters a day / usual)) + per chaos × chaos
    salience'  = (target − salience) / (rise days if target > salience, else fall days)
    approval'  = (base − per salience × (salience − floor) − approval) / approval days
    wish       = per excess × max(0, salience − floor) × (1 + clock × US campaign)
                   × (1 + unpopular × (base − approval) / base)
    us_demand' = (most acts × tanh(wish) − us_demand) / demand days
    us_stance' = (within law × tanh(wish) − us_stance) / making days − struck a year / 365 × us_stance
    mx_cost'   = (Σⱼ log(1 + people held up j / what is news j) × (1 + clock × Mexican campaign)
                   − mx_cost) / rise days

In view in the United States: children and adults in crowded custody, people waiting outdoors to be
taken in, a caravan on its way, people in the shelters of cities, families being separated. In view
in Mexico: people held up in the south, people waiting in the north, people in stations and
shelters of the state. Attention comes fast and goes slowly: salience rose by eight points within
two months of the record of December 2023 and stayed while encounters fell.

The wish to press Mexico counts in acts in force at once, as the dated acts do, and is the same
under either party: no term names a government. What the administration can do at the desk alone is
bounded by the law as it stands (Congress passed nothing) and is struck down in court at a rate:
the family separations of 2018 after eleven weeks, the transit bar of 2019 after a year, the order
under Title 42 after 32 months, the proclamation of 2025 after five.

With `governments.respond` 0 (history) all of this is computed and moves nothing. With 1,
`diplomacy` takes the wish for the dated pressure, and whoever multiplies `stance(now)` into a bar
at the desk takes the restriction as one more bar.

What it cannot say: which party gains; what a government wants for other reasons than attention;
which court rules when. Media, money and parties are not here: salience is the share who name
immigration first, published for eight months since 2018 only. Sources: priors/politics.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from caudal.corridor.groups import everybody
from caudal.engine.declare import Signal, mechanism
from caudal.engine.step import Now

SEEN = {
    "cbp_children": "visible_children",
    "cbp_custody": "visible_custody",
    "field": "visible_outdoors",
    "caravan": "visible_caravan",
    "city_shelter": "visible_sheltered",
}
"""Stocks in view in the United States → the parameter that says how many people are news."""
SEEN_IN_MEXICO = {
    "visible_mx_south": ("south", "comar"),
    "visible_mx_north": ("north_first", "north_repeat", "mpp", "app_queue"),
    "visible_mx_held": ("held", "dif"),
}


@mechanism(
    signals=(
        Signal("salience", "share of US adults who name immigration first", "share",
               start_from="salience_floor"),
        Signal("approval", "share who approve of the president on immigration", "share",
               start_from="approval_base"),
        Signal("us_demand", "endogenous US pressure on Mexico", "acts in force"),
        Signal("us_stance", "endogenous restriction at the US desk", "share"),
        Signal("mx_cost", "political cost of enforcement in Mexico", "base = 0"),
    ),
    reads=(
        "salience", "approval", "us_demand", "us_stance", "mx_cost",
        "encounters_land", "encounters_ports", *SEEN,
        *(stock for stocks in SEEN_IN_MEXICO.values() for stock in stocks),
    ),
    levers=("us.campaign", "mx.campaign", "us.family_separation", "governments.respond"),
    parameters=(
        "encounters_usual_per_day", "salience_floor", "salience_per_encounters",
        "salience_per_chaos", "salience_rise_days", "salience_fall_days", *SEEN.values(),
        "approval_base", "approval_per_salience", "approval_days",
        "demand_per_salience", "demand_campaign", "demand_unpopular", "demand_most", "demand_days",
        "stance_within_law", "stance_days", "stance_struck_per_year",
        *SEEN_IN_MEXICO, "mx_cost_campaign",
    ),
    off={"salience_per_encounters": 0.0, "salience_per_chaos": 0.0, "approval_per_salience": 0.0,
         "demand_per_salience": 0.0, "stance_within_law": 0.0, "visible_mx_south": 1e12,
         "visible_mx_north": 1e12, "visible_mx_held": 1e12},
)  # fmt: skip
def politics(now: Now, p: Mapping[str, Array]) -> dict[str, Array]:
    """Next values of the signals, shape (member,)."""
    target = attention(p, encountered(now), _chaos(now, p))
    days = jnp.where(
        target > now.signal["salience"], p["salience_rise_days"], p["salience_fall_days"]
    )
    salience, approval = now.signal["salience"], now.signal["approval"]
    excess = jnp.maximum(0.0, salience - p["salience_floor"])
    unpopular = 1 + p["demand_unpopular"] * (1 - approval / p["approval_base"])
    clock = jnp.maximum(0.0, 1 + p["demand_campaign"] * now.law["us.campaign"])
    wish = jnp.tanh(p["demand_per_salience"] * excess * clock * jnp.maximum(0.0, unpopular))
    liked = jnp.clip(p["approval_base"] - p["approval_per_salience"] * excess, 0.0, 1.0)
    struck = -jnp.expm1(-now.dt * p["stance_struck_per_year"] / 365.0)
    stance = now.toward("us_stance", p["stance_within_law"] * wish, p["stance_days"])
    cost = _mexican_cost(now, p)
    return {
        "salience": now.toward("salience", target, days),
        "approval": now.toward("approval", liked, p["approval_days"]),
        "us_demand": now.toward("us_demand", p["demand_most"] * wish, p["demand_days"]),
        "us_stance": stance * (1 - struck),
        "mx_cost": now.toward("mx_cost", cost, p["salience_rise_days"]),
    }


def stance(now: Now) -> Array:
    """The share of people whom governments that respond bar at the desk on top of the law: (member,).

    Zero while they do not respond. A mechanism that uses it reads `us_stance` and the lever
    `governments.respond`; barred' = 1 − (1 − barred) × (1 − stance).
    """
    return jnp.where(now.law["governments.respond"] > 0, now.signal["us_stance"], 0.0)


def attention(p: Mapping[str, Array], encounters: Array, chaos: Array) -> Array:
    """The salience that encounters a day and chaos would settle at, a share."""
    many = jnp.maximum(0.0, jnp.log((encounters + 1.0) / p["encounters_usual_per_day"]))
    target = p["salience_floor"] + p["salience_per_encounters"] * many
    return jnp.clip(target + p["salience_per_chaos"] * chaos, 0.0, 1.0)


def encountered(now: Now) -> Array:
    """Encounters a day between and at ports, (member,)."""
    return everybody(now.rate["encounters_land"]) + everybody(now.rate["encounters_ports"])


def _many(now: Now, *stocks: str) -> Array:
    """People in the stocks, (member,)."""
    parts = [everybody(now.people[stock]) for stock in stocks]
    return sum(parts[1:], parts[0])


def _chaos(now: Now, p: Mapping[str, Array]) -> Array:
    seen = jnp.stack([_many(now, stock) / p[name] for stock, name in SEEN.items()])
    return jnp.log1p(seen).sum(0) + now.law["us.family_separation"]


def _mexican_cost(now: Now, p: Mapping[str, Array]) -> Array:
    seen = jnp.stack([_many(now, *stocks) / p[name] for name, stocks in SEEN_IN_MEXICO.items()])
    clock = jnp.maximum(0.0, 1 + p["mx_cost_campaign"] * now.law["mx.campaign"])
    return jnp.log1p(seen).sum(0) * clock
