"""A backup taken from one engine restores into the other, with equal sums; erasures made since are repeated."""

import gzip
import hashlib
import itertools
import json
import stat
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import func, inspect, make_url, select
from sqlalchemy.orm import Session

from tests import cast as casting
from tests.cast import NOW
from tests.conftest import SECRET, settings_for
from tests.engines import Engine, PostgresEngine, SqliteEngine
from tests.sealing import seal_files
from tests.world import build
from training import backup, schema, work
from training.audit.actions import record
from training.audit.models import AuditEntry
from training.audit.rules import Event
from training.certificates.models import Certificate, CertificateDocument, SealKeyUsed
from training.cli import training
from training.courses.library import Library
from training.db import Database
from training.people.models import Account, Person
from training.privacy import actions as privacy_actions

NUMBERS = itertools.count(1000)


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


def test_a_backup_taken_while_people_work_is_of_one_moment(
    database: Database, other: Database, library: Library, tmp_path: Path
) -> None:
    """Somebody is made and on record in one transaction: a backup has both or neither, however often it is taken."""
    fill(database, library)
    done = threading.Event()
    working = threading.Thread(target=people_arrive, args=(database, library, done))
    working.start()
    try:
        wait_for_people(database, 10)
        taken = backup.back_up(database, tmp_path / "one.jsonl.gz", now=NOW)
        wait_for_people(database, taken["person"].rows + 1)
    finally:
        done.set()
        working.join()
    restored, _erased = backup.restore(tmp_path / "one.jsonl.gz", other, data_dir=None, now=NOW)
    assert restored == taken
    assert backup.faults_in(other, library) == []
    with other.reading() as session:
        newcomers = session.scalar(select(func.count()).where(Person.name == "Newcomer"))
        assert newcomers == session.scalar(select(func.count()).where(AuditEntry.event == Event.ACCOUNT_MADE.value))
        assert session.scalar(select(func.count()).select_from(Account)) == taken["person"].rows
    other.close()


def people_arrive(database: Database, library: Library, done: threading.Event) -> None:
    while not done.is_set():
        with database.transaction() as session:
            stage = casting.Cast(session=session, library=library, count=next(NUMBERS))
            person = stage.person("Newcomer", place=None)
            record(session, Event.ACCOUNT_MADE, actor_id=None, subject=str(person), now=NOW)
            stage.reads(person, "the-word")


def wait_for_people(database: Database, number: int) -> None:
    for _look in range(600):
        with database.reading() as session:
            if (session.scalar(select(func.count()).select_from(Person)) or 0) >= number:
                return
        time.sleep(0.05)
    raise AssertionError("nobody arrives")


def test_a_backup_of_an_older_version_restores_into_this_one(
    database: Database, other: Database, library: Library, tmp_path: Path
) -> None:
    """What came later is neither in its rows nor in its sums."""
    fill(database, library)
    backup.back_up(database, tmp_path / "new.jsonl.gz", now=NOW)
    older = as_if_written_by("0003", tmp_path / "new.jsonl.gz")
    backup.restore(older, other, data_dir=None, now=NOW)
    assert schema.is_current(other)
    assert backup.faults_in(other, library) == []
    with other.reading() as session:
        assert (
            session.scalars(select(Person.name).where(Person.name.startswith("Đorđe"))).one() == "Đorđe Müller O’Neill"
        )
    other.close()


def as_if_written_by(revision: str, file: Path) -> Path:
    """A backup with the tables and columns that a former revision had, and the sums of these."""
    former = Database(make_url(f"sqlite:///{file.with_suffix('.sqlite3')}"))
    schema.upgrade_to(former, revision)
    there = inspect(former.engine)
    columns = {name: {one["name"] for one in there.get_columns(name)} for name in there.get_table_names()}
    former.close()
    first, *rows, _last = map(json.loads, gzip.decompress(file.read_bytes()).decode().splitlines())
    sums = {name: [0, 0] for name in columns if name != "alembic_version"}
    lines = [json.dumps(first | {"schema": revision})]
    for one in (one for one in rows if one["table"] in sums):
        kept = {name: value for name, value in one["row"].items() if name in columns[one["table"]]}
        row = json.dumps(kept, ensure_ascii=False, sort_keys=True)
        count, total = sums[one["table"]]
        sums[one["table"]] = [count + 1, (total + int.from_bytes(hashlib.sha256(row.encode()).digest())) % 2**256]
        lines.append(f'{{"table": "{one["table"]}", "row": {row}}}')
    lines.append(json.dumps({"sums": {name: [count, f"{total:064x}"] for name, (count, total) in sums.items()}}))
    older = file.with_name("older.jsonl.gz")
    older.write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    return older


def test_a_backup_is_nobody_elses_to_read(database: Database, library: Library, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "one.jsonl.gz", now=NOW)
    assert stat.S_IMODE((tmp_path / "one.jsonl.gz").stat().st_mode) == 0o600


def test_certificates_verify_after_a_restore_and_an_altered_document_is_named(
    database: Database, other: Database, library: Library, tmp_path: Path
) -> None:
    with database.transaction() as session:
        world = build(casting.assemble(session, library))
        keep_a_document(session, world.certificate)
    backup.back_up(database, tmp_path / "one.jsonl.gz", now=NOW)
    backup.restore(tmp_path / "one.jsonl.gz", other, data_dir=None, now=NOW)
    assert backup.faults_in(other, library) == []
    with other.reading() as session:
        certificate = session.get_one(Certificate, world.certificate)
        assert (certificate.code, session.get_one(Certificate, world.revoked_certificate).revoked_at is None) == (
            world.certificate_code,
            False,
        )
    with other.transaction() as session:
        session.get_one(CertificateDocument, (world.certificate, "en")).sha256 = "0" * 64
    assert any(str(world.certificate) in fault for fault in backup.faults_in(other, library))
    other.close()


def keep_a_document(session: Session, certificate: UUID) -> None:
    key = session.scalars(select(SealKeyUsed.kid).limit(1)).first()
    if key is None:
        key = "test"
        session.add(SealKeyUsed(kid=key, x="x", y="y", certificate="", since=NOW))
        session.flush()
    pdf = bytes(range(256))
    session.add(
        CertificateDocument(
            certificate_id=certificate,
            language="en",
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            token="token",
            key_id=key,
            made_at=NOW,
        )
    )


def test_who_was_erased_is_erased_again_by_itself_when_the_host_puts_back_an_older_state(
    database: Database, library: Library, tmp_path: Path
) -> None:
    """A restore that was killed before its last step, or a copy of the whole machine: the work process looks."""
    fill(database, library)
    with database.reading() as session:
        person = session.scalars(select(Person.id).where(Person.name.startswith("Đorđe"))).one()
    privacy_actions.remember_erasure(tmp_path, person, now=NOW)
    work.keep_house(database, settings_for(tmp_path), NOW)
    with database.reading() as session:
        assert session.get(Person, person) is None
        assert session.scalar(select(func.count()).select_from(Person)) == 4, "the others stay"


def test_the_commands_write_verify_and_restore_a_backup(database: Database, library: Library, tmp_path: Path) -> None:
    fill(database, library)
    file = tmp_path / "one.jsonl.gz"
    environment = {
        "TRAINING_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "TRAINING_DATA_DIR": str(tmp_path),
        "TRAINING_SECRET_KEY": SECRET,
        "TRAINING_MAIL_URL": f"file://{tmp_path}",
        **seal_files(),
    }
    run = CliRunner(env=environment).invoke
    assert "rows in" in run(training, ["backup", "--to", str(file)]).output
    verified = run(training, ["backup", "verify", str(file)])
    assert (verified.exit_code, "restored with equal sums" in verified.output) == (0, True), verified.output
    refused = run(training, ["restore", str(file)])
    assert (refused.exit_code, "holds people already" in refused.output) == (1, True)
