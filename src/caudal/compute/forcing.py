"""From law and drivers to the arrays that the engine runs on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from caudal.compute.content import Corridor
from caudal.engine.forcing import Forcing


def forcing(
    corridor: Corridor,
    law: Any,
    end: date,
    known: date | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Forcing:
    """Everything from outside on each day from the corridor's beginning to `end` (exclusive).

    law is the law to run under; with `known`, only what was known that day of law and drivers.
    Levers hold their value of each day; announced levers the value due after the corridor's lead,
    by what was known on the day.
    """
    start = corridor.begins
    days = (end - start).days
    law = law.as_known(known) if known is not None else law
    compiled = law.compile(start, end)
    ahead = law.compile_announced(start, end, corridor.announced_lead_days)
    mechanisms = corridor.model.mechanisms
    levers = sorted({lever for m in mechanisms for lever in m.levers})
    announced = sorted({lever for m in mechanisms for lever in m.announced})
    rules = {
        t.id: np.stack([t.active, t.on_at_or_above, t.off_below, t.off_after_days], 1)
        for t in compiled.triggers
    }
    touched = {t: set(tables) & set(levers) for t, tables in compiled.triggered.items()}
    for trigger, tables in _own_triggers(corridor).items():
        # one that this law lacks is there and never acts, so that shapes are those of every scenario
        rules.setdefault(trigger, np.zeros((days, 4)))
        touched[trigger] = touched.get(trigger, set()) | (tables & set(levers))
    return Forcing(
        start=start,
        days=days,
        law={k: compiled.table[k][compiled.segment] for k in levers},
        announced={k: ahead.table[k][ahead.segment] for k in announced},
        on={
            t: {
                k: compiled.triggered.get(t, {}).get(k, compiled.table[k])[compiled.segment]
                for k in sorted(names)
            }
            for t, names in sorted(touched.items())
        },
        rules={k: rules[k].astype(np.float32) for k in sorted(rules)},
        driver=corridor.drivers(start, days, known, changes or {}),
    )


def shortened(outside: Forcing, day: int) -> Forcing:
    """A forcing without what comes from a day on."""

    def cut(arrays: Mapping[str, Any]) -> dict[str, Any]:
        return {k: cut(v) if isinstance(v, Mapping) else v[:day] for k, v in arrays.items()}

    parts = {k: cut(getattr(outside, k)) for k in ("law", "announced", "on", "rules", "driver")}
    return Forcing(outside.start, min(day, outside.days), **parts)


@cache
def _own_triggers(corridor: Corridor) -> dict[str, set[str]]:
    """Triggers of the corridor's own law within ten years of its beginning, and what they set."""
    start = corridor.begins
    compiled = corridor.law.compile(start, start.replace(year=start.year + 10))
    return {t.id: set(compiled.triggered.get(t.id, {})) for t in compiled.triggers}


def month_ends(start: date, months: int) -> list[date]:
    """First day after each of the months from `start`, the first of a month."""
    out, here = [], start
    for _ in range(months):
        here = (here.replace(day=28) + timedelta(4)).replace(day=1)
        out.append(here)
    return out
