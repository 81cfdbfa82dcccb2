"""What a model is made of: stocks, flows, gates, signals, weather, noise, measures, tallies.

Declarations only. `graph` checks that they fit together; `step` moves people by them. Nothing here
knows a country, an agency or a policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

from caudal.errors import CaudalError

ARROW = " → "
BOTH = " & "
"""Between two names in a tally's entry: what passes both."""
OUTSIDE = "outside"
"""Where departures come from: a source, not a stock."""


@dataclass(frozen=True)
class Stock:
    """People of each group in one status, at one or more places. Array shape (place, group)."""

    name: str
    meaning: str
    places: tuple[str, ...] = ("",)
    final: bool = False


@dataclass(frozen=True)
class Flow:
    """People who leave `source` for `target` (a stock or a gate) at a hazard per day.

    The hazard has shape (place, group), where place is the longer of the two ends. Ends of equal
    length pair up place by place; one place spreads over many or many gather into one; otherwise
    `pairs[i]` names the target place of source place i.
    A flow from `outside` carries people per day instead of a hazard.

    `regroup[g]` is the group that people of group g become on the way (g itself for groups that
    never take it); such a flow needs a `label`, the group's name. A label also tells apart two
    flows between the same ends. A flow may lead back to its own stock, to another place or group.
    Hazards, gates on the way and tallies see the group that people leave.
    """

    source: str
    target: str
    pairs: tuple[int, ...] | None = None
    regroup: tuple[int, ...] | None = None
    label: str = ""

    @property
    def name(self) -> str:
        """The name used everywhere: "source → target", with " as label" where people change group.

        >>> Flow("held", "care", regroup=(1, 1), label="child").name
        'held → care as child'
        >>> Flow("north", "north", pairs=(1, 1), label="eastward").name
        'north → north eastward'
        """
        ends = f"{self.source}{ARROW}{self.target}"
        if self.regroup is not None:
            return f"{ends} as {self.label}"
        return f"{ends} {self.label}" if self.label else ends


@dataclass(frozen=True)
class Gate:
    """An instant branching inside a flow. Its shares have shape (place, group) and sum to one."""

    name: str
    meaning: str
    branches: Mapping[str, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "branches", MappingProxyType(dict(self.branches)))


@dataclass(frozen=True)
class Signal:
    """A number that is not people and has memory; `dims` names its axes, () for a scalar.

    It starts at `start` (one number, or nested tuples by `dims`), or, where `start_from` names a
    parameter of its owner with the same dims, at each member's value of that parameter.
    """

    name: str
    meaning: str
    unit: str
    dims: tuple[str, ...] = ()
    start: float | tuple[Any, ...] = 0.0
    start_from: str = ""


@dataclass(frozen=True)
class Measure:
    """What a mechanism reports of a day, without memory: shape of `dims`, any sign, finite.

    Its owner gives a value per day from the state at the step's start. A month's "sum" is the
    integral over its days (value × dt added up), its "mean" that over the number of its days.
    """

    name: str
    meaning: str
    unit: str
    dims: tuple[str, ...] = ()
    how: Literal["sum", "mean"] = "sum"


@dataclass(frozen=True)
class Weather:
    """A slow latent (log scale): constant within a month, given as an input of the run."""

    name: str
    meaning: str
    dims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Noise:
    """Daily environmental noise (log scale, autoregressive, mean zero) with its own stream.

    `sd` and `days` name the parameters that hold its stationary standard deviation and memory.
    """

    name: str
    meaning: str
    sd: str
    days: str
    dims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """What is counted of a month.

    `of` lists flows ("a → b"), gate branches ("desk.expelled") or stocks ("north_first"). Flows and
    branches add up the events of the month; stocks give the mean number of people over its days.
    "a → gate & gate.branch" counts what passes both. People who change group count as what they
    were.
    `keep` says which axes stay: any of "place", "group".
    """

    name: str
    meaning: str
    of: tuple[str, ...]
    keep: tuple[str, ...] = ("place", "group")


@dataclass(frozen=True)
class Mechanism:
    """One piece of how the corridor works: a declaration and a pure function of (now, p).

    `now` is a `step.Now`; `p` maps parameter names to arrays. The function returns the hazards
    (per day) of the flows, the shares of the gates, the next values of the signals and the values
    per day of the measures it owns.
    `off` gives neutral parameter values: with them the mechanism does nothing, shapes unchanged.
    """

    name: str
    function: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
    flows: tuple[Flow, ...] = ()
    gates: tuple[Gate, ...] = ()
    signals: tuple[Signal, ...] = ()
    measures: tuple[Measure, ...] = ()
    weather: tuple[Weather, ...] = ()
    noise: tuple[Noise, ...] = ()
    reads: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    off: Mapping[str, float] = field(default_factory=dict)

    @property
    def doc(self) -> str:
        """The docstring of the mechanism's file: the equation and what it models."""
        import sys

        return sys.modules[self.function.__module__].__doc__ or ""


def mechanism(**declared: Any) -> Callable[[Callable[..., Any]], Mechanism]:
    """Declare the function below as a mechanism of the same name.

    Raises CaudalError when `off` names a parameter that the mechanism does not declare.
    """

    def declare(function: Callable[..., Any]) -> Mechanism:
        made = Mechanism(name=function.__name__, function=function, **declared)
        strangers = set(made.off) - set(made.parameters)
        if strangers:
            raise CaudalError(
                f"mechanism {made.name} field 'off'",
                f"unknown parameter {sorted(strangers)[0]!r}",
                ", ".join(made.parameters),
            )
        return made

    return declare


def told(m: Mechanism) -> dict[str, Any]:
    """A mechanism as a row of plain values: what it does, owns and reads."""
    return {
        "name": m.name,
        "title": m.doc.strip().splitlines()[0].partition(": ")[2].rstrip("."),
        "flows": [f.name for f in m.flows],
        "gates": [g.name for g in m.gates],
        "signals": [s.name for s in m.signals],
        "measures": [s.name for s in m.measures],
        "weather": [w.name for w in m.weather],
        "noise": [n.name for n in m.noise],
        "reads": list(m.reads),
        "levers": list(m.levers),
        "announced": list(m.announced),
        "drivers": list(m.drivers),
        "parameters": list(m.parameters),
        "switchable": bool(m.off),
    }


def stages(name: str, number: int, meaning: str) -> tuple[list[Stock], list[Flow]]:
    """Erlang stages of a wait that is not memoryless: stocks name_1 … name_n and their links.

    With hazard n / mean on each link and exit, the wait has the stated mean and shape n.
    """
    names = [f"{name}_{i + 1}" for i in range(number)]
    stocks = [Stock(n, f"{meaning} (stage {i + 1} of {number})") for i, n in enumerate(names)]
    return stocks, [Flow(a, b) for a, b in pairwise(names)]
