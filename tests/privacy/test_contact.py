"""The contact of an installation (TRAINING_CONTACT): whoever is sent to somebody is told how to reach them."""

from pathlib import Path

import pytest
from flask import Flask
from markupsafe import escape

from tests.cast import PASSWORD
from tests.conftest import settings_for
from tests.mail.letters import VALUES, draft, wordings
from tests.pages import Page, Visitor, email_of
from tests.people.test_entry_pages import letters, link_in
from tests.world import World
from training.app import create_app
from training.courses.library import Library
from training.db import Database
from training.languages import Language

CONTACT = str(VALUES["contact"])
SENT_TO_AN_ADMINISTRATOR = {"email-changed", "password-changed", "certificate-revoked"}


@pytest.fixture
def reachable(tmp_path: Path, app_database: Database, library: Library) -> Flask:
    """The app of an installation that says whom to reach."""
    app = create_app(settings_for(tmp_path, TRAINING_CONTACT=CONTACT), database=app_database, library=library)
    app.testing = True
    return app


def pages_that_name_it(app: Flask, world: World, language: str) -> dict[str, Page]:
    """Every page that sends its reader to somebody."""
    stranger, ada = Visitor(app), Visitor(app).enter(world.participant)
    return {
        "notice": stranger.get(f"/{language}/privacy"),
        "record": stranger.get(f"/{language}/privacy/record"),
        "account": ada.get(f"/{language}/account"),
        "forbidden": ada.get(f"/{language}/admin/", status=403),
    }


@pytest.mark.parametrize("language", Language)
def test_whoever_is_sent_to_somebody_is_told_how_to_reach_them(
    reachable: Flask, world: World, language: Language
) -> None:
    for name, page in pages_that_name_it(reachable, world, language).items():
        assert page.text.count(CONTACT) == 1, name
    assert CONTACT not in Visitor(reachable).get(f"/{language}/nothing", status=404).text, "nobody can help there"


def test_an_installation_that_names_nobody_leaves_no_hole(app: Flask, world: World) -> None:
    """The privacy notice sends people to their city or region; no sentence ends with a colon and nothing."""
    pages = pages_that_name_it(app, world, "en")
    assert "Ask the city or region that trains you" in pages["notice"].text
    for name, page in pages.items():
        assert "please contact" not in page.text, name
        assert "Contact:" not in page.text, name


def test_what_breaks_names_it_too(reachable: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError

    reachable.testing = False
    reachable.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(reachable.view_functions, "privacy.notice", broken)
    assert CONTACT in Visitor(reachable).get("/de/privacy", status=500).text


def test_letters_that_send_somebody_to_their_administrator_name_it_in_both_forms(
    reachable: Flask, world: World
) -> None:
    """Each is caused as it comes about: a new password, a new address, a certificate that is revoked."""
    ada = Visitor(reachable).sign_in(email_of(reachable, world.participant))
    ada.post("/en/account/password", {"present": PASSWORD, "password": "seven lamps by the lock"})
    ada.post("/en/account/email", {"email": "ada@new.example", "present": "seven lamps by the lock"})
    link = link_in(next(one for one in letters(reachable) if one.kind == "new-email"))
    ada.post(link, on=link)
    administrator = Visitor(reachable).enter(world.administrator)
    administrator.post(f"/en/admin/certificates/{world.own_certificate}/revoke", {"reason": "wrong-details"})
    written = {one.kind: one for one in letters(reachable)}
    assert {kind for kind, one in written.items() if CONTACT in one.text} == SENT_TO_AN_ADMINISTRATOR
    assert {kind for kind, one in written.items() if str(escape(CONTACT)) in one.html} == SENT_TO_AN_ADMINISTRATOR


@pytest.mark.parametrize("language", Language)
def test_no_letter_sends_anybody_to_somebody_without_a_way(language: Language) -> None:
    """In every language the sentence is there where the English letter speaks of the administrator, and only there."""
    for wording in wordings():
        sends_away = "administrator" in draft(wording, Language.EN).text
        assert (CONTACT in draft(wording, language).text) is sends_away, wording.__name__
        if sends_away:
            told, untold = (draft(wording, language, contact=one).text.split("\n\n") for one in (CONTACT, ""))
            assert len(told) - len(untold) == 1, "where nobody is named, no sentence stands without its end"
