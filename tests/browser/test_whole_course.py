"""The whole course in a real browser, without scripts: from registration to the name on the certificate."""

import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import fill_in
from tests.browser.serving import Served, opened
from tests.cast import COURSE, PASSWORD
from training.courses.library import Chapter
from training.quizzes.rules import key_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AT = f"courses/{COURSE}"


def register(page: Page, served: Served, email: str, language: str) -> None:
    page.goto(f"/{language}/register")
    page.fill("[name=name]", f"Łucja {email.split('@', maxsplit=1)[0].title()}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.select_option("[name=field_of_work]", index=2)
    page.click("main form button[type=submit]")
    link = re.search(r"http://\S+/link/\S+", served.letter_to(email))
    assert link
    page.goto(link.group(0))
    page.click("main form button[type=submit]")
    page.wait_for_selector("[data-sign-out]", state="attached")


def compare(page: Page, moment: str, languages: Iterator[str]) -> None:
    """Answer every question of the check before or after the course, each in the next language."""
    page.goto(f"/{next(languages)}/{AT}/check/{moment}")
    page.locator("main form[action$='/start'] button").click()
    for number in range(1, 17):
        page.goto(f"/{next(languages)}/{AT}/check/{moment}/{number}")
        page.locator("main [name=option]").first.check(force=True)
        page.locator("main form.question .buttons button").click()
    page.goto(f"/{next(languages)}/{AT}/check/{moment}/end")
    page.locator("main form button[type=submit]").first.click()


def take(page: Page, chapter: Chapter, languages: Iterator[str]) -> None:
    """Mark every section as read, and answer every question of the quiz rightly, each in the next language."""
    for section in chapter.section_ids:
        page.goto(f"/{next(languages)}/{AT}/{chapter.slug}/")
        page.locator(f"[data-mark-read='{section}'] button[type=submit]").first.click()
    page.goto(f"/{next(languages)}/{AT}/{chapter.slug}/quiz")
    page.locator("main form[action$='quiz/start'] button").click()
    for name in [str(card.get_attribute("data-question")) for card in page.locator("[data-question]").all()]:
        page.goto(f"/{next(languages)}/{AT}/{chapter.slug}/quiz")
        card = page.locator(f"[data-question='{name}']")
        fill_in(card, list(key_of(chapter.questions[name])))
        card.locator("button[type=submit]").first.click()
    page.goto(f"/{next(languages)}/{AT}/{chapter.slug}/quiz")
    page.locator("[data-hand-in] button[type=submit]").click()
    expect(page.locator(".result")).to_be_visible()


@pytest.mark.parametrize("spoken", [["it"], ["en", "fr", "de", "it", "es"]], ids=["in one language", "in five"])
def test_from_registration_to_what_an_administrator_can_certify(
    served: Served, chromium: Browser, spoken: list[str]
) -> None:
    languages = cycle(spoken)
    with opened(chromium, served, java_script_enabled=False) as page:
        register(page, served, f"walker{len(spoken)}@example.org", spoken[0])
        compare(page, "before", languages)
        for chapter in served.library.courses[COURSE].chapters:
            take(page, chapter, languages)
        compare(page, "after", languages)
        page.goto(f"/{spoken[0]}/account/certificates/name")
        page.locator("main [name=exact]").check(force=True)
        page.locator("main form:has([name=exact]) button[type=submit]").click()
