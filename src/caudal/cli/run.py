"""`caudal run`: simulate a scenario, forecast beyond the counts, write a report."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, progress
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.compute.run import Result

WHAT_IF = {
    "en": "This is a what-if. The points are what was counted in the history that took place; the "
    "lines are the scenario. Their distance is no measure of the effect: for that, run the baseline "
    "too and compare the two runs.",
    "es": "Esto es un supuesto. Los puntos son lo contado en la historia que ocurrió; las líneas son "
    "el escenario. Su distancia no mide el efecto: para eso, corra también el escenario base y "
    "compare las dos corridas.",
}

LIMITS: tuple[dict[str, str], ...] = (
    {
        "en": "The forecast goes on from the runs, not from the last count: where the runs lie above "
        "or below the last counts, so does its first month. How good past forecasts were, by months "
        "ahead, is told above (`caudal skill`); with fewer than about 50 members the outer band is "
        "rough.",
        "es": "El pronóstico continúa las corridas, no el último recuento: si las corridas quedan por "
        "encima o por debajo de los últimos recuentos, también su primer mes. Qué tan buenos fueron "
        "los pronósticos pasados, según el plazo, se dice arriba (`caudal skill`); con menos de unos "
        "50 miembros la banda exterior es tosca.",
    },
    {
        "en": "What no policy or driver here explains is carried by slow latent changes, learned "
        "so that the past follows the counts. That the past fits is no proof of any cause.",
        "es": "Lo que aquí no explica ninguna política ni factor externo lo recogen cambios "
        "latentes lentos, aprendidos para que el pasado siga los recuentos. Que el pasado encaje "
        "no prueba ninguna causa.",
    },
    {
        "en": "The forecast holds today's law and the last figures of every outside series. A new "
        "decision of any government is not foreseen.",
        "es": "El pronóstico mantiene la ley de hoy y las últimas cifras de cada serie externa. No "
        "prevé nuevas decisiones de ningún gobierno.",
    },
    {
        "en": "Encounters are events: one person stopped three times counts three times.",
        "es": "Los encuentros son eventos: una persona detenida tres veces cuenta tres veces.",
    },
    {
        "en": "Before October 2019 no publication gives nationality at ports, nor nationality and "
        "travel unit together; the split of those months is the model's.",
        "es": "Antes de octubre de 2019 ninguna publicación da la nacionalidad en los puertos, ni "
        "la nacionalidad junto con quién viaja; el reparto de esos meses es del modelo.",
    },
    {
        "en": "Nobody publishes how many people wait in northern Mexico, are held up in its south "
        "or set out. These numbers are the model's alone and cannot be checked.",
        "es": "Nadie publica cuántas personas esperan en el norte de México, están varadas en el "
        "sur o emprenden el viaje. Estas cifras son solo del modelo y no pueden contrastarse.",
    },
    {
        "en": "Known got-aways are those who were seen. Others enter unseen, and how many nobody "
        "knows.",
        "es": "Las evasiones conocidas son las que alguien vio. Otras personas entran sin ser "
        "vistas y nadie sabe cuántas.",
    },
    {
        "en": "Victims and costs are expectations, not counts: published rates, or assumed ones with "
        "wide ranges, times the people exposed. A floor is what organisations document, a ceiling "
        "what doctors hear; fixed costs of agents, walls and courts are left out.",
        "es": "Las víctimas y los costos son valores esperados, no recuentos: tasas publicadas, o "
        "supuestas con márgenes amplios, por las personas expuestas. El mínimo es lo que documentan "
        "las organizaciones y el máximo lo que oyen los médicos; quedan fuera los costos fijos de "
        "agentes, muros y tribunales.",
    },
    {
        "en": "It says nothing of any one person, nor of any place smaller than a Border Patrol "
        "sector, and it does not say which policy is right.",
        "es": "No dice nada de ninguna persona en particular ni de lugares menores que un sector "
        "de la Patrulla Fronteriza, y no dice qué política es la correcta.",
    },
)
"""What this cannot say, in the report."""

NOT_LEARNED = {
    "en": "{number} of the parameters were not learned from the counts: they are newer than the "
    "learned draws and stand at their priors ({names}).",
    "es": "{number} de los parámetros no se aprendieron de los recuentos: son más nuevos que los "
    "sorteos aprendidos y siguen su distribución previa ({names}).",
}

ACTORS: dict[str, dict[str, str]] = {
    "united-states/department-of-health-and-human-services": {
        "en": "United States, Department of Health and Human Services",
        "es": "Estados Unidos, Departamento de Salud y Servicios Humanos",
    },
    "united-states/president-elect": {
        "en": "United States, president-elect",
        "es": "Estados Unidos, presidente electo",
    },
}
"""Actors whose names the page's own words lack."""


def run(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario by name (baseline, title-42-stays-a-year, title-42-ends-2022-05, "
            "mexico-calm-2024), or a file of your own, ….yaml.",
        ),
    ] = "baseline",
    start: Annotated[
        str | None, typer.Option("--from", help="First month of the results, YYYY-MM.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="First month no longer run, YYYY-MM.")
    ] = None,
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 96,
    seed: Annotated[int, typer.Option("--seed", help="Chance beyond the last count.")] = 0,
    sampler: Annotated[
        str, typer.Option("--sampler", help="expected (real numbers) or sampled (whole people).")
    ] = "expected",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write (default: runs/<id>).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the report's path only.")] = False,
    as_json: Json = False,
) -> None:
    """Simulate a scenario, forecast twelve months beyond the counts, write a report.

    Writes a folder with the results, tables, the scenario, how to repeat it, and report.html.
    """
    _writable(out if out is not None else Path("runs"), whole=out is None)
    from caudal.compute.run import simulate
    from caudal.corridor import corridor
    from caudal.corridor.observables import OUTCOMES, observed_long
    from caudal.report import (
        Outcome,
        headline_table,
        page,
        side_table,
        summarise,
        to_json,
        write_run,
    )
    from caudal.report.outcomes import GROUPS

    how: Any = sampler  # `simulate` refuses an unknown one
    here: Any = corridor()
    with progress("simulating", quiet or as_json) as tell:
        result = simulate(
            here, scenario, members=members, seed=seed, sampler=how, start=start, end=end,
            progress=tell,
        )  # fmt: skip
    outcomes = [Outcome(**fields) for fields in OUTCOMES]
    ds = result.dataset()
    summary = summarise(ds, observed_long(here, result.end), outcomes)
    folder = out if out is not None else Path("runs") / result.id
    own_file = scenario.endswith((".yaml", ".yml"))
    command, python = result.recipe(str(folder / "scenario.yaml") if own_file else None)
    recipe = {
        "command": command if not own_file else _quoted(command, folder),
        "python": python,
        "data_vintage": ds.attrs["data_vintage"],
        "code_version": ds.attrs["code_version"],
        "run_id": result.id,
        "members": members,
    }
    ds = ds.assign_attrs(recipe_command=recipe["command"], recipe_python=python)
    report = page(_payload(here, result, summary, outcomes, recipe))
    place = write_run(
        folder, ds, summary, scenario=result.scenario.as_yaml(), recipe=recipe, report=report
    )
    if as_json:
        sides = {g: [o.id for o in outcomes if o.group == g] for g in GROUPS}
        print_json({"run": {**recipe, "folder": str(place), "report": str(place / "report.html")},
                    "groups": sides, **to_json(summary)})  # fmt: skip
        return
    if not quiet:
        console().print(headline_table(summary, outcomes))
        console().print(side_table(summary, outcomes))
    typer.echo(str(place / "report.html"))


def _quoted(command: str, folder: Path) -> str:
    path = str(folder / "scenario.yaml")
    return command.replace(path, shlex.quote(path), 1)


def _payload(
    here: Any, result: Result, summary: Any, outcomes: list[Any], recipe: dict[str, Any]
) -> Any:
    from caudal.corridor.sources.spanish import spanish
    from caudal.corridor.world import AREA_NAMES, NATIONALITY_NAMES, UNIT_NAMES
    from caudal.data.store import issues, provenance
    from caudal.forecast.skill import read
    from caudal.policy.timeline import timeline
    from caudal.report import make_payload, skill_payload

    scenario = result.scenario
    told = [
        {
            **provenance(name).to_dict(),
            "issues": [{"name": i.name, "meaning": i.meaning} for i in issues(name)],
        }
        for name in sorted({o.series for o in outcomes if o.series})
    ]
    drawn = {"number": len(result.drawn), "names": ", ".join(result.drawn)}
    told_new = {lang: text.format(**drawn) for lang, text in NOT_LEARNED.items()}
    names = {**NATIONALITY_NAMES, **UNIT_NAMES, **AREA_NAMES}
    return make_payload(
        summary,
        outcomes,
        title={
            "en": "The US–Mexico migration corridor: counts, model and forecast",
            "es": "El corredor migratorio México–Estados Unidos: recuentos, modelo y pronóstico",
        },
        scenario={
            "name": scenario.name,
            "title": scenario.title.model_dump(),
            "about": scenario.note.model_dump() if scenario.note else "",
        },
        timeline=timeline(result.law),
        sources=told,
        limits=(
            *((told_new,) if result.drawn else ()),
            *(() if scenario.name == "baseline" else (WHAT_IF,)),
            *LIMITS,
        ),
        recipe=recipe,
        actors=ACTORS,
        names={code: {"en": en, "es": es} for code, (en, es) in names.items()},
        spanish=spanish(),
        skill=skill_payload(read(here.skill)) if here.skill.is_dir() else None,
    )


def _writable(place: Path, whole: bool) -> None:
    """Refuse a place that cannot be written before any time is spent on the run.

    whole  whether folders are made inside it; else it is itself the folder to be written
    """
    if place.exists() and not place.is_dir():
        raise CaudalError(f"--out {place}", "a file is in the way", "a new or a run's folder")
    at = place if whole else place.parent
    while not at.exists() and at != at.parent:
        at = at.parent
    if not at.is_dir():
        raise CaudalError(f"--out {place}", f"{at} is not a folder", "a writable folder")
    if not os.access(at, os.W_OK | os.X_OK):
        raise CaudalError(f"--out {place}", "permission denied", "a writable folder")
