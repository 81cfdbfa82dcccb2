"""The Strait of Vara: a small invented corridor, to show how one is added (docs/example-corridor.md).

People arrive at a transit camp, go on a waiting list, and are let in at a desk with a daily cap, or go
back home. Every place, number and document is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import xarray as xr

    from caudal.engine.graph import Model
    from caudal.engine.observation import Predictand
    from caudal.engine.priors import Prior
    from caudal.engine.simulate import Months
    from caudal.engine.weather import Process
    from caudal.policy.law import Law
    from caudal.policy.scenario import Scenario
    from strait.counts import Observed

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Strait:
    """The corridor as one object: what `caudal.compute.content.Corridor` asks for."""

    name: str = "strait-of-vara"
    begins: date = date(2020, 1, 1)
    reports_from: date = date(2020, 7, 1)
    announced_lead_days: int = 30
    folder: Path = HERE
    posterior: Path = HERE / "posterior" / "draws.npz"
    skill: Path = HERE / "skill"

    @property
    def address(self) -> str:
        """Its folder, as one would name it here."""
        here = Path.cwd()
        return str(self.folder.relative_to(here) if here in self.folder.parents else self.folder)

    @property
    def model(self) -> Model:
        """The checked graph of stocks and flows."""
        from strait.world import model

        return model()

    @cached_property
    def priors(self) -> Mapping[str, Prior]:
        """Parameters with prior and unit."""
        from caudal.engine.priors import load

        return load(HERE / "priors.yaml", {})

    @cached_property
    def law(self) -> Law:
        """What the port decided, document by document."""
        from caudal.policy import Law, LeverRegistry
        from strait.world import VOCABULARY

        levers = LeverRegistry.load(HERE / "levers.yaml", VOCABULARY)
        return Law.load(HERE / "policies", levers, VOCABULARY)

    def scenario(self, name: str) -> Scenario:
        """A scenario by name or file; CaudalError for an unknown or malformed one."""
        from caudal.policy.scenario import load_scenario

        return load_scenario(name, [HERE / "scenarios"])

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """How the weather moves: back to nought within a few months (invented)."""
        from caudal.engine.weather import Process

        return {"departure": Process(sd=0.1, revert=0.3, learn=0.0, start_sd=0.1)}

    def drivers(
        self, start: date, days: int, known: date | None, changes: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """The calendar is all that comes from outside; nothing of it can be changed."""
        import numpy as np
        import pandas as pd

        from caudal.errors import CaudalError

        for name in changes:
            raise CaudalError(f"scenario field 'drivers.{name}'", "unknown driver", "none")
        dates = pd.date_range(start, periods=days)
        return {"day_of_year": dates.day_of_year.to_numpy(np.float32)}

    def observed(self, start: date, end: date, known: date | None = None) -> Observed:
        """Counts laid out for learning."""
        from strait.counts import observed

        return observed(start, end, known, self.folder / "series")

    def blocks(self) -> Sequence[Any]:
        """What each count informs."""
        from strait.counts import blocks

        return blocks()

    def predictands(self) -> Sequence[Predictand]:
        """What is forecast."""
        from strait.counts import predictands

        return predictands()

    def targets(self) -> Sequence[Any]:
        """None: all is learned by the month."""
        return ()

    def stress(self) -> Sequence[Any]:
        """None."""
        return ()

    def learned(self) -> Sequence[str]:
        """Constants that counts may speak of: all."""
        return list(self.priors)

    @property
    def apart(self) -> tuple[str, int]:
        """Groups are learned one by one."""
        from strait.world import GROUPS

        return "group", len(GROUPS)

    @property
    def headlines(self) -> Sequence[Any]:
        """None published."""
        return ()

    @property
    def claims(self) -> Any:
        """Nobody claims anything about an invented place."""
        return None

    def dataset(self, months: Months, skip: int, members: np.ndarray) -> xr.Dataset:
        """A run's results as a Dataset."""
        from strait.results import dataset

        return dataset(self, months, skip, members)

    def outcomes(self) -> Sequence[Mapping[str, Any]]:
        """What tables and charts show."""
        from strait.results import outcomes

        return outcomes()

    def measures(self) -> Sequence[Mapping[str, Any]]:
        """What scenarios are compared in."""
        from strait.results import measures

        return measures()

    def counted(self, end: date, known: date | None = None) -> pd.DataFrame:
        """Counts beside the outcomes that they measure."""
        from strait.results import counted

        return counted(self, end, known)

    def labels(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """Names in English and Spanish of what policies and weather may be about, by axis."""
        from strait.world import GROUPS

        return {"group": GROUPS}

    def said(self) -> Mapping[str, Any]:
        """What a report says beside its numbers."""
        from strait.results import said

        return said()


@cache
def corridor() -> Strait:
    """The strait."""
    return Strait()
