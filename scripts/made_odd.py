"""Parts of docs/odd.md: the model as its declarations say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mechanism_docs import described, driver_meanings, table, title

from caudal.corridor import corridor
from caudal.corridor import world as w
from caudal.corridor.drivers import CHANGEABLE, drivers

ROOT = Path(__file__).resolve().parents[1]
LABELS: dict[str, tuple[str, ...]] = {
    "nationality": tuple(f"{code} {w.NATIONALITY_NAMES[code][0]}" for code in w.NATIONALITIES),
    "unit": tuple(w.UNITS), "sector": tuple(w.SECTORS),
    "field_office": tuple(w.FIELD_OFFICES), "mode": tuple(w.MODES), "city": tuple(w.CITIES),
    "payer": tuple(w.PAYERS), "danger": tuple(w.DANGERS),
}  # fmt: skip
MADE_OF = {"group": "nationality × unit", "area": "sectors, then field offices"}


def _by(dims: tuple[str, ...]) -> str:
    return ", ".join(dims) or "–"


def size() -> str:
    """How much of everything there is."""
    here = corridor()
    model, law = here.model, here.law
    paths = len(model.paths)
    assumed = sum(prior.assumed for prior in here.priors.values())
    rows = [
        ("first day of a run, first month reported",
         f"{here.begins.day} {here.begins:%B %Y}, {here.reports_from:%B %Y}"),
        ("days ahead that announced law is read", here.announced_lead_days),
        ("mechanisms", len(model.mechanisms)),
        ("stocks, of these final", f"{len(model.stocks)}, {sum(s.final for s in model.stocks)}"),
        ("places of all stocks", model.n_rows),
        ("groups (nationality × travel unit)", model.groups),
        ("flows as declared, as paths through the gates",
         f"{sum(len(m.flows) for m in model.mechanisms)}, {paths}"),
        ("gates", len(model.gates)),
        ("signals", len(model.signals)),
        ("measures", len(model.measures)),
        ("tallies of a month", len(model.tallies)),
        ("weather latents, daily noises",
         f"{sum(len(m.weather) for m in model.mechanisms)}, "
         f"{sum(len(m.noise) for m in model.mechanisms)}"),
        ("parameters, of these assumed", f"{len(here.priors)}, {assumed}"),
        ("levers", len(law.levers)),
        ("policies and events", len(law.documents)),
    ]  # fmt: skip
    return "\n".join(table(["what", "how many"], rows))


def scales() -> str:
    """Every axis with its labels."""
    rows = []
    for axis, many in corridor().model.axes.items():
        labels = MADE_OF.get(axis) or ", ".join(LABELS[axis])
        rows.append([axis.replace("_", " "), many, labels])
    return "\n".join(table(["axis", "length", "labels"], rows))


def stocks() -> str:
    """Every stock: what it holds, where, and whether a journey ends there."""
    rows = []
    for stock in corridor().model.stocks:
        many = len(stock.places)
        places = "one" if many == 1 else f"{many}: {', '.join(stock.places)}"
        rows.append([f"`{stock.name}`", stock.meaning, places, "yes" if stock.final else ""])
    return "\n".join(table(["stock", "people who are", "places", "final"], rows))


def signals() -> str:
    """Every signal with its owner."""
    rows = [
        [f"`{s.name}`", s.meaning, s.unit, _by(s.dims), made.name]
        for made in corridor().model.mechanisms
        for s in made.signals
    ]
    return "\n".join(table(["signal", "meaning", "unit", "axes", "owner"], rows))


def flows() -> str:
    """Every flow in the order of its mechanism, and every gate with its branches."""
    rows = []
    for made in corridor().model.mechanisms:
        rows += [[f"`{flow.name}`", "flow", made.name] for flow in made.flows]
        for gate in made.gates:
            branches = ", ".join(f"{b} → `{t}`" for b, t in gate.branches.items())
            rows.append([f"`{gate.name}`: {branches}", "gate", made.name])
    return "\n".join(table(["part", "kind", "owner"], rows))


def chance() -> str:
    """Weather and daily noise with their spread."""
    here, rows = corridor(), []
    for made in here.model.mechanisms:
        for wet in made.weather:
            process = here.processes[wet.name]
            spread = "adapts to each nationality" if process.adaptive else f"{process.sd:g} a month"
            rows.append([f"`{wet.name}`", "weather, monthly", wet.meaning, _by(wet.dims), spread])
        rows += [
            [f"`{n.name}`", "daily noise", n.meaning, _by(n.dims), described(here.priors[n.sd])]
            for n in made.noise
        ]
    return "\n".join(table(["latent", "kind", "meaning", "axes", "sd of the log"], rows))


def inputs() -> str:
    """What comes from outside: drivers and documents."""
    here = corridor()
    kinds = Counter(document.kind for document in here.law.documents)
    meaning = driver_meanings()
    names = drivers(here.begins, 1)
    rows = [
        [f"`{name}`", meaning[name], "yes" if name in CHANGEABLE else "no"] for name in names
    ]  # fmt: skip
    return "\n".join(
        [*table(["driver", "meaning", "a scenario may change it"], rows), "",
         "Documents by kind: " + ", ".join(f"{k} {n}" for k, n in sorted(kinds.items())) + "."]
    )  # fmt: skip


def submodels() -> str:
    """The mechanisms in the order in which a traveller meets them."""
    here, rows = corridor(), []
    for made in here.model.mechanisms:
        assumed = sum(here.priors[p].assumed for p in made.parameters)
        rows.append(
            [f"[{made.name}](mechanisms/{made.name}.md)", title(made),
             len(made.flows) + len(made.gates), len(made.signals), len(made.measures),
             f"{len(made.parameters)} ({assumed})"]
        )  # fmt: skip
    heads = ["mechanism", "what it does", "flows and gates", "signals", "measures",
             "parameters (assumed)"]  # fmt: skip
    return "\n".join(table(heads, rows))


def patterns() -> str:
    """What the corridor must show, in the words of the tests that hold it to it."""
    rows = []
    mechanisms = {made.name for made in corridor().model.mechanisms} | {"harm_and_costs"}
    for path in sorted((ROOT / "tests" / "behaviour").glob("test_*.py")):
        name = path.stem.removeprefix("test_")
        if name not in mechanisms:
            continue
        shown = re.findall(r"^def test_(\w+)\(", path.read_text("utf-8"), re.MULTILINE)
        rows += [[name.replace("_", " "), one.replace("_", " ")] for one in shown]
    return "\n".join(table(["mechanism", "what must be seen"], rows))


PARTS: dict[str, Callable[[], str]] = {
    "odd.patterns": patterns,
    "odd.size": size,
    "odd.scales": scales,
    "odd.stocks": stocks,
    "odd.signals": signals,
    "odd.flows": flows,
    "odd.chance": chance,
    "odd.inputs": inputs,
    "odd.submodels": submodels,
}
