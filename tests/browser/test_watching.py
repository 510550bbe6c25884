"""What a real player shows is what is counted: to the second, through jumps, rates and a change of language.

The ten sentences of the English test film take three seconds each, and 1,000 units of the neutral timeline.
"""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import PATH, Browsers, Served
from training.watching.models import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def film(page: Page, language: str = "en") -> Locator:
    """Open the chapter and return its player, ready and muted."""
    page.goto(f"/{language}/{PATH}")
    video = page.locator("video")
    video.scroll_into_view_if_needed()
    page.wait_for_selector(".film[data-ready]")
    video.evaluate("(video) => { video.muted = true; }")
    return video


def holes(watched: Watched | None, *, before: int) -> int:
    """Return how much is missing between the parts that were watched up to a place of the neutral timeline."""
    ends = [0, *(end for _begin, end in watched.parts)] if watched else [0, before]
    begins = [*(begin for begin, _end in watched.parts), before] if watched else [before, before]
    return sum(max(min(begin, before) - end, 0) for end, begin in zip(ends, begins, strict=True))


def play(page: Page, video: Locator, *, start: float, end: float, rate: float = 1) -> None:
    """Play a part, from a second to a second."""
    video.evaluate(
        """(video, [start, end, rate]) => new Promise((done) => {
          video.currentTime = start;
          video.playbackRate = rate;
          video.ontimeupdate = () => {
            if (video.currentTime < end && !video.ended) return;
            video.ontimeupdate = null;
            video.pause();
            done();
          };
          video.play();
        })""",
        [start, end, rate],
    )
    page.wait_for_timeout(300)


def test_coverage_is_what_was_shown_and_the_end_earns_only_itself(served: Served, browsers: Browsers) -> None:
    """D1: jumping to the end earns the last second, and what was played at twice the speed counts as played."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        video = film(page)
        play(page, video, start=0, end=6, rate=2)
        play(page, video, start=29, end=30)
        served.wait_for(lambda: served.watched_by(ada) is not None and len(served.watched_by(ada).parts) == 2)  # type: ignore[union-attr]
    watched = served.watched_by(ada)
    assert watched is not None
    (begin, first), (last, end) = watched.parts
    assert begin < 200
    assert abs(first - 2000) < 350  # six seconds are two sentences
    assert abs(last - 9667) < 150
    assert end == 10_000
    assert abs(watched.covered - (first - begin) - (end - last)) <= 1


def test_what_was_missed_is_played_and_nothing_else(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        video = film(page)
        play(page, video, start=0, end=3, rate=2)
        play(page, video, start=5, end=8, rate=2)
        page.locator("[data-missed]").click()
        served.wait_for(lambda: video.evaluate("(video) => video.currentTime") > 8.2)
        video.evaluate("(video) => video.pause()")
        served.wait_for(lambda: holes(served.watched_by(ada), before=2600) < 100)  # a seek costs some milliseconds
        expect(page.locator("[data-watched-words]")).to_contain_text("%")


def test_the_film_goes_on_at_the_sentence_where_one_was_in_another_language(served: Served, browsers: Browsers) -> None:
    """D4: the place is a sentence; each language has its own second for it."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        video = film(page)
        play(page, video, start=12.2, end=13.5)
        video = film(page, "fr")
        fifth = json.loads(page.locator(".film").get_attribute("data-timeline") or "[]")[4]
        served.wait_for(lambda: video.evaluate("(video) => video.currentTime") > 0)
        assert abs(video.evaluate("(video) => video.currentTime") * 1000 - fifth) < 60
        expect(page.locator("[data-resume]")).to_be_visible()
