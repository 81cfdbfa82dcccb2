"""The graph, its mechanisms and parameters."""

from __future__ import annotations

from typing import Any

from caudal.service.shapes.common import Exact, Words


class Parameter(Exact):
    """A constant of a mechanism, before and after learning (5, 50, 95 %; by cell where it has axes)."""

    name: str
    mechanism: str
    unit: str
    source: str
    assumed: bool
    dims: list[str]
    form: str
    prior: Any
    posterior: Any
    contraction: float | None
    cells: list[list[Words]]


class Model(Exact):
    """The graph, the mechanisms, and the parameters with what was learned of them."""

    name: str
    stocks: list[dict[str, Any]]
    paths: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    signals: list[dict[str, Any]]
    mechanisms: list[dict[str, Any]]
    parameters: list[Parameter]
