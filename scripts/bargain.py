"""What the counts and the dated acts say of the bargain: docs/results/bargain.csv, docs/bargain.md.

    python scripts/bargain.py

Three small regressions, priors against posteriors, and how well each predicts what it did not see:

1 acts      when the United States begins an act of pressure: logit p = β · x of the month before
2 response  Mexico's monthly events: log events = a + flow × log flow + effort + residual,
            effort' = k (acts · worth − effort), k fast up and by the drift down
3 salience  Gallup's months: the equation of `politics` driven by the counted encounters

Posteriors by NUTS (NumPyro), four chains, fixed seed. Contraction is 1 − posterior variance / prior
variance. Takes a minute or two.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import pandas as pd
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.distributions import Normal
from numpyro.infer import MCMC, NUTS

sys.path.insert(0, str(Path(__file__).parent))
from bargain_parts import (
    ELECTIONS,
    Part,
    acts_part,
    begun,
    counts,
    months,
    response_part,
    salience_part,
)

from caudal.data.store import data_vintage

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "results" / "bargain.csv"
PAGE = ROOT / "docs" / "bargain.md"
BEGIN, END = "<!-- table: written by scripts/bargain.py -->", "<!-- end of table -->"
SEED = 20180101
INFORMED, WEAKLY = 0.75, 0.25


@dataclass(frozen=True)
class Draws:
    """Posterior draws (draw, d) of all chains; rhat and ess (d,) say how far to trust them."""

    values: np.ndarray
    rhat: np.ndarray
    ess: np.ndarray


def main() -> None:
    """Write the table and the page's copy of it."""
    table = table_of(SEED)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(TABLE, index=False)
    text = PAGE.read_text("utf-8")
    head, tail = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(head + BEGIN + "\n\n" + markdown(table) + "\n" + END + tail, "utf-8")
    print(table.to_string())


def table_of(seed: int, draws: int = 2000) -> pd.DataFrame:
    """Every row of the result."""
    rows: list[dict] = []
    parts = [(acts_part(), acts_part(only=("always",)))]
    for flow in ("all", "upstream"):
        parts.append((response_part(flow), response_part(flow, bargain=False)))
    parts.append((salience_part(), salience_part(only_floor=True)))
    rows.append({"part": "acts", "quantity": "months in which an act began", "mean": begun().sum(),
                 "draws": len(begun())})  # fmt: skip
    for full, bare in parts:
        fitted, plain = fit(full, seed, draws), fit(bare, seed, draws)
        rows += coefficients(full, fitted)
        rows.append(compare(full, fitted, bare, plain))
        if full.name == "response (all)":
            rows += elections(bare, plain)
    table = pd.DataFrame(rows)
    return table.assign(seed=seed, data_vintage=data_vintage())


# ---- one regression -----------------------------------------------------------------------------


def fit(part: Part, seed: int, draws: int) -> Draws:
    """Posterior draws of a part's coefficients: four chains of NUTS, as many steps to warm up."""
    mean, sd = jnp.array([*part.priors.values()]).T

    def model() -> None:
        z = numpyro.sample("z", Normal(jnp.zeros(len(mean)), 1.0).to_event(1))
        numpyro.factor("seen", part.each(mean + sd * z).sum())

    chains = MCMC(
        NUTS(model, target_accept_prob=0.9), num_warmup=draws, num_samples=draws, num_chains=4,
        chain_method="vectorized", progress_bar=False,
    )  # fmt: skip
    chains.run(jax.random.key(seed))
    z = np.asarray(chains.get_samples(group_by_chain=True)["z"], np.float64)
    values = (np.asarray(mean) + np.asarray(sd) * z).reshape(-1, len(mean))
    return Draws(values, split_gelman_rubin(z), effective_sample_size(z))


def coefficients(part: Part, drawn: Draws) -> list[dict]:
    """A row a coefficient: prior against posterior."""
    rows = []
    for i, (name, (mean, sd)) in enumerate(part.priors.items()):
        values = drawn.values[:, i]
        contraction = 1 - values.var() / sd**2
        rows.append(
            {"part": part.name, "quantity": name, "prior_mean": mean, "prior_sd": sd,
             "mean": values.mean(), "sd": values.std(), "low90": np.quantile(values, 0.05),
             "high90": np.quantile(values, 0.95), "contraction": contraction,
             "verdict": verdict(contraction), "rhat": drawn.rhat[i], "draws": int(drawn.ess[i])}
        )  # fmt: skip
    return rows


def verdict(contraction: float) -> str:
    """How far the data moved a coefficient.

    >>> [verdict(c) for c in (0.9, 0.5, 0.1)]
    ['informed', 'weakly', 'not informed']
    """
    return "informed" if contraction >= INFORMED else (
        "weakly" if contraction >= WEAKLY else "not informed")  # fmt: skip


def compare(full: Part, fitted: Draws, bare: Part, plain: Draws) -> dict:
    """Leave-one-out log score of the full regression less that of the bare one, with its error."""
    more = left_out(full, fitted) - left_out(bare, plain)
    gain, error = more.sum(), np.sqrt(len(more)) * more.std(ddof=1)
    told = "predicts better" if gain > 2 * error else (
        "predicts worse" if gain < -2 * error else "no better, no worse")  # fmt: skip
    return {"part": full.name, "quantity": f"score gained over {bare.meaning}", "mean": gain,
            "sd": error, "low90": gain - 1.645 * error, "high90": gain + 1.645 * error,
            "verdict": told, "draws": len(more)}  # fmt: skip


def left_out(part: Part, drawn: Draws) -> np.ndarray:
    """log p(point | all the others), by importance weights cut off at √draws of their mean."""
    thin = drawn.values[:: max(1, len(drawn.values) // 4000)]
    each = np.asarray(jax.vmap(part.each)(jnp.asarray(thin)), np.float64)
    ratio = np.exp(-(each - each.max(0)))
    ratio = np.minimum(ratio, np.sqrt(len(thin)) * ratio.mean(0))
    return np.log((ratio * np.exp(each)).sum(0) / ratio.sum(0))


def elections(part: Part, drawn: Draws) -> list[dict]:
    """Mexico's events, given the flow, in the six months after an election less the six before.

    On the log scale. Chance is the spread that the residual of the flow-only regression alone would
    give such a difference: acts, commitments and all else are part of it.
    """
    seen, rows = counts(), []
    slope, z, spread = (drawn.values[::20, list(part.priors).index(n)] for n in (
        "log flow", "memory of the residual (Fisher z)", "log spread of the residual"))  # fmt: skip
    log_flow = np.log(seen["south"] + seen["others"] + 100.0)
    given = np.log(seen["events"]) - slope.mean() * log_flow
    rng = np.random.default_rng(SEED)
    rho, sd = np.tanh(z), np.exp(spread)
    u = [sd / np.sqrt(1 - rho**2) * rng.standard_normal(len(rho))]
    for _ in range(12):
        u.append(rho * u[-1] + sd * rng.standard_normal(len(rho)))
    chance = (np.mean(u[7:], 0) - np.mean(u[:6], 0)).std()
    for country, days in ELECTIONS.items():
        for day in days:
            month = months().index(day.replace(day=1))
            before, after = given[max(0, month - 6) : month], given[month + 1 : month + 7]
            if len(before) < 6 or len(after) < 5:  # 2024-11 has five counted months after it
                continue
            change = after.mean() - before.mean()
            told = "within chance" if abs(change) < 1.645 * chance else (
                "more effort after" if change > 0 else "less effort after")  # fmt: skip
            rows.append(
                {"part": "elections", "quantity": f"{country} {day}: events given the flow",
                 "mean": change, "sd": chance, "low90": change - 1.645 * chance,
                 "high90": change + 1.645 * chance, "verdict": told}
            )  # fmt: skip
    return rows


def markdown(table: pd.DataFrame) -> str:
    """The table as the page shows it."""
    lines = ["| part | quantity | prior | posterior | contraction | verdict |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    for r in table.itertuples():
        prior = "" if pd.isna(r.prior_mean) else f"{r.prior_mean:.2f} ± {r.prior_sd:.2f}"
        shrunk = "" if pd.isna(r.contraction) else f"{r.contraction:.2f}"
        found = f"{r.mean:.2f}" + ("" if pd.isna(r.sd) else f" ± {r.sd:.2f}")
        told = "" if pd.isna(r.verdict) else r.verdict
        cells = [r.part, r.quantity, prior, found, shrunk, told]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
