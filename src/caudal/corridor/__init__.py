"""The US–Mexico corridor, assembled: all that is said about it, and nothing of how it is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import xarray as xr

    from caudal.corridor.claims import Shelf
    from caudal.corridor.headlines import Figure
    from caudal.corridor.observed import Observed
    from caudal.corridor.stress import Event
    from caudal.engine.graph import Model
    from caudal.engine.observation import Predictand
    from caudal.engine.priors import Prior
    from caudal.engine.simulate import Months
    from caudal.engine.weather import Process
    from caudal.policy.law import Law
    from caudal.policy.scenario import Scenario

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Corridor:
    """The corridor as one object, the only way in which the machinery meets it.

    The simulation begins half a year before the months that it reports, so that stocks are filled
    by the departures of 2017 and not by a guess.
    """

    name: str = "us-mexico"
    address: str = ""
    begins: date = date(2017, 7, 1)
    reports_from: date = date(2018, 1, 1)
    announced_lead_days: int = 30
    folder: Path = HERE
    posterior: Path = HERE / "posterior" / "draws.npz"
    skill: Path = HERE / "skill"

    def __reduce__(self) -> tuple[Any, ...]:
        """As its fields, for other processes: what is read from documents is read there.

        Those that are as shipped are not told: another node may keep its files elsewhere.
        """
        told = {f.name: getattr(self, f.name) for f in fields(self)}
        own = tuple((f.name, told[f.name]) for f in fields(self) if told[f.name] != f.default)
        return _again, (type(self), own)

    @property
    def model(self) -> Model:
        """The checked graph of stocks, flows, gates and signals."""
        from caudal.corridor.model import model

        return model()

    @cached_property
    def priors(self) -> Mapping[str, Prior]:
        """Parameters with prior, unit and source."""
        from caudal.corridor.baselines import derived
        from caudal.engine.priors import load

        return load(HERE / "priors", derived())

    @cached_property
    def vocabulary(self) -> Mapping[str, Sequence[str]]:
        """Axis names and labels that policies may speak of."""
        from caudal.corridor.policies import VOCABULARY

        return VOCABULARY

    @cached_property
    def law(self) -> Law:
        """What governments decided, document by document."""
        from caudal.corridor.policies import law

        return law()

    @cached_property
    def headlines(self) -> tuple[Figure, ...]:
        """Published figures, and what of a run speaks to them; see `headlines`."""
        from caudal.corridor.headlines import load

        return load(self.priors)

    @cached_property
    def claims(self) -> Shelf:
        """Ledgers of claims, and what their tests may name; see `claims`."""
        from caudal.corridor.claims import Shelf

        return Shelf()

    def scenario(self, name: str) -> Scenario:
        """A scenario by name or file; CaudalError for an unknown or malformed one."""
        from caudal.policy.scenario import load_scenario

        return load_scenario(name, [HERE / "scenarios"])

    @property
    def processes(self) -> Mapping[str, Process]:
        """How the weather moves."""
        from caudal.corridor.weather import PROCESSES

        return PROCESSES

    def drivers(
        self, start: date, days: int, known: date | None, changes: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """Driver arrays by day; see `drivers`."""
        from caudal.corridor.drivers import drivers

        return drivers(start, days, known, changes)

    def observed(self, start: date, end: date, known: date | None = None) -> Observed:
        """Counts laid out for learning; see `observed`."""
        from caudal.corridor.observed import observed

        return observed(start, end, known)

    def blocks(self) -> Sequence[Any]:
        """What each count informs; see `informs`."""
        from caudal.corridor.informs import blocks

        return blocks()

    def predictands(self) -> Sequence[Predictand]:
        """What is forecast; see `predictands`."""
        from caudal.corridor.predictands import predictands

        return predictands()

    def targets(self) -> Sequence[Any]:
        """Series that bear on constants directly; see `targets`."""
        from caudal.corridor.targets import targets

        return targets(self.begins)

    def stress(self) -> tuple[Event, ...]:
        """Turns of policy on which forecasts are tested; see `stress`."""
        from caudal.corridor.stress import load

        return load(self.law)

    def learned(self) -> Sequence[str]:
        """Constants that counts may speak of; see `informs`."""
        from caudal.corridor.informs import SILENT_OF

        return [name for name, p in self.priors.items() if p.mechanism not in SILENT_OF]

    @property
    def apart(self) -> tuple[str, int]:
        """The axis whose values are learned cell by cell, and how many there are."""
        from caudal.corridor.world import NATIONALITIES

        return "nationality", len(NATIONALITIES)

    def dataset(self, months: Months, skip: int, members: np.ndarray) -> xr.Dataset:
        """A run's results as a Dataset; see `observables`."""
        from caudal.corridor.observables import dataset

        return dataset(self, months, skip, members)

    def outcomes(self) -> Sequence[Mapping[str, Any]]:
        """What tables and charts show; see `observables`."""
        from caudal.corridor.observables import OUTCOMES

        return OUTCOMES

    def measures(self) -> Sequence[Mapping[str, Any]]:
        """What scenarios are compared in; see `compared`."""
        from caudal.corridor.compared import compared

        return compared()

    def counted(self, end: date, known: date | None = None) -> pd.DataFrame:
        """Published counts beside the outcomes that they measure; see `observables`."""
        from caudal.corridor.observables import observed_long

        return observed_long(self, end, known)

    def labels(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """Names in English and Spanish along the axes of policies and weather; see `policies`."""
        from caudal.corridor.policies import labels
        from caudal.corridor.world import AREA_NAMES

        named = labels()
        axes = {
            axis: {value: named[axis][value] for value in values}
            for axis, values in self.vocabulary.items()
        }
        return {**axes, "area": AREA_NAMES}

    def said(self) -> Mapping[str, Any]:
        """What a report says beside its numbers; see `limits`."""
        from caudal.corridor.limits import said

        return said()


@cache
def corridor() -> Corridor:
    """The one corridor of this package."""
    return Corridor()


@cache
def _again(kind: type[Corridor], own: tuple[tuple[str, Any], ...]) -> Corridor:
    """The corridor of some fields, one to a process, which reads its documents once."""
    return kind(**dict(own))
