"""What a claim's test asks, in words, both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caudal.report.claims_words import joined, percent, words
from caudal.report.numerals import short

Text = Mapping[str, str]


def asked(claim: Any, rules: Any) -> dict[str, str]:
    """The test of a claim (`ask.claims_schema.Claim`), or why it has none.

    rules  `ask.claims_rules`, which has the defaults
    """
    test = claim.test
    if test is None:
        return words("asks.none", why=claim.untestable.model_dump())
    ask = {
        "FigureTest": _figure, "TrendTest": _trend, "TimingTest": _timing, "CauseTest": _cause,
    }[type(test).__name__]  # fmt: skip
    parts = [ask(test, rules)]
    bounds = getattr(test, "bounds", None)
    if bounds:
        parts.append(
            words("asks.bounds", low=quantity(bounds.low), high=quantity(bounds.high))
        )  # fmt: skip
    for reading in getattr(test, "definitions", ()):
        told = quantity(reading.quantity)
        parts.append(words("asks.reading", name=reading.name.model_dump(), quantity=told))
    return joined(parts)


def quantity(of: Any) -> Text:
    """A quantity, or an outcome of a run, in words."""
    times = getattr(of, "times", 1.0)
    told = _quantity(of)
    if times == 1.0:
        return told
    return {language: f"{short(times)} × {text}" for language, text in told.items()}


def _quantity(of: Any) -> Text:
    for kind, sign in (("ratio", " / "), ("difference", " − "), ("sum", " + ")):
        parts = getattr(of, kind, None)
        if parts is not None:
            inside = joined([quantity(part) for part in parts], sign)
            return {language: f"({text})" for language, text in inside.items()}
    if getattr(of, "of", None) is not None:
        name = of.of + (f".{of.column}" if getattr(of, "column", None) else "")
        if of.where:
            picked = "; ".join(f"{k} {', '.join(v) or '–'}" for k, v in of.where.items())
            name = f"{name} [{picked}]"
        return words(f"reduce.{of.reduce}", of=name)
    if hasattr(of, "value"):
        plain = f"{of.value} ({of.end})" if of.end else of.value
    else:
        plain = f"{short(of.number)} ({of.source.title})"
    return {"en": plain, "es": plain}


def _figure(test: Any, rules: Any) -> Text:
    says = test.says
    share = says.tolerance
    if share is None:
        share = rules.ABOUT if says.is_ == "about" else rules.EXACT
    if says.between:
        low, high = map(short, says.between)
        wanted = words("asks.between", low=low, high=high, tolerance=percent(share))
    else:
        wanted = words(f"asks.{says.is_}", value=short(says.value), tolerance=percent(share))
    return words(
        "asks.figure", quantity=quantity(test.quantity), period=test.period.written, asked=wanted
    )


def _trend(test: Any, rules: Any) -> Text:
    by = rules.MOVED if test.says.by is None else test.says.by
    return words(
        "asks.trend", quantity=quantity(test.quantity), before=test.before.written,
        after=test.after.written, asked=words(f"asks.{test.says.direction}", by=percent(by)),
    )  # fmt: skip


def _event(event: Any) -> Text:
    if hasattr(event, "policy"):
        return words(f"asks.event.{event.what}", policy=event.policy)
    told = words(
        f"asks.event.{event.what}", quantity=quantity(event.quantity),
        **({} if event.level is None else {"level": short(event.level)}),
    )  # fmt: skip
    return (
        words("asks.event.within", event=told, period=event.within.written)
        if event.within
        else told
    )


def _timing(test: Any, rules: Any) -> Text:
    event, says = _event(test.event), test.says
    if says.by:
        return words("asks.by", event=event, day=says.by.written)
    if says.from_:
        return words("asks.within", event=event, first=says.from_.written, last=says.to.written)
    key, other = ("before", says.before) if says.before else ("after", says.after)
    return words(f"asks.{key}", event=event, other=_event(other))


def _cause(test: Any, rules: Any) -> Text:
    share = rules.CAUSED if test.says.share is None else test.says.share
    return words(
        "asks.cause", quantity=quantity(test.outcome), period=test.period.written,
        asked=words(f"asks.{test.says.direction}", share=percent(share)), scenario=test.without,
        probable=percent(rules.PROBABLE),
    )  # fmt: skip
