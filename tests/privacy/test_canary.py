"""A person with unmistakable strings everywhere: exported whole, and erased without a trace."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.cast import NOW, PASSWORD, Cast
from tests.engines import Engine
from tests.pages import Visitor
from tests.people.test_entry_pages import link_in
from tests.sealing import appoint, seal
from training import work
from training.access import Role
from training.certificates import actions as certificate_actions
from training.cohorts.rules import PrivacyMode
from training.comparison.rules import Moment
from training.db import Base, Database, new_id
from training.languages import Language
from training.mail.models import Letter
from training.people.models import Person
from training.privacy import actions
from training.privacy.actions import remembered_erasures
from training.quizzes import actions as quiz_actions
from training.quizzes.queries import questions_of
from training.quizzes.rules import key_of

Stage = Callable[[Callable[[Cast], None]], None]
CANARY = "Zyxwvut-Kanarie-Ąćž"


@pytest.fixture(params=["sqlite_engine", "postgres_engine"])
def app_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The database behind the pages, on each engine: what was deleted is not gone from the files of both alike."""
    engine: Engine = request.getfixturevalue(request.param)
    with engine.fresh(tmp_path) as database:
        yield database


def live(cast: Cast) -> UUID:
    """Let a person with a canary in every field work through everything."""
    person = cast.person(f"{CANARY} Name", email="kanarie@canary.example")
    cast.session.get_one(Person, person).employer = f"{CANARY} Employer"
    trainer = cast.trainer()
    cast.group(trainer, person, mode=PrivacyMode.INDIVIDUAL)
    cast.completes(person, at=NOW - timedelta(days=1))
    attempt = quiz_actions.begin(
        cast.session, person, cast.chapter(), count=8, field_of_work="social", language=Language.FR, now=NOW
    )
    for name, question in questions_of(cast.session, attempt).items():
        change = quiz_actions.Change(
            id=new_id(),
            attempt_id=attempt.id,
            question=name,
            response=key_of(question),
            language=Language.FR,
            device=CANARY[:30],
            given_at=NOW,
        )
        quiz_actions.store(cast.session, person, cast.chapter(), change, now=NOW)
    quiz_actions.hand_in(cast.session, person, cast.chapter(), attempt.id, passed_at=6, now=NOW)
    dilemma = next(iter(cast.chapter().dilemmas.values()))
    quiz_actions.choose(
        cast.session, person, "local-prevention", dilemma.id, dilemma.choices[0].id, language=Language.FR, now=NOW
    )
    cast.compares(person, *Moment, at=NOW - timedelta(days=1))
    return person


def everything_in(database: Database) -> str:
    """Every value of every table, as text."""
    with database.reading() as session:
        return "\n".join(str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table)))


def test_the_export_holds_everything_about_the_person_and_nothing_about_others(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.extend([live(cast), cast.person("Somebody Else", email="else@example.org")]))
    canary = signed_in(people[0])
    answer = canary.client.get("/fr/account/data.json")
    told = json.loads(answer.text)["tables"]
    assert f"{CANARY} Name" in answer.text
    assert f"{CANARY} Employer" in answer.text
    assert "kanarie@canary.example" in answer.text
    assert {
        "person",
        "account",
        "membership",
        "enrolment",
        "milestone",
        "attempt",
        "answer",
        "dilemma_choice",
        "comparison",
        "comparison_answer",
    } <= set(told)
    assert len(told["answer"]) == 8
    assert "else@example.org" not in answer.text
    assert "Somebody Else" not in answer.text
    assert "argon2" not in answer.text
    page = canary.get("/fr/account/data")
    assert f"{CANARY} Name" in page.html


def works_through_the_pages(app: Flask, person: Visitor, group: UUID, trainer: Visitor) -> None:
    """Let the person leave a canary in every field that a page offers."""
    person.post(
        "/fr/account",
        {
            "name": f"{CANARY} Renamed",
            "language": "fr",
            "time_zone": "Europe/Brussels",
            "field_of_work": "social",
            "employer": f"{CANARY} Employer",
        },
    )
    person.post("/fr/account/email", {"email": "kanarie@new.example", "present": PASSWORD})
    (proof,) = [link_in(one) for one in waiting(app) if one.kind == "new-email"]
    person.post(proof, on=proof)
    person.post("/fr/sign-in/forgotten", {"email": "KANARIE@new.example"}, status=200)
    person.post("/fr/account/email", {"email": "kanarie@third.example", "present": PASSWORD})
    invited = {"email": "kanarie@new.example", "name": f"{CANARY} Invited", "language": "fr"}
    trainer.post(f"/en/groups/{group}/invite", invited)
    Visitor(app).post("/fr/sign-in", {"email": "kanarie@new.example", "password": CANARY}, status=422)


def waiting(app: Flask) -> list[Letter]:
    with app.extensions["training.database"].reading() as session:
        return list(session.scalars(select(Letter).where(Letter.text != "").order_by(Letter.id)))


def test_an_erased_person_leaves_no_trace_and_others_stay_as_they_were(
    app: Flask, app_database: Database, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """J2: not in the database and its free pages, the files, the logs, nor the letters that wait, to them or others."""
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people["canary"], people["else"] = live(cast), cast.person("Somebody Else", email="else@example.org")
        people["alba"], people["tom"] = cast.administrator(), cast.trainer("Tilda")
        people["group"] = cast.group(people["tom"], people["else"]).id
        cast.grant(people["canary"], Role.TRAINER)
        cast.reads(people["else"], "the-word")

    with caplog.at_level(logging.DEBUG):
        stage(play)
        canary = Visitor(app).sign_in("kanarie@canary.example").enter(people["canary"])
        works_through_the_pages(app, canary, people["group"], Visitor(app).enter(people["tom"]))
        writes_to_others(app, canary)
        outbox = write_letters_into_files(app)
        assert any("kanarie@" in file.read_text() for file in outbox.glob("*.eml"))
        writes_to_others(app, canary)
        before = [line for line in everything_in(app_database).splitlines() if str(people["else"]) in line]
        assert files_with_a_canary(folder_of(app_database)), "what is searched is where the rows are"
        assert CANARY in everything_in(app_database)
        canary.post("/fr/account/erase", {"present": "wrong password", "sure": "y"}, status=422)
        canary.post("/fr/account/erase", {"present": PASSWORD, "sure": "y"})
        canary.get("/fr/progress", status=302)
    left = everything_in(app_database)
    assert CANARY not in left
    assert "kanarie" not in left.casefold()
    assert [line for line in left.splitlines() if str(people["else"]) in line] == before
    assert {one.kind for one in waiting(app)} == {"barrier", "invitation"}, "what others wait for is not lost"
    settings = app.extensions["training.settings"]
    assert remembered_erasures(settings.data_dir)[-1] == people["canary"]
    if app_database.url.get_backend_name() == "postgresql":
        assert files_with_a_canary(folder_of(app_database)), "a deleted row stays where it was"
        with caplog.at_level(logging.DEBUG):
            work.keep_house(app_database, settings, datetime.now(UTC) + timedelta(days=1))
    for folder in (folder_of(app_database), settings.data_dir, outbox):
        assert files_with_a_canary(folder) == []
    assert CANARY not in caplog.text
    assert "kanarie@" not in caplog.text.casefold()
    Visitor(app).post("/fr/sign-in", {"email": "kanarie@canary.example", "password": PASSWORD}, status=422)


def folder_of(database: Database) -> Path:
    """Where the engine keeps its files, and its server's log; all that it has in memory is written there before."""
    if database.url.get_backend_name() == "sqlite":
        return Path(str(database.url.database)).parent
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        connection.execute(text("CHECKPOINT"))
        return Path(str(connection.scalar(text("SHOW data_directory")))).parent


def files_with_a_canary(folder: Path) -> list[Path]:
    """The files that hold a word of the person. Not PostgreSQL's write-ahead log: the server overwrites it in turn."""
    files = [one for one in folder.rglob("*") if one.is_file() and "pg_wal" not in one.parts]
    return [one for one in files if b"kanarie" in one.read_bytes().lower()]


def write_letters_into_files(app: Flask) -> Path:
    """Push what waits, as a demonstration does: each letter is a file; return their folder."""
    settings = app.extensions["training.settings"]
    work.push(app.extensions["training.database"], settings)
    return Path(settings.mail_url.removeprefix("file://"))


def writes_to_others(app: Flask, person: Visitor) -> None:
    """Let letters wait that speak of the person, and go to others."""
    barrier = {"page": "x", "barrier": f"I am {CANARY} Renamed.", "email": "Kanarie@new.example"}
    person.post("/fr/accessibility", barrier, status=200)
    own_group = {
        "name": "A group",
        "languages": "fr",
        "time_zone": "Europe/Brussels",
        "starts_on": "2026-12-01",
        "privacy_mode": "milestones",
        "sessions_asked": "0",
    }
    made = person.post("/fr/groups/new", own_group).response.location
    person.post(f"{made.rstrip('/')}/invite", {"email": "guest@example.org", "name": "Guest", "language": "fr"})


def test_an_error_is_logged_without_what_people_wrote_and_without_the_secret_of_a_link(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J2: a log says what happened and where; a database says of an error what was in the row."""

    def broken(secret: str) -> str:
        with app.extensions["training.database"].transaction() as session:
            session.execute(
                text("INSERT INTO person (id, name) VALUES (:id, :name)"), {"id": new_id().hex, "name": CANARY}
            )
        return secret

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "entry.link", broken)
    with caplog.at_level(logging.DEBUG):
        Visitor(app).get(f"/en/link/{CANARY}", status=500)
    assert "IntegrityError" in caplog.text
    assert CANARY not in caplog.text
    assert CANARY.encode("ascii", "backslashreplace").decode() not in caplog.text


def test_an_erased_holders_certificate_is_checked_without_a_name(cast: Cast) -> None:
    person = live(cast)
    actor = cast.actor(cast.administrator())
    course = cast.library.courses["local-prevention"]
    appoint(cast.session)
    certificate_actions.confirm_name(cast.session, person, CANARY, now=NOW)
    certificate = certificate_actions.issue(cast.session, actor, person, course, seal=seal(), now=NOW)
    code = certificate.code
    actions.erase(cast.session, person, now=NOW)
    cast.session.refresh(certificate)
    assert (certificate.code, certificate.person_id) == (code, None)
    assert CANARY not in str(certificate.claims)


def test_who_looked_at_my_progress_and_when_stands_on_my_page(
    stage: Stage, signed_in: Callable[[UUID], Visitor], app: Flask
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people["ada"], people["tom"] = cast.person("Ada"), cast.trainer("Tom Trainer")
        group = cast.group(people["tom"], people["ada"])
        people["group"] = group.id

    stage(play)
    ada = signed_in(people["ada"])
    assert "Tom Trainer" not in ada.get("/en/account/data").text
    tom = Visitor(app).enter(people["tom"])
    tom.get(f"/en/groups/{people['group']}/")
    tom.get(f"/en/groups/{people['group']}/")
    text = ada.get("/en/account/data").text
    assert text.count("Tom Trainer") == 1
    (look,) = json.loads(ada.client.get("/en/account/data.json").text)["looks"]
    assert (look["who"], look["group"]) == ("Tom Trainer", "Group North")
    ada.post(f"/en/groups/{people['group']}/leave")
    tom.client.get(f"/en/groups/{people['group']}/table.csv")
    assert ada.get("/en/account/data").text.count("Tom Trainer") == 1, "who has left still reads who looked before"
