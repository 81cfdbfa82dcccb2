"""The head of a file that opens from disk and asks for nothing over the network."""

from __future__ import annotations

import html

_HEAD = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
"""


def policy(script: str = "") -> str:
    """The content policy: nothing that would load, and of scripts what `script` says ("": none)."""
    rules = (
        "default-src 'none'",
        *((f"script-src {script}",) if script else ()),
        "style-src 'unsafe-inline'",  # the chart library puts a style element in each chart
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def head(title: str, style: str, allowed: str, language: str = "en") -> str:
    """From the first line to the end of the head; the body and `</html>` are to follow.

    title  plain text; style: of the whole file; allowed: its content `policy`
    """
    return _HEAD.format(
        language=language, policy=html.escape(allowed).replace("&#x27;", "'"),
        title=html.escape(title), style=style,
    )  # fmt: skip
