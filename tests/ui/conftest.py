"""A browser and a live server for the tests of the page: one of each for all tests of a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from browser import Page, chromium, served


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """A headless Chromium; without one the tests are left out."""
    with chromium() as one:
        yield one


@pytest.fixture(scope="session")
def server(driver, tmp_path_factory) -> Iterator[str]:
    """The address of `caudal serve` with one worker and an empty store."""
    with served(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture
def page(driver, server) -> Page:
    """The live page: `page.open("lab", lang="es", width=360, scenario="baseline")`."""
    return Page(driver, server)


@pytest.fixture
def stranger(server) -> Iterator[Callable[[], Page]]:
    """Makes the page in another browser, which has seen nothing yet: for what a link carries."""
    with ExitStack() as open_ones:
        yield lambda: Page(open_ones.enter_context(chromium()), server)
