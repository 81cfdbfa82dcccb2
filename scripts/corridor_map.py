"""People by way and place of the map, from the shipped draws: src/caudal/corridor/posterior/map.zip."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from caudal.ask.movements import movements, write
from caudal.corridor.atlas import Mapped, atlas, everyone
from caudal.corridor.world import NATIONALITIES

OUT = Path(__file__).parent.parent / "src/caudal/corridor/posterior/map.zip"


def main() -> None:
    """Run the history and its horizon, and keep the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--members", type=int, default=96)
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    here: Any = Mapped()
    found = movements(here, atlas(), everyone(), members=given.members)
    write(found, given.out, coarse=NATIONALITIES)
    size = given.out.stat().st_size
    print(f"{given.out}: {len(found.items)} items, {len(found.months)} months, {size:,} bytes")


if __name__ == "__main__":
    main()
