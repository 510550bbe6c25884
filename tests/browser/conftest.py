"""Browser tests: a server for each file of tests, on a port of its own, and Chromium from the system."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.serving import MEDIA, Browsers, Served, free_port
from tests.engines import SqliteEngine


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, for one file: while it runs, nothing else in the process may have an event loop of its own."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for a file of tests, for profiles that need not survive."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def manifest() -> Path:
    """Short films of the first chapter. A file of tests that needs the films of the course overrides this."""
    return MEDIA / "videos_manifest.json"


@pytest.fixture(scope="module")
def server(sqlite_engine: SqliteEngine, tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Iterator[Served]:
    """A server over a database of its own; tests add people, and may stop it."""
    folder = tmp_path_factory.mktemp("served")
    with sqlite_engine.fresh(folder) as database:
        found = Served(folder, database, free_port(), manifest=manifest)
        yield found
        found.stop()


@pytest.fixture
def served(server: Served) -> Served:
    """The server, running."""
    server.start()
    return server


@pytest.fixture
def browsers(playwright: Playwright, served: Served, tmp_path: Path) -> Browsers:
    return Browsers(playwright, tmp_path / "profiles", served)
