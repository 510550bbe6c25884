"""What administrators read of what was done: by whom, what, and whom or what it concerned, in words and names."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.cast import Cast, assemble
from tests.pages import Page, Visitor
from tests.world import World
from training.audit.actions import record
from training.audit.rules import REGISTER, Event
from training.certificates.models import Certificate
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import Language
from training.operation.rules import CONCERNED
from training.people.actions import move
from training.privacy.actions import erase

Stage = Callable[[Callable[[Cast], None]], None]
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")
HOUR = timedelta(hours=1)
"""The stage is set with an act a minute ahead: what a test does comes after it."""
LEFT = {
    Language.EN: "somebody who has left",
    Language.FR: "une personne partie depuis",
    Language.ES: "alguien que ya no está",
    Language.IT: "qualcuno che non c’è più",
    Language.DE: "jemand, der nicht mehr dabei ist",
}


def lines(page: Page) -> list[tuple[str, str, str]]:
    """Return who did what, and whom or what it concerned, the latest first."""
    rows = page.select(".//main//tbody/tr")
    cells = [[" ".join("".join(cell.itertext()).split()) for cell in row.iterfind("td")] for row in rows]
    return [(who, what, concerned) for who, what, concerned in cells]


def note(database: Database, event: Event, by: UUID, subject: object, place: UUID | None = None, **facts: int) -> None:
    with database.transaction() as session:
        record(
            session, event, actor_id=by, subject=str(subject), now=datetime.now(UTC) + HOUR, authority_id=place, **facts
        )


def test_an_administrator_reads_the_audit_in_their_language(app: Flask, stage: Stage) -> None:
    """Who did what, in words: no code of an event."""
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people["alba"] = cast.administrator("Alba")
        people["tom"] = cast.trainer("Tom")
        people["group"] = cast.group(people["tom"], cast.person()).id

    stage(play)
    Visitor(app).enter(people["tom"]).get(f"/en/groups/{people['group']}/")
    alba = Visitor(app).enter(people["alba"])
    said = set()
    for language in Language:
        who, what, concerned = lines(alba.get(f"/{language}/admin/audit"))[0]
        assert (who, concerned) == ("Tom", "Group North")
        said.add(what)
    assert len(said) == len(Language)
    assert "group-looked-at" not in said


@pytest.mark.parametrize("language", Language)
def test_no_entry_is_read_as_an_identifier_or_a_code(
    app: Flask, world: World, app_database: Database, language: Language
) -> None:
    """Not even of what is gone: every event, concerning something that is not there."""
    assert set(CONCERNED) == set(Event)
    for event in Event:
        note(app_database, event, world.administrator, new_id(), people=3, certificates=2)
    page = Visitor(app).enter(world.administrator).get(f"/{language}/admin/audit")
    assert IDENTIFIER.findall(page.text) == []
    assert [event for event in Event if event.value in page.text] == []
    told = lines(page)[: len(Event)]
    assert len(told) == len(Event)
    assert all(len(concerned) > 3 for _who, _what, concerned in told)


def test_names_are_those_that_the_reader_may_know(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    """An administrator of one city does not learn who somebody of another is; one of the installation does."""
    note(app_database, Event.ACCOUNT_OPENED, world.administrator, world.newcomer, world.place)
    note(app_database, Event.AUTHORITY_CHANGED, world.administrator, world.place, world.place)
    note(app_database, Event.CERTIFICATE_REVOKED, world.administrator, world.certificate, world.place)
    note(app_database, Event.REGISTER_TOKEN_MADE, world.administrator, world.token, world.place)
    with app_database.transaction() as session:
        cast = assemble(session, library, now=datetime.now(UTC) + 2 * HOUR)
        move(session, world.finisher, world.foreign_place, by=world.administrator, now=cast.now)
        number = session.get_one(Certificate, world.certificate).claims["number"]
    local = Visitor(app).enter(world.local).get("/fr/admin/audit")
    told = [concerned for _who, _what, concerned in lines(local)][:5]
    assert told == ["une personne d’une autre ville ou d’un autre territoire", "liege", number, "Liège", "Nils New"]
    assert "Fia Finisher" not in local.html
    ways = {f"/fr/admin/certificates/{world.certificate}", f"/fr/admin/people/{world.newcomer}"}
    assert ways <= set(local.links())
    assert str(world.finisher) not in local.html, "nor a way to whom they may not see"
    everywhere = Visitor(app).enter(world.administrator).get("/fr/admin/audit")
    assert "Fia Finisher" in [concerned for _who, _what, concerned in lines(everywhere)]


@pytest.mark.parametrize("language", Language)
def test_who_was_erased_has_no_name_and_no_identifier(
    app: Flask, world: World, app_database: Database, language: Language
) -> None:
    note(app_database, Event.ACCOUNT_OPENED, world.administrator, world.newcomer, world.place)
    with app_database.transaction() as session:
        erase(session, world.newcomer, now=datetime.now(UTC) + 2 * HOUR)
    told = lines(Visitor(app).enter(world.local).get(f"/{language}/admin/audit"))
    assert [concerned for _who, _what, concerned in told][:2] == [LEFT[language]] * 2


def test_whom_a_list_showed_is_counted_and_not_named(app: Flask, world: World) -> None:
    """The audit is no second list of those who have completed the course: reading it tells nobody of them."""
    local = Visitor(app).enter(world.local)
    local.get("/en/admin/certificates/")
    page = local.get("/en/admin/audit")
    looked = ("Lou Local", "looked at who may be issued a certificate (first time that day)", "2 people")
    assert looked in lines(page)
    assert "Fia Finisher" not in page.html


def test_no_entry_is_lost_between_two_pages(app: Flask, world: World, app_database: Database) -> None:
    """However many are of one moment; a way on that was broken begins at the end."""
    moment = datetime.now(UTC) + HOUR
    with app_database.transaction() as session:
        for number in range(70):
            place = world.place if number % 2 else None
            chain: dict[str, Any] = {"authority_id": place, "subject": REGISTER, "now": moment}
            record(session, Event.REGISTER_EXPORTED, actor_id=None, certificates=100 + number, **chain)
    alba, told, path = Visitor(app).enter(world.administrator), list[str](), "/en/admin/audit"
    for _page in range(2):
        page = alba.get(path)
        told += [
            concerned for _who, what, concerned in lines(page) if what == "downloaded the register of certificates"
        ]
        ways = [way.get("href") for way in page.select(".//main//a")]
        path = next((way for way in ways if "/admin/audit?before=" in way), "")
    assert sorted(told) == [f"{100 + number} certificates" for number in range(70)]
    for broken in ("x", f"{moment.isoformat()}|x|1", f"{moment.isoformat()}|{world.place}|x", "2026||", "|||"):
        alba.get(f"/en/admin/audit?before={broken.replace('+', '%2B')}")
