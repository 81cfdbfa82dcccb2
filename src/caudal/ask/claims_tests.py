"""How a claim is tested: a number over a period, its movement, when it happened, what caused it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from caudal.ask.claims_quantity import AnyQuantity
from caudal.ask.claims_time import MOMENT_SCHEMA, PERIOD_SCHEMA, Period
from caudal.policy.documents import SLUG
from caudal.policy.models import Number, Strict, Text

Slug = Annotated[str, Field(pattern=SLUG)]
Span = Annotated[Period, BeforeValidator(Period.parsed), WithJsonSchema(PERIOD_SCHEMA)]
When = Annotated[Period, BeforeValidator(Period.moment), WithJsonSchema(MOMENT_SCHEMA)]


class Says(Strict):
    """What the claim says of a number: `value`, or for `between` two of them."""

    is_: Annotated[Literal["about", "at_least", "at_most", "between", "equals"], Field(alias="is")]
    value: Number | None = None
    between: tuple[Number, Number] | None = None
    tolerance: Annotated[
        float | None, Field(ge=0, le=1, description="share of the value; default by the rules")
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Says:
        wanted = "between" if self.is_ == "between" else "value"
        if getattr(self, wanted) is None or (self.value is None) == (self.between is None):
            raise ValueError(
                f"'{self.is_}' without its number; allowed: {wanted}, and nothing else"
            )
        if self.between and self.between[0] > self.between[1]:
            raise ValueError("between 'high' and 'low'; allowed: [low, high]")
        return self


class Definition(Strict):
    """Another reading of the same words."""

    name: Text
    quantity: AnyQuantity


class Bounds(Strict):
    """Published lowest and highest of what nobody counts."""

    low: AnyQuantity
    high: AnyQuantity


class FigureTest(Strict):
    """A number over a period."""

    quantity: AnyQuantity
    period: Span
    says: Says
    definitions: tuple[Definition, ...] = ()
    bounds: Bounds | None = None


class Moves(Strict):
    """How a number moved: at least `by` of the earlier value; `flat`: at most."""

    direction: Literal["up", "down", "flat"]
    by: Annotated[float | None, Field(ge=0, description="default by the rules")] = None


class TrendTest(Strict):
    """A number over two periods. Sums over periods of unequal length are compared by month."""

    quantity: AnyQuantity
    before: Span
    after: Span
    says: Moves
    definitions: tuple[Definition, ...] = ()


class CountedEvent(Strict):
    """The month (day, year) in which a series peaked, bottomed out or passed a level."""

    quantity: AnyQuantity
    what: Literal["peak", "trough", "first_above", "last_above"]
    level: Number | None = None
    within: Annotated[Span | None, Field(description="default: all that was counted")] = None

    @model_validator(mode="after")
    def _level(self) -> CountedEvent:
        if (self.level is None) == self.what.endswith("above"):
            raise ValueError(f"'{self.what}'; allowed: a level with first_above, last_above only")
        return self


class PolicyEvent(Strict):
    """The day a policy began, ended or became known."""

    policy: Slug
    what: Literal["starts", "ends", "announced"]


def _event(data: Any) -> str:
    policy = "policy" in data if isinstance(data, dict) else isinstance(data, PolicyEvent)
    return "PolicyEvent" if policy else "CountedEvent"


Event = Annotated[
    Annotated[PolicyEvent, Tag("PolicyEvent")] | Annotated[CountedEvent, Tag("CountedEvent")],
    Discriminator(_event),
]


class Falls(Strict):
    """When an event fell: `by` a day, `from` … `to` days or months, `before` or `after` another."""

    by: When | None = None
    from_: Annotated[When | None, Field(alias="from")] = None
    to: When | None = None
    before: Event | None = None
    after: Event | None = None

    @model_validator(mode="after")
    def _one(self) -> Falls:
        told = [x is not None for x in (self.by, self.from_, self.before, self.after)]
        if sum(told) != 1 or (self.from_ is None) != (self.to is None):
            raise ValueError("not one statement; allowed: by, from and to, before, or after")
        if self.from_ and self.to and self.to.end <= self.from_.start:
            raise ValueError("'to' before 'from'; allowed: a later 'to'")
        return self


class TimingTest(Strict):
    """When something happened."""

    event: Event
    says: Falls


class Outcome(Strict):
    """A variable of a run, as `caudal.ask.quantities` reads it."""

    of: Annotated[str | None, Field(description="a variable of a run")] = None
    ratio: tuple[Outcome, Outcome] | None = None
    difference: tuple[Outcome, Outcome] | None = None
    sum: tuple[Outcome, ...] | None = None
    reduce: Literal["sum", "per_day", "per_month", "mean", "last", "max", "days"] | None = None
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    across: Literal["sum", "mean"] = "sum"

    @model_validator(mode="after")
    def _one(self) -> Outcome:
        if sum(x is not None for x in (self.of, self.ratio, self.difference, self.sum)) != 1:
            raise ValueError("no single outcome; allowed: one of of, ratio, difference, sum")
        if (self.of is None) != (self.reduce is None):
            raise ValueError("'reduce' belongs to 'of'; allowed: {of: …, reduce: …}")
        return self

    @property
    def expression(self) -> dict[str, Any]:
        """As `caudal.ask.quantities.quantity` reads it."""
        for kind in ("ratio", "difference", "sum"):
            parts = getattr(self, kind)
            if parts is not None:
                return {kind: [part.expression for part in parts]}
        return {"of": self.of, "reduce": self.reduce, "where": self.where, "across": self.across}


class Makes(Strict):
    """What the cause did to the outcome: at least `share` of what it would be without."""

    direction: Literal["more", "fewer"]
    share: Annotated[float | None, Field(ge=0, description="default by the rules")] = None


class CauseTest(Strict):
    """A counterfactual that was fixed before any run: the history without the cause."""

    without: Annotated[str, Field(min_length=1, description="a scenario that takes it out")]
    outcome: Outcome
    period: Span
    says: Makes
    constants: Annotated[
        tuple[str, ...], Field(min_length=1, description="parameters on which the effect rests")
    ]


def _test(data: Any) -> str:
    """Which test it is, told by the fields that only it has."""
    if isinstance(data, Strict):
        return type(data).__name__
    fields = data if isinstance(data, dict) else {}
    if "without" in fields or "outcome" in fields:
        return "CauseTest"
    if "event" in fields:
        return "TimingTest"
    return "TrendTest" if "before" in fields or "after" in fields else "FigureTest"


AnyTest = Annotated[
    Annotated[FigureTest, Tag("FigureTest")]
    | Annotated[TrendTest, Tag("TrendTest")]
    | Annotated[TimingTest, Tag("TimingTest")]
    | Annotated[CauseTest, Tag("CauseTest")],
    Discriminator(_test),
]
