"""What a first look at the page costs: time until it is useful, and what crosses the wire."""

from __future__ import annotations

from typing import NamedTuple

from browser import Page

USEFUL = "main .view:not([aria-busy=true]) :is(figure, svg, table)"
WATCH = """
const look = () => {
  const found = document.querySelector('USEFUL');
  if (found && found.getBoundingClientRect().height > 0) globalThis.usefulAt = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
""".replace("USEFUL", USEFUL)
COST = """
const of = (kind) => performance.getEntriesByType(kind);
const paint = of('paint').find((entry) => entry.name === 'first-contentful-paint');
const all = [...of('navigation'), ...of('resource')];
return [paint?.startTime ?? 0, globalThis.usefulAt, all.reduce((sum, e) => sum + e.transferSize, 0),
        all.length];
"""


class Cost(NamedTuple):
    """Milliseconds to the first paint and to useful content; bytes and requests, heads included."""

    painted_ms: float
    useful_ms: float
    bytes: int
    requests: int


def first_look(page: Page, view: str, **params: str) -> Cost:
    """A view opened by a browser that has nothing of the page in its cache.

    Useful is a view that stands, with its first chart or table drawn; bytes are those of the whole
    view, whatever it fetches later included.
    """
    ask = page.driver.execute_cdp_cmd
    watch = ask("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    try:
        ask("Network.enable", {})
        ask("Network.clearBrowserCache", {})
        page.open(view, **params)
        page.wait("globalThis.usefulAt !== undefined")
        page.settle()
        return Cost(*page.js(COST))
    finally:
        ask("Page.removeScriptToEvaluateOnNewDocument", watch)
