"""Notebooks of docs/ as Markdown pages, with the outputs that they were saved with.

Markdown cells stand as they are, code as Python, text and pictures below it. Nothing is run here:
`make cookbook` runs them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PICTURES = {"image/svg+xml": "svg", "image/png": "png"}


def rendered(path: Path) -> tuple[str, dict[str, bytes]]:
    """The page, and its pictures by file name."""
    pictures: dict[str, bytes] = {}
    parts: list[str] = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        text = _joined(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(text)
        elif cell["cell_type"] == "code" and text.strip():
            parts.append(fenced(text, "python"))
            for output in cell["outputs"]:
                parts += _shown(output, path.stem, pictures)
    title, _, rest = "\n\n".join(parts).partition("\n")
    note = f'*A notebook with the outputs of its last run: <a href="{path.name}">{path.name}</a>.*'
    return f"{title}\n\n{note}\n{rest}\n", pictures


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def fenced(text: str, language: str) -> str:
    """A block of code, in a fence that the text does not hold."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _shown(output: dict[str, Any], stem: str, pictures: dict[str, bytes]) -> list[str]:
    """One output: a picture if there is one, else its text; errors as their last line."""
    if output["output_type"] == "stream":
        return [fenced(_joined(output["text"]), "text")]
    if output["output_type"] == "error":
        return [fenced(f"{output['ename']}: {output['evalue']}", "text")]
    data = output["data"]
    for kind, ending in PICTURES.items():
        if kind in data:
            name = f"{stem}-{len(pictures) + 1}.{ending}"
            content = _joined(data[kind])
            pictures[name] = base64.b64decode(content) if ending == "png" else content.encode()
            return [f"![{_joined(data.get('text/plain', 'picture'))}]({name})"]
    if "text/markdown" in data:
        return [_joined(data["text/markdown"])]
    return [fenced(_joined(data.get("text/plain", "")), "text")]
