"""Why a number changed: factors, the shipped attributions, and what policies did."""

from __future__ import annotations

from typing import Any

import pandas as pd
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.corridor.observables import OUTCOMES
from caudal.service import shapes, shipped
from caudal.service.answers import answer
from caudal.service.kinds.attribute import DOCUMENT
from caudal.service.routes.common import router

api = router("why")


@api.get("/factors", response_model=shapes.Factors)
def factors() -> Response:
    """What may explain a change, and the outcomes that a change may be asked of."""
    from caudal.ask.factors import load

    here: Any = corridor()
    made = load(DOCUMENT, here)
    first, last = counted()
    return answer(
        {
            "first": first,
            "last": last,
            "factors": [
                {"id": name, "name": {"en": f.en, "es": f.es},
                 "about": {"en": f.about.en, "es": f.about.es}}
                for name, f in made.factors.items()
            ],
            "groups": [
                {"id": name, "name": {"en": g.en, "es": g.es}, "of": list(g.of)}
                for name, g in made.groups.items()
            ],
            "standard": list(made.standard),
            "outcomes": [
                {"id": o["id"], "title": {"en": o["title_en"], "es": o["title_es"]},
                 "unit": o["unit"], "panel": o["panel"], "series": o["series"]}
                for o in OUTCOMES
            ],
        },
        keep=True,
    )  # fmt: skip


@api.get("/attributions", response_model=shapes.Attributions)
def attributions() -> Response:
    """The shipped ones, each as `POST /attribute` answers (docs/attribute.md)."""
    return answer({"attributions": shipped.attributions()}, keep=True)


@api.get("/effects", response_model=shapes.Effects)
def effects() -> Response:
    """What policies did, before and after the counts and at other weather (docs/effects.md)."""
    return answer(shipped.effects(), keep=True)


def counted() -> tuple[str, str]:
    """First and last month, as YYYY-MM, of those reported from which the shipped draws learned."""
    from caudal.compute.posterior import load as draws

    here = corridor()
    months = pd.period_range(f"{here.begins:%Y-%m}", periods=draws(here.posterior).months, freq="M")
    return f"{here.reports_from:%Y-%m}", str(months[-1])
