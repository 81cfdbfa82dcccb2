"""A corridor in small, for calibration: four nationalities, one road, one border, three rules.

    set out[n]       = base[n] × exp(weather + noise + season − far × expelled[n] − bar × visa[n])
    on the road      = two stages of a journey; a stop per day = rate × effort × exp(weather[n])
    custody          = home with a probability, else on the road again, after some days
    effort           = resolve × exp(weather);   resolve' toward 1 + worth × commitment
    tries per day    = exp(−near × expelled[n]) / days of wait;   unseen by a fixed share
    seen and expelled: again at the border with probability retry, else home

Content like the real corridor (`compute/content.py`), with its equations, spreads of weather and
errors of counts, so that `learn` runs on it unchanged. A truth is one draw of the prior: constants,
weather, daily noise and errors of counts, each from the distribution that the learner assumes.
Sizes, journeys and dates are invented; priors follow `corridor/priors` where a like is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from caudal.corridor import HERE
from caudal.corridor.weather import PROCESSES
from caudal.engine.declare import Flow, Gate, Noise, Signal, Stock, Tally, Weather, mechanism
from caudal.engine.graph import Model
from caudal.engine.observation import Block, Target
from caudal.engine.priors import Prior
from caudal.engine.weather import Process
from caudal.policy import Law, Lever, LeverRegistry
from caudal.policy.documents import parse_document
from caudal.policy.marks import Marks

Arrays = dict[str, np.ndarray]

NATIONALITIES = ("near", "middle", "far", "few")
BASE = np.array([400.0, 150.0, 60.0, 8.0])
JOURNEY_DAYS = np.array([8.0, 20.0, 40.0, 20.0])
BEGINS = dt.date(2019, 7, 1)
FIRST, COUNTED, AHEAD = 3, 24, 6
"""Months before the first count, counted months, months of forecast."""
LAST = FIRST + COUNTED
UNSEEN = 0.2
WAIT_DAYS, AGAIN_DAYS, HELD_DAYS = 5.0, 7.0, 12.0
SENT_HOME = 0.5
FEW, FLOOR, STOPPED_FLOOR = 10.0, 0.08, 0.14
"""As in `corridor/informs`: people added before the log, floors of errors."""
ONES = np.ones((1, 4, 1), np.float32)


@mechanism(
    flows=(Flow("outside", "road_1"),),
    weather=(Weather("departure", "how many set out", ("nationality",)),),
    noise=(Noise("gusts", "days when more set out", "gust_sd", "gust_days", ("nationality",)),),
    levers=("expelled", "visa"),
    drivers=("day_of_year", "days_left"),
    parameters=("base", "far_response", "visa_bar", "season_amplitude", "journey_days",
                "gust_sd", "gust_days", "inert"),
)  # fmt: skip
def departure(now, p):
    """People per day who set out, shape (1, nationality, member)."""
    near_end = now.driver["days_left"] < p["journey_days"]
    push = (
        jnp.where(near_end, now.coming["departure"], now.weather["departure"])
        + now.noise["gusts"]
        + p["season_amplitude"] * jnp.cos(2 * jnp.pi * (now.driver["day_of_year"] - 90) / 365)
        - p["far_response"] * now.law["expelled"]
        - p["visa_bar"] * now.law["visa"]
    )
    return {"outside → road_1": (p["base"] * jnp.exp(push))[None]}


@mechanism(
    flows=(Flow("road_1", "road_2"), Flow("road_2", "border"), Flow("road_1", "held"),
           Flow("road_2", "held"), Flow("held", "home"), Flow("held", "road_1")),
    signals=(Signal("resolve", "effort that commitments account for", "base = 1", (), 1.0),),
    weather=(Weather("stop", "how often people are stopped", ("nationality",)),
             Weather("effort", "how many are stopped")),
    levers=("commitment",),
    parameters=("journey_days", "stop_rate_per_day", "effort_per_commitment", "effort_rise_days"),
)  # fmt: skip
def road(now, p):
    """Hazards per day on the road and in custody; the next value of resolve."""
    wanted = 1 + p["effort_per_commitment"] * now.law["commitment"]
    stage = (2 / p["journey_days"])[None] * ONES
    effort = now.signal["resolve"] * jnp.exp(now.weather["effort"])
    stop = (p["stop_rate_per_day"] * effort * jnp.exp(now.weather["stop"]))[None]
    return {
        "road_1 → road_2": stage,
        "road_2 → border": stage,
        "road_1 → held": stop,
        "road_2 → held": stop,
        "held → home": SENT_HOME / HELD_DAYS * ONES,
        "held → road_1": (1 - SENT_HOME) / HELD_DAYS * ONES,
        "resolve": now.toward("resolve", jnp.maximum(wanted, 0.05), p["effort_rise_days"]),
    }


@mechanism(
    flows=(Flow("border", "line"), Flow("again", "line")),
    gates=(Gate("line", "seen or not", {"seen": "desk", "unseen": "inside"}),
           Gate("desk", "expelled or let in",
                {"again": "again", "home": "home", "inside": "inside"})),
    levers=("expelled",),
    parameters=("near_response", "retry_share"),
)  # fmt: skip
def crossing(now, p):
    """Hazards of trying per day; shares of who is seen, and of what becomes of them."""
    tries = jnp.exp(-p["near_response"] * now.law["expelled"])[None]
    expelled = now.law["expelled"][None]
    return {
        "border → line": tries / WAIT_DAYS,
        "again → line": tries / AGAIN_DAYS,
        "line.seen": (1 - UNSEEN) * ONES,
        "line.unseen": UNSEEN * ONES,
        "desk.again": expelled * p["retry_share"],
        "desk.home": expelled * (1 - p["retry_share"]),
        "desk.inside": 1 - expelled,
    }


def _prior(name: str, form: str, centre: float | np.ndarray, sd: float) -> Prior:
    dims = ("nationality",) if np.ndim(centre) else ()
    at = np.asarray(centre, np.float64)
    if form == "lognormal":
        at = np.log(at)
    elif form == "logitnormal":
        at = np.log(at / (1 - at))
    return Prior(name, form, at, sd, "", "invented", dims, assumed=True)


PRIORS: dict[str, Prior] = {
    p.name: p
    for p in (
        _prior("base", "lognormal", BASE, 0.3),
        _prior("journey_days", "lognormal", JOURNEY_DAYS, 0.0),
        _prior("gust_sd", "lognormal", 0.08, 0.3),
        _prior("gust_days", "lognormal", 6.0, 0.3),
        _prior("far_response", "normal", 0.7, 0.4),
        _prior("near_response", "normal", 0.5, 0.3),
        _prior("visa_bar", "normal", 1.5, 0.7),
        _prior("season_amplitude", "normal", 0.1, 0.05),
        _prior("stop_rate_per_day", "lognormal", 0.02, 0.3),
        _prior("effort_per_commitment", "normal", 0.6, 0.4),
        _prior("effort_rise_days", "lognormal", 20.0, 0.5),
        _prior("retry_share", "logitnormal", 0.5, 0.5),
        _prior("inert", "normal", 0.0, 1.0),
    )
}  # fmt: skip

LEARNED = ("base", "near_response", "far_response", "visa_bar", "season_amplitude", "retry_share",
           "stop_rate_per_day", "effort_per_commitment", "effort_rise_days", "inert")  # fmt: skip
"""Constants that the counts may move; those of the daily noise keep their prior."""


@cache
def model() -> Model:
    """The checked graph."""
    stocks = (
        Stock("road_1", "first half of the road"), Stock("road_2", "second half"),
        Stock("held", "in custody on the way"), Stock("border", "at the border"),
        Stock("again", "at the border again"), Stock("inside", "got in", final=True),
        Stock("home", "went home", final=True),
    )  # fmt: skip
    tallies = (
        Tally("encounters", "people seen", ("line.seen",)),
        Tally("stopped", "people stopped on the way", ("road_1 → held", "road_2 → held")),
    )
    return Model(stocks, (departure, road, crossing), tallies, 4, {"nationality": 4})


def _on(month: int) -> dt.date:
    """First day of a month, by its number."""
    years, months = divmod(BEGINS.month - 1 + month, 12)
    return dt.date(BEGINS.year + years, months + 1, 1)


@cache
def law() -> Law:
    """Expulsion of two nationalities from month 10, a visa for one from 17, effort in 14 to 20."""
    words = {"en": "x", "es": "x"}
    whom = ("nationality",)
    levers = {
        name: Lever(id=name, unit="1 = yes", range=(0, 1), default=0, rule="any", dims=dims,
                    meaning=words)
        for name, dims in (("expelled", whom), ("visa", whom), ("commitment", ()))
    }  # fmt: skip

    def document(name: str, lever: str, start: int, end: int | None, who: Sequence[str]) -> Any:
        day = _on(start)
        entry: dict[str, Any] = {"from": day, "value": 1, "known_on": day - dt.timedelta(days=10),
                                 "source": "s"}  # fmt: skip
        if who:
            entry["who"] = {"nationality": list(who)}
        if end is not None:
            entry["until"] = _on(end)
        data = {
            "id": name, "name": words, "actor": "someone", "kind": "pressure",
            "instrument": "a text", "design": {lever: [entry]},
            "sources": {"s": {"title": "S", "publisher": "P", "date": dt.date(2020, 1, 15)}},
        }  # fmt: skip
        return parse_document(data, Marks(name))

    made = [
        document("expulsion", "expelled", 10, None, ("near", "middle")),
        document("visa", "visa", 17, None, ("far",)),
        document("commitment", "commitment", 14, 20, ()),
    ]
    return Law(made, LeverRegistry(levers), {"nationality": NATIONALITIES})


PROCESS: dict[str, Process] = {name: PROCESSES[name] for name in ("departure", "stop", "effort")}
"""As the real corridor's weather moves."""


@dataclass(frozen=True, eq=False)
class Counts:
    """What was counted, months first, NaN where not: encounters and stopped, by nationality."""

    start: dt.date
    arrays: Arrays
    leads: str = "unit"

    def logs(self) -> np.ndarray:
        """Log of encounters plus a few, (month, nationality)."""
        return np.log(self.arrays["encounters"] + FEW)

    def last(self, name: str) -> int:
        """Number of the last month with a count."""
        return int(np.flatnonzero(~np.isnan(self.arrays[name]).any(-1))[-1])

    def until(self, months: int) -> Counts:
        """The first `months` months only."""
        return Counts(self.start, {k: v[:months] for k, v in self.arrays.items()})


COUNTED_AS = {"encounters": FLOOR, "stopped": STOPPED_FLOOR}
"""Counts, each with the floor of its error."""


def error(name: str, count: np.ndarray) -> np.ndarray:
    """Error sd of the log of a count, as `corridor/errors` has it."""
    return np.sqrt(COUNTED_AS[name] ** 2 + 2.0 / (np.nan_to_num(count) + FEW))


def shown(tallies: Mapping[str, np.ndarray]) -> Arrays:
    """Logs of counts (…, nationality, member), of tallies (…, 1, nationality, member)."""
    return {name: np.log(tallies[name][..., 0, :, :] + FEW) for name in COUNTED_AS}


def _blocks() -> list[Block]:
    def run(t):
        return np.stack(list(shown(t).values()), 1)

    def seen(o):
        value = np.stack([np.log(o[name] + FEW) for name in COUNTED_AS], 1)
        return value, np.stack([error(name, o[name]) for name in COUNTED_AS], 1)

    return [Block("nationality", run, seen, {"departure": 1, "stop": 1}, shared={"effort": 1})]


@dataclass(frozen=True, eq=False)
class Small:
    """The small corridor, as much of it as learning asks for, with what was counted of one truth."""

    counts: Counts
    processes: Mapping[str, Process]
    name: str = "small"
    begins: dt.date = BEGINS
    reports_from: dt.date = BEGINS
    announced_lead_days: int = 30
    posterior: Path = Path("none")
    folder: Path = HERE
    headlines: tuple[Any, ...] = ()

    @property
    def model(self) -> Model:
        """The checked graph."""
        return model()

    @property
    def priors(self) -> Mapping[str, Prior]:
        """Parameters by name."""
        return PRIORS

    @property
    def law(self) -> Law:
        """The three rules."""
        return law()

    def drivers(
        self, start: dt.date, days: int, known: dt.date | None, changes: Mapping[str, Any]
    ) -> Arrays:
        """The calendar: day of the year, days left in the month."""
        dates = [start + dt.timedelta(days=d) for d in range(days)]
        ends = [(d.replace(day=28) + dt.timedelta(days=4)).replace(day=1) for d in dates]
        return {
            "day_of_year": np.array([d.timetuple().tm_yday for d in dates], np.float32),
            "days_left": np.array(
                [(e - d).days - 1 for d, e in zip(dates, ends, strict=True)], np.float32
            ),
        }

    def observed(self, start: dt.date, end: dt.date, known: dt.date | None = None) -> Counts:
        """What was counted, whenever it is asked for."""
        return self.counts

    def blocks(self) -> Sequence[Block]:
        """What each count informs."""
        return _blocks()

    def targets(self) -> Sequence[Target]:
        """None: all is learned by the month."""
        return ()

    def learned(self) -> Sequence[str]:
        """Constants that counts may speak of."""
        return LEARNED

    @property
    def apart(self) -> tuple[str, int]:
        """Nationalities are learned one by one."""
        return "nationality", len(NATIONALITIES)
