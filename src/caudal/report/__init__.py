"""The report room: tables of a run, its folder on disk, and the frozen page.

It is handed plain things (an xarray Dataset, a long frame of counts, timeline rows, provenance,
a recipe) and never imports the corridor. Map of the room:

    outcomes.py  Outcome: which numbers of a run are one line of a table
    tables.py    summarise, headline_table, off_counts, side_table, to_json
    files.py     write_run: the folder of a run, whole or not at all
    of_run.py    what the page of a run is given beside its numbers
    payload.py   what the page is given, as one JSON-able dict
    skill.py     tables of past forecasts' scores → their part of the payload
    document.py  headings, texts, tables, drawings → one HTML file in both languages, no script
    bundle.py    ES modules and vendored libraries → one classic script
    page.py      payload → one HTML file that opens from disk
"""

from __future__ import annotations

from caudal.report.files import write_run
from caudal.report.outcomes import Outcome
from caudal.report.page import page
from caudal.report.payload import make_payload
from caudal.report.skill import skill_payload
from caudal.report.tables import headline_table, off_counts, side_table, summarise, to_json

__all__ = [
    "Outcome",
    "headline_table",
    "make_payload",
    "off_counts",
    "page",
    "side_table",
    "skill_payload",
    "summarise",
    "to_json",
    "write_run",
]
