"""The checking page that is taken along: opened from a file in a real browser, without server and network."""

import base64
import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session

from tests.cast import COURSE, NOW, assemble
from tests.certificates.conftest import certificate_of, claims_of
from tests.engines import SqliteEngine
from tests.sealing import another_seal, appoint, seal
from training.certificates import actions, keyring, production, publication, tokens, verifier
from training.certificates.keys import SealKey
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.production import Made
from training.certificates.rules import RevocationReason
from training.courses.library import Library
from training.languages import Language

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAYS = {"fresh": 0, "stale": 200}


@dataclass
class Case:
    """Documents and the checking pages that look at them."""

    made: dict[str, Made] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Path] = field(default_factory=dict)
    status: str = ""
    after: str = ""
    """A list that was made when the first key was trusted no more."""


@pytest.fixture(scope="module")
def case(
    sqlite_engine: SqliteEngine, library: Library, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Case:
    """Certificates that hold, were revoked, were replaced and want a refresher; all made before any browser runs."""
    folder, case, today = tmp_path_factory.mktemp("verifier"), Case(), datetime.now(UTC)
    with sqlite_engine.fresh(folder) as database, database.transaction() as session:
        cast = assemble(session, library)
        appoint(session)
        chief = cast.actor(cast.administrator())

        people = {name: cast.person(name) for name in ("Đorđe Lukić", "Rita Revoked", "Rosa Replaced")}

        def issue(name: str) -> Certificate:
            person = people[name]
            cast.completes(person)
            actions.confirm_name(session, person, name, now=NOW)
            return actions.issue(session, chief, person, library.courses[COURSE], seal=seal(), now=NOW)

        found = {name: issue(name) for name in people}
        actions.revoke(session, chief, found["Rita Revoked"].id, RevocationReason.WRONG_DETAILS, now=NOW)
        actions.confirm_name(session, people["Rosa Replaced"], "Rosa Renamed", now=NOW)
        actions.replace(session, chief, found["Rosa Replaced"].id, seal=seal(), now=NOW)
        for name, certificate in found.items():
            case.made[name] = production.make(certificate, None, Language.FR, office)
            case.codes[name] = certificate.code
        later = dataclasses.replace(office, seal=another_seal())
        for name, days in DAYS.items():
            case.pages[name] = kept(folder / f"{name}.html", session, office, today - timedelta(days=days))
        case.status = publication.status_list(session, office, now=today + timedelta(minutes=5))
        keyring.use_key(session, later.seal, now=NOW)
        case.pages["followed"] = kept(folder / "followed.html", session, later, today)
        keyring.distrust_key(session, seal().kid, now=NOW)
        case.pages["distrusted"] = kept(folder / "distrusted.html", session, later, today)
        case.after = publication.status_list(session, later, now=today + timedelta(minutes=5))
    with sqlite_engine.fresh(folder) as database, database.reading() as session:
        case.pages["elsewhere"] = kept(folder / "elsewhere.html", session, later, today)
    advised = claims_of(library, "Reiner Refresher", refresher_on=NOW.date() - timedelta(days=1))
    case.made["Reiner Refresher"] = production.make(certificate_of(advised), None, Language.DE, office)
    return case


def kept(file: Path, session: Session, office: Office, now: datetime) -> Path:
    """Keep the page of an installation as a file."""
    status = publication.status_list(session, office, now=now)
    keys = publication.published_keys(session, office, now=now)
    file.write_text(verifier.page(office, status, keys, Language.EN, now=now).html, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def browser_page(case: Case) -> Iterator[Page]:
    """A page of a browser that has no network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        page = context.new_page()
        yield page
        browser.close()


def verdicts(page: Page) -> list[str]:
    page.wait_for_selector("#answer [data-verdict]")
    return [str(one.get_attribute("data-verdict")) for one in page.query_selector_all("#answer [data-verdict]")]


def check(page: Page, file: Path, text: str) -> list[str]:
    page.goto(file.as_uri())
    page.fill("#text", text)
    page.click("#text-form button")
    return verdicts(page)


def hand_in(page: Page, file: Path, pdf: bytes) -> list[str]:
    page.goto(file.as_uri())
    page.set_input_files("#file", {"name": "c.pdf", "mimeType": "application/pdf", "buffer": pdf})
    return verdicts(page)


def signed_by(token: str, key: SealKey) -> str:
    """Return the same claims, that name the same key, signed with another."""
    data = base64.b32decode(token + "=" * (-len(token) % 8))[:-64]
    return base64.b32encode(data + key.sign(tokens.CONTEXT + data)).decode().rstrip("=")


def test_each_thing_that_can_be_wrong_gets_an_answer_of_its_own(case: Case, browser_page: Page) -> None:
    fresh, token = case.pages["fresh"], case.made["Đorđe Lukić"].token
    link = f"https://training.example.org/fr/verify/{case.codes['Đorđe Lukić']}#{token}"
    seen = {
        "valid": check(browser_page, fresh, link),
        "code": check(browser_page, fresh, case.codes["Đorđe Lukić"]),
        "revoked": check(browser_page, fresh, case.made["Rita Revoked"].token),
        "revoked code": check(browser_page, fresh, case.codes["Rita Revoked"].lower()),
        "replaced": check(browser_page, fresh, case.made["Rosa Replaced"].token),
        "refresher": check(browser_page, fresh, case.made["Reiner Refresher"].token),
        "altered": check(browser_page, fresh, token[:200] + ("B" if token[200] != "B" else "C") + token[201:]),
        "forged": check(browser_page, fresh, signed_by(token, another_seal())),
        "nothing": check(browser_page, fresh, "certificate of Ada"),
        "stale": check(browser_page, case.pages["stale"], token),
        "unknown key": check(browser_page, case.pages["elsewhere"], token),
        "old key": check(browser_page, case.pages["followed"], token),
        "distrusted": check(browser_page, case.pages["distrusted"], token),
        "distrusted and revoked": check(browser_page, case.pages["distrusted"], case.made["Rita Revoked"].token),
        "stale code": check(browser_page, case.pages["stale"], case.codes["Đorđe Lukić"]),
    }
    assert seen == {
        "valid": ["valid"],
        "code": ["code-only"],
        "revoked": ["revoked"],
        "revoked code": ["revoked"],
        "replaced": ["replaced"],
        "refresher": ["valid", "refresher"],
        "altered": ["altered"],
        "forged": ["forged"],
        "nothing": ["unreadable"],
        "stale": ["valid", "stale"],
        "unknown key": ["unknown-key"],
        "old key": ["valid", "old-key"],
        "distrusted": ["distrusted"],
        "distrusted and revoked": ["distrusted", "revoked"],
        "stale code": ["code-only", "stale"],
    }


def test_it_shows_the_signed_facts_in_five_languages(case: Case, browser_page: Page) -> None:
    check(browser_page, case.pages["fresh"], case.made["Đorđe Lukić"].token)
    assert browser_page.inner_text("#holder") == "Đorđe Lukić"
    titles = set()
    for language in Language:
        browser_page.select_option("#language", language.value)
        assert browser_page.get_attribute("html", "lang") == language.value
        titles.add(browser_page.inner_text("#answer [data-verdict] h2"))
        assert browser_page.inner_text("#holder") == "Đorđe Lukić"
    assert len(titles) == len(Language)


def test_no_two_answers_are_worded_alike_in_any_language(case: Case, browser_page: Page) -> None:
    """In words, not by names: whoever reads must be able to tell one from the other."""
    token = case.made["Đorđe Lukić"].token
    told: dict[str, set[str]] = {language.value: set() for language in Language}
    asked = [
        ("fresh", token),
        ("fresh", token[:200] + ("B" if token[200] != "B" else "C") + token[201:]),
        ("fresh", signed_by(token, another_seal())),
        ("followed", token),
        ("elsewhere", token),
        ("stale", token),
        ("fresh", case.made["Rita Revoked"].token),
    ]
    for file, text in asked:
        check(browser_page, case.pages[file], text)
        for language in Language:
            browser_page.select_option("#language", language.value)
            told[language.value].add(browser_page.locator("#answer [data-verdict]").last.inner_text())
    assert {language: len(words) for language, words in told.items()} == {code.value: len(asked) for code in Language}
    assert len(set.union(*told.values())) == len(asked) * len(Language)


def test_the_document_is_told_from_one_that_was_changed(case: Case, browser_page: Page) -> None:
    """G4: whoever changes a document shows that it was changed."""
    fresh, pdf = case.pages["fresh"], case.made["Đorđe Lukić"].pdf
    place = pdf.index(b"/Title")
    assert hand_in(browser_page, fresh, pdf) == ["pdf-whole", "valid"]
    assert hand_in(browser_page, fresh, pdf + b"\n% added\n")[0] == "pdf-extended"
    assert hand_in(browser_page, fresh, pdf[:place] + b"/Tutle" + pdf[place + 6 :]) == ["pdf-altered"]
    assert hand_in(browser_page, case.pages["elsewhere"], pdf) == ["pdf-foreign"]
    assert hand_in(browser_page, fresh, b"%PDF-1.7\nno seal\n") == ["pdf-none"]
    assert hand_in(browser_page, fresh, case.made["Rita Revoked"].pdf) == ["pdf-whole", "revoked"]
    assert hand_in(browser_page, case.pages["distrusted"], pdf) == ["distrusted"]


def test_a_newer_list_is_taken_and_a_forged_or_older_one_is_not(case: Case, browser_page: Page) -> None:
    header, said, _signature = case.status.split(".")
    forged = ".".join([header, said, base64.urlsafe_b64encode(hashlib.sha512(b"x").digest()).decode().rstrip("=")])
    for page, text, answer in (
        ("stale", case.status, "list-taken"),
        ("stale", forged, "list-refused"),
        ("stale", "{}", "list-refused"),
        ("distrusted", case.status, "list-refused"),
    ):
        browser_page.goto(case.pages[page].as_uri())
        browser_page.evaluate("document.querySelector('details').open = true")
        browser_page.fill("#list", text)
        browser_page.click("#list-form button")
        assert verdicts(browser_page) == [answer]
    browser_page.goto(case.pages["stale"].as_uri())
    browser_page.evaluate("document.querySelector('details').open = true")
    browser_page.fill("#list", case.status)
    browser_page.click("#list-form button")
    verdicts(browser_page)
    browser_page.fill("#text", case.made["Đorđe Lukić"].token)
    browser_page.click("#text-form button")
    browser_page.wait_for_selector("[data-verdict=valid]")
    assert verdicts(browser_page) == ["valid"]


def test_a_newer_list_tells_the_page_which_key_is_trusted_no_more(case: Case, browser_page: Page) -> None:
    """A page that was kept before a key was lost would call what the finder of the key signs valid."""
    token = case.made["Đorđe Lukić"].token
    assert check(browser_page, case.pages["followed"], token)[0] == "valid"
    browser_page.evaluate("document.querySelector('details').open = true")
    browser_page.fill("#list", case.after)
    browser_page.click("#list-form button")
    browser_page.wait_for_selector("[data-verdict=list-taken]")
    browser_page.fill("#text", token)
    browser_page.click("#text-form button")
    browser_page.wait_for_selector("[data-verdict=distrusted]")
    assert verdicts(browser_page) == ["distrusted"]
