"""Browser tests: one server for each test, on a port of its own, and Chromium from the system."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.browser.serving import Browsers, Served, free_port
from tests.engines import SqliteEngine


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture
def served(sqlite_engine: SqliteEngine, tmp_path: Path) -> Iterator[Served]:
    """A running server over an empty database."""
    with sqlite_engine.fresh(tmp_path) as database:
        server = Served(tmp_path, database, free_port())
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture
def browsers(playwright: Playwright, served: Served, tmp_path: Path) -> Browsers:
    return Browsers(playwright, tmp_path / "profiles", served)
