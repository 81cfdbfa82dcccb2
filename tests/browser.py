"""A headless Chromium for the tests of the page: the frozen one from disk, the live one as served.

Needs Chromium with its driver, and selenium; without them the tests are left out and say so.
"""

from __future__ import annotations

import base64
import json
import os
import re
import selectors
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "build" / "ui"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
DRIVER = shutil.which("chromedriver")
HOW = "needs chromium and chromedriver on the path: apt-get install -y chromium chromium-driver"
SERVE = "import sys; from caudal.cli import main; sys.exit(main(sys.argv[1:]))"
COUNT_REQUESTS = """
globalThis.underWay = 0;
const ask = globalThis.fetch;
globalThis.fetch = (what, how) => {
  if (String(what?.url ?? what).endsWith('/events')) return ask(what, how);  // open while a job works
  globalThis.underWay += 1;
  return ask(what, how).finally(() => { globalThis.underWay -= 1; });
};
"""
TALLEST = 16_000
"""Of a screenshot, in pixels: what lies further down is cut off."""


@contextmanager
def chromium() -> Iterator[Any]:
    """A driver of a new headless Chromium; skips where none can be had. Pages count their requests."""
    if not (CHROMIUM and DRIVER):
        pytest.skip(HOW)
    webdriver = pytest.importorskip(
        "selenium.webdriver", reason="needs selenium: pip install selenium"
    )
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNT_REQUESTS})
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def served(folder: Path, workers: int = 1) -> Iterator[str]:
    """`caudal serve` as a process of its own, its store in `folder`; gives its address, no slash."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["serve", "--port", "0", "--workers", str(workers), "--store", str(folder / "store")]
    own = {**os.environ, "XDG_DATA_HOME": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    log = folder / "serve.log"
    with log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, *words], env=own, stdout=subprocess.PIPE, stderr=err
        )
    try:
        address = _first_line(process, 60).rstrip("/")
        until = time.monotonic() + 120
        while not _answers(f"{address}/readyz"):
            assert process.poll() is None, log.read_text("utf-8")[-2000:]
            assert time.monotonic() < until, log.read_text("utf-8")[-2000:]
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_line(process: subprocess.Popen[bytes], seconds: float) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        assert ready.select(seconds), "the server says nothing"
    return process.stdout.readline().decode().strip()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


class Browser:
    """A page in a headless Chromium, with the log of its console."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def go(self, address: str, width: int = 1280) -> None:
        """Load an address anew in a window of this width."""
        self.driver.get("about:blank")  # else a change after "#" alone would not load anew
        self.size(width, 900)
        self.driver.get_log("browser")
        self.driver.get(address)

    def size(self, width: int, height: int) -> None:
        """The window's size in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def wait(self, condition: str, seconds: float = 10) -> None:
        """Until a JavaScript expression is true; fails with it and what the page says."""
        from selenium.common.exceptions import TimeoutException
        from selenium.webdriver.support.ui import WebDriverWait

        try:
            WebDriverWait(self.driver, seconds, 0.05).until(
                lambda _: self.js(f"return Boolean({condition})")
            )
        except TimeoutException:
            said = self.js("return document.body.innerText")[:600]
            pytest.fail(f"after {seconds} s still not: {condition}\n{self.complaints()}\n{said}")

    def js(self, script: str, *arguments: Any) -> Any:
        """What a script returns; `arguments[0]` … are handed to it."""
        return self.driver.execute_script(script, *arguments)

    def text(self, css: str = "#caudal") -> str:
        """What can be read in an element, once it is there."""
        self.wait(f"document.querySelector({json.dumps(css)})")
        return self.js("return document.querySelector(arguments[0]).innerText", css)

    def complaints(self) -> list[str]:
        """What the console has been told since the last look: errors and warnings."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def wide(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.js(
            "const all = document.documentElement; return all.scrollWidth - all.clientWidth"
        )

    def find(self, css: str) -> Any:
        """The first element, brought into sight."""
        self.js(
            """document.querySelector(arguments[0])
                 .scrollIntoView({block: 'center', behavior: 'instant'})""",
            css,
        )
        return self.driver.find_element("css selector", css)

    def click(self, css: str) -> None:
        """A real click on the first element; fails if something lies over it."""
        self.find(css).click()

    def type(self, css: str, text: str) -> None:
        """Replace what a field holds, key by key."""
        field = self.find(css)
        field.clear()
        field.send_keys(text)

    def choose(self, css: str, value: str) -> None:
        """Choose a value of a select."""
        from selenium.webdriver.support.ui import Select

        Select(self.find(css)).select_by_value(value)

    def press(self, css: str, *keys: str) -> None:
        """Press keys in an element, by name: "ArrowRight", "Enter", "Tab", "a" …"""
        from selenium.webdriver.common.keys import Keys

        field = self.find(css)
        for key in keys:
            field.send_keys(
                key
                if len(key) == 1
                else getattr(Keys, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).upper())
            )

    def shot(self, name: str) -> Path:
        """A picture of the whole page, kept as build/ui/NAME.png (not part of the repository)."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        width, before, tall = self.js(
            "return [innerWidth, innerHeight, document.documentElement.scrollHeight]"
        )
        self.size(width, min(TALLEST, max(before, tall)))
        self.js(
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        self.size(width, before)
        file = SHOTS / f"{name}.png"
        file.write_bytes(base64.b64decode(taken["data"]))
        return file


class Page(Browser):
    """The live page: `open` a view as its address says it."""

    def __init__(self, driver: Any, base: str) -> None:
        super().__init__(driver)
        self.base = base

    def address(self, view: str, lang: str = "en", theme: str = "auto", **params: Any) -> str:
        """The address of a view; empty words are left out."""
        words = {"lang": lang, "theme": "" if theme == "auto" else theme, **params}
        query = urlencode({k: v for k, v in words.items() if v not in ("", None)})
        return f"{self.base}/#/{view}?{query}"

    def open(
        self, view: str, width: int = 1280, lang: str = "en", theme: str = "auto", **params: Any
    ) -> None:
        """Load a view anew and wait until it stands (its parts may still be working)."""
        self.go(self.address(view, lang, theme, **params), width)
        self.stands(view)

    def stands(self, view: str) -> None:
        """Wait until this view stands."""
        self.wait(f"document.querySelector('main .view.view-{view}:not([aria-busy=true])')", 30)

    def settle(self, seconds: float = 30) -> None:
        """Wait until nothing is asked for or says that it is busy, and the size has come to rest."""
        busy = "document.querySelector('main[aria-busy=true], main [aria-busy=true]')"
        self.wait(f"!globalThis.underWay && !{busy}", seconds)
        self.driver.set_script_timeout(10)
        self.driver.execute_async_script(
            """const done = arguments[arguments.length - 1];
               let last = -1, still = 0, looks = 0;
               const look = () => {
                 const tall = document.documentElement.scrollHeight;
                 still = tall === last ? still + 1 : 0; last = tall; looks += 1;
                 if (still >= 4 || looks > 80) done(); else setTimeout(look, 50);
               };
               look();"""
        )
