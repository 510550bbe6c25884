"""The database: one declarative base, the types of our columns, and the two kinds of transaction.

A *reading* transaction changes nothing; a *writing* one takes its lock at the start. On SQLite a deferred BEGIN that
reads and then writes fails under load instead of waiting, and four processes that wait in SQLite's own busy handler
starve each other; so writers begin with `BEGIN IMMEDIATE`, behind a file lock that queues the processes of the host.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Table,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, registry, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from training.terms import NOT_ABOUT_PEOPLE, Erasure, Privacy, Purpose

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

LOCK_WAITED_FOR = 2000  # milliseconds: whoever works meanwhile waits behind us
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL, appendix A

QUEUE = "queue"  # in the notes of an SQLite connection: the file in whose lock writers queue
WRITES = "writes"  # likewise: that it was taken to write

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # what was acknowledged survives a power cut
    "foreign_keys": "on",
    "busy_timeout": "10000",
    "secure_delete": "on",  # an erased name does not stay in a free page
    "temp_store": "memory",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. A time without a zone is refused: it would be somebody's local time."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = JSON().with_variant(JSONB(), "postgresql")
"""A value stored as JSON; compared and indexed as such where the engine can."""


class Base(DeclarativeBase):
    """Every table's base: one naming convention for constraints, so that both engines migrate alike."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        dict[str, Any]: Document,
        list[Any]: Document,
    }
    erasure: ClassVar[Erasure]
    serves: ClassVar[Purpose] = Purpose.OPERATION


def column(privacy: Privacy, *args: Any, **options: Any) -> MappedColumn[Any]:
    """Return a column that says its privacy class (as a plain value: Alembic compares `info`)."""
    return mapped_column(*args, info={"privacy": privacy.value}, **options)


class Installation(Base):
    """The one row that says what this database is; demonstration data and real people never share one."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[int] = column(Privacy.NONE, primary_key=True, autoincrement=False)
    demo: Mapped[bool] = column(Privacy.NONE)
    made_at: Mapped[datetime] = column(Privacy.NONE)
    rewritten_at: Mapped[datetime | None] = column(Privacy.NONE)
    """When the tables of people were last written anew, without what had been deleted from them."""


Transaction = Session | Connection
"""What is read and written in. What needs rows and no objects takes either: a session costs twice its connection."""


def new_id() -> UUID:
    """Return a new identifier that sorts by the time it was made (UUIDv7, RFC 9562, section 5.7)."""
    return uuid_utils.compat.uuid7()


class Database:
    """An engine and the two kinds of transaction on it."""

    def __init__(self, url: URL, *, threads: int = 16) -> None:
        self.url = url
        self.engine = _engine(url, threads)
        self._reader = self.engine
        if url.get_backend_name() != "sqlite":
            self._reader = self.engine.execution_options(postgresql_readonly=True)

    def reading(self) -> Session:
        """Return a session that reads; on PostgreSQL the server refuses it a write."""
        return Session(self._reader, expire_on_commit=False)

    def reader(self) -> Connection:
        """Return a connection that reads, as the session of `reading` does."""
        return self._reader.connect()

    def writer(self, reader: Connection | None = None) -> Connection:
        """Return a connection whose transactions hold the writer's lock from their first statement: a new one, or
        `reader`, which ends its reading first."""
        connection = reader or self.engine.connect()
        if reader is not None:
            reader.rollback()
            if reader.get_execution_options().get("postgresql_readonly"):
                reader.execution_options(postgresql_readonly=False)
        connection.info[WRITES] = True
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a reading session that sees one moment throughout, however long it reads."""
        reader = self._reader
        if self.url.get_backend_name() == "postgresql":
            reader = reader.execution_options(isolation_level="REPEATABLE READ")
        with Session(reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def transaction(self, reader: Connection | None = None) -> Iterator[Session]:
        """Give a writing session that is committed at the end of the block, or undone when the block fails."""
        with self.writer(reader) as connection, Session(connection, expire_on_commit=False) as session, session.begin():
            yield session

    def tidy(self) -> None:
        """Let nothing that was deleted stay readable in the files: on SQLite the log is written back and emptied."""
        if self.url.get_backend_name() == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")

    def rewrite(self, tables: Sequence[str]) -> bool:
        """Let nothing of deleted rows stay in the files of these tables; return whether all of them could be written.

        SQLite overwrites what it deletes, and only its log is left to empty. PostgreSQL leaves deleted rows where they
        were: each table is written anew, with its indexes and samples, and is locked while that lasts. A table in use
        is waited for a short time.
        """
        if self.url.get_backend_name() == "sqlite":
            self.tidy()
            return True
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {LOCK_WAITED_FOR}")
            try:
                for name in (*tables, "pg_statistic"):
                    connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{name}"')
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                    raise
                return False
            finally:
                connection.exec_driver_sql("RESET lock_timeout")
        return True

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def rows_of(transaction: Transaction) -> Connection:
    """Return the connection on which a transaction reads and writes rows."""
    return transaction.connection() if isinstance(transaction, Session) else transaction


def insert_once(transaction: Transaction, table: type[Base], rows: Sequence[dict[str, Any]]) -> list[bool]:
    """Insert each row unless one with its key is there; return, row by row, whether it was new.

    One statement per row: the callers insert a handful, and need to know which.
    """
    connection = rows_of(transaction)
    statement = _insert_once(table, connection.dialect.name)
    return [connection.execute(statement, row).rowcount == 1 for row in rows]


@cache
def _insert_once(table: type[Base], dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    core: Table = table.__table__  # type: ignore[assignment]  # a mapped class of ours always maps a Table
    return insert(core).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def _engine(url: URL, threads: int) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=threads, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    if not url.database or url.database == ":memory:":
        raise ValueError("an SQLite database lives in a file: processes share it")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    ours = url.set(drivername=f"sqlite+{QueuedSQLite.driver}")
    engine = create_engine(ours, pool_size=threads, max_overflow=0, hide_parameters=True)
    queue = Path(url.database).with_suffix(".lock")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        entry.info[QUEUE] = os.open(queue, os.O_RDWR | os.O_CREAT, 0o600)

    @event.listens_for(engine, "close")
    def leave(connection: Any, entry: ConnectionPoolEntry) -> None:
        os.close(entry.info.pop(QUEUE))

    @event.listens_for(engine, "checkin")
    def release(connection: Any, entry: ConnectionPoolEntry) -> None:
        if entry.info.pop(WRITES, False) and QUEUE in entry.info:
            fcntl.flock(entry.info[QUEUE], fcntl.LOCK_UN)

    return engine


class QueuedSQLite(SQLiteDialect_pysqlite):
    """SQLite whose transactions begin when SQLAlchemy says so; those of writers one after the other.

    The engine has no listener for this: SQLAlchemy would look for listeners at every step of every statement.
    """

    driver = "queued"
    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction; a writer's with the lock, once nobody before it in the queue is left."""
        if dbapi_connection.info.get(WRITES):
            fcntl.flock(dbapi_connection.info[QUEUE], fcntl.LOCK_EX)
            dbapi_connection.execute("BEGIN IMMEDIATE")
        else:
            dbapi_connection.execute("BEGIN")


registry.register(f"sqlite.{QueuedSQLite.driver}", __name__, QueuedSQLite.__name__)
