"""The whole course in a real browser, without scripts: from registration to a certificate that a stranger checks."""

import re
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import fill_in
from tests.browser.serving import Served, opened
from tests.cast import COURSE, PASSWORD, Cast
from tests.sealing import appoint
from training.courses.library import Chapter
from training.languages import Language
from training.quizzes.rules import key_of
from training.settings import ROOT

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


@pytest.fixture(scope="module")
def manifest() -> Path:
    """The films of the course: each chapter asks for its own."""
    return ROOT / "videos_manifest.json"


def take(page: Page, chapter: Chapter, languages: Iterator[str]) -> None:
    """Read the transcript of the film, mark every section as read, and answer every question of the quiz rightly: each
    in the next language."""
    page.goto(f"/{next(languages)}/{AT}/{chapter.slug}/")
    page.locator(".transcript-fold > summary").click()
    page.locator("form[action$='/transcript'] button").click()
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


WALKS = {"walker1@example.org": ["it"], "walker5@example.org": ["en", "fr", "de", "it", "es"]}
"""Who takes the course, and in which languages in turn."""


def walk(page: Page, served: Served, email: str, spoken: list[str]) -> None:
    """Go all the way from registration to the name on the certificate."""
    languages = cycle(spoken)
    register(page, served, email, spoken[0])
    compare(page, "before", languages)
    for chapter in served.library.courses[COURSE].chapters:
        take(page, chapter, languages)
    compare(page, "after", languages)
    page.goto(f"/{spoken[0]}/account/certificates/name")
    page.locator("main [name=exact]").check(force=True)
    page.locator("main form:has([name=exact]) button[type=submit]").click()
    page.wait_for_url(re.compile("/account/certificates$"))


def issue_to_all(page: Page) -> list[str]:
    """Issue to everybody in the queue at once, and return the codes of their certificates."""
    page.goto("/fr/admin/certificates/")
    boxes = page.locator("main form[action$='/issue'] input.bulk[name=person]")
    expect(boxes).to_have_count(len(WALKS))
    assert all(box.is_checked() for box in boxes.all())
    page.locator("main form[action$='/issue'] button[type=submit]").first.click()
    page.wait_for_url(re.compile("/admin/certificates/batches/"))
    expect(page.locator("main .notice")).to_contain_text("2 attestations délivrées", timeout=60_000)
    page.goto("/fr/admin/certificates/register")
    links = page.get_by_role("link", name=re.compile("^LT-"))
    expect(links).to_have_count(len(WALKS))
    codes = []
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        page.goto(address)
        codes.append(page.locator(".certificate .facts div", has_text="Code").locator("dd").inner_text())
    return codes


def test_from_registration_to_certificates_that_a_stranger_checks(served: Served, chromium: Browser) -> None:
    """One takes it in one language, another in five; an administrator issues to both in one step."""

    def play(cast: Cast) -> UUID:
        appoint(cast.session)
        return cast.administrator("Alba Gestion")

    administrator = served.stage(play)
    for email, spoken in WALKS.items():
        with opened(chromium, served, java_script_enabled=False) as page:
            walk(page, served, email, spoken)
    with opened(chromium, served) as page:
        served.enter(page.context, administrator)
        codes = issue_to_all(page)
    chapters = served.library.courses[COURSE].chapters
    holders = set()
    with opened(chromium, served, java_script_enabled=False) as stranger:
        for code, language in product(codes, Language):
            stranger.goto(f"/{language}/verify/")
            stranger.fill("#verify-code", code)
            stranger.keyboard.press("Enter")
            expect(stranger.locator(".verdict.verdict-valid")).to_be_visible()
            shown = stranger.locator("main").inner_text()
            assert all(chapter.file.title[language] in shown for chapter in chapters)
            holders |= set(re.findall(r"Łucja Walker\d", shown))
    assert holders == {"Łucja Walker1", "Łucja Walker5"}
