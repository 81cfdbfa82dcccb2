"""Write docs/mechanisms/: one page a mechanism, made from its declaration, and the graph.

    python scripts/mechanism_docs.py           write the pages
    python scripts/mechanism_docs.py --check   say which pages are not current; exit 1 if any

tests/unit/test_mechanism_docs.py holds the committed pages to the code.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caudal.corridor import corridor, drivers
from caudal.corridor.measured import registry
from caudal.corridor.variables import VARIABLES
from caudal.engine.declare import Measure, Mechanism
from caudal.engine.draw import svg
from caudal.engine.priors import Prior
from caudal.errors import CaudalError

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "mechanisms"
NOTE = "<!-- Written by scripts/mechanism_docs.py from the code: change the code, then run it. -->"
FEW = 3
"""Values of a prior's centre that are written out; longer ones are computed, not chosen."""
LIMITS = "What it cannot say: "
LISTED = 4
"""Documents named beside a lever; `caudal policies list` has all."""
READ_FROM = {
    "encounters": ("encounters_land", "encounters_ports"),
    "encounters_repeat_share": ("encounters_repeat", "encounters_land", "unseen"),
}
"""Variables that are made of several tallies (`corridor.observables`)."""


def pages() -> dict[str, str]:
    """Every file of docs/mechanisms by name: an index, the picture, one page a mechanism."""
    model = corridor().model
    out = {"README.md": index(model.mechanisms), "graph.svg": svg(model)}
    for made in model.mechanisms:
        out[f"{made.name}.md"] = page(made)
    return out


def index(mechanisms: Sequence[Mechanism]) -> str:
    """The list of mechanisms, in the order in which a traveller meets them."""
    priors = corridor().priors
    rows = []
    for m in mechanisms:
        assumed = sum(priors[p].assumed for p in m.parameters)
        rows.append(
            [f"[{m.name}]({m.name}.md)", title(m), len(m.flows), len(m.gates), len(m.signals),
             len(m.measures), len(m.levers), f"{len(m.parameters)} ({assumed} assumed)",
             "yes" if m.off else "no"]
        )  # fmt: skip
    heads = ["mechanism", "what it does", "flows", "gates", "signals", "measures", "levers",
             "parameters", "can be switched off"]  # fmt: skip
    return "\n".join(
        [NOTE, "", "# Mechanisms", "", "![Stocks, flows and gates](graph.svg)", "",
         *table(heads, rows), "",
         "`caudal model mechanisms` prints this list, `caudal model check` holds it together, and",
         "[../model.md](../model.md) says how the engine moves people by it.", ""]
    )  # fmt: skip


def title(made: Mechanism) -> str:
    """What the first line of the file says after the name."""
    return made.doc.strip().splitlines()[0].partition(": ")[2].rstrip(".")


def page(made: Mechanism) -> str:
    """One mechanism: equation, what it owns and reads, levers, parameters, observables, limits."""
    told, limits, sources = parts(made.doc)
    first, _, rest = told.partition("\n")
    lines = [NOTE, "", f"# {made.name}", "", first, rest.rstrip(), ""]
    lines += ["## What it cannot say", "", limits, ""]
    lines += _section("Owns", ["part", "kind", "meaning"], _owned(made))
    lines += _section("Reads", ["name", "kind", "meaning"], _read(made))
    lines += _section("Levers", ["lever", "meaning", "set by"], _levers(made))
    lines += _section(
        "Parameters", ["name", "prior", "unit", "known on", "source", "off"], _parameters(made)
    )
    lines += _section("Observables", ["variable of a run", "speaks of its", "what it is", "series"],
                      _observables(made))  # fmt: skip
    lines += [f"Code: `src/caudal/corridor/mechanisms/{made.name}.py`. Sources: {sources}", ""]
    return "\n".join(lines)


def parts(doc: str) -> tuple[str, str, str]:
    """A mechanism's docstring as what it does, what it cannot say, and where its sources are.

    Limits begin with the paragraph that says "What it cannot say: "; without one, they are the last
    paragraph before the sources.
    """
    text, _, sources = doc.strip().rpartition("Sources:")
    told, found, limits = text.strip().partition(f"\n\n{LIMITS}")
    if not found:
        told, _, limits = text.strip().rpartition("\n\n")
    return told, limits[:1].upper() + limits[1:], sources.strip()


def _section(name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    return [f"## {name}", "", *(table(heads, rows) if rows else ["Nothing."]), ""]


def _owned(made: Mechanism) -> list[list[str]]:
    model = corridor().model
    meaning = {s.name: s.meaning for s in model.stocks}
    meaning |= {g.name: g.meaning for g in model.gates.values()}
    rows = [[f"`{f.name}`", "flow", f"to: {meaning[f.target]}"] for f in made.flows]
    for gate in made.gates:
        branches = ", ".join(f"{b} → `{t}`" for b, t in gate.branches.items())
        rows.append([f"`{gate.name}`", "gate", f"{gate.meaning}: {branches}"])
    rows += [
        [f"`{s.name}`", "signal", f"{s.meaning}{_by(s.dims)} ({s.unit})"] for s in made.signals
    ]
    rows += [
        [f"`{m.name}`", "measure", f"{m.meaning}{_by(m.dims)} ({_per(m)})"] for m in made.measures
    ]
    rows += [[f"`{w.name}`", "weather", f"{w.meaning}{_by(w.dims)}"] for w in made.weather]
    rows += [[f"`{n.name}`", "daily noise", f"{n.meaning}{_by(n.dims)}"] for n in made.noise]
    return rows


def _read(made: Mechanism) -> list[list[str]]:
    model = corridor().model
    known = {s.name: ("stock", s.meaning) for s in model.stocks}
    known |= {t.name: ("rate of the last step", t.meaning) for t in model.tallies}
    known |= {s.name: ("signal", s.meaning) for s in model.signals.values()}
    rows = [[f"`{name}`", *known[name]] for name in made.reads]
    rows += [[f"`{d}`", "driver", driver_meanings()[d]] for d in made.drivers]
    return rows


def driver_meanings() -> dict[str, str]:
    """Driver → what it is, of the rows in the docstring of corridor/drivers.py."""
    rows = re.findall(r"^(\w+) {2,}(.+)$", drivers.__doc__ or "", re.MULTILINE)
    told = {name: meaning.split("; ")[0] for name, meaning in rows}
    told |= dict(re.findall(r"; (\w+): (.+)$", drivers.__doc__ or "", re.MULTILINE))
    here = corridor()
    for name in here.drivers(here.begins, 1, None, {}):
        if name not in told:
            raise CaudalError(
                "corridor/drivers.py", f"no line about driver {name!r} in its docstring",
                "a line 'name  what it is', two spaces between",
            )  # fmt: skip
    return told


def _levers(made: Mechanism) -> list[list[str]]:
    """Each lever with its meaning and the documents that set it."""
    law, rows = corridor().law, []
    for lever in dict.fromkeys((*made.levers, *made.announced)):
        ids = [f"`{d.id}`" for d in law.documents if lever in d.design]
        more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
        name = f"`{lever}`" + (", also as announced" if lever in made.announced else "")
        meaning = law.levers[lever].meaning.en + _by(law.levers[lever].dims)
        rows.append([name, meaning, ", ".join(ids[:LISTED]) + more or "scenarios only"])
    return rows


def _observables(made: Mechanism) -> list[list[str]]:
    """Variables of a run's Dataset that speak of what the mechanism owns, and who counts the same."""
    tallies = {t.name: t for t in corridor().model.tallies}
    own = {f.name: "events" for f in made.flows}
    own |= {f"{g.name}.{b}": "events" for g in made.gates for b in g.branches}
    own |= {f.source: "people it moves on" for f in made.flows}
    own |= {s.name: "signal" for s in made.signals} | {m.name: "measure" for m in made.measures}
    rows = []
    for name, about in VARIABLES.items():
        read = READ_FROM.get(name, (about.of or name,))
        parts = [p.strip() for r in read if r in tallies for of in tallies[r].of
                 for p in of.split("&")]  # fmt: skip
        kinds = sorted({own[p] for p in (*read, *parts) if p in own})
        if kinds:
            rows.append([f"`{name}`", " and ".join(kinds), f"{about.en} ({about.units})",
                         _counted(name)])  # fmt: skip
    return rows


def _counted(variable: str) -> str:
    """The series that count a variable, checks marked; or that nobody counts it."""
    found = [
        f"`{series}`" + (" (check)" if entry.role == "check" else "")
        for series, entry in registry().items()
        if any(read.get("of") == variable for part in entry.parts for read in part.of)
    ]
    return ", ".join(found) or "no series"


def _parameters(made: Mechanism) -> list[list[Any]]:
    rows = []
    for name in made.parameters:
        prior = corridor().priors[name]
        source = f"{'assumed: ' if prior.assumed else ''}{' '.join(prior.source.split())}"
        off = f"{made.off[name]:g}" if name in made.off else ""
        rows.append([f"`{name}`", described(prior), prior.unit, prior.known_on, source, off])
    return rows


def described(prior: Prior) -> str:
    """The prior in words: form, centre on the parameter's own scale, spread, axes."""
    centre = np.atleast_1d(prior.value(prior.centre))
    if prior.sd == 0:
        return f"fixed {centre.ravel()[0]:g}"
    middle = (
        ", ".join(f"{v:,.4g}" for v in centre.ravel())
        if centre.size <= FEW
        else f"{centre.size} values read off counts"
    )
    scale = {"normal": "sd", "lognormal": "sd of the log", "logitnormal": "sd of the logit"}
    text = f"{prior.form}, median {middle}, {scale[prior.form]} {prior.sd:g}{_by(prior.dims)}"
    if prior.wide is not None:
        wide = np.atleast_1d(prior.wide.value(prior.wide.centre)).ravel()
        text += (
            f"; before it was known {', '.join(f'{v:,.4g}' for v in wide)}, sd {prior.wide.sd:g}"
        )
    return text


def _by(dims: Sequence[str]) -> str:
    return f", by {' and '.join(d.replace('_', ' ') for d in dims)}" if dims else ""


def _per(measure: Measure) -> str:
    return f"{measure.unit}, {'a day' if measure.how == 'sum' else 'mean of the month'}"


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """A Markdown table; bars inside cells are escaped."""

    def line(cells: Sequence[Any]) -> str:
        return "| " + " | ".join(str(c).replace("|", "\\|") for c in cells) + " |"

    return [line(heads), line(["---"] * len(heads)), *(line(r) for r in rows)]


def stale() -> list[str]:
    """Names of pages that are missing, differ from the code, or belong to no mechanism."""
    wanted = pages()
    there = {p.name for p in PAGES.iterdir()} if PAGES.is_dir() else set()
    return sorted(
        {n for n, text in wanted.items()
         if n not in there or (PAGES / n).read_text("utf-8") != text} | (there - set(wanted))
    )  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with --check only compare."""
    if "--check" in arguments:
        old = stale()
        print(
            "\n".join(f"docs/mechanisms/{n}: not current" for n in old) or "all pages are current"
        )
        return 1 if old else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    for lost in {p.name for p in PAGES.iterdir()} - set(wanted):
        (PAGES / lost).unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
