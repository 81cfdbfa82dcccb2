"""`caudal warm`: make ahead what a first run would have to wait for."""

from __future__ import annotations

from typing import Annotated

import typer

from caudal.cli.console import progress, table
from caudal.errors import CaudalError


def warm(
    sampled: Annotated[
        bool, typer.Option("--sampled", help="Run the draws in whole people, too (longer).")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", help="Threads.")] = 2,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the folder only.")] = False,
) -> None:
    """Compile, and run every draw until the last count, so that no run has to wait for it.

    What is there already is left alone. It is kept in $CAUDAL_CACHE, or the user's cache folder: losing
    that costs time, never a result.
    """
    from caudal.compute import cache
    from caudal.compute.asked import in_range
    from caudal.compute.warm import SHAPES, compile_ahead, make_pasts
    from caudal.which import corridor

    in_range("--workers", workers, 1, 64)
    here, made = corridor(), []
    with progress("compiling", quiet) as tell:
        for one in compile_ahead(here):
            made.append(one)
            if tell is not None:
                tell(len(made), len(SHAPES))
    for sampler in ("expected", "sampled") if sampled else ("expected",):
        with progress(f"draws until the last count, {sampler}", quiet) as tell:
            made.append(make_pasts(here, sampler, workers, tell))
    if not quiet:
        rows = [(m.what, m.new, m.there, round(m.took_s, 1)) for m in made]
        table(("", "made", "there now", "seconds"), rows, right=("made", "there now", "seconds"))
    if not cache.enable():
        raise CaudalError(
            "$CAUDAL_CACHE", f"{cache.folder()} cannot be written", "a writable folder"
        )
    typer.echo(str(cache.folder()))
