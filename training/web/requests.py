"""The database within a request: one reading transaction, and writing ones that a page opens and ends.

What needs rows and no objects reads and writes on the connection: the pages that are asked for most.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, current_app, g, request
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from training.db import Database
from training.settings import Settings

LARGEST_NUMBER = 2**31 - 1
"""The largest whole number that both engines keep."""


class _Request(Request):
    """A request in which HEAD is GET: it is answered by the same page, without its body (RFC 9110, 9.3.2).

    A page that took it for a POST would do what the form does; mail gateways ask so for every link of a letter.
    """

    def __init__(self, environ: WSGIEnvironment, *arguments: Any, **options: Any) -> None:
        super().__init__(environ, *arguments, **options)
        if self.method == "HEAD":
            self.method = "GET"


def init_requests(app: Flask, settings: Settings, database: Database) -> None:
    """Hand settings and database to the requests of `app`, and let go of what was read after each."""
    app.request_class = _Request
    app.extensions["training.settings"] = settings
    app.extensions["training.database"] = database

    @app.teardown_appcontext
    def let_go(_error: BaseException | None) -> None:
        connection = _read()
        if connection is not None:
            connection.close()


def settings() -> Settings:
    """Return the settings of the installation."""
    found: Settings = current_app.extensions["training.settings"]
    return found


def database() -> Database:
    """Return the database of the installation."""
    found: Database = current_app.extensions["training.database"]
    return found


def reading_rows() -> Connection:
    """Return the connection of this request's reading transaction."""
    connection: Connection | None = g.get("reading_rows")
    if connection is None:
        connection = g.reading_rows = database().reader()
    return connection


def reading() -> Session:
    """Return a session on this request's reading transaction."""
    session: Session | None = g.get("reading")
    if session is None:
        session = g.reading = Session(reading_rows())
    return session


@contextmanager
def writing_rows() -> Iterator[Connection]:
    """Give the connection of a writing transaction, committed at the end of the block.

    What was read before is let go first: a page never decides on a picture older than its own lock.
    """
    with database().writer(_read()) as connection, connection.begin():
        yield connection


@contextmanager
def writing() -> Iterator[Session]:
    """Give the session of a writing transaction, likewise."""
    with database().transaction(_read()) as session:
        yield session


def _read() -> Connection | None:
    """Return the connection that was read on, if any was; this request reads on it no more."""
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()
    connection: Connection | None = g.pop("reading_rows", None)
    return connection


def asked_number(name: str) -> int | None:
    """Return the whole number that the address asks with under `name`; one that no database holds is none."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) <= LARGEST_NUMBER else None


def moment_in(text: str) -> datetime | None:
    """Return the moment in UTC that a text names (ISO 8601, with its zone), or nothing."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):  # the first and the last days of the calendar are not everywhere the same
        return None


def now() -> datetime:
    """Return the moment at which this request is answered: one for all that it does."""
    moment: datetime | None = g.get("now")
    if moment is None:
        moment = g.now = datetime.now(UTC)
    return moment
