"""What scripts add to certificates: a document dropped, a scanned link that is there, a batch that goes on."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Served, opened
from tests.cast import COURSE, NOW, Cast
from tests.certificates.conftest import prepare
from tests.sealing import appoint, seal
from training.certificates import actions, batches, queries
from training.certificates.models import Certificate
from training.courses.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DROP = """([zone, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], 'certificate.pdf', { type: 'application/pdf' }));
  for (const kind of ['dragover', 'drop']) {
    document.querySelector(zone).dispatchEvent(
      new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


def appoint_once(cast: Cast) -> None:
    """Say who issues, whichever of the tests comes first."""
    if queries.issuer_for(cast.session, None) is None:
        appoint(cast.session)


def issued(cast: Cast, library: Library, name: str) -> Certificate:
    appoint_once(cast)
    chief, person = cast.actor(cast.administrator()), cast.person(name)
    cast.completes(person)
    actions.confirm_name(cast.session, person, name, now=NOW)
    return actions.issue(cast.session, chief, person, library.courses[COURSE], seal=seal(), now=NOW)


def drop(page: Page, zone: str, content: bytes) -> None:
    page.evaluate(DROP, [zone, list(content)])


def test_a_dropped_document_is_checked_and_a_scanned_link_is_there_already(served: Served, chromium: Browser) -> None:
    codes = []

    def play(cast: Cast) -> UUID:
        certificate = issued(cast, served.library, "Zoë Żak")
        assert certificate.person_id is not None
        codes.append(certificate.code)
        actions.erase_person(cast.session, certificate.person_id, now=NOW)
        return cast.administrator("Alba Gestion")

    served.stage(play)
    with opened(chromium, served) as page:
        page.goto("/en/verify/")
        drop(page, "section[aria-labelledby=by-document] h2", b"%PDF-1.7\nno seal\n")
        expect(page.locator(".verdict")).to_contain_text("no document that we have sealed")
        page.goto(f"/en/verify/{codes[0]}#{'A' * 130}")
        expect(page.locator("[name=proof]")).to_have_value(page.url)
        page.get_by_role("button", name="Check the link").click()
        expect(page.locator(".verdict")).to_contain_text("changed or copied incompletely")


def test_a_batch_goes_on_while_it_is_looked_at_and_says_how_far_it_is(served: Served, chromium: Browser) -> None:
    made: list[UUID] = []

    def play(cast: Cast) -> UUID:
        appoint_once(cast)
        people = prepare(cast.session, cast, "Čeněk", "Þóra", "Ștefan")
        administrator = cast.administrator("Alba Gestion")
        made.append(batches.begin(cast.session, cast.actor(administrator), COURSE, people, now=datetime.now(UTC)))
        return administrator

    administrator = served.stage(play)
    with opened(chromium, served) as page:
        served.enter(page.context, administrator)
        page.goto(f"/fr/admin/certificates/batches/{made[0]}")
        expect(page.locator("main .notice")).to_contain_text("3 attestations délivrées", timeout=60_000)
        expect(page.get_by_role("status")).to_contain_text("3 attestations délivrées", timeout=60_000)
        assert page.locator("progress").get_attribute("value") == "3"
