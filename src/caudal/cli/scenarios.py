"""`caudal scenarios`: the shipped what-ifs by name, and the document of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete, typed
from caudal.cli.console import Json, print_json, table

if TYPE_CHECKING:
    from caudal.policy import Scenario

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Scenarios, what-ifs over what governments decided: list, show.",
)

Language = Annotated[str, typer.Option("--lang", help="Language of titles and notes: en or es.")]
_HEADINGS = {"en": ("name", "title", "extends"), "es": ("nombre", "título", "parte de")}


@app.command("list")
def list_(lang: Language = "en", as_json: Json = False) -> None:
    """List the shipped scenarios: name, title, what each extends."""
    from caudal.policy.scenario import scenario_names
    from caudal.which import corridor

    _known(lang)
    here = corridor()
    found = [here.scenario(name) for name in scenario_names([here.folder / "scenarios"])]
    if as_json:
        print_json({"scenarios": [_row(scenario) for scenario in found]})
        return
    rows = [_row(scenario) for scenario in found]
    table(_HEADINGS[lang], [[r["name"], r["title"][lang], " → ".join(r["extends"])] for r in rows])


@app.command()
def show(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            help="By name (see list) or a file of yours.",
            autocompletion=complete.scenarios,
        ),
    ],
    lang: Language = "en",
    as_json: Json = False,
) -> None:
    """Show one scenario: its note, and the document to copy.

    What is printed is a whole document: caudal scenarios show NAME > mine.yaml.
    What its law says differently, in words: caudal policies diff baseline SCENARIO.
    """
    from caudal.which import corridor

    _known(lang)
    found = corridor().scenario(scenario)
    row = _row(found)
    if as_json:
        print_json({"scenario": row, "yaml": found.as_yaml()})
        return
    typer.echo(f"# {row['title'][lang]}  ({row['name']})")
    if row["note"]:
        typer.echo("# " + " ".join(row["note"][lang].split()))
    typer.echo(found.as_yaml().rstrip())


def _row(found: Scenario) -> Mapping[str, Any]:
    """A scenario in short: name, title and note by language, the names that it extends."""
    return {
        "name": found.name,
        "title": found.title.model_dump(),
        "note": found.note.model_dump() if found.note else None,
        "extends": list(found.chain[:-1]),
    }


def _known(lang: str) -> None:
    typed.language(lang)
