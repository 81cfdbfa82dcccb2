"""What every shape stands on: exact and open models, texts in two languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

Month = str
Day = str
Numbers = list[float | None]


class Open(BaseModel):
    """Fields told here, and others that a face may leave alone."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Exact(BaseModel):
    """The fields told here and no others."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Words(Exact):
    """The same in English and Spanish."""

    en: str
    es: str


Text = Words | str
