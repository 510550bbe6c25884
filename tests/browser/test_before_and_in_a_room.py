"""In a real browser: the questions before the course, with scripts and without, and a chapter on the wall of a room."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import PATH, Browsers, Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHECK = "/en/courses/local-prevention/check/before"
ROOM = f"{PATH}project"


def answer(page: Page) -> None:
    """Choose the first answer, and how sure."""
    page.locator("[name=option]").first.check(force=True)
    page.locator("[name=confidence]").nth(2).check(force=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_who_answers_and_changes_the_language_in_between_loses_nothing(
    served: Served, browsers: Browsers, scripts: bool
) -> None:
    ada = served.stage(lambda cast: cast.person("Ada"))
    with browsers.profile(java_script_enabled=scripts) as page:
        page.set_default_navigation_timeout(15000)
        browsers.sign_in(page, ada)
        page.goto("/en/courses/local-prevention/")
        page.get_by_role("link", name="Have a look, or skip it").click()
        page.get_by_role("button", name="Begin").click()
        answer(page)
        if scripts:  # the language switch of the masthead takes along what is not yet saved
            page.locator(".tongues summary").click()
            page.locator(".tongues").get_by_role("link", name="Deutsch").click()
        else:
            page.get_by_role("button", name="DE", exact=True).click()
        expect(page).to_have_url(re.compile(r"/de/courses/local-prevention/check/before/1$"))
        expect(page.locator("[name=option]:checked")).to_have_count(1)
        expect(page.locator("[name=confidence]:checked")).to_have_value("3")
        page.get_by_role("button", name="Speichern und weiter").click()
        for _item in range(2, 17):
            answer(page)
            page.get_by_role("button", name="Speichern und weiter").click()
        page.get_by_role("button", name="Abgeben").click()
        expect(page.get_by_text("Danke, Ihre Antworten sind gespeichert.")).to_be_visible()
        page.goto("/de/courses/local-prevention/")
        expect(page.locator(".offer")).to_have_count(0)


def test_a_room_goes_from_screen_to_screen_by_keys_and_keeps_its_place_in_another_language(
    browsers: Browsers,
) -> None:
    with browsers.profile() as page:
        page.goto(f"/en/{ROOM}?with=fr", wait_until="networkidle")
        for key, screen in [("ArrowRight", "film"), ("PageDown", "opening-case"), ("ArrowRight", "word-origin")]:
            page.keyboard.press(key)
            expect(page).to_have_url(re.compile(f"#{screen}$"))
        top = page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top")
        assert abs(top) < 2
        page.keyboard.press("ArrowLeft")
        expect(page).to_have_url(re.compile("#opening-case$"))
        page.evaluate("document.querySelector('header details:nth-of-type(2) summary').click()")
        page.locator("header").get_by_role("link", name="Deutsch").first.click()
        expect(page).to_have_url(re.compile(r"/de/.*with=fr#opening-case$"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_room_without_scripts_goes_on_by_links(browsers: Browsers) -> None:
    with browsers.profile(java_script_enabled=False) as page:
        page.goto(f"/en/{ROOM}")
        page.locator("#start a[rel=next]").click()
        page.locator("#film a[rel=next]").click()
        expect(page).to_have_url(re.compile("#opening-case$"))
        expect(page.locator("#opening-case")).to_be_in_viewport()
        practice = page.locator("#word-practice details").first
        expect(practice.locator(".fold-body")).not_to_be_visible()
        practice.locator("summary").click()
        expect(practice.locator(".fold-body")).to_be_visible()
