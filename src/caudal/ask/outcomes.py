"""Outcomes by name: what sensitivity and search read of a run, one number for each member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import xarray as xr

from caudal.ask.quantities import quantity
from caudal.errors import CaudalError
from caudal.policy.marks import nearest

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One outcome over a period.

    en, es, unit  for readers; expression: as `ask.quantities.quantity` reads it
    """

    id: str
    en: str
    es: str
    unit: str
    expression: Mapping[str, Any]

    def of(self, ds: xr.Dataset, period: tuple[date, date]) -> np.ndarray:
        """Its value for each member, float64 (member,).

        Raises CaudalError where it is not a number: no indices and no frontier stand on that.
        """
        values = quantity(self.expression, period, ds, f"outcome {self.id}")
        if not np.isfinite(values).all():
            found = f"no number in {int((~np.isfinite(values)).sum())} of {len(values)} runs"
            raise CaudalError(f"outcome {self.id}", found, "another outcome, or other months")
        return values


def pick(option: str, names: Sequence[str], known: Sequence[Fields]) -> list[Outcome]:
    """The outcomes of these names, each once.

    known  fields of every outcome: id, en, es, unit_en, over (how months are taken together),
           variable, select (for each dimension labels, or the word sum or mean)

    A name is an id, or a variable of the Dataset that some outcome reads whole: `encounters` is
    `us.encounters.southwest`. Raises CaudalError for an unknown name or one given twice.
    """
    ids = {str(fields["id"]): fields for fields in known}
    for fields in known:
        if all(choice in ("sum", "mean") for choice in fields["select"].values()):
            ids.setdefault(fields["variable"], fields)
    out: list[Outcome] = []
    for name in names:
        if name not in ids:
            raise CaudalError(option, f"unknown outcome '{name}'", nearest(name, ids))
        made = _outcome(ids[name])
        if made in out:
            raise CaudalError(option, f"'{name}' is given twice", "each outcome once")
        out.append(made)
    if not out:
        raise CaudalError(option, "no outcome", "one or more, as encounters,harm.deaths")
    return out


def _outcome(fields: Fields) -> Outcome:
    select = fields["select"]
    words = {
        dim: [choice] if isinstance(choice, str) else list(choice)
        for dim, choice in select.items()
        if choice not in ("sum", "mean")
    }
    across = "mean" if "mean" in [c for c in select.values() if isinstance(c, str)] else "sum"
    expression = {
        "of": fields["variable"], "where": words, "across": across, "reduce": fields["over"],
    }  # fmt: skip
    return Outcome(fields["id"], fields["en"], fields["es"], fields["unit_en"], expression)


def listed(text: str) -> list[str]:
    """Names between commas.

    >>> listed("a, b,c")
    ['a', 'b', 'c']
    """
    return [word.strip() for word in text.split(",") if word.strip()]
