"""A chapter that is taken along: kept with its size said first, read, watched and answered without a network."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import PATH, QUIZ, Browsers, Served
from tests.browser.test_offline import WAITING, begin, choices, choose, state

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WITHOUT_SYNC = "delete globalThis.SyncManager; delete ServiceWorkerRegistration.prototype.sync;"


def offered(page: Page) -> Locator:
    """Open the fold that offers to keep the chapter, and return the offer, with its size said."""
    page.goto(f"/en/{PATH}")
    page.locator("[data-keep] summary").click()
    offer = page.locator("[data-part=offer]")
    expect(offer).to_contain_text(re.compile(r"\d\.\d MB"))
    return offer


def keep(page: Page, *, film: bool = True, language: str = "en") -> None:
    page.goto(f"/{language}/{PATH}")
    page.locator("[data-keep] summary").click()
    offer = page.locator("[data-part=offer]")
    expect(offer).to_be_visible()
    if not film:
        offer.locator("#keep-film").uncheck()
    offer.locator("button").click()
    expect(page.locator("[data-part=kept]")).to_be_visible(timeout=60000)


def kept_addresses(page: Page) -> list[str]:
    script = """async () => {
      const found = [];
      for (const name of await caches.keys()) {
        if (!name.startsWith('chapter:')) continue;
        for (const {url} of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
      }
      return found;
    }"""
    return list(page.evaluate(script))


def test_a_kept_chapter_is_read_watched_and_answered_without_a_network(served: Served, browsers: Browsers) -> None:
    """B2, C5: the whole of a chapter works without a network, and what was done shows at once."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada, own_device=True)
        offer = offered(page)
        assert kept_addresses(page) == []
        offer.locator("button").click()
        expect(page.locator("[data-part=kept]")).to_contain_text("in English", timeout=60000)
        expect(page.locator("[data-part=kept]")).to_contain_text("A quiz is drawn")
        html = page.evaluate(f"caches.match('/en/{PATH}').then((found) => found.text())")
        assert "Ada" not in html
        assert "csrf_token" not in html
        quiz = page.evaluate(f"caches.match('/en/{QUIZ}').then((found) => found.text())")
        assert "Ada" not in quiz
        assert "csrf_token" not in quiz
    served.stop()
    with browsers.profile() as page:
        page.goto(f"/en/{PATH}")
        expect(page.locator("h1")).to_contain_text("Understanding")
        video = page.locator("video")
        video.scroll_into_view_if_needed()
        page.wait_for_selector(".film[data-ready]")
        video.evaluate("(video) => { video.muted = true; video.currentTime = 12; return video.play(); }")
        page.wait_for_timeout(3500)
        video.evaluate("(video) => video.pause()")
        assert video.evaluate("(video) => video.currentTime") > 13
        captions = video.evaluate("(video) => video.textTracks[0].cues.length")
        assert captions == 10
        section = page.locator("section.section[id]").nth(1)
        section.get_by_role("button", name="as read").click()
        expect(section.get_by_text("Undo")).to_be_visible()
        page.goto(f"/en/{QUIZ}")
        given = choose(choices(page).first, 1)
        expect(state(choices(page).first)).to_have_text(WAITING)
        page.reload()
        expect(choices(page).first.locator(f"[value={given}]")).to_be_checked()
        page.get_by_role("button", name="Hand in").click()
        expect(page.locator("[data-hand-in] [data-save]")).to_contain_text("the result comes then")
        served.start()
        page.wait_for_url(re.compile("attempts/1"), timeout=60000)
        expect(page.locator("h1")).to_contain_text("Result of attempt 1")
        served.wait_for(lambda: served.watched_by(ada) is not None and served.watched_by(ada).covered > 0)  # type: ignore[union-attr]
        page.goto(f"/en/{PATH}")
        expect(page.locator(".contents-fold .soft").first).to_have_text("1 of 7 read")
    assert [row.response for row in served.answers_of(ada)] == [[given]]
    watched = served.watched_by(ada)
    assert watched is not None
    begin_, end = watched.parts[0]
    assert 4000 <= begin_ < 4050  # the fifth sentence begins at twelve seconds; a player starts at the next picture
    assert 4300 < end < 6500


def test_only_the_transcript_is_kept_when_that_is_chosen_and_all_is_removed_again(
    served: Served, browsers: Browsers
) -> None:
    with browsers.profile() as page:  # reading needs no account, keeping neither
        keep(page, film=False, language="fr")
        addresses = kept_addresses(page)
        assert f"/fr/{PATH}" in addresses
        assert not [one for one in addresses if one.endswith((".webm", ".mp4"))]
        assert [one for one in addresses if one.endswith(".vtt")]
        page.context.set_offline(True)
        page.reload()
        expect(page.locator(".transcript")).to_contain_text("Phrase 10")
        page.goto("/fr/glossary")
        expect(page.locator("[data-offline] a")).to_have_attribute("href", f"/fr/{PATH}")
        page.locator("[data-offline] a").click()
        page.wait_for_url(re.compile(PATH))
        page.locator("[data-keep] summary").click()
        page.locator("[data-remove]").click()
        expect(page.locator("[data-part=removed]")).to_be_visible()
        assert kept_addresses(page) == []


def test_a_transcript_that_was_taken_along_counts_as_much_as_the_film(served: Served, browsers: Browsers) -> None:
    """Read without a network, it is kept and sent as everything else."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=WITHOUT_SYNC) as page:
        browsers.sign_in(page, ada, own_device=True)
        keep(page, film=False)
        page.context.set_offline(True)
        page.reload()
        page.locator("#film").scroll_into_view_if_needed()
        page.wait_for_selector(".film[data-ready]", state="attached")
        page.locator(".transcript-fold").evaluate("(fold) => { fold.open = true; }")
        page.get_by_role("button", name="I have read the transcript").click()
        read = page.locator("[data-transcript-read]")
        expect(read).to_contain_text("kept on this device until it can be sent")
        page.reload()
        page.locator("#film").scroll_into_view_if_needed()
        expect(read).to_contain_text("kept on this device until it can be sent")
        page.context.set_offline(False)
        expect(read).to_have_text("Read", timeout=40000)
        page.goto(f"/en/{PATH}")
        expect(page.locator(".contents a[href='#film'] .pane")).to_have_class(re.compile("pane-lit"))


def test_on_a_shared_computer_nothing_stays_after_signing_out(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        page.goto(f"/en/{PATH}")
        page.locator("[data-keep] summary").click()
        expect(page.locator("[data-part=offer]")).to_contain_text("when you sign out, all of it is removed")
        keep(page)
        page.locator("[data-sign-out] button").click()
        page.wait_for_url(re.compile("/en/$"))
        assert all(name.startswith("shell:") for name in page.evaluate("caches.keys()"))
        script = """() => new Promise((done) => {
          indexedDB.open('training').onsuccess = ({target}) => {
            const state = target.result.transaction('state').objectStore('state');
            state.getAllKeys().onsuccess = ({target}) => done(target.result);
          };
        })"""
        assert set(page.evaluate(script)) <= {"device", "clock"}


def test_on_an_own_device_the_chapter_stays_and_the_attempt_is_closed(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada, own_device=True)
        keep(page)
        page.locator("[data-sign-out] button").click()
        page.wait_for_url(re.compile("/en/$"))
        page.context.set_offline(True)
        page.goto(f"/en/{PATH}")
        expect(page.locator("h1")).to_contain_text("Understanding")
        page.goto(f"/en/{QUIZ}")
        expect(page.locator("h1")).to_have_text("No network")


@pytest.mark.parametrize("quota", [100_000, 420_000])
def test_storage_that_is_full_gets_a_clear_message_and_keeps_nothing(
    served: Served, browsers: Browsers, quota: int
) -> None:
    with browsers.profile() as page:
        page.goto(f"/en/{PATH}")
        tools = page.context.new_cdp_session(page)
        tools.send("Storage.overrideQuotaForOrigin", {"origin": served.address, "quotaSize": quota})
        page.locator("[data-keep] summary").click()
        page.locator("[data-part=offer] button").click()
        expect(page.locator("[data-part=full]")).to_contain_text("not enough room", timeout=60000)
        assert kept_addresses(page) == []


def test_a_network_that_goes_away_in_the_middle_keeps_nothing(served: Served, browsers: Browsers) -> None:
    with browsers.profile() as page:
        keep(page, film=False)
        page.locator("[data-remove]").click()
        page.goto(f"/en/{PATH}")
        page.locator("[data-keep] summary").click()
        expect(page.locator("[data-part=offer]")).to_be_visible()
        served.stop()
        page.locator("[data-part=offer] button").click()
        expect(page.locator("[data-part=failed]")).to_be_visible(timeout=60000)
        assert kept_addresses(page) == []


def test_a_browser_that_keeps_no_pages_says_so(served: Served, browsers: Browsers) -> None:
    script = "Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined});"
    with browsers.profile(script=script) as page:
        page.goto(f"/en/{PATH}")
        page.locator("[data-keep] summary").click()
        expect(page.locator("[data-part=unable]")).to_contain_text("keeps no pages")


def test_a_new_release_leaves_kept_pages_whole(served: Served, browsers: Browsers) -> None:
    """What a kept page needs from an older release stays until the page is renewed."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada, own_device=True)
        begin(page)
        keep(page)
        script = """async () => {
          const [name] = (await caches.keys()).filter((one) => one.startsWith('shell:'));
          const [old, fresh] = [await caches.open('shell:000000000000'), await caches.open(name)];
          for (const request of await fresh.keys()) {
            await old.put(request.url.replace(name.slice(6), '000000000000'), await fresh.match(request));
          }
          for (const one of (await caches.keys()).filter((one) => /^(chapter|quiz):/.test(one))) {
            const cache = await caches.open(one);
            for (const request of await cache.keys()) {
              const found = await cache.match(request);
              if (!/html/.test(found.headers.get('content-type'))) continue;
              const text = (await found.text()).replaceAll(name.slice(6), '000000000000');
              await cache.put(request, new Response(text, {headers: found.headers}));
            }
          }
          await caches.open('shell:111111111111');
          await (await navigator.serviceWorker.getRegistration()).unregister();
        }"""
        page.evaluate(script)
        page.goto("about:blank")  # a worker goes when no page needs it any more
        page.goto(f"/en/{PATH}")
        page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
        served.wait_for(lambda: "shell:111111111111" not in page.evaluate("caches.keys()"))
        assert "shell:000000000000" in page.evaluate("caches.keys()")
        page.context.set_offline(True)
        page.goto(f"/en/{QUIZ}")
        expect(page.locator("[data-quiz]")).to_be_visible()
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(WAITING)
