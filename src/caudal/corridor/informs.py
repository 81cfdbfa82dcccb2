"""What each published count informs: the likelihood, block by block.

Counts are compared as logs of the count plus a few people, so that a small nationality's zero is
not minus infinity; their errors stand in `errors.py`. A series that is a part of another (children
apprehended, appointments, expulsions by nationality) or has no weather of its own is not taken in;
`docs/observation.md` lists them with the reason.
"""

from __future__ import annotations

import numpy as np

from caudal.corridor.errors import ERRORS, FEW, log_error, odds_error
from caudal.corridor.groups import unfold
from caudal.corridor.world import NATIONALITIES, SECTORS, UNITS
from caudal.engine.observation import Arrays, Block

FLOOR = 0.04
"""Floor of a total's log: months differ in length and their counts are revised. Assumed."""
TIMING = ERRORS["nationality_unit"].floor
"""Floor for counts by nationality: journeys do not take just the days that the model gives them."""
LAND = len(SECTORS)
REGISTERED_IN_HONDURAS = np.isin(
    NATIONALITIES, ("CUB", "HTI", "VEN", "COL", "ECU", "PER", "BRA", "IND", "CHN", "OOO")
)
"""Of whom Honduras registers hundreds. Neighbours pass unregistered; the rest fly past it, and as the
model's routes are assumed for them, zeros would be laid to those who set out."""


def blocks() -> list[Block]:
    """Every block, in the order in which a month's counts are taken in."""
    return [
        Block("returns", _returns_run, _returns_seen, {"return_share": 1}),
        Block("title42", _title42_run, _title42_seen, {"title42": 3}),
        Block("mpp", _mpp_run, _mpp_seen, {"mpp": 1}),
        Block("ports", _ports_run, _ports_seen, {"exceptions": 1}),
        Block("nationality", _nation_run, _nation_seen,
              {"departure": 1, "unit": 3, "stop": 1, "route": 1, "port": 1},
              shared={"effort": 1, "exceptions": 1}),
        Block("units", _units_run, _units_seen, {"unit": 66}),
        Block("areas", _areas_run, _areas_seen, {"area": 13}),
        Block("unseen", _unseen_run, _unseen_seen, {"detection": 1}),
        Block("care", _care_run, _care_seen, {"discharge": 1}),
    ]  # fmt: skip


SILENT_OF = ("harm", "costs", "politics")
"""Mechanisms of whose constants no count of movement speaks: they move nobody (`model ablate`)."""


def _log(x: np.ndarray) -> np.ndarray:
    return np.log(x + FEW)


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
            _log(ports.sum(1)),
            _log(land.sum(1)),
            _log(stopped),
            _log(_by_group(t["darien_crossings"]).sum(1)),
            _log(_by_group(t["honduras_entries"]).sum(1)),
        ],
        1,
    )


def _nation_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    both, land = o["nationality_unit"], o["land_nationality"]
    # once units are counted, the total between ports is their sum less the ports and adds nothing
    land = np.where(np.isnan(both).any(), land, np.nan)
    value = np.stack(
        [
            *_log(both).T,
            _log(o["port_nationality"]),
            _log(land),
            _log(o["mexican_events"]),
            _log(o["darien"]),
            _log(o["honduras"]),
        ],
        1,
    )
    error = np.stack(
        [
            *log_error("nationality_unit", both).T,
            log_error("port_nationality", o["port_nationality"]),
            log_error("land_nationality", land),
            *(log_error(name, o[name]) for name in ("mexican_events", "darien", "honduras")),
        ],
        1,
    )
    # no Mexicans in Mexican custody, nobody of the north of Central America in the Darién
    value[0, -3] = np.nan
    value[:5, -2] = np.nan
    value[~REGISTERED_IN_HONDURAS, -1] = np.nan
    return value, error


def _units_run(t: Arrays) -> np.ndarray:
    return _log(encounters_by_unit(t))[None]


def _units_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    unit = o["unit"] if np.isnan(o["nationality_unit"]).any() else np.full(len(UNITS), np.nan)
    return _log(unit)[None], log_error("unit", unit)[None]


def _ports_run(t: Arrays) -> np.ndarray:
    return _log(t["encounters_ports"].sum((0, 1)))[None, None]


def _ports_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Until ports are counted by nationality (October 2019), whose sum is the total."""
    alone = np.isnan(o["port_nationality"]).any()
    seen = np.array([[o["area"][LAND:].sum() if alone else np.nan]])
    return _log(seen), log_error("port_total", seen)


def _areas_run(t: Arrays) -> np.ndarray:
    land, ports = t["encounters_land"].sum(1), t["encounters_ports"].sum(1)
    return np.concatenate([_log(land) - _log(land.sum(0)), _log(ports) - _log(ports.sum(0))])[None]


def _areas_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    land, ports = o["area"][:LAND], o["area"][LAND:]
    value = np.concatenate([_log(land) - _log(land.sum()), _log(ports) - _log(ports.sum())])
    return value[None], log_error("area", o["area"])[None]


def _odds(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.log((part + FEW) / (np.maximum(whole - part, 0.0) + FEW))


def _returns_run(t: Arrays) -> np.ndarray:
    sums = t["mexican_returns"].sum((0, 1)), t["mexican_events"].sum((0, 1))
    return _odds(*sums)[None, None]


def _returns_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    value = _odds(o["mexican_returns"], o["mexican_events"].sum())
    error = odds_error("mexican_returns", o["mexican_returns"], o["mexican_events"].sum())
    return np.array([[value]]), np.array([[error]])


def _title42_run(t: Arrays) -> np.ndarray:
    land, _ = _encounters(t)
    return _odds(_by_group(t["expulsions"]).sum(0), land.sum(0))[None]


def _title42_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Of Border Patrol encounters: the model expels nobody from a port of entry."""
    part, whole = o["land_expelled_unit"], o["land_unit"]
    value = np.where(np.nan_to_num(part) < 100, np.nan, _odds(part, whole))
    return value[None], odds_error("land_expelled_unit", part, whole)[None]


def _mpp_run(t: Arrays) -> np.ndarray:
    return _log(t["mpp_returns"].sum((0, 1)))[None, None]


def _mpp_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    seen = np.array([[o["mpp"]]])
    return _log(seen), log_error("mpp", seen)


def _unseen_run(t: Arrays) -> np.ndarray:
    return _log(t["unseen"].sum((0, 1)))[None, None]


def _unseen_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    seen = np.array([[o["gotaways"]]])
    return _log(seen), log_error("gotaways", seen)


def _care_run(t: Arrays) -> np.ndarray:
    return _log(t["children_in_care"].sum((0, 1)))[None, None]


def _care_seen(o: Arrays) -> tuple[np.ndarray, np.ndarray]:
    seen = np.array([[o["in_care"]]])
    return _log(seen), log_error("in_care", seen)
