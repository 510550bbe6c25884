"""Verifying the audit: an entry that was altered, removed or added is named."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from tests.cast import NOW
from tests.conftest import SECRET
from tests.sealing import seal_files
from training.audit.actions import record
from training.audit.models import INSTALLATION, AuditChain, AuditEntry
from training.audit.queries import broken_links
from training.audit.rules import Event
from training.cli import training
from training.db import Database, new_id

ELSEWHERE = new_id()


@pytest.fixture
def audited(database: Database) -> Database:
    """Two chains of five entries."""
    with database.transaction() as session:
        for number in range(5):
            for chain in (None, ELSEWHERE):
                record(
                    session,
                    Event.GROUP_MADE,
                    actor_id=ELSEWHERE,
                    subject="a group",
                    now=NOW + timedelta(minutes=number),
                    authority_id=chain,
                    people=number,
                )
    return database


def entry(number: int, chain: UUID = INSTALLATION) -> list[object]:
    return [AuditEntry.chain == chain, AuditEntry.number == number]


def found(database: Database) -> list[str]:
    with database.reading() as session:
        return list(broken_links(session))


def test_a_chain_that_nobody_touched_holds(audited: Database) -> None:
    assert found(audited) == []


@pytest.mark.parametrize(
    "value",
    [{"event": "role-granted"}, {"subject": "another"}, {"facts": {"people": 9}}, {"actor_id": INSTALLATION}],
    ids=lambda value: next(iter(value)),
)
def test_an_altered_entry_is_named(audited: Database, value: dict[str, object]) -> None:
    with audited.transaction() as session:
        session.execute(update(AuditEntry).where(*entry(3)).values(**value))  # type: ignore[arg-type]
    assert found(audited) == [f"chain {INSTALLATION}: entry 3 was altered"]


def test_a_missing_entry_is_named(audited: Database) -> None:
    with audited.transaction() as session:
        session.execute(delete(AuditEntry).where(*entry(2)))  # type: ignore[arg-type]
    assert found(audited) == [f"chain {INSTALLATION}: entry 2 is missing"]


def test_a_missing_end_is_named_and_so_is_an_entry_that_was_added(audited: Database) -> None:
    with audited.transaction() as session:
        session.execute(delete(AuditEntry).where(*entry(5)))  # type: ignore[arg-type]
        last = session.get_one(AuditEntry, (ELSEWHERE, 5))
        forged = {column.name: getattr(last, column.name) for column in AuditEntry.__table__.c}
        session.add(AuditEntry(**forged | {"number": 6, "previous": last.digest}))
    assert sorted(found(audited)) == sorted(
        [
            f"chain {INSTALLATION}: its end is missing or altered",
            f"chain {ELSEWHERE}: entry 6 was altered",
            f"chain {ELSEWHERE}: its end is missing or altered",
        ]
    )


def test_the_entries_of_a_chain_whose_head_is_gone_are_named(audited: Database) -> None:
    with audited.transaction() as session:
        session.execute(delete(AuditChain).where(AuditChain.chain == ELSEWHERE))
    assert found(audited) == [f"chain {ELSEWHERE}: its head is missing"]


def test_the_command_names_the_entry_and_ends_with_one(audited: Database, tmp_path: Path) -> None:
    environment = {
        "TRAINING_DATABASE_URL": audited.url.render_as_string(hide_password=False),
        "TRAINING_DATA_DIR": str(tmp_path),
        "TRAINING_SECRET_KEY": SECRET,
        "TRAINING_MAIL_URL": f"file://{tmp_path}",
        **seal_files(),
    }
    held = CliRunner(env=environment).invoke(training, ["audit", "verify"])
    assert (held.exit_code, held.output) == (0, "Every chain of the audit holds.\n")
    with audited.transaction() as session:
        session.execute(delete(AuditEntry).where(*entry(2)))  # type: ignore[arg-type]
    broken = CliRunner(env=environment).invoke(training, ["audit", "verify"])
    assert broken.exit_code == 1
    assert f"chain {INSTALLATION}: entry 2 is missing" in broken.output
