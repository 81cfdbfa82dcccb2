"""`caudal token`: make, list and revoke the tokens that a service asks for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from caudal.cli.console import Json, print_json, table

app = typer.Typer(
    help="Tokens of the service: make, list, revoke.", no_args_is_help=True, rich_markup_mode=None
)
Store = Annotated[
    str,
    typer.Option("--store", help="Folder or database of the service, as for serve."),
]


def _folder(store: str) -> Path:
    """Where the tokens of such a service are: with a database, in the user's data folder."""
    from caudal.cli.serve import placed

    return placed(store)[1]


@app.command("new")
def new(
    scope: Annotated[
        str, typer.Option("--scope", help="read, run (also jobs and scenarios) or admin.")
    ] = "read",
    days: Annotated[float, typer.Option("--days", help="After how many days it ends.")] = 30,
    name: Annotated[str, typer.Option("--name", help="Whose it is, for the list.")] = "",
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Make a token and print it, this once: only its hash is kept."""
    from caudal.service.tokens import new as make

    token, kept = make(_folder(store), scope, days, name)
    if as_json:
        print_json({"token": token, "kept": _told(kept)})
        return
    typer.echo(token)
    told = f"{kept.id}: scope {kept.scope}, until {kept.expires}, kept in {_folder(store)}"
    typer.echo(told, err=True)


@app.command("list")
def listed(store: Store = "", as_json: Json = False) -> None:
    """List the tokens: id, whose, scope, when they end. None can be read again."""
    from caudal.service.tokens import tokens

    rows = [_told(t) for t in tokens(_folder(store))]
    if as_json:
        print_json({"tokens": rows})
        return
    columns = ("id", "name", "scope", "created", "expires", "ended")
    if not rows:
        typer.echo(f"none in {_folder(store)}: the service talks to this machine only", err=True)
        return
    table(columns, [[row[c] for c in columns] for row in rows])


@app.command("revoke")
def revoke(
    token_id: Annotated[str, typer.Argument(help="Of `caudal token list`.")],
    store: Store = "",
) -> None:
    """Forget a token; a service that runs refuses it from then on."""
    from caudal.service.tokens import revoke as forget

    gone = forget(_folder(store), token_id)
    typer.echo(f"{gone.id} revoked")


def _told(token: Any) -> dict[str, Any]:
    rest = {k: v for k, v in asdict(token).items() if k != "hash"}
    return {**rest, "ended": token.ended(datetime.now(UTC))}
