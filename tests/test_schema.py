"""The way from one version of the schema to the next, there and back, with rows, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url

from tests.cast import NOW, assemble
from tests.engines import Engine, SqliteEngine
from tests.tables import counts, dump
from tests.world import build
from training import schema
from training.courses.library import Library
from training.db import Database


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
