"""Parts of the model card and the data card: figures out of committed tables."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from mechanism_docs import table

from caudal.ask.headlines import variables_of
from caudal.compute import posterior
from caudal.corridor import HERE, corridor

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results"
RANGES = {"1-2": "1–2 months", "3-6": "3–6 months", "7-12": "7–12 months"}
TARGETS = {
    "nationalities": "22 nationalities", "southwest": "southwest total", "unit": "travel units",
    "area": "sectors and field offices", "component": "between ports, at ports",
    "darien": "Darién", "mexican_events": "people stopped in Mexico",
    "children_in_care": "children in HHS care",
}  # fmt: skip


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path)


def _made(frame: pd.DataFrame) -> str:
    """With which data and code a table was made, in words."""
    names = (("data_vintage", "data"), ("code_version", "code"))
    said = [f"{name} {', '.join(sorted(set(frame[of])))}" for of, name in names if of in frame]
    return f"*Made with {', '.join(said)}.*"


def facts() -> str:
    """Of what the shipped draws and the shipped forecast were made."""
    forecast = json.loads((HERE / "posterior" / "forecast.json").read_text("utf-8"))["forecast"]
    draws = posterior.load(corridor().posterior)
    here = corridor()
    return (
        f"Shipped are {draws.draws} draws, learned from counts of {here.reports_from:%B %Y} to "
        f"{date.fromisoformat(forecast['origin_date']):%B %Y}, and a forecast of "
        f"{forecast['months']} months with {forecast['members']} members (data "
        f"{forecast['data_vintage']}, code {forecast['code_version']}, law as known until "
        f"{forecast['law_known_until']})."
    )


def skill() -> str:
    """Ratios of weighted interval scores, log scale, by target and range of months."""
    found = _read(HERE / "skill" / "skill.csv")
    found = found[(found["scale"] == "log") & found["horizon"].isin(RANGES)]
    rows = []
    for target, name in TARGETS.items():
        for mode in ("blind", "aware"):
            mine = found[(found["target"] == target) & (found["mode"] == mode)]
            cells = []
            for months in RANGES:
                here = mine[mine["horizon"] == months]
                walk = here[here["baseline"] == "log_random_walk"].iloc[0]
                best = here[here["best"]].iloc[0]
                cells += [f"{walk.ratio:.2f} ({walk.lo:.2f}–{walk.hi:.2f})", f"{best.ratio:.2f}"]
            rows.append([name, mode, *cells])
    heads = ["target", "mode"]
    for months in RANGES.values():
        heads += [f"{months}: to a walk (90 %)", "to the best"]
    return "\n".join([*table(heads, rows), "", _made(found)])


def short() -> str:
    """The README's few ratios, and what intervals and published figures held."""
    found = _read(HERE / "skill" / "skill.csv")
    found = found[(found["scale"] == "log") & found["horizon"].isin(RANGES)]
    rows = []
    for target, mode in (("nationalities", "blind"), ("nationalities", "aware"),
                         ("southwest", "blind"), ("area", "blind")):  # fmt: skip
        mine = found[(found["target"] == target) & (found["mode"] == mode)].set_index("horizon")
        walk = mine[mine["baseline"] == "log_random_walk"]
        best = mine[mine["best"]]
        rows.append(
            [f"{TARGETS[target]}, {mode}",
             *("{ratio:.2f} ({lo:.2f}–{hi:.2f})".format(**walk.loc[m]) for m in RANGES),
             " · ".join(f"{best.at[m, 'ratio']:.2f}" for m in RANGES)]
        )  # fmt: skip
    heads = ["", *(f"{words}: to a random walk (90 %)" for words in RANGES.values()), "to the best"]
    held = _read(HERE / "skill" / "coverage.csv")
    held = held[(held["mode"] == "blind") & (held["target"] == "nationalities")]
    held = held[held["horizon"].isin([str(month) for month in range(1, 13)])]
    weighed = (held["covered"] * held["counts"]).groupby(held["nominal"]).sum()
    share = weighed / held.groupby("nominal")["counts"].sum()
    figures = _read(HERE / "skill" / "headlines.csv")
    figures = figures[~figures["used"]]
    width = (figures["hi90"] / figures["lo90"]).replace(float("inf"), float("nan")).median()
    past = _read(HERE / "skill" / "past.csv.gz").dropna(subset="learned_to")["origin"]
    when = [f"{date.fromisoformat(f'{month}-01'):%B %Y}" for month in (past.min(), past.max())]
    text = (
        f"From {int(found['origins'].max())} months ({when[0]} to {when[1]}). Of the counts of "
        f"nationalities {share[0.5]:.0%} lay in the 50 % intervals and {share[0.9]:.0%} in the 90 % "
        f"intervals. Of {len(figures)} published figures that the fit never saw, "
        f"{figures['inside90'].mean():.0%} lie in the model's 90 % interval, whose median width is a "
        f"factor {width:.1f}."
    )
    return "\n".join([*table(heads, rows), "", re.sub(r"(\d)%", r"\1 %", text), "", _made(found)])


def coverage() -> str:
    """Shares of counts inside 50 % and 90 % intervals, blind."""
    found = _read(HERE / "skill" / "coverage.csv")
    found = found[(found["mode"] == "blind") & found["horizon"].isin(RANGES)]
    rows = []
    for target in ("nationalities", "southwest"):
        for months, words in RANGES.items():
            here = found[(found["target"] == target) & (found["horizon"] == months)]
            cells = [
                f"{r.covered:.0%} ({r.lo:.0%}–{r.hi:.0%})"
                for r in here.sort_values("nominal").itertuples()
            ]
            rows.append([TARGETS[target], words, *(c.replace("%", " %") for c in cells)])
    heads = ["target", "ahead", "50 % interval held (95 %)", "90 % interval held (95 %)"]
    return "\n".join([*table(heads, rows), "", _made(found)])


def headlines() -> str:
    """How many published figures lie in the 90 % interval, by whether the model was given them."""
    found = _read(HERE / "skill" / "headlines.csv")
    reads = {f.id: variables_of(f.quantity) for f in corridor().headlines}
    found["inside50"] = found["value"].between(found["lo50"], found["hi50"])
    rows = []
    for used, name in ((False, "not used: the model never saw them"), (True, "used")):
        here = found[found["used"] == used]
        width = (here["hi90"] / here["lo90"]).replace(float("inf"), float("nan")).median()
        votes = here.groupby(here["id"].map(reads))["inside90"].mean().mean()
        shares = [f"{x:.0%}".replace("%", " %")
                  for x in (here["inside50"].mean(), here["inside90"].mean(), votes)]  # fmt: skip
        rows.append([name, len(here), *shares, f"{width:.1f}"])
    heads = ["figures", "how many", "inside 50 %", "inside 90 %", "one vote a variable",
             "median width (upper over lower end)"]  # fmt: skip
    return "\n".join([*table(heads, rows), "", _made(found)])


def in_sample() -> str:
    """How far the shipped runs lie from the counts that they were learned from."""
    found = _read(RESULTS / "in_sample.csv").set_index("outcome")
    told = {
        "us.encounters.southwest": "encounters, southwest", "mx.events": "people stopped in Mexico",
        "us.expulsions": "expulsions under Title 42", "us.gotaways.known": "known got-aways",
        "us.children.hhs_care": "children in HHS care", "pa.darien.crossings": "Darién",
        "us.children.cbp_custody": "children in CBP custody (no weather speaks of it)",
    }  # fmt: skip
    rows = [
        [name, int(found.at[of, "months"]), f"{found.at[of, 'median_error']:.1%}".replace("%", " %"),
         f"{found.at[of, 'inside_90']:.0%}".replace("%", " %")]
        for of, name in told.items()
    ]  # fmt: skip
    heads = ["outcome", "months", "median relative error", "months inside 90 %"]
    return "\n".join([*table(heads, rows), "", _made(found)])


def stress() -> str:
    """Turns of policy that the forecasts had not seen."""
    found = _read(HERE / "skill" / "stress_sizes.csv")
    rows = []
    for row in found[found["scored"]].to_dict("records"):
        rows.append(
            [row["event"], row["group"], f"{row['observed']:.2f}",
             f"{row['predicted']:.2f} ({row['lo90']:.2f}–{row['hi90']:.2f})", f"{row['effect']:.2f}",
             "yes" if row["sign"] else "no", "yes" if row["inside"] else "no"]
        )  # fmt: skip
    heads = ["turn", "those hit", "counted after over before", "forecast (90 %)",
             "effect in the model", "sign right", "inside"]  # fmt: skip
    return "\n".join([*table(heads, rows), "", _made(found)])


def rests() -> str:
    """On what the answers to the standard questions rest."""
    found = _read(RESULTS / "effects.csv")
    found = found[(found["variant"] == "posterior") & (found["quantity"] == "encounters")]
    kinds = {"question": "single policies", "bundle": "bundles", "part": "parts of bundles"}
    rows = [
        [on, *(int(((found["kind"] == kind) & (found["rests_on"] == on)).sum()) for kind in kinds)]
        for on in ("the counts", "both", "the prior")
    ]
    moved = _read(RESULTS / "contraction.csv")
    text = (
        f"Of {len(moved)} values of parameters {(moved['contraction'] > 0.2).sum()} have lost more "
        f"than a fifth of their prior's variance to the counts, "
        f"{(moved['contraction'] > 0.5).sum()} more than half, and "
        f"{(moved['contraction'] < 0).sum()} have become less sure."
    )
    return "\n".join(
        [
            *table(["effect on encounters rests on", *kinds.values()], rows),
            "",
            text,
            "",
            _made(found),
        ]
    )


def _package() -> list[dict[str, Any]]:
    path = HERE / "series" / "datapackage.json"
    return json.loads(path.read_text("utf-8"))["resources"]


def _about(resource: dict[str, Any]) -> dict[str, Any]:
    return resource["caudal:provenance"]


def sources() -> str:
    """Publishers with their licences and how many of their series play which part."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for resource in _package():
        about = _about(resource)
        found[about["publisher"], about["licence"]].append(about)
    rows = []
    for (publisher, licence), listed in sorted(found.items()):
        roles = Counter(about["role"] for about in listed)
        told = ", ".join(f"{n} {role}" for role, n in sorted(roles.items()))
        rows.append([publisher, licence, told, ", ".join(sorted({a["read_on"] for a in listed}))])
    return "\n".join(table(["publisher", "licence", "series by role", "read"], rows))


def issues() -> str:
    """How many known issues of which kind, and of how many series."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for resource in _package():
        for issue in resource.get("caudal:issues", []):
            kinds[issue["name"]].append(resource["name"])
    rows = [[kind, len(of), len(set(of))] for kind, of in sorted(kinds.items())]
    rows.append(
        ["**all**", sum(map(len, kinds.values())), len({s for of in kinds.values() for s in of})]
    )
    return "\n".join(table(["issue", "told", "series"], rows))


def delays() -> str:
    """Whose publication delay is stated and whose is assumed."""
    listed = [_about(resource) for resource in _package()]
    assumed = sum("assumed" in about["delay_note"] for about in listed)
    return (
        f"{len(listed)} series are shipped. Of their publication delays {assumed} are assumed; the "
        "others rest on a schedule or on dates of editions that the publisher states."
    )


PARTS: dict[str, Callable[[], str]] = {
    "readme.skill": short,
    "card.facts": facts,
    "card.skill": skill,
    "card.coverage": coverage,
    "card.headlines": headlines,
    "card.in_sample": in_sample,
    "card.stress": stress,
    "card.rests": rests,
    "data.sources": sources,
    "data.issues": issues,
    "data.delays": delays,
}
