"""The frozen page of a run: what the report of the corridor's runs is given beside their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from caudal.policy.scenario import Scenario

TITLE = {
    "en": "The US–Mexico migration corridor: counts, model and forecast",
    "es": "El corredor migratorio México–Estados Unidos: recuentos, modelo y pronóstico",
}


def told(
    here: Any,
    scenario: Scenario,
    law: Any,
    summary: pd.DataFrame,
    recipe: Mapping[str, Any],
    drawn: Sequence[str],
) -> dict[str, Any]:
    """The payload of `report.page` for a run of the corridor `here`.

    law      the one that it was run under
    summary  of `report.summarise`, with the corridor's outcomes
    drawn    parameters that were not learned from the counts
    """
    from caudal.corridor.limits import ACTORS, LIMITS, NOT_LEARNED, WHAT_IF
    from caudal.corridor.observables import OUTCOMES
    from caudal.corridor.sources.spanish import spanish
    from caudal.corridor.world import AREA_NAMES, NATIONALITY_NAMES, UNIT_NAMES
    from caudal.data.store import issues, provenance
    from caudal.forecast.skill import read
    from caudal.policy.timeline import timeline
    from caudal.report import Outcome, make_payload, skill_payload

    outcomes = [Outcome(**fields) for fields in OUTCOMES]
    sources = [
        {
            **provenance(name).to_dict(),
            "issues": [{"name": i.name, "meaning": i.meaning} for i in issues(name)],
        }
        for name in sorted({o.series for o in outcomes if o.series})
    ]
    new = {"number": len(drawn), "names": ", ".join(drawn)}
    not_learned = {lang: text.format(**new) for lang, text in NOT_LEARNED.items()}
    names = {**NATIONALITY_NAMES, **UNIT_NAMES, **AREA_NAMES}
    return make_payload(
        summary,
        outcomes,
        title=TITLE,
        scenario={
            "name": scenario.name,
            "title": scenario.title.model_dump(),
            "about": scenario.note.model_dump() if scenario.note else "",
        },
        timeline=timeline(law),
        sources=sources,
        limits=(
            *((not_learned,) if drawn else ()),
            *(() if scenario.name == "baseline" else (WHAT_IF,)),
            *LIMITS,
        ),
        recipe=recipe,
        actors=ACTORS,
        names={code: {"en": en, "es": es} for code, (en, es) in names.items()},
        spanish=spanish(),
        skill=skill_payload(read(here.skill)) if here.skill.is_dir() else None,
    )
