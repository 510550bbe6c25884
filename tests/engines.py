"""The two engines on which everything is tested: an SQLite file, and a PostgreSQL that the tests start themselves."""

import glob
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.engine import URL

from training import schema
from training.db import Base, Database

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


class SqliteEngine:
    """Fresh databases by copying one file."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        database = Database(make_url(f"sqlite:///{self.template}"))
        schema.upgrade(database, demo=False, now=MADE_AT)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[Database]:
        file = folder / "training.sqlite3"
        shutil.copyfile(self.template, file)
        database = Database(make_url(f"sqlite:///{file}"))
        yield database
        database.close()


class PostgresEngine:
    """A server of our own on a free port of the loopback, and one database that is emptied after each test."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self._bin = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])  # noqa: PTH207
        folder.chmod(0o777)
        self._run(
            "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "training", "--locale=C.UTF-8", "-E", "UTF8"
        )
        options = (
            f"-p {self.port} -h 127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            " -c log_error_verbosity=terse"  # as the README advises
        )
        self._run("pg_ctl", "-D", str(folder / "data"), "-o", options, "-w", "-l", str(folder / "log"), "start")
        self.url = self.make("training")
        self.database = Database(self.url)
        schema.upgrade(self.database, demo=False, now=MADE_AT)

    def make(self, name: str) -> URL:
        """Make an empty database and return its address."""
        server = make_url(f"postgresql+psycopg://training@127.0.0.1:{self.port}/postgres")
        engine = Database(server).engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        return server.set(database=name)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[Database]:
        tables = ", ".join(f'"{table}"' for table in Base.metadata.tables if table != "installation")
        with self.database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
            connection.execute(text("UPDATE installation SET rewritten_at = NULL"))
        yield self.database

    def stop(self) -> None:
        self.database.close()
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._user, str(self._bin / program), *arguments], check=True, capture_output=True, cwd=self.folder
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Engine = SqliteEngine | PostgresEngine

__all__ = ["Engine", "PostgresEngine", "SqliteEngine"]
