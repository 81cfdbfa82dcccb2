"""Spanish for what the package says about its series, so that reports can show both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from caudal.data.store import list_series, provenance
from caudal.errors import CaudalError

FILE = Path(__file__).with_name("spanish.yaml")
GROUPS = ("units", "licences", "delays", "copies", "publishers", "titles", "issues")


@cache
def _document() -> Mapping[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@cache
def spanish() -> Mapping[str, str]:
    """English text → Spanish, for every text in a series' provenance and issues.

    Titles of publications are names and map to themselves, unless Caudal itself named the table.

    >>> spanish()["month × nationality"]
    'mes × nacionalidad'
    """
    document = _document()
    texts: dict[str, str] = {}
    for group in GROUPS:
        texts |= document[group]
    for series_id in list_series():
        about = provenance(series_id)
        if series_id not in document["definitions"]:
            raise CaudalError(
                "sources/spanish.yaml", f"no definition of {series_id!r}", "one of each series"
            )
        texts[about.definition] = document["definitions"][series_id].strip()
        words = about.grain.split(" × ")
        texts[about.grain] = " × ".join(document["words"][word] for word in words)
        for name in (about.title, about.publisher):
            texts.setdefault(name, name)
    return texts
