"""The model: its graph, its mechanisms, and its parameters before and after learning."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.engine.declare import told
from caudal.service import shapes
from caudal.service.answers import answer
from caudal.service.routes.common import download, router

api = router("model")
OTHERS: dict[str, tuple[str, str]] = {
    "bus": ("by bus", "en autobús"), "truck": ("by truck", "en camión"),
    "train": ("by freight train", "en tren de carga"), "foot": ("on foot", "a pie"),
    "outside → darien": ("through the Darién", "por el Darién"),
    "outside → central_1": ("by air to Nicaragua", "en avión a Nicaragua"),
    "outside → mexico_1": ("by air to Mexico", "en avión a México"),
    "outside → central_2": ("by land from Central America", "por tierra desde Centroamérica"),
    "outside → mexico_2": ("from Mexico itself", "desde el propio México"),
}  # fmt: skip
"""Labels of axes that no other face names: how people cross Mexico, and routes by their first flow."""
AT = (-1.6448536, 0.0, 1.6448536)
"""Standard-normal positions of the 5, 50 and 95 % points."""


@api.get("/model", response_model=shapes.Model)
def graph() -> Response:
    """Stocks, paths, gates, signals, mechanisms, and parameters with prior and posterior."""
    return answer(_graph(), keep=True)


@api.get("/model/graph.svg", responses=download({"image/svg+xml": "SVG"}), response_model=None)
def picture() -> Response:
    """The graph as a drawing, coloured by the mechanism that owns each flow."""
    from caudal.engine.draw import svg
    from caudal.service.answers import KEEP

    here = corridor()
    drawn = svg(here.model, f"Caudal: stocks, flows and gates ({here.name})")
    return Response(drawn, headers={KEEP: "1"}, media_type="image/svg+xml")


@cache
def _graph() -> dict[str, Any]:
    here = corridor()
    model, owner = here.model, here.model.owners()
    return {
        "name": here.name,
        "stocks": [
            {"name": s.name, "meaning": s.meaning, "places": list(s.places), "final": s.final}
            for s in model.stocks
        ],
        "paths": [
            {
                "flow": p.flow, "mechanism": owner.get(p.flow, ""), "source": p.source,
                "target": p.target, "branches": [f"{gate}.{branch}" for gate, branch in p.branches],
            }
            for p in (*model.departures, *model.paths)
        ],
        "gates": [
            {"name": g.name, "meaning": g.meaning, "mechanism": owner[g.name],
             "branches": dict(g.branches)}
            for g in model.gates.values()
        ],
        "signals": [
            {"name": s.name, "meaning": s.meaning, "unit": s.unit, "dims": list(s.dims),
             "mechanism": owner[s.name]}
            for s in model.signals.values()
        ],
        "mechanisms": [{**told(m), "text": m.doc.strip()} for m in model.mechanisms],
        "parameters": parameters(here),
    }  # fmt: skip


def parameters(here: Any) -> list[dict[str, Any]]:
    """Every parameter: 5, 50 and 95 % before and after the counts, on its own scale.

    posterior is None for what the draws do not know; contraction is the share of the prior's
    variance that the counts took away (mean over cells).
    """
    from caudal.compute.posterior import load

    draws = load(here.posterior).z
    rows = []
    for name, prior in here.priors.items():
        z = draws.get(name)
        after = left = None
        if z is not None and z.shape[:-1] == prior.centre.shape:
            values = prior.value(prior.centre[..., None] + prior.sd * z)
            after = _points(np.quantile(values, [0.05, 0.5, 0.95], axis=-1))
            left = float(np.mean(np.var(z, -1))) if prior.sd > 0 else None
        rows.append(
            {
                "name": name, "mechanism": prior.mechanism, "unit": prior.unit,
                "source": prior.source, "assumed": prior.assumed, "dims": list(prior.dims),
                "form": prior.form,
                "prior": _points(np.stack([prior.value(prior.centre + prior.sd * a) for a in AT])),
                "posterior": after,
                "contraction": None if left is None else round(1 - left, 3),
                "cells": _cells(prior.dims, prior.centre.shape),
            }
        )  # fmt: skip
    return rows


def _cells(dims: tuple[str, ...], shape: tuple[int, ...]) -> list[list[Any]]:
    """Names of a parameter's cells along each axis; an axis that nobody named is counted through."""
    from caudal.corridor.observables import coordinates
    from caudal.corridor.policies import labels as names_by_axis

    known = {**OTHERS, **{k: v for names in names_by_axis().values() for k, v in names.items()}}
    labels = {**coordinates(), "route": [p.flow for p in corridor().model.departures]}
    labels["group"] = [f"{n}/{u}" for n in labels["nationality"] for u in labels["unit"]]

    def named(label: str) -> Any:
        names = [known.get(part, (part, part)) for part in label.split("/")]
        return {"en": ", ".join(n[0] for n in names), "es": ", ".join(n[1] for n in names)}

    axes = []
    for dim, length in zip(dims, shape, strict=True):
        there = labels.get(dim, [])
        whole = there if len(there) == length else [str(i + 1) for i in range(length)]
        axes.append([named(label) for label in whole])
    return axes


def _points(three: np.ndarray) -> Any:
    """[low, median, high] as numbers of four digits; nested by axis where there are cells."""
    four = np.vectorize(lambda v: float(f"{v:.4g}"), otypes=[float])(np.moveaxis(three, 0, -1))
    return four.tolist()
