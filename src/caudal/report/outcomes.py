"""An outcome: which numbers of a run make one line of a table and one fan of the page.

The selection is data, so that a corridor can list its outcomes and the report needs no code of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from caudal.errors import CaudalError

PANELS: tuple[str, ...] = (
    "totals", "components", "units", "areas", "nationalities", "side", "stocks", "waiting",
)  # fmt: skip
"""Where the page puts an outcome. The last two are people in the model: no series."""

GROUPS: tuple[str, ...] = ("enforcement", "protection", "people", "institutions", "places")
"""Outcomes side by side: what stands together, in the order shown. None is called best."""

SUM = "sum"


@dataclass(frozen=True)
class Outcome:
    """One number a month, read from a run's Dataset.

    id        name of the outcome, e.g. `us.encounters.southwest`
    title_en, title_es  what a reader sees; no raw keys
    unit      key of the page's unit names (`strings.json`, `unit.*`): encounters, people …
    variable  name of the Dataset variable
    select    for every dimension but `member` and `month`: a coordinate, a sequence of
              coordinates (summed), or the word "sum" (all of them, summed)
    series    id of the published series that counts it; "" where nobody does
    panel     one of PANELS
    group     one of GROUPS, or "" for what does not stand side by side

    >>> Outcome("x", "X", "X", "people", "people", {"stock": ["a", "b"]}).panel
    'totals'
    """

    id: str
    title_en: str
    title_es: str
    unit: str
    variable: str
    select: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    series: str = ""
    panel: str = "totals"
    group: str = ""

    def __post_init__(self) -> None:
        if self.panel not in PANELS:
            raise CaudalError(
                f"outcome {self.id} field 'panel'", f"{self.panel!r}", ", ".join(PANELS)
            )
        if self.group and self.group not in GROUPS:
            raise CaudalError(
                f"outcome {self.id} field 'group'", f"{self.group!r}", ", ".join(GROUPS)
            )

    def draws(self, ds: xr.Dataset) -> np.ndarray:
        """Values of this outcome in a run: float64 [member, month], in the unit of the variable.

        A missing number anywhere in a sum makes the sum missing.
        Raises CaudalError for an unknown variable, dimension or coordinate, and for a dimension
        that the selection leaves open.
        """
        where = f"outcome {self.id}"
        if self.variable not in ds.data_vars:
            known = ", ".join(map(str, ds.data_vars))
            raise CaudalError(f"{where} field 'variable'", f"{self.variable!r}", known)
        array = ds[self.variable]
        free = [str(d) for d in array.dims if d not in ("member", "month")]
        if set(self.select) != set(free):
            found = f"selects {sorted(self.select)}"
            raise CaudalError(
                f"{where} field 'select'", found, f"each of the dimensions {sorted(free)}"
            )
        picks, summed = {}, []
        for dim, choice in self.select.items():
            if isinstance(choice, str) and choice == SUM:
                summed.append(dim)
                continue
            wanted = [choice] if isinstance(choice, str) else list(choice)
            known = [str(c) for c in array[dim].values]
            unknown = [c for c in wanted if c not in known]
            if unknown or not wanted:
                raise CaudalError(
                    f"{where} field 'select.{dim}'", f"{unknown or 'nothing'}", ", ".join(known)
                )
            picks[dim] = [known.index(c) for c in wanted]
            summed.append(dim)
        array = array.isel(picks)
        if summed:
            array = array.sum(summed, skipna=False, dtype=np.float64)
        return array.transpose("member", "month").values.astype(np.float64)
