"""The two kinds of transaction, the types of columns, and inserting once, on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from tests.engines import Engine
from tests.together import at_once, succeeded
from training.db import SQLITE_PRAGMAS, Database, insert_once, new_id
from training.people.models import SignInFailure
from training.quizzes.models import DilemmaTally

ROW = {"course": "course", "dilemma": "dilemma", "choice": "one", "people": 3, "shown": 0}


def test_inserting_once_says_row_by_row_what_was_new_and_leaves_the_rest_alone(session: Session) -> None:
    assert insert_once(session, DilemmaTally, [ROW]) == [True]
    assert insert_once(session, DilemmaTally, [ROW | {"people": 9}, ROW | {"choice": "two"}]) == [False, True]
    assert {row.choice: row.people for row in session.scalars(select(DilemmaTally))} == {"one": 3, "two": 3}


def test_of_many_who_insert_the_same_at_once_one_is_told_that_it_was_new(database: Database) -> None:
    results = at_once(database, [lambda session: insert_once(session, DilemmaTally, [ROW])[0]] * 8)
    assert sorted(succeeded(results)) == [False] * 7 + [True]


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    session.add(SignInFailure(key="x", failures=1, last_at=datetime(2026, 11, 20, 10, 0)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="a time without a zone"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=9))])
def test_a_moment_comes_back_in_utc_to_the_microsecond(database: Database, zone: timezone) -> None:
    moment = datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=UTC)
    with database.transaction() as session:
        session.add(SignInFailure(key="x", failures=1, last_at=moment.astimezone(zone)))
    with database.reading() as session:
        kept = session.get_one(SignInFailure, "x").last_at
    assert kept == moment
    assert kept.utcoffset() == timedelta()


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def write_and_fail(session: Session) -> None:
        insert_once(session, DilemmaTally, [ROW])
        raise RuntimeError

    assert isinstance(at_once(database, [write_and_fail])[0], RuntimeError)
    with database.reading() as session:
        assert session.scalars(select(DilemmaTally)).all() == []


def test_a_constraint_holds_on_both_engines(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(
            text("INSERT INTO due_date (group_id, chapter, due_on) VALUES (:group, 'one', '2026-11-20')"),
            {"group": new_id().hex},
        )


def test_the_database_refuses_to_write_for_who_only_reads(database: Database, engine: Engine) -> None:
    if engine.name == "sqlite":
        return  # SQLite has no such transaction; the pages' own promise is in tests/web/test_reading.py
    with database.reading() as session, pytest.raises(DBAPIError, match="read-only transaction"):
        insert_once(session, DilemmaTally, [ROW])


def test_what_a_reader_sees_does_not_change_under_them_while_somebody_writes(database: Database) -> None:
    with database.transaction() as session:
        insert_once(session, DilemmaTally, [ROW])
    with database.reading() as reading, database.transaction() as writing:
        assert reading.scalars(select(DilemmaTally.people)).all() == [3]
        writing.get_one(DilemmaTally, ("course", "dilemma", "one")).people = 4
        writing.flush()
        assert reading.scalars(select(DilemmaTally.people)).all() == [3]


def test_every_sqlite_connection_waits_keeps_what_was_acknowledged_and_holds_foreign_keys(tmp_path: Path) -> None:
    database = Database(make_url(f"sqlite:///{tmp_path / 'x.sqlite3'}"))
    numbers = {"full": 2, "on": 1, "memory": 2}
    for _ in range(3):
        with database.engine.connect() as connection:
            for name, value in SQLITE_PRAGMAS.items():
                found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                assert str(found) == str(numbers.get(value, value)), name
    assert SQLITE_PRAGMAS["synchronous"] == "full"
    assert SQLITE_PRAGMAS["journal_mode"] == "wal"
    assert SQLITE_PRAGMAS["foreign_keys"] == "on"
    database.close()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_processes_could_not_share_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="lives in a file"):
        Database(make_url(address))


def test_identifiers_sort_by_the_time_at_which_they_were_made() -> None:
    made = [new_id() for _ in range(200)]
    assert made == sorted(made, key=lambda one: one.int)
    assert {(type(one), one.version) for one in made} == {(UUID, 7)}
