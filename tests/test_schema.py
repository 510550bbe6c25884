"""The way from one version of the schema to the next, there and back, with rows, on both engines."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text

from tests.cast import NOW, assemble
from tests.engines import Engine, SqliteEngine
from tests.tables import counts, dump
from tests.world import build
from training import schema
from training.courses.library import Library
from training.db import Database
from training.settings import ROOT


@contextmanager
def empty(engine: Engine, folder: Path) -> Iterator[Database]:
    """A database without any table, apart from those that other tests use."""
    url = (
        make_url(f"sqlite:///{folder / 'empty.sqlite3'}")
        if isinstance(engine, SqliteEngine)
        else engine.make(f"empty-{uuid4().hex[:8]}")
    )
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_exactly_the_tables_of_the_program(engine: Engine, tmp_path: Path) -> None:
    with empty(engine, tmp_path) as database:
        assert not schema.is_current(database)
        schema.upgrade(database, demo=False, now=NOW)
        assert schema.differences(database) == []
        assert schema.is_current(database)
        assert tables(database) == set(schema.metadata().tables)


def test_upgrading_twice_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    with empty(engine, tmp_path) as database:
        schema.upgrade(database, demo=True, now=NOW)
        with database.reading() as session:
            before = dump(session)
        schema.upgrade(database, demo=False, now=NOW)
        with database.reading() as session:
            assert dump(session) == before


def revisions() -> list[str]:
    """The revisions below the head, the latest first, down to nothing."""
    script = ScriptDirectory.from_config(schema._config())
    return [*[revision.revision for revision in script.walk_revisions()][1:], "base"]


@pytest.mark.parametrize("revision", revisions())
def test_an_installation_with_people_goes_back_and_forth(
    engine: Engine, tmp_path: Path, library: Library, revision: str
) -> None:
    """Rows in every table: a migration that cannot carry them fails here, not in a town hall."""
    with empty(engine, tmp_path) as database:
        schema.upgrade(database, demo=False, now=NOW)
        with database.transaction() as session:
            build(assemble(session, library))
        with database.reading() as session:
            people = counts(session)["person"]
        schema.downgrade(database, revision)
        assert tables(database) == set() if revision == "base" else "person" in tables(database)
        schema.upgrade(database, demo=False, now=NOW)
        assert schema.differences(database) == []
        with database.reading() as session:
            assert counts(session)["person"] == (0 if revision == "base" else people)
            if isinstance(engine, SqliteEngine):
                assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
                assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event, make_url
from training import schema
from training.db import Database

database, left = Database(make_url(sys.argv[1])), int(sys.argv[2])


@event.listens_for(database.engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    global left
    if statement.lstrip().split()[0].upper() in {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


schema.upgrade(database, demo=False, now=datetime.now(UTC))
"""
"""Upgrades a database and is killed at a statement that changes it."""


@pytest.mark.parametrize("statement", [1, 7, 20])
def test_a_migration_that_is_killed_half_way_keeps_everything_and_can_be_repeated(
    engine: Engine, tmp_path: Path, library: Library, statement: int
) -> None:
    with empty(engine, tmp_path) as database:
        schema.upgrade(database, demo=False, now=NOW)
        with database.transaction() as session:
            build(assemble(session, library))
        schema.downgrade(database, revisions()[-2])
        before = raw(database)
        url = database.url.render_as_string(hide_password=False)
        killed = subprocess.run([sys.executable, "-c", KILLED, url, str(statement)], check=False, cwd=ROOT)
        assert killed.returncode == -signal.SIGKILL
        assert raw(database) == before
        with database.reading() as session:
            people = session.scalar(text("SELECT count(*) FROM person"))
        schema.upgrade(database, demo=False, now=NOW)
        assert schema.differences(database) == []
        with database.reading() as session:
            assert counts(session)["person"] == people


def raw(database: Database) -> dict[str, list[str]]:
    """Every row of every table that is there, whatever the program knows of it."""
    with database.engine.connect() as connection:
        return {
            name: sorted(str(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')))
            for name in sorted(inspect(connection).get_table_names())
        }


@pytest.mark.parametrize("demo", [True, False])
def test_a_database_is_stamped_once_with_the_kind_of_its_installation(
    engine: Engine, tmp_path: Path, demo: bool
) -> None:
    from sqlalchemy import select

    from training.db import Installation

    with empty(engine, tmp_path) as database:
        schema.upgrade(database, demo=demo, now=NOW)
        schema.upgrade(database, demo=not demo, now=NOW)
        with database.reading() as session:
            assert session.scalars(select(Installation.demo)).all() == [demo]
