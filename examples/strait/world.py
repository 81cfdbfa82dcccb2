"""The Strait of Vara, an invented place: who travels, where people are, what is tallied."""

from __future__ import annotations

from functools import cache

import numpy as np

from caudal.engine.declare import Stock, Tally
from caudal.engine.graph import Model

GROUPS: dict[str, tuple[str, str]] = {
    "alone": ("People travelling alone", "Personas que viajan solas"),
    "family": ("People in families", "Personas en familia"),
}
"""Who travels together, with names in English and Spanish."""

VOCABULARY = {"group": tuple(GROUPS)}
"""Axes that policies may speak of."""

ACTORS = {"port-sella": {"en": "Port Sella (invented)", "es": "Puerto Sella (inventado)"}}
"""Who decides."""

EVERY = np.ones((1, len(GROUPS), 1), np.float32)

STOCKS = (
    Stock("camp", "in the transit camp of Lume, not yet on the list"),
    Stock("list", "on the waiting list of the desk at Port Sella"),
    Stock("crossed", "let in at the desk", final=True),
    Stock("returned", "went back home", final=True),
)
STOCK_NAMES: dict[str, tuple[str, str]] = {
    "camp": ("In the transit camp", "En el campamento de tránsito"),
    "list": ("On the waiting list", "En la lista de espera"),
    "crossed": ("Let in at the desk", "Admitidas en la ventanilla"),
    "returned": ("Went back home", "Regresaron a casa"),
}

TALLIES = (
    Tally("arrivals", "people who arrive at the camp", ("outside → camp",), ("group",)),
    Tally("crossings", "people let in at the desk", ("list → crossed",), ("group",)),
    Tally("returns", "people who go back home", ("camp → returned", "list → returned"), ()),
    Tally("in_camp", "people in the camp", ("camp",), ()),
    Tally("waiting", "people on the list", ("list",), ()),
)


@cache
def model() -> Model:
    """The checked graph."""
    from strait.mechanisms import arrivals, camp, desk

    axes = {"group": len(GROUPS)}
    return Model(STOCKS, (arrivals, camp, desk), TALLIES, len(GROUPS), axes)
