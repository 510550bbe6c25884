"""The demonstration is made by the acts of real people, and keeps every rule that they keep."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, make_url, select

from tests.conftest import settings_for
from training import demo, schema
from training.app import create_app
from training.cohorts.models import Attendance, TrainingGroup
from training.courses.library import Library
from training.db import Database
from training.demo_cast import COURSE
from training.people.models import Person
from training.progress.models import Milestone
from training.progress.queries import standing_of
from training.progress.recompute import missing
from training.progress.rules import MilestoneKind


def test_in_the_demonstration_nobody_completes_the_course_before_the_session_that_their_group_asks_for(
    tmp_path: Path, library: Library
) -> None:
    database = Database(make_url(f"sqlite:///{tmp_path / 'training.sqlite3'}"))
    schema.upgrade(database, demo=True, now=datetime.now(UTC))
    app = create_app(settings_for(tmp_path, TRAINING_DEMO="1"), database=database, library=library)
    demo.load(app, now=datetime.now(UTC))
    with database.reading() as session:
        assert session.scalars(select(TrainingGroup.sessions_asked)).all() == [1]
        assert list(missing(session, library)) == []
        completed = session.execute(
            select(Milestone.reached_at, func.min(Attendance.recorded_at))
            .join(Attendance, Attendance.person_id == Milestone.person_id)
            .where(Milestone.kind == MilestoneKind.COURSE_COMPLETED.value, Attendance.attended.is_(True))
            .group_by(Milestone.person_id, Milestone.reached_at)
        ).all()
        assert len(completed) == 4
        assert all(attended <= reached + timedelta(seconds=1) for reached, attended in completed)
        standings = [standing_of(session, library, one, COURSE) for one in session.scalars(select(Person.id))]
        assert sum(one.only_sessions_open for one in standings) == 1
    database.close()
