"""The engines compared: what each holds, how its day goes, and what it cannot express."""

from __future__ import annotations

from dataclasses import dataclass, field

OBJECTS = "object per person"
COUNTS = "counts"
EQUATIONS = "differential equations"

WORKLOADS = ("chain", "border", "ensemble", "filter")
NO_FILTER = "no filter, and a run's state cannot be taken out, reweighted and put back"


@dataclass(frozen=True)
class Engine:
    """One engine.

    name        of its adapter, adapters/with_NAME.py, and of its requirements
    holds       OBJECTS, COUNTS or EQUATIONS
    hows        "expected", "sampled" or both
    step        which chain its day follows (`truth.STEPS`)
    border      how it lets in 300 a day (`truth.BORDERS`)
    lacks       workload → why it cannot be expressed
    own         whether it runs in Caudal's own environment
    people      numbers of people that are tried, one after another
    beside      whether it runs members beside one another: a few take about as long as many
    """

    name: str
    holds: str
    hows: tuple[str, ...]
    step: str
    border: str
    people: tuple[int, ...]
    lacks: dict[str, str] = field(default_factory=dict)
    own: bool = False
    beside: bool = False


FEW = (10_000, 100_000, 1_000_000)
LARGE = (1_000_000, 100_000_000)
FLAT = (10_000, 1_000_000, 100_000_000)
ALL = (10_000, 100_000, 1_000_000, 100_000_000)
BOTH = ("expected", "sampled")

ENGINES = (
    Engine("caudal", COUNTS, BOTH, "competing", "binomial", ALL, own=True),
    Engine("numpy_counts", COUNTS, BOTH, "competing", "exact", FLAT, own=True),
    Engine(
        "numpy_objects", OBJECTS, ("sampled",), "competing", "exact", FEW,
        {"filter": "an array entry per person and member: 10⁹ and more"}, own=True,
    ),
    Engine("summerepi2", EQUATIONS, ("expected",), "continuous", "exact", FLAT,
           {"filter": NO_FILTER}),
    Engine("pypomp", COUNTS, BOTH, "competing", "exact", LARGE, beside=True),
    Engine("epymorph", COUNTS, ("sampled",), "linear", "poisson", FLAT),
    Engine("starsim", OBJECTS, ("sampled",), "competing", "exact", FEW, {"filter": NO_FILTER}),
    Engine("mesa", OBJECTS, ("sampled",), "competing", "exact", FEW, {"filter": NO_FILTER}),
    Engine("flee", OBJECTS, ("sampled",), "repeated", "exact", FEW, {"filter": NO_FILTER}),
)  # fmt: skip
