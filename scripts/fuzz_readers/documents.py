"""Policies, scenarios, overlays, ledgers, and the corridor's own documents."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import Any

from fuzz_readers.common import CORRIDOR, ROOT, Reader, by_file, by_text, files, first

OVERLAY = """us-title-42: {ended: 2024-05-12, known_on: 2023-04-01}
us-cbp-one: off
us-chnv-parole: {shift_days: 60}
us-mpp: {scale: 0.5}
"""
OWN = f"""name: mine
title: {{en: Mine, es: Mío}}
extends: baseline
policies:
{indent(OVERLAY, "  ")}drivers:
  us_job_openings: {{factor: 0.8, from: 2023-01}}
parameters: {{inert: 0.5}}
dates: {{start: 2019-01-01, end: 2025-01-01}}
horizon: 6
"""


def documents() -> Iterator[Reader]:
    """Policies, scenarios, overlays, ledgers, and the corridor's own documents."""
    from caudal.ask.claims_schema import read_ledger
    from caudal.ask.reading.lexicon import read_lexicon
    from caudal.ask.search_levers import load as read_levers
    from caudal.compute.asked import overrides
    from caudal.corridor import corridor
    from caudal.corridor.policies import law
    from caudal.corridor.scenarios import FOLDER
    from caudal.data.checks import load_checkpoints
    from caudal.engine.priors import load as read_priors
    from caudal.policy.documents import parse_document
    from caudal.policy.marks import parse_yaml
    from caudal.policy.scenario import load_scenario, read_scenario
    from caudal.service import documents as posted

    base = law()

    def used(document: Any) -> Any:
        overrides(document, corridor().priors)
        return document.law(base)

    def overlay(text: str) -> Any:
        data, marks = parse_yaml(text, "overlay.yaml")
        return base.overlaid(data if isinstance(data, dict) else {}, marks)

    policies, scenarios = files(CORRIDOR / "policies", "*.yaml"), files(FOLDER, "*.yaml")
    broken = files(ROOT / "tests" / "fixtures" / "policies", "**/*.yaml")
    scenarios += [*broken[:20], OWN.encode()]
    overlays = [OVERLAY.encode()]
    ledgers = [first(data, b"\n  - id:", 4) for data in files(CORRIDOR / "claims", "*.yaml")]
    own = (FOLDER,)
    yield Reader("policy documents", "text", policies,
                 by_text(lambda t: parse_document(*parse_yaml(t, "policy.yaml"))), 60)  # fmt: skip
    yield Reader("scenarios by file", "text", scenarios,
                 by_file("own.yaml", lambda p: used(load_scenario(p, own))), 4)  # fmt: skip
    yield Reader("scenarios by text", "text", scenarios,
                 by_text(lambda t: read_scenario(t, own)), 30)  # fmt: skip
    yield Reader("scenarios posted", "text", scenarios,
                 by_text(lambda t: posted.scenario(t, [FOLDER], 64_000)), 20)  # fmt: skip
    yield Reader("overlays", "text", overlays, by_text(overlay), 12)
    yield Reader("claims ledgers", "text", ledgers, by_file("ledger.yaml", read_ledger), 15)
    priors = [first(data, b"\n  ", 25) for data in files(CORRIDOR / "priors", "*.yaml")]
    yield Reader("priors", "text", priors, by_file("p.yaml", lambda p: read_priors(p, {})), 8)
    words = (CORRIDOR / "reading.yaml").read_bytes()
    yield Reader("reading words", "text", [words], by_file("r.yaml", read_lexicon), 1)
    levers = (CORRIDOR / "search.yaml").read_bytes()
    yield Reader("search levers", "text", [levers],
                 by_file("s.yaml", lambda p: read_levers(p, base)), 6)  # fmt: skip
    points = first((CORRIDOR / "sources" / "checkpoints.yaml").read_bytes(), b"\n  - ", 8)
    yield Reader("checkpoints", "text", [points], by_file("c.yaml", load_checkpoints), 0.5)
