"""Tables that the page shows at once, shipped beside the code; scripts/shown.py makes them.

Each names the draws, the code and the data that it was made with, for those may be older than today's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from caudal.corridor import HERE
from caudal.errors import CaudalError
from caudal.service.answers import records

SHOWN = Path(__file__).resolve().parent / "shown"
OUTCOME = "us.encounters.southwest"
"""What the shipped attributions explain (scripts/attribution.py)."""
MADE = ("members", "draws", "code_version", "data_vintage")
BASIS = {"the prior": "prior", "both": "both", "the counts": "counts"}
"""What an effect rests on, as `caudal.ask.effects_told` says it, and as a key."""


def table(name: str) -> pd.DataFrame:
    """A shipped table. Raises CaudalError where it is not there."""
    try:
        return pd.read_csv(SHOWN / name, keep_default_na=False, na_values=[""])
    except OSError as broken:
        raise CaudalError(name, f"not readable ({broken})", "scripts/shown.py") from broken


def document(name: str) -> dict[str, Any]:
    """A shipped document. Raises CaudalError where it is not there."""
    try:
        return json.loads((SHOWN / name).read_text("utf-8"))
    except (OSError, ValueError) as broken:
        raise CaudalError(name, f"not readable ({broken})", "scripts/shown.py") from broken


def attributions() -> list[dict[str, Any]]:
    """The shipped attributions, each in the form of an attribute job's result."""
    from caudal.ask.attribute_told import COLUMNS

    out = []
    for (start, end), part in table("attribution.csv").groupby(["from", "to"], sort=False):
        one = records(part)[0]
        about = {name: one[name] for name in ("counted_from", "counted_to", "modelled_from",
                                              "modelled_to", "members", "runs")}  # fmt: skip
        members = int(one["members"])
        command = f"caudal attribute --outcome {OUTCOME} --from {start} --to {end}"
        python = (
            f"import caudal\nds = caudal.attribute({OUTCOME!r}, start={start!r}, end={end!r}, "
            f"members={members})"
        )
        said = {
            "outcome": OUTCOME, "from": start, "to": end, **about, "method": "exact",
            "recipe_command": f"{command} --members {members}", "recipe_python": python,
            "code_version": one["code_version"], "data_vintage": one["data_vintage"],
            "posterior": one["draws"],
        }  # fmt: skip
        out.append({"attribution": said, "rows": records(part[list(COLUMNS)])})
    return out


def effects() -> dict[str, Any]:
    """What policies did: each question's answer before and after the counts, and at other weather.

    A part of a bundle that the counts do not tell apart is answered by the bundle (`told: jointly`).
    """
    from caudal.ask.effects_asked import load

    asked, _ = load(HERE / "effects.yaml")
    rows = table("effects.csv")
    bundles = {b.id: b for b in asked.bundles}
    questions = []
    for question in asked.questions:
        mine = rows[rows["question"] == question.id]
        bundle = bundles.get(getattr(question, "bundle", None) or "")
        told = "alone" if bundle is None else str(mine["reported"].iloc[0])
        if bundle is not None and told == "jointly":
            mine = rows[(rows["asked"] == bundle.id) & (rows["kind"] == "bundle")]
        first = mine.iloc[0]
        questions.append(
            {
                "id": question.id,
                "name": {"en": question.en, "es": question.es},
                "identified_by": {"en": question.identified_by.en, "es": question.identified_by.es},
                "from": first["from"], "until": first["until"], "expected": first["expected"],
                "told": told,
                "bundle": None if bundle is None else {"en": bundle.en, "es": bundle.es},
                "answers": [_answer(part) for _, part in mine.groupby("quantity", sort=False)],
            }
        )  # fmt: skip
    return {
        "quantities": [
            {"id": name, "name": {"en": q.en, "es": q.es}, "unit": q.unit}
            for name, q in asked.quantities.items()
        ],
        "questions": questions,
        **{name: rows[name].iloc[0] for name in MADE},
    }


def _answer(rows: pd.DataFrame) -> dict[str, Any]:
    """One quantity of a question: its effect by variant of the draws, and what that rests on."""
    told = {row["variant"]: row for row in records(rows)}
    after = told["posterior"]
    fields = {"was": "was", "effect": "effect", "lo90": "low90", "hi90": "high90",
              "percent": "percent"}  # fmt: skip
    return {
        "quantity": after["quantity"],
        "variants": {
            name: {short: row[long] for short, long in fields.items()}
            for name, row in told.items()
        },
        "contraction": after["contraction"],
        "contraction_percent": after["contraction_percent"],
        "rests_on": BASIS.get(after["rests_on"] or "", "prior"),
        "holds": {"yes": True, "no": False}.get(after["holds"] or ""),
    }  # fmt: skip
