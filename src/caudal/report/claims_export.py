"""Verdicts as schema.org ClaimReview in JSON-LD.

A verdict is told in words (`alternateName`) and carries no number: it is no grade of anybody.
See https://schema.org/ClaimReview.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caudal.report.claims_words import heading, verdict_words

UNNAMED = ("unnamed", "several", "officials", "experts")
"""How speakers without a name are told; schema.org wants persons or organisations with one."""


def claim_reviews(verdicts: Sequence[Any], language: str = "en") -> dict[str, Any]:
    """A JSON-LD graph with one ClaimReview for each claim, in one language."""
    return {
        "@context": "https://schema.org",
        "@graph": [_review(verdict, language) for verdict in verdicts],
    }


def _review(verdict: Any, language: str) -> dict[str, Any]:
    claim, document = verdict.entry.claim, verdict.entry.document
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "@id": f"#{claim.id}",
        "inLanguage": language,
        "claimReviewed": claim.text.model_dump()[language],
        "author": {"@type": "Organization", "name": "Caudal"},
        "itemReviewed": {
            "@type": "Claim",
            "author": _speaker(claim, document, language),
            "datePublished": _day(claim.on),
            "appearance": {
                "@type": "Article",
                "publisher": {"@type": "Organization", "name": document.outlet},
                "datePublished": f"{document.published}",
            },
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": heading(verdict)[language],
            "ratingExplanation": verdict_words(verdict)[language],
        },
    }
    if verdict.known is not None:
        review["datePublished"] = f"{verdict.known}"
    addresses = [u.url for s in verdict.evidence for u in s.used if u.url.startswith("http")]
    if addresses:
        review["citation"] = list(dict.fromkeys(addresses))
    return review


def _speaker(claim: Any, document: Any, language: str) -> dict[str, str]:
    who = claim.said_by.who
    named = who != document.outlet and not who.lower().startswith(UNNAMED)
    speaker = {"@type": "Person" if named else "Organization", "name": who}
    if claim.said_by.role is not None:
        speaker["description"] = claim.said_by.role.model_dump()[language]
    return speaker


def _day(on: Any) -> str:
    """A year, month or day in ISO form, as it was written."""
    return on.written
