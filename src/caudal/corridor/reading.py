"""Where the corridor's words for reading texts are: series, units, nationalities, places."""

from __future__ import annotations

from pathlib import Path

LEXICON = Path(__file__).with_name("reading.yaml")
