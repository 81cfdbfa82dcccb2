"""The model of the corridor: stocks and mechanisms, in the order a traveller meets them."""

from __future__ import annotations

from functools import cache

from caudal.corridor.groups import AXES, N_GROUPS
from caudal.corridor.mechanisms.border_waiting import border_waiting
from caudal.corridor.mechanisms.caravan import caravan
from caudal.corridor.mechanisms.children import children
from caudal.corridor.mechanisms.cities import cities
from caudal.corridor.mechanisms.costs import costs
from caudal.corridor.mechanisms.courts import courts
from caudal.corridor.mechanisms.crossing import crossing
from caudal.corridor.mechanisms.darien import darien
from caudal.corridor.mechanisms.departure import departure
from caudal.corridor.mechanisms.diplomacy import diplomacy
from caudal.corridor.mechanisms.expectation import expectation
from caudal.corridor.mechanisms.harm import harm
from caudal.corridor.mechanisms.interdiction import interdiction
from caudal.corridor.mechanisms.legal_pathways import legal_pathways
from caudal.corridor.mechanisms.mexican_protection import mexican_protection
from caudal.corridor.mechanisms.politics import politics
from caudal.corridor.mechanisms.processing import processing
from caudal.corridor.mechanisms.removal import removal
from caudal.corridor.mechanisms.smuggling import smuggling
from caudal.corridor.mechanisms.transit import transit
from caudal.corridor.mechanisms.unit_choice import unit_choice
from caudal.corridor.stocks import STOCKS, TALLIES
from caudal.engine.graph import Model

MECHANISMS = (
    departure, expectation, unit_choice, smuggling, darien, caravan, transit, interdiction,
    mexican_protection, border_waiting, crossing, processing, children, courts, removal, cities,
    legal_pathways, politics, diplomacy, harm, costs,
)  # fmt: skip


@cache
def model() -> Model:
    """The checked graph of the corridor."""
    return Model(STOCKS, MECHANISMS, TALLIES, N_GROUPS, AXES)
