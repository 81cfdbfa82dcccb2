"""A corridor at the end of 2019: made-up draws that end there, counts as they were out on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from caudal.compute.posterior import save
from caudal.corridor import Corridor
from caudal.corridor.observed import Observed
from run_worlds import made_up

MONTHS = 30
"""July 2017 to December 2019."""
ORIGIN = MONTHS - 1


@dataclass(frozen=True)
class Early(Corridor):
    """The corridor as read on a day: encounters of the month before are out, Mexico's are not."""

    read_on: date = date(2020, 1, 25)

    def observed(self, start: date, end: date, known: date | None = None) -> Observed:
        """Counts as published by the day of reading."""
        return super().observed(start, end, known or self.read_on)


def early(folder: Path) -> Early:
    """That corridor, its draws stored in `folder`."""
    path = folder / "draws.npz"
    save(made_up(draws=3, months=MONTHS), path)
    return Early(posterior=path)
