"""Who looked at what somebody has reached, and when: told to the person, of trainers, administrators and systems."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import COURSE, NOW, Cast, assemble
from tests.contract.test_costs import counted
from tests.pages import Page, Visitor
from tests.sealing import appoint, seal
from tests.together import at_once
from tests.world import World
from training.audit.actions import Act, record, record_once
from training.audit.models import AuditEntry
from training.audit.queries import broken_links, entries_page
from training.audit.rules import REGISTER, Event
from training.certificates import actions as certificate_actions
from training.certificates.batches import Workshop, begin, work
from training.certificates.models import Certificate
from training.certificates.queries import PAGE
from training.certificates.register_tokens import make_token
from training.cohorts.actions import join, terms_of
from training.cohorts.models import TrainingGroup
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import Language
from training.mail.actions import Draft, post
from training.privacy.looks import looks_at

LIST = {
    Language.EN: "looked at the list of people who may be issued a certificate",
    Language.FR: "a consulté la liste des personnes à qui une attestation peut être délivrée",
    Language.ES: "consultó la lista de las personas que pueden recibir un certificado",
    Language.IT: "ha consultato l’elenco delle persone che possono ricevere un attestato",
    Language.DE: "hat die Liste der Personen angesehen, für die eine Bescheinigung ausgestellt werden kann",
}


def told(page: Page) -> list[list[str]]:
    """Return the lines of the table of looks: when, who, what."""
    rows = page.tree.xpath(".//main//table[@aria-labelledby='looks']/tbody/tr")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def looks(app: Flask, person_id: UUID, language: str = "en") -> list[tuple[str, str]]:
    """Return who looked and at what, as the person reads it who signs in."""
    return [(who, what) for _when, who, what in told(Visitor(app).enter(person_id).get(f"/{language}/account/data"))]


def issue(cast: Cast, actor_id: UUID, *people: UUID) -> list[Certificate]:
    """Enter people in the register, each with their name confirmed."""
    course = cast.library.courses[COURSE]
    for person_id in people:
        certificate_actions.confirm_name(cast.session, person_id, cast.actor(person_id).name, now=cast.now)
    actor = cast.actor(actor_id)
    return [
        certificate_actions.issue(cast.session, actor, person_id, course, seal=seal(), now=cast.now)
        for person_id in people
    ]


def intact(database: Database) -> bool:
    with database.reading() as session:
        return list(broken_links(session)) == []


@pytest.mark.parametrize("language", Language)
def test_who_waits_for_a_certificate_reads_which_administrator_saw_that_and_when(
    app: Flask, world: World, app_database: Database, language: Language
) -> None:
    """Once a day for each administrator, in the words of the reader; whoever is not on the page reads of nobody."""
    local, alba = Visitor(app).enter(world.local), Visitor(app).enter(world.administrator)
    before = datetime.now(UTC)
    for _time in range(2):
        assert "Fia Finisher" in local.get("/en/admin/certificates/").text
    fia = Visitor(app).enter(world.finisher)
    ((when, looker, what),) = told(fia.get(f"/{language}/account/data"))
    assert (looker, what) == ("Lou Local", LIST[language])
    assert str(before.year) in when
    assert looks(app, world.foreign_finisher) == looks(app, world.newcomer) == [], "they were not on that page"
    alba.get("/de/admin/certificates/")
    assert looks(app, world.finisher, language) == [
        ("Alba Administrator", LIST[language]),
        ("Lou Local", LIST[language]),
    ]
    assert looks(app, world.foreign_finisher, language) == [("Alba Administrator", LIST[language])]
    assert intact(app_database)


def test_who_joins_a_group_on_the_day_on_which_its_trainer_looked_reads_of_the_next_look(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    tom = Visitor(app).enter(world.trainer)
    tom.get(f"/en/groups/{world.group}/")
    with app_database.transaction() as session:
        group = session.get_one(TrainingGroup, world.group)
        join(session, world.newcomer, group, seen=terms_of(group), now=datetime.now(UTC))
    assert looks(app, world.newcomer) == []
    tom.get(f"/en/groups/{world.group}/")
    (line,) = looks(app, world.newcomer)
    tom.get(f"/en/groups/{world.group}/")
    assert looks(app, world.newcomer) == [line]


def test_another_day_is_another_line(app: Flask, world: World, app_database: Database) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with app_database.transaction() as session:
        record(
            session,
            Event.ELIGIBLE_LOOKED_AT,
            actor_id=world.local,
            subject=str(world.finisher),
            now=yesterday,
            people=1,
        )
    Visitor(app).enter(world.local).get("/en/admin/certificates/")
    assert looks(app, world.finisher) == [("Lou Local", LIST[Language.EN])] * 2


def test_the_page_of_the_queue_that_was_opened_is_noted_and_costs_the_same_for_one_as_for_fifty(
    app: Flask, app_database: Database, library: Library
) -> None:
    with app_database.transaction() as session:
        cast = assemble(session, library, now=datetime.now(UTC))
        appoint(session)
        first = cast.person("First")
        cast.completes(first, at=cast.now - timedelta(days=9))
        alba = cast.administrator()
    visitor = Visitor(app).enter(alba)
    visitor.get("/en/admin/")
    with counted(app_database) as alone:
        visitor.get("/en/admin/certificates/")
    with app_database.transaction() as session:
        cast = assemble(session, library, now=datetime.now(UTC))
        cast.count = 1000
        people = [cast.person(f"Number {number}") for number in range(PAGE + 5)]
        for number, person_id in enumerate(people):
            cast.completes(person_id, at=cast.now - timedelta(hours=2) + timedelta(minutes=number))
    with counted(app_database) as many:
        visitor.get("/en/admin/certificates/")
    assert len(many) == len(alone)
    assert len(looks(app, people[PAGE - 2])) == 1
    assert looks(app, people[PAGE - 1]) == [], "on the second page, which nobody has opened"
    audit = visitor.get("/de/admin/audit")
    assert audit.text.count("für wen eine Bescheinigung ausgestellt werden kann") == 2, "a line for each step"
    assert "50 Personen" in audit.text or "49 Personen" in audit.text


def test_every_other_place_that_shows_an_administrator_who_has_completed_the_course_is_told(
    app: Flask, world: World, app_database: Database
) -> None:
    lou = Visitor(app).enter(world.local)
    entry = f"/fr/admin/certificates/{world.own_certificate}"
    acts = {
        "/admin/certificates/register": "looked at the page of the register of certificates on which you are listed",
        entry.removeprefix("/fr"): "looked at your certificate",
        f"{entry.removeprefix('/fr')}/evidence.pdf": (
            "downloaded the evidence file of your certificate, which shows when you completed each step"
        ),
    }
    expected: list[tuple[str, str]] = []
    for path, words in acts.items():
        for _time in range(2):
            assert lou.client.get(f"/fr{path}").status_code == 200
        expected.insert(0, ("Lou Local", words))
        assert looks(app, world.participant) == expected, path
    assert lou.client.get(f"{entry}/it.pdf").status_code == 200
    assert looks(app, world.participant) == expected, "the document is the certificate, looked at today already"
    for form in ("csv", "xlsx"):
        lou.send("POST", "/fr/admin/certificates/register/export", {"form": form}).close()
        expected.insert(0, ("Lou Local", "downloaded the register of certificates as a table, with your entry"))
    lou.send("POST", "/fr/admin/certificates/register/documents", {"documents": "fr"}).close()
    expected.insert(0, ("Lou Local", "downloaded the document of your certificate"))
    assert looks(app, world.participant) == expected
    assert looks(app, world.foreign_participant) == [], "another city's register"
    assert looks(app, world.finisher) == [], "no certificate yet"
    assert intact(app_database)


def test_who_looks_at_themselves_is_not_told_of_it(app: Flask, world: World, app_database: Database) -> None:
    with app_database.transaction() as session:
        cast = assemble(session, app.extensions["training.library"], now=datetime.now(UTC))
        cast.completes(world.local)
    lou = Visitor(app).enter(world.local)
    assert "Lou Local" in lou.get("/en/admin/certificates/").text
    assert looks(app, world.local) == []


def test_the_documents_of_an_issue_are_taken_from_those_who_are_in_it(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    """The other holders of the register are not told that theirs were taken."""
    work(Workshop(database=app_database, library=library, office=app.extensions["training.office"]), world.batch)
    lou = Visitor(app).enter(world.local)
    lou.send("POST", "/en/admin/certificates/register/documents", {"batch": str(world.batch)}).close()
    assert looks(app, world.finisher) == [("Lou Local", "downloaded the document of your certificate")]
    assert looks(app, world.participant) == []


def test_whom_an_issue_passed_over_is_told_who_saw_it(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    with app_database.transaction() as session:
        cast = assemble(session, library, now=datetime.now(UTC))
        batch = begin(session, cast.actor(world.local), COURSE, [world.participant], now=cast.now)
    work(Workshop(database=app_database, library=library, office=app.extensions["training.office"]), batch)
    assert "Ada Learner" in Visitor(app).enter(world.local).get(f"/en/admin/certificates/batches/{batch}").text
    assert looks(app, world.participant) == [("Lou Local", LIST[Language.EN])]


def test_a_holder_who_waits_for_another_name_is_told_that_their_certificate_was_seen(
    app: Flask, world: World, app_database: Database
) -> None:
    with app_database.transaction() as session:
        later = datetime.now(UTC) + timedelta(seconds=1)
        certificate_actions.confirm_name(session, world.participant, "Ada L. Learner", now=later)
    Visitor(app).enter(world.local).get("/en/admin/certificates/")
    words = "looked at the page of the register of certificates on which you are listed"
    assert looks(app, world.participant) == [("Lou Local", words)]


def test_the_list_of_letters_tells_who_has_completed_the_course(
    app: Flask, world: World, app_database: Database
) -> None:
    """An address beside “A certificate was issued” says it as plainly as a name does; other letters say nothing."""
    with app_database.transaction() as session:
        for person_id, kind in ((world.finisher, "certificate-name"), (world.newcomer, "reset")):
            draft = Draft(kind=kind, language=Language.EN, subject="A letter", text="Words.", html="<p>Words.</p>")
            post(
                session,
                draft,
                address="somebody@example.org",
                person_id=person_id,
                occurrence=f"{kind}:{person_id}",
                now=datetime.now(UTC),
            )
    Visitor(app).enter(world.administrator).get("/en/admin/letters")
    words = "looked at the list of letters, with one to you about your certificate"
    assert looks(app, world.finisher) == [("Alba Administrator", words)]
    assert looks(app, world.newcomer) == []


def test_another_system_that_reads_the_register_is_named_to_those_whom_it_was_shown(
    app: Flask, world: World, app_database: Database, library: Library
) -> None:
    """One entry for each part that is read, once a day, however many people are in it."""
    with app_database.transaction() as session:
        actor = assemble(session, library).actor(world.administrator)
        token = make_token(session, actor, world.place, "Personalabteilung", now=datetime.now(UTC))
        number = session.get_one(Certificate, world.certificate).number
    bearer = {"Authorization": f"Bearer {token.secret}"}
    client = app.test_client()
    for _time in range(2):
        assert client.get(f"/api/certificates/{number}", headers=bearer).get_json()["holder"] == "Hugo Holder"
    assert client.get("/api/certificates/999", headers=bearer).status_code == 404
    assert looks(app, world.participant) == [], "only one entry was read"
    for _time in range(2):
        client.get("/api/certificates", headers=bearer)
    ein_system = (
        "ein anderes System: Personalabteilung",
        "hat Ihren Eintrag im Register der Bescheinigungen abgerufen",
    )
    assert looks(app, world.participant, "de") == [ein_system]
    assert looks(app, world.foreign_participant) == []
    with app_database.reading() as session:
        read = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == Event.REGISTER_READ.value)
        assert session.scalar(read) == 2
    lines = Visitor(app).enter(world.local).get("/it/admin/audit").select(".//main//tbody/tr")
    read_lines = ["".join(line.itertext()) for line in lines if "ha letto il registro" in "".join(line.itertext())]
    assert [line.count("un altro sistema") for line in read_lines] == [1, 1]
    assert intact(app_database)


def test_what_is_told_of_a_register_ends_where_the_own_entry_does(cast: Cast) -> None:
    """On both engines: before it was issued, in another city, outside what was read, after it ended."""
    appoint(cast.session)
    ada, eve = cast.person("Ada"), cast.person("Eve", place="augsburg")
    for person_id in (ada, eve):
        cast.completes(person_id)
    alba = cast.administrator()
    own, other = issue(cast, alba, ada, eve)
    liege, augsburg = cast.places["liege"], cast.places["augsburg"]

    def note(event: Event, hours: int, place: UUID | None, subject: str = REGISTER, **facts: str | int) -> None:
        moment = NOW + timedelta(hours=hours)
        record(cast.session, event, actor_id=alba, subject=subject, now=moment, authority_id=place, **facts)

    for hours, place in ((-1, liege), (1, augsburg), (2, liege), (3, None)):
        note(Event.REGISTER_EXPORTED, hours, place)
    reader = str(new_id())
    for hours, first, last in ((4, own.number, own.number), (5, own.number + 1, own.number + 9), (6, 1, own.number)):
        note(Event.REGISTER_READ, hours, liege, str(liege), token=reader, first=first, last=last)
    own.revoked_at, own.revoked_reason = NOW + timedelta(hours=8), "wrong-details"
    cast.session.flush()
    note(Event.CERTIFICATES_TAKEN_AWAY, 7, liege)
    note(Event.CERTIFICATES_TAKEN_AWAY, 9, liege)
    read = [(one.at - NOW) // timedelta(hours=1) for one in looks_at(cast.session, ada)]
    assert read == [7, 6, 4, 3, 2]
    assert [(one.at - NOW) // timedelta(hours=1) for one in looks_at(cast.session, eve)] == [3, 1]
    assert other.authority_id == augsburg


def test_who_looks_twice_at_once_is_recorded_once(database: Database) -> None:
    """The page shows the same fifty people in two tabs that open together."""
    actor, people = new_id(), [str(new_id()) for _number in range(50)]
    act = Act(event=Event.ELIGIBLE_LOOKED_AT, actor_id=actor, now=NOW, facts={"people": len(people)})
    since = NOW - timedelta(hours=1)
    at_once(database, [lambda session: record_once(session, act, people, since=since) for _tab in range(4)])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 50
        shown, more = entries_page(session, None)
        assert (len(shown), more) == (1, False)
        place = (shown[0].at, shown[0].chain, shown[0].number)
        assert entries_page(session, None, before=place) == ([], False), "nor does it come again on the next page"
    assert intact(database)
