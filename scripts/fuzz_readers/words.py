"""What is typed: words of options, whole command lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from fuzz_readers.common import CORRIDOR, Faulty, Reader, by_text

QUICK = ("data", "policies", "claims", "skill", "model")
"""Verbs of command lines that answer at once."""


def words() -> Iterator[Reader]:
    """Days, months, periods, limits and levers as typed; whole command lines of quick verbs."""
    from caudal.ask.attribute_asked import period
    from caudal.ask.claims_time import Period
    from caudal.ask.search import _limit
    from caudal.ask.search_levers import turns
    from caudal.cli import as_of, fit, main
    from caudal.cli.typed import day
    from caudal.compute.asked import _month
    from caudal.corridor.compared import compared
    from caudal.corridor.policies import law
    from caudal.data.checks import bounds
    from caudal.data.listed import between
    from caudal.data.store import open_series
    from caudal.errors import CaudalError
    from caudal.service.settings import token_hash

    def claimed(text: str) -> Any:
        try:
            return Period.parsed(text)
        except ValueError as told:  # pydantic makes a CaudalError of it
            raise CaudalError("period", str(told)) from None

    base, frame = law(), open_series("us.courts")
    levers = CORRIDOR / "search.yaml"
    days = [b"2024-05-12", b"2021-02-28"]
    months = [b"2021-03", b"2021-03-01", b"2020-11..2021-01", b"FY2021", b"2021"]
    each: tuple[tuple[str, list[bytes], Callable[[str], Any]], ...] = (
        ("months", months, lambda t: _month("--from", t)),
        ("days", days, lambda t: as_of._day(t, None)),
        ("days of options", days, lambda t: day("--on", t)),
        ("origins", months, lambda t: fit._month("--from", t)),
        ("periods", months, lambda t: period("--from", t)),
        ("periods of claims", [*months, b"2021-03-01..2021-04-01", b"2021-W03"], claimed),
        ("periods of checks", months, bounds),
        ("spans of series", [*months, *days], lambda t: between(frame, "fiscal_year", t, None)),
        ("limits", [b"deaths<=100%", b"encounters >= 12,000"], lambda t: _limit(t, compared())),
        ("tokens", [b"sha256:" + b"0" * 64, b"a-token-of-24-characters!"], token_hash),
    )
    for name, seeds, read in each:
        yield Reader(f"words: {name}", "line", seeds, by_text(read), 65)
    yield Reader("words: levers", "line", [b"judges=600:1200:200", b"us.title42.expulsion=0:1:0.5"],
                 by_text(lambda t: turns([t], levers, base)), 3)  # fmt: skip

    def typed(text: str) -> Any:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
            status = main(text.split("\n"))
        if status not in (0, 2) or "Traceback" in said.getvalue():
            raise Faulty(said.getvalue()[-300:])
        return status

    lines = (
        "data show us.courts --from 2020 --to 2021 --json", "policies show us-title-42 --on 2022-01-01",
        "policies diff baseline title-42-stays-a-year --from 2021-01-01", "claims list --kind figure",
        "skill --mode blind --target southwest --scale log", "model --help", "run --help",
        "policies list --actor us --lang es", "trace encounters --month 2021-03 --help",
    )  # fmt: skip
    seeds = [line.replace(" ", "\n").encode() for line in lines]
    quick = by_text(lambda t: typed(t) if t.split("\n")[0] in QUICK else None)
    yield Reader("words: command lines", "line", seeds, quick, 0.5)
