"""What the page of a run is given beside its numbers: the corridor's words, sources and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from caudal.policy.scenario import Scenario

WHAT_IF = {
    "en": "This is a what-if. The points are what was counted in the history that took place; the "
    "lines are the scenario. Their distance is no measure of the effect: for that, run the baseline "
    "too and compare the two runs.",
    "es": "Esto es un supuesto. Los puntos son lo contado en la historia que ocurrió; las líneas son "
    "el escenario. Su distancia no mide el efecto: para eso, corra también el escenario base y "
    "compare las dos corridas.",
}

NOT_LEARNED = {
    "en": "{number} of the parameters were not learned from the counts: they are newer than the "
    "learned draws and stand at their priors ({names}).",
    "es": "{number} de los parámetros no se aprendieron de los recuentos: son más nuevos que los "
    "sorteos aprendidos y siguen su distribución previa ({names}).",
}


def told(
    here: Any,
    scenario: Scenario,
    law: Any,
    summary: pd.DataFrame,
    recipe: Mapping[str, Any],
    drawn: Sequence[str],
    skill: Mapping[str, pd.DataFrame] | None,
) -> dict[str, Any]:
    """The payload of `page` for a run of the corridor `here`.

    law      the one that it was run under
    summary  of `summarise`, with the corridor's outcomes
    drawn    parameters that were not learned from the counts
    skill    tables of past forecasts' scores (`caudal.forecast.skill`), if the corridor has them
    """
    from caudal.data.store import issues, provenance
    from caudal.policy.timeline import timeline
    from caudal.report.outcomes import Outcome
    from caudal.report.payload import make_payload
    from caudal.report.skill import skill_payload

    outcomes = [Outcome(**fields) for fields in here.outcomes()]
    tables, said = here.folder / "series", here.said()
    sources = [
        {
            **provenance(name, tables).to_dict(),
            "issues": [{"name": i.name, "meaning": i.meaning} for i in issues(name, tables)],
        }
        for name in sorted({o.series for o in outcomes if o.series})
    ]
    new = {"number": len(drawn), "names": ", ".join(drawn)}
    not_learned = {lang: text.format(**new) for lang, text in NOT_LEARNED.items()}
    return make_payload(
        summary,
        outcomes,
        title=said["title"],
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
            *said["limits"],
        ),
        recipe=recipe,
        actors=said["actors"],
        names={code: {"en": en, "es": es} for code, (en, es) in said["names"].items()},
        spanish=said["spanish"],
        skill=None if skill is None else skill_payload(skill),
    )
