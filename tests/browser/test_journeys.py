"""What each of the three came for, from the first page to the last, on a telephone, in French and in German."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import (
    answers_shown,
    give,
    in_view,
    missed,
    open_second_step,
    questions,
    sign_in_by_keyboard,
    switch_language,
    tab_to,
    type_into,
)
from tests.browser.serving import PATH, QUIZ, Served, opened
from tests.cast import NOW, PASSWORD, Cast
from tests.sealing import appoint
from training.certificates.actions import confirm_name
from training.cohorts.actions import join
from training.cohorts.queries import group_by_code
from training.cohorts.rules import PrivacyMode, Terms, shown_code
from training.quizzes.rules import key_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_local_actor_from_the_first_page_to_a_passed_quiz(served: Served, chromium: Browser) -> None:
    made: dict[str, str] = {}

    def play(cast: Cast) -> UUID:
        trainer = cast.trainer("Tania Trainer")
        made["code"] = shown_code(cast.group(trainer, name="Quai nord").code)
        return trainer

    served.stage(play)
    with opened(chromium, served, locale="fr-FR") as page:
        page.goto("/")
        assert page.url.endswith("/fr/")
        page.get_by_role("link", name="Voir la formation").click()
        stops = page.locator(".stop")
        assert stops.count() >= 3
        expect(stops.first).to_contain_text(re.compile(r"\d+ minutes"))
        stops.first.get_by_role("link").click()
        practice = page.locator(".try").first
        practice.locator("summary").click()
        expect(practice.locator(".feedback")).to_be_visible()
        section = page.locator("section.section[id]").nth(3)
        section.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        switch_language(page, "de")
        assert in_view(page, f"#{section.get_attribute('id')}")
        page.goto(f"/fr/join/{made['code']}")
        page.get_by_role("link", name="Créer un compte et rejoindre").click()
        register(page, served)
        page.get_by_role("button", name="Rejoindre le groupe").click()
        expect(page.locator("main")).to_contain_text("Quai nord")
        first = answer_in_two_languages(page, served)
    with opened(chromium, served, locale="de-DE") as page:
        page.goto("/de/sign-in")
        page.fill("[name=email]", "lea.lambert@example.org")
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_selector("[data-sign-out]", state="attached")
        page.goto(f"/de/{QUIZ}")
        assert answers_shown(page) == first
        go_on_until_passed(page, served)
        look_back(page)


def register(page: Page, served: Served) -> None:
    """Make an account by keyboard alone, confirm its address, and be back where one wanted to go."""
    type_into(page, "name", "Léa Lambert")
    type_into(page, "email", "lea.lambert@example.org")
    type_into(page, "password", PASSWORD)
    tab_to(page, "[name=field_of_work]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Consultez votre messagerie")
    letter = served.letter_to("lea.lambert@example.org")
    link = re.search(r"http://\S+/link/\S+", letter)
    assert link
    page.goto(link.group(0))
    page.get_by_role("button", name="Oui").click()
    page.wait_for_url(re.compile("/fr/join/"))


def answer_in_two_languages(page: Page, served: Served) -> list[str]:
    """Answer four questions, the last of them in German; return what is shown."""
    bank = questions(served)
    page.goto(f"/fr/{QUIZ}")
    page.get_by_role("button", name="Commencer le quiz").click()
    page.wait_for_selector("[data-quiz]")
    cards = page.locator("[data-question]")
    for number in range(3):
        question = bank[str(cards.nth(number).get_attribute("data-question"))]
        give(cards.nth(number), missed(question), re.compile("Enregistré à"))
    before = answers_shown(page)
    here = str(cards.nth(3).get_attribute("id"))
    cards.nth(3).scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    switch_language(page, "de")
    expect(page.locator("h1")).to_have_text("Fragen zu Kapitel 1")
    assert answers_shown(page) == before
    assert in_view(page, f"[id='{here}']")
    card = page.locator(f"[data-question='{here}']")
    give(card, missed(bank[here]), re.compile(r"Gespeichert um \d\d:\d\d Uhr"))
    return answers_shown(page)


def go_on_until_passed(page: Page, served: Served) -> None:
    """Hand in what is not enough, read what is open, try again with other questions, pass."""
    bank = questions(served)
    asked = {str(one) for one in page.evaluate("[...document.querySelectorAll('[data-question]')].map(({id}) => id)")}
    page.get_by_role("button", name="Abgeben").click()
    expect(page.locator("h1")).to_have_text("Ergebnis von Durchgang 1")
    expect(page.locator(".result")).to_contain_text("noch offen")
    expect(page.locator("main")).not_to_contain_text(re.compile("durchgefallen|nicht bestanden", re.IGNORECASE))
    assert len(page.locator(".feedback-words").first.inner_text()) > 40
    page.goto(f"/de/{QUIZ}")
    page.get_by_role("button", name="Neuen Durchgang beginnen").click()
    page.wait_for_selector("[data-quiz]")
    cards = page.locator("[data-question]")
    again = [str(cards.nth(number).get_attribute("data-question")) for number in range(cards.count())]
    assert asked.isdisjoint(again)
    for name in again:
        give(page.locator(f"[data-question='{name}']"), key_of(bank[name]), re.compile("Gespeichert um"))
    page.get_by_role("button", name="Abgeben").click()
    expect(page.locator("main")).to_contain_text("Die Fragen zum Kapitel sind geschafft")


def look_back(page: Page) -> None:
    """What is still open, what others see, and a search that lands on its paragraph."""
    page.goto("/de/progress")
    expect(page.locator("main")).to_contain_text("Noch offen")
    page.goto("/de/account/others")
    expect(page.locator("main")).to_contain_text("Quai nord")
    expect(page.locator("main")).to_contain_text("Tania Trainer")
    for language, query in (("fr", "definition"), ("de", "Beratung")):
        page.goto(f"/{language}/search?q={query}")
        found = page.locator(".results a").first
        found.click()
        page.wait_for_url(re.compile("#"))
        anchor = page.url.partition("#")[2]
        assert in_view(page, f"[id='{anchor}']")


def test_reading_and_answering_need_no_scripts(served: Served, chromium: Browser) -> None:
    person = served.stage(lambda cast: cast.person("Ohne Skripte"))
    with opened(chromium, served, java_script_enabled=False) as page:
        served.enter(page.context, person)
        page.goto(f"/de/{PATH}")
        page.get_by_role("button", name="1.1 als gelesen markieren").click()
        expect(page.locator(".contents-fold .soft").first).to_have_text(re.compile("1 von 7 gelesen"))
        page.goto(f"/de/{QUIZ}")
        page.get_by_role("button", name="Mit den Fragen beginnen").click()
        card = page.locator("[data-kind=one]").first
        name = card.get_attribute("data-question")
        chosen = card.locator("[name=option]").nth(1)
        value = chosen.get_attribute("value")
        chosen.check(force=True)
        card.get_by_role("button", name="Speichern").click()
        card = page.locator(f"[data-question='{name}']")
        expect(card.locator("[data-save]")).to_have_text(re.compile("Gespeichert um"))
        expect(card.locator(f"[value='{value}']")).to_be_checked()
        page.get_by_role("button", name="Abgeben").click()
        expect(page.locator("h1")).to_have_text("Ergebnis von Durchgang 1")
    assert [answer.response for answer in served.answers_of(person)] == [[value]]


def test_a_trainer_makes_a_group_sees_who_needs_help_and_takes_the_table(served: Served, chromium: Browser) -> None:
    trainer = served.stage(lambda cast: cast.trainer("Thea Kursleitung"))
    with opened(chromium, served, locale="de-DE") as page:
        sign_in_by_keyboard(page, served, trainer, "de")
        page.goto("/de/groups/")
        open_second_step(page)
        page.goto("/de/groups/")
        expect(page.locator(".empty")).to_contain_text("Noch keine Kursgruppe")
        tab_to(page, "main a[href='/de/groups/new']")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Kursgruppe anlegen")
        type_into(page, "name", "Gruppe am Kai")
        expect(page.locator("[name=privacy_mode][value=milestones]")).to_be_checked()
        tab_to(page, "main form button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Gruppe am Kai")
        code = page.locator(".code-word").inner_text()
        expect(page.locator(".code-card a")).to_have_attribute("href", re.compile("/de/join/"))
        fill_group(served, code)
        page.reload()
        rows = page.locator(".table-grid tbody tr")
        expect(rows).to_have_count(11)
        expect(rows.filter(has_text="Fertige")).to_contain_text("Abgeschlossen")
        expect(page.locator(".table-grid")).not_to_contain_text("richtig")  # milestones only: no marks
        page.get_by_role("link", name="Die einzelnen Fragen zu Kapitel 1").click()
        expect(page.locator(".table-bars").first).to_contain_text(re.compile(r"[1-9] \(\d+"))
        page.go_back()
        with page.expect_download() as table:
            page.get_by_role("link", name="Tabelle als CSV").click()
        text = table.value.path().read_text("utf-8-sig")
        assert text.splitlines()[0].startswith("Kennung;")
        assert "Fertige" in text
        with page.expect_download() as table:
            page.get_by_role("link", name="Tabelle als XLSX").click()
        assert table.value.path().read_bytes()[:2] == b"PK"


def fill_group(served: Served, code: str) -> None:
    """Let eleven people join: one has completed the course, ten have answered the quiz, in two halves."""

    def play(cast: Cast) -> UUID:
        group = group_by_code(cast.session, code)
        assert group is not None
        done = cast.person("Fertige Person")
        members = [cast.person(f"Mitglied {number}") for number in range(10)]
        for member in (done, *members):
            join(cast.session, member, group, seen=Terms(PrivacyMode.MILESTONES), now=NOW)
        cast.completes(done, at=NOW - timedelta(days=1))
        for number, member in enumerate(members):
            cast.hands_in(member, right=number % 9)
        return done

    served.stage(play)


def test_a_certificate_is_issued_checked_by_a_stranger_and_revoked(served: Served, chromium: Browser) -> None:
    def play(cast: Cast) -> UUID:
        appoint(cast.session)
        finisher = cast.person("Élodie Finie")
        cast.completes(finisher)
        confirm_name(cast.session, finisher, "Élodie Finie", now=NOW)
        return cast.administrator("Alba Gestion")

    administrator = served.stage(play)
    with opened(chromium, served, locale="fr-FR") as page, opened(chromium, served, locale="fr-FR") as stranger:
        sign_in_by_keyboard(page, served, administrator, "fr")
        page.goto("/fr/admin/")
        open_second_step(page)
        page.goto("/fr/admin/")
        page.get_by_role("link", name=re.compile("^Attestations")).click()
        expect(page.get_by_role("row", name=re.compile("Élodie Finie"))).to_be_visible()
        tab_to(page, "main form[method=post] button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text(re.compile("délivrée"))
        page.goto("/fr/admin/certificates/register")
        page.get_by_role("link", name=re.compile("^LT-")).first.click()
        first, second = (download(page, "PDF (Français)") for _again in range(2))
        assert first.startswith(b"%PDF")
        assert first == second
        code = page.locator(".certificate .facts div", has_text="Code").locator("dd").inner_text()
        stranger.goto("/fr/verify/")
        stranger.fill("#verify-code", code)
        stranger.keyboard.press("Enter")
        expect(stranger.locator(".verdict")).to_contain_text("Cette attestation est valable")
        expect(stranger.locator("main")).to_contain_text("Élodie Finie")
        page.get_by_role("button", name="Révoquer l’attestation").click()
        stranger.reload()
        expect(stranger.locator(".verdict")).to_contain_text(re.compile(r"a été révoquée le \d+"))


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as document:
        page.get_by_role("link", name=name).click()
    return document.value.path().read_bytes()
