"""Effects as a table: prior against posterior, at half and double the weather's variance, bundles.

    contraction          1 − var(posterior effect) / var(prior effect)
    contraction_percent  the same of the effect in percent of the history without, which has less of
                         the level in it
    rests_on             by the smaller of the two: the prior up to `LITTLE`, the counts from `MUCH`
    holds                whether the medians at half and at double the weather's variance have the
                         posterior's sign and lie inside its 90 % interval

A bundle's parts are each taken out alone, and all together (the joint effect); interaction is the
joint effect less the sum of its parts. Parts are told apart only where no two of their posterior
effects correlate by `TOGETHER` or more and each contracts by more than `LITTLE`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from caudal.ask.effects import Found, Runs
from caudal.ask.effects_asked import MAIN, Asked, Effect

TOGETHER = 0.7
"""Correlation from which two parts are one to the posterior: assumed, before any run."""
LITTLE, MUCH = 0.2, 0.75
"""Contraction up to which an effect rests on its prior, and from which on the counts: assumed."""
VARIANTS = ("prior", "posterior", "half", "double")
COLUMNS = (
    "question", "asked", "kind", "quantity", "unit", "from", "until", "expected", "reported",
    "variant", "was", "effect", "sd", "low90", "high90", "percent", "sd_percent", "contraction",
    "contraction_percent", "rests_on", "holds", "constants",
)  # fmt: skip
Row = dict[str, Any]


def told(
    asked: Asked,
    effects: Sequence[Effect],
    found: Mapping[str, Found],
    constants: Mapping[str, Mapping[str, float]],
) -> list[Row]:
    """Rows (COLUMNS) of every effect, quantity and variant, bundles with interaction and correlations.

    found      variant → runs; "prior" and "posterior" are needed
    constants  the posterior's `about["constants"]`: name, or name[i], → {mean, sd}
    """
    asks = {f"{q.bundle}/{q.part}" if q.bundle else q.id: q.id for q in asked.questions}
    bundles = {b.id: _bundle(b.id, [f"{b.id}/{p.id}" for p in b.parts], found)
               for b in asked.bundles}  # fmt: skip
    rows: list[Row] = []
    for effect in effects:
        head = {
            "question": asks.get(effect.id, ""), "asked": effect.id, "kind": effect.kind,
            "from": effect.period[0], "until": effect.period[1], "expected": effect.expected,
            "reported": _reported(effect, bundles),
        }  # fmt: skip
        for name in effect.quantities:
            mark = {"quantity": name, "unit": asked.quantities[name].unit}
            rows += _effect(effect, name, found, head | mark, constants)
        if effect.kind == "bundle":
            rows += bundles[effect.id].rows(head | {"unit": asked.quantities[MAIN].unit})
    return rows


def _reported(effect: Effect, bundles: Mapping[str, Together]) -> str:
    if effect.kind != "part":
        return ""
    return "alone" if bundles[effect.id.partition("/")[0]].apart else "jointly"


def _effect(
    effect: Effect, name: str, found: Mapping[str, Found], head: Row,
    constants: Mapping[str, Mapping[str, float]],
) -> list[Row]:  # fmt: skip
    runs = {v: found[v][effect.id, name] for v in VARIANTS if v in found}
    prior, rows = runs["prior"], []
    for variant, one in runs.items():
        row = head | {"variant": variant, "was": float(np.median(one.was))} | spread(one.people)
        row |= {"percent": _median(one.percent), "sd_percent": _sd(one.percent)}
        if variant != "prior":
            shrunk = contraction(prior.people, one.people)
            of_percent = contraction(prior.percent, one.percent)
            row |= {"contraction": shrunk, "contraction_percent": of_percent,
                    "rests_on": rests_on(shrunk, of_percent)}  # fmt: skip
        if variant == "posterior":
            row |= {"holds": holds(runs), "constants": _constants(effect.constants, constants)}
        rows.append(row)
    return rows


def spread(draws: np.ndarray) -> dict[str, float]:
    """Median, sd and 90 % interval of an effect's draws."""
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return {"effect": float(middle), "sd": float(draws.std(ddof=1)), "low90": float(low),
            "high90": float(high)}  # fmt: skip


def _median(draws: np.ndarray) -> float:
    seen = draws[np.isfinite(draws)]
    return float(np.median(seen)) if len(seen) else float("nan")


def _sd(draws: np.ndarray) -> float:
    seen = draws[np.isfinite(draws)]
    return float(seen.std(ddof=1)) if len(seen) > 1 else float("nan")


def contraction(prior: np.ndarray, posterior: np.ndarray) -> float:
    """1 − posterior over prior variance; NaN where the prior effect does not vary.

    >>> contraction(np.array([0.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]))
    0.75
    """
    before = _sd(prior) ** 2
    return 1 - _sd(posterior) ** 2 / before if before > 0 else float("nan")


def rests_on(*contractions: float) -> str:
    """What an effect rests on, by the smallest of its contractions; one that is NaN says nothing.

    >>> rests_on(0.9, 0.8), rests_on(0.9, 0.5), rests_on(0.9, 0.1), rests_on(float("nan"))
    ('the counts', 'both', 'the prior', 'the prior')
    """
    shrunk = min((c for c in contractions if np.isfinite(c)), default=0.0)
    return "the counts" if shrunk >= MUCH else "both" if shrunk > LITTLE else "the prior"


def holds(runs: Mapping[str, Runs]) -> str:
    """Whether the effect survives more and less free weather: yes, no, or not run."""
    others = [runs[v] for v in ("half", "double") if v in runs]
    if len(others) < 2:
        return "not run"
    middle = np.median(runs["posterior"].people)
    low, high = np.quantile(runs["posterior"].people, [0.05, 0.95])
    medians = np.array([np.median(r.people) for r in others])
    same = np.sign(medians) == np.sign(middle)
    return "yes" if (same & (low <= medians) & (medians <= high)).all() else "no"


def _constants(names: Sequence[str], learned: Mapping[str, Mapping[str, float]]) -> str:
    """Each constant's contraction, 1 − sd²; of one with several values their mean; – if not learned."""
    out = []
    for name in names:
        sds = [v["sd"] for k, v in learned.items() if k.partition("[")[0] == name]
        shown = f"{np.mean([1 - sd**2 for sd in sds]):.2f}" if sds else "–"
        out.append(f"{name} {shown}")
    return "; ".join(out)


@dataclass(frozen=True)
class Together:
    """How far a bundle's parts can be told apart, in the main quantity.

    parts         their ids; contractions as `rests_on` takes them, the smallest of each part
    interaction   variant → joint effect less the sum of the parts', (member,)
    correlation   of the parts' posterior effects, (part, part); 1 where a part never varies
    """

    parts: tuple[str, ...]
    contractions: tuple[float, ...]
    interaction: Mapping[str, np.ndarray]
    correlation: np.ndarray

    @property
    def apart(self) -> bool:
        """Whether the rule lets the parts be reported one by one."""
        strongest = np.abs(self.correlation[np.triu_indices(len(self.parts), 1)]).max()
        return bool(strongest < TOGETHER) and all(c > LITTLE for c in self.contractions)

    def rows(self, head: Row) -> list[Row]:
        """Interaction by variant, and each pair's correlation under the posterior."""
        out = [
            head
            | {"kind": "interaction", "quantity": MAIN, "variant": v, "expected": ""}
            | spread(x)
            for v, x in self.interaction.items()
        ]
        for (i, one), (j, other) in combinations(enumerate(self.parts), 2):
            pair = f"{one} × {other.partition('/')[2]}"
            out.append(
                head | {"kind": "correlation", "asked": pair, "quantity": MAIN, "expected": "",
                        "unit": "correlation", "variant": "posterior",
                        "effect": float(self.correlation[i, j])}
            )  # fmt: skip
        return out


def _bundle(name: str, parts: Sequence[str], found: Mapping[str, Found]) -> Together:
    def people(variant: str) -> np.ndarray:
        return np.stack([found[variant][p, MAIN].people for p in parts])

    smallest = []
    for part in parts:
        prior, posterior = (found[v][part, MAIN] for v in ("prior", "posterior"))
        both = (contraction(prior.people, posterior.people),
                contraction(prior.percent, posterior.percent))  # fmt: skip
        smallest.append(min((c for c in both if np.isfinite(c)), default=0.0))
    interaction = {
        v: found[v][name, MAIN].people - people(v).sum(0) for v in VARIANTS if v in found
    }
    return Together(tuple(parts), tuple(smallest), interaction, correlated(people("posterior")))


def correlated(draws: np.ndarray) -> np.ndarray:
    """Correlation of effects (part, member); a part that never varies counts as one with all others.

    >>> correlated(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [5.0, 5.0, 5.0]])).round(1).tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    moves = draws.std(1) > 0
    out = np.ones((len(draws), len(draws)))
    if moves.sum() > 1:
        out[np.ix_(moves, moves)] = np.corrcoef(draws[moves])
    return out
