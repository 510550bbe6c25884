"""Looking at all tables at once: what is in them, and that a refusal left them alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training import schema

Dump = dict[str, list[str]]


def dump(session: Session) -> Dump:
    """Return every row of every table, as text, in an order that depends on the rows alone."""
    connection = session.connection()
    return {
        table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
        for table in schema.metadata().sorted_tables
    }


def counts(session: Session) -> dict[str, int]:
    """Return how many rows every table has."""
    connection = session.connection()
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in schema.metadata().sorted_tables
    }


def changed(before: Dump, after: Dump) -> dict[str, tuple[list[str], list[str]]]:
    """Return for each table that differs the rows that have gone and those that have come."""
    return {
        name: (
            [row for row in before[name] if row not in after[name]],
            [row for row in after[name] if row not in before[name]],
        )
        for name in before
        if before[name] != after[name]
    }


@contextmanager
def nothing_changes(session: Session) -> Iterator[None]:
    """Check that no row of any table is another one after the block."""
    before = dump(session)
    yield
    session.flush()
    assert changed(before, dump(session)) == {}
