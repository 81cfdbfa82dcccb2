"""The page of a comparison: one HTML file without a script, in both languages, that opens from disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from caudal.report.compared_charts import forest, months
from caudal.report.outcomes import GROUPS
from caudal.report.strings import LANGUAGES, WEB, translator

Row = Mapping[str, Any]

_STYLE = """
.pick { position: absolute; opacity: 0; }
.words { display: none; }
#pick-en:checked ~ .words[lang="en"], #pick-es:checked ~ .words[lang="es"] { display: block; }
.labels { display: flex; gap: 0.6rem; padding-top: 1rem; }
.labels label { cursor: pointer; color: var(--link); text-decoration: underline; }
#pick-en:checked ~ .labels .en, #pick-es:checked ~ .labels .es { color: var(--ink); text-decoration: none; }
#pick-en:focus-visible ~ .labels .en, #pick-es:focus-visible ~ .labels .es { outline: 2px solid var(--line); }
svg text { font: 12px var(--sans); fill: var(--ink); }
svg .head { font-weight: 600; fill: var(--soft); }
svg .tick { text-anchor: middle; fill: var(--soft); } svg .end { text-anchor: end; fill: var(--soft); }
svg .zero, svg .grid { stroke: var(--grid); } svg .half { stroke-width: 4; }
svg .base { fill: none; stroke: var(--ink); stroke-width: 1.6; }
svg .other { fill: none; stroke-width: 2; }
.forest { width: 100%; min-width: 38rem; } .scroll { overflow-x: auto; }
.many { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem; }
figure { margin: 0; } figcaption { font-size: 0.9rem; } .key { font-weight: 600; }
table { border-collapse: collapse; font-size: 0.84rem; width: 100%; }
th, td { text-align: left; padding: 0.2rem 0.5rem; border-bottom: 1px solid var(--grid); }
td.n, th.n { text-align: right; white-space: nowrap; }
pre { white-space: pre-wrap; background: var(--panel); padding: 0.7rem; }
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<div id="caudal">
<input class="pick" type="radio" name="lang" id="pick-en" checked>
<input class="pick" type="radio" name="lang" id="pick-es">
<p class="labels"><label class="en" for="pick-en" lang="en">English</label>
<label class="es" for="pick-es" lang="es">Español</label></p>
{words}
</div>
</body>
</html>
"""


def compared_page(payload: Mapping[str, Any]) -> str:
    """One self-contained HTML document of a comparison; same payload in, same bytes out.

    payload  base, scenarios [{name, title {en, es}, note {en, es}|None, parts}], from, to (YYYY-MM),
             members, weathers [as-inferred, …], rows (`ask.compare_told.rows`), outcomes (shown
             month by month), months {(scenario, outcome): {weather: rows}}, jumps {scenario: [{weather,
             where, month, change}]}, recipe {command, python, data_vintage, code_version, run_id}
    """
    words = "\n".join(
        f'<div class="words" lang="{lang}">{_words(payload, lang)}</div>' for lang in LANGUAGES
    )
    style = (WEB / "app" / "style.css").read_text(encoding="utf-8") + _STYLE
    title = translator("en")("compare.title", base=payload["base"]["name"])
    return _PAGE.format(title=escape(title), style=style, words=words)


def _words(payload: Mapping[str, Any], lang: str) -> str:
    say = translator(lang)
    base = payload["base"]["title"][lang]
    parts = [
        f"<header><h1>{escape(say('compare.heading'))}</h1>",
        f"<p>{escape(say('compare.what', base=base, members=payload['members'], **_span(payload)))}</p>",
        f"<p>{escape(say('compare.read'))}</p>",
    ]
    if len(payload["weathers"]) > 1:
        parts.append(f"<p>{escape(say('compare.weathers'))}</p>")
    parts.append("</header><main>")
    parts += [_scenario(payload, one, lang) for one in payload["scenarios"]]
    recipe = payload["recipe"]
    facts = f"{recipe['data_vintage']} · {recipe['code_version']} · {recipe['run_id']}"
    parts.append(
        f"<section><h2>{escape(say('compare.again'))}</h2><pre>{escape(recipe['command'])}</pre>"
        f'<pre>{escape(recipe["python"])}</pre><p class="note">{escape(facts)}</p></section></main>'
    )
    return "\n".join(parts)


def _span(payload: Mapping[str, Any]) -> dict[str, str]:
    return {"first": payload["from"], "last": payload["to"]}


def _scenario(payload: Mapping[str, Any], one: Mapping[str, Any], lang: str) -> str:
    say = translator(lang)
    mine = [r for r in payload["rows"] if r["scenario"] == one["name"]]
    by_outcome: dict[str, list[Row]] = {}
    for row in mine:
        by_outcome.setdefault(row["outcome"], []).append(row)
    groups = [
        (say(f"group.{g}"), [rows for rows in by_outcome.values() if rows[0]["group"] == g])
        for g in GROUPS
    ]
    groups = [(name, rows) for name, rows in groups if rows]
    detail = [rows for rows in by_outcome.values() if not rows[0]["group"]]
    if detail:
        groups.append((say("compare.detail"), detail))
    keys = " ".join(
        f'<span class="key" style="color:var(--{c})">● {escape(say(f"compare.weather.{w}"))}</span>'
        for w, c in zip(payload["weathers"], ("c0", "c2"), strict=False)
    )
    parts = [f"<section><h2>{escape(one['title'][lang])}</h2>"]
    if one["note"]:
        parts.append(f"<p>{escape(one['note'][lang])}</p>")
    parts += [
        f'<p class="note">{escape(say("compare.parts", day=one["parts"]))}</p>',
        f"<h3>{escape(say('compare.relative'))}</h3><p>{keys}</p>",
        f'<div class="scroll">{forest(groups, say("compare.relative"), lang)}</div>',
        f"<h3>{escape(say('compare.months'))}</h3>",
        f'<p class="note">{escape(say("compare.months.read"))}</p>',
        '<div class="many">', *_months(payload, one, by_outcome, lang), "</div>",
        f"<h3>{escape(say('compare.table'))}</h3>",
        *(_table(name, rows, say, lang) for name, rows in groups),
        f"<p>{escape(_error(mine, say, lang))}</p>",
    ]  # fmt: skip
    if "without-jumps" in payload["weathers"]:
        parts.append(_jumps(payload["jumps"].get(one["name"], ()), say))
    return "\n".join([*parts, "</section>"])


def _months(
    payload: Mapping[str, Any], one: Mapping[str, Any], rows: Mapping[str, list[Row]], lang: str
) -> list[str]:
    out = []
    for outcome in payload["outcomes"]:
        title = rows[outcome][0]["title_es" if lang == "es" else "title"]
        charts = [
            months(by_month, (payload["base"]["name"], one["name"]), title,
                   lambda v: number(v, lang), colour)
            for by_month, colour in zip(
                payload["months"][one["name"], outcome].values(), ("c0", "c2"), strict=False)
        ]  # fmt: skip
        out.append(f"<figure><figcaption>{escape(title)}</figcaption>{''.join(charts)}</figure>")
    return out


def _table(heading: str, outcomes: Sequence[Sequence[Row]], say: Any, lang: str) -> str:
    columns = ("outcome", "weather", "base", "difference", "50", "90", "relative", "direction")
    head = "".join(f'<th class="{"n" if c in columns[2:7] else ""}">{escape(say(f"compare.col.{c}"))}'
                   "</th>" for c in columns)  # fmt: skip
    lines = []
    for rows in outcomes:
        for i, row in enumerate(rows):
            title = row["title_es" if lang == "es" else "title"]
            unit = row["unit_es" if lang == "es" else "unit"]
            named = f'{escape(title)} <span class="unit">({escape(unit)})</span>' if not i else ""
            numbers = (
                number(row["base"], lang), number(row["median"], lang),
                *(f"{number(row['lo' + k], lang)} {say('compare.to')} {number(row['hi' + k], lang)}"
                  for k in ("50", "90")), percent(row["relative_median"], lang),
            )  # fmt: skip
            where = row["direction"]
            sure = "" if where == "none" else f" {100 * row['probability']:.0f} %"
            lines.append(
                f"<tr><td>{named}</td><td>{escape(say('compare.weather.' + row['weather']))}</td>"
                + "".join(f'<td class="n">{escape(n)}</td>' for n in numbers)
                + f"<td>{escape(say('compare.direction.' + where))}{sure}</td></tr>"
            )
    return (f'<h4>{escape(heading)}</h4><div class="scroll"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(lines)}</tbody></table></div>")  # fmt: skip


def _error(rows: Sequence[Row], say: Any, lang: str) -> str:
    row = rows[0]
    title = row["title_es" if lang == "es" else "title"].lower()
    paired, apart = number(row["se_paired"], lang), number(row["se_independent"], lang)
    return say("compare.error", title=title, paired=paired, apart=apart)


def _jumps(found: Sequence[Mapping[str, Any]], say: Any) -> str:
    if not found:
        return f"<p>{escape(say('compare.jumps.none'))}</p>"
    largest = sorted(found, key=lambda j: -abs(j["change"]))
    items = "".join(
        f"<li>{escape(j['weather'])} {escape(j['where'])}, {escape(j['month'])}: {j['change']:+.2f}</li>"
        for j in largest
    )
    told = escape(say("compare.jumps", number=len(found)))
    return f'<details class="fold"><summary>{told}</summary><ul>{items}</ul></details>'


def number(value: float, lang: str) -> str:
    """A number as the tables show it, with the language's separators.

    >>> number(12345.6, "en"), number(-12345.6, "es"), number(0.1234, "es")
    ('12,346', '-12 346', '0,12')
    """
    if value != value:
        return "–"
    shown = f"{value:,.0f}" if abs(value) >= 10 or value == 0 else f"{value:.2g}"
    return shown.replace(",", " ").replace(".", ",") if lang == "es" else shown


def percent(share: float, lang: str) -> str:
    """A share in percent with its sign.

    >>> percent(0.1234, "es")
    '+12,3 %'
    """
    if share != share:
        return "–"
    shown = f"{100 * share:+.1f}" if abs(share) < 1 else f"{100 * share:+,.0f}"
    return f"{shown.replace(',', ' ').replace('.', ',') if lang == 'es' else shown} %"
