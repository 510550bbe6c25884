"""A group that meets may ask for attendance: the course is completed once its chapters and those sessions are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import COURSE, NOW, Cast, assemble
from tests.together import at_once, succeeded
from training.cohorts import actions, sessions
from training.cohorts.models import Attendance, TrainingGroup
from training.courses.library import Library
from training.db import Database
from training.progress.actions import settle
from training.progress.queries import standing_of
from training.progress.recompute import missing, repair
from training.progress.rules import MilestoneKind


def completed(cast: Cast, person_id: object) -> bool:
    standing = standing_of(cast.session, cast.library, person_id, COURSE)  # type: ignore[arg-type]
    assert standing.chapters_completed == len(standing.chapters)
    return standing.completed


def test_chapters_first_or_sessions_first_the_last_of_them_completes_the_course(cast: Cast) -> None:
    tom, ada, bea = cast.trainer(), cast.person("Ada"), cast.person("Bea")
    group = cast.group(tom, ada, bea, sessions_asked=2)
    cast.completes(ada)
    assert not completed(cast, ada)
    cast.meets(tom, group, ada, bea, days=-2)
    assert not completed(cast, ada)
    cast.meets(tom, group, ada, bea)
    assert completed(cast, ada)
    cast.completes(bea)
    assert completed(cast, bea)


def test_who_was_absent_is_not_done_and_whoever_is_in_two_groups_owes_both(cast: Cast) -> None:
    tom, ada, bea = cast.trainer(), cast.person("Ada"), cast.person("Bea")
    north = cast.group(tom, ada, bea, sessions_asked=1)
    south = cast.group(tom, bea, sessions_asked=1, name="Group South")
    cast.completes(ada)
    cast.completes(bea)
    cast.meets(tom, north, bea)
    assert not completed(cast, ada)
    assert not completed(cast, bea)
    cast.meets(tom, south, bea)
    assert completed(cast, bea)


def test_what_was_completed_stays_so_when_attendance_is_corrected_or_another_group_asks(cast: Cast) -> None:
    tom, ada, bea = cast.trainer(), cast.person("Ada"), cast.person("Bea")
    group = cast.group(tom, ada, bea, sessions_asked=1)
    cast.completes(ada)
    meeting = cast.meets(tom, group, ada)
    seen = sessions.session_of(cast.session, group.id, meeting)
    assert seen is not None
    actor = cast.actor(tom)
    sessions.note_attendance(cast.session, actor, group.id, meeting, [bea], seen=seen.recorded_at, now=NOW)
    cast.group(tom, ada, sessions_asked=3, name="Group South")
    assert completed(cast, ada)


def test_a_group_that_somebody_has_left_asks_nothing_of_them(cast: Cast) -> None:
    tom, ada = cast.trainer(), cast.person("Ada")
    group = cast.group(tom, ada, sessions_asked=1)
    cast.completes(ada)
    actions.leave(cast.session, ada, group.id, now=NOW)
    settle(cast.session, cast.library, [ada], COURSE, now=NOW)
    assert completed(cast, ada)


def test_a_completion_that_attendance_demands_and_that_was_lost_is_named_and_written_again(cast: Cast) -> None:
    tom, ada = cast.trainer(), cast.person("Ada")
    group = cast.group(tom, ada, sessions_asked=1)
    cast.completes(ada)
    assert list(missing(cast.session, cast.library)) == [], "a session is open"
    meeting = cast.meets(tom, group)
    cast.session.add(Attendance(person_id=ada, group_id=group.id, session_id=meeting, attended=True, recorded_at=NOW))
    cast.session.flush()
    assert [one.step.kind for one in missing(cast.session, cast.library)] == [MilestoneKind.COURSE_COMPLETED]
    assert repair(cast.session, cast.library, now=NOW) == 1
    assert completed(cast, ada)


@pytest.mark.parametrize("turn", range(4))
def test_a_last_chapter_and_a_last_session_at_the_same_moment_complete_the_course(
    database: Database, library: Library, turn: int
) -> None:
    """Whichever transaction comes last sees the other."""
    with database.transaction() as session:
        cast = assemble(session, library)
        tom, ada = cast.trainer(), cast.person("Ada")
        actor, group_id = cast.actor(tom), cast.group(tom, ada, sessions_asked=1).id
        meeting = cast.meets(tom, session.get_one(TrainingGroup, group_id))
        *before, last = cast.every_step()
        cast.reaches(ada, *before)

    def learn(session: Session) -> None:
        Cast(session=session, library=library, places={}, now=NOW).reaches(ada, last)

    def note(session: Session) -> None:
        sessions.note_attendance(session, actor, group_id, meeting, [ada], seen=None, now=NOW)
        settle(session, library, [ada], COURSE, now=NOW + timedelta(seconds=1))

    acts: list[Callable[[Session], None]] = [learn, note] if turn % 2 else [note, learn]
    assert len(succeeded(at_once(database, acts))) == len(acts)
    with database.reading() as session:
        assert standing_of(session, library, ada, COURSE).completed
