"""`caudal headlines`: published figures against the model's intervals."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import typed
from caudal.cli.console import Json, console, print_json, progress, table
from caudal.errors import CaudalError

if TYPE_CHECKING:
    import xarray as xr

    from caudal.ask.headlines import Summary

WORDS = {
    "en": {
        "figure": "figure", "published": "published", "median": "model median", "i50": "50 %",
        "i90": "90 %", "inside": "inside", "used": "used", "source": "source", "unit": "unit",
        "yes": "yes", "no": "no", "out": "out", "none": "unexplained",
        "counts": "{figures} figures, {used} used, {unused} not used. Of those not used:",
        "level": "inside the {level:.0%} interval: {inside} of {figures}, {share:.0%} "
        "({lo:.0%} to {hi:.0%}, Wilson 95 %, as if figures were independent); "
        "with one vote for each variable {by_variable:.0%}",
        "width": "median width of the 90 % interval: a factor {width}",
        "bare": "without the model's own fault (sd of the log {fault}, the least that holds 90 % of "
        "the figures used): {inside} of {figures}, {share:.0%}, at a factor {width}",
        "misses": "Outside the 90 % interval, and why:",
    },
    "es": {
        "figure": "cifra", "published": "publicada", "median": "mediana del modelo", "i50": "50 %",
        "i90": "90 %", "inside": "dentro", "used": "usada", "source": "fuente", "unit": "unidad",
        "yes": "sí", "no": "no", "out": "fuera", "none": "sin explicar",
        "counts": "{figures} cifras, {used} usadas, {unused} no usadas. De las no usadas:",
        "level": "dentro del intervalo del {level:.0%}: {inside} de {figures}, {share:.0%} "
        "({lo:.0%} a {hi:.0%}, Wilson 95 %, como si las cifras fueran independientes); "
        "con un voto por variable {by_variable:.0%}",
        "width": "anchura mediana del intervalo del 90 %: un factor {width}",
        "bare": "sin la falla propia del modelo (desviación del logaritmo {fault}, la menor que "
        "contiene el 90 % de las usadas): {inside} de {figures}, {share:.0%}, a un factor {width}",
        "misses": "Fuera del intervalo del 90 %, y por qué:",
    },
}  # fmt: skip


RECIPE = ("run_id", "recipe_command", "recipe_python")


def headlines(
    unused: Annotated[
        bool, typer.Option("--unused", help="Only figures that the fit never saw.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="The figures and their sources, without a run.")
    ] = False,
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 96,
    folder: Annotated[
        Path | None, typer.Option("--run", help="Folder of a run to read, instead of a new run.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the table: en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """Set published figures beside what the model says of the same.

    Runs the baseline from the learned draws. Each figure says whether the fit, a lever or a prior
    knew it; the summary is of the others. How they were chosen: docs/headlines.md.
    """
    typed.language(lang)
    from caudal.corridor import corridor

    here: Any = corridor()
    if listed:
        _list([f for f in here.headlines if not (unused and f.used)], lang, as_json)
        return
    from caudal.ask.headlines import headlines as judge

    ds = _run(here, members, quiet=as_json) if folder is None else _read(folder)
    judged, summed = judge(here, ds)
    shown = [h for h in judged if not (unused and h.figure.used)]
    if as_json:
        recipe = {k: ds.attrs.get(k) for k in RECIPE}
        print_json(
            {
                "headlines": [h.as_dict() for h in shown],
                "summary": summed.as_dict(),
                "run": recipe,
            }
        )
        return
    _tell(shown, summed, lang)


def _run(here: Any, members: int, quiet: bool) -> xr.Dataset:
    from caudal.ask.headlines import months_needed
    from caudal.compute.run import simulate

    last = months_needed(here.headlines)[1]
    end = last if last.day == 1 else (last.replace(day=1, month=last.month % 12 + 1))
    if end < last:
        end = end.replace(year=end.year + 1)
    with progress("simulating", quiet) as tell:
        return simulate(here, "baseline", members=members, end=end, progress=tell).dataset()


def _read(folder: Path) -> xr.Dataset:
    import xarray as xr

    path = folder / "results.nc"
    if not path.is_file():
        raise CaudalError(f"--run {folder}", "no results.nc in it", "a folder that `run` wrote")
    try:
        return xr.load_dataset(path)
    except (OSError, ValueError) as broken:
        raise CaudalError(f"--run {path}", f"not readable ({broken})", "a run's results") from None


def _list(figures: list[Any], lang: str, as_json: bool) -> None:
    if as_json:
        from caudal.ask.headlines import JUDGED, Summary, told

        unjudged = dict.fromkeys(JUDGED)
        used = sum(f.used for f in figures)
        blank = dict.fromkeys(field.name for field in dataclasses.fields(Summary))
        counts = {"figures": len(figures), "used": used, "unused": len(figures) - used}
        print_json(
            {
                "headlines": [{**told(f), **unjudged} for f in figures],
                "summary": {**blank, **counts},
                "run": dict.fromkeys(RECIPE),
            }
        )
        return
    w = WORDS[lang]
    rows = [
        [f.name[lang], number(f.value), f.unit, f.title, w["yes"] if f.used else w["no"]]
        for f in figures
    ]
    heads = [w[k] for k in ("figure", "published", "unit", "source", "used")]
    table(heads, rows, right=[w["published"]])


def _tell(shown: list[Any], summed: Summary, lang: str) -> None:
    w = WORDS[lang]
    rows = [
        [
            h.figure.name[lang], number(h.figure.value), number(h.median),
            f"{number(h.lo50)} – {number(h.hi50)}", f"{number(h.lo90)} – {number(h.hi90)}",
            "50 %" if h.inside50 else "90 %" if h.inside90 else w["out"],
            w["yes"] if h.figure.used else w["no"],
        ]
        for h in shown
    ]  # fmt: skip
    heads = [w[k] for k in ("figure", "published", "median", "i50", "i90", "inside", "used")]
    table(heads, rows, right=heads[1:5])
    say = console().print
    say(w["counts"].format(**summed.as_dict()), markup=False)
    for found in (summed.coverage50, summed.coverage90):
        say("  " + w["level"].format(**vars(found)), markup=False)
    say("  " + w["width"].format(width=number(summed.median_width)), markup=False)
    bare = vars(summed.bare90) | {"fault": summed.fault, "width": number(summed.bare_width)}
    say("  " + w["bare"].format(**bare), markup=False)
    misses = [h.figure for h in shown if h.figure.id in summed.misses]
    if misses:
        say(w["misses"], markup=False)
    for figure in misses:
        why = figure.reason[lang] or w["none"]
        say(f"  {figure.name[lang]} ({figure.id}): {why}", markup=False)


def number(value: float) -> str:
    """A number in three digits, thousands k, millions M; a dash where there is none.

    >>> [number(v) for v in (0.0123, 0.45, 71.25, 4_200, 1_734_686, 1.7e9, float("nan"))]
    ['0.0123', '0.45', '71.2', '4.2k', '1.73M', '1700M', '–']
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            scaled = value / size
            return f"{scaled:.0f}{letter}" if scaled >= 1000 else f"{scaled:.3g}{letter}"
    return f"{value:.3g}"
