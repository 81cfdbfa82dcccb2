"""Variables of a run that stand for a measure of harm or cost, or for a signal, one to one."""

from __future__ import annotations

from caudal.corridor.described import GROUP, NATION, RUN, SECTOR, Variable

EXPECTED = "An expectation from exposure, not a count. "
HARM: dict[str, Variable] = {
    "deaths": Variable(
        (*RUN, "danger"), "deaths per month", "Deaths on the way", "Muertes en el camino",
        EXPECTED + "Deaths that somebody records; bodies never found are in no figure.",
        "us.usbp.deaths",
    ),
    "kidnappings_floor": Variable(
        SECTOR, "people per month", "Kidnapped while waiting: floor",
        "Secuestros durante la espera: mínimo",
        EXPECTED + "At the rate at which organisations document them.",
    ),
    "kidnappings_ceiling": Variable(
        SECTOR, "people per month", "Kidnapped while waiting: ceiling",
        "Secuestros durante la espera: máximo",
        EXPECTED + "At the rate that doctors hear from their patients, who are no sample.",
    ),
    "extortions": Variable(
        RUN, "events per month", "Extortions", "Extorsiones",
        EXPECTED + "By officials at stops in Mexico, and tolls of organised crime at the line.",
    ),
    "extortions_officials": Variable(
        NATION, "events per month", "Extortions by officials", "Extorsiones de agentes",
        EXPECTED + "At stops in Mexico; how nationalities differ is an assumption, wide.",
    ),
    "assaults_officials": Variable(
        SECTOR, "people per month", "Attacked by officials while waiting",
        "Agresiones de agentes durante la espera",
        EXPECTED + "A part of those attacked; how large is an assumption, wide.",
    ),
    "mexican_minors": Variable(
        RUN, "events per month", "People under 18 presented or channelled in Mexico",
        "Personas menores de 18 años presentadas o canalizadas en México",
        "Unaccompanied children, and of the families stopped a share; a part of the events.",
        "mx.events.demographic",
    ),
    "assaults": Variable(
        SECTOR, "people per month", "Attacked while waiting", "Agresiones durante la espera",
        EXPECTED + "Robbery, beating, rape and the like, with those not reported.",
    ),
    "illnesses": Variable(
        RUN, "people per month", "Ill from cold", "Enfermas por frío",
        EXPECTED + "In camps and in the open.",
    ),
    "exposure_days": Variable(
        SECTOR, "days per month", "Days outdoors", "Días a la intemperie",
        "People times days in camps, or stopped and not taken in.",
    ),
    "custody_days": Variable(
        (*RUN, "unit"), "days per month", "Days in custody", "Días en custodia",
        "People times days in custody of CBP, ICE or Mexican authorities; not in the care of HHS.",
    ),
    "protection_returned": Variable(
        NATION, "people per month", "Returned although they needed protection",
        "Devueltas aunque necesitaban protección",
        EXPECTED + "Expelled, removed or returned by Mexico, times a share between what judges "
        "grant and what screening officers let pass.",
    ),
}  # fmt: skip

MONEY = "dollars of 2023 per month"
COSTS: dict[str, Variable] = {
    "public_cost": Variable(
        (*RUN, "payer"), MONEY, "Public cost", "Costo público",
        "Unit costs times people and days; no fixed staff, barriers or courthouses.",
    ),
    "migrant_cost": Variable(
        NATION, MONEY, "What migrants pay", "Lo que pagan las personas migrantes",
        "Fees with interest, the way without a smuggler, bribes and tolls; no ransoms.",
    ),
    "cartel_tolls": Variable(
        NATION, MONEY, "What cartels take of it", "Lo que toman de ello los cárteles",
        "A share of what smugglers are paid, and tolls of those without one; nobody counted it.",
    ),
    "smuggler_revenue": Variable(
        NATION, MONEY, "What smugglers are paid", "Lo que cobran los traficantes",
        "Fee times the share who use a smuggler times first arrivals, less what is never paid.",
    ),
}  # fmt: skip


def _signal(dims: tuple[str, ...], units: str, en: str, es: str, of: str = "") -> Variable:
    return Variable(dims, units, en, es, "A signal of the model at the end of the month.", "", of)


SIGNALS: dict[str, Variable] = {
    "fee": _signal(NATION, "dollars of 2023", "What a smuggler asks", "Lo que pide un traficante"),
    "smuggler_share": _signal(
        NATION, "share", "Share who travel with a smuggler",
        "Proporción que viaja con traficante",
    ),
    "adaptation": _signal(
        RUN, "share", "How far smugglers get round enforcement",
        "Cuánto eluden los traficantes el control",
    ),
    "belief": _signal(
        (*RUN, *GROUP), "share", "Perceived chance of getting in",
        "Probabilidad percibida de entrar",
    ),
    "mode_share": _signal(
        (*RUN, "mode"), "share", "How people cross Mexico", "Cómo se cruza México"
    ),
    "papers": _signal(
        RUN, "share", "Share in southern Mexico with a card",
        "Proporción con tarjeta en el sur de México",
    ),
    "success": _signal(
        SECTOR, "share", "Share of tries that get through, as remembered",
        "Proporción de intentos logrados, según se recuerda",
    ),
    "detection": _signal(
        RUN, "share", "Share of those who evade that are stopped",
        "Proporción detenida de quienes evaden",
    ),
    "court_border": _signal(
        NATION, "cases", "Court cases of people stopped at the border",
        "Casos de personas detenidas en la frontera",
    ),
    "court_other": _signal(RUN, "cases", "Other court cases", "Otros casos en tribunales"),
    "asylum_office": _signal(
        RUN, "cases", "Applications waiting for the asylum office (USCIS)",
        "Solicitudes en espera de la oficina de asilo (USCIS)",
    ),
    "mpp_docket": _signal(
        RUN, "cases", "Cases under Remain in Mexico", "Casos de Quédate en México"
    ),
    "salience": _signal(
        RUN, "share", "Share of US adults who name immigration first",
        "Proporción en Estados Unidos que nombra primero la inmigración",
    ),
    "approval": _signal(
        RUN, "share", "Share who approve of the president on immigration",
        "Proporción que aprueba al presidente en inmigración",
    ),
    "us_demand": _signal(
        RUN, "acts in force", "Endogenous US pressure on Mexico",
        "Presión endógena de Estados Unidos sobre México",
    ),
    "us_stance": _signal(
        RUN, "share", "Endogenous restriction at the US desk",
        "Restricción endógena en el trámite estadounidense",
    ),
    "mx_cost": _signal(
        RUN, "base 0", "Political cost of enforcement in Mexico",
        "Costo político del control en México",
    ),
    "mx_resolve": _signal(
        RUN, "base 1", "Mexican effort that dated acts account for",
        "Esfuerzo de México que explican actos fechados",
    ),
    "gt_effort": _signal(
        RUN, "base 1", "Guatemalan and Honduran effort", "Esfuerzo de Guatemala y Honduras"
    ),
    "pa_effort": _signal(RUN, "base 1", "Panamanian effort", "Esfuerzo de Panamá"),
    "coordination": _signal(
        RUN, "share", "How well returns are coordinated", "Cuán coordinados son los retornos"
    ),
}  # fmt: skip
