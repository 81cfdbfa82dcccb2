"""`caudal policies`: what governments decided, as dated documents."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete, typed
from caudal.cli.console import Json, print_json, table
from caudal.errors import CaudalError

if TYPE_CHECKING:
    from caudal.policy import Law

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Policy documents: list, show, timeline, diff, check.",
)

Language = Annotated[str, typer.Option("--lang", help="Language of names and words: en or es.")]
Known = Annotated[
    str | None, typer.Option("--as-known", help="Only what was public on this day, YYYY-MM-DD.")
]
_HEADINGS = {
    "en": {"start": "start", "end": "end", "supersedes": "supersedes", "needs": "rests on"},
    "es": {
        "id": "id", "name": "nombre", "actor": "actor", "kind": "tipo", "from": "desde",
        "until": "hasta", "known on": "se sabe el", "lever": "palanca", "value": "valor",
        "for": "para", "source": "fuente", "policy": "política", "start": "inicio", "end": "fin",
        "supersedes": "reemplaza a", "needs": "se apoya en",
    },
}  # fmt: skip
_BLOCKED = {
    "en": "{what} of {date}: known {known_on}, blocked {blocked_on}",
    "es": "{what} del {date}: conocido {known_on}, frenado {blocked_on}",
}
FIRST, LAST = dt.date(2018, 1, 1), dt.date(2030, 1, 1)
"""Days that `diff` compares where no others are asked for."""


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Option("--kind", help="Only policies of this kind.")] = None,
    as_known: Known = None,
    lang: Language = "en",
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every stretch as CSV: lever, value, days, source.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the policies: id, name, actor, kind, days in force."""
    from caudal.policy.timeline import listed

    made = _timeline(as_known)
    rows = [listed(row) for row in made]
    kinds = sorted({row["kind"] for row in rows})
    if kind is not None and kind not in kinds:
        raise CaudalError("--kind", f"unknown kind '{kind}'", ", ".join(kinds))
    rows = [row for row in rows if kind in (None, row["kind"])]
    if as_json:
        print_json({"policies": rows})
        return
    typed.language(lang)
    if as_csv:
        from caudal.cli.policies_words import as_csv as csv

        law = _law(as_known)
        mine = [row for row in made if kind in (None, row["kind"])]
        sys.stdout.write(csv(mine, lang, lambda who: _for(who, lang, law)))
        return
    table(
        _headings(lang, "id", "name", "actor", "kind", "from", "until"),
        [
            [r["id"], r["name"][lang], r["actor"], r["kind"], r["from"], r["until"] or "…"]
            for r in rows
        ],
    )


@app.command()
def show(
    policy: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Id of a policy (see list).", autocompletion=complete.policies
        ),
    ],
    as_known: Known = None,
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Show one policy: what it sets, for whom, when; its sources."""
    law = _law(as_known)
    law[policy]  # an unknown id is refused here, with the nearest one
    row = next(r for r in _timeline(as_known) if r["id"] == policy)
    if as_json:
        print_json({"policy": row})
        return
    typed.language(lang)
    typer.echo(f"{row['name'][lang]}  ({row['id']})")
    typer.echo(f"{row['actor']} · {row['kind']} · {row['instrument']}")
    for relation in ("supersedes", "needs"):
        for other in row[relation]:
            document = law[other]
            typer.echo(
                f"{_HEADINGS[lang][relation]}: {document.name.model_dump()[lang]} ({other}): "
                f"{document.instrument}"
            )
    table(
        _headings(
            lang, "from", "known on", "until", "known on", "lever", "value", "for", "source"
        ),
        [
            [
                s["from"], s["known_on"], s["until"] or "…", s["until_known_on"] or "",
                s["lever"], _value(s), _for(s["who"], lang, law), _source(s),
            ]
            for s in row["spans"]
        ],
        right=_headings(lang, "value"),
    )  # fmt: skip
    for b in row["blocked"]:
        typer.echo(_BLOCKED[lang].format(**{**b, "what": _HEADINGS[lang][b["what"]]}))
    for text in (row["uncertainty"], *row["disputed"]):
        if text:
            typer.echo(f"· {text[lang]}")
    for s in row["sources"]:
        day = f" ({s['date']})" if s["date"] else ""
        typer.echo(f"[{s['key']}] {s['publisher']}: {s['title']}{day} {s['url'] or ''}".rstrip())


@app.command()
def timeline(
    actor: Annotated[
        str | None, typer.Option("--actor", help="Only actors that begin with this.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Draw it as a picture: a file ….svg.")
    ] = None,
    as_known: Known = None,
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """List or draw every stretch of every policy by date.

    Each says what it sets, to what, and since when it was known.
    """
    if out is not None and out.suffix != ".svg":
        raise CaudalError("--out", f"'{out}' is no picture", "a file that ends in .svg")
    rows = [r for r in _timeline(as_known) if r["actor"].startswith(actor or "")]
    if not rows:
        actors = sorted({r["actor"] for r in _timeline(as_known)})
        raise CaudalError("--actor", f"unknown actor '{actor}'", ", ".join(actors))
    typed.language(lang)
    if out is not None:
        from caudal.policy.picture import svg
        from caudal.which import corridor

        try:
            out.write_text(svg(rows, corridor().said()["governments"], lang), encoding="utf-8")
        except OSError as error:
            raise CaudalError("--out", f"{out}: {error.strerror}", "a file to write") from None
        typer.echo(str(out), err=as_json)
        if not as_json:
            return
    if as_json:
        print_json({"timeline": rows})
        return
    law = _law(as_known)
    spans = sorted(((s, r) for r in rows for s in r["spans"]), key=lambda pair: pair[0]["from"])
    table(
        _headings(lang, "from", "until", "policy", "lever", "value", "for", "known on"),
        [
            [
                s["from"], s["until"] or "…", r["name"][lang], s["lever"], _value(s),
                _for(s["who"], lang, law), s["known_on"],
            ]
            for s, r in spans
        ],
        right=_headings(lang, "value"),
    )  # fmt: skip


@app.command()
def diff(
    scenario_a: Annotated[
        str,
        typer.Argument(
            help="A scenario by name, or a file ….yaml.", autocompletion=complete.scenarios
        ),
    ],
    scenario_b: Annotated[
        str, typer.Argument(help="The other one.", autocompletion=complete.scenarios)
    ],
    start: Annotated[str | None, typer.Option("--from", help="First day compared.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="First day not compared.")] = None,
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Say in words what a second scenario's law says differently."""
    from caudal.cli.policies_words import for_all, in_all, none
    from caudal.policy.diff import diff as differences
    from caudal.policy.rests import resting, warning
    from caudal.which import corridor

    here = corridor()
    one, two = (here.scenario(name).law(here.law) for name in (scenario_a, scenario_b))
    first, last = typed.day("--from", start) or FIRST, typed.day("--to", end) or LAST
    if last <= first:
        raise CaudalError("--to", f"end {last} before start", f"a day after {first}")
    rows = differences(one, two, first, last, here.labels())
    left = resting(one, two)
    if as_json:
        print_json({"a": scenario_a, "b": scenario_b, "differences": rows, "resting": left})
        return
    typed.language(lang)
    for row in left:
        typer.echo(warning(row, lang), err=True)
    for text in for_all(one, two, lang):
        typer.echo(text, err=True)
    for row in rows:
        typer.echo(row["words"][lang])
        if text := in_all(row, one, two, lang):
            typer.echo(text)
    if not rows:
        typer.echo(none(one, two, first, last, lang))


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            help="A folder of policy documents (default: Caudal's own), one document, or a scenario.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check policy documents: each file alone, then all together.

    A single document is checked beside Caudal's own; a scenario with all that it extends.
    """
    from caudal.policy import Law
    from caudal.which import corridor

    here = corridor()
    if folder is not None and folder.is_file():
        from caudal.cli.policies_words import check_file

        found = check_file(folder, here)
        if as_json:
            print_json({"ok": True, **found})
            return
        typer.echo(f"{found['what']} '{found['id']}' holds; law {found['fingerprint'][:12]}")
        if found["what"] == "scenario":
            typer.echo(f"What it changes: caudal policies diff baseline {folder}")
        return
    law = Law.load(folder or here.folder / "policies", here.law.levers, here.law.vocabulary)
    entries = [e for d in law.documents for _, _, e in d.entries()]
    counts = {
        "documents": len(law),
        "entries": len(entries),
        "unverified": sum(e.unverified for e in entries),
        "levers_set": len({lever for d in law.documents for lever in d.design}),
        "fingerprint": law.fingerprint(),
    }
    if as_json:
        print_json({"ok": True, **counts})
        return
    typer.echo(
        f"{counts['documents']} documents with {counts['entries']} entries hold "
        f"({counts['unverified']} marked unverified); law {counts['fingerprint'][:12]}"
    )


def _headings(lang: str, *words: str) -> list[str]:
    return [_HEADINGS[lang].get(word, word) for word in words]


def _law(as_known: str | None) -> Law:
    from caudal.which import corridor

    law, day = corridor().law, typed.day("--as-known", as_known)
    return law.as_known(day) if day else law


def _timeline(as_known: str | None) -> list[dict[str, Any]]:
    from caudal.policy.timeline import timeline as rows

    return rows(_law(as_known))


def _for(who: Mapping[str, list], lang: str, law: Law) -> str:
    from caudal.policy.diff import who_in_words
    from caudal.which import corridor

    return who_in_words(who, law.vocabulary, lang, corridor().labels())


def _value(span: Mapping[str, Any]) -> str:
    trigger = span["trigger"]
    text = f"{span['value']:,g}"
    return f"{text} if ≥ {trigger['on_at_or_above']:,g}" if trigger else text


def _source(span: Mapping[str, Any]) -> str:
    flag = " (unverified)" if span["unverified"] else ""
    return f"{span['source'] or '—'}{flag}"
