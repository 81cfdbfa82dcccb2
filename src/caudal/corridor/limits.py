"""What a report of a run says beside its numbers: what it cannot say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TITLE = {
    "en": "The US–Mexico migration corridor: counts, model and forecast",
    "es": "El corredor migratorio México–Estados Unidos: recuentos, modelo y pronóstico",
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


def said() -> Mapping[str, Any]:
    """What a report says beside its numbers: title, limits, names (`compute.content.Corridor`)."""
    from caudal.corridor.policies import ACTORS as GOVERNMENTS
    from caudal.corridor.sources.spanish import spanish
    from caudal.corridor.world import AREA_NAMES, NATIONALITY_NAMES, UNIT_NAMES

    return {
        "title": TITLE,
        "limits": LIMITS,
        "actors": ACTORS,
        "governments": GOVERNMENTS,
        "names": {**NATIONALITY_NAMES, **UNIT_NAMES, **AREA_NAMES},
        "spanish": spanish(),
    }
