"""One step: hazards from the state, people moved along paths, events tallied.

    leaving = people × (1 − exp(−Σ hazards × dt)),  shared among exits in proportion to hazards

The step is a pure function. Every array ends in a member axis (of length 1 where all members share
a value, as they share the law): members' arithmetic runs side by side in one vector, which is much
faster than a leading member axis. Shapes below leave the member axis out.
`move` here is the readable form, of real numbers of people, for gradients and for any device;
`kernel.move` does the same on processors, several times as fast, and draws whole people too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from caudal.engine import book
from caudal.engine.declare import Mechanism
from caudal.engine.graph import Model, Path
from caudal.errors import CaudalError

Arrays = dict[str, Any]
"""Arrays by name, of NumPy outside a compiled function and of JAX inside."""


class Carry(NamedTuple):
    """The state between steps, all float32. Saving it is saving the run.

    people (row, group); signals, noise by name; triggers: (on 0/1, days below) by id;
    rates: what each tally of events counted per day in the last step; month: the month's tallies so
    far; measures: (sum so far, what rounding has added to it) of the month, (2, cell). These three
    are laid out as `book` says.
    """

    people: Any
    signals: Arrays
    noise: Arrays
    triggers: Arrays
    rates: Any
    month: Any
    measures: Any


class Day(NamedTuple):
    """What a day brings from outside, as arrays.

    law, announced: lever → its dims; on: trigger → lever → its dims when that trigger is on;
    rules: trigger → (may act, on at or above, off below, off after days); driver: name → value;
    shock: noise name → standard normals. A trigger is named "id:signal", the signal it watches.
    """

    law: Arrays
    announced: Arrays
    on: dict[str, Arrays]
    rules: Arrays
    driver: Arrays
    shock: Arrays


@dataclass(frozen=True)
class Now:
    """What a mechanism sees: read-only views by name.

    weather is this month's, coming next month's; rate what each flow tally counted per day in the
    last step; dt the length of the step in days.
    """

    people: Mapping[str, Array]
    signal: Mapping[str, Array]
    law: Mapping[str, Array]
    announced: Mapping[str, Array]
    driver: Mapping[str, Array]
    weather: Mapping[str, Array]
    coming: Mapping[str, Array]
    noise: Mapping[str, Array]
    rate: Mapping[str, Array]
    dt: float

    def toward(self, signal: str, target: Array | float, days: Array | float) -> Array:
        """The signal after one step of relaxing toward `target` with time constant `days`."""
        value = self.signal[signal]
        return value + (target - value) * -jnp.expm1(-self.dt / days)


def law_of(day: Day, triggers: Arrays) -> Arrays:
    """The levers in force: the written law, with what triggered rules set while they are on."""
    law = dict(day.law)
    for trigger, levers in day.on.items():
        on = triggers[trigger][0] > 0.5
        for lever, value in levers.items():
            law[lever] = jnp.where(on, value, law[lever])
    return law


def hazards_of(
    model: Model, carry: Carry, day: Day, weather: tuple[Arrays, ...], p: Arrays, dt: float,
    first: bool = True,
) -> tuple[Carry, Arrays]:  # fmt: skip
    """Hazards per day of every flow and shares of every gate by name, (edge, group) or broadcast.

    weather is this month's and next month's. `first` says whether this is the day's first substep:
    its noise changes then only, so that a finer step meets the same noise.

    The carry comes back with signals, noise and triggers moved on and measures added up; people are
    not moved yet.
    """
    noise = _noise(model, carry.noise, day.shock, p) if first else carry.noise
    triggers = _triggers(carry, day, dt)
    now = Now(
        people={name: carry.people[rows] for name, rows in model.rows.items()},
        signal=carry.signals,
        law=law_of(day, triggers),
        announced=day.announced,
        driver=day.driver,
        weather=weather[0],
        coming=weather[1],
        noise=noise,
        rate=book.events(model).split(carry.rates),
        dt=dt,
    )
    out: dict[str, Array] = {}
    for made in model.mechanisms:
        given = made.function(now, {name: p[name] for name in made.parameters})
        _check_given(made, given)
        out.update(given)
    members = carry.people.shape[-1]
    signals = {
        name: _wide(f"signal {name!r}", out[name], (*model.shape(s.dims), members))
        for name, s in model.signals.items()
    }
    values = [
        _wide(f"measure {name!r}", out[name], (*model.shape(m.dims), members)).reshape(-1, members)
        for name, m in model.measures.items()
    ]
    measures = _sum_up(carry.measures, jnp.concatenate(values) * dt) if values else carry.measures
    for path in (*model.paths, *model.departures):
        for name in path.factors:
            _check_fits(f"{name!r}", out[name], (path.edges, model.groups, members))
    moved_on = carry._replace(signals=signals, noise=noise, triggers=triggers, measures=measures)
    return moved_on, out


def move(model: Model, carry: Carry, out: Arrays, dt: float) -> Carry:
    """Move real numbers of people by hazards and shares, and count what happened."""
    hazards, came = composed(model, out, carry.people.shape[-1])
    moved = _leaving(model, carry.people, hazards, dt)
    return _settle(model, carry, moved, [r * dt for r in came], dt)


def composed(model: Model, out: Arrays, members: int) -> tuple[list[Array], list[Array]]:
    """Hazards per day of every path, people per day of every departure: (edge, group) each."""
    return (
        [_compose(path, out, model.groups, members) for path in model.paths],
        [_compose(path, out, model.groups, members) for path in model.departures],
    )


def _leaving(model: Model, people: Array, hazards: list[Array], dt: float) -> list[Array]:
    """How many people take each path in one step; shapes as the hazards."""
    total: dict[str, Array] = {}
    for path, hazard in zip(model.paths, hazards, strict=True):
        here = model.rows[path.source]
        held = hazard if path.edges == here.stop - here.start else hazard.sum(0, keepdims=True)
        total[path.source] = total[path.source] + held if path.source in total else held
    share = {
        name: people[model.rows[name]] * dt * _share_leaving(held * dt)
        for name, held in total.items()
    }
    return [share[path.source] * hazard for path, hazard in zip(model.paths, hazards, strict=True)]


def _share_leaving(x: Array) -> Array:
    """(1 − exp(−x)) / x, by its series where x is small and the difference would cancel."""
    series = 1 - x * (0.5 - x * (1 / 6 - x / 24))
    return jnp.where(x > 0.05, (1 - jnp.exp(-x)) / jnp.maximum(x, 0.05), series)


def _settle(
    model: Model, carry: Carry, moved: list[Array], departed: list[Array], dt: float
) -> Carry:
    """Put everyone where they went and add up the tallies."""
    change: dict[str, Array] = {}

    def add(stock: str, amount: Array) -> None:
        change[stock] = change[stock] + amount if stock in change else amount

    for path, many in zip(model.paths, moved, strict=True):
        add(path.source, -_fold(many, path.source_rows, model.rows[path.source]))
        came = many if path.regroup is None else _regroup(many, path.regroup)
        add(path.target, _fold(came, path.target_rows, model.rows[path.target]))
    for path, many in zip(model.departures, departed, strict=True):
        add(path.target, many)
    people = jnp.concatenate(
        [
            carry.people[model.rows[s.name]] + change.get(s.name, jnp.float32(0))
            for s in model.stocks
        ]
    )
    counted: dict[str, Array] = {}
    for tally in model.tallies:
        if book.of_stocks(model, tally):
            # counted after the move, so that a month's mean is over its evenings
            stocks = [people[model.rows[name]] for name in tally.of]
            counted[tally.name] = _keep(sum(stocks[1:], stocks[0]), tally.keep) * dt
            continue
        ways = zip((*model.paths, *model.departures), (*moved, *departed), strict=True)
        kept = [_keep(many, tally.keep) for path, many in ways if path.counts(tally.of)]
        counted[tally.name] = sum(kept[1:], kept[0])
    if not counted:
        return carry._replace(people=people)
    members = people.shape[-1]
    now = jnp.concatenate(
        [counted[name].reshape(-1, members) for name in book.tallies(model).blocks]
    )
    rates = now[: book.events(model).cells] / dt
    return carry._replace(people=people, rates=rates, month=carry.month + now)


def _fold(many: Array, target: Any, rows: slice) -> Array:
    size = rows.stop - rows.start
    if len(target) == size and list(target) == list(range(rows.start, rows.stop)):
        return many
    if size == 1:
        return many.sum(0, keepdims=True)
    return jnp.zeros((size, *many.shape[1:]), many.dtype).at[target - rows.start].add(many)


def _regroup(many: Array, become: tuple[int, ...]) -> Array:
    """People (edge, group) as the groups that they become."""
    return jnp.zeros_like(many).at[:, np.asarray(become)].add(many)


def _sum_up(total: Array, value: Array) -> Array:
    """Kahan's compensated sum (1965): a month of small values loses nothing to rounding."""
    so_far, excess = total[0], total[1]
    value = value - excess
    new = so_far + value
    return jnp.stack([new, (new - so_far) - value])


def _wide(what: str, value: Any, shape: tuple[int, ...]) -> Array:
    _check_fits(what, value, shape)
    return jnp.broadcast_to(value, shape).astype(jnp.float32)


def _check_fits(what: str, value: Any, shape: tuple[int, ...]) -> None:
    try:
        fits = np.broadcast_shapes(jnp.shape(value), shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise CaudalError(what, f"shape {jnp.shape(value)}", f"{shape}, member last")


def _keep(value: Array, keep: tuple[str, ...]) -> Array:
    if "place" not in keep:
        value = value.sum(0, keepdims=True)
    return value if "group" in keep else value.sum(1, keepdims=True)


def _compose(path: Path, out: Mapping[str, Array], groups: int, members: int) -> Array:
    hazard = out[path.flow]
    for name in path.factors[1:]:
        hazard = hazard * out[name]
    return jnp.broadcast_to(hazard, (path.edges, groups, members)).astype(jnp.float32)


def _noise(model: Model, noise: Arrays, shock: Arrays, p: Arrays) -> Arrays:
    moved = {}
    for made in model.mechanisms:
        for declared in made.noise:
            keep = jnp.exp(-1.0 / p[declared.days])
            step = p[declared.sd] * jnp.sqrt(1 - keep**2)
            moved[declared.name] = keep * noise[declared.name] + step * shock[declared.name]
    return moved


def _triggers(carry: Carry, day: Day, dt: float) -> Arrays:
    """On while the signal is high enough; off once it has stayed low for the stated days."""
    moved = {}
    for name, (on, below) in carry.triggers.items():
        may_act, on_at, off_below, off_after = day.rules[name]
        value = carry.signals[name.split(":", 1)[1]]
        low = jnp.where(value < off_below, below + dt, 0.0)
        now = jnp.where(value >= on_at, 1.0, jnp.where(low >= off_after, 0.0, on))
        moved[name] = jnp.stack([now * may_act, low * may_act]).astype(jnp.float32)
    return moved


def _check_given(made: Mechanism, given: Mapping[str, Any]) -> None:
    wanted = {part.name for part in (*made.flows, *made.signals, *made.measures)}
    wanted |= {f"{g.name}.{b}" for g in made.gates for b in g.branches}
    if set(given) != wanted:
        odd = sorted(set(given) ^ wanted)
        raise CaudalError(f"mechanism {made.name}", f"gives {odd} wrongly", ", ".join(wanted))
