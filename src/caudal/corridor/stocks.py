"""The stocks, in the order a traveller meets them, and what is tallied of a month."""

from __future__ import annotations

from caudal.corridor.world import CITIES, FIELD_OFFICES, SECTORS
from caudal.engine.declare import Stock, Tally

STOCKS: tuple[Stock, ...] = (
    Stock("darien", "in the Darién or at a reception station in Panama"),
    Stock("central_1", "crossing Costa Rica and Nicaragua, or landed in Managua"),
    Stock("central_2", "crossing Honduras, El Salvador or Guatemala"),
    Stock("caravan", "walking together in a caravan, from Honduras or from Tapachula"),
    Stock("south", "in southern Mexico, waiting, working or held up"),
    Stock("comar", "in southern Mexico, waiting for a decision of the refugee commission (COMAR)"),
    Stock("mexico_1", "travelling through Mexico, southern half"),
    Stock("mexico_2", "travelling through Mexico, northern half; Mexicans on their way"),
    Stock("held", "in a station of the Mexican migration institute (INM)"),
    Stock("dif", "children and families in shelters of Mexican child protection (DIF)"),
    Stock("north_first", "at Mexico's northern border, not stopped in twelve months", SECTORS),
    Stock("north_repeat", "at Mexico's northern border, stopped before in twelve months", SECTORS),
    Stock("ports", "at a port of entry or on its waiting list", FIELD_OFFICES),
    Stock("app_queue", "waiting in Mexico for an appointment at a port", FIELD_OFFICES),
    Stock("mpp", "returned to wait in Mexico for a US hearing", SECTORS),
    Stock("field", "stopped between ports, not yet taken in and processed", SECTORS),
    Stock("lateral", "being flown or bussed by the US to another stretch of the border"),
    Stock("cbp_custody", "adults and families held by CBP"),
    Stock("cbp_children", "unaccompanied children held by CBP"),
    Stock("hhs_care", "unaccompanied children in the care of HHS"),
    Stock("ice_detained", "detained by ICE after a border arrest"),
    Stock("returned", "sent back to the country of origin within the year"),
    Stock("southbound", "gave up and going back south"),
    Stock("city_shelter", "in the shelters of a US city", CITIES),
    Stock("us_released", "in the United States with a case before the courts", final=True),
    Stock("us_paroled", "admitted on parole", final=True),
    Stock("us_children", "unaccompanied children with a sponsor", final=True),
    Stock("us_unseen", "entered the United States without being stopped", final=True),
    Stock("third_country", "transferred by the US to a third country", final=True),
    Stock("mexico_settled", "settled in Mexico, for a time or for good", final=True),
    Stock("home", "gave up the journey or did not try again", final=True),
)

TAKEN = ("south → taken", "mexico_1 → taken", "mexico_2 → taken", "north_first → taken")
EXPELLED = ("desk.expelled", "desk.lateral", "desk.south", "desk.flown")
CHILD = "unaccompanied_child"
ADULT = "single_adult"

TALLIES: tuple[Tally, ...] = (
    Tally("departures", "people who set out", (
        "outside → darien", "outside → central_1", "outside → central_2", "outside → mexico_1",
        "outside → mexico_2", "outside → us_paroled",
    ), ("group",)),
    Tally("darien_crossings", "people counted out of the Darién", ("darien → central_1",), ("group",)),
    Tally("honduras_entries", "people entering Honduras from the south",
          ("central_1 → central_2",), ("group",)),
    Tally("caravan_joined", "people who joined a caravan",
          ("central_2 → caravan", "south → caravan"), ("group",)),
    Tally("mexican_events", "people taken into Mexican migration custody", TAKEN, ("group",)),
    Tally("mexican_returns", "people returned by Mexico",
          ("held → returned", "dif → returned"), ("group",)),
    Tally("moved_south", "people brought or sent to southern Mexico by its authorities",
          ("held → south", "dif → south"), ("group",)),
    Tally("mexican_claims", "people who asked for asylum in Mexico", ("south → comar",), ("group",)),
    Tally("mexican_grants", "people recognised by Mexico",
          ("comar → mexico_settled",), ("group",)),
    Tally("encounters_land", "Border Patrol encounters", ("line.seen",)),
    Tally("encounters_repeat", "Border Patrol encounters of people stopped before in twelve months",
          ("north_repeat → line & line.seen",), ("place", "group")),
    Tally("encounters_ports", "encounters at ports of entry", (
        "ports → us_paroled", "ports → returned", "app_queue → us_paroled", "app_queue → returned",
    )),
    Tally("appointments_kept", "people let in by appointment",
          ("app_queue → us_paroled",), ("group",)),
    Tally("expulsions", "people expelled under Title 42", EXPELLED),
    Tally("mpp_returns", "people sent to wait in Mexico", ("desk.mpp",)),
    Tally("mpp_left_to_cross", "people who left Remain in Mexico to cross instead",
          ("mpp → north_repeat",)),
    Tally("unseen", "entries without being stopped", ("line.unseen",), ("place",)),
    Tally("releases", "people released into the United States with a case",
          ("custody_out.released", "custody_out.crowded", "ice_detained → released"), ("group",)),
    Tally("crowding_releases", "of these, released because custody was full",
          ("custody_out.crowded",), ("group",)),
    Tally("removals", "people returned or removed under ordinary law", (
        "desk.returned", "custody_out.returned", "custody_out.mexico", "ice_detained → returned",
        "custody_out.third_country",
    ), ("group",)),
    Tally("separations", "people in families who were separated by the authorities", (
        f"cbp_custody → cbp_children as {CHILD}", f"cbp_custody → ice_detained as {ADULT}",
    ), ("group",)),
    Tally("self_separations", "children sent on alone from the border", (
        f"mpp → north_first as {CHILD}", f"north_repeat → north_first as {CHILD}",
    ), ("group",)),
    Tally("southbound_home", "people who went back south", ("southbound → home",), ("group",)),
    Tally("parole_arrivals", "people who fly in on parole", ("outside → us_paroled",), ("group",)),
    Tally("ice_book_ins", "people handed over to ICE detention", (
        "custody_out.detained", f"cbp_custody → ice_detained as {ADULT}",
    ), ("group",)),
    Tally("children_discharged", "children placed with a sponsor", ("hhs_care → us_children",), ()),
    Tally("children_transferred", "children taken into the care of HHS",
          ("cbp_children → hhs_care",), ()),
    Tally("children_in_care", "children in the care of HHS", ("hhs_care",), ()),
    Tally("children_in_cbp_custody", "children held by CBP", ("cbp_children",), ()),
    Tally("cbp_held", "adults and families held by CBP", ("cbp_custody",), ("group",)),
    Tally("ice_held", "people detained by ICE after a border arrest", ("ice_detained",), ("group",)),
    Tally("held_mexico", "people in Mexican stations", ("held",), ("group",)),
    Tally("dif_held", "children and families in DIF shelters", ("dif",), ("group",)),
    Tally("comar_waiting", "people waiting for COMAR", ("comar",), ("group",)),
    Tally("ports_waiting", "people at ports and on their lists", ("ports",), ("place",)),
    Tally("app_waiting", "people waiting for an appointment", ("app_queue",), ("place",)),
    Tally("field_waiting", "people stopped and waiting outdoors", ("field",), ("place",)),
    Tally("mpp_waiting", "people in Remain in Mexico", ("mpp",), ("place",)),
    Tally("waiting_north", "people waiting at Mexico's northern border", (
        "north_first", "north_repeat", "mpp",
    ), ("place",)),
    Tally("held_south", "people held up in southern Mexico", ("south", "comar"), ("group",)),
    Tally("city_sheltered", "people in city shelters", ("city_shelter",), ("place",)),
)  # fmt: skip
