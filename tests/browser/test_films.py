"""Chapter 1's film of each language in both formats, on our page, under our policy; and films of somebody else."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import MEDIA, PATH, Served, opened
from training.courses.manifest import Film, read_manifest
from training.languages import Language
from training.settings import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OURS = ROOT / "videos_manifest.json"
FAST = 16
"""The page counts at twice the speed at most and sets a faster player back. That is a rule about counting; here the
sign of the changed rate is kept from it, so that the same page, player, captions and policy run eight times faster."""

PLAY = """([type, rate]) => {
  const video = document.querySelector('video');
  document.addEventListener('ratechange', (event) => event.stopImmediatePropagation(), true);
  for (const source of video.querySelectorAll('source')) if (!source.type.startsWith(type)) source.remove();
  window.lines = 0;
  video.textTracks[0].addEventListener('cuechange', () => { window.lines += 1; });
  video.load();
  video.muted = true;
  video.playbackRate = rate;
  window.played = new Promise((done, fail) => {
    video.addEventListener('ended', done);
    setTimeout(() => fail(new Error(`still at ${video.currentTime}`)), 60000);
    video.play().catch(fail);
  });
}"""


@pytest.fixture(scope="module")
def manifest() -> Path:
    """The films of the course."""
    return OURS


def film_of(manifest: Path, language: Language) -> Film:
    """Return the film of the first chapter."""
    films = read_manifest(manifest).films
    return next(film for film in films if film.language is language and f"/{film.chapter}/" in PATH)


def at_the_film(page: Page, language: str) -> None:
    page.goto(f"/{language}/{PATH}")
    page.locator("video").scroll_into_view_if_needed()
    page.wait_for_selector(".film[data-ready]", state="attached")


@pytest.mark.parametrize("language", Language)
def test_a_film_plays_to_its_end_with_captions_and_transcript(
    served: Served, chromium: Browser, language: Language
) -> None:
    """In both formats at the same time: most of the time is waiting."""
    film = film_of(OURS, language)
    with opened(chromium, served) as webm, opened(chromium, served) as mp4:
        for page, kind in ((webm, "webm"), (mp4, "mp4")):
            at_the_film(page, language)
            track = page.locator("video").evaluate(
                "(video) => [video.textTracks[0].mode, video.textTracks[0].language]"
            )
            assert track == ["showing", language]
            page.evaluate(PLAY, [f"video/{kind}", FAST])
        for page, kind in ((webm, "webm"), (mp4, "mp4")):
            page.evaluate("played")
            video = page.locator("video")
            assert abs(video.evaluate("(video) => video.currentTime") * 1000 - film.duration) < 500
            assert video.evaluate("(video) => video.videoWidth") == film.sources[0].width
            assert str(video.evaluate("(video) => video.currentSrc")).endswith(kind)
            assert page.evaluate("lines") > 10
            assert video.evaluate("(video) => [...video.textTracks[0].cues].every((cue) => cue.text)")
            expect(page.locator(".cue[aria-current]")).to_have_count(1)
            assert page.locator(".cue").last.get_attribute("aria-current") is not None


def test_nothing_of_a_film_is_fetched_before_somebody_plays_it(served: Served, chromium: Browser) -> None:
    with opened(chromium, served) as page:
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        at_the_film(page, "de")
        page.wait_for_timeout(500)
        video = page.locator("video")
        assert video.evaluate("(video) => video.paused && !video.autoplay && video.readyState === 0")
        assert [url for url in fetched if url.endswith((".mp4", ".webm"))] == []
        poster = page.request.get(str(video.get_attribute("poster")))
        assert poster.ok
        assert poster.headers["content-type"] == "image/webp"


def test_a_part_of_a_film_is_answered_with_a_part(served: Served, chromium: Browser) -> None:
    with opened(chromium, served) as page:
        at_the_film(page, "en")
        for source in page.locator("video source").all():
            address = str(source.get_attribute("src"))
            part = page.request.get(address, headers={"Range": "bytes=1000-1999"})
            whole = next(one for one in film_of(OURS, Language.EN).sources if address.endswith(Path(one.path).suffix))
            assert part.status == 206
            assert part.headers["content-range"] == f"bytes 1000-1999/{whole.bytes}"
            assert len(part.body()) == 1000


def test_another_film_comes_in_by_the_manifest_alone(served: Served, chromium: Browser) -> None:
    """A city's own film: the same address, the same page, another length, its captions and its transcript."""
    served.stop()
    served.manifest = MEDIA / "videos_manifest.json"
    served.start()
    with opened(chromium, served) as page:
        at_the_film(page, "fr")
        page.evaluate(PLAY, ["video/webm", FAST])
        page.evaluate("played")
        ended = page.locator("video").evaluate("(video) => video.currentTime") * 1000
        assert abs(ended - film_of(served.manifest, Language.FR).duration) < 500
        expect(page.locator(".transcript")).to_contain_text("Phrase 10")


def test_a_film_of_another_host_contacts_nobody_before_the_click(
    served: Served, chromium: Browser, tmp_path: Path
) -> None:
    """D8: no host of others is asked for anything unasked."""
    manifest = json.loads((MEDIA / "videos_manifest.json").read_text())
    entry = {key: manifest["films"][0][key] for key in ("course", "chapter", "language", "duration", "licence")}
    address = {"address": "https://films.example/interview", "host": "films.example"}
    outside = tmp_path / "videos_manifest.json"
    outside.write_text(json.dumps({"version": 1, "films": [entry | {"origin": "external", "external": address}]}))
    served.stop()
    served.manifest = outside
    served.start()
    with opened(chromium, served) as page:  # at its end: nobody else was contacted
        page.goto(f"/en/{PATH}")
        page.locator("#film a").scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        expect(page.locator("#film")).to_contain_text("nothing is sent before you do")
        assert page.locator("iframe, video").count() == 0
    context = chromium.new_context(base_url=served.address)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url) if "films.example" in request.url else None)
    context.route("https://films.example/**", lambda route: route.fulfill(body=""))
    page = context.new_page()
    page.goto(f"/en/{PATH}")
    page.locator("#film a").click()
    page.wait_for_url("https://films.example/**")
    context.close()
    assert asked == ["https://films.example/interview"]
