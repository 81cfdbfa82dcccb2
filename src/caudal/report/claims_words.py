"""Verdicts on claims in words, both languages: the verdict, why, and how each claim was tested."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from caudal.report.numerals import short
from caudal.report.strings import LANGUAGES, translator

Text = Mapping[str, str]


def words(key: str, **values: Any) -> dict[str, str]:
    """A text of claims in both languages; values may be texts themselves."""
    out = {}
    for language in LANGUAGES:
        own = {k: v[language] if isinstance(v, Mapping) else v for k, v in values.items()}
        out[language] = translator(language)(f"claims.{key}", **own)
    return out


def joined(texts: Sequence[Text | str], by: str = "; ") -> dict[str, str]:
    """Several texts as one; empty ones left out."""
    return {
        language: by.join(t for t in (_in(text, language) for text in texts) if t)
        for language in LANGUAGES
    }


def percent(share: float, signed: bool = False) -> str:
    """A share in percent.

    >>> percent(0.125), percent(-0.5, signed=True), percent(6.137)
    ('12.5 %', '−50 %', '614 %')
    """
    if not math.isfinite(share):
        return "∞" if share > 0 else "–"
    digits = 0 if abs(share) >= 1 else 1
    text = f"{100 * share:{'+' if signed else ''}.{digits}f}".replace("-", "−")
    return (text.removesuffix(".0") if digits else text) + " %"


def verdict_words(verdict: Any) -> dict[str, str]:
    """A verdict with what it rests on, in one line; `verdict` is `ask.claims.Verdict`.

    That of a draft which nobody confirmed says so first: it judges what the reader took the text for.
    """
    told = [heading(verdict), detail(verdict)]
    return joined([words("unconfirmed"), *told] if unconfirmed(verdict) else told, ": ")


DRAFT = "Draft, not confirmed"
"""How the note of a draft begins (`caudal.ask.reading.drafts`), until whoever read it takes it away."""


def unconfirmed(verdict: Any) -> bool:
    """Is the claim a draft of the reader that nobody confirmed?"""
    note = verdict.entry.claim.note
    return note is not None and note.en.startswith(DRAFT)


def heading(verdict: Any) -> dict[str, str]:
    """The verdict and, where it has one, its reason."""
    answer = words(f"answer.{verdict.answer}")
    if verdict.reason is None:
        return answer
    reason = words(f"reason.{verdict.reason}")
    return {language: f"{answer[language]} ({reason[language]})" for language in LANGUAGES}


def detail(verdict: Any) -> dict[str, str]:
    """The numbers that decided; empty where there are none."""
    claim = verdict.entry.claim
    if claim.test is None:
        return claim.untestable.model_dump()
    deciding = [s for s in verdict.evidence if _name(s) == (verdict.under or "")]
    parts = {
        "FigureTest": _figure,
        "TrendTest": _trend,
        "TimingTest": _timing,
        "CauseTest": _cause,
    }[type(claim.test).__name__](verdict, deciding)
    if verdict.under:
        parts.append(words("detail.under", name=verdict.under))
    return joined(parts)


def _figure(verdict: Any, shown: Sequence[Any]) -> list[Text]:
    by_role = {s.role: s for s in shown}
    low, high = by_role.get("low"), by_role.get("high")
    off = _off(verdict.off)
    if low and high:
        if low.missing or high.missing:
            return []
        ends = {"low": short(low.value), "high": short(high.value)}
        return [words("detail.bounds", period=low.period, **ends), *off]
    found = by_role.get("definition") or by_role.get("quantity")
    if found is None or found.missing:
        return []
    return [words("detail.counted", value=short(found.value), period=found.period), *off]


def _off(off: float | None) -> list[Text]:
    if off is None:
        return []
    return [words("detail.above" if off > 0 else "detail.below", off=percent(abs(off)))]


def _trend(verdict: Any, shown: Sequence[Any]) -> list[Text]:
    before, after = (
        next((s for s in shown if s.role == role), None) for role in ("before", "after")
    )
    if before is None or after is None or before.missing or after.missing:
        return []
    change = (after.value - before.value) / abs(before.value) if before.value else math.nan
    return [
        words(
            "detail.trend", before=short(before.value), period=before.period,
            after=short(after.value), later=after.period, change=percent(change, signed=True),
        )
    ]  # fmt: skip


def _timing(verdict: Any, shown: Sequence[Any]) -> list[Text]:
    parts: list[Text] = []
    for one in verdict.evidence:
        if one.missing:
            continue
        if not one.period:
            parts.append(words("detail.never"))
        elif isinstance(one.name, str) and one.name:
            parts.append(words("detail.happened", name=one.name, when=one.period))
        else:
            parts.append(words("detail.happened", name=words("count"), when=one.period))
    if verdict.off:
        key = "detail.later" if verdict.off > 0 else "detail.earlier"
        parts.append(words(key, days=str(abs(round(verdict.off)))))
    return parts


def _cause(verdict: Any, shown: Sequence[Any]) -> list[Text]:
    by_role = {s.role: s for s in verdict.evidence}
    if "effect" not in by_role:
        return []
    constants = [s.value for s in verdict.evidence if s.role == "constant"]
    told = [
        words(
            f"detail.cause{kind}", chance=percent(by_role[f"chance{kind}"].value),
            effect=short(effect.value), low=short(effect.low), high=short(effect.high),
            without=short(by_role[f"without{kind}"].value),
        )
        for kind in ("", "_calm")
        if (effect := by_role.get(f"effect{kind}"))
    ]  # fmt: skip
    return [*told, words("detail.constants", value=short(sum(constants) / len(constants)))]


def said_by(claim: Any) -> dict[str, str]:
    """Who said it, as what, and when."""
    who, day = claim.said_by.who, claim.on.written
    if claim.said_by.role is None:
        return words("who.on", who=who, day=day)
    return words("who.role", who=who, role=claim.said_by.role.model_dump(), day=day)


def _name(shown: Any) -> Any:
    """The reading that a number belongs to; bounds are of the claim's own words."""
    return "" if shown.role in ("constant", "event", "other") else shown.name


def _in(text: Text | str, language: str) -> str:
    return text if isinstance(text, str) else text[language]
