"""What policies did: docs/results/effects.csv and the tables of docs/effects.md.

    python scripts/effects.py [--members 48] [--draws F] [--half F] [--double F]   (or: make effects)

`--half` and `--double` are draws learned with the weather's variance halved and doubled:

    caudal fit --variance 0.5 --out half.npz
    caudal fit --variance 2 --out double.npz

Without them their columns stay empty. Four sets of draws with 48 members take about ten minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caudal.ask.effects import at_prior, run
from caudal.ask.effects_asked import Asked, effects, load
from caudal.ask.effects_told import COLUMNS, VARIANTS, told
from caudal.compute import posterior as shipped
from caudal.compute.posterior import Posterior
from caudal.compute.store import code_version, file_hash
from caudal.corridor import HERE, corridor
from caudal.data.store import data_vintage
from caudal.errors import CaudalError

ROOT = Path(__file__).resolve().parents[1]
ASKED = HERE / "effects.yaml"
TABLE = ROOT / "docs" / "results" / "effects.csv"
PAGE = ROOT / "docs" / "effects.md"
BEGIN, END = "<!-- tables: written by scripts/effects.py -->", "<!-- end of tables -->"
FREEDOM = {"half": 0.5, "double": 2.0}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all effects and write table and page; 2 for bad input, with nothing written."""
    parser = argparse.ArgumentParser(description="What policies did: docs/results/effects.csv")
    parser.add_argument("--members", type=int, default=48, help="draws to run (default: 48)")
    parser.add_argument("--draws", type=Path, default=corridor().posterior, help="learned draws")
    for name, variance in FREEDOM.items():
        parser.add_argument(f"--{name}", type=Path, help=f"draws learned at variance {variance}")
    given = parser.parse_args(arguments)
    try:
        asked, marks = load(ASKED)
        wanted = effects(asked, marks, corridor())
        draws = variants(given)
        found = {}
        for name, posterior in draws.items():
            found[name] = run(
                corridor(), posterior, wanted, asked.quantities, members=given.members,
                progress=lambda done, of, n=name: print(f"{n}: {done} of {of}", file=sys.stderr),
            )  # fmt: skip
    except CaudalError as error:
        print(error, file=sys.stderr)
        return 2
    rows = told(asked, wanted, found, draws["posterior"].about.get("constants", {}))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(
        members=given.members, draws=file_hash(given.draws), code_version=code_version(),
        data_vintage=data_vintage(),
    )  # fmt: skip
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(TABLE, index=False, float_format="%.4g", lineterminator="\n")
    write_page()
    return 0


def variants(given: argparse.Namespace) -> dict[str, Posterior]:
    """The sets of draws, the prior's made from the posterior's."""
    posterior = shipped.load(given.draws)
    out = {"prior": at_prior(posterior, corridor()), "posterior": posterior}
    for name, variance in FREEDOM.items():
        path = getattr(given, name)
        if path is None:
            continue
        out[name] = shipped.load(path)
        said = out[name].about.get("settings", {}).get("variance", 1.0)
        if said != variance:
            raise CaudalError(f"--{name}", f"draws learned at variance {said}", str(variance))
    return out


def write_page() -> None:
    """Put the tables as committed into the page."""
    text = PAGE.read_text("utf-8")
    head, tail = text.partition(BEGIN)[0], text.partition(END)[2]
    shown = tables(pd.read_csv(TABLE, keep_default_na=False, na_values=[""]), load(ASKED)[0])
    PAGE.write_text(f"{head}{BEGIN}\n\n{shown}\n{END}{tail}", "utf-8")


# ---- the page -----------------------------------------------------------------------------------


def tables(table: pd.DataFrame, asked: Asked) -> str:
    """All tables of the page as Markdown."""
    names = {q.id: q.en for q in asked.questions} | {b.id: b.en for b in asked.bundles}
    names |= {f"{b.id}/{p.id}": p.en for b in asked.bundles for p in b.parts}
    units = {k: q.en for k, q in asked.quantities.items()}
    parts = [
        "### The ten questions: encounters over the period\n", questions(table, asked),
        "### What each rests on\n", grounds(table, asked),
        "### Other outcomes\n", others(table, asked, units),
        *(bundle(table, b.id, names) for b in asked.bundles),
    ]  # fmt: skip
    return "\n".join(parts)


def questions(table: pd.DataFrame, asked: Asked) -> str:
    """One row a question; part of a bundle that is not told apart, it shows the joint effect."""
    lines = head("question", "period", "expected", "prior", "posterior", "half", "double",
                 "contraction", "rests on", "holds")  # fmt: skip
    for q in asked.questions:
        name, rows = answered(table, q.id, "encounters")
        last = rows.loc["posterior"]
        title = q.en if name == q.id else f"{q.en} *{name}*"
        period = f"{last['from']} to {last['until']}"
        lines.append(line(title, period, sign(last), *four(rows), shrunk(last), last["rests_on"],
                          last["holds"]))  # fmt: skip
    return "\n".join(lines) + "\n"


def sign(row: pd.Series) -> str:
    """The sign that was expected, and whether the posterior's median has the other."""
    other = {"more": row.effect < 0, "fewer": row.effect > 0}.get(row.expected, False)
    return row.expected + (", the draws lean the other way" if other else "")


def answered(table: pd.DataFrame, question: str, quantity: str) -> tuple[str, pd.DataFrame]:
    """The rows by variant that answer a question, and a name: its own, the part's or the bundle's."""
    rows = table[(table.question == question) & (table.quantity == quantity)]
    rows = rows[rows.kind.isin(["question", "part"])]
    asked = rows.asked.iloc[0]
    if rows.kind.iloc[0] == "question":
        return question, rows.set_index("variant")
    group = asked.partition("/")[0]
    if (rows.reported == "alone").all():
        return f"(in the bundle of {group}, told apart)", rows.set_index("variant")
    rows = table[(table.asked == group) & (table.kind == "bundle") & (table.quantity == quantity)]
    return f"(jointly: all of {group})", rows.set_index("variant")


def grounds(table: pd.DataFrame, asked: Asked) -> str:
    """What identifies each answer, and how far its constants contracted."""
    lines = head("question", "what identifies it", "its constants' contraction")
    for q in asked.questions:
        rows = table[(table.question == q.id) & (table.variant == "posterior")]
        constants = "; ".join(f"`{c.split()[0]}` {c.split()[1]}"
                              for c in rows.constants.iloc[0].split("; "))  # fmt: skip
        lines.append(line(q.id, q.identified_by.en, constants))
    return "\n".join(lines) + "\n"


def others(table: pd.DataFrame, asked: Asked, units: dict[str, str]) -> str:
    """What else each question's policy did."""
    lines = head("question", "outcome", "prior", "posterior", "half", "double", "contraction",
                 "rests on")  # fmt: skip
    for q in asked.questions:
        rows = table[(table.question == q.id) & (table.quantity != "encounters")]
        for quantity in rows.quantity.unique():
            name, found = answered(table, q.id, quantity)
            last = found.loc["posterior"]
            title = q.id if name == q.id else f"{q.id} *{name}*"
            lines.append(line(title, units[quantity], *four(found), shrunk(last), last["rests_on"]))
    return "\n".join(lines) + "\n"


def bundle(table: pd.DataFrame, name: str, names: dict[str, str]) -> str:
    """A bundle: joint effect, parts, interaction, and how its parts' effects go together."""
    of = table[(table.asked == name) | table.asked.str.startswith(f"{name}/")]
    of = of[of.quantity == "encounters"]
    parts = of[of.kind == "part"].asked.unique()
    apart = (of[of.kind == "part"].reported == "alone").all()
    lines = head("taken out", "prior", "posterior", "half", "double", "contraction", "rests on")
    for kind, one, title in [("bundle", name, "all of it"),
                             *(("part", p, names[p]) for p in parts),
                             ("interaction", name, "joint less the sum of its parts")]:  # fmt: skip
        rows = of[(of.asked == one) & (of.kind == kind)].set_index("variant")
        last = rows.loc["posterior"]
        more = ("", "") if kind == "interaction" else (shrunk(last), last["rests_on"])
        lines.append(line(title, *four(rows), *more))
    pairs = of[of.kind == "correlation"].sort_values("effect", key=abs, ascending=False)
    strongest = pairs.iloc[0]
    told_apart = (
        "are told apart" if apart else "are **not** told apart: only the joint effect counts"
    )
    last = of[(of.kind == "part") & (of.variant == "posterior")].set_index("asked")["rests_on"]
    unlearned = "; ".join(names[part] for part in parts if last[part] == "the prior") or "none"
    return (
        f"### {names[name]}\n\n" + "\n".join(lines) + "\n\n"
        f"Its parts {told_apart}. Largest correlation of two parts' effects: {strongest.effect:.2f} "
        f"({strongest.asked.partition('/')[2]}). Effects that rest on the prior: {unlearned}.\n"
    )


def four(rows: pd.DataFrame) -> list[str]:
    """Median and 90 % interval under each set of draws, prior and posterior with their percent."""
    out = []
    for variant in VARIANTS:
        if variant not in rows.index:
            out.append("not run")
            continue
        r = rows.loc[variant]
        percent = "" if pd.isna(r.percent) or variant in FREEDOM else f", {r.percent:+.1f} %"
        out.append(f"{people(r.effect)} ({people(r.low90)} to {people(r.high90)}{percent})")
    return out


def people(value: float) -> str:
    """A number of people with three figures.

    >>> people(-41853.0), people(12.34)
    ('−41,900', '12')
    """
    size = f"{abs(float(f'{value:.3g}')):,.0f}"
    return f"−{size}" if value < 0 and size != "0" else size


def shrunk(row: pd.Series) -> str:
    """Contraction in people, and in percent."""
    return f"{row.contraction:.2f} / {row.contraction_percent:.2f}"


def head(*cells: str) -> list[str]:
    """The first two lines of a Markdown table."""
    return [line(*cells), "|" + "---|" * len(cells)]


def line(*cells: str) -> str:
    """One line of a Markdown table."""
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    sys.exit(main())
