"""What the page is given: one dict of plain JSON values.

format      1
title       text: a string, or {"en": …, "es": …}
scenario    {name, title: text, about: text}
months      ["2018-01", …]
forecast    first forecast month, "2025-03"
outcomes    [{id, title{en,es}, unit, panel, group, series, observed[], median[], lo50[], hi50[],
            lo90[], hi90[]}]: one value a month, null where missing; an outcome without any
            count has observed = null
policies    [{id, name: text, actor, kind, instrument: text, notes[]: text,
            spans[{from, until, known_on, unverified, meaning: text, value, who[]: text, trigger}],
            blocked[{date, what, known_on, blocked_on}], sources[{title, publisher, date, url}]}]
actors      {actor: text}, with each actor's country (what stands before "/") too
sources     [{series, publisher, title, definition, unit, grain, address, licence, read_on,
            delay_days, delay_note, through, role, files{name: sha256}, issues[]: text}]
skill       how good past forecasts were, as `skill_payload` tells it; null where nothing is scored
limits      [text]
recipe      {command, python, data_vintage, code_version, run_id, members}
strings     the page's words, by language
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from caudal.errors import CaudalError
from caudal.report.outcomes import Outcome
from caudal.report.strings import LANGUAGES, strings
from caudal.report.tables import QUANTILES

FORMAT = 1
SOURCE_FIELDS: tuple[str, ...] = (
    "series", "publisher", "title", "definition", "unit", "grain", "address", "licence",
    "read_on", "delay_days", "delay_note", "through", "role",
)  # fmt: skip
TRANSLATED: tuple[str, ...] = (
    "publisher", "title", "definition", "unit", "grain", "licence", "delay_note", "through",
)  # fmt: skip
RECIPE_FIELDS: tuple[str, ...] = (
    "command", "python", "data_vintage", "code_version", "run_id", "members",
)  # fmt: skip

Text = str | Mapping[str, str]


def make_payload(
    summary: pd.DataFrame,
    outcomes: Sequence[Outcome],
    *,
    title: Text,
    scenario: Mapping[str, Any],
    timeline: Iterable[Mapping[str, Any]],
    sources: Iterable[Mapping[str, Any]],
    limits: Iterable[Text],
    recipe: Mapping[str, Any],
    actors: Mapping[str, Text] | None = None,
    names: Mapping[str, Text] | None = None,
    spanish: Mapping[str, str] | None = None,
    skill: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Gather the page's data; the module's docstring has the format.

    summary   of `summarise`, with the same `outcomes`
    timeline  policies as `policy.timeline` gives them
    sources   provenance of the series; those that no outcome uses are left out
    actors    names of the actors of the timeline where the page's own words lack them
    names     names of the codes in a span's `who` (nationalities, units, sectors, offices)
    spanish   Spanish for English texts of `sources` (definitions, issues); what it lacks and the
              page's own short words do not cover is shown in English, marked as such
    skill     of `skill_payload`, or None

    Raises CaudalError for a text without one of the languages, a unit without a name, or an outcome
    that the summary lacks.
    """
    words = strings()["en"]
    lines = [_line(o, summary, words) for o in outcomes]
    if not lines:
        raise CaudalError("report outcomes", "none", "at least one outcome")
    # Every outcome of a summary has the same months: those of the run.
    shared = summary[summary["outcome"] == outcomes[0].id]
    months = [f"{m:%Y-%m}" for m in shared["month"]]
    ahead = [f"{m:%Y-%m}" for m in shared.loc[shared["phase"] == "forecast", "month"]]
    policies = [_policy(row, names or {}) for row in timeline]
    used = {o.series for o in outcomes if o.series}
    return {
        "format": FORMAT,
        "title": _text(title, "title"),
        "scenario": {
            "name": str(scenario.get("name", "")),
            "title": _text(scenario.get("title") or scenario.get("name", ""), "scenario.title"),
            "about": _text(scenario.get("about") or "", "scenario.about"),
        },
        "months": months,
        "forecast": ahead[0] if ahead else None,
        "outcomes": lines,
        "policies": policies,
        "actors": _actors(policies, actors or {}),
        "sources": [source_row(s, spanish or {}) for s in sources if str(s.get("series")) in used],
        "skill": dict(skill) if skill else None,
        "limits": [_text(t, "limits") for t in limits],
        "recipe": {key: _plain(recipe.get(key)) for key in RECIPE_FIELDS},
        "strings": strings(),
    }


def _line(outcome: Outcome, summary: pd.DataFrame, words: Mapping[str, str]) -> dict[str, Any]:
    if f"unit.{outcome.unit}" not in words:
        units = ", ".join(k.removeprefix("unit.") for k in words if k.startswith("unit."))
        raise CaudalError(f"outcome {outcome.id} field 'unit'", repr(outcome.unit), units)
    rows = summary[summary["outcome"] == outcome.id]
    if rows.empty:
        raise CaudalError(f"outcome {outcome.id}", "not in the summary", "an outcome summarised")
    observed = [number(v) for v in rows["observed"]]
    return {
        "id": outcome.id,
        "title": {"en": outcome.title_en, "es": outcome.title_es},
        "unit": outcome.unit,
        "panel": outcome.panel,
        "group": outcome.group,
        "series": outcome.series,
        "observed": observed if any(v is not None for v in observed) else None,
        **{q: [number(v) for v in rows[q]] for q in QUANTILES},
    }


def number(value: float) -> float | int | None:
    """A number as the page needs it: whole from 100, else three digits; None if missing.

    >>> [number(v) for v in (123.7, 12.345, 0.0, float("nan"))]
    [124, 12.3, 0, None]
    """
    if not math.isfinite(value):
        return None
    if abs(value) >= 100 or value == 0:
        return round(value)
    rounded = float(f"{value:.3g}")
    return int(rounded) if rounded.is_integer() else rounded


def _text(value: Text, where: str) -> str | dict[str, str]:
    if isinstance(value, str):
        return value
    missing = [lang for lang in LANGUAGES if not value.get(lang)]
    if missing:
        raise CaudalError(
            f"report text '{where}'", f"no words in {', '.join(missing)}", "en and es"
        )
    return {lang: str(value[lang]) for lang in LANGUAGES}


def _policy(row: Mapping[str, Any], names: Mapping[str, Text]) -> dict[str, Any]:
    where = f"policy {row.get('id', '?')}"
    sources = row.get("sources") or []
    if isinstance(sources, Mapping):
        sources = list(sources.values())
    spans = [_span(span, names, where) for span in row.get("spans") or []]
    notes = [*(row.get("disputed") or []), *filter(None, [row.get("uncertainty")])]
    return {
        "id": str(row["id"]),
        "name": _text(row["name"], f"{where} name"),
        "actor": str(row["actor"]),
        "kind": str(row.get("kind", "")),
        "instrument": _text(row.get("instrument") or "", f"{where} instrument"),
        "notes": [_text(note, f"{where} notes") for note in notes],
        "spans": sorted(spans, key=lambda s: (s["from"], s["until"] or "9999")),
        "blocked": [{key: _plain(v) for key, v in b.items()} for b in row.get("blocked") or []],
        "sources": [
            {key: str(s.get(key) or "") for key in ("title", "publisher", "date", "url")}
            for s in sources
        ],
    }


def _span(span: Mapping[str, Any], names: Mapping[str, Text], where: str) -> dict[str, Any]:
    if not span.get("from"):
        raise CaudalError(f"{where} field 'spans'", "no start", "a date in 'from'")
    who = span.get("who") or {}
    codes = [str(code) for codes in who.values() for code in codes]
    value = span.get("value")
    return {
        "from": _day(span["from"]),
        "until": _day(span.get("until")),
        "known_on": _day(span.get("known_on")),
        "unverified": bool(span.get("unverified")),
        "meaning": _text(span.get("meaning") or "", f"{where} meaning"),
        "value": float(value) if isinstance(value, int | float) else None,
        # A group without a name stays out: the page shows no raw code.
        "who": [_text(names[code], f"{where} who") for code in codes if code in names],
        "trigger": dict(span["trigger"]) if span.get("trigger") else None,
    }


def _actors(policies: Sequence[Mapping[str, Any]], named: Mapping[str, Text]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for actor in dict.fromkeys(a for p in policies for a in (p["actor"].split("/")[0], p["actor"])):
        if actor in named:
            names[actor] = _text(named[actor], f"actor {actor}")
            continue
        # "mexico/tamaulipas": the country's name is ours to translate, the state's is its own.
        head, _, rest = actor.partition("/")
        own = {part: part.replace("-", " ").title() for part in (head, rest)}
        names[actor] = {
            lang: ", ".join(
                filter(None, (words.get(f"actor.{part}", own[part]) for part in (head, rest)))
            )
            for lang, words in strings().items()
        }
    return names


def source_row(row: Mapping[str, Any], spanish: Mapping[str, str]) -> dict[str, Any]:
    """Where a series comes from, as the page shows it: in both languages where that is known."""
    issues = []
    for issue in row.get("issues") or []:
        named = isinstance(issue, Mapping) and not set(LANGUAGES) <= set(issue)
        text = str(issue.get("meaning") or issue.get("name") or "") if named else issue
        issues.append(_text(_both(text, spanish), f"issues of {row.get('series')}"))
    plain = {key: _plain(row.get(key)) for key in SOURCE_FIELDS}
    for key in TRANSLATED:
        plain[key] = _both(plain[key], spanish)
    files = {str(k): str(v) for k, v in (row.get("files") or {}).items()}
    return {**plain, "files": files, "issues": issues}


def _both(value: Any, spanish: Mapping[str, str]) -> Any:
    """A text in both languages where its Spanish is known; else as it is."""
    if not isinstance(value, str) or not value:
        return value
    if value in spanish:
        return {"en": value, "es": spanish[value]}
    parts = [f"word.{part.replace('_', ' ')}" for part in value.split(" × ")]  # "month × area"
    if all(part in strings()["en"] for part in parts):
        return {
            lang: " × ".join(words[part] for part in parts) for lang, words in strings().items()
        }
    return value


def _plain(value: Any) -> Any:
    """JSON's own types as they are, a text in two languages as a text, anything else in words."""
    if isinstance(value, Mapping):
        return _text(value, "source")
    if isinstance(value, dt.date | dt.datetime):
        return _day(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]
