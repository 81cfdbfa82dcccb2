"""What `caudal policies diff` and `check` say beside the rows: the law in all, and what a file is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.policy import Law

_WORDS = {
    "en": {
        "law": "  the law there, of all documents: {old:,g} → {new:,g}{by}",
        "by": " (until then {ids})",
        "same": "No difference in law.",
        "span": "No difference in law from {first} until {last} (--from, --to: other days).",
        "axis": "{id}: 'who' names {axis}, but none of its levers knows it ({levers}): "
        "it holds for all.",
    },
    "es": {
        "law": "  la ley ahí, con todos los documentos: {old:,g} → {new:,g}{by}",
        "by": " (hasta entonces {ids})",
        "same": "Sin diferencias en la ley.",
        "span": "Sin diferencias en la ley desde {first} hasta {last} (--from, --to: otros días).",
        "axis": "{id}: «who» nombra {axis}, pero ninguna de sus palancas lo distingue ({levers}): "
        "vale para todas las personas.",
    },
}


def in_all(row: Mapping[str, Any], old: Law, new: Law, lang: str) -> str | None:
    """The lever's value under both whole laws, where the document's own words do not give it.

    A row of a diff tells one document: a new one that overrides another reads "not set → 60000".
    None where that is all, where a trigger decides, or where the value is not one for all cells.
    """
    from caudal.policy.vocabulary import mask

    if row["old_while"] or row["new_while"]:
        return None
    lever = old.levers[row["lever"]]
    cells = mask(lever.dims, row["who"], old.vocabulary)
    views = [law.on(row["from"]) for law in (old, new)]
    before, after = (np.unique(view[lever.id][cells]) for view in views)
    if len(before) != 1 or len(after) != 1:
        return None
    alone = [lever.default if row[k] is None else row[k] for k in ("old", "new")]
    told = float(before[0]), float(after[0])
    if np.allclose(told, alone):
        return None
    ids = sorted({r["document"] for r in views[0].explain(lever.id)} - {row["document"]})
    by = _WORDS[lang]["by"].format(ids=", ".join(ids)) if ids and told[0] != told[1] else ""
    return _WORDS[lang]["law"].format(old=told[0], new=told[1], by=by)


def for_all(old: Law, new: Law, lang: str) -> list[str]:
    """A line for each changed document that names groups which none of its levers tells apart."""
    said = []
    for document in new.documents:
        if old.get(document.id) == document:
            continue
        known = {axis for lever in document.design for axis in new.levers[lever].dims}
        said += [
            _WORDS[lang]["axis"].format(
                id=document.id, axis=axis, levers=", ".join(document.design)
            )
            for axis in document.who
            if axis not in known
        ]
    return said


def none(old: Law, new: Law, first: Any, last: Any, lang: str) -> str:
    """Said where no row is told: no difference at all, or none on the days compared."""
    same = old.fingerprint() == new.fingerprint()
    return _WORDS[lang]["same" if same else "span"].format(first=first, last=last)


def as_csv(rows: Iterable[Mapping[str, Any]], lang: str, who: Callable[[Any], str]) -> str:
    """One line for each stretch of each document, with the source of its value, for spreadsheets."""
    import pandas as pd

    from caudal.data.spreadsheet import csv_text

    lines = []
    for row in rows:
        sources = {s["key"]: s for s in row["sources"]}
        for span in row["spans"]:
            source = sources.get(span["source"], {})
            lines.append({
                "id": row["id"], "name": row["name"][lang], "actor": row["actor"],
                "kind": row["kind"], "instrument": row["instrument"],
                "lever": span["lever"], "meaning": span["meaning"][lang], "value": span["value"],
                "for": who(span["who"]), "from": span["from"], "known_on": span["known_on"],
                "until": span["until"], "until_known_on": span["until_known_on"],
                "unverified": span["unverified"],
                "publisher": source.get("publisher"), "title": source.get("title"),
                "date": source.get("date"), "url": source.get("url"),
                "uncertainty": (row["uncertainty"] or {}).get(lang),
            })  # fmt: skip
    return csv_text(pd.DataFrame(lines))


def check_file(path: Path, here: Any) -> dict[str, Any]:
    """Check one file: a policy document beside Caudal's own, or a scenario with what it extends.

    Returns {what: "policy" or "scenario", id, fingerprint of the law with it}. Raises CaudalError
    (one line) for the first fault.
    """
    import yaml

    from caudal.policy import Law
    from caudal.policy.checks import check_document, check_references
    from caudal.policy.documents import read_document

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        data = None  # the reader below says what is wrong, and where
    if isinstance(data, dict) and ("extends" in data or "policies" in data):
        document = here.scenario(str(path))
        law = document.law(here.law)
        return {"what": "scenario", "id": document.name, "fingerprint": law.fingerprint()}
    if path.suffix not in (".yaml", ".yml"):
        raise CaudalError(str(path), "no YAML file", "a folder or a file ….yaml")
    document, marks = read_document(path)
    check_document(document, here.law.levers, here.law.vocabulary, marks)
    all_ = {**{d.id: d for d in here.law.documents}, document.id: document}
    check_references(all_, {document.id: marks})
    law = Law(all_.values(), here.law.levers, here.law.vocabulary, {document.id: marks})
    return {"what": "policy", "id": document.id, "fingerprint": law.fingerprint()}
