"""What a reader of the live page would stumble over: raw keys, words of the other language, width.

Texts are read from the page's text nodes and from the attributes that are read aloud or shown.
Programs, addresses and what is marked as being in another language are not held against it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import NamedTuple

from browser import ROOT, Page
from caudal.report.strings import WEB, strings

VIEWS = re.findall(r'"(\w+)"', (WEB / "app" / "views.js").read_text("utf-8").split("VIEWS =")[1])
WRITTEN = [view for view in VIEWS if (WEB / "app" / "views" / f"{view}.js").is_file()]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WORST = ("serious", "critical")

TEXTS = """
const apart = 'script, style, code, pre, textarea, kbd', mute = '[aria-hidden=true]';
const here = document.documentElement.lang;
const other = (node) => node.closest('[lang]').lang !== here;
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode, text = node.data.replace(/\\s+/g, ' ').trim();
  if (text && !node.parentElement.closest(apart) && !other(node.parentElement)) found.push(text);
}
for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-label', 'label']) {
  for (const node of document.body.querySelectorAll(`[${name}]`)) {
    if (!node.closest(`${apart}, ${mute}`) && !other(node)) found.push(node.getAttribute(name).trim());
  }
}
return [...new Set(found)];
"""
TOO_WIDE = """
const edge = document.documentElement.clientWidth;
const kept = (n) => { for (let p = n.parentElement; p; p = p.parentElement) {
  if (getComputedStyle(p).overflowX !== 'visible') return true; } return false; };
return [...document.querySelectorAll('body *')]
  .filter((n) => n.getBoundingClientRect().right > edge + 1 && !kept(n)).slice(-4)
  .map((n) => `${n.tagName} ${n.className?.baseVal ?? n.className} ${n.textContent.slice(0, 40)}`);
"""
EMPTY = """
const seen = (n) => n.checkVisibility() && n.getBoundingClientRect().width > 0;
return [...document.querySelectorAll('main figure')].filter(seen).filter((f) => {
  if (f.querySelector('table tbody tr, img')) return false;
  // marks of an SVG, or boxes that a script has given a place and a size
  return ![...f.querySelectorAll('svg :is(path, circle, rect, line), :not(svg *)[style]')]
    .some((s) => { const b = s.getBoundingClientRect(); return b.width + b.height > 2; });
}).map((f) => f.innerText.slice(0, 80));
"""
TOUCHING = """
const seen = (n) => n.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const out = [];
for (const svg of document.querySelectorAll('main svg')) {
  if (!seen(svg)) continue;
  const texts = [...svg.querySelectorAll('text')].filter((n) => seen(n) && n.textContent.trim());
  const boxes = texts.map((n) => [n, n.getBoundingClientRect()]);
  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
    const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (wide > 3 && high > 0.45 * Math.min(p.height, q.height)) {
      out.push(`${a.textContent} | ${b.textContent}`);
    }
  }));
}
return out.slice(0, 8);
"""


class Words(NamedTuple):
    """The page's own texts: those of one language that the other has not, and the same as patterns."""

    whole: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]


@cache
def words(lang: str) -> Words:
    """Texts that only a page in `lang` may show. An agency's own name may stand in both."""
    files = [json.loads(path.read_text("utf-8")) for path in (WEB / "words").glob("*.json")]
    tables = [strings(), *files]
    back = "es" if lang == "en" else "en"
    allowed = {text for table in tables for text in table[back].values()}
    mine = {
        text
        for table in tables
        for key, text in table[lang].items()
        if text not in allowed
        and not key.startswith("actor.")
        and re.search(r"[a-záéíóúñ]{3}", text)
    }
    patterns = [
        re.compile(re.sub(r"\\\{\w+\\\}", ".{1,200}?", re.escape(text)))
        for text in mine
        if "{" in text and len(re.sub(r"\{\w+\}|\W", "", text)) > 9
    ]
    return Words(frozenset(text for text in mine if "{" not in text), tuple(patterns))


@cache
def _keys() -> re.Pattern[str]:
    tables = [
        strings(),
        *(json.loads(p.read_text("utf-8")) for p in (WEB / "words").glob("*.json")),
    ]
    rooms = {key.split(".")[0] for table in tables for key in table["en"]} | {
        *VIEWS,
        "us",
        "mx",
        "pa",
    }
    return re.compile(rf"(?<![\w./@-])(?:{'|'.join(sorted(rooms))})\.[a-z_]+(?:[.-]\w+)*")


_PLACES = re.compile(
    r"\.(?:org|gov|com|net|mx|io|int|csv|json|parquet|nc|html|ya?ml|md|py|js|svg)$"
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|with|from|which|that|are|were|was|by|for|is|its|than|not|when|who|into|each)\b",
    re.IGNORECASE,
)


def raw(texts: list[str]) -> list[str]:
    """Keys of texts, identifiers and what a program prints when it has no value."""
    found = [
        match[0]
        for text in texts
        for match in _keys().finditer(text)
        if not _PLACES.search(match[0])
    ]
    broken = re.compile(r"undefined|\bNaN\b|\[object|\{\w+\}|\bnull\b")
    return found + [text[:120] for text in texts if broken.search(text)]


def foreign(texts: list[str], lang: str) -> list[str]:
    """Texts that belong into the page in the other language."""
    other = words("es" if lang == "en" else "en")
    long = [text for text in other.whole if len(text) > 12]
    found = []
    for text in texts:
        english = {word.lower() for word in _ENGLISH.findall(text)} if lang == "es" else set()
        if (
            text in other.whole
            or any(one in text for one in long)
            or any(pattern.fullmatch(text) for pattern in other.patterns)
            or len(english) > 2
            or (len(english) > 1 and english & {"the", "is", "are", "was", "were"})
        ):
            found.append(text[:160])
    return found


def stumbles(page: Page, lang: str) -> str:
    """Everything that is wrong with what stands there now, by kind; empty when nothing is."""
    texts = page.js(TEXTS)
    found: dict[str, list[object]] = {
        "console": page.complaints(),
        "too wide": [page.wide(), *page.js(TOO_WIDE)] if page.wide() > 0 else [],
        "raw": raw(texts),
        "other language": foreign(texts, lang),
        "empty charts": page.js(EMPTY),
        "refused": page.js(
            "return [...document.querySelectorAll('main .refused')].map((n) => n.innerText)"
        ),
    }
    return "\n".join(f"{kind}: {told}" for kind, told in found.items() if told)


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical: rule, where, and the first such element."""
    page.js(AXE.read_text("utf-8") + "\nwindow.axe = axe;")
    page.driver.set_script_timeout(60)
    found = page.driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
           axe.run(document, { resultTypes: ['violations'] }).then((told) => done(told.violations),
             (error) => done([{ id: String(error), impact: 'critical', nodes: [] }]));"""
    )
    return [
        f"{told['id']} ({told['impact']}) × {len(told['nodes'])}: "
        + "; ".join(f"{n['target']} {n['html'][:120]}" for n in told["nodes"][:3])
        for told in found
        if told["impact"] in WORST
    ]
