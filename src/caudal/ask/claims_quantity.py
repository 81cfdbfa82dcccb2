"""What a claim's test measures: a published series, a published figure, or a few of them put together.

    {of: SERIES, reduce: sum | mean | last | max | min, where: {COLUMN: [labels]}, column: COLUMN}
    {value: FIGURE, end: low | high}      a figure of the headlines, of `figures`, or of the parameters
    {number: 400000, source: {title, url, date}}     a figure that the ledger brings, with its source
    {ratio | difference | sum: [quantity, …]}

and `times: 100` on any of them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from caudal.policy.models import Day, Number, Strict


class Source(Strict):
    """A publication; `date` is the day it appeared."""

    title: Annotated[str, Field(min_length=1)]
    url: str = ""
    date: Day | None = None


class Leaf(Strict):
    """A published series: rows picked by `where`, summed by period, then reduced over the periods."""

    of: str
    reduce: Literal["sum", "mean", "last", "max", "min"]
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    column: Annotated[
        str | None, Field(description="the column of numbers, where it has several")
    ] = None
    times: Number = 1.0


class Published(Strict):
    """One published figure: by id of the headlines or `figures`, or symbol of the parameters."""

    value: str
    end: Annotated[Literal["low", "high"] | None, Field(description="of its published range")] = (
        None
    )
    times: Number = 1.0


class Stated(Strict):
    """A figure that no table of Caudal holds, with its publication."""

    number: Number
    source: Source
    times: Number = 1.0


class Joined(Strict):
    """A ratio, difference or sum of quantities."""

    ratio: tuple[AnyQuantity, AnyQuantity] | None = None
    difference: tuple[AnyQuantity, AnyQuantity] | None = None
    sum: tuple[AnyQuantity, ...] | None = None
    times: Number = 1.0

    @model_validator(mode="after")
    def _one(self) -> Joined:
        if sum(x is not None for x in (self.ratio, self.difference, self.sum)) != 1:
            raise ValueError(
                "no single quantity; allowed: one of of, value, number, ratio, difference, sum"
            )
        return self

    @property
    def kind(self) -> Literal["ratio", "difference", "sum"]:
        """Which of the three it is."""
        return "ratio" if self.ratio else "difference" if self.difference else "sum"

    @property
    def parts(self) -> tuple[Quantity, ...]:
        """What it is made of."""
        return getattr(self, self.kind)


Quantity = Leaf | Published | Stated | Joined
_FIELD_OF: dict[str, type[Strict]] = {"of": Leaf, "value": Published, "number": Stated}


def _which(data: Any) -> str:
    """The name of the model; no field is called so, which errors rely on to find the line."""
    if isinstance(data, Strict):
        return type(data).__name__
    found = next((m for k, m in _FIELD_OF.items() if isinstance(data, dict) and k in data), Joined)
    return found.__name__


AnyQuantity = Annotated[
    Annotated[Leaf, Tag("Leaf")]
    | Annotated[Published, Tag("Published")]
    | Annotated[Stated, Tag("Stated")]
    | Annotated[Joined, Tag("Joined")],
    Discriminator(_which),
]
Joined.model_rebuild()


def leaves(quantity: Quantity) -> tuple[Leaf | Published | Stated, ...]:
    """The series and figures that a quantity reads, in order."""
    if isinstance(quantity, Joined):
        return tuple(leaf for part in quantity.parts for leaf in leaves(part))
    return (quantity,)
