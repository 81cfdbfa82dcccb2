"""`caudal doctor`: is everything here that Caudal needs, and as it should be."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from caudal.cli.console import Json, console, print_json

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    store: Annotated[
        str, typer.Option("--store", help="Folder or database of the service, as for serve.")
    ] = "",
    port: Annotated[int, typer.Option("--port", help="Port of the service, as for serve.")] = 8000,
    as_json: Json = False,
) -> None:
    """Check the installation, caches, data, draws, store, database and port; nothing is changed.

    Each line is ok, warn or fail, with a remedy. Exit status: 1 where one failed, else 0.
    """
    from caudal.cli.doctor_checks import FAIL, Asked, look
    from caudal.cli.serve import placed
    from caudal.errors import CaudalError

    if not 0 <= port <= 65535:
        raise CaudalError("--port", f"{port}", "0 to 65535")
    database, folder = placed(store)
    lines = look(Asked(folder, database, port))
    if as_json:
        print_json({"checks": [asdict(line) for line in lines]})
    else:
        from rich.text import Text

        for line in lines:
            told = Text(f"{line.status:<5}", style=COLOURS[line.status])
            told.append(f"{line.check:<15}", style="default")
            told.append(line.found + (f" → {line.remedy}" if line.remedy else ""), style="default")
            console().print(told, soft_wrap=True)
    raise typer.Exit(1 if any(line.status == FAIL for line in lines) else 0)
