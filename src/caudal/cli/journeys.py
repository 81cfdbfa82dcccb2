"""`caudal journeys`: what a statistic means to one traveller, in synthetic journeys."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caudal.cli import complete, typed
from caudal.cli.console import Json, console, print_json, progress, table

if TYPE_CHECKING:
    from caudal.ask.journeys import Journey, Journeys

WORDS = {
    "en": {
        "title": "{count} synthetic journeys: {who}, from {nation}, setting out in {month:%Y-%m}, "
        "followed until {until}",
        "based": "Drawn: {travellers} in {members} members of the run '{scenario}'; about {people} "
        "people set out so that month.",
        "kind": "kind of journey", "share": "share", "i90": "90 %", "days": "median days",
        "other": "other kinds", "meets": "what travellers meet", "times": "times each",
        "one": "Journey {n} of kind {kind}, {share} of travellers · {days} days",
        "day": "day", "chance": "Chance on this way: {harm}: {chance}",
        "of": "1 in {n}", "rare": "less than 1 in 100,000",
        "check": "Against the run's monthly flows: χ² {chi2:.1f} at {degrees} degrees of freedom, "
        "p {p_value:.3g} ({travellers} travellers, {cells} flows × months; {rare} more are too rare "
        "to judge)",
    },
    "es": {
        "title": "{count} trayectos sintéticos: {who}, de {nation}, con salida en {month:%Y-%m}, "
        "hasta el {until}",
        "based": "Sorteados: {travellers} en {members} miembros de la simulación '{scenario}'; unas "
        "{people} personas salen así ese mes.",
        "kind": "tipo de trayecto", "share": "proporción", "i90": "90 %", "days": "mediana de días",
        "other": "otros tipos", "meets": "qué ocurre en el camino", "times": "veces cada una",
        "one": "Trayecto {n}, del tipo {kind}, {share} de quienes viajan · {days} días",
        "day": "día", "chance": "Probabilidad en este camino: {harm}: {chance}",
        "of": "1 de cada {n}", "rare": "menos de 1 de cada 100 000",
        "check": "Frente a los flujos mensuales de la simulación: χ² {chi2:.1f} con {degrees} grados "
        "de libertad, p {p_value:.3g} ({travellers} viajeros, {cells} flujos × meses; otros {rare} "
        "son demasiado raros)",
    },
}  # fmt: skip


def journeys(
    scenario: Annotated[
        str, typer.Argument(help="Scenario by name, or a file.", autocompletion=complete.scenarios)
    ] = "baseline",
    start: Annotated[
        str, typer.Option("--from", help="Month in which they set out, YYYY-MM.")
    ] = "2023-01",
    nationality: Annotated[
        str, typer.Option("--nationality", help="Code or name, in English or Spanish.")
    ] = "Honduras",
    unit: Annotated[
        str, typer.Option("--unit", help="single_adult, family or unaccompanied_child.")
    ] = "family",
    count: Annotated[int, typer.Option("--count", help="Kinds listed and journeys told.")] = 10,
    months: Annotated[int, typer.Option("--months", help="For how long they are followed.")] = 12,
    members: Annotated[int, typer.Option("--members", help="Members of the ensemble.")] = 16,
    travellers: Annotated[int, typer.Option("--travellers", help="How many are drawn.")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", help="Of the draws, and of what lies ahead.")] = 0,
    check: Annotated[
        bool, typer.Option("--check", help="Test them against the run's monthly flows.")
    ] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """Tell synthetic journeys of people who set out in one month, and the share of each kind.

    They are drawn from the chances that the run gave to everyone of the group, day by day. They hold
    no data on any person. With --check the exit status is 1 if they fail to reproduce the run.
    """
    typed.language(lang)
    from caudal.ask.journeys import journeys as draw
    from caudal.corridor import corridor
    from caudal.corridor.journeys import words

    here: Any = corridor()
    with progress("drawing journeys", as_json) as tell:
        found = draw(
            here, words(), scenario, start=start, nationality=nationality, unit=unit, count=count,
            months=months, members=members, travellers=travellers, seed=seed, check=check,
            progress=tell,
        )  # fmt: skip
    if as_json:
        _print_json(found)
    else:
        _tell(found, words(), lang)
    if found.agreement is not None and found.agreement.p_value < FAILED:
        raise typer.Exit(1)


FAILED = 0.001
"""A p at which --check fails: one in a thousand runs that agree does."""


def _print_json(found: Journeys) -> None:
    plain = dataclasses.asdict(found)
    listed = ("kinds", "meets", "journeys", "agreement")
    about = {k: v for k, v in plain.items() if k not in listed}
    tested = plain["agreement"] or dict.fromkeys(AGREEMENT)
    print_json({"about": about, **{k: plain[k] for k in listed[:-1]}, "agreement": tested})


AGREEMENT = ("travellers", "cells", "rare", "degrees", "chi2", "p_value", "largest")


def _tell(found: Journeys, words: Any, lang: str) -> None:
    w = WORDS[lang]

    def say(line: str, style: str | None = None) -> None:
        console().print(line, markup=False, style=style)

    nation = words.nationalities[found.nationality][lang]
    say(w["title"].format(count=len(found.journeys), who=found.who[lang], nation=nation,
                          month=found.start, until=found.until), "bold")  # fmt: skip
    say(found.about[lang])
    from caudal.report.numerals import whole

    drawn, people = (whole(x) for x in (found.travellers, found.people))
    say(w["based"].format(travellers=drawn, members=found.members, scenario=found.scenario,
                          people=people))  # fmt: skip
    heads = [w[k] for k in ("kind", "share", "i90", "days")]
    rows = [
        [f"{i}. {k.name[lang]}", percent(k.share), f"{percent(k.lo90)} – {percent(k.hi90)}",
         "" if k.days is None else f"{k.days:.0f}"]
        for i, k in enumerate(found.kinds, 1)
    ]  # fmt: skip
    table(heads, [*rows, [w["other"], percent(found.other), "", ""]], right=heads[1:])
    heads = [w[k] for k in ("meets", "share", "i90", "times")]
    rows = [
        [m.name[lang], percent(m.share), f"{percent(m.lo90)} – {percent(m.hi90)}", f"{m.times:.1f}"]
        for m in found.meets
        if m.share >= LEAST
    ]
    table(heads, rows, right=heads[1:])
    for n, one in enumerate(found.journeys, 1):
        _tell_one(n, one, lang, say)
    if found.agreement is not None:
        tested = vars(found.agreement)
        say(w["check"].format(**tested | {"travellers": whole(tested["travellers"])}))


LEAST = 0.005
"""Stages that fewer travellers meet are left to the JSON."""


def _tell_one(n: int, one: Journey, lang: str, say: Any) -> None:
    w = WORDS[lang]
    head = w["one"].format(n=n, kind=one.kind, share=percent(one.share), days=one.days)
    say(head, "bold")
    for line in one.lines:
        say(f"  {line.on}  {w['day']} {line.day:>3}  {line.text[lang]}")
    for harm in one.chances.values():
        if harm["chance"] > 0:  # what a way never meets needs no line
            chance = _chance(harm["chance"], lang)
            say("  " + w["chance"].format(harm=harm[lang], chance=chance))
    say("")


def percent(share: float) -> str:
    """A share in percent, one digit below ten.

    >>> [percent(s) for s in (0.0004, 0.0123, 0.345)]
    ['0.0 %', '1.2 %', '34 %']
    """
    return f"{share:.0%}".replace("%", " %") if share >= 0.0995 else f"{100 * share:.1f} %"


def _chance(chance: float, lang: str) -> str:
    """A chance as one in so many, two digits of them."""
    from caudal.report.numerals import whole

    if chance < 1e-5:
        return WORDS[lang]["rare"]
    wide = round(1 / chance)
    digits = 10 ** max(len(str(wide)) - 2, 0)
    return WORDS[lang]["of"].format(n=whole(round(wide / digits) * digits))
