"""Every reader and loader that takes what others wrote, with real documents to spoil.

A reader is a function of bytes. What it may do: give a value, or raise CaudalError (of which the
service makes a 4xx, the command line one line and exit status 2). All else is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fuzz_readers.arrays import arrays
from fuzz_readers.common import Reader
from fuzz_readers.documents import documents
from fuzz_readers.service import service
from fuzz_readers.sources import sources
from fuzz_readers.tables import tables
from fuzz_readers.texts import texts
from fuzz_readers.words import words

GROUPS: dict[str, Callable[[], Iterator[Reader]]] = {
    "words": words, "documents": documents, "texts": texts, "arrays": arrays, "tables": tables,
    "sources": sources, "service": service,
}  # fmt: skip
