"""What the machinery needs to know of a corridor: one object, by protocol.

`compute`, `learn`, `forecast`, `ask` and `report` are handed a Corridor and never import one, so a
second corridor is content and not a fork.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from caudal.engine.graph import Model
from caudal.engine.priors import Prior
from caudal.engine.simulate import Months
from caudal.engine.weather import Process
from caudal.policy.scenario import Scenario


class Corridor(Protocol):
    """A corridor: its model, its law, its parameters, what was counted, and how to read a run.

    folder    its own code and documents, and `series/`, the tables that it carries
    begins    first day of the simulation; results are reported from `reports_from`
    processes how each weather moves
    posterior file of the learned draws, shipped with the corridor
    """

    @property
    def name(self) -> str:
        """Short name."""
        ...

    @property
    def address(self) -> str:
        """What `caudal --corridor` takes to mean it, for recipes; empty for the package's own."""
        ...

    @property
    def folder(self) -> Path:
        """Where its code, documents and tables (`series/`) stand; results are stamped with them."""
        ...

    @property
    def begins(self) -> date:
        """First day of the simulation."""
        ...

    @property
    def reports_from(self) -> date:
        """First day of the results."""
        ...

    @property
    def announced_lead_days(self) -> int:
        """How far ahead people look at rules that are announced."""
        ...

    @property
    def posterior(self) -> Path:
        """File of the learned draws."""
        ...

    @property
    def model(self) -> Model:
        """The checked graph."""
        ...

    @property
    def priors(self) -> Mapping[str, Prior]:
        """Parameters by name."""
        ...

    @property
    def law(self) -> Any:
        """The law as it was decided (`caudal.policy.law.Law`)."""
        ...

    def scenario(self, name: str) -> Scenario:
        """A scenario by name or file; CaudalError for an unknown or malformed one."""
        ...

    @property
    def headlines(self) -> Sequence[Any]:
        """Published figures, and what of a run speaks to them (`caudal.ask.headlines.Figure`)."""
        ...

    @property
    def claims(self) -> Any:
        """Ledgers of claims, and what their tests may name (`caudal.ask.claims_names.Shelf`)."""
        ...

    @property
    def processes(self) -> Mapping[str, Process]:
        """Weather processes by name."""
        ...

    def drivers(
        self, start: date, days: int, known: date | None, changes: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """Driver arrays by day, as known on a day, with a scenario's changes."""
        ...

    def observed(self, start: date, end: date, known: date | None = None) -> Any:
        """Counts laid out for learning: an object with

        arrays        (month, …) by name, NaN where not counted; leads: name of the one whose months
                      are taken in
        logs()        what adaptive weather takes its spread from, (month, cell)
        last(name)    number of the last month with a count; until(months): the first months only
        """
        ...

    def blocks(self) -> Sequence[Any]:
        """What each count informs (`caudal.learn.smoother.Block`)."""
        ...

    def predictands(self) -> Sequence[Any]:
        """What is forecast (`caudal.engine.observation.Predictand`), the total first."""
        ...

    def targets(self) -> Sequence[Any]:
        """Series that bear on constants directly (`caudal.engine.observation.Target`)."""
        ...

    def stress(self) -> Sequence[Any]:
        """Turns of policy on which forecasts are tested (`caudal.forecast.stress.Event`)."""
        ...

    def learned(self) -> Sequence[str]:
        """Names of the constants that counts may speak of; the others keep their priors."""
        ...

    @property
    def apart(self) -> tuple[str, int]:
        """The axis whose values are learned cell by cell, and how many there are."""
        ...

    def dataset(self, months: Months, skip: int, members: np.ndarray) -> xr.Dataset:
        """Named, unit-carrying variables of months of a run, without the first `skip` of them.

        months.first counts from `begins`. Of months after the first reported one, `people` of final
        stocks holds in the first of them all who have ended since `reports_from`.
        """
        ...

    def outcomes(self) -> Sequence[Mapping[str, Any]]:
        """What tables and charts show, as fields of a `caudal.report.Outcome`, in their order."""
        ...

    def measures(self) -> Sequence[Mapping[str, Any]]:
        """What scenarios are compared in, as fields of a `caudal.ask.compared.Measure`."""
        ...

    def counted(self, end: date, known: date | None = None) -> pd.DataFrame:
        """Counts before `end` beside the outcomes that they measure: outcome, month, observed."""
        ...

    def labels(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """Axis → label → its names in English and Spanish: what policies and weather are about."""
        ...

    def said(self) -> Mapping[str, Any]:
        """What a report says beside its numbers, in both languages.

        title; limits: what the numbers cannot say; actors: name by actor of the documents (English
        and Spanish); names: of the labels; spanish: English text of a series → Spanish
        """
        ...
