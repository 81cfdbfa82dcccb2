"""The variables of a run's Dataset: dimensions, unit, names, meaning, and who counts the same.

A variable is read from the tally, measure or signal of its own name unless `of` names another; what
its dimensions leave out is summed. `observables` builds those few that are more than that.
"""

from __future__ import annotations

from caudal.corridor.described import GROUP, MOVEMENT, RUN, WAITING, Variable
from caudal.corridor.described_effects import COSTS, HARM, SIGNALS

CORE: dict[str, Variable] = {
    "encounters": Variable(
        (*RUN, "area", *GROUP), "encounters per month",
        "Encounters at the southwest land border", "Encuentros en la frontera terrestre suroeste",
        "Events, not people: whom Border Patrol stopped between ports (nine sectors) and whom "
        "field offices found inadmissible or processed at ports (four offices); both Titles, 8 "
        "and 42.",
        "us.encounters.area",
    ),
    "encounters_repeat_share": Variable(
        RUN, "share",
        "Share of tries between ports by people stopped before",
        "Proporción de intentos entre puertos de personas ya detenidas antes",
        "Of all tries to cross between ports, seen or not, those by people whom the Border Patrol "
        "had stopped and expelled or returned earlier; a model quantity near CBP's recidivism "
        "share.",
    ),
    "expulsions": Variable(
        (*RUN, *GROUP), "expulsions per month",
        "Expulsions under Title 42", "Expulsiones por el Título 42",
        "People stopped between ports and expelled to Mexico or flown home under Title 42; a part "
        "of encounters.",
        "us.encounters.area",
    ),
    "mpp_returns": Variable(
        (*RUN, *GROUP), "people per month",
        "People sent to wait in Mexico (MPP)", "Personas enviadas a esperar en México (MPP)",
        "People returned from the desk to wait in Mexico for a US hearing; a part of encounters.",
        "us.bookouts",
    ),
    "mexican_events": Variable(
        (*RUN, "nationality"), "events per month",
        "People apprehended or presented in Mexico",
        "Personas presentadas o canalizadas en México",
        "Events of people taken before the Mexican migration authority; one person may be counted "
        "several times.",
        "mx.events",
    ),
    "mexican_returns": Variable(
        (*RUN, "nationality"), "people per month",
        "People returned by Mexico", "Personas devueltas por México",
        "People whom Mexico sent back to their country of origin.",
        "mx.returns",
    ),
    "darien_crossings": Variable(
        (*RUN, "nationality"), "crossings per month",
        "People crossing the Darién", "Personas que cruzan el Darién",
        "People counted on leaving the Darién jungle northward.",
        "pa.darien",
    ),
    "departures": Variable(
        (*RUN, *GROUP), "people per month",
        "People who set out", "Personas que emprenden el viaje",
        "People who begin a journey, or who fly in on parole; nobody counts them.",
    ),
    "gotaways": Variable(
        RUN, "entries per month",
        "Known got-aways", "Evasiones conocidas",
        "Entries between ports of people who were seen or tracked and not stopped.",
        "us.gotaways.known", "unseen",
    ),
    "children_in_care": Variable(
        RUN, "children, mean of the month",
        "Unaccompanied children in HHS care",
        "Niñas y niños no acompañados al cuidado del HHS",
        "Mean number over the days of the month.",
        "us.children",
    ),
    "children_in_cbp_custody": Variable(
        RUN, "children, mean of the month",
        "Unaccompanied children in CBP custody",
        "Niñas y niños no acompañados en custodia de CBP",
        "Mean number over the days of the month.",
        "us.children",
    ),
    "children_transferred": Variable(
        RUN, "children per month",
        "Unaccompanied children taken into HHS care",
        "Niñas y niños no acompañados trasladados al HHS",
        "Children moved from CBP custody into the care of HHS in the month.",
    ),
    "waiting_north": Variable(
        (*RUN, "sector"), "people, mean of the month",
        "People waiting in northern Mexico", "Personas que esperan en el norte de México",
        "Mean number opposite each sector: about to try, stopped before, or sent back to wait "
        "(MPP). Model only: nobody publishes it.",
    ),
    "held_south": Variable(
        (*RUN, "nationality"), "people, mean of the month",
        "People held up in southern Mexico", "Personas varadas en el sur de México",
        "Mean number waiting, working or held up in the south. Model only: nobody publishes it.",
    ),
    "people": Variable(
        (*RUN, "stock"), "people",
        "People in each status at the end of the month",
        "Personas en cada situación al final del mes",
        "Statuses in which a journey ends hold everyone who reached them since January 2018.",
    ),
    "mexican_effort": Variable(
        RUN, "1 is the level of 2018",
        "Mexican effort", "Esfuerzo de México",
        "How hard Mexico tries to stop people on their way, at the end of the month; a signal of "
        "the model, learned from the Mexican events.", of="mx_effort",
    ),
}  # fmt: skip
"""What was counted first: the crossing, Mexico's stops, children, people in each status."""

VARIABLES: dict[str, Variable] = {**CORE, **MOVEMENT, **WAITING, **HARM, **COSTS, **SIGNALS}
"""Every variable of the Dataset, in its order."""
