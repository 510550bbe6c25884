"""Invitations by letter: what a gateway opens is not used up, what a list does is said before it is done."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.groups.test_lists import NAMES, as_csv, as_workbook
from tests.pages import Page, Visitor
from tests.tables import nothing_changes
from training.cohorts.models import Invitation, Membership
from training.cohorts.rules import PrivacyMode
from training.db import Database
from training.languages import Language
from training.mail.models import Letter
from training.people.models import Person

Stage = Callable[[Callable[[Cast], None]], None]
NEWCOMER = {
    "name": "Đorđe Müller-O’Neill",
    "field_of_work": "social",
    "password": "nine kites over the harbour",
    "mode": PrivacyMode.MILESTONES,
    "sessions": "0",
}


@pytest.fixture
def people(stage: Stage) -> dict[str, UUID]:
    """A trainer with two groups; Ada is a member of one, Bea has an account and is in none."""
    found: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        found["tom"] = cast.trainer("Tom Trainer")
        found["ada"] = cast.person("Ada", email="ada@example.org")
        found["bea"] = cast.person("Bea", email="bea@example.org")
        found["group"] = cast.group(found["tom"], found["ada"]).id
        found["other"] = cast.group(found["tom"]).id

    stage(play)
    return found


@pytest.fixture
def tom(app: Flask, people: dict[str, UUID]) -> Visitor:
    return Visitor(app).enter(people["tom"])


def invite(tom: Visitor, people: dict[str, UUID], email: str, *, language: Language = Language.EN) -> str:
    """Invite somebody and return the path of the link in their letter."""
    tom.post(f"/en/groups/{people['group']}/invite", {"email": email, "name": "", "language": language.value})
    return links_to(tom.app, email)[-1]


def letters_to(app: Flask, email: str) -> list[Letter]:
    with app.extensions["training.database"].reading() as session:
        return list(session.scalars(select(Letter).where(Letter.address == email).order_by(Letter.id)))


def links_to(app: Flask, email: str) -> list[str]:
    found = [re.search(r"http://[^/]+(/\S+)", letter.text) for letter in letters_to(app, email)]
    return [match.group(1) for match in found if match]


def preview(tom: Visitor, people: dict[str, UUID], data: bytes, *, status: int = 200) -> Page:
    form: dict[str, Any] = {"file": (io.BytesIO(data), "list.csv")}
    path = f"/en/groups/{people['group']}/invite"
    return tom.post(f"{path}/list", form, status=status, content_type="multipart/form-data")


def test_a_gateway_that_opens_every_link_uses_none_up(app: Flask, people: dict[str, UUID], tom: Visitor) -> None:
    """I1: only a POST consumes an invitation; opening it, five times and by any program, changes nothing."""
    link = invite(tom, people, "new@example.org")
    with app.extensions["training.database"].reading() as session, nothing_changes(session):
        for _time in range(5):
            assert app.test_client().get(link).status_code == 200
            assert app.test_client().head(link).status_code == 200
            session.rollback()
    newcomer = Visitor(app)
    assert "Open until" in newcomer.get(link).text
    newcomer.post(link, NEWCOMER, on=link)
    newcomer.get("/en/progress")
    with app.extensions["training.database"].reading() as session:
        name = session.scalars(select(Person.name).where(Person.name.startswith("Đorđe"))).one()
        assert name == NEWCOMER["name"]
    Visitor(app).get(link, status=404)


def test_a_gateway_that_opens_every_link_confirms_and_resets_nothing(app: Flask, people: dict[str, UUID]) -> None:
    """I1: the same for a forgotten password."""
    Visitor(app).post("/en/sign-in/forgotten", {"email": "ada@example.org"}, status=200)
    (link,) = links_to(app, "ada@example.org")
    for _time in range(5):
        assert app.test_client().get(link).status_code == 200
        assert app.test_client().head(link).status_code == 200
    Visitor(app).post(link, {"password": "seven lamps by the lock"}, on=link)
    Visitor(app).sign_in("ada@example.org", password="seven lamps by the lock").get("/en/progress")


def test_every_letter_is_good_until_one_of_them_is_used(app: Flask, people: dict[str, UUID], tom: Visitor) -> None:
    """I2: whoever is invited three times opens the first letter, as people do."""
    for _time in range(3):
        invite(tom, people, "new@example.org")
    first, second, third = links_to(app, "new@example.org")
    for link in (third, second, first):
        Visitor(app).get(link)
    newcomer = Visitor(app)
    newcomer.post(first, NEWCOMER, on=first)
    for link in (first, second, third):
        Visitor(app).get(link, status=404)


def test_an_invitation_is_in_the_language_of_whoever_gets_it(app: Flask, people: dict[str, UUID], tom: Visitor) -> None:
    """I4: a trainer who reads English invites in five languages."""
    for language in Language:
        link = invite(tom, people, f"{language}@example.org", language=language)
        (letter,) = letters_to(app, f"{language}@example.org")
        assert letter.language == language
        assert link.startswith(f"/{language}/")
    subjects = {letters_to(app, f"{language}@example.org")[0].subject for language in Language}
    assert len(subjects) == len(Language)


def test_a_list_says_row_by_row_what_it_will_do_and_does_nothing_before_it_is_confirmed(
    app: Flask, app_database: Database, people: dict[str, UUID], tom: Visitor
) -> None:
    """I3: no success is reported that is none, and no name is changed on the way."""
    invite(tom, people, "again@example.org")
    rows = [["Sprache", "E-Mail", "Name"]]
    rows += [["de", f"p{number}@example.org", name] for number, name in enumerate(NAMES)]
    rows += [["fr", "ADA@example.org", "Ada"], ["fr", "again@example.org", "Again"], ["fr", "P0@example.org", "Twice"]]
    rows += [["it", "no address", "Nobody"], ["it", "long@example.org", "x" * 201], ["es", "bea@example.org", "Bea"]]
    with app_database.reading() as session, nothing_changes(session):
        page = preview(tom, people, as_csv(rows, delimiter=";").encode("utf-16"))
        session.rollback()
    told = [" ".join("".join(row.itertext()).split()) for row in page.select(".//tbody/tr")]
    assert len(told) == len(rows) - 1
    for name, line in zip(NAMES, told, strict=False):
        assert name in line
        assert line.endswith("gets an invitation")
    for said, line in zip(
        (
            "is a member already",
            "gets another invitation; the first one stays good",
            "stands in the list twice",
            "no complete e-mail address",
            "the name is too long",
            "gets an invitation",
        ),
        told[len(NAMES) :],
        strict=True,
    ):
        assert line.endswith(said)
    assert "7 people would get an invitation" in page.text
    (kept,) = [field.get("value") for field in page.select(".//input[@name='list']")]
    tom.post(f"/en/groups/{people['group']}/invite/confirm", {"list": kept})
    with app_database.reading() as session:
        invited = session.scalars(select(Invitation.name).where(Invitation.email_key.startswith("p"))).all()
        assert sorted(invited) == sorted(NAMES)
    for number, name in enumerate(NAMES):
        (letter,) = letters_to(app, f"p{number}@example.org")
        assert (letter.language, name in letter.text) == ("de", True)


def test_a_workbook_is_taken_as_well_and_what_is_no_list_is_explained(people: dict[str, UUID], tom: Visitor) -> None:
    assert "Ana Đorđević" in preview(tom, people, as_workbook([["mail", "name"], ["a@example.org", NAMES[-1]]])).text
    page = preview(tom, people, b"Nom;Tel\nMuller;1\n", status=422)
    assert "Nom, Tel" in page.text


def test_a_confirmation_that_was_altered_or_is_of_another_group_invites_nobody(
    app: Flask, people: dict[str, UUID], tom: Visitor
) -> None:
    page = preview(tom, people, b"mail\none@example.org\n")
    (kept,) = [field.get("value") for field in page.select(".//input[@name='list']")]
    for place in (0, kept.index(".") + 1, kept.rindex(".") + 1):  # what is kept, when, and the signature of both
        altered = kept[:place] + ("B" if kept[place] == "A" else "A") + kept[place + 1 :]
        tom.post(f"/en/groups/{people['group']}/invite/confirm", {"list": altered}, status=422)
    tom.post(f"/en/groups/{people['other']}/invite/confirm", {"list": kept}, status=404)
    assert letters_to(app, "one@example.org") == []


def test_a_group_whose_name_was_sent_in_two_lines_invites_in_one(
    app: Flask, people: dict[str, UUID], tom: Visitor
) -> None:
    """A line break in the subject of a letter would be a head of its own, or keep every letter from going out."""
    form = {
        "name": "Group\r\nBcc: all@example.org",
        "languages": "en",
        "time_zone": "Europe/Brussels",
        "starts_on": "2026-12-01",
        "privacy_mode": PrivacyMode.MILESTONES,
        "sessions_asked": "0",
    }
    tom.post(f"/en/groups/{people['group']}/edit", form)
    invite(tom, people, "new@example.org")
    assert "\n" not in letters_to(app, "new@example.org")[0].subject


def test_who_has_an_account_joins_with_it_and_stays_one_person(
    app: Flask, app_database: Database, people: dict[str, UUID], tom: Visitor
) -> None:
    link = invite(tom, people, "bea@example.org")
    assert "Sign in to join" in Visitor(app).get(link).text
    bea = Visitor(app).enter(people["bea"])
    bea.post(link, {"mode": PrivacyMode.MILESTONES, "sessions": "0"}, on=link)
    with app_database.reading() as session:
        assert session.get(Membership, (people["bea"], people["group"])) is not None
