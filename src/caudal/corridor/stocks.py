"""The stocks, in the order a traveller meets them, and what is tallied of a month."""

from __future__ import annotations

from caudal.corridor.world import FIELD_OFFICES, SECTORS
from caudal.engine.declare import Stock, Tally

STOCKS: tuple[Stock, ...] = (
    Stock("darien", "in the Darién or at a reception station in Panama"),
    Stock("central_1", "crossing Costa Rica and Nicaragua, or landed in Managua"),
    Stock("central_2", "crossing Honduras, El Salvador or Guatemala"),
    Stock("south", "in southern Mexico, waiting, working or held up"),
    Stock("mexico_1", "travelling through Mexico, southern half"),
    Stock("mexico_2", "travelling through Mexico, northern half; Mexicans on their way"),
    Stock("held", "in custody of the Mexican migration institute (INM) or child protection (DIF)"),
    Stock("north_first", "at Mexico's northern border, not stopped in twelve months", SECTORS),
    Stock("north_repeat", "at Mexico's northern border, stopped before in twelve months", SECTORS),
    Stock("ports", "waiting for a port of entry, listed or booked", FIELD_OFFICES),
    Stock("mpp", "returned to wait in Mexico for a US hearing", SECTORS),
    Stock("cbp_custody", "adults and families held by CBP"),
    Stock("cbp_children", "unaccompanied children held by CBP"),
    Stock("hhs_care", "unaccompanied children in the care of HHS"),
    Stock("ice_detained", "detained by ICE after a border arrest"),
    Stock("returned", "sent back to the country of origin within the year"),
    Stock("us_released", "in the United States with a case before the courts", final=True),
    Stock("us_paroled", "admitted on parole", final=True),
    Stock("us_children", "unaccompanied children with a sponsor", final=True),
    Stock("us_unseen", "entered the United States without being stopped", final=True),
    Stock("mexico_settled", "settled in Mexico, for a time or for good", final=True),
    Stock("home", "gave up the journey or did not try again", final=True),
)

LAND = ("north_first → line", "north_repeat → line")

TALLIES: tuple[Tally, ...] = (
    Tally("departures", "people who set out", (
        "outside → darien", "outside → central_1", "outside → central_2", "outside → mexico_1",
        "outside → mexico_2", "outside → us_paroled",
    ), ("group",)),
    Tally("darien_crossings", "people counted out of the Darién", ("darien → central_1",), ("group",)),
    Tally("mexican_events", "people taken into Mexican migration custody", (
        "south → held", "mexico_1 → held", "mexico_2 → held",
    ), ("group",)),
    Tally("mexican_returns", "people returned by Mexico", ("held → returned",), ("group",)),
    Tally("encounters_land", "Border Patrol encounters", ("line.seen",)),
    Tally("encounters_repeat", "Border Patrol encounters of people stopped before in twelve months",
          ("north_repeat → line",), ("place", "group")),
    Tally("encounters_ports", "encounters at ports of entry", (
        "ports → us_paroled", "ports → returned",
    )),
    Tally("expulsions", "people expelled under Title 42", ("desk.expelled", "desk.flown"), ("group",)),
    Tally("mpp_returns", "people sent to wait in Mexico", ("desk.mpp",), ("group",)),
    Tally("unseen", "entries without being stopped", ("line.unseen",), ("place",)),
    Tally("children_transferred", "children taken into the care of HHS",
          ("cbp_children → hhs_care",), ()),
    Tally("children_in_care", "children in the care of HHS", ("hhs_care",), ()),
    Tally("children_in_cbp_custody", "children held by CBP", ("cbp_children",), ()),
    Tally("waiting_north", "people waiting at Mexico's northern border", (
        "north_first", "north_repeat", "mpp",
    ), ("place",)),
    Tally("held_south", "people held up in southern Mexico", ("south",), ("group",)),
)  # fmt: skip
