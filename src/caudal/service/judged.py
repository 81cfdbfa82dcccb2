"""The shipped ledgers with their verdicts, judged beforehand, so that reading them takes no seconds.

`scripts/claims_judged.py` writes the file. What rests on counts is used as long as nothing it rests on
has changed (`basis`, data vintage), else it is judged anew. Causes need runs of minutes: theirs are
shown as they were run, with the versions of code and data, and whether these are today's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from caudal.corridor import corridor
from caudal.report.strings import strings
from caudal.service.answers import json_bytes

FILE = "judged.json"
PACKAGE = Path(__file__).resolve().parents[1]
RESTS_ON = (
    "corridor/claims/*.yaml", "corridor/policies/*.yaml", "corridor/headlines.yaml",
    "ask/claims*.py", "report/claims_asked.py", "report/claims_words.py",
)  # fmt: skip
"""Files whose change may change a verdict from counts, or its words; and the texts `claims.…`."""
BESIDE = {"claims_new.py"}
"""Files of claims that judge nothing."""


def place() -> Path:
    """The shipped file, beside the ledgers."""
    return corridor().claims.folder / FILE


@cache
def shipped() -> dict[str, Any] | None:
    """What the file holds: about, documents by id, claims in order; None where there is none."""
    path = place()
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


@cache
def basis() -> str:
    """A hash of what verdicts from counts rest on, but for the data."""
    digest = hashlib.sha256()
    for pattern in RESTS_ON:
        for path in sorted(p for p in PACKAGE.glob(pattern) if p.name not in BESIDE):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    said = {lang: {k: v for k, v in texts.items() if k.startswith("claims.")}
            for lang, texts in strings().items()}  # fmt: skip
    digest.update(json.dumps(said, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def current(vintage: str) -> bool:
    """Whether the shipped verdicts from counts are those that would be found today."""
    held = shipped()
    about = held["about"] if held else {}
    return (about.get("basis"), about.get("data_vintage")) == (basis(), vintage)


def made_now(members: int, vintage: str) -> dict[str, Any]:
    """What names the runs of causes as they would be made today."""
    from caudal.compute.store import code_version, file_hash

    return {
        "members": members, "code_version": code_version(), "data_vintage": vintage,
        "posterior": file_hash(corridor().posterior)[:12],
    }  # fmt: skip


def dated(verdict: Mapping[str, Any], made: Mapping[str, Any], vintage: str) -> dict[str, Any]:
    """A verdict from runs with what made it, and whether that is today's code, data and draws."""
    today = made_now(int(made["members"]), vintage)
    return {**verdict, "made": {**made, "current": dict(made) == today}}


def causes(tests: Mapping[str, Any], vintage: str) -> dict[str, dict[str, Any]]:
    """Shipped verdicts of causes whose tests are still those that were run.

    tests  claim id → its test as a plain mapping
    """
    held = shipped()
    if held is None:
        return {}
    made = held["about"]["causes"]
    return {
        row["claim"]["id"]: dated(row["verdict"], made, vintage)
        for row in held["claims"]
        if is_cause(row["claim"]) and plain(tests.get(row["claim"]["id"])) == row["claim"]["test"]
    }


def is_cause(claim: Mapping[str, Any]) -> bool:
    """Whether a claim, as a plain mapping, is tested by runs."""
    return bool(claim["test"]) and "without" in claim["test"]


def plain(value: Any) -> Any:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value, default=str))


def told(entry: Any, verdict: Mapping[str, Any] | None) -> dict[str, Any]:
    """A claim with its test in words and its verdict, as the service tells it."""
    from caudal.ask import claims_rules
    from caudal.report.claims_asked import asked

    return {
        "claim": entry.claim.model_dump(mode="json"),
        "document": entry.document.model_dump(mode="json"),
        "asked": asked(entry.claim, claims_rules),
        "verdict": verdict,
    }


def draw(entry: Any, counts: Any) -> dict[str, Any]:
    """The counts around a claim, with four digits beyond the point at most."""
    from caudal.ask.claims_drawn import drawn

    shown = drawn(entry.claim.test, counts)
    points = [
        {**p, "value": None if p["value"] is None else round(p["value"], 4)}
        for p in shown["points"]
    ]
    return {**shown, "points": points}


def document(rows: Iterable[Mapping[str, Any]], about: Mapping[str, Any]) -> str:
    """The file's text: one claim a line, so that a change shows what it changed."""
    rows = list(rows)
    documents = {row["document"]["id"]: row["document"] for row in rows}
    lines = [_line({**row, "document": row["document"]["id"]}) for row in rows]
    head, known, body = _line(about), _line(documents), ",\n".join(lines)
    return f'{{"about": {head},\n"documents": {known},\n"claims": [\n{body}\n]}}\n'


def _line(value: Any) -> str:
    return json_bytes(value).decode("utf-8")


def row(claim: Mapping[str, Any], document: Mapping[str, Any],
        verdict: Mapping[str, Any] | None) -> dict[str, Any]:  # fmt: skip
    """A claim in short, with the fields of `caudal claims list --json` and its verdict.

    verdict  None for a cause whose runs were not made; made: what made a cause's runs, else None
    under    the reading of the words that decided, where it is not the claim's own
    """
    return {
        "id": claim["id"], "document": document["id"], "outlet": document["outlet"],
        "published": document["published"], "rows": list(claim["rows"]),
        "said_by": claim["said_by"]["who"], "on": claim["on"]["written"], "kind": claim["kind"],
        "text": claim["text"], "tested": claim["test"] is not None,
        "verdict": verdict["verdict"] if verdict else None,
        "reason": verdict["reason"] if verdict else None,
        "under": verdict.get("under") if verdict else None,
        "words": verdict["words"] if verdict else None,
        "made": verdict.get("made") if verdict else None,
    }  # fmt: skip
