"""Drafts as a ledger: one claim a number or causal sentence, to be mended and confirmed by a person.

The ledger is valid as it stands (docs/claims.md). Every claim's `note` says that it is a draft, how
sure the reader is and where in the text it stands; the comment above it shows the words there.
Whoever has read and mended a claim takes its note away.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import yaml

from caudal.ask.claims_names import whole
from caudal.ask.claims_time import Period
from caudal.ask.reading.reader import Cause, Found, Reading
from caudal.ask.reading.source import fold
from caudal.ask.reading.words import Both, paraphrase
from caudal.ask.reading.written import Written
from caudal.data.store import open_table
from caudal.errors import CaudalError
from caudal.policy.marks import shown

WHY = {
    "series": (
        "Draft: no published series or figure was found for this number.",
        "Borrador: no se encontró serie ni cifra publicada para este número.",
    ),
    "period": (
        "Draft: the text names no period for this number.",
        "Borrador: el texto no nombra un periodo para este número.",
    ),
    "group": (
        "Draft: the series does not tell the nationality apart; name another series.",
        "Borrador: la serie no distingue la nacionalidad; nombre otra serie.",
    ),
    "cut": (
        "Draft: the period read is not made of whole points of the series; name another.",
        "Borrador: el periodo leído no se compone de puntos enteros de la serie; nombre otro.",
    ),
    "relative": (
        "Draft: a share, change, rate or ratio; write it as a trend or a ratio of two quantities.",
        "Borrador: una proporción, un cambio, una tasa o una razón; escríbase como tendencia o razón.",
    ),
    "cause": (
        "Draft: name the scenario that takes the cause away, or say why no run can judge it.",
        "Borrador: nombre el escenario que quita la causa, o diga por qué ningún cálculo la juzga.",
    ),
}
HEAD = """\
# Draft, proposed by `caudal claims read` from {file}; nothing here is confirmed.
# Read each claim against the text, mend it, and take its note away; delete what is none.
# Then say where the outlet stands (document.stance) and run `caudal claims check`.
"""


def write_draft(reading: Reading, path: Path, outlet: str | None = None) -> int:
    """Write the draft ledger, whole or not at all; the number of its claims.

    outlet  who printed it; the text's first line when None
    Raises CaudalError where the file stands already, the text bears no day, or nothing was found.
    """
    if path.exists():
        raise CaudalError(f"--to {shown(path)}", "is there already", "a file that does not exist")
    if not path.parent.is_dir():
        raise CaudalError(
            f"--to {shown(path)}", "no such folder", "a file in a folder that is there"
        )
    text, count = draft_text(reading, outlet)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".draft-", suffix=".yaml")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.link(temporary, path)  # unlike a rename, refuses a file that has come up meanwhile
    except FileExistsError:
        where = f"--to {shown(path)}"
        raise CaudalError(where, "is there already", "a file that does not exist") from None
    finally:
        os.unlink(temporary)
    return count


def draft_text(reading: Reading, outlet: str | None = None) -> tuple[str, int]:
    """The ledger as YAML, and how many claims it holds."""
    name = reading.source.name
    if reading.day is None:
        raise CaudalError(name, "bears no day", "--on YYYY-MM-DD, the day on which it appeared")
    if not reading.found and not reading.causes:
        raise CaudalError(name, "no number and no cause found", "a text that states some")
    stem = slug(Path(name).stem) or "text"
    document = {
        "id": stem,
        "file": Path(name).name,
        "outlet": outlet or _first_line(reading),
        "published": reading.day,
        "dated": "printed" if reading.printed else "inferred",
        "stance": {"en": "Not told yet.", "es": "Aún no se dice."},
        "told_by": "our reading",
    }
    parts = [HEAD.format(file=Path(name).name), _yaml({"document": document}), "claims:\n"]
    items = sorted(
        [*reading.found, *reading.causes],
        key=lambda x: x.numbers[0].start if isinstance(x, Found) else _span(reading, x)[0],
    )
    for k, item in enumerate(items, 1):
        claim = _figure(reading, item) if isinstance(item, Found) else _cause(reading, item)
        start, end = span(reading, item)
        comment = " ".join(
            reading.source.raw[max(0, start - 60) : min(end, start + 120) + 60].split()
        )
        head = {"id": f"{stem}-{k:03}", **claim}
        parts.append(f"  # {_safe(comment)}\n" + _item(head))
    return "".join(parts), len(items)


def span(reading: Reading, item: Found | Cause) -> tuple[int, int]:
    """Characters of a draft: of its numbers, or of the causal sentence."""
    if isinstance(item, Found):
        return item.numbers[0].start, item.numbers[-1].end
    return _span(reading, item)


def _span(reading: Reading, cause: Cause) -> tuple[int, int]:
    s = reading.source.sentences[cause.sentence]
    tokens = reading.source.tokens
    return tokens[s.first].start, tokens[s.last - 1].end


def slug(text: str) -> str:
    """Lower-case letters and digits joined by hyphens, at most forty.

    >>> slug("El Correo_1 (Año)")
    'el-correo-1-ano'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text))[:40].strip("-")


def _first_line(reading: Reading) -> str:
    first = reading.source.sentences[0]
    return " ".join(reading.source.text[first.start : first.end].split())[:60] or "unnamed"


def _figure(reading: Reading, found: Found) -> dict[str, Any]:
    test, why = _test(found)
    return _common(reading, found, "figure", paraphrase(found)) | (
        {
            "test": test,
            "would_change": _both(
                "A revision of the published counts, or another reading of the words.",
                "Una revisión de los recuentos publicados, u otra lectura de las palabras.",
            ),
        }
        if test
        else {"untestable": _both(*WHY[why])}
    )


def _cause(reading: Reading, cause: Cause) -> dict[str, Any]:
    text = _both(
        f"Says that one thing brought about another (at the words '{cause.cue}').",
        f"Dice que una cosa produjo otra (en las palabras «{cause.cue}»).",
    )
    return _common(reading, cause, "cause", text) | {"untestable": _both(*WHY["cause"])}


def _common(reading: Reading, item: Found | Cause, kind: str, text: Both) -> dict[str, Any]:
    start, end = span(reading, item)
    said = item.speaker
    who: dict[str, Any] = {"who": said.who if said else "the text itself"}
    if said and said.role:
        who["role"] = _both(said.role, said.role)
    note = _both(
        f"Draft, not confirmed: confidence {item.confidence:.2f}, characters {start} to {end}.",
        f"Borrador sin confirmar: confianza {item.confidence:.2f}, caracteres {start} a {end}.",
    )
    return {"said_by": who, "on": reading.day, "text": text, "kind": kind, "note": note}


def _test(found: Found) -> tuple[dict[str, Any] | None, str]:
    """The test that a number can have, or why it has none yet."""
    n = found.numbers[0]
    if n.kind in ("share", "change", "ratio", "rate", "duration") and not found.known:
        return None, "series" if n.kind == "duration" else "relative"
    if found.period is None:
        return None, "period"
    if _group_lost(found):
        return None, "group"
    wanted: dict[str, Any] | None = quantity(found)
    if wanted is None and found.known:
        wanted = {"value": found.known.id}
    if wanted is None:
        return None, "series"
    if "of" in wanted and not whole(
        Period.parsed(_period(found.period)), open_table(wanted["of"]).keys[0]
    ):
        return None, "cut"
    values = [float(x.value or 0) for x in found.numbers]
    says = (
        {"is": "between", "between": values}
        if len(values) == 2
        else {"is": found.bound, "value": values[0]}
    )
    return {"quantity": wanted, "period": _period(found.period), "says": says}, ""


def quantity(found: Found) -> dict[str, Any] | None:
    """The published series that counts a number, as a ledger's quantity; None where none does."""
    if found.numbers[0].kind not in ("count", "money"):
        return None
    return counted_by(found)


def counted_by(found: Found) -> dict[str, Any] | None:
    """The series and its part that count what a number speaks of, a change or a share, too."""
    topic = found.topic
    if topic is None or topic.of is None:
        return None
    where = {k: list(v) for k, v in topic.where.items()}
    where |= {column: [label] for column, label in found.parts.items()}
    if found.group and topic.by:
        where[topic.by] = [found.group]
    out: dict[str, Any] = {"of": topic.of, "reduce": topic.reduce}
    if where:
        out["where"] = where
    if topic.column:
        out["column"] = topic.column
    return out


def _group_lost(found: Found) -> bool:
    """Does the text name a nationality that the series does not tell apart?"""
    topic = found.topic
    return bool(found.group and topic and topic.of and not topic.by)


def elsewhere(found: Found) -> bool:
    """Does the text name a place or nationality that the series as a whole does not single out?"""
    if _group_lost(found):
        return True
    if not found.place or found.topic is None or found.topic.where:
        return False
    if found.place in found.topic.home:
        return False
    name, label = found.names.get(found.place), found.topic.label
    if name is None:
        return found.place not in label.en
    return name.en not in label.en and name.es not in label.es


def _period(period: Written) -> Any:
    return period if isinstance(period, str) else list(period)


def _both(en: str, es: str) -> Both:
    return {"en": en, "es": es}


def _safe(text: str) -> str:
    """What may stand in a YAML comment: no control characters, no line breaks of any kind."""
    return "".join(c if c.isprintable() else " " for c in text)


def _yaml(data: Any) -> str:
    return yaml.safe_dump(
        _strings(data), allow_unicode=True, sort_keys=False, default_flow_style=None, width=96
    )


def _strings(data: Any) -> Any:
    """Whole numbers as integers; dates stay dates."""
    if isinstance(data, dict):
        return {k: _strings(v) for k, v in data.items()}
    if isinstance(data, list):
        return [_strings(v) for v in data]
    if isinstance(data, float) and data == int(data):
        return int(data)
    return data if isinstance(data, dt.date | int | float) else str(data)


def _item(claim: dict[str, Any]) -> str:
    lines = _yaml([claim]).splitlines()
    return "".join(f"  {line}\n" for line in lines)
