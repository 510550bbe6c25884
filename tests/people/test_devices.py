"""Where somebody is signed in: they see it, and end it."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask

from tests.cast import Cast
from tests.pages import Page, Visitor

Stage = Callable[[Callable[[Cast], None]], None]


def keys(page: Page) -> list[str]:
    """The sign-ins that the page offers to end: all but its own."""
    return [field.get("value") for field in page.tree.iterfind(".//main//input[@name='key']")]


def rows(page: Page) -> int:
    return len(page.tree.findall(".//main//tbody/tr"))


def test_a_person_sees_where_they_are_signed_in_and_ends_it_there(app: Flask, stage: Stage) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.extend([cast.person("Ada"), cast.person("Bea")]))
    phone, office, bea = (Visitor(app).enter(person) for person in (people[0], people[0], people[1]))
    page = office.get("/en/account/sessions")
    assert rows(page) == 2
    (elsewhere,) = keys(page)
    bea.post("/en/account/sessions", {"key": elsewhere})  # nobody ends what is another's
    phone.get("/en/progress")
    office.post("/en/account/sessions", {"key": elsewhere})
    phone.get("/en/progress", status=302)
    page = office.get("/en/account/sessions")
    assert (rows(page), keys(page)) == (1, [])
    bea.get("/en/progress")


def test_every_other_device_is_signed_out_at_once(app: Flask, stage: Stage) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.append(cast.person("Ada")))
    others = [Visitor(app).enter(people[0]) for _device in range(3)]
    own = Visitor(app).enter(people[0])
    own.post("/en/account/sessions")
    for one in others:
        one.get("/en/progress", status=302)
    own.get("/en/progress")
