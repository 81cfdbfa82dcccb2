"""What a mechanism rests on: levers that documents had set, parameters before and after the counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from caudal.compute.forcing import month_ends
from caudal.compute.posterior import Posterior
from caudal.engine.graph import Model

NORMAL_90 = 1.6449
"""The standard normal's 95 % point, half the width of its 90 % interval."""


def levers_of(
    law: Any, model: Model, owners: Iterable[str], month: date, where: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Settings in force on some day of the month, of levers that the mechanisms read.

    A setting counts if it reaches the group and place asked for. Looked at on the days on which a
    document begins or ends something, so that what holds for a week is seen.
    """
    by_lever: dict[str, list[str]] = {}
    for name in owners:
        made = model.mechanism(name)
        for lever in dict.fromkeys((*made.levers, *made.announced)):
            by_lever.setdefault(lever, []).append(name)
    last = month_ends(month, 1)[0] - timedelta(1)
    days = [month + timedelta(n) for n in range(last.day)]
    out = []
    for lever, through in sorted(by_lever.items()):
        dims = law.book(lever).lever.dims
        cell = {axis: label for axis, label in where.items() if axis in dims}
        seen = {}
        for day in days:
            for row in law.on(day).explain(lever, **cell):
                seen.setdefault(_key(row), row)
        out += [{"lever": lever, "through": through, **_sourced(law, row)} for row in seen.values()]
    return out


def _sourced(law: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """The setting with title and address of its source, None where the document names none."""
    source = law[row["document"]].sources.get(row["source"]) if row["source"] else None
    told = source and {"id": row["source"], "title": source.title, "url": source.url}
    return {**row, "source": told}


def _key(row: Mapping[str, Any]) -> str:
    return repr(sorted((k, repr(v)) for k, v in row.items()))


def parameters_of(
    corridor: Any, posterior: Posterior, model: Model, owners: Iterable[str]
) -> list[dict[str, Any]]:
    """Parameters of the mechanisms, those that the counts moved most first.

    prior, posterior  median, lo90, hi90; of a parameter with axes, the means over them
    learned           share of the prior's variance that the counts took away, 0 for what they did not
                      speak of
    """
    constants = posterior.about.get("constants", {})
    through: dict[str, list[str]] = {}
    for name in owners:
        for parameter in model.mechanism(name).parameters:
            through.setdefault(parameter, []).append(name)
    out = []
    for name, users in through.items():
        prior = corridor.priors[name]
        working = np.array([-NORMAL_90, 0.0, NORMAL_90])
        before = [float(prior.value(prior.centre + prior.sd * z).mean()) for z in working]
        draws = prior.value(prior.centre[..., None] + prior.sd * posterior.z[name])
        after = np.quantile(draws.reshape(-1, posterior.draws).mean(0), [0.05, 0.5, 0.95])
        sd = constants.get(name, {}).get("sd")
        out.append({
            "parameter": name, "through": users, "unit": prior.unit, "dims": list(prior.dims),
            "prior": {"median": before[1], "lo90": before[0], "hi90": before[2]},
            "posterior": {
                "median": float(after[1]), "lo90": float(after[0]), "hi90": float(after[2])
            },
            "learned": 0.0 if sd is None else max(0.0, 1 - float(np.mean(sd)) ** 2),
            "assumed": prior.assumed, "source": prior.source,
        })  # fmt: skip
    return sorted(out, key=lambda row: -row["learned"])
