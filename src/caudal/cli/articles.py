"""`caudal articles`: every row of the articles with what represents it here."""

from __future__ import annotations

from typing import Annotated

import typer

from caudal.cli.console import Json, console, print_json, table
from caudal.errors import CaudalError


def articles(
    status: Annotated[
        str | None,
        typer.Option("--status", help="represented, partly, 'not yet' or 'not represented'."),
    ] = None,
    article: Annotated[
        str | None, typer.Option("--article", help="0 to 4, or x for the list across all.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what the articles report, who says it, and what represents it in Caudal.

    Begins with each article's outlet and where it stands, as the outlet or others tell it; ends with
    how many rows of each type are represented.
    """
    from caudal.corridor.articles import STATUSES, counts, load_articles, load_rows

    rows = load_rows()
    numbers = sorted({row.article for row in rows})
    if status is not None and status not in STATUSES:
        raise CaudalError("--status", f"'{status}'", ", ".join(STATUSES))
    if article is not None and article not in numbers:
        raise CaudalError("--article", f"'{article}'", ", ".join(numbers))
    chosen = [
        row
        for row in rows
        if (status is None or row.status == status) and (article is None or row.article == article)
    ]
    told = [one for one in load_articles() if one.id in {row.article for row in chosen}]
    if as_json:
        print_json(
            {
                "articles": [one.as_dict() for one in told],
                "rows": [row.as_dict() for row in chosen],
                "counts": counts(chosen),
            }
        )
        return
    table(
        ["article", "outlet", "printed", "where it stands", "told by"],
        [[a.id, a.outlet, a.printed, a.stance["en"], a.title or a.told_by] for a in told],
    )
    table(
        ["id", "type", "reported, and by whom", "status", "represented by"],
        [
            [
                row.id,
                "\n".join(row.type),
                f"{row.text['en']} · {row.says}",
                row.status,
                "\n".join((*row.represented_by, row.why.get("en", ""))).strip(),
            ]
            for row in chosen
        ],
    )
    table(
        ["type", "rows", *STATUSES],
        [list(counted.values()) for counted in counts(chosen)],
        right=["rows", *STATUSES],
    )
    console().print("A row of two types counts under both; the last line counts each row once.")
