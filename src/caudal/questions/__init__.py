"""What one can ask in Python, one function a question, each the same as its command.

    what_if   compare, search
    why       attribute, sensitivity, trace, journeys
    said      claims, read_claims, as_of

They stand in `caudal` itself (`caudal.claims`, `caudal.attribute`, …) and are read from here when first
used, so that importing `caudal` loads none of their libraries.
"""

from caudal.questions.said import as_of, claims, read_claims
from caudal.questions.what_if import compare, search
from caudal.questions.why import attribute, journeys, sensitivity, trace

__all__ = [
    "as_of", "attribute", "claims", "compare", "journeys", "read_claims", "search", "sensitivity",
    "trace",
]  # fmt: skip
