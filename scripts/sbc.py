"""Simulation-based calibration of the learner on a small corridor: docs/results/sbc.csv.

    python scripts/sbc.py [--refits 200] [--processes 2] [--only NAME]

Every refit draws a truth from the prior, counts what would be published of it, and fits that with
the code of `caudal fit`. Runs that must pass, and runs broken on purpose that must be rejected:

    learner        as it is
    half as wide   its draws, each drawn to their mean by half
    without draws  members seek the likeliest weather and draw nothing

Written: docs/results/sbc.csv (verdict by group), docs/results/sbc_recovery.csv (truth against
posterior mean, coverage). Exit status 1 if the learner is rejected or a broken one is not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from sbc_ranks import Verdict, holm, judged, places
from sbc_refit import Refit, some

import caudal
from caudal.compute.engines import Processes, tasks
from caudal.learn.smoother import Settings

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "results"
SEED = 20261122
SETTINGS = Settings(seed=SEED, chunk=96, threads=1)
BROKEN = replace(SETTINGS, drawn=False)
INERT_SD = 0.95
"""Least posterior sd of the inert constant against its prior, by issue 4."""


def many(
    number: int, processes: int, settings: Settings, tell: Callable[[str], None]
) -> list[Refit]:
    """All refits, in order."""
    size = max(1, -(-number // (4 * processes)))
    jobs = [(number, i, min(i + size, number), SEED, settings) for i in range(0, number, size)]
    parts = tasks(some, jobs, Processes(processes), lambda done, of: tell(f"part {done} of {of}"))
    return [refit for part in parts for refit in part]


def arrays(refits: list[Refit]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Quantity → truth (refit,) and draws (refit, draw)."""
    return {
        name: (np.array([r.truth[name] for r in refits]), np.stack([r.draws[name] for r in refits]))
        for name in refits[0].truth
    }


def halved(
    found: dict[str, tuple[np.ndarray, np.ndarray]],
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The draws, each drawn to the mean of its refit by half."""
    return {k: (t, 0.5 * d + 0.5 * d.mean(1, keepdims=True)) for k, (t, d) in found.items()}


def verdicts(found: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[Verdict]:
    """Tests of every group, corrected for their number."""
    rng = np.random.default_rng(SEED)
    groups: dict[str, dict[str, np.ndarray]] = {}
    for name, (truth, draws) in found.items():
        group, quantity = name.split(": ")
        groups.setdefault(group, {})[quantity] = places(truth, draws, rng)
    return holm([judged(group, by_name) for group, by_name in groups.items()])


def table(run: str, found: list[Verdict], refits: int) -> pd.DataFrame:
    """One row a group."""
    return pd.DataFrame(
        {
            "run": run, "group": v.group, "quantities": v.quantities, "refits": refits,
            **{f"p_{k}": f"{p:.2g}" for k, p in v.p.items()}, "p_corrected": f"{v.corrected:.2g}",
            "rejected": "yes" if v.rejected else "no", "worst": v.worst, "version": version(),
        }
        for v in found
    )  # fmt: skip


def recovery(found: dict[str, tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """How near and how sure, one row a quantity; counts as log(1 + count)."""
    rows = []
    for name, pair in found.items():
        group, quantity = name.split(": ")
        truth, draws = map(np.log1p, pair) if group == "forecast" else pair
        middle, sd = draws.mean(1), draws.std(1)
        inside = {
            share: np.mean(
                (np.quantile(draws, (1 - share) / 2, axis=1) <= truth)
                & (truth <= np.quantile(draws, (1 + share) / 2, axis=1))
            )
            for share in (0.5, 0.9)
        }
        rows.append(
            {
                "group": group, "quantity": quantity,
                "truth_sd": truth.std(), "error": np.sqrt(np.mean((middle - truth) ** 2)),
                "posterior_sd": np.sqrt(np.mean(sd**2)),
                "correlation": np.corrcoef(truth, middle)[0, 1],
                "cover50": inside[0.5], "cover90": inside[0.9],
            }
        )  # fmt: skip
    return pd.DataFrame(rows).round(3)


def version() -> str:
    """Version of the package and of the code, as git names it."""
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, check=False,
                          capture_output=True, text=True)  # fmt: skip
    return (
        f"{caudal.__version__}+{done.stdout.strip()}"
        if done.returncode == 0
        else caudal.__version__
    )


def main() -> int:
    """Run, write the tables, tell what was rejected."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--refits", type=int, default=200)
    asked.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    args = asked.parse_args()
    started = time.time()

    def tell(label: str) -> Callable[[str], None]:
        return lambda done: print(
            f"  {label}: {done}, {time.time() - started:.0f} s", file=sys.stderr
        )

    refits = many(args.refits, args.processes, SETTINGS, tell("learner"))
    seconds = (time.time() - started) * args.processes / args.refits
    found = arrays(refits)
    undrawn = arrays(many(args.refits, args.processes, BROKEN, tell("without draws")))
    results = {
        "learner": verdicts(found),
        "half as wide": verdicts(halved(found)),
        "without draws": verdicts(undrawn),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    pd.concat([table(run, v, args.refits) for run, v in results.items()]).to_csv(
        OUT / "sbc.csv", index=False
    )
    recovery(found).to_csv(OUT / "sbc_recovery.csv", index=False)
    inert = np.array([r.inert for r in refits])
    wrong = [v.group for v in results["learner"] if v.rejected]
    missed = [
        run for run, v in results.items() if run != "learner" and not any(x.rejected for x in v)
    ]
    print(f"{args.refits} refits, {seconds:.1f} s each on one core")
    print(f"learner: rejected {', '.join(wrong) or 'nothing'}")
    print(f"broken on purpose and not rejected: {', '.join(missed) or 'none'}")
    print(f"inert constant: posterior sd {inert.mean():.3f} of its prior, least {inert.min():.3f}")
    return int(bool(wrong or missed or inert.mean() < INERT_SD))


if __name__ == "__main__":
    raise SystemExit(main())
