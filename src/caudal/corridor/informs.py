"""What each published count informs: the likelihood, block by block.

Counts are compared as logs of the count plus a few people, so that a small nationality's zero is
not minus infinity. The error of such a log has a floor (counts are revised, months differ in
length) and grows as counts get small.
"""

from __future__ import annotations

import numpy as np

from caudal.corridor.groups import unfold
from caudal.corridor.world import SECTORS, UNITS
from caudal.engine.observation import Arrays, Block

FEW = 10.0
FLOOR = 0.04
"""Assumed, as are the errors written into the blocks below: no publisher states an error."""
TIMING = 0.08
"""Floor for counts by nationality: journeys do not take just the days that the model gives them."""
LAND = len(SECTORS)


def blocks() -> list[Block]:
    """Every block, in the order in which a month's counts are taken in."""
    return [
        Block("effort", _effort_run, _effort_seen, {"effort": 1}),
        Block("returns", _returns_run, _returns_seen, {"return_share": 1}),
        Block("title42", _title42_run, _title42_seen, {"title42": 3}),
        Block("mpp", _mpp_run, _mpp_seen, {"mpp": 1}),
        Block("ports", _ports_run, _ports_seen, {"exceptions": 1}),
        Block("nationality", _nation_run, _nation_seen,
              {"departure": 1, "unit": 3, "stop": 1, "route": 1, "port": 1}),
        Block("units", _units_run, _units_seen, {"unit": 66}),
        Block("areas", _areas_run, _areas_seen, {"area": 13}),
        Block("unseen", _unseen_run, _unseen_seen, {"detection": 1}),
        Block("care", _care_run, _care_seen, {"discharge": 1}),
    ]  # fmt: skip


SILENT_OF = ("harm", "costs", "politics")
"""Mechanisms of whose constants no count of movement speaks: they move nobody (`model ablate`)."""


def _log(x: np.ndarray) -> np.ndarray:
    return np.log(x + FEW)


def _error(x: np.ndarray, floor: np.ndarray | float = FLOOR) -> np.ndarray:
    return np.sqrt(floor**2 + 2.0 / (x + FEW))


def _by_group(tally: np.ndarray) -> np.ndarray:
    """(place, 66, member) → (22, 3, member), places summed."""
    return np.moveaxis(unfold(np.moveaxis(tally.sum(0), 0, -1)), 0, -1)


def _encounters(t: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Encounters between ports and at ports, each (22, 3, member)."""
    return _by_group(t["encounters_land"]), _by_group(t["encounters_ports"])


def encounters_by_nationality(t: Arrays) -> np.ndarray:
    """Encounters of a month between and at ports, (22, member)."""
    land, ports = _encounters(t)
    return (land + ports).sum(1)


def encounters_by_unit(t: Arrays) -> np.ndarray:
    """Encounters of a month between and at ports, (3, member)."""
    land, ports = _encounters(t)
    return (land + ports).sum(0)


def _nation_run(t: Arrays) -> np.ndarray:
    land, ports = _encounters(t)
    stopped = _by_group(t["mexican_events"]).sum(1)
    return np.stack(
        [
            *_log(land + ports).swapaxes(0, 1),
            _share(ports.sum(1)),
            _log(land.sum(1)),
            _share(stopped),
            _log(_by_group(t["darien_crossings"]).sum(1)),
        ],
        1,
    )


def _share(by_nation: np.ndarray) -> np.ndarray:
    """Log share in the total: the total has a block of its own, and is not learned from twice."""
    return _log(by_nation) - _log(by_nation.sum(0))


def _nation_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    both, land = o["nationality_unit"], o["land_nationality"]
    # once units are counted, the total between ports is their sum less the ports and adds nothing
    land = np.where(np.isnan(both).any(), land, np.nan)
    count = np.stack([*both.T, o["port_nationality"], land, o["mexican_events"], o["darien"]], 1)
    value = np.stack(
        [
            *_log(both).T,
            _share(o["port_nationality"]),
            _log(land),
            _share(o["mexican_events"]),
            _log(o["darien"]),
        ],
        1,
    )
    floor = np.full(count.shape[1], TIMING)
    floor[-2:] = 0.12
    # no Mexicans in Mexican custody, nobody of the north of Central America in the Darién
    value[0, -2] = np.nan
    value[:5, -1] = np.nan
    return value, _error(np.nan_to_num(count), floor)


def _units_run(t: Arrays) -> np.ndarray:
    return _log(encounters_by_unit(t))[None]


def _units_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    unit = o["unit"] if np.isnan(o["nationality_unit"]).any() else np.full(len(UNITS), np.nan)
    return _log(unit)[None], _error(np.nan_to_num(unit))[None]


def _ports_run(t: Arrays) -> np.ndarray:
    return _log(t["encounters_ports"].sum((0, 1)))[None, None]


def _ports_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    return _log(np.array([[o["area"][LAND:].sum()]])), np.array([[FLOOR]])


def _areas_run(t: Arrays) -> np.ndarray:
    land, ports = t["encounters_land"].sum(1), t["encounters_ports"].sum(1)
    return np.concatenate([_log(land) - _log(land.sum(0)), _log(ports) - _log(ports.sum(0))])[None]


def _areas_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    land, ports = o["area"][:LAND], o["area"][LAND:]
    value = np.concatenate([_log(land) - _log(land.sum()), _log(ports) - _log(ports.sum())])
    return value[None], _error(np.nan_to_num(o["area"]))[None]


def _effort_run(t: Arrays) -> np.ndarray:
    return _log(t["mexican_events"].sum((0, 1)))[None, None]


def _effort_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    return _log(np.array([[o["mexican_events"].sum()]])), np.array([[0.08]])


def _odds(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.log((part + FEW) / (np.maximum(whole - part, 0.0) + FEW))


def _returns_run(t: Arrays) -> np.ndarray:
    sums = t["mexican_returns"].sum((0, 1)), t["mexican_events"].sum((0, 1))
    return _odds(*sums)[None, None]


def _returns_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    value = _odds(o["mexican_returns"], o["mexican_events"].sum())
    return np.array([[value]]), np.array([[0.2]])


def _title42_run(t: Arrays) -> np.ndarray:
    land, ports = _encounters(t)
    return _odds(_by_group(t["expulsions"]).sum(0), (land + ports).sum(0))[None]


def _title42_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    value = _odds(o["expelled_unit"], o["unit"])
    few = np.nan_to_num(o["expelled_unit"]) < 100
    return np.where(few, np.nan, value)[None], np.full((1, len(UNITS)), 0.1)


def _mpp_run(t: Arrays) -> np.ndarray:
    return _log(t["mpp_returns"].sum((0, 1)))[None, None]


def _mpp_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    return _log(np.array([[o["mpp"]]])), np.array([[0.1]])


def _unseen_run(t: Arrays) -> np.ndarray:
    return _log(t["unseen"].sum((0, 1)))[None, None]


def _unseen_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    return _log(np.array([[o["gotaways"]]])), np.array([[0.1]])


def _care_run(t: Arrays) -> np.ndarray:
    return _log(t["children_in_care"].sum((0, 1)))[None, None]


def _care_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    return _log(np.array([[o["in_care"]]])), np.array([[0.05]])
