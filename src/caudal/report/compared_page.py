"""The page of a comparison: relative differences, charts by month, tables; both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from caudal.report.compared_charts import COLOURS, forest, months
from caudal.report.document import Drawing, Heading, Paragraph, Part, Table, Text, document
from caudal.report.numerals import whole
from caudal.report.outcomes import GROUPS
from caudal.report.strings import LANGUAGES, translator

Row = Mapping[str, Any]
COLUMNS = ("outcome", "weather", "base", "difference", "50", "90", "relative", "direction")


def compared_page(payload: Mapping[str, Any], language: str = "en") -> str:
    """One self-contained HTML document of a comparison; same payload in, same text out.

    payload   base {name, title {en, es}}, scenarios [{name, title, note {en, es} or None, parts}],
              from, to (YYYY-MM), members, weathers [as-inferred, …], rows (`ask.compare_told.rows`),
              outcomes (drawn by month), months {(scenario, outcome): {weather: rows}}, jumps
              {scenario: [{weather, where, month, change}]}, recipe {command, python, …}
    language  the one that is seen first
    """
    span = {"first": payload["from"], "last": payload["to"], "members": payload["members"]}
    parts: list[Part] = [
        Paragraph(words("what", base=payload["base"]["title"], **span), "lead"),
        Paragraph(words("read")),
    ]
    if len(payload["weathers"]) > 1:
        parts.append(Paragraph(words("weathers")))
    if len(payload["scenarios"]) > 1:
        parts += _beside(payload)
    for one in payload["scenarios"]:
        parts += _scenario(payload, one)
    recipe = payload["recipe"]
    facts = f"{recipe['data_vintage']} · {recipe['code_version']} · {recipe['run_id']}"
    parts += [Heading(words("again")), Paragraph(recipe["command"]), Paragraph(recipe["python"]),
              Paragraph(facts, "note")]  # fmt: skip
    return document(words("heading"), parts, language)


def words(key: str, **values: Any) -> dict[str, str]:
    """A text of the page in both languages; values may be texts themselves, or made of a language."""

    def one(value: Any, language: str) -> Any:
        if isinstance(value, Mapping):
            return value[language]
        return value(language) if callable(value) else value

    return {
        x: translator(x)(f"compare.{key}", **{k: one(v, x) for k, v in values.items()})
        for x in LANGUAGES
    }


def _beside(payload: Mapping[str, Any]) -> list[Part]:
    """Every scenario in one table: the middle and 90 % of the difference, weather as first asked."""
    weather = payload["weathers"][0]
    lines: dict[str, list[Text]] = {}
    for row in payload["rows"]:
        if row["weather"] == weather:
            units = {"en": row["unit"], "es": row["unit_es"]}
            named = {x: f"{t} ({units[x]})" for x, t in _title(row).items()}
            span = words("span", low=number(row["lo90"]), high=number(row["hi90"]))
            lines.setdefault(row["outcome"], [named, number(row["base"])]).append(
                {x: f"{number(row['median'])} ({span[x]})" for x in LANGUAGES}
            )
    titles = [one["title"] for one in payload["scenarios"]]
    head = [words("col.outcome"), words("col.base"), *titles]
    return [Heading(words("beside")), Paragraph(words("beside.read"), "note"),
            Table(head, list(lines.values()), words(f"weather.{weather}"),
                  frozenset(range(1, 2 + len(titles))))]  # fmt: skip


def _answers(payload: Mapping[str, Any], name: str) -> Sequence[str]:
    """The weathers told of a scenario: the first alone where both answers are the same."""
    keys = ("median", "lo50", "hi50", "lo90", "hi90")
    told: dict[str, list[Any]] = {w: [] for w in payload["weathers"]}
    for row in payload["rows"]:
        if row["scenario"] == name:
            told[row["weather"]].append([str(row[k]) for k in keys])
    first = payload["weathers"][0]
    return [w for w in payload["weathers"] if w == first or told[w] != told[first]]


def _scenario(payload: Mapping[str, Any], one: Mapping[str, Any]) -> list[Part]:
    weathers = _answers(payload, one["name"])
    by_outcome: dict[str, list[Row]] = {}
    for row in payload["rows"]:
        if row["scenario"] == one["name"] and row["weather"] in weathers:
            by_outcome.setdefault(row["outcome"], []).append(row)
    named: list[tuple[Text, list[list[Row]]]] = [
        ({x: translator(x)(f"group.{g}") for x in LANGUAGES},
         [rows for rows in by_outcome.values() if rows[0]["group"] == g])
        for g in (*GROUPS,)
    ]  # fmt: skip
    named.append((words("detail"), [r for r in by_outcome.values() if not r[0]["group"]]))
    named = [(name, rows) for name, rows in named if rows]
    labels = {x: [words(f"weather.{w}")[x] for w in weathers] for x in LANGUAGES}
    drawn = {
        x: forest([(_in(name, x), rows) for name, rows in named], labels[x], x) for x in LANGUAGES
    }
    parts: list[Part] = [Heading(one["title"])]
    if one["note"]:
        parts.append(Paragraph(one["note"]))
    parts += [
        Paragraph(words("parts", day=one["parts"]), "note"),
        Heading(words("relative"), 3),
        Drawing(drawn, words("relative")),
        Heading(words("months"), 3),
        Paragraph(words("months.read"), "note"),
    ]
    for outcome in payload["outcomes"]:
        title = _title(by_outcome[outcome][0])
        for weather, colour in zip(weathers, COLOURS, strict=False):
            rows = payload["months"][one["name"], outcome][weather]
            charts = dict.fromkeys(LANGUAGES, months(rows, colour, number))
            said = {x: f"{title[x]}: {words(f'weather.{weather}')[x]}" for x in LANGUAGES}
            parts.append(Drawing(charts, said))
    parts.append(Heading(words("table"), 3))
    parts += [_table(name, rows) for name, rows in named]
    first = payload["rows"][0] if not by_outcome else next(iter(by_outcome.values()))[0]
    parts.append(Paragraph(words(
        "error", title={x: t.lower() for x, t in _title(first).items()},
        paired=number(first["se_paired"]), apart=number(first["se_independent"]),
    )))  # fmt: skip
    if "without-jumps" in payload["weathers"]:
        parts += _jumps(payload["jumps"].get(one["name"], ()))
    return parts


def _in(text: Text, language: str) -> str:
    return text if isinstance(text, str) else text[language]


def _title(row: Row) -> dict[str, str]:
    return {"en": row["title"], "es": row["title_es"]}


def _table(heading: Text, outcomes: Sequence[Sequence[Row]]) -> Table:
    lines: list[list[Text]] = []
    for rows in outcomes:
        for i, row in enumerate(rows):
            units = {"en": row["unit"], "es": row["unit_es"]}
            named = {x: f"{t} ({units[x]})" for x, t in _title(row).items()} if not i else ""
            sure = "" if row["direction"] == "none" else f" {100 * row['probability']:.0f} %"
            direction = words(f"direction.{row['direction']}")
            lines.append([
                named, words(f"weather.{row['weather']}"), number(row["base"]), number(row["median"]),
                *(words("span", low=number(row["lo" + k]), high=number(row["hi" + k]))
                  for k in ("50", "90")),
                percent(row["relative_median"]),
                {x: d + sure for x, d in direction.items()},
            ])  # fmt: skip
    head = [words(f"col.{c}") for c in COLUMNS]
    return Table(head, lines, heading, frozenset(range(2, 7)))


def _jumps(found: Sequence[Mapping[str, Any]]) -> list[Part]:
    if not found:
        return [Paragraph(words("jumps.none"))]
    rows = [[j["weather"], j["where"], j["month"], signed(j["change"])]
            for j in sorted(found, key=lambda j: -abs(j["change"]))]  # fmt: skip
    head = [words(f"jumps.{c}") for c in ("weather", "where", "month", "change")]
    return [Table(head, rows, words("jumps", number=len(found)), frozenset({3}))]


def number(value: float) -> str:
    """A number as the tables show it: whole from ten on, else two digits.

    >>> number(12345.6), number(-12345.6), number(0.1234)
    ('12,346', '−12,346', '0.12')
    """
    if math.isnan(value) or abs(value) >= 10 or value == 0:
        return whole(value)
    return f"{value:.2g}".replace("-", "−")


def percent(share: float) -> str:
    """A share in percent with its sign.

    >>> percent(0.1234), percent(-12.3)
    ('+12.3 %', '−1,230 %')
    """
    if math.isnan(share):
        return "–"
    return (f"{100 * share:+.1f}" if abs(share) < 1 else f"{100 * share:+,.0f}").replace(
        "-", "−"
    ) + " %"


def signed(value: float) -> str:
    """A change with its sign and two decimals."""
    return f"{value:+.2f}".replace("-", "−")
