"""Variables of a run that stand for a tally or a mean number of people, one to one."""

from __future__ import annotations

from typing import NamedTuple

RUN = ("member", "month")
GROUP = ("nationality", "unit")


class Variable(NamedTuple):
    """How a variable of the Dataset is described.

    It is read from the tally, measure or signal of its own name, unless `of` names another; what
    `dims` leave out is summed.
    """

    dims: tuple[str, ...]
    units: str
    en: str
    es: str
    definition: str
    series: str = ""
    of: str = ""


NATION = (*RUN, "nationality")
SECTOR = (*RUN, "sector")
MEAN = "people, mean of the month"


def month(dims: tuple[str, ...], en: str, es: str, definition: str, series: str = "") -> Variable:
    """People a month."""
    return Variable(dims, "people per month", en, es, definition, series)


def mean(dims: tuple[str, ...], en: str, es: str, definition: str, series: str = "") -> Variable:
    """People, as a mean over the month."""
    return Variable(dims, MEAN, en, es, definition, series)


MOVEMENT: dict[str, Variable] = {
    "honduras_entries": month(
        NATION, "People entering Honduras from the south",
        "Personas que entran a Honduras desde el sur",
        "People who go on from Nicaragua, whether they came through the Darién or landed in Managua; "
        "Honduras counts those whom it registers.",
        "hn.entries",
    ),
    "caravan_joined": month(
        RUN, "People who joined a caravan", "Personas que se unieron a una caravana",
        "People who walk on together, from Honduras or from Tapachula; nobody counts them by month.",
    ),
    "moved_south": month(
        NATION, "People whom Mexico moved to its south", "Personas que México trasladó a su sur",
        "Out of stations and children's shelters, brought or sent to southern Mexico; not published.",
    ),
    "mexican_claims": month(
        NATION, "Asylum claims in Mexico", "Solicitudes de asilo en México",
        "People who apply to Mexico's refugee commission (COMAR).",
        "mx.asylum.annual",
    ),
    "mexican_grants": month(
        NATION, "People recognised by Mexico", "Personas reconocidas por México",
        "People whom COMAR recognises as refugees or protects otherwise.",
    ),
    "encounters_repeat": Variable(
        SECTOR, "encounters per month",
        "Encounters of people stopped before", "Encuentros de personas ya detenidas antes",
        "Border Patrol encounters of people stopped within the twelve months before and sent back.",
    ),
    "appointments_kept": month(
        NATION, "People let in by appointment", "Personas admitidas con cita",
        "People who keep an appointment at a port (CBP One) and are let in.",
        "us.cbp_one.appointments",
    ),
    "parole_arrivals": month(
        NATION, "People who fly in on parole", "Personas que llegan por avión con permiso",
        "People admitted on parole at airports under the processes for four nationalities (CHNV).",
        "us.chnv",
    ),
    "releases": month(
        (*RUN, *GROUP), "People released into the United States with a case",
        "Personas liberadas en Estados Unidos con un caso",
        "Adults and families let out of CBP or ICE custody to await a court.",
        "us.bookouts",
    ),
    "crowding_releases": month(
        RUN, "Released because custody was full", "Liberadas por falta de lugar en custodia",
        "A part of the releases.",
    ),
    "removals": month(
        (*RUN, *GROUP), "People returned or removed under ordinary law",
        "Personas retornadas o deportadas por la ley ordinaria",
        "Returned at the desk, removed from CBP or ICE custody, to Mexico or to third countries; "
        "border arrests alone, no arrests in the interior, no expulsions under Title 42.",
        "us.repatriations",
    ),
    "ice_book_ins": month(
        NATION, "People booked into ICE detention after a border arrest",
        "Personas ingresadas a detención de ICE tras un arresto en la frontera",
        "Adults handed over by CBP to ICE detention.",
        "us.ice.book_ins",
    ),
    "separations": month(
        RUN, "People in families separated by the authorities",
        "Personas de familias separadas por las autoridades",
        "Parents sent on as single adults and children as unaccompanied.",
    ),
    "self_separations": month(
        RUN, "Children sent on alone from the border",
        "Niñas y niños enviados solos desde la frontera",
        "Children of families that wait in northern Mexico who cross without their parents.",
    ),
    "southbound_home": month(
        NATION, "People who went back south", "Personas que regresaron al sur",
        "People who gave up and reached home or another country of the south.",
    ),
    "children_discharged": Variable(
        RUN, "children per month",
        "Unaccompanied children placed with a sponsor",
        "Niñas y niños no acompañados entregados a un patrocinador",
        "Children who leave the care of HHS in the month.",
        "us.children",
    ),
    "court_receipts": Variable(
        RUN, "cases per month", "Court cases received", "Casos recibidos por los tribunales",
        "All immigration courts: cases of the border and, as a constant, all others.", "us.courts",
    ),
    "court_completions": Variable(
        RUN, "cases per month", "Court cases completed", "Casos concluidos por los tribunales",
        "All immigration courts, initial decisions.", "us.courts",
    ),
    "court_grants": Variable(
        RUN, "cases per month", "Asylum granted by judges", "Asilo concedido por jueces",
        "Decisions of immigration judges that grant asylum.",
    ),
    "absentia_orders": Variable(
        RUN, "cases per month", "Orders of removal in absence",
        "Órdenes de deportación en ausencia",
        "People ordered removed at a hearing to which they did not come.",
    ),
    "office_decisions": Variable(
        RUN, "cases per month", "Decisions of the asylum office (USCIS)",
        "Decisiones de la oficina de asilo (USCIS)",
        "Applications of people on parole decided without a judge.",
    ),
    "mpp_left_to_cross": month(
        (*RUN, *GROUP), "People who left Remain in Mexico to cross instead",
        "Personas que dejaron Quédate en México para cruzar",
        "Sent back to wait for a hearing, and gone on to try between the ports, where they may be "
        "expelled as anybody; nobody publishes it.",
    ),
    "mpp_closed": Variable(
        RUN, "cases per month", "Cases under Remain in Mexico closed",
        "Casos de Quédate en México cerrados", "Whatever the outcome.",
    ),
    "mpp_relief": Variable(
        RUN, "cases per month", "Remain in Mexico: asylum or other relief",
        "Quédate en México: asilo u otro alivio", "A part of the cases closed.",
    ),
    "mpp_absentia": Variable(
        RUN, "cases per month", "Remain in Mexico: ordered removed in absence",
        "Quédate en México: deportación ordenada en ausencia", "A part of the cases closed.",
    ),
}  # fmt: skip

WAITING: dict[str, Variable] = {
    "cbp_held": mean(
        RUN, "Adults and families held by CBP", "Personas adultas y familias en custodia de CBP",
        "Mean number over the days of the month.",
    ),
    "ice_held": mean(
        RUN, "People detained by ICE after a border arrest",
        "Personas en detención de ICE tras un arresto en la frontera",
        "Mean number over the days of the month; ICE's own arrests are not in the model.",
        "us.ice.detained",
    ),
    "held_mexico": mean(
        NATION, "People in Mexican stations", "Personas en estaciones migratorias mexicanas",
        "Mean number in stations of the migration institute.",
    ),
    "dif_held": mean(
        RUN, "Children and families in Mexican child protection (DIF)",
        "Niñez y familias en albergues del DIF", "Mean number over the days of the month.",
    ),
    "comar_waiting": mean(
        NATION, "People waiting for Mexico's refugee commission",
        "Personas en espera de la COMAR", "Mean number over the days of the month.",
    ),
    "ports_waiting": mean(
        (*RUN, "field_office"), "People at ports of entry and on their lists",
        "Personas en los puertos de entrada y en sus listas",
        "Mean number behind each field office; lists kept in Mexico were counted by researchers.",
    ),
    "app_waiting": mean(
        (*RUN, "field_office"), "People waiting for an appointment", "Personas en espera de cita",
        "Mean number of those who mean to enter at the ports of each field office.",
    ),
    "field_waiting": mean(
        SECTOR, "People stopped and waiting outdoors",
        "Personas detenidas que esperan a la intemperie",
        "Stopped by the Border Patrol and not yet taken in.",
    ),
    "mpp_waiting": mean(
        SECTOR, "People in Remain in Mexico", "Personas en Quédate en México",
        "Mean number sent back to wait opposite each sector.",
    ),
    "city_sheltered": mean(
        (*RUN, "city"), "People in the shelters of US cities",
        "Personas en albergues de ciudades de Estados Unidos",
        "Mean number over the days of the month.", "us.cities.nyc",
    ),
    "sheltered": mean(
        SECTOR, "Waiting in shelters of northern Mexico", "En albergues del norte de México",
        "Mean number opposite each sector.",
    ),
    "camped": mean(
        SECTOR, "Waiting in camps in northern Mexico", "En campamentos del norte de México",
        "Mean number opposite each sector.",
    ),
    "camped_by_unit": mean(
        (*RUN, "unit"), "Waiting in camps, by travel unit", "En campamentos, por forma de viaje",
        "Mean number; as many of each unit camp as of all who wait opposite the same sector.",
    ),
    "unsheltered": mean(
        SECTOR, "Waiting elsewhere in northern Mexico", "En otros lugares del norte de México",
        "Renting, in hotels or in the street: mean number opposite each sector.",
    ),
}  # fmt: skip
