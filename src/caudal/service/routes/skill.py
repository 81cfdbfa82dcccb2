"""How good past forecasts were."""

from __future__ import annotations

from starlette.responses import Response

from caudal.corridor import corridor
from caudal.service import shapes
from caudal.service.answers import answer, records
from caudal.service.routes.common import missing, router

api = router("skill")


@api.get("/skill", response_model=shapes.Skill)
def tables() -> Response:
    """Scores against simple baselines, coverage, PIT and turning points (docs/skill.md)."""
    from caudal.forecast.skill import contained, read

    folder = corridor().skill
    if not folder.is_dir():
        raise missing("skill", "nothing is scored yet", "caudal backtest --write")
    made = read(folder)
    names = ("skill", "coverage", "pit", "turning", "scores")
    told = {name: records(made[name]) for name in names}
    return answer({**told, "contained": records(contained(made["coverage"]))}, keep=True)
