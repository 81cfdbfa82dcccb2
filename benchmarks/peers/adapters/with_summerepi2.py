"""summerepi2: counts as differential equations (JAX), its default solver.

The border is an absolute flow of min(300, waiting) a day. No chance, no filter.
"""

from __future__ import annotations

import os
from itertools import pairwise

os.environ.setdefault("JAX_ENABLE_X64", "1")

import numpy as np
from common import BACK, BORDER, DAYS, PLACES, Job, forward, job, report
from jax import numpy as jnp
from summer2 import CompartmentalModel
from summer2.parameters import CompartmentValues, Function, Parameter

PLACE_NAMES = [f"p{i}" for i in range(PLACES)]


def built(asked: Job) -> CompartmentalModel:
    """The model, its forward hazard a parameter."""
    names = PLACE_NAMES + ["waiting", "through"] * asked.border
    model = CompartmentalModel((0, DAYS), names, [])
    model.set_initial_population({"p0": float(asked.people)})
    for a, b in pairwise(PLACE_NAMES):
        model.add_transition_flow(f"{a} on", Parameter("ahead"), a, b)
        model.add_transition_flow(f"{b} back", BACK, b, a)
    if asked.border:
        model.add_transition_flow("list", Parameter("ahead"), PLACE_NAMES[-1], "waiting")
        served = Function(lambda now: jnp.minimum(float(BORDER), now[PLACES]), [CompartmentValues])
        model.add_transition_flow("desk", served, "waiting", "through", absolute=True)
    return model


if __name__ == "__main__":
    asked = job()
    runner = built(asked).get_runner({"ahead": 0.04}, include_full_outputs=True)

    def whole(seed: int) -> list[np.ndarray]:
        """The year, member after member."""
        out = []
        for ahead in forward(asked.members):
            runner.run({"ahead": ahead})
            out.append(runner.outputs[-1])
        return out

    report("summerepi2", asked, whole, compiled=True)
