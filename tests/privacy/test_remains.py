"""What deleting leaves in the files of a database: when it is cleared away, and that nothing keeps a sample of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.cast import Cast
from tests.engines import PostgresEngine
from training import db
from training.db import Database, Installation
from training.people.models import Person
from training.privacy import actions, queries
from training.privacy.rules import are_remains_due
from training.terms import OnErasure, Privacy

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 21, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("erased_at", "rewritten_at", "now", "due"),
    [
        pytest.param(None, None, NIGHT, False, id="nobody was ever erased"),
        pytest.param(NOON, None, NOON + timedelta(hours=2), False, id="people are at work"),
        pytest.param(NOON, None, NIGHT, True, id="the first night"),
        pytest.param(NOON, NIGHT, NIGHT + timedelta(hours=1), False, id="done that night"),
        pytest.param(NIGHT, NIGHT, NIGHT + timedelta(minutes=59), True, id="somebody left while it was done"),
        pytest.param(NOON, None, NOON + timedelta(days=1), True, id="a server that sleeps at night"),
        pytest.param(NIGHT + timedelta(hours=9), NIGHT, NIGHT + timedelta(days=1), True, id="the next one"),
    ],
)
def test_remains_of_the_erased_are_cleared_away_at_night_and_within_a_day(
    erased_at: datetime | None, rewritten_at: datetime | None, now: datetime, due: bool
) -> None:
    assert are_remains_due(erased_at, rewritten_at, now) is due


def test_an_erasure_makes_them_due_until_it_was_done(cast: Cast) -> None:
    person = cast.person()
    assert not actions.remains_are_due(cast.session, now=NIGHT)
    actions.erase(cast.session, person, now=NOON)
    assert actions.remains_are_due(cast.session, now=NIGHT)
    actions.note_rewritten(cast.session, now=NIGHT)
    assert cast.session.scalars(select(Installation.rewritten_at)).all() == [NIGHT]
    assert not actions.remains_are_due(cast.session, now=NIGHT)


def test_a_table_that_is_in_use_is_left_for_the_next_time(
    postgres_engine: PostgresEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_WAITED_FOR", 50)
    with postgres_engine.fresh(tmp_path) as database:
        with database.reading() as session:
            session.execute(select(Person))
            assert not database.rewrite(["person"])
        assert database.rewrite(["person"])


def test_no_sample_of_who_somebody_is_is_kept_for_planning(postgres_engine: PostgresEngine, tmp_path: Path) -> None:
    """PostgreSQL copies values out of the rows; when the last row of a table goes, the copies stay."""
    with postgres_engine.fresh(tmp_path) as database:
        unsampled = columns_without_samples(database)
    erasable = [one for one in queries.declared() if one.erasure.does in {OnErasure.DELETE, OnErasure.CUT}]
    named = {(one.name, column.name) for one in erasable for column in one.columns(Privacy.IDENTITY)}
    assert len(named) > 15
    assert named <= unsampled
    assert {("person", "employer"), ("answer", "device"), ("sign_in", "device")} <= unsampled


def columns_without_samples(database: Database) -> set[tuple[str, str]]:
    rows = text(
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE attstattarget = 0"
    )
    with database.reading() as session:
        return {(row.relname, row.attname) for row in session.execute(rows)}
