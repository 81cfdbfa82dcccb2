"""Texts whose claims are proposed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fuzz_readers.common import ROOT, Reader, by_file, by_text, files

SAID = [
    b"May 15, 2024. In March 2021 there were 170 thousand encounters, up from 100,441 in February, "
    b"officials said on Friday. Nearly two-thirds were single adults; three in five came from Mexico. "
    b"The number fell by 70 % because the policy ended, Mr. Smith said.",
    "12 de abril de 2021. En marzo hubo 170 mil encuentros en la frontera suroeste, un aumento de "
    "71 %, debido a que terminó la medida. Entre 2.000 y 3.500 personas al día, dijo el INM.".encode(),
    b"<html><body><p>On 3 May 2023 officials said <b>9,000</b> people crossed a day.</p></body></html>",
]


def texts() -> Iterator[Reader]:
    """Texts whose claims are proposed, and the draft that is written of them."""
    from caudal.ask.reading.drafts import draft_text
    from caudal.ask.reading.known import known_figures
    from caudal.ask.reading.lexicon import read_lexicon
    from caudal.ask.reading.reader import read_source
    from caudal.ask.reading.source import load, parse
    from caudal.ask.reading.told import told
    from caudal.corridor.reading import LEXICON
    from caudal.data.store import open_series

    lexicon = read_lexicon(LEXICON)
    figures = known_figures(open_series("figures").to_dict("records"))

    def propose(text: str) -> Any:
        found = read_source(parse(text.encode("utf-8", "replace").decode()), lexicon, figures)
        told(found)
        return draft_text(found) if found.day and (found.found or found.causes) else None

    seeds = [*SAID, *(s[:1500] for s in files(ROOT / "tests" / "data" / "reading", "es_*.txt"))]
    yield Reader("texts", "text", seeds, by_text(propose), 4)
    yield Reader("text files", "bytes", seeds, by_file("a.txt", load), 20)
