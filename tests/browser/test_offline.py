"""The answer that is never lost: what happens in a real browser when the network, the server, the session, the clock
or the other device do what they do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from tests.browser.serving import PATH, QUIZ, Browsers, Served, opened
from tests.cast import PASSWORD
from training.quizzes.models import Attempt

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WITHOUT_SYNC = "delete globalThis.SyncManager; delete ServiceWorkerRegistration.prototype.sync;"
SAVED = re.compile(r"Saved \d\d:\d\d")
WAITING = re.compile("Waiting for the network")
LANGUAGES = ("en", "fr", "de", "it", "es")
OWN_NAMES = {"en": "English", "fr": "Français", "de": "Deutsch", "it": "Italiano", "es": "Español"}


def begin(page: Page, language: str = "en") -> None:
    """Begin an attempt, and wait until it would open without a network."""
    page.goto(f"/{language}/{QUIZ}")
    page.click("main form button[type=submit]")
    page.wait_for_selector("[data-quiz]")
    for _second in range(20):
        if page.evaluate("(path) => caches.match(path).then(Boolean)", f"/{language}/{QUIZ}"):
            return
        page.wait_for_timeout(500)
    raise AssertionError("the attempt is not kept")


def choices(page: Page) -> Locator:
    """The questions that have one answer."""
    return page.locator("[data-question][data-kind=one]")


def choose(question: Locator, option: int) -> str:
    chosen = question.locator("[name=option]").nth(option)
    chosen.check(force=True)
    return str(chosen.get_attribute("value"))


def state(question: Locator) -> Locator:
    return question.locator("[data-save]")


def name(question: Locator) -> str:
    return str(question.get_attribute("data-question"))


def answer(question: Locator) -> None:
    """Answer a question of any kind: always the same way in the same attempt."""
    kind = question.get_attribute("data-kind")
    fields = question.locator("[name=option]")
    if kind in {"one", "several"}:
        fields.first.check(force=True)
        return
    for place in range(fields.count()):
        fields.nth(place).select_option(index=1 + place)


def come_back(page: Page) -> None:
    """What a browser says when its window is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def settle(served: Served, page: Page) -> None:
    """Wait until nothing waits any more."""
    served.wait_for(lambda: page.evaluate("outbox.items().then((items) => items.length)") == 0)


def cut(page: Page) -> None:
    """Let nothing through that the page itself asks for, except pages."""
    page.route("**/*", lambda route: route.continue_() if route.request.is_navigation_request() else route.abort())


def refuse_posts(page: Page) -> None:
    """Let no answer through while this page is open. A route would not do: a service worker's requests pass by it."""
    page.evaluate(
        """() => {
          const real = globalThis.fetch;
          const refused = (url, {method} = {}) => method === 'POST' && String(url).endsWith('/quiz');
          globalThis.fetch = (...args) => (refused(...args) ? Promise.reject(new TypeError()) : real(...args));
          globalThis.mend = () => { globalThis.fetch = real; };
        }"""
    )


@contextmanager
def on_two_devices(browsers: Browsers, person: UUID) -> Iterator[tuple[Page, Page]]:
    """Give a telephone and an office PC of one person, with the same attempt open on both."""
    with browsers.profile("phone", script=WITHOUT_SYNC) as phone, browsers.profile("office") as office:
        browsers.sign_in(phone, person)
        begin(phone)
        browsers.sign_in(office, person)
        office.goto(f"/en/{QUIZ}")
        yield phone, office


def mend(page: Page) -> None:
    page.unroute("**/*")
    page.evaluate("dispatchEvent(new Event('online'))")


def switch(page: Page, language: str) -> None:
    """Change the language as a reader does."""
    page.locator(".tongues summary").click()
    page.locator(f".tongues a[hreflang={language}]").click()
    page.wait_for_url(re.compile(f"/{language}/"))
    page.wait_for_selector("[data-quiz]")


@pytest.mark.parametrize("script", ["", WITHOUT_SYNC], ids=["background-sync", "without-sync"])
def test_answers_given_while_the_server_is_down_arrive_untouched(
    served: Served, browsers: Browsers, script: str
) -> None:
    """B1, B7: what is not sent yet says so at its question, and goes by itself."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=script) as page:
        browsers.sign_in(page, ada)
        begin(page)
        served.stop()
    given = {}
    with browsers.profile(script=script) as page:
        page.goto(f"/en/{QUIZ}")
        assert page.evaluate("'SyncManager' in globalThis") == (not script)
        for number in range(3):
            question = choices(page).nth(number)
            given[name(question)] = [choose(question, number % 2)]
            expect(state(question)).to_have_text(WAITING)
        served.start()
        served.wait_for(lambda: len(served.answers_of(ada)) == 3)
        expect(state(choices(page).first)).to_have_text(SAVED, timeout=10000)
    assert {row.question: row.response for row in served.answers_of(ada)} == given


def test_unsent_answers_survive_a_killed_browser(served: Served, browsers: Browsers) -> None:
    """B10, B12: what was chosen in the last moment before a crash is there afterwards."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada, own_device=True)
        begin(page)
    with browsers.profile() as page:
        page.goto(f"/en/{QUIZ}")
        served.stop()
        question = choices(page).first
        chosen = choose(question, 1)
        expect(state(question)).to_have_text(WAITING)
        browsers.kill()
    served.start()
    with browsers.profile() as page:
        page.goto("/en/")  # any page sends what waits
        served.wait_for(lambda: len(served.answers_of(ada)) == 1)
    assert served.answers_of(ada)[0].response == [chosen]


def test_background_sync_sends_when_no_page_is_open(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        begin(page)
        served.stop()
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(WAITING)
        page.goto("about:blank")
        served.start()
        tools = page.context.new_cdp_session(page)
        found: list[str] = []
        tools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
        )
        tools.send("ServiceWorker.enable")
        page.wait_for_timeout(500)
        tools.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": served.address, "registrationId": found[0], "tag": "outbox", "lastChance": False},
        )
        served.wait_for(lambda: len(served.answers_of(ada)) == 1)


def test_a_session_that_ends_in_mid_quiz_is_begun_again_in_place(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        begin(page)
        choose(choices(page).nth(0), 0)
        expect(state(choices(page).nth(0))).to_have_text(SAVED)
        served.end_sessions(ada)
        choose(choices(page).nth(1), 0)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Nothing is lost")
        dialog.locator("[name=email]").fill(served.people[ada])
        dialog.locator("[name=password]").fill("a wrong one")
        dialog.get_by_role("button", name="Sign in", exact=True).click()
        expect(dialog).to_contain_text("do not go together")
        dialog.locator("[name=email]").fill(served.people[ada])
        dialog.locator("[name=password]").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign in", exact=True).click()
        expect(dialog).to_have_count(0)
        expect(state(choices(page).nth(1))).to_have_text(SAVED)
        choose(choices(page).nth(2), 0)
        expect(state(choices(page).nth(2))).to_have_text(SAVED)
        assert page.url.endswith(QUIZ)
    assert len(served.answers_of(ada)) == 3


def test_nothing_is_sent_under_another_account(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    eve = served.stage(lambda cast: cast.person("Eve"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        begin(page)
        served.end_sessions(ada)
        choose(choices(page).first, 0)
        page.get_by_role("button", name="Not now").click()
        expect(state(choices(page).first)).to_contain_text("signed out")
        second = page.context.new_page()
        browsers.sign_in(second, eve)
        second.goto(f"/en/{QUIZ}")
        come_back(page)
        expect(state(choices(page).first)).to_contain_text("Another account")
        assert served.answers_of(eve) == [] == served.answers_of(ada)
        second.locator("[data-sign-out] button").click()
        second.wait_for_url(re.compile("/en/$"))
        browsers.sign_in(second, ada)
        served.wait_for(lambda: len(served.answers_of(ada)) == 1)
    assert served.answers_of(eve) == []


def test_the_language_changes_before_every_question_and_the_record_does_not(served: Served, browsers: Browsers) -> None:
    """A7, A8: in a real browser, in the middle of a quiz."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    bob = served.stage(lambda cast: cast.person("Bob"))
    with browsers.profile("one") as page:
        browsers.sign_in(page, ada)
        begin(page)
        questions = page.locator("[data-question]").count()
        for number in range(questions):
            language = LANGUAGES[number % len(LANGUAGES)]
            if number:
                switch(page, language)
            answer(page.locator("[data-question]").nth(number))
            settle(served, page)
            expect(page.locator("[data-question]").nth(number).locator(".save-stored")).to_have_count(1)
    with browsers.profile("two") as page:
        browsers.sign_in(page, bob)
        begin(page)
        with served.database.transaction() as session:
            same, other = (
                session.scalars(select(Attempt).where(Attempt.person_id == person)).one() for person in (ada, bob)
            )
            other.drawn, other.seed = same.drawn, same.seed
        page.reload()
        for number in range(questions):
            answer(page.locator("[data-question]").nth(number))
            settle(served, page)
            expect(page.locator("[data-question]").nth(number).locator(".save-stored")).to_have_count(1)
    mixed, plain = ({row.question: row for row in served.answers_of(person)} for person in (ada, bob))
    assert [(row.question, row.response, row.late) for row in mixed.values()] == [
        (row.question, row.response, row.late) for row in plain.values()
    ]
    assert [row.language for row in mixed.values()] == [LANGUAGES[number % 5] for number in range(questions)]
    assert {row.language for row in plain.values()} == {"en"}


def test_an_unsent_answer_goes_along_into_the_other_language(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=WITHOUT_SYNC) as page:
        browsers.sign_in(page, ada)
        begin(page)
        refuse_posts(page)
        question = choices(page).nth(2)
        question.scroll_into_view_if_needed()
        chosen = choose(question, 1)
        expect(state(question)).to_have_text(WAITING)
        place = name(question)
        switch(page, "de")
        question = page.locator(f"[data-question={place}]")
        expect(question.locator(f"[value={chosen}]")).to_be_checked()
        expect(question).to_be_in_viewport()
        served.wait_for(lambda: len(served.answers_of(ada)) == 1)
        expect(state(question)).to_have_text(re.compile(r"\d\d:\d\d"))
    assert served.answers_of(ada)[0].language == "en"  # it was given there


def test_two_tabs_show_the_same_and_send_once(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        begin(page)
        second = page.context.new_page()
        second.goto(f"/en/{QUIZ}")
        served.stop()
        chosen = choose(choices(page).first, 1)
        expect(choices(second).first.locator(f"[value={chosen}]")).to_be_checked()
        other = choose(choices(second).nth(1), 0)
        served.start()
        for tab in (page, second):
            expect(state(choices(tab).first)).to_have_text(SAVED, timeout=40000)
            expect(state(choices(tab).nth(1))).to_have_text(SAVED, timeout=40000)
    assert [row.response for row in served.answers_of(ada)] == [[chosen], [other]]


def test_another_devices_answer_is_shown_and_never_overwritten_in_silence(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with on_two_devices(browsers, ada) as (phone, office):
        chosen = choose(choices(office).first, 1)
        expect(state(choices(office).first)).to_have_text(SAVED)
        come_back(phone)
        expect(choices(phone).first.locator(f"[value={chosen}]")).to_be_checked()
        expect(state(choices(phone).first)).to_contain_text("another device")

        cut(phone)
        older = choose(choices(phone).first, 0)
        expect(state(choices(phone).first)).to_have_text(WAITING)
        phone.wait_for_timeout(4000)
        newer = choose(choices(office).first, 2)
        served.wait_for(lambda: len(served.answers_of(ada)) == 2)
        mend(phone)
        expect(state(choices(phone).first)).to_contain_text("later on another device", timeout=40000)
        expect(choices(phone).first.locator(f"[value={newer}]")).to_be_checked()
        assert served.answers_of(ada)[-1].response == [newer]
        phone.evaluate("outbox.setClock(Date.now() - 60000)")  # whose clock is right matters no more: it is a choice
        phone.get_by_role("button", name="Take the answer from this device").click()
        expect(state(choices(phone).first)).to_have_text(SAVED)
        assert served.answers_of(ada)[-1].response == [older]


def test_what_is_chosen_before_the_script_has_come_is_saved_and_nothing_else_is_said_of_it(
    served: Served, chromium: Browser
) -> None:
    """B5: on a slow line the page can be used before its scripts are there."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with opened(chromium, served, service_workers="block") as page:
        served.enter(page.context, ada)
        page.goto(f"/en/{QUIZ}")
        page.click("main form button[type=submit]")
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(SAVED)
        held: list[Route] = []
        page.route("**/js/quiz.js", lambda route: held.append(route))  # noqa: PLW0108  a method of a list is refused
        page.goto(f"/en/{QUIZ}")
        chosen = [choose(choices(page).nth(number), 1) for number in (0, 1)]
        served.wait_for(lambda: page.evaluate("1") and held)
        held[0].continue_()
        for number in (0, 1):
            expect(state(choices(page).nth(number))).to_have_text(SAVED)
        served.wait_for(lambda: [one.response for one in served.answers_of(ada)][-2:] == [[one] for one in chosen])


def test_a_refusal_is_forgotten_with_a_later_answer_and_a_hand_in_waits_for_the_answer_that_it_asked_for(
    served: Served, browsers: Browsers
) -> None:
    """B5: what is shown is what counts, and what is taken over counts in the attempt that is handed in."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with on_two_devices(browsers, ada) as (phone, office):
        cut(phone)
        older = [choose(choices(phone).nth(number), 0) for number in (0, 1)]
        expect(state(choices(phone).nth(1))).to_have_text(WAITING)
        phone.wait_for_timeout(4000)
        for number in (0, 1):
            choose(choices(office).nth(number), 1)
            expect(state(choices(office).nth(number))).to_have_text(SAVED)
        phone.wait_for_timeout(4000)
        newest = choose(choices(phone).first, 2)
        phone.get_by_role("button", name="Hand in").click()
        mend(phone)
        expect(state(choices(phone).first)).to_have_text(SAVED, timeout=40000)
        expect(choices(phone).first.locator(f"[value={newest}]")).to_be_checked()
        expect(state(choices(phone).nth(1))).to_contain_text("later on another device")
        phone.get_by_role("button", name="Take the answer from this device").click()
        phone.wait_for_url(re.compile("attempts/1"))
    rows = served.answers_of(ada)
    assert [row.late for row in rows] == [False] * len(rows)
    assert {tuple(row.response) for row in rows[-2:]} == {(newest,), (older[1],)}


def test_an_attempt_handed_in_elsewhere_says_so(served: Served, browsers: Browsers) -> None:
    """B3: the device is told what became of an answer that came too late."""
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile("phone", script=WITHOUT_SYNC) as phone, browsers.profile("office") as office:
        browsers.sign_in(phone, ada)
        begin(phone)
        cut(phone)
        choose(choices(phone).first, 0)
        expect(state(choices(phone).first)).to_have_text(WAITING)
        browsers.sign_in(office, ada)
        office.goto(f"/en/{QUIZ}")
        office.get_by_role("button", name="Hand in").click()
        office.wait_for_url(re.compile("attempts/1"))
        mend(phone)
        expect(state(choices(phone).first)).to_contain_text("not counted", timeout=40000)
        expect(phone.get_by_role("link", name="See the result").first).to_be_visible()
        expect(choices(phone).nth(1).locator("[name=option]").first).to_be_disabled()
    assert [row.late for row in served.answers_of(ada)] == [True]


def test_an_order_with_a_gap_is_kept_and_sent_when_it_is_whole(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        browsers.sign_in(page, ada)
        begin(page)
        while not page.locator("[data-kind=order]").count():
            page.get_by_role("button", name="Hand in").click()
            page.wait_for_url(re.compile("attempts/"))
            begin(page)
        question = page.locator("[data-kind=order]").first
        fields = question.locator("select")
        fields.nth(0).select_option(index=1)
        expect(state(question)).to_contain_text("each place")
        page.reload()
        expect(fields.nth(0)).not_to_have_value("")
        for place in range(1, fields.count()):
            fields.nth(place).select_option(index=place + 1)
        expect(state(question)).to_have_text(SAVED)
        places = fields.count()
    assert [len(row.response) for row in served.answers_of(ada)] == [places]


def test_a_wrong_clock_does_not_move_an_answer(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile() as page:
        page.clock.install(time=datetime(2020, 1, 1))  # noqa: DTZ001  a computer whose clock is years behind
        browsers.sign_in(page, ada)
        begin(page)
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(SAVED)
    given = served.answers_of(ada)[0]
    assert abs(given.given_at - datetime.now(UTC)) < timedelta(minutes=2)
    assert given.given_at <= given.received_at


def test_signing_out_asks_about_what_was_not_sent(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=WITHOUT_SYNC) as page:
        browsers.sign_in(page, ada)
        begin(page)
        refuse_posts(page)
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(WAITING)
        page.locator("[data-sign-out] button").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Something is not sent yet")
        dialog.get_by_role("button", name="Stay signed in").click()
        expect(dialog).to_have_count(0)
        page.locator("[data-sign-out] button").click()
        dialog.get_by_role("button", name="Send now, then sign out").click()
        expect(dialog).to_contain_text("does not answer")
        dialog.get_by_role("button", name="Sign out, keep it on this device").click()
        page.wait_for_url(re.compile("/en/$"))
        assert page.evaluate("caches.keys()") == [
            one for one in page.evaluate("caches.keys()") if one.startswith("shell:")
        ]
        browsers.sign_in(page, ada)
        served.wait_for(lambda: len(served.answers_of(ada)) == 1)
        page.goto(f"/en/{QUIZ}")
        expect(state(choices(page).first)).to_have_text(SAVED)
        served.stop()  # nor may the service worker send it
        choose(choices(page).first, 1)
        expect(state(choices(page).first)).to_have_text(WAITING)
        page.locator("[data-sign-out] button").click()
        dialog.get_by_role("button", name="Sign out and discard it").click()
        expect(page.locator("[data-quiz]")).to_have_count(0)
        served.start()
        page.goto(f"/en/{QUIZ}")  # signing out did not reach the server either
        expect(state(choices(page).first)).to_have_text(SAVED)
        page.wait_for_timeout(1500)
    assert len(served.answers_of(ada)) == 1


def test_without_scripts_the_quiz_is_plain_forms(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(java_script_enabled=False) as page:
        browsers.sign_in(page, ada)
        page.goto(f"/en/{QUIZ}")
        page.click("main form button[type=submit]")
        choose(choices(page).first, 0)
        choices(page).first.get_by_role("button", name="Save").click()
        expect(state(choices(page).first)).to_have_text(SAVED)
        page.get_by_role("button", name="Hand in").click()
        page.wait_for_url(re.compile("attempts/1"))
    assert len(served.answers_of(ada)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_network_a_page_that_is_not_kept_says_so(served: Served, browsers: Browsers, language: str) -> None:
    titles = {"en": "No network"}
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=WITHOUT_SYNC) as page:
        browsers.sign_in(page, ada)
        begin(page)
        served.stop()
        page.goto(f"/{language}/glossary")
        assert page.locator("html").get_attribute("lang") == language
        expect(page.locator("[data-away-only]").first).to_be_visible()
        assert page.locator("h1").inner_text() == titles.get(language, page.locator("h1").get_attribute("data-away"))


def test_a_hotels_sign_in_page_is_no_receipt(served: Served, browsers: Browsers) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=WITHOUT_SYNC) as page:
        browsers.sign_in(page, ada)
        begin(page)
        page.route(
            "**/quiz", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Welcome</h1>")
        )
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(WAITING)
        page.unroute("**/quiz")
        expect(state(choices(page).first)).to_have_text(SAVED, timeout=40000)
    assert len(served.answers_of(ada)) == 1


def test_reading_needs_no_worker_and_no_storage(served: Served, browsers: Browsers) -> None:
    script = "Object.defineProperty(globalThis, 'indexedDB', {value: undefined});"
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(script=script) as page:
        browsers.sign_in(page, ada)
        page.goto(f"/en/{PATH}")
        page.goto(f"/en/{QUIZ}")
        page.click("main form button[type=submit]")
        page.wait_for_selector("[data-quiz]")
        choose(choices(page).first, 0)
        expect(state(choices(page).first)).to_have_text(SAVED)
        refuse_posts(page)
        choose(choices(page).first, 1)
        expect(state(choices(page).first)).to_contain_text("Leave this page open")
        page.evaluate("mend()")
        expect(state(choices(page).first)).to_have_text(SAVED, timeout=40000)
    assert len(served.answers_of(ada)) == 2
