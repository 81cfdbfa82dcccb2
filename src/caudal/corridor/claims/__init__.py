"""Who said what of this corridor: the ledgers (`*.yaml`), and what their tests may name.

How a ledger is written and judged stands in docs/claims.md; the machinery is `caudal.ask.claims`.
Here is what only the corridor knows: which columns of its series hold values that overlap, so that
their rows must not be added up, and the variables of a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent

REMAINDERS: Mapping[str, tuple[str, ...]] = {
    "us.encounters.area": ("area", "nationality"),
    "gt.returns": ("returned_from",),
    "iom.deaths": ("zone",),
}
"""Columns in which a blank is what was not broken down, a part like the others. In all other series a
blank is a total, or another breakdown of the same."""

OVERLAPS: Mapping[str, tuple[str, ...]] = {
    "asylum.americas.annual": ("counted_in",),
    "driver.homicide": ("country",),
    "driver.mx_remittances": ("flow",),
    "driver.wdi": ("country", "indicator"),
    "us.bookouts": ("outcome",),
    "us.bookouts.annual": ("outcome",),
    "us.chnv": ("stage",),
    "us.cities.nyc": ("report",),
    "us.credible_fear": ("region", "stage"),
    "us.encounters.ohss": ("table",),
    "us.encounters.ohss.usbp": ("margin",),
    "us.repatriations": ("kind",),
}
"""Columns of which a quantity must name the value: their values are no parts of one sum."""


def _variables() -> dict[str, tuple[str, ...]]:
    from caudal.corridor.variables import VARIABLES

    return {name: tuple(about.dims) for name, about in VARIABLES.items()}


def _labels() -> dict[str, list[str]]:
    from caudal.corridor.observables import coordinates

    return coordinates()


@dataclass(frozen=True)
class Shelf:
    """The shipped ledgers, and what tests of this corridor may name.

    folder      of the ledgers
    remainders, overlaps   columns by series, as above
    variables   of a run: name → dimensions; labels: dimension → its labels
    """

    folder: Path = FOLDER
    remainders: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: REMAINDERS)
    overlaps: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: OVERLAPS)
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=_variables)
    labels: Mapping[str, Sequence[str]] = field(default_factory=_labels)
