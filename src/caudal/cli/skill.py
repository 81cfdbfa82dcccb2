"""`caudal skill`: how well forecasts did, from the table that the last backtest left."""

from __future__ import annotations

from caudal.cli.console import Json, console, print_json, table
from caudal.errors import CaudalError

FIELDS = ("mode", "target", "horizon", "scale", "ratio", "lo", "hi", "cover50", "cover90")


def skill(as_json: Json = False) -> None:
    """Show forecast skill: the corridor's mean weighted interval score over a random walk's.

    A ratio below one beats the random walk; lo and hi are its 90 % bootstrap interval over origins;
    cover50 and cover90 are the shares of counts inside the 50 % and 90 % intervals.
    """
    import pandas as pd

    from caudal.corridor import corridor

    path = corridor().skill
    if not path.exists():
        raise CaudalError(path.name, "no scores yet", "run `caudal backtest --write`")
    scores = pd.read_csv(path)
    if as_json:
        print_json({"skill": scores[list(FIELDS)].to_dict("records")})
        return
    table(list(FIELDS), scores[list(FIELDS)].to_numpy().tolist(), right=FIELDS[4:])
    row = scores.iloc[0]
    console().print(
        f"{row.origins} origins; random walk covers {row.walk_cover50:.2f} and "
        f"{row.walk_cover90:.2f}; code {row.code_version}, data {row.data_vintage}"
    )
