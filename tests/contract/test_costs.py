"""What a page asks of the database: a number that stays however many people there are, small where it is hot."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import Cast, assemble
from tests.contract.test_access import ROLES, table, who
from tests.pages import Visitor
from tests.routes import routes
from tests.world import World
from training.cohorts.actions import join
from training.cohorts.models import TrainingGroup
from training.cohorts.rules import PrivacyMode, Terms
from training.courses.library import Library
from training.db import Database
from training.languages import Language

MOST = 20
EACH_TABLE = {"privacy.data", "privacy.export"}
"""What is kept about oneself: one statement for each table about people."""
HOT = {"home.start": 3, "learning.chapter": 3, "learning.course": 3, "quiz.quiz": 6, "learning.progress": 4}


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Give the statements that are sent meanwhile, the limits of transactions aside."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(" ", maxsplit=1)[0] not in {"BEGIN", "COMMIT", "ROLLBACK"}:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def costs(app: Flask, database: Database, world: World, role: str) -> dict[str, int]:
    """Return how many statements each page costs that the role may open, the second time that it is opened."""
    found = {}
    visitor = who(app, world, role)
    for route in routes(app):
        line = table().get(str(route))
        if route.method != "GET" or line is None or line.outcomes[role] != "ok":
            continue
        path = route.path(app, world)
        visitor.client.get(path).close()
        with counted(database) as sent:
            answer = visitor.client.get(path)
            answer.get_data()
            answer.close()
        found[route.endpoint] = len(sent)
    return found


def fill(cast: Cast, world: World) -> None:
    """Put many more people, groups and certificates' candidates on the stage, in the scope of everybody."""
    trainer = cast.actor(world.trainer).person_id
    members = [cast.person(f"Many {number}") for number in range(25)]
    for person_id in members[:15]:
        cast.completes(person_id)
    for number, person_id in enumerate(members[15:]):
        cast.hands_in(person_id, right=number)
    for number in range(3):
        cast.group(trainer, *members[:5], name=f"Group {number}")
    join_all(cast, world.group, members)


def join_all(cast: Cast, group_id: UUID, members: list[UUID]) -> None:
    group = cast.session.get_one(TrainingGroup, group_id)
    for person_id in members:
        join(cast.session, person_id, group, seen=Terms(PrivacyMode(group.privacy_mode)), now=cast.now)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "out"])
def test_no_page_costs_more_when_there_are_more_people(
    app: Flask, app_database: Database, library: Library, world: World, role: str
) -> None:
    before = costs(app, app_database, world, role)
    with app_database.transaction() as session:
        cast = assemble(session, library, now=datetime.now(UTC))
        cast.count = 1000
        fill(cast, world)
    after = costs(app, app_database, world, role)
    assert {name: (count, after[name]) for name, count in before.items() if after[name] > count} == {}
    assert {name: count for name, count in after.items() if count > MOST and name not in EACH_TABLE} == {}


def test_the_pages_that_are_opened_most_ask_for_little_and_write_nothing(
    app: Flask, app_database: Database, world: World
) -> None:
    found = costs(app, app_database, world, "participant")
    assert {name: found[name] for name, most in HOT.items() if found[name] > most} == {}
    visitor = Visitor(app).enter(world.participant)
    for route in routes(app):
        if route.method == "GET" and table()[str(route)].outcomes["participant"] == "ok":
            with counted(app_database) as sent:
                visitor.client.get(route.path(app, world)).close()
            writes = [statement for statement in sent if not statement.startswith(("SELECT", "WITH", "PRAGMA"))]
            assert writes == [], str(route)


def test_what_is_sent_most_often_costs_four_statements(
    app: Flask, app_database: Database, world: World, library: Library
) -> None:
    visitor = Visitor(app).enter(world.newcomer)
    chapter = "/en/courses/local-prevention/understanding"
    visitor.post(f"{chapter}/quiz/start")
    form = visitor.get(f"{chapter}/quiz").select(".//form[@data-question]")[0]
    attempt = next(field.get("value") for field in form.iterfind(".//input") if field.get("name") == "attempt")
    film = library.film("local-prevention", "understanding", Language.EN)
    assert film is not None

    def answer() -> None:
        said = {"attempt": attempt, "question": form.get("data-question"), "change": str(uuid4())}
        visitor.post(f"{chapter}/quiz", said)

    def watch(begin: int) -> None:
        reports = [{"from": begin, "to": begin + 1000, "rate": 1}]
        report = {"film": film.chapter, "revision": film.revision, "device": "one", "reports": reports}
        visitor.post_json(f"{chapter}/watched", report)

    answer()
    watch(0)
    with counted(app_database) as sent:
        answer()
    assert len(sent) == 4, sent
    with counted(app_database) as sent:
        watch(5000)
    assert len(sent) == 4, sent
