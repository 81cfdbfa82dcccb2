"""How good past forecasts were, and published figures beside the model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pandas as pd
from fastapi import Query
from starlette.responses import Response

from caudal.corridor import corridor
from caudal.policy.marks import nearest
from caudal.service import shapes
from caudal.service.answers import answer, records
from caudal.service.routes.common import missing, router

api = router("skill")

Table = Literal["skill", "contained", "coverage", "pit", "turning", "scores"]
TABLES: tuple[str, ...] = Table.__args__
Target = Annotated[str, Query(pattern=r"^[a-z_]{1,40}(:[a-z0-9_-]{1,40})?$")]
Horizon = Annotated[str, Query(pattern=r"^\d{1,2}(-\d{1,2})?$")]


@api.get("/skill", response_model=shapes.Skill)
def tables(
    table: Annotated[
        list[Table] | None, Query(description="only these tables; the others are empty")
    ] = None,
    target: Annotated[list[Target] | None, Query(description="southwest, area:yuma, …")] = None,
    horizon: Annotated[list[Horizon] | None, Query(description="months ahead: 3, 1-6")] = None,
    mode: Annotated[Literal["blind", "aware"] | None, Query()] = None,
    scale: Annotated[Literal["log", "natural"] | None, Query(description="of ratios")] = None,
    baseline: Annotated[
        str | None,
        Query(pattern=r"^[a-z_]{1,40}$", description="of ratios: a method, or best"),
    ] = None,
) -> Response:
    """Scores against simple baselines, coverage, PIT and turning points (docs/skill.md)."""
    from caudal.forecast.skill import contained, read

    folder = corridor().skill
    if not folder.is_dir():
        raise missing("skill", "nothing is scored yet", "caudal backtest --write")
    made = read(folder)
    made["contained"] = contained(made["coverage"])
    there = sorted({str(t) for name in made for t in made[name].get("target", ())})
    for one in target or ():
        if one not in there:
            raise missing(f"target {one}", "unknown", nearest(one, there))
    methods = sorted(set(made["skill"]["baseline"]))
    if baseline not in (None, "best", *methods):
        raise missing(f"baseline {baseline}", "unknown", ", ".join(["best", *methods]))
    wanted = {
        "target": target,
        "horizon": horizon,
        "mode": mode and [mode],
        "scale": scale and [scale],
    }
    wanted["baseline"] = [baseline] if baseline not in (None, "best") else None
    told: dict[str, Any] = {}
    for name in TABLES:
        rows = made[name] if table is None or name in table else made[name].iloc[:0]
        for column, values in wanted.items():
            if values is not None and column in rows:
                rows = rows[rows[column].isin(values)]
        if baseline == "best" and "best" in rows:
            rows = rows[rows["best"].astype(bool)]
        told[name] = records(rows)
    return answer(told, keep=True)


@api.get("/headlines", response_model=shapes.Headlines)
def headlines(
    used: Annotated[bool | None, Query(description="only those that the fit saw, or not")] = None,
) -> Response:
    """Published figures beside the shipped draws, and how many lie inside (docs/headlines.md)."""
    from caudal.ask.coverage import coverage
    from caudal.ask.headlines import told

    here: Any = corridor()
    path = here.skill / "headlines.csv"
    if not path.is_file():
        raise missing("headlines", "nothing is judged yet", "make headlines")
    judged = pd.read_csv(path).set_index("id")
    # a figure that is newer than the table has no answer yet
    figures = [f for f in here.headlines if f.id in judged.index]
    rows = []
    for figure in figures:
        row = judged.loc[figure.id]
        ends = {name: float(row[name]) for name in ("median", "lo50", "hi50", "lo90", "hi90")}
        inside50 = bool(ends["lo50"] <= figure.value <= ends["hi50"])
        rows.append(
            {**told(figure), **ends, "inside50": inside50, "inside90": bool(row["inside90"])}
        )
    unused = [row for row in rows if not row["used"]]
    shares = {
        level: vars(coverage(share, [(tuple(r["variables"]), r[f"inside{level}"]) for r in unused]))
        for level, share in (("50", 0.5), ("90", 0.9))
    }
    first = judged.iloc[0]
    return answer(
        {
            "headlines": [r for r in rows if used is None or r["used"] == used],
            "figures": len(rows),
            "unused": len(unused),
            "coverage50": shares["50"],
            "coverage90": shares["90"],
            "median_width": _middle([r["hi90"] / r["lo90"] for r in unused if r["lo90"] > 0]),
            "code_version": str(first["code_version"]),
            "data_vintage": str(first["data_vintage"]),
        },
        keep=True,
    )


def _middle(values: list[float]) -> float:
    return float(pd.Series(values).median())
