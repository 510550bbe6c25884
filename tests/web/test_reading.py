"""Reading changes nothing: every page of every role leaves every table as it was."""

import pytest
from flask import Flask
from sqlalchemy import event

from tests.pages import Visitor
from tests.routes import routes
from tests.tables import changed, dump
from tests.world import World
from training.db import SQLITE_PRAGMAS, Database
from training.languages import Language

WRITES: dict[str, set[str]] = {
    "reports.group": {"audit_chain", "audit_entry"},
    "reports.questions": {"audit_chain", "audit_entry"},
    "reports.table": {"audit_chain", "audit_entry"},
    "sessions.session": {"audit_chain", "audit_entry"},
    "certificates_admin.queue": {"audit_chain", "audit_entry"},
    "certificates_admin.batch": {"audit_chain", "audit_entry"},
    "certificates_register.register": {"audit_chain", "audit_entry"},
    "certificates_register.certificate": {"audit_chain", "audit_entry"},
    "certificates_register.evidence_file": {"audit_chain", "audit_entry"},
    "operation_admin.outbox": {"audit_chain", "audit_entry"},
    "privacy.export": {"audit_chain", "audit_entry"},
    "certificates.own_pdf": {"certificate_document", "seal_key_used"},
    "certificates.own_badge": {"certificate_badge", "seal_key_used"},
    "certificates_register.pdf": {"certificate_document", "seal_key_used", "audit_chain", "audit_entry"},
}
"""What a GET may add: who looked at whose progress is on record, and a document is sealed at its first request."""

ROLES = ("out", "participant", "trainer", "local", "administrator")


@pytest.mark.parametrize("role", ROLES)
def test_no_get_changes_a_row(app: Flask, world: World, app_database: Database, role: str) -> None:
    visitor = Visitor(app) if role == "out" else Visitor(app).enter(getattr(world, role))
    for route in routes(app):
        if route.method != "GET":
            continue
        for language in (Language.EN, Language.DE):
            with app_database.reading() as session:
                before = dump(session)
            visitor.send("GET", route.path(app, world, language=language))
            with app_database.reading() as session:
                found = changed(before, dump(session))
            assert set(found) <= WRITES.get(route.endpoint, set()), str(route)
            assert not any(gone for gone, _came in found.values() if "audit_chain" not in found), str(route)
            if "language" not in route.arguments:
                break


def test_asking_for_the_head_of_a_page_is_asking_for_the_page(app: Flask, world: World, app_database: Database) -> None:
    """A page that took HEAD for a POST would do what its form does, without a token."""
    visitor = Visitor(app).enter(world.administrator)
    for route in routes(app):
        if route.method == "GET" and route.endpoint not in WRITES:
            path = route.path(app, world)
            whole = visitor.send("GET", path)
            with app_database.reading() as session:
                before = dump(session)
            head = visitor.client.head(path)
            assert (head.status_code, head.data) == (whole.status_code, b""), str(route)
            with app_database.reading() as session:
                assert changed(before, dump(session)) == {}, str(route)


def test_a_page_that_only_reads_never_takes_the_writers_lock(app: Flask, world: World, app_database: Database) -> None:
    begun: list[str] = []

    def listen(connection: object, _record: object, _proxy: object) -> None:
        connection.set_trace_callback(begun.append)  # type: ignore[attr-defined]

    event.listen(app_database.engine, "checkout", listen)
    visitor = Visitor(app).enter(world.participant)
    begun.clear()
    for path in ("/en/", "/en/progress", "/en/courses/local-prevention/understanding/", "/en/account/others"):
        assert visitor.client.get(path).status_code == 200
    read = set(begun)
    visitor.post("/en/courses/local-prevention/understanding/read", {"section": "the-word", "read": "1"})
    event.remove(app_database.engine, "checkout", listen)
    assert "BEGIN" in read
    assert "BEGIN IMMEDIATE" not in read
    assert "BEGIN IMMEDIATE" in begun


def test_the_connections_of_a_running_app_keep_what_was_acknowledged(
    app: Flask, world: World, app_database: Database
) -> None:
    """Killing a process cannot show whether a power cut loses anything: the settings of each connection can."""
    seen: list[dict[str, object]] = []

    def look(connection: object, _record: object, _proxy: object) -> None:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        execute = connection.execute  # type: ignore[attr-defined]
        seen.append({name: execute(f"PRAGMA {name}").fetchone()[0] for name in names})

    event.listen(app_database.engine, "checkout", look)
    visitor = Visitor(app).enter(world.participant)
    visitor.client.get("/en/progress")
    visitor.post("/en/courses/local-prevention/understanding/read", {"section": "the-word", "read": "1"})
    event.remove(app_database.engine, "checkout", look)
    assert len(seen) >= 3
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000, "secure_delete": 1}
    assert all(one == wanted for one in seen)
    assert set(SQLITE_PRAGMAS) >= set(wanted)


def test_a_page_that_has_not_changed_is_not_sent_again(app: Flask, world: World) -> None:
    path = "/en/courses/local-prevention/understanding/"
    for visitor in (Visitor(app), Visitor(app).enter(world.participant)):
        first = visitor.client.get(path)
        again = visitor.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.get_data() == b""


def test_a_page_that_has_changed_is_sent_again(app: Flask, world: World) -> None:
    path = "/en/courses/local-prevention/understanding/"
    visitor = Visitor(app).enter(world.newcomer)
    first = visitor.client.get(path).headers["ETag"]
    visitor.post(f"{path}read", {"section": "the-word", "read": "1"})
    assert visitor.client.get(path, headers={"If-None-Match": first}).status_code == 200
    stranger = Visitor(app).client.get(path, headers={"If-None-Match": first})
    assert stranger.status_code == 200
    other = Visitor(app).enter(world.participant)
    assert other.client.get(path, headers={"If-None-Match": first}).status_code == 200
    assert other.client.get(path.replace("/en/", "/de/"), headers={"If-None-Match": first}).status_code == 200
