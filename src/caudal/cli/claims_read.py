"""`caudal claims read`: draft claims proposed from a text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from caudal.cli import typed
from caudal.cli.console import Json, console, print_json, progress, table

if TYPE_CHECKING:
    from caudal.ask.reading import Reading


def read(
    file: Annotated[Path, typer.Argument(help="A text or HTML file, English or Spanish.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Write a draft ledger to this new file.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Day it appeared, YYYY-MM-DD; else the one it bears.")
    ] = None,
    outlet: Annotated[str | None, typer.Option("--outlet", help="Who printed it.")] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="Language of the text, en or es; else told by it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Propose draft claims from a text, matched to series.

    Numbers get a series and a period, causes their parts, both who says so.

    Rules and word lists, offline. How many it finds and gets right: docs/reading.md. A draft is
    never a verdict: read each against the text, mend and confirm it.
    """
    from caudal.ask.reading import read as read_text
    from caudal.ask.reading.drafts import write_draft
    from caudal.ask.reading.known import known_figures
    from caudal.ask.reading.lexicon import read_lexicon
    from caudal.ask.reading.told import told
    from caudal.corridor.reading import LEXICON
    from caudal.data.store import open_series

    day = typed.day("--on", on)
    figures = known_figures(open_series("figures").to_dict("records"))
    with progress("reading", as_json) as tell:
        reading = read_text(
            file, read_lexicon(LEXICON), figures, language=lang, day=day, progress=tell
        )
    count = write_draft(reading, to, outlet) if to else None
    if as_json:
        print_json(told(reading) | {"written": str(to) if to else None})
        return
    _show(reading)
    if to:
        console().print(f"{count} drafts in {to}: mend, confirm, then `caudal claims check`")
    elif reading.found or reading.causes:
        console().print("--to FILE writes them as a draft ledger")


def _show(reading: Reading) -> None:
    from caudal.ask.reading.drafts import span
    from caudal.ask.reading.words import amount, period_text

    say = console().print
    day = f", {reading.day}" if reading.day else ", no day in it (--on)"
    say(f"{reading.source.name}: {reading.language.code}{day}", markup=False)
    if not reading.found and not reading.causes:
        say("no number and no cause found")
    rows = []
    for found in reading.found:
        start, end = span(reading, found)
        values = "–".join(amount(n.value) for n in found.numbers)
        known = f"{amount(found.known.value)} ({found.known.period})" if found.known else ""
        what = (found.topic.label.en if found.topic else "") + (
            f", {found.group}" if found.group else ""
        )
        rows.append(
            [f"{start}–{end}", values, found.numbers[0].unit, what, found.series or "",
             period_text(found.period), known, found.speaker.who if found.speaker else "",
             f"{found.confidence:.2f}"]
        )  # fmt: skip
    if rows:
        heads = ["at", "value", "unit", "of", "series", "period", "published", "said by", "sure"]
        table(heads, rows, right=["value", "sure"])
    causes = [
        ["–".join(map(str, span(reading, c))), c.cue, c.speaker.who if c.speaker else "",
         f"{c.confidence:.2f}"]
        for c in reading.causes
    ]  # fmt: skip
    if causes:
        table(["cause at", "words", "said by", "sure"], causes, right=["sure"])
    if reading.vague:
        say(f"{len(reading.vague)} amounts without a number (hundreds, miles) left out")
    if reading.cut:
        say("cut: there is more in the text than is proposed of one")
