"""A backup taken from one engine restores into the other, with equal sums; erasures made since are repeated."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from tests import cast as casting
from tests.cast import NOW
from tests.engines import Engine, PostgresEngine, SqliteEngine
from training import backup
from training.courses.library import Library
from training.db import Database
from training.people.models import Person
from training.privacy import actions as privacy_actions


def fill(database: Database, library: Library) -> None:
    with database.transaction() as session:
        stage = casting.assemble(session, library)
        casting.noise(stage)
        stage.person("Đorđe Müller O’Neill")


@pytest.fixture
def other(engine: Engine, sqlite_engine: SqliteEngine, postgres_engine: PostgresEngine, tmp_path: Path) -> Database:
    """An empty database of the other engine, without a schema."""
    if engine is postgres_engine:
        return Database(make_url(f"sqlite:///{tmp_path / 'other.sqlite3'}"))
    return Database(postgres_engine.make(f"other{tmp_path.name.replace('-', '')}".lower()[:50]))


def test_a_backup_restores_into_the_other_engine_with_equal_sums(
    database: Database, other: Database, library: Library, tmp_path: Path
) -> None:
    """C6: every moment and every date comes back as it was."""
    fill(database, library)
    taken = backup.back_up(database, tmp_path / "one.jsonl.gz", now=NOW)
    restored, erased = backup.restore(tmp_path / "one.jsonl.gz", other, data_dir=None, now=NOW)
    assert restored == taken
    assert erased == 0
    assert sum(one.rows for one in taken.values()) > 50
    assert backup.faults_in(other, library) == []
    other.close()


def test_erasures_made_since_are_repeated(
    database: Database, other: Database, library: Library, tmp_path: Path
) -> None:
    fill(database, library)
    file = tmp_path / "one.jsonl.gz"
    backup.back_up(database, file, now=NOW)
    with database.transaction() as session:
        person = session.scalars(select(Person.id).where(Person.name.startswith("Đorđe"))).one()
        privacy_actions.erase(session, person, now=NOW)
    privacy_actions.remember_erasure(tmp_path, person, now=NOW + timedelta(hours=1))
    _sums, erased = backup.restore(file, other, data_dir=tmp_path, now=NOW)
    assert erased == 1
    with other.reading() as session:
        assert session.scalar(select(Person.id).where(Person.name.startswith("Đorđe"))) is None
    other.close()


def test_a_backup_that_was_cut_off_or_altered_is_refused_and_changes_nothing(
    database: Database, other: Database, library: Library, tmp_path: Path
) -> None:
    fill(database, library)
    file = tmp_path / "one.jsonl.gz"
    backup.back_up(database, file, now=NOW)
    whole = gzip.decompress(file.read_bytes())
    altered = tmp_path / "altered.jsonl.gz"
    altered.write_bytes(gzip.compress(whole.replace("Đorđe".encode(), b"Dorde")))
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(file.read_bytes()[:-200])
    for broken in (altered, cut):
        with pytest.raises(backup.NotABackup):
            backup.restore(broken, other, data_dir=None, now=NOW)
    backup.restore(file, other, data_dir=None, now=NOW)
    with pytest.raises(backup.NotEmpty):
        backup.restore(file, other, data_dir=None, now=NOW)
    other.close()
