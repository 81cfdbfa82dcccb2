"""`caudal posterior`: the learned constants beside their priors, and as files for other tools."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from caudal.cli.console import Json, console, print_json, table
from caudal.errors import CaudalError

SHOWN = 20
"""Values that the terminal lists where no constant is named; JSON and files hold all."""
NUMBERS = ("prior", "90 % prior", "posterior", "90 % posterior", "contraction")


def posterior(
    constants: Annotated[
        list[str] | None,
        typer.Argument(help="Constants by name; none: those that the counts moved most."),
    ] = None,
    draws: Annotated[
        Path | None,
        typer.Option("--draws", help="Draws that `caudal fit --out` wrote; default: as shipped."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="FILE.csv: a row a value; FILE.nc: every draw, for ArviZ and xarray."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show prior and posterior of every constant in its own unit, or write them to a file.

    Nothing is learned anew. Medians and 90 % are of the prior as stated and of the learned draws;
    contraction is one minus posterior over prior variance, from the fit: about 0 where the counts
    said nothing, below 0 where a constant became less sure. docs/learning.md says how to read it.
    """
    from caudal.compute.posterior import load
    from caudal.learn.values import values
    from caudal.which import corridor

    if out is not None and out.suffix not in (".csv", ".nc"):
        raise CaudalError(f"--out {out}", "what kind of file is not told", "FILE.csv or FILE.nc")
    here = corridor()
    read = load(draws or here.posterior)
    if strange := next((k for k, z in read.z.items() if not _fits(z, here.priors.get(k))), None):
        raise CaudalError(
            f"--draws {draws}",
            f"draws of another model, which knows {strange!r}",
            "this model's own",
        )
    learned, new = read.completed(here.priors)
    if unknown := next((c for c in constants or () if c not in here.priors), None):
        from caudal.policy.marks import nearest

        raise CaudalError("constant", f"unknown {unknown!r}", nearest(unknown, here.priors))
    made = values(here, learned)
    about = {k: str(learned.about.get(k, "")) for k in ("code_version", "data_vintage")}
    if out is not None:
        _write(out, here, learned, made.assign(**about))
    if constants:
        made = made[made.parameter.str.partition("[")[0].isin(constants)]
    if as_json:
        rows = made.astype(object).where(made.notna(), None).to_dict("records")
        print_json({"values": rows, "draws": learned.draws, "from_priors": list(new), **about})
        return
    _tell(made, whole=not constants)
    console().print(
        f"{learned.draws} independent draws (no chains), learned with code {about['code_version']}, "
        f"data {about['data_vintage']}"
    )
    if out is not None:
        typer.echo(str(out))


def _fits(z: Any, prior: Any) -> bool:
    return prior is not None and z.shape[:-1] == prior.centre.shape


def _write(out: Path, here: Any, learned: Any, made: Any) -> None:
    """The table, or every draw."""
    if out.suffix == ".csv":
        from caudal.compute.files import write_together
        from caudal.data.spreadsheet import csv_text

        write_together(out.parent, {out.name: csv_text(made)}, "--out")
        return
    from caudal.learn.record import write

    observed = here.observed(here.begins, date(2100, 1, 1))
    write(out, here, learned, observed.until(learned.months), option="--out")


def _tell(made: Any, whole: bool) -> None:
    """A line a value: those that moved most, or all of the constants that were named."""
    shown = made.sort_values("contraction", ascending=False, kind="stable") if whole else made
    table(
        ["constant", "of", "unit", *NUMBERS, "informed by"],
        [
            [
                r.parameter, r.label, r.unit,
                r.prior_median, f"{r.prior_low90:,.4g} – {r.prior_high90:,.4g}",
                r.posterior_median, f"{r.posterior_low90:,.4g} – {r.posterior_high90:,.4g}",
                r.contraction, r.informed_by,
            ]
            for r in (shown.head(SHOWN) if whole else shown).itertuples()
        ],
        right=NUMBERS,
    )  # fmt: skip
    if whole:
        lost, less = (made.contraction > 0.2).sum(), (made.contraction < 0).sum()
        console().print(
            f"{lost} values lost more than a fifth of their prior's variance to the counts, {less} "
            f"became less sure; all {len(made):,}: --out FILE.csv"
        )
