"""Who may do what: every route and method for every role; and identifiers that are not one's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.cast import CHAPTER, COURSE
from tests.pages import Visitor
from tests.routes import routes
from tests.tables import changed, dump
from tests.world import World
from training.db import Database

ROLES = ("out", "participant", "trainer", "local", "administrator")

TABLE = """
                                         out  part train local admin

GET  bare.healthz                        ok   ok   ok    ok    ok
GET  bare.readyz                         ok   ok   ok    ok    ok
GET  bare.root                           ok   ok   ok    ok    ok
GET  checking_bare.badge_status          ok   ok   ok    ok    ok
GET  checking_bare.did                   ok   ok   ok    ok    ok
GET  checking_bare.status                ok   ok   ok    ok    ok
GET  device.session                      ok   ok   ok    ok    ok
GET  device.worker                       ok   ok   ok    ok    ok
GET  register_api.certificate            in   in   in    in    in
GET  register_api.certificates           in   in   in    in    in

GET  home.start                          ok   ok   ok    ok    ok
GET  home.components                     gone gone gone  gone  gone
GET  operation.statement                 ok   ok   ok    ok    ok
POST operation.statement                 ok   ok   ok    ok    ok
GET  privacy.notice                      ok   ok   ok    ok    ok
GET  privacy.document                    ok   ok   ok    ok    ok
GET  courses.glossary                    ok   ok   ok    ok    ok
GET  courses.search                      ok   ok   ok    ok    ok
GET  courses.sources                     ok   ok   ok    ok    ok
GET  courses.places                      ok   ok   ok    ok    ok
GET  courses.place                       ok   ok   ok    ok    ok
GET  contacts.help_now                   ok   ok   ok    ok    ok
GET  learning.course                     ok   ok   ok    ok    ok
GET  learning.chapter                    ok   ok   ok    ok    ok
GET  learning.project                    ok   ok   ok    ok    ok
GET  offline.keep                        ok   ok   ok    ok    ok
GET  offline.offline                     ok   ok   ok    ok    ok
GET  groups.enter_code                   ok   ok   ok    ok    ok
GET  groups.join                         ok   ok   ok    ok    ok
GET  invitations.invitation              ok   ok   ok    ok    ok
POST invitations.invitation              ok   ok   ok    ok    ok
GET  checking.verify                     ok   ok   ok    ok    ok
GET  checking.verified                   ok   ok   ok    ok    ok
GET  checking.offline                    ok   ok   ok    ok    ok
POST checking.document                   ok   ok   ok    ok    ok
POST checking.proof                      ok   ok   ok    ok    ok

GET  people.sign_in                      ok   ok   ok    ok    ok
POST people.sign_in                      ok   ok   ok    ok    ok
GET  entry.register                      ok   ok   ok    ok    ok
POST entry.register                      ok   ok   ok    ok    ok
GET  entry.forgotten                     ok   ok   ok    ok    ok
POST entry.forgotten                     ok   ok   ok    ok    ok
GET  entry.link                          gone gone gone  gone  gone
POST entry.link                          gone gone gone  gone  gone
GET  entry.second_step                   ok   ok   ok    ok    ok
POST entry.second_step                   ok   ok   ok    ok    ok

GET  people.account                      in   ok   ok    ok    ok
POST people.account                      in   ok   ok    ok    ok
GET  people.email                        in   ok   ok    ok    ok
POST people.email                        in   ok   ok    ok    ok
GET  people.password                     in   ok   ok    ok    ok
POST people.password                     in   ok   ok    ok    ok
GET  people.second_factor                in   ok   ok    ok    ok
POST people.second_factor                in   ok   ok    ok    ok
POST people.change_second_factor         in   ok   ok    ok    ok
GET  people.devices                      in   ok   ok    ok    ok
POST people.devices                      in   ok   ok    ok    ok
POST people.sign_out                     in   ok   ok    ok    ok
GET  privacy.data                        in   ok   ok    ok    ok
GET  privacy.export                      in   ok   ok    ok    ok
GET  privacy.erase                       in   ok   ok    ok    ok
POST privacy.erase                       in   ok   ok    ok    ok
GET  reports.others                      in   ok   ok    ok    ok
GET  certificates.own                    in   ok   ok    ok    ok
GET  certificates.own_pdf                in   ok   gone  gone  gone
GET  certificates.own_badge              in   ok   gone  gone  gone
GET  certificates.own_europass           in   ok   gone  gone  gone
GET  certificates.name                   in   ok   ok    ok    ok
POST certificates.name                   in   ok   ok    ok    ok
GET  learning.progress                   in   ok   ok    ok    ok
POST learning.read                       in   ok   ok    ok    ok
POST learning.watched                    in   ok   ok    ok    ok
POST learning.transcript_read            in   ok   ok    ok    ok
POST learning.choose                     in   ok   ok    ok    ok
GET  quiz.quiz                           in   ok   ok    ok    ok
POST quiz.answer                         in   ok   ok    ok    ok
GET  quiz.kept                           in   ok   gone  gone  gone
POST quiz.start                          in   ok   ok    ok    ok
POST quiz.hand_in                        in   ok   ok    ok    ok
GET  quiz.result                         in   ok   gone  gone  gone
GET  comparison.check                    in   ok   ok    ok    ok
POST comparison.start                    in   ok   ok    ok    ok
POST comparison.skip                     in   ok   ok    ok    ok
GET  comparison.item                     in   ok   gone  gone  gone
POST comparison.answer                   in   ok   gone  gone  gone
GET  comparison.end                      in   ok   gone  gone  gone
POST comparison.hand_in                  in   ok   gone  gone  gone
POST offline.draw                        in   ok   ok    ok    ok
POST groups.join_now                     in   ok   ok    ok    ok
POST groups.leave                        in   ok   gone  gone  gone

GET  reports.groups                      in   no   ok    no    no
GET  reports.group                       in   no   ok    no    no
GET  reports.questions                   in   no   ok    no    no
GET  reports.table                       in   no   ok    no    no
GET  groups.new                          in   no   ok    no    no
POST groups.new                          in   no   ok    no    no
GET  groups.edit                         in   no   ok    no    no
POST groups.edit                         in   no   ok    no    no
GET  sessions.new                        in   no   ok    no    no
POST sessions.new                        in   no   ok    no    no
GET  sessions.session                    in   no   ok    no    no
POST sessions.note                       in   no   ok    no    no
GET  sessions.edit                       in   no   ok    no    no
POST sessions.edit                       in   no   ok    no    no
POST sessions.cancel                     in   no   ok    no    no
GET  sessions.calendar                   in   ok   ok    gone  gone
GET  invitations.invite                  in   no   ok    no    no
POST invitations.invite                  in   no   ok    no    no
POST invitations.preview                 in   no   ok    no    no
POST invitations.confirm                 in   no   ok    no    no

GET  people_admin.overview               in   no   no    ok    ok
GET  people_admin.people                 in   no   no    ok    ok
GET  people_admin.person                 in   no   no    ok    ok
GET  people_admin.new_person             in   no   no    ok    ok
POST people_admin.new_person             in   no   no    ok    ok
POST people_admin.welcome_link           in   no   no    ok    ok
POST people_admin.grant                  in   no   no    ok    ok
POST people_admin.withdraw               in   no   no    ok    ok
POST people_admin.move                   in   no   no    ok    ok
POST people_admin.close                  in   no   no    ok    ok
POST people_admin.open_again             in   no   no    ok    ok
GET  people_admin.authorities            in   no   no    ok    ok
GET  people_admin.authority              in   no   no    ok    ok
POST people_admin.authority              in   no   no    ok    ok
GET  contacts_admin.card                 in   no   no    ok    ok
POST contacts_admin.card                 in   no   no    ok    ok
POST contacts_admin.remove               in   no   no    ok    ok
GET  people_admin.new_authority          in   no   no    no    ok
POST people_admin.new_authority          in   no   no    no    ok
GET  certificates_admin.queue            in   no   no    ok    ok
POST certificates_admin.issue            in   no   no    ok    ok
POST certificates_admin.remind           in   no   no    ok    ok
GET  certificates_admin.batch            in   no   no    ok    ok
POST certificates_admin.go_on            in   no   no    ok    ok
GET  certificates_register.register      in   no   no    ok    ok
POST certificates_register.export        in   no   no    ok    ok
POST certificates_register.take_documents in  no   no    ok    ok
GET  certificates_register.certificate   in   no   no    ok    ok
GET  certificates_register.pdf           in   no   no    ok    ok
GET  certificates_register.evidence_file in   no   no    ok    ok
POST certificates_register.replace       in   no   no    ok    ok
POST certificates_register.refresh       in   no   no    ok    ok
POST certificates_register.revoke        in   no   no    ok    ok
GET  certificates_issuers.overview       in   no   no    ok    ok
GET  certificates_issuers.issuer         in   no   no    ok    ok
POST certificates_issuers.issuer         in   no   no    ok    ok
GET  certificates_issuers.tokens         in   no   no    ok    ok
POST certificates_issuers.tokens         in   no   no    ok    ok
POST certificates_issuers.revoke_token   in   no   no    ok    ok
GET  operation_admin.audit               in   no   no    ok    ok
GET  operation_admin.outbox              in   no   no    no    ok
POST operation_admin.again               in   no   no    no    ok
"""
"""`ok`: answered; `in`: to the sign-in page and back (401 where JSON is asked for); `no`: 403; `gone`: 404, since what
the address speaks of is somebody else's, or not there. The register's API takes tokens, not sign-ins."""


@dataclass(frozen=True)
class Line:
    """What each role gets at one address."""

    route: str
    outcomes: dict[str, str]


def table() -> dict[str, Line]:
    lines = {}
    for text in TABLE.splitlines()[2:]:
        if text.strip():
            method, endpoint, *outcomes = text.split()
            lines[f"{method} {endpoint}"] = Line(endpoint, dict(zip(ROLES, outcomes, strict=True)))
    return lines


def who(app: Flask, world: World, role: str) -> Visitor:
    visitor = Visitor(app)
    return visitor if role == "out" else visitor.enter(getattr(world, role))


def outcome(status: int, location: str | None) -> str:
    if status == 302 and location is not None and location.startswith("/en/sign-in?back="):
        return "in"
    return {401: "in", 403: "no", 404: "gone"}.get(status, "ok" if status in {200, 302, 409, 422} else str(status))


def test_every_route_is_in_the_table_and_nothing_else_is(app: Flask) -> None:
    present = {str(route) for route in routes(app)}
    assert present - set(table()) == set(), "say in TABLE who may use these"
    assert set(table()) - present == set(), "no such route any more"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(app: Flask, world: World, role: str) -> None:
    wrong = {}
    for route in sorted(routes(app), key=str):
        visitor = who(app, world, role)  # afresh: one of the routes signs out
        answer = visitor.send(route.method, route.path(app, world))
        found = outcome(answer.status_code, answer.location)
        line = table().get(str(route))
        if line is not None and found != line.outcomes[role]:
            wrong[str(route)] = f"{found} ({answer.status_code}), not {line.outcomes[role]}"
    assert wrong == {}


def test_who_asks_for_json_without_an_account_is_told_so_in_json(app: Flask, world: World) -> None:
    visitor = Visitor(app)
    for route in routes(app):
        line = table().get(str(route))
        if line is not None and line.outcomes["out"] == "in" and line.outcomes["participant"] != "in":
            answer = visitor.send(route.method, route.path(app, world), headers={"Accept": "application/json"})
            assert (answer.status_code, answer.json) == (401, {"error": "signed-out"}), str(route)


@pytest.mark.parametrize("role", ["out", "participant", "administrator"])
def test_no_form_is_taken_without_the_token_of_the_session(
    app: Flask, world: World, app_database: Database, role: str
) -> None:
    visitor = who(app, world, role)
    with app_database.reading() as session:
        before = dump(session)
    for route in routes(app):
        if route.method == "POST":
            answer = visitor.client.post(route.path(app, world), data={"csrf_token": "made up"})
            assert answer.status_code == 400, str(route)
    with app_database.reading() as session:
        assert changed(before, dump(session)) == {}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_no_other_method_does_anything(app: Flask, world: World, app_database: Database, method: str) -> None:
    visitor = who(app, world, "administrator")
    with app_database.reading() as session:
        before = dump(session)
    for route in routes(app):
        answer = visitor.send(method, route.path(app, world))
        assert answer.status_code in {400, 405}, str(route)
    with app_database.reading() as session:
        assert changed(before, dump(session)) == {}


# Identifiers that are not one's own


@dataclass(frozen=True)
class Foreign:
    """Routes that a role may use, with a value in the path that leads outside the role's scope."""

    role: str
    routes: tuple[str, ...]
    argument: str
    values: Callable[[World], tuple[Any, ...]]


OF_A_PERSON = (
    "GET people_admin.person",
    "POST people_admin.welcome_link",
    "POST people_admin.close",
    "POST people_admin.open_again",
    "POST people_admin.move",
    "POST people_admin.grant",
    "POST people_admin.withdraw",
)
OF_A_CERTIFICATE = (
    "GET certificates_register.certificate",
    "GET certificates_register.pdf",
    "GET certificates_register.evidence_file",
    "POST certificates_register.replace",
    "POST certificates_register.refresh",
    "POST certificates_register.revoke",
)
OF_A_GROUP = (
    "GET reports.group",
    "GET reports.questions",
    "GET reports.table",
    "GET groups.edit",
    "POST groups.edit",
    "GET invitations.invite",
    "POST invitations.invite",
    "POST invitations.preview",
    "POST invitations.confirm",
    "GET sessions.new",
    "POST sessions.new",
)
OF_A_SESSION = (
    "GET sessions.session",
    "POST sessions.note",
    "GET sessions.edit",
    "POST sessions.edit",
    "POST sessions.cancel",
)
OF_A_CHAPTER = (
    "GET learning.chapter",
    "GET learning.project",
    "GET quiz.quiz",
    "GET quiz.kept",
    "POST quiz.start",
    "POST learning.read",
    "POST offline.draw",
)
OF_THE_COMPARISON = ("GET comparison.item", "POST comparison.answer")
OWN_CERTIFICATES = ("GET certificates.own_pdf", "GET certificates.own_badge", "GET certificates.own_europass")
AUTHORITY = (
    "GET people_admin.authority",
    "POST people_admin.authority",
    "GET contacts_admin.card",
    "POST contacts_admin.card",
    "POST contacts_admin.remove",
)
ISSUER = ("GET certificates_issuers.issuer", "POST certificates_issuers.issuer")
BATCH = ("GET certificates_admin.batch", "POST certificates_admin.go_on")
NOBODY = UUID("00000000-0000-7000-8000-00000000dead")

FOREIGN = (
    Foreign("trainer", OF_A_GROUP, "group_id", lambda world: (world.foreign_group, NOBODY, world.participant)),
    Foreign("trainer", OF_A_SESSION, "group_id", lambda world: (world.foreign_group, world.empty_group, NOBODY)),
    Foreign("trainer", OF_A_SESSION, "session_id", lambda world: (world.foreign_meeting, world.group, NOBODY)),
    Foreign("participant", ("GET sessions.calendar",), "group_id", lambda world: (world.foreign_group, NOBODY)),
    Foreign("participant", ("GET sessions.calendar",), "session_id", lambda world: (world.foreign_meeting, NOBODY)),
    Foreign("participant", ("POST groups.leave",), "group_id", lambda world: (world.foreign_group, NOBODY)),
    Foreign("local", OF_A_PERSON, "person_id", lambda world: (world.foreign_participant, NOBODY, world.place)),
    Foreign("administrator", OF_A_PERSON, "person_id", lambda world: (NOBODY, world.place)),
    Foreign("local", AUTHORITY, "authority_id", lambda world: (world.foreign_place, NOBODY)),
    Foreign("administrator", AUTHORITY, "authority_id", lambda world: (NOBODY, world.local)),
    Foreign("local", OF_A_CERTIFICATE, "certificate_id", lambda world: (world.foreign_certificate, NOBODY)),
    Foreign("administrator", OF_A_CERTIFICATE, "certificate_id", lambda _world: (NOBODY,)),
    Foreign("local", ISSUER, "issuer_id", lambda world: (world.foreign_place, NOBODY, UUID(int=0))),
    Foreign("administrator", ISSUER, "issuer_id", lambda _world: (NOBODY,)),
    Foreign("local", BATCH, "batch_id", lambda world: (world.foreign_batch, NOBODY)),
    Foreign("administrator", BATCH, "batch_id", lambda _world: (NOBODY,)),
    Foreign(
        "local",
        ("POST certificates_issuers.revoke_token",),
        "token_id",
        lambda world: (world.foreign_token, NOBODY),
    ),
    Foreign("administrator", ("POST certificates_issuers.revoke_token",), "token_id", lambda _world: (NOBODY,)),
    Foreign("administrator", ("POST operation_admin.again",), "letter_id", lambda _world: (NOBODY,)),
    Foreign(
        "participant",
        OWN_CERTIFICATES,
        "certificate_id",
        lambda world: (world.certificate, world.foreign_certificate, NOBODY),
    ),
    Foreign("administrator", OWN_CERTIFICATES, "certificate_id", lambda world: (world.certificate, NOBODY)),
    Foreign(
        "local", ("POST people_admin.withdraw",), "grant_id", lambda world: (world.foreign_grant, NOBODY, world.place)
    ),
    Foreign("participant", ("GET quiz.result",), "number", lambda _world: (2, 3, 0, 10**30)),
    Foreign("participant", OF_THE_COMPARISON, "number", lambda _world: (0, 17)),
    Foreign("participant", ("GET comparison.item",), "number", lambda _world: (10**30,)),
    Foreign("newcomer", OF_THE_COMPARISON, "number", lambda _world: (1,)),
    Foreign("participant", OF_A_CHAPTER, "chapter", lambda _world: ("no-such-chapter", "..", "a\0", "x" * 300)),
    Foreign("trainer", ("GET reports.questions",), "chapter", lambda _world: ("no-such-chapter",)),
    Foreign("participant", ("GET learning.course",), "course", lambda _world: ("no-such-course", "places")),
    Foreign("participant", ("GET groups.join", "POST groups.join_now"), "code", lambda _world: ("AAAA-AAAA", "%")),
    Foreign("participant", ("GET checking.verified",), "code", lambda _world: ("A" * 26, "%", "1")),
    Foreign(
        "out",
        ("GET invitations.invitation", "POST invitations.invitation", "GET entry.link", "POST entry.link"),
        "secret",
        lambda _world: ("x" * 43, "%"),
    ),
)


BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "people_admin.move": lambda world: {"authority": str(world.foreign_place)},
    "people_admin.grant": lambda world: {"role": "administrator", "scope": str(world.place)},
    "certificates_register.revoke": lambda _world: {"reason": "wrong-details"},
    "certificates_register.refresh": lambda _world: {"refreshed_on": "2026-11-20"},
    "certificates_issuers.issuer": lambda _world: {"name": "Taken over", "signatory_1": "Somebody"},
    "invitations.invite": lambda _world: {"name": "Somebody", "email": "somebody@example.org", "language": "en"},
    "groups.join_now": lambda _world: {"mode": "individual", "sessions": "0"},
    "learning.read": lambda _world: {"section": "the-word", "read": "1"},
    "groups.edit": lambda _world: {
        "name": "Taken over",
        "languages": ["en"],
        "time_zone": "Europe/Brussels",
        "starts_on": "2026-11-20",
        "privacy_mode": "individual",
        "sessions_asked": "0",
    },
    "contacts_admin.card": lambda _world: {"name_en": "Taken over", "telephone": "000 000"},
    "people_admin.authority": lambda _world: {"slug": "taken-over", "name_en": "Taken over", "country": "BE"},
}
"""What would do something if the address were one's own."""


@pytest.mark.parametrize(
    "foreign", FOREIGN, ids=lambda foreign: f"{foreign.role}: {foreign.argument} of {foreign.routes[0]}"
)
def test_what_is_not_ones_own_is_not_there_and_stays_as_it_is(
    app: Flask, world: World, app_database: Database, foreign: Foreign
) -> None:
    known = {str(route): route for route in routes(app)}
    visitor = who(app, world, foreign.role)
    visitor.send("POST", "/en/nothing")  # a token is fetched before the tables are looked at
    with app_database.reading() as session:
        before = dump(session)
    for name in foreign.routes:
        route = known[name]
        body = BODIES[route.endpoint](world) if route.endpoint in BODIES else {}
        for value in foreign.values(world):
            path = route.path(app, world, **{foreign.argument: value})
            answer = visitor.send(route.method, path, body)
            assert answer.status_code in {403, 404} or (answer.status_code == 422 and "\0" in str(value)), (name, value)
    with app_database.reading() as session:
        assert changed(before, dump(session)) == {}


def test_every_identifier_in_an_address_is_tried_with_one_that_is_not_ones_own(app: Flask) -> None:
    tried = {(name, foreign.argument) for foreign in FOREIGN for name in foreign.routes}
    present = {
        (str(route), argument)
        for route in routes(app)
        for argument in route.arguments
        if argument.endswith("_id") or argument in {"code", "secret"}
    }
    assert present - tried == set()


@dataclass(frozen=True)
class Smuggled:
    """A form of one's own address that names something of somebody else's."""

    role: str
    route: str
    body: Callable[[World], dict[str, Any]]
    answered: int = 404


def answer_to(attempt: UUID) -> dict[str, Any]:
    return {"attempt": str(attempt), "question": "reading-circle", "option": ["x"], "change": str(uuid4())}


NEW_PERSON = {"name": "Somebody", "email": "somebody@example.org", "language": "en", "field_of_work": "other"}

SMUGGLED = {
    "an answer to somebody else's attempt": Smuggled(
        "participant", "POST quiz.answer", lambda world: answer_to(world.foreign_attempt)
    ),
    "an answer to an attempt that is not there": Smuggled(
        "participant", "POST quiz.answer", lambda _world: answer_to(uuid4())
    ),
    "an answer to a question that was not asked": Smuggled(
        "participant", "POST quiz.answer", lambda world: answer_to(world.attempt) | {"question": "no-such-question"}
    ),
    "handing in somebody else's attempt": Smuggled(
        "participant", "POST quiz.hand_in", lambda world: {"attempt": str(world.foreign_attempt)}
    ),
    "issuing to a person of another authority": Smuggled(
        "local", "POST certificates_admin.issue", lambda world: {"person": str(world.foreign_finisher)}
    ),
    "issuing to one's own and to one of another authority": Smuggled(
        "local",
        "POST certificates_admin.issue",
        lambda world: {"person": [str(world.finisher), str(world.foreign_finisher)]},
    ),
    "issuing to nobody": Smuggled(
        "administrator", "POST certificates_admin.issue", lambda _world: {"person": str(uuid4())}
    ),
    "a role over another authority": Smuggled(
        "local",
        "POST people_admin.grant",
        lambda world: {"role": "administrator", "scope": str(world.foreign_place)},
        answered=422,
    ),
    "a role over the whole installation": Smuggled(
        "local", "POST people_admin.grant", lambda _world: {"role": "administrator", "scope": ""}, answered=422
    ),
    "a role that nobody grants": Smuggled(
        "administrator", "POST people_admin.grant", lambda _world: {"role": "owner", "scope": ""}, answered=422
    ),
    "an account in another authority": Smuggled(
        "local",
        "POST people_admin.new_person",
        lambda world: NEW_PERSON | {"authority": str(world.foreign_place)},
        answered=422,
    ),
    "an account in no authority, by the administrator of one": Smuggled(
        "local", "POST people_admin.new_person", lambda _world: NEW_PERSON | {"authority": ""}, answered=422
    ),
    "a move to an authority that is not there": Smuggled(
        "administrator", "POST people_admin.move", lambda _world: {"authority": str(uuid4())}, answered=422
    ),
    "a section of no chapter": Smuggled(
        "participant", "POST learning.read", lambda _world: {"section": "no-such-section", "read": "1"}, answered=422
    ),
    "a dilemma of no chapter": Smuggled(
        "participant", "POST learning.choose", lambda _world: {"dilemma": "none", "choice": "none"}, answered=422
    ),
}


@pytest.mark.parametrize("sent", SMUGGLED.values(), ids=SMUGGLED)
def test_a_form_reaches_no_further_than_its_sender(
    app: Flask, world: World, app_database: Database, sent: Smuggled
) -> None:
    route = next(one for one in routes(app) if str(one) == sent.route)
    visitor = who(app, world, sent.role)
    with app_database.reading() as session:
        before = dump(session)
    answer = visitor.send(route.method, route.path(app, world), sent.body(world))
    assert answer.status_code == sent.answered
    with app_database.reading() as session:
        assert changed(before, dump(session)) == {}


def test_a_trainer_sees_nobody_of_another_group_anywhere(app: Flask, world: World) -> None:
    """E6: no page that a trainer may open names anybody of a group that they do not lead."""
    trainer = who(app, world, "trainer")
    for route in routes(app):
        line = table().get(str(route))
        if route.method == "GET" and line is not None and line.outcomes["trainer"] == "ok":
            body = trainer.send("GET", route.path(app, world)).get_data()
            for name in (b"Eve Elsewhere", b"Tilda Elsewhere", b"Group elsewhere"):
                assert name not in body, str(route)


def test_an_administrator_of_one_authority_sees_nobody_of_another(app: Flask, world: World) -> None:
    """E6: nor does a page of an administrator of one city name anybody of another."""
    local = who(app, world, "local")
    for route in routes(app):
        line = table().get(str(route))
        if route.method == "GET" and line is not None and line.outcomes["local"] == "ok":
            body = local.send("GET", route.path(app, world)).get_data()
            assert b"Eve Elsewhere" not in body, str(route)


def test_the_administrator_of_all_sees_everybody(app: Flask, world: World) -> None:
    text = who(app, world, "administrator").send("GET", "/en/admin/people").get_data(as_text=True)
    assert "Eve Elsewhere" in text
    assert "Ada Learner" in text


@pytest.mark.parametrize(
    "after",
    ["", "x", ":", "00000000-0000-0000-0000-000000000000:", "not-a-uuid:key", "%00", "0001-01-01T00:00:00+23:59|x"],
)
def test_a_broken_place_in_a_list_begins_at_the_beginning(app: Flask, world: World, after: str) -> None:
    visitor = who(app, world, "administrator")
    for path in ("/en/admin/people", "/en/admin/certificates/", "/en/admin/certificates/register"):
        for name in ("after", "before"):
            answer = visitor.client.get(path, query_string={name: after})
            assert answer.status_code in {200, 422}, path


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/en/admin/certificates/register", {"before": str(10**30)}),
        ("/en/admin/certificates/register", {"before": str(-(10**30))}),
        ("/en/admin/certificates/", {"after": f"0001-01-01T00:00:00+23:59|{uuid4()}"}),
        ("/en/admin/certificates/", {"after": f"9999-12-31T23:59:59-23:59|{uuid4()}"}),
        ("/en/admin/people", {"q": "x" * 5000}),
        ("/en/search", {"q": 'AND OR NOT * " ( ) ^ : - {}'}),
        ("/en/search", {"q": "\N{PILE OF POO}" * 200}),
        ("/en/", {"minutes": str(10**30)}),
        ("/en/", {"minutes": "-1"}),
    ],
)
def test_no_number_or_moment_in_an_address_breaks_a_page(
    app: Flask, world: World, path: str, query: dict[str, str]
) -> None:
    assert who(app, world, "administrator").client.get(path, query_string=query).status_code in {200, 404, 422}


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil.example",
        " //evil.example",
        "http:evil.example",
        "///evil.example",
        "evil.example",
        "/en/\r\nLocation: https://evil.example",
    ],
)
def test_the_way_back_never_leads_away_from_the_site(app: Flask, world: World, back: str) -> None:
    from tests.cast import PASSWORD
    from tests.pages import email_of

    email = email_of(app, world.participant)
    answer = Visitor(app).send("POST", "/en/sign-in", {"email": email, "password": PASSWORD, "back": back})
    assert answer.status_code == 302
    assert answer.location is not None
    assert answer.location.startswith("/en/")
    signed_in = who(app, world, "participant")
    for path in ("/en/sign-in", "/en/register"):
        answer = signed_in.client.get(path, query_string={"back": back})
        assert (answer.location or "/en/").startswith("/en/")
    page = Visitor(app).get("/en/sign-in", query_string={"back": back})
    kept = [field.get("value") for field in page.select(".//input") if field.get("name") == "back"]
    leads = [link for link in page.links() if "register" in link or "forgotten" in link]
    assert not [one for one in [*kept, *leads] if "evil.example" in one]


def test_a_form_sent_while_signed_out_leads_back_to_the_page_it_stood_on(app: Flask, world: World) -> None:
    visitor = Visitor(app)
    path = f"/en/courses/{COURSE}/{CHAPTER}/"
    here = visitor.send("POST", f"{path}read", {}, headers={"Referer": f"http://localhost{path}"})
    assert here.location == f"/en/sign-in?back={path}"
    away = visitor.send("POST", f"{path}read", {}, headers={"Referer": "https://evil.example//evil.example/x"})
    assert "evil" not in str(away.location)
