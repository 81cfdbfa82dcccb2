"""Whether the service is there."""

from __future__ import annotations

from pydantic import Field

from caudal.service.shapes.common import Exact


class Alive(Exact):
    """Whether the service is there."""

    ok: bool
    problems: list[str] = Field(default_factory=list)
