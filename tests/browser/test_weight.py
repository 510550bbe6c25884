"""What the first visit of a chapter costs a telephone, and the second; and that nothing moves while it comes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import PATH, Served, opened
from training.languages import Language
from training.settings import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_BYTES = 120_000
MOST_REQUESTS = 12
SECOND_VISIT = 45_000
SHIFTS = """
  window.moved = 0;
  window.movers = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.moved += entry.value;
      window.movers.push(...entry.sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? '').slice(0, 80)));
    }
  }).observe({type: 'layout-shift', buffered: true});
"""


@dataclass
class Meter:
    """What came over the wire, headers included, as Chromium counts it. Not the file from which the film would come:
    nobody has asked for it."""

    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def answered(self, event: dict[str, Any]) -> None:
        if not event["response"].get("fromDiskCache") and event["response"]["url"].startswith("http"):
            self.addresses[event["requestId"]] = event["response"]["url"]

    def finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    @property
    def bill(self) -> dict[str, float]:
        """Bytes by address."""
        return {url: self.sizes.get(key, 0) for key, url in self.addresses.items()}

    @property
    def total(self) -> float:
        return sum(self.bill.values())


def metered(page: Page) -> Meter:
    meter = Meter()
    tools = page.context.new_cdp_session(page)
    tools.on("Network.responseReceived", meter.answered)
    tools.on("Network.loadingFinished", meter.finished)
    tools.send("Network.enable")
    return meter


@pytest.fixture(scope="module")
def manifest() -> Path:
    """The films of the course: their posters count."""
    return ROOT / "videos_manifest.json"


@pytest.mark.parametrize("language", Language)
def test_the_first_visit_of_a_chapter_is_light_and_the_second_lighter(
    served: Served, chromium: Browser, language: Language
) -> None:
    with opened(chromium, served) as page:
        first = metered(page)
        page.add_init_script(SHIFTS)
        page.goto(f"/{language}/{PATH}", wait_until="networkidle")
        assert first.total < MOST_BYTES, first.bill
        assert len(first.bill) <= MOST_REQUESTS, first.bill
        assert [url for url in first.bill if url.endswith(".woff2")], "the fonts are counted"
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(300)
        assert page.evaluate("window.moved") == 0, page.evaluate("window.movers")
        again = page.context.new_page()
        second = metered(again)
        again.goto(f"/{language}/{PATH}", wait_until="networkidle")
        assert second.total < SECOND_VISIT, second.bill


def test_on_a_wide_screen_only_the_film_s_own_pictures_come_on_top(served: Served, chromium: Browser) -> None:
    """There the transcript lies open beside the film, with its first stills."""
    with opened(chromium, served, viewport={"width": 1440, "height": 900}) as page:
        first = metered(page)
        page.add_init_script(SHIFTS)
        page.goto(f"/de/{PATH}", wait_until="networkidle")
        assert sum(size for url, size in first.bill.items() if "/media/" not in url) < MOST_BYTES
        assert first.total < MOST_BYTES + 40_000, first.bill
        assert page.evaluate("window.moved") == 0, page.evaluate("window.movers")


@pytest.mark.parametrize("path", ["", "courses/local-prevention/", "search?q=strategy", "glossary", "sign-in"])
def test_nothing_moves_while_a_page_comes(served: Served, chromium: Browser, path: str) -> None:
    with opened(chromium, served) as page:
        page.add_init_script(SHIFTS)
        page.goto(f"/de/{path}", wait_until="networkidle")
        assert page.evaluate("window.moved") == 0, page.evaluate("window.movers")
