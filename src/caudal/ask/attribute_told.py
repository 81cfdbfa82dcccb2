"""How an attribution is told: rows that sum to the published change, and a Dataset of its draws.

The figure of a row is the mean over draws, because means sum as draws do; medians need not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from caudal.ask.attribute import Attribution, told

KINDS = ("underway", "rest", "factor", "misfit", "change")
"""Kinds of rows, in their order; `change` is what the others sum to."""
COLUMNS = ("id", "kind", "name", "name_es", "mean", "median", "lo50", "hi50", "lo90", "hi90",
           "share", "first_in", "last_in", "error", "sampling_error")  # fmt: skip
WORDS = {
    "underway": ("Already under way", "Ya en curso"),
    "rest": ("Everything else that moved", "Todo lo demás que se movió"),
    "misfit": ("Misfit: counted less modelled", "Desajuste: registrado menos modelado"),
    "change": ("Change that was counted", "Cambio registrado"),
    "modelled": (
        "Change of the model (nobody publishes it)",
        "Cambio del modelo (nadie lo publica)",
    ),
}


@dataclass(frozen=True)
class Part:
    """One part of the change by draw, (member,); first and last in only for a factor."""

    id: str
    kind: str
    name: str
    name_es: str
    people: np.ndarray
    first_in: np.ndarray | None = None
    last_in: np.ndarray | None = None
    sampling_error: float = 0.0


def parts(found: Attribution) -> list[Part]:
    """Every part, in the order of KINDS; the last one is what they sum to."""
    out = list(_parts(found))
    whole = found.modelled
    words = WORDS["modelled"]
    if found.counted is not None:
        words = WORDS["change"]
        whole = np.full_like(whole, found.counted[1] - found.counted[0])
    return [*out, Part("change", "change", *words, whole)]


def _parts(found: Attribution) -> Iterator[Part]:
    yield Part("under-way", "underway", *WORDS["underway"], found.underway)
    yield Part("everything-else", "rest", *WORDS["rest"], found.rest)
    shares = found.shares
    for i, player in enumerate(found.asked.players):
        yield Part(
            player.id, "factor", player.en, player.es, shares.value[i], shares.first_in[i],
            shares.last_in[i], float(shares.error[i]),
        )  # fmt: skip
    if found.misfit is not None:
        yield Part("misfit", "misfit", *WORDS["misfit"], found.misfit)


def rows(found: Attribution) -> list[dict[str, Any]]:
    """One row a part, as COLUMNS.

    mean, median, lo…, hi…  of the draws, in the outcome's unit per month
    share     mean over the whole change, in percent
    first_in, last_in  means: what the factor adds alone, and what it adds last
    error     standard error of the mean over draws; sampling_error: that of sampled orders
    """
    told_parts = parts(found)
    whole = float(told_parts[-1].people.mean())
    return [_row(part, whole) for part in told_parts]


def _row(part: Part, whole: float) -> dict[str, Any]:
    people = part.people
    mean = float(people.mean())
    lo90, lo50, median, hi50, hi90 = np.quantile(people, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
    return {
        "id": part.id, "kind": part.kind, "name": part.name, "name_es": part.name_es,
        "mean": mean, "median": median, "lo50": lo50, "hi50": hi50, "lo90": lo90, "hi90": hi90,
        "share": 100 * mean / whole if whole else None,
        "first_in": None if part.first_in is None else float(part.first_in.mean()),
        "last_in": None if part.last_in is None else float(part.last_in.mean()),
        "error": float(people.std(ddof=1) / np.sqrt(len(people))),
        "sampling_error": part.sampling_error,
    }  # fmt: skip


def about(found: Attribution, recipe: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What was asked, how it was run, and both ends of the change."""
    asked = found.asked
    before, after = found.counted or (None, None)
    return {
        "outcome": asked.outcome.id,
        "from": told(*asked.first),
        "to": told(*asked.last),
        "counted_from": before,
        "counted_to": after,
        "modelled_from": float(found.before.mean()),
        "modelled_to": float(found.after.mean()),
        "members": len(found.before),
        "runs": found.runs,
        "method": "exact" if found.exact else "sampled",
        "recipe_command": recipe[0],
        "recipe_python": recipe[1],
        **more,
    }


def recipe(found: Attribution, given: list[str], members: int, seed: int) -> tuple[str, str]:
    """The command and the Python that repeat an attribution; given: the factors asked for, if any."""
    asked = found.asked
    first, last = told(*asked.first), told(*asked.last)
    words = ["caudal attribute --outcome", asked.outcome.id, "--from", first, "--to", last]
    more = f", members={members}"
    if given:
        words += ["--factors", ",".join(given)]
        more = f", factors={given!r}{more}"
    words += ["--members", str(members)]
    if not found.exact:
        words += ["--seed", str(seed)]
        more += f", seed={seed}"
    python = (
        f"import caudal\nds = caudal.attribute({asked.outcome.id!r}, start={first!r}, "
        f"end={last!r}{more})"
    )
    return " ".join(words), python


def dataset(found: Attribution, said: dict[str, Any]) -> xr.Dataset:
    """Draws of every part: variables people (part, member), first_in, last_in (factors only, else NaN).

    said  from `about`: the attributes
    """
    made = parts(found)
    none = np.full_like(found.before, np.nan)

    def stacked(field: str) -> np.ndarray:
        values = [getattr(part, field) for part in made]
        return np.stack([none if v is None else v for v in values])

    unit = str(getattr(found.asked.outcome, "unit", "")) + " per month"
    dims = ("part", "member")
    attributes = {k: v for k, v in said.items() if v is not None}
    return xr.Dataset(
        {
            "people": (dims, stacked("people"), {"units": unit}),
            "first_in": (dims, stacked("first_in"), {"units": unit}),
            "last_in": (dims, stacked("last_in"), {"units": unit}),
        },
        coords={
            "part": [part.id for part in made],
            "kind": ("part", [part.kind for part in made]),
            "name": ("part", [part.name for part in made]),
            "name_es": ("part", [part.name_es for part in made]),
            "member": np.arange(len(found.before)),
        },
        attrs=attributes,
    )
