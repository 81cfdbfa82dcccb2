"""The API against its own description: whatever fits it or does not, no fault and no other shape.

Schemathesis makes requests from /openapi.json, in and out of what is allowed, and holds the answers
against it with all its checks.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from caudal.service.catalogue import Catalogue
from served import Served

pytestmark = [pytest.mark.property, pytest.mark.slow, pytest.mark.gate]
CASES = 5_000
UNLIMITED = """
import sys
from pathlib import Path
from caudal.service.server import serve
from caudal.service.settings import Limits, Settings

port, folder = int(sys.argv[3]), Path(sys.argv[4])
limits = Limits(writes_per_s=1e6, queue=10**6)
serve(Settings(port=port, workers=0, folder=folder, limits=limits))
"""
"""A server whose limits on rates would else answer most requests."""
SETTINGS = """
[checks.positive_data_acceptance]
# that a day exists, a name is known, or a series covers a period stands in no schema: said with 422
expected-statuses = ["2xx", 304, 404, 409, 413, 422]

[dictionaries.run]
values = ["{run}"]

[dictionaries.scenario]
values = ["baseline", "title-42-stays-a-year"]

[dictionaries.series]
values = ["us.gotaways.known", "mx.events"]

[dictionaries.claim]
values = ["{claim}"]

[dictionaries.outcome]
values = ["us.encounters.southwest"]

[parameters]
"path.run_id" = {{ dictionary = "run", probability = 0.6 }}
"path.job_id" = {{ dictionary = "run", probability = 0.6 }}
"path.name" = {{ dictionary = "scenario", probability = 0.6 }}
"path.series_id" = {{ dictionary = "series", probability = 0.6 }}
"path.claim_id" = {{ dictionary = "claim", probability = 0.6 }}
"""


@contextmanager
def _swept(url: str) -> Iterator[None]:
    """Cancel what is queued, so that streams of events end: nobody does the jobs here."""
    catalogue, over = Catalogue(url), threading.Event()

    def sweep() -> None:
        while not over.wait(0.2):
            for job in catalogue.list(status="queued"):
                catalogue.cancel(job["id"])

    thread = threading.Thread(target=sweep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        catalogue.close()


def test_answers_are_those_that_are_described(tmp_path: Path):
    store = tmp_path / "store"
    with Served(tmp_path / "first.log", "--store", str(store)) as worked:
        run = worked.ask("/runs", {"members": 1, "to": "2018-03"})["id"]
        worked.wait(lambda jobs: jobs[0]["status"] == "done")
        claim = worked.ask("/claims")["claims"][0]["id"]
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS.format(run=run, claim=claim))
    log = tmp_path / "second.log"
    with (
        _swept(f"sqlite:///{store}/catalogue.sqlite"),
        Served(log, str(store), code=UNLIMITED) as served,
    ):
        served.ask("/levers")
        made = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"), "--config-file", settings,
                "--no-color", "run", f"{served.root}/openapi.json", "--checks", "all",
                "--phases", "coverage,fuzzing", "--max-examples", "160", "--seed", "1",
                "--request-timeout", "60", "--continue-on-failure", "--no-shrink",
                "--suppress-health-check", "all", "--warnings", "off",
            ],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert served.ask("/levers")["levers"]
    told = made.stdout
    assert made.returncode == 0, told[-6000:] + made.stderr[-2000:]
    found = re.search(r"(\d+) generated", told)
    assert found, told[-2000:]
    assert int(found[1]) >= CASES
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    answered = [line["status"] for line in lines if "status" in line]
    assert len(answered) >= CASES
    assert max(answered) < 500
