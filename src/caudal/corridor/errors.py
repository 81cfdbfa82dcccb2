"""What is known of the error of each count that the model learns from.

    variance of log(count + FEW) = floor² + (DISPERSION × (count + FEW) + rounding² / 12 + revision²)
                                   / (count + FEW)²
    variance of log odds         = floor² + DISPERSION × (1 / (part + FEW) + 1 / (rest + FEW))

Rounding to a multiple r adds r² / 12 (uniform error). Revisions are measured where the package holds
two editions, or two publications, of the same months; `tests/known_answer/test_errors.py` measures
them again. No publisher states how far a count errs beyond that, and the model errs more than the
counts do: the floor is mostly the model's own fault, and assumed, with an eye on what smoothing left
over of the months before October 2021 (`docs/observation.md`). How late a count is published stands
in its series' provenance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caudal.corridor.observed import SERIES_OF
from caudal.data.store import provenance

FEW = 10.0
"""People added before a log, so that a small nationality's zero is not minus infinity."""
DISPERSION = 2.0
"""Variance of a count by its mean, beyond the floor: people travel in twos and threes. Assumed."""


@dataclass(frozen=True)
class Error:
    """Error of one array of `observed`.

    floor      sd of the log, or of the log odds, however many are counted
    rounding   the publisher rounds to multiples of this many people; 0: it does not
    revision   rms change of a cell's month between publications, in people; 0: none was seen
    why        what floor and revision rest on
    of         the array, where the count has another name than it
    """

    floor: float
    why: str
    rounding: float = 0.0
    revision: float = 0.0
    of: str = ""


AGAIN = "CBP's publications of the same months (area, state): 97 cells in a hundred are equal"
ERRORS: dict[str, Error] = {
    "nationality_unit": Error(0.08, f"journeys do not take just the model's days; {AGAIN}", 0, 0.3),
    "port_nationality": Error(
        0.09, f"0.08 as nationality_unit, 0.04 as the total, in squares; {AGAIN}", 0, 0.3
    ),
    "land_nationality": Error(
        0.08, "as nationality_unit; editions of August and November 2024 (OHSS)", 10, 3.3
    ),
    "unit": Error(0.04, f"months differ in length; {AGAIN}", 0, 0.9),
    "area": Error(0.04, "as unit; no revision seen (CBP, Border Patrol)"),
    "port_total": Error(0.04, "as unit; no revision seen (CBP); until October 2019", of="area"),
    "land_expelled_unit": Error(0.15, "a unit's rule is one number in the model; CBP", 0, 0.9),
    "mexican_events": Error(
        0.14, "who is stopped where, 0.12, and one effort for a whole country, 0.08, in squares; "
        "sums by sex and age differ by 0.5 %"),
    "mexican_returns": Error(
        0.30, "those returned were stopped weeks before; the model knows no types of return"
    ),
    "darien": Error(
        0.20, "Chilean and Brazilian children of Haitians count as such; many rest for months on "
        "the way, which the model does not know by nationality"),
    "honduras": Error(0.40, "registered only: half to double those who crossed the Darién"),
    "gotaways": Error(0.15, "known by cameras and tracks, a changing part"),
    "mpp": Error(0.15, "by month of encounter, the model's by month of return", 10),
    "in_care": Error(0.05, "a mean of reported days, all children together"),
}  # fmt: skip
"""Array → its error. Floors are assumed."""


def log_error(name: str, count: np.ndarray | float) -> np.ndarray:
    """Sd of log(count + FEW), in the shape of `count`; of a missing count, as of none."""
    e, x = ERRORS[name], np.nan_to_num(np.asarray(count, np.float64)) + FEW
    return np.sqrt(e.floor**2 + (DISPERSION * x + e.rounding**2 / 12 + e.revision**2) / x**2)


def odds_error(name: str, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Sd of log((part + FEW) / (whole − part + FEW)), in the shape of `part`."""
    part, whole = np.nan_to_num(part), np.nan_to_num(whole)
    rest = np.maximum(whole - part, 0.0)
    counting = DISPERSION * (1 / (part + FEW) + 1 / (rest + FEW))
    return np.sqrt(ERRORS[name].floor ** 2 + counting)


def table() -> str:
    """The errors as docs/observation.md shows them, in Markdown."""
    lines = [
        "| array | series | out after | floor | rounded to | revised by | rests on |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, e in ERRORS.items():
        series = SERIES_OF[e.of or name]
        days = provenance(series).delay_days
        rounding, revision = (f"{x:g}" if x else "–" for x in (e.rounding, e.revision))
        lines.append(
            f"| `{name}` | `{series}` | {days} days | {e.floor:.2f} | {rounding} | {revision} | "
            f"{e.why} |"
        )
    return "\n".join(lines)
