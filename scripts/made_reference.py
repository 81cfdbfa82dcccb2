"""Parts of docs/reference/: commands, Python names, variables, levers, series, parameters."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import contract
import pandas as pd
from mechanism_docs import described, table

from caudal.corridor import HERE, corridor
from caudal.corridor.variables import VARIABLES

ROOT = Path(__file__).resolve().parents[1]
SETS = {
    "cr": "Costa Rica", "event": "Events", "governments": "All governments", "gt": "Guatemala",
    "hn": "Honduras", "mx": "Mexico", "ni": "Nicaragua",
    "origin": "Countries of origin", "pa": "Panama", "tx": "Texas", "us": "United States",
}  # fmt: skip
"""Who sets a lever, by the first part of its name."""
UNASKED = ("fixed", "not learned: no count speaks of it")
"""Of a parameter, in place of what informed it."""


def commands() -> str:
    """Every command: what it does, its arguments, its options."""
    lines = ["| command | what it does |", "| --- | --- |"]
    parts: list[str] = []
    for words in contract.commands():
        found = contract.command(words)
        first, _, rest = inspect.cleandoc(found.help or "").partition("\n")
        name = f"caudal {words}"
        lines.append(f"| [`{name}`](#{name.replace(' ', '-')}) | {first} |")
        parts += [f"## caudal {words}", "", first, ""]
        if rest.strip():
            parts += [rest.strip(), ""]
        rows = [row for parameter in found.params if (row := _option(parameter))]
        parts += [*table(["argument or option", "meaning", "default"], rows), ""] if rows else []
    return "\n".join([*lines, "", *parts])


def _option(parameter: Any) -> list[str] | None:
    if parameter.name == "help" or getattr(parameter, "hidden", False):
        return None
    told = " ".join((getattr(parameter, "help", "") or "").split())
    if parameter.param_type_name == "argument":
        return [f"`{parameter.name.upper()}`", told, "needed" if parameter.required else ""]
    names = ", ".join(f"`{o}`" for o in (*parameter.opts, *parameter.secondary_opts))
    default = getattr(parameter, "default", None)
    shown = default is not None and default is not False and not callable(default)
    empty = isinstance(default, (str, list, tuple)) and not default
    return [names, told, f"`{default}`" if shown and not empty and "Sentinel" not in repr(default)
            else "needed" if parameter.required else ""]  # fmt: skip


def names() -> list[str]:
    """Every public Python name: what `caudal` exports, and what the contract promises."""
    import caudal

    promised = [n for n, e in contract.read()["python"].items() if e["state"] == "available"]
    return sorted({f"caudal.{name}" for name in caudal.__all__} | set(promised))


def python() -> str:
    """Signature and docstring of every public name, as `help()` shows them."""
    parts: list[str] = []
    for name in names():
        module, _, attribute = name.rpartition(".")
        found = getattr(importlib.import_module(module), attribute)
        parts += [f"## `{name}`", ""]
        if not callable(found):
            parts += [f"The version of the package, a `{type(found).__name__}`.", ""]
            continue
        if returns := contract.read()["python"].get(name, {}).get("returns"):
            parts += [f"Returns {returns}.", ""]
        text = inspect.getdoc(found) or ""
        parts += ["```text", _signature(attribute, found), "", text, "```", ""]
        parts += [f"See [{page}](../{page})." for page in _told_in(text)] + [""]
    return "\n".join(parts)


def _signature(name: str, found: Any) -> str:
    """One argument a line, with types as they are written."""
    try:
        arguments = inspect.signature(found)
    except ValueError:
        return f"{name}(…)"
    end = "" if arguments.return_annotation in (inspect.Signature.empty, None) else (
        f" -> {_plain(arguments.return_annotation)}"
    )  # fmt: skip
    lines, keyword = [], False
    for one in arguments.parameters.values():
        if one.kind is one.KEYWORD_ONLY and not keyword:
            keyword = True
            lines.append("    *,")
        keyword |= one.kind is one.VAR_POSITIONAL
        stars = "*" if one.kind is one.VAR_POSITIONAL else ""
        text = f"    {stars}{one.name}"
        if one.annotation is not one.empty:
            text += f": {_plain(one.annotation)}"
        if one.default is not one.empty:
            text += f" = {one.default!r}"
        lines.append(f"{text},")
    return "\n".join([f"{name}(", *lines, f"){end}"]) if lines else f"{name}(){end}"


def _plain(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")


def _told_in(text: str) -> list[str]:
    """Pages of docs/ that a docstring names."""
    return list(dict.fromkeys(re.findall(r"docs/([\w-]+\.md)", text)))


def variables() -> str:
    """Every variable of a run's Dataset."""
    rows = []
    for name, about in VARIABLES.items():
        axes = ", ".join(d for d in about.dims if d not in ("member", "month")) or "–"
        rows.append(
            [f"`{name}`", about.units, axes, about.en, about.es, about.definition,
             f"`{about.series}`" if about.series else "nobody"]
        )  # fmt: skip
    heads = ["variable", "unit", "axes beside member and month", "English", "español", "definition",
             "who counts the same"]  # fmt: skip
    return "\n".join(table(heads, rows))


def levers() -> str:
    """Every lever, by who sets it."""
    law, parts = corridor().law, []
    used: dict[str, int] = {}
    for document in law.documents:
        for lever in document.design:
            used[lever] = used.get(lever, 0) + 1
    for actor, members in groupby(sorted(law.levers), lambda name: name.partition(".")[0]):
        rows = []
        for name in members:
            lever = law.levers[name]
            low, high = lever.range
            rows.append(
                [f"`{name}`", lever.meaning.en, lever.meaning.es, lever.unit,
                 f"{low:,.6g} to {high:,.6g}", f"{lever.default:,.6g}", lever.rule,
                 ", ".join(lever.dims) or "–", used.get(name, 0)]
            )  # fmt: skip
        heads = ["lever", "meaning", "significado", "unit", "range", "default", "rule", "axes",
                 "documents"]  # fmt: skip
        parts += [f"## {SETS.get(actor, actor)}", "", *table(heads, rows), ""]
    return "\n".join(parts)


def series() -> str:
    """Every series: what is counted, by whom, in which columns, with which faults."""
    path = HERE / "series" / "datapackage.json"
    parts: list[str] = []
    for resource in json.loads(path.read_text("utf-8"))["resources"]:
        about = resource["caudal:provenance"]
        parts += [f"## {resource['name']}", "", f"{_sentence(about['definition'])}", ""]
        facts = [
            ["publisher", f"{about['publisher']}, *{about['title']}*{_at(about['address'])}"],
            ["unit; one row is", f"{about['unit']}; {about['grain']}"],
            ["role, rows", f"{about['role']}, {resource.get('caudal:rows', 0):,}"],
            ["licence", about["licence"]],
            ["read", f"{about['read_on']}{', ' + about['through'] if about['through'] else ''}"],
            ["out after", f"{about['delay_days']} days ({about['delay_note'] or 'not stated'})"],
        ]  # fmt: skip
        parts += [*table(["", ""], facts), ""]
        fields = resource.get("schema", {}).get("fields", [])
        if fields:
            rows = [[f"`{f['name']}`", f["type"], f.get("description", "")] for f in fields]
            parts += [*table(["column", "type", "meaning"], rows), ""]
        for issue in resource.get("caudal:issues", []):
            parts.append(f"- *{issue['name']}*, {issue['rows']:,} rows: {issue['meaning']}")
        parts.append("")
    return "\n".join(parts)


def _at(address: str) -> str:
    return f", <{address}>" if address else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def parameters() -> str:
    """Every parameter with its prior, and what the counts made of it."""
    found = pd.read_csv(ROOT / "docs" / "results" / "contraction.csv")
    found["name"] = found["parameter"].str.replace(r"\[.*\]$", "", regex=True)
    learned = {str(name): rows for name, rows in found.groupby("name")}
    rows = []
    for name, prior in sorted(corridor().priors.items()):
        now = learned.get(name)
        told = "–"
        if now is not None and not now["informed_by"].isin(UNASKED).all():
            left = now["sd_left"]
            told = (
                f"{now['mean'].iloc[0]:.2f}; {left.iloc[0]:.2f}"
                if len(now) == 1
                else f"{len(now)} values; sd {left.min():.2f} to {left.max():.2f}"
            )
        rows.append(
            [f"`{name}`", prior.mechanism, described(prior), prior.unit,
             "assumed" if prior.assumed else "published", told]
        )  # fmt: skip
    heads = ["parameter", "mechanism", "prior", "unit", "centre is",
             "posterior: mean and sd, in prior sd"]  # fmt: skip
    return "\n".join(table(heads, rows))


def unsure() -> str:
    """Values that are less sure than before, for docs/learning.md."""
    found = pd.read_csv(ROOT / "docs" / "results" / "contraction.csv")
    wider = found[found["sd_left"] > 1].sort_values("sd_left", ascending=False)
    text = (
        f"Of {len(found)} values {len(wider)} have a posterior wider than their prior, so a "
        f"contraction below zero: {(wider['sd_left'] < 1.05).sum()} by less than a twentieth of its "
        f"sd, {(wider['sd_left'] > 1.2).sum()} by more than a fifth. These are the widest:"
    )
    rows = [
        [f"`{r['parameter']}`", r["informed_by"], f"{r['mean']:.1f}".replace("-", "−"),
         f"{r['sd_left']:.2f}"]
        for r in wider[wider["sd_left"] > 1.2].to_dict("records")
    ]  # fmt: skip
    return "\n".join([text, "", *table(["value", "informed by", "mean", "sd left"], rows)])


PARTS: dict[str, Callable[[], str]] = {
    "reference.commands": commands,
    "reference.python": python,
    "reference.variables": variables,
    "reference.levers": levers,
    "reference.series": series,
    "reference.parameters": parameters,
    "learning.unsure": unsure,
}
