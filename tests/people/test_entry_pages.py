"""Ways into an account, and what a stranger learns from them: nothing."""

import re
from collections.abc import Callable
from uuid import UUID

import pyotp
from flask import Flask
from sqlalchemy import select

from tests.cast import PASSWORD, Cast
from tests.pages import Visitor, email_of
from training.access import Role
from training.languages import Language
from training.mail.models import Letter
from training.people.models import Account, SecondFactor
from training.people.second_factors import Vault

Stage = Callable[[Callable[[Cast], None]], None]
NEW = {
    "name": "Ștefan O’Neill",
    "email": "stefan@example.org",
    "password": "nine kites over the harbour",
    "field_of_work": "social",
    "authority": "",
    "employer": "",
    "time_zone": "Europe/Brussels",
}


def ada(cast: Cast) -> None:
    cast.person("Ada", email="ada@example.org")


def letters(app: Flask) -> list[Letter]:
    with app.extensions["training.database"].reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def link_in(letter: Letter) -> str:
    found = re.search(r"http://[^/]+(/\S+)", letter.text)
    assert found
    return found.group(1)


def test_who_registers_proves_the_address_by_a_letter_and_is_in(app: Flask, visitor: Visitor) -> None:
    """I1: opening the link confirms nothing, a POST does."""
    page = visitor.post("/fr/register", NEW, status=200)
    assert "stefan@example.org" in page.text
    visitor.get("/fr/progress", status=302)
    (letter,) = letters(app)
    assert letter.language == "fr"
    link = link_in(letter)
    for _gateway in range(5):
        Visitor(app).get(link)  # mail gateways open every link, or ask for its head
        assert app.test_client().head(link).status_code == 200
    visitor.post(link, on=link)
    visitor.get("/fr/progress")


def test_without_the_letter_nobody_signs_in(app: Flask, visitor: Visitor) -> None:
    visitor.post("/en/register", NEW, status=200)
    page = visitor.post("/en/sign-in", {"email": NEW["email"], "password": NEW["password"]}, status=422)
    assert "letter" in page.text


def test_a_stranger_learns_nothing_from_registering(app: Flask, stage: Stage, visitor: Visitor) -> None:
    stage(ada)
    unknown = visitor.post("/en/register", NEW, status=200)
    known = Visitor(app).post("/en/register", {**NEW, "email": "ada@example.org"}, status=200)
    assert unknown.text.replace("stefan@", "ada@") == known.text
    assert [letter.kind for letter in letters(app)] == ["confirm", "registered-already"]


def test_a_stranger_learns_nothing_from_a_forgotten_password(app: Flask, stage: Stage, visitor: Visitor) -> None:
    stage(ada)
    known = visitor.post("/en/sign-in/forgotten", {"email": "ada@example.org"}, status=200)
    unknown = visitor.post("/en/sign-in/forgotten", {"email": "eve@example.org"}, status=200)
    assert known.text.replace("ada@", "eve@") == unknown.text
    assert [letter.kind for letter in letters(app)] == ["reset", "no-account"]


def test_a_forgotten_password_is_replaced_and_every_device_signed_out(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada", email="ada@example.org")))
    elsewhere = signed_in(people[0])
    somebody = Visitor(app)
    somebody.post("/en/sign-in/forgotten", {"email": "ada@example.org"}, status=200)
    somebody.post("/en/sign-in/forgotten", {"email": "ada@example.org"}, status=200)
    older, newer = (link_in(letter) for letter in letters(app))
    somebody.post(older, {"password": "seven lamps by the lock"}, on=older)  # the first letter that is opened counts
    elsewhere.get("/en/progress", status=302)
    Visitor(app).get(newer, status=404)
    Visitor(app).post("/en/sign-in", {"email": "ada@example.org", "password": PASSWORD}, status=422)
    Visitor(app).sign_in("ada@example.org", password="seven lamps by the lock").get("/en/progress")


def test_nobodys_mailbox_is_filled_by_somebody_else(app: Flask, visitor: Visitor) -> None:
    for _time in range(9):
        visitor.post("/en/sign-in/forgotten", {"email": "eve@example.org"}, status=200)
    assert len(letters(app)) == 5


def test_another_address_holds_once_it_is_proved_and_the_old_one_is_told(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada", email="ada@example.org")))
    own = signed_in(people[0])
    own.post("/en/account/email", {"email": "ada@new.example", "present": PASSWORD})
    assert email_of(app, people[0]) == "ada@example.org"
    link = link_in(letters(app)[0])
    own.post(link, on=link)
    assert email_of(app, people[0]) == "ada@new.example"
    assert [(letter.kind, letter.address) for letter in letters(app)] == [
        ("new-email", "ada@new.example"),
        ("email-changed", "ada@example.org"),
    ]


def test_a_link_that_a_stranger_has_asked_for_ends_with_the_password_that_they_knew(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor], visitor: Visitor
) -> None:
    """Whoever knew the password may have asked for another address: choosing a new one by letter closes that."""
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada", email="ada@example.org")))
    signed_in(people[0]).post("/en/account/email", {"email": "eve@evil.example", "present": PASSWORD})
    visitor.post("/en/sign-in/forgotten", {"email": "ada@example.org"}, status=200)
    stranger, owner = (link_in(letter) for letter in letters(app))
    visitor.post(owner, {"password": "nine kites over the harbour"}, on=owner)
    Visitor(app).get(stranger, status=404)
    assert email_of(app, people[0]) == "ada@example.org"


def test_a_link_to_a_former_address_ends_when_the_address_changes(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor], visitor: Visitor
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada", email="ada@example.org")))
    visitor.post("/en/sign-in/forgotten", {"email": "ada@example.org"}, status=200)
    own = signed_in(people[0])
    own.post("/en/account/email", {"email": "ada@new.example", "present": PASSWORD})
    reset, change = (link_in(letter) for letter in letters(app))
    own.post(change, on=change)
    Visitor(app).get(reset, status=404)


def test_an_account_that_was_made_for_somebody_is_not_undone_by_who_registers_with_its_address(
    app: Flask, stage: Stage, visitor: Visitor
) -> None:
    """The answer is that of any other address, and whoever reads the mailbox chooses a password."""
    people: list[UUID] = []

    def made(cast: Cast) -> None:
        people.append(cast.person("Stefan", email=str(NEW["email"]), begun=False))
        cast.grant(people[0], Role.TRAINER)

    stage(made)
    page = visitor.post("/en/register", NEW, status=200)
    assert page.text == Visitor(app).post("/en/register", {**NEW, "email": "new@example.org"}, status=200).text.replace(
        "new@example.org", str(NEW["email"])
    )
    with app.extensions["training.database"].reading() as session:
        assert session.get(Account, people[0]) is not None
    link = link_in(letters(app)[0])
    visitor.post(link, {"password": "nine kites over the harbour"}, on=link)
    assert visitor.get("/en/account").filled()["name"] == ["Stefan"]


def test_a_letter_is_in_the_language_of_its_receiver_whatever_page_caused_it(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    """I4: a password is changed on a page in English, another's address is typed there: each reads their own."""
    people: list[UUID] = []

    def play(cast: Cast) -> None:
        people.append(cast.person("Ada", email="ada@example.org", language=Language.DE))
        cast.person("Eve", email="eve@example.org", language=Language.IT)

    stage(play)
    own = signed_in(people[0])
    own.post("/en/account/email", {"email": "eve@example.org", "present": PASSWORD})
    own.post("/en/account/password", {"present": PASSWORD, "password": "seven lamps by the lock"})
    told = {letter.kind: letter for letter in letters(app)}
    assert {kind: (one.language, one.address) for kind, one in told.items()} == {
        "address-in-use": ("it", "eve@example.org"),
        "password-changed": ("de", "ada@example.org"),
    }
    assert link_in(told["password-changed"]) == "/de/sign-in/forgotten"


def test_a_second_factor_is_asked_for_and_a_code_is_good_once(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada", email="ada@example.org")))
    own = signed_in(people[0])
    page = own.get("/en/account/second-factor")
    secret = page.select(".//code")[0].text
    totp = pyotp.TOTP(secret)
    page = own.post("/en/account/second-factor", {"code": totp.now()}, status=200, on="/en/account/second-factor")
    recovery = [code.text for code in page.select(".//ul[@class='codes']/li/code")]
    assert len(recovery) == 10
    again = Visitor(app)
    answer = again.post("/en/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    assert answer.response.location == "/en/sign-in/code"
    again.get("/en/progress", status=302)
    again.post("/en/sign-in/code", {"code": totp.now()}, status=422, on="/en/sign-in/code")  # used a moment ago
    again.post("/en/sign-in/code", {"code": recovery[0]}, on="/en/sign-in/code")
    again.get("/en/progress")
    other = Visitor(app)
    other.post("/en/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    other.post("/en/sign-in/code", {"code": recovery[0]}, status=422, on="/en/sign-in/code")


def test_trainers_see_nothing_of_others_without_a_second_factor(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.trainer()))
    answer = signed_in(people[0]).get("/en/groups/", status=302)
    assert answer.response.location == "/en/account/second-factor"


def test_the_shared_secret_is_not_readable_in_the_database(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada")))
    own = signed_in(people[0])
    shown = own.get("/en/account/second-factor").select(".//code")[0].text
    with app.extensions["training.database"].reading() as session:
        assert session.scalars(select(SecondFactor)).all() == [], "to look at the page keeps nothing"
    own.post("/en/account/second-factor", {"code": pyotp.TOTP(shown).now()}, status=200)
    with app.extensions["training.database"].reading() as session:
        stored = session.scalars(select(SecondFactor.secret)).one()
        assert session.scalars(select(Account)).first() is not None
    assert shown not in stored
    assert Vault([app.config["SECRET_KEY"]]).open(stored) == shown
    assert Vault(["another key altogether, of some length"]).open(stored) is None
