"""What all documents of the policy room are made of: strict models, texts, dates, groups.

`validated` turns a fault found by pydantic into one line that names file, line and field.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from caudal.errors import CaudalError
from caudal.policy.marks import Loc, Marks, nearest


class Strict(BaseModel):
    """A model that is frozen and refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Strict):
    """The same words in English and Spanish."""

    en: Annotated[str, Field(min_length=1)]
    es: Annotated[str, Field(min_length=1)]


def _real_date(value: Any) -> dt.date:
    """A calendar day; never a number of seconds or a moment, which pydantic would take too."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"'{value}' is no date")


def _real_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"'{value}' is no number")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"'{str(value)[:40]}…' is no number that can be held") from None
    if math.isnan(number):
        raise ValueError(f"'{value}' is no number")
    return number


Day = Annotated[dt.date, BeforeValidator(_real_date)]
"""A border-local calendar day."""

Number = Annotated[float, BeforeValidator(_real_number)]


class AllBut(Strict):
    """Everyone on an axis except those named."""

    all_but: Annotated[tuple[str, ...], Field(min_length=1)]


Who = dict[str, tuple[str, ...] | AllBut]
"""Axis → values; an axis left out means all of it."""

_ALLOWED = {
    "missing": "this field is needed",
    "string_type": "text",
    "list_type": "a list, as [A, B]",
    "tuple_type": "a list, as [A, B]",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}

Model = TypeVar("Model", bound=BaseModel)


def validated(
    model: type[Model], data: Any, marks: Marks, schema: str = "docs/policy.schema.json"
) -> Model:
    """The model made of `data`, or CaudalError for its first fault (in order of lines).

    schema  where the fields are told, for whoever writes one that there is not
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False)

        def order(fault: Any) -> tuple[bool, int]:
            # A misspelt field is also a missing one: the first says more
            return fault["type"] == "missing", marks.line(_written(fault, data)) or 0

        raise _told(min(faults, key=order), data, marks, model, schema) from None


def _written(fault: Any, data: Any) -> Loc:
    """The part of pydantic's path that is in the document: names of union branches are not."""
    path: list[str | int] = []
    loc, missing = fault["loc"], fault["type"] == "missing"
    for i, part in enumerate(loc):
        in_mapping = isinstance(data, Mapping) and part in data
        in_list = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if in_mapping or in_list:
            data = data[part]
        elif i < len(loc) - 1 or not missing or not isinstance(data, Mapping):
            continue
        path.append(part)
    return tuple(path)


def _told(
    fault: Any, data: Any, marks: Marks, model: type[BaseModel], schema: str
) -> CaudalError:  # fmt: skip
    loc = _written(fault, data)
    kind = fault["type"]
    name = str(loc[-1]) if loc else ""
    if kind == "missing":
        return CaudalError(marks.where(loc[:-1]), f"'{name}' missing", _need(name))
    if kind == "extra_forbidden":
        fields = _fields(model, loc[:-1])
        allowed = nearest(name, fields) if fields else f"a field of the schema ({schema})"
        return CaudalError(marks.where(loc), f"unknown field '{name}'", allowed)
    found = str(fault["msg"]).removeprefix("Value error, ")
    if kind == "value_error":
        found, _, allowed = found.partition("; allowed: ")
        if not allowed and found.endswith("is no date"):
            allowed = "a date that exists, as YYYY-MM-DD"
        return CaudalError(marks.where(loc), found, allowed or "a number")
    if kind == "literal_error":
        expected = fault["ctx"]["expected"].replace(" or ", ", ")
        options = [option.strip(" '") for option in expected.split(",")]
        return CaudalError(
            marks.where(loc),
            f"unknown {name} '{fault['input']}'",
            nearest(str(fault["input"]), options),
        )
    value = fault.get("input")
    if isinstance(value, str | int | float):
        return CaudalError(marks.where(loc), f"'{value}' does not fit", _ALLOWED.get(kind, found))
    return CaudalError(marks.where(loc), found.lower(), _ALLOWED.get(kind, ""))


def _fields(model: type[BaseModel], loc: Loc) -> list[str]:
    """Names of the fields that there may be at a place of the document."""
    there = [model]
    for part in loc:
        inner: list[type[BaseModel]] = []
        for one in there:
            field = one.model_fields.get(str(part))
            # an item of a list or a key of a mapping is of what the list or mapping is of
            inner += _models(field.annotation) if field else [one]
        there = inner
    return sorted({f.alias or n for one in there for n, f in one.model_fields.items()})


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]


def _need(name: str) -> str:
    return {
        "known_on": "the day the public could know it, as YYYY-MM-DD",
        "source": "a key of 'sources'",
        "en": "the words in English and Spanish",
        "es": "the words in English and Spanish",
    }.get(name, "this field is needed")
