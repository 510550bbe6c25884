"""Backup and restore: every table as lines of JSON in one compressed file, the same for both engines.

A backup is taken in one reading transaction, so that it is consistent while people work. It ends with counts and sums;
restoring computes them again. What was erased after a backup is erased again when it is restored.
"""

import base64
import gzip
import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Date, LargeBinary, TableClause, Uuid, column, func, insert, inspect, select, table
from sqlalchemy.orm import Session

from training import schema
from training.audit.queries import broken_links
from training.certificates.models import CertificateDocument
from training.courses.library import Library
from training.db import Database, Instant
from training.people.models import Person
from training.privacy.actions import repeat_erasures
from training.progress.recompute import missing

FORMAT = 1
AT_ONCE = 1000  # rows


class NotABackup(Exception):
    """The file is not a backup, is cut off, or was altered."""


class NotEmpty(Exception):
    """The database holds data: a restore would mix two installations."""


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and the sum of their SHA-256 modulo 2**256: it does not depend on their order."""

    rows: int
    sha256: str


Sums = Mapping[str, Sum]


def back_up(database: Database, file: Path, *, now: datetime) -> Sums:
    """Write a backup and return its sums. The file appears under its name only when it is whole."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)  # everything about everybody: nobody else on the host reads it
    with database.snapshot() as session, gzip.open(unfinished, "wt", encoding="utf-8") as out:
        header = {"format": FORMAT, "schema": schema.revision_of(session), "made_at": now.isoformat()}
        out.write(json.dumps(header) + "\n")
        sums = {table.name: _write_table(session, table, out) for table in schema.metadata().sorted_tables}
        out.write(json.dumps({"sums": {name: [one.rows, one.sha256] for name, one in sums.items()}}) + "\n")
    unfinished.rename(file)
    return sums


def restore(file: Path, database: Database, *, data_dir: Path | None, now: datetime) -> tuple[Sums, int]:
    """Restore a backup into an empty database and return its sums and how many erasures were repeated.

    Raises `NotABackup` and `NotEmpty`; then nothing is changed.
    """
    header, wanted = _outline(file)
    schema.upgrade_to(database, str(header["schema"]))
    with database.transaction() as session:
        if session.scalar(select(func.count()).select_from(Person)):
            raise NotEmpty
        tables = _tables_there(session)
        for one in reversed(list(tables.values())):
            session.execute(one.delete())
        _read_tables(session, tables, file)
        sums = {name: _sum(_rows(session, one)) for name, one in tables.items()}
        if sums != wanted:
            raise NotABackup(
                f"sums differ: {', '.join(sorted(name for name in wanted if sums.get(name) != wanted[name]))}"
            )
    schema.upgrade_to(database, "head")
    with database.transaction() as session:
        again = repeat_erasures(session, data_dir, now=now) if data_dir else 0
    return sums, again


def _tables_there(session: Session) -> Mapping[str, TableClause]:
    """Return the tables of the schema as it stands, with the columns that they have: a backup may be older than us."""
    there = inspect(session.connection())
    found = {}
    for name, _keys in there.get_sorted_table_and_fkc_names():
        if name is not None and name != "alembic_version":
            known = schema.metadata().tables.get(name)
            columns = {one["name"]: one["type"] for one in there.get_columns(name)}
            typed = (
                columns if known is None else columns | {one.name: one.type for one in known.c if one.name in columns}
            )
            found[name] = table(name, *(column(*one) for one in typed.items()))
    return found


def faults_in(database: Database, library: Library) -> list[str]:
    """Return what does not hold in a restored database: progress, the documents of certificates, the audit."""
    with database.reading() as session:
        return [
            *map(str, missing(session, library)),
            *(f"certificate {one}: its document is not the one that was kept" for one in _altered_documents(session)),
            *broken_links(session),
        ]


def _altered_documents(session: Session) -> Iterator[UUID]:
    kept = select(CertificateDocument.certificate_id, CertificateDocument.pdf, CertificateDocument.sha256)
    for row in session.execute(kept.execution_options(yield_per=50)):
        if hashlib.sha256(row.pdf).hexdigest() != row.sha256:
            yield row.certificate_id


class _Summing:
    """Sums rows as they pass."""

    def __init__(self) -> None:
        self._rows, self._total = 0, 0

    def add(self, row: str) -> None:
        self._rows += 1
        self._total = (self._total + int.from_bytes(hashlib.sha256(row.encode()).digest())) % 2**256

    def sum(self) -> Sum:
        return Sum(self._rows, f"{self._total:064x}")


def _write_table(session: Session, table: TableClause, out: IO[str]) -> Sum:
    summing = _Summing()
    for row in _rows(session, table):
        out.write(f'{{"table": "{table.name}", "row": {row}}}\n')
        summing.add(row)
    return summing.sum()


def _sum(rows: Iterator[str]) -> Sum:
    summing = _Summing()
    for row in rows:
        summing.add(row)
    return summing.sum()


def _rows(session: Session, table: TableClause) -> Iterator[str]:
    """Give each row as JSON, in a form on which both engines agree."""
    names = [column.name for column in table.columns]
    for row in session.execute(select(table).execution_options(yield_per=AT_ONCE)):
        values = dict(zip(names, map(_plain, row), strict=True))
        yield json.dumps(values, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _outline(file: Path) -> tuple[Mapping[str, Any], Sums]:
    """Return the first line of a backup and the sums in its last. Raises `NotABackup`."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            first = json.loads(next(lines))
            last = deque(lines, maxlen=1).pop()
        sums = json.loads(last)["sums"]
    except (OSError, EOFError, IndexError, StopIteration, ValueError, KeyError, TypeError) as error:
        raise NotABackup(f"{file} is not a whole backup") from error
    if first.get("format") != FORMAT:
        raise NotABackup(f"{file} has format {first.get('format')}; this program reads {FORMAT}")
    return first, {name: Sum(rows, sha256) for name, (rows, sha256) in sums.items()}


def _read_tables(session: Session, tables: Mapping[str, TableClause], file: Path) -> None:
    waiting: list[dict[str, Any]] = []
    present = ""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            found = json.loads(line)
            if "sums" in found or found["table"] != present or len(waiting) >= AT_ONCE:
                _insert(session, tables.get(present), waiting)
                waiting = []
            if "sums" in found:
                return
            present = found["table"]
            waiting.append(_values(tables[present], found["row"]))


def _insert(session: Session, table: TableClause | None, rows: Sequence[dict[str, Any]]) -> None:
    if table is not None and rows:
        session.execute(insert(table), rows)


def _values(table: TableClause, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _typed(table.c[name].type, value) for name, value in row.items()}


def _typed(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value
