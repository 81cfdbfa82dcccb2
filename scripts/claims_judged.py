"""Write the shipped ledgers' verdicts, which the page shows without judging anything first.

    python scripts/claims_judged.py            judge; runs of causes are kept, and made where missing
    python scripts/claims_judged.py --counts   judge what rests on counts; causes stay as they were run

Runs of causes take a few minutes where the user's cache folder does not hold them.
"""

from __future__ import annotations

import sys
from typing import Any

from caudal.ask.claims import MEMBERS, check, judge, ledger
from caudal.ask.claims_counts import Counts
from caudal.ask.claims_tests import CauseTest
from caudal.corridor import corridor
from caudal.data.store import data_vintage
from caudal.service import judged
from caudal.service.kinds.claims import told


def main(counts_only: bool) -> None:
    """Judge and write."""
    here: Any = corridor()
    entries, vintage = ledger(here), data_vintage()
    if counts_only:
        held = judged.shipped()
        if held is None:
            sys.exit(f"{judged.place()}: not there; allowed: a run without --counts")
        runs = held["about"]["causes"]
        verdicts = {
            row["claim"]["id"]: row["verdict"]
            for row in held["claims"] if judged.is_cause(row["claim"])
        }  # fmt: skip
        plain = [e for e in entries if not isinstance(e.claim.test, CauseTest)]
        verdicts |= {v.id: told(v) for v in judge(here, plain, Counts(here), {})}
    else:
        verdicts = {v.id: told(v) for v in check(here, entries, members=MEMBERS)}
        runs = judged.made_now(MEMBERS, vintage)
    about = {"basis": judged.basis(), "data_vintage": vintage, "causes": runs}
    counts = Counts(here)
    rows = [{**judged.told(e, verdicts[e.id]), "drawn": judged.draw(e, counts)} for e in entries]
    judged.place().write_text(judged.document(rows, about), encoding="utf-8")
    print(f"{judged.place().name}: {len(rows)} claims")


if __name__ == "__main__":
    main("--counts" in sys.argv[1:])
