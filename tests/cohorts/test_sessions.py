"""The sessions of a group and who attended them, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import COURSE, NOW, Cast, assemble, identifier
from tests.tables import nothing_changes
from tests.together import at_once
from training.audit.models import AuditEntry
from training.cohorts import actions, rules, sessions
from training.cohorts.models import Attendance
from training.cohorts.rules import PrivacyMode, SessionKind, Tally, Terms
from training.cohorts.sessions import (
    AttendanceNoted,
    NoSuchGroup,
    NoSuchSession,
    NotedMeanwhile,
    NotYetBegun,
    SessionPlan,
)
from training.courses.library import Library
from training.db import Database

HOUR = timedelta(hours=1)
PLAN = SessionPlan(
    title="Opening day",
    kind=SessionKind.FIELD_VISIT,
    place="Quay 4",
    time_zone="Europe/Athens",
    starts_at=NOW - 3 * HOUR,
    ends_at=NOW - HOUR,
)


class Group:
    """A group of three with a session that has begun."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.session = cast, cast.session
        self.ada, self.bea, self.cleo = cast.person("Ada"), cast.person("Bea"), cast.person("Cleo")
        trainer = cast.trainer()
        self.tom = cast.actor(trainer)
        self.group = cast.group(trainer, self.ada, self.bea, self.cleo)
        self.meeting = sessions.plan_session(self.session, self.tom, self.group.id, PLAN, now=NOW)

    def note(self, *attended: UUID, seen: datetime | None = None, now: datetime = NOW) -> Tally:
        return sessions.note_attendance(
            self.session, self.tom, self.group.id, self.meeting.id, attended, seen=seen, now=now
        )

    def noted(self) -> dict[UUID, bool]:
        return {one.person_id: one.attended for one in sessions.attendance_at(self.session, self.meeting)}


@pytest.fixture
def group(cast: Cast) -> Group:
    return Group(cast)


def test_who_was_there_and_who_was_not_is_noted_and_on_record(group: Group) -> None:
    assert group.note(group.ada, group.bea) == Tally(attended=2, held=3)
    assert group.noted() == {group.ada: True, group.bea: True, group.cleo: False}
    last = group.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.event, last.subject) == ("attendance-noted", str(group.group.id))
    assert last.facts == {"session_id": str(group.meeting.id), "attended": 2, "of": 3}


def test_a_note_can_be_corrected(group: Group) -> None:
    group.note(group.ada)
    assert group.note(group.bea, seen=NOW, now=NOW + HOUR) == Tally(attended=1, held=3)
    assert group.noted() == {group.ada: False, group.bea: True, group.cleo: False}


def test_attendance_of_a_session_that_is_still_to_come_is_refused(group: Group) -> None:
    """H3: nobody has attended what is still to come, whatever the clock of the one who notes it says."""
    later = replace(PLAN, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    sessions.change_session(group.session, group.tom, group.group.id, group.meeting.id, later, now=NOW)
    with nothing_changes(group.session), pytest.raises(NotYetBegun):
        group.note(group.ada)
    assert group.note(group.ada, now=NOW + HOUR) == Tally(attended=1, held=3)


def test_what_is_planned_is_not_held_against_anybody(group: Group) -> None:
    """H5: planned and held are apart; a session of which nothing was noted is not one that somebody missed."""
    group.note(group.ada)
    sessions.plan_session(group.session, group.tom, group.group.id, replace(PLAN, title="Second"), now=NOW)
    coming = replace(PLAN, title="Third", starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    sessions.plan_session(group.session, group.tom, group.group.id, coming, now=NOW)
    assert sessions.tallies(group.session, group.group.id) == {
        group.ada: Tally(attended=1, held=1),
        group.bea: Tally(attended=0, held=1),
        group.cleo: Tally(attended=0, held=1),
    }
    lines = sessions.session_lines(group.session, group.group.id)
    assert [(line.meeting.title, line.attendance) for line in lines] == [
        ("Opening day", Tally(attended=1, held=3)),
        ("Second", Tally(attended=0, held=0)),
        ("Third", Tally(attended=0, held=0)),
    ]


def test_who_joins_after_a_session_did_not_miss_it_but_may_have_been_there(group: Group) -> None:
    late, guest = group.cast.person("Late"), group.cast.person("Guest")
    for person_id in (late, guest):
        actions.join(group.session, person_id, group.group, seen=Terms(PrivacyMode.MILESTONES), now=NOW)
    group.note(group.ada, guest)
    assert group.noted() == {group.ada: True, group.bea: False, group.cleo: False, guest: True}
    group.note(group.ada, seen=NOW, now=NOW + HOUR)
    assert group.noted() == {group.ada: True, group.bea: False, group.cleo: False, guest: False}, "a slip is mended"


def test_what_was_noted_of_somebody_who_left_stays_theirs_and_is_not_seen(group: Group) -> None:
    group.note(group.ada, group.bea)
    actions.leave(group.session, group.bea, group.group.id, now=NOW)
    group.note(group.ada, seen=NOW, now=NOW + HOUR)
    assert group.noted()[group.bea] is True
    assert sessions.session_lines(group.session, group.group.id)[0].attendance == Tally(attended=1, held=2)


def test_a_stranger_is_not_noted_whoever_names_them(group: Group) -> None:
    stranger = group.cast.person("Stranger")
    group.note(group.ada, stranger)
    assert stranger not in group.noted()


def test_a_session_that_was_held_stays_and_cannot_move_to_the_future(group: Group) -> None:
    group.note(group.ada)
    later = replace(PLAN, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    with nothing_changes(group.session):
        with pytest.raises(AttendanceNoted):
            sessions.cancel_session(group.session, group.tom, group.group.id, group.meeting.id, now=NOW)
        with pytest.raises(NotYetBegun):
            sessions.change_session(group.session, group.tom, group.group.id, group.meeting.id, later, now=NOW)


def test_a_session_that_was_not_held_can_be_taken_off_the_plan(group: Group) -> None:
    sessions.cancel_session(group.session, group.tom, group.group.id, group.meeting.id, now=NOW)
    assert sessions.session_lines(group.session, group.group.id) == []


def test_nobody_touches_the_sessions_of_a_group_that_they_do_not_lead(group: Group) -> None:
    other = group.cast.actor(group.cast.trainer("Tilda"))
    at = (group.group.id, group.meeting.id)
    with nothing_changes(group.session):
        with pytest.raises(NoSuchGroup):
            sessions.plan_session(group.session, other, group.group.id, PLAN, now=NOW)
        with pytest.raises(NoSuchSession):
            sessions.change_session(group.session, other, *at, PLAN, now=NOW)
        with pytest.raises(NoSuchSession):
            sessions.cancel_session(group.session, other, *at, now=NOW)
        with pytest.raises(NoSuchSession):
            sessions.note_attendance(group.session, other, *at, [group.ada], seen=None, now=NOW)
        with pytest.raises(NoSuchSession):
            sessions.cancel_session(group.session, group.tom, group.group.id, identifier(), now=NOW)


def test_a_member_sees_the_sessions_of_their_groups_and_what_was_noted_of_them(group: Group) -> None:
    group.note(group.ada)
    other = group.cast.group(group.cast.trainer("Tilda"), group.bea, name="Group South")
    third = group.cast.trainer("Third")
    group.cast.meets(third, group.cast.group(third, group.ada, name="Not hers"), group.ada)
    own = sessions.own_groups(group.session, group.bea, COURSE)
    assert [(one.name, [(meeting.title, meeting.attended) for meeting in one.sessions]) for one in own] == [
        ("Group North", [("Opening day", False)]),
        ("Group South", []),
    ]
    assert sessions.sessions_held(group.session, group.bea, other.id) == []
    assert sessions.sessions_held(group.session, group.ada, group.group.id) == [(group.meeting, True)]


def test_two_trainers_who_note_at_once_do_not_overwrite_each_other(database: Database, library: Library) -> None:
    with database.transaction() as session:
        cast = assemble(session, library)
        tom, ada, bea = cast.trainer(), cast.person("Ada"), cast.person("Bea")
        actor, group = cast.actor(tom), cast.group(tom, ada, bea)
        group_id, session_id = group.id, cast.meets(tom, group)

    def noting(attended: UUID, minute: int) -> Callable[[Session], None]:
        def note(session: Session) -> None:
            now = NOW + timedelta(minutes=minute)
            sessions.note_attendance(session, actor, group_id, session_id, [attended], seen=None, now=now)

        return note

    outcomes = at_once(database, [noting(ada, 1), noting(bea, 2)])
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "NotedMeanwhile"]
    with database.reading() as session:
        assert sorted(session.scalars(select(Attendance.attended))) == [False, True]


def test_who_notes_what_somebody_else_has_noted_meanwhile_is_told(group: Group) -> None:
    group.note(group.ada)
    with nothing_changes(group.session), pytest.raises(NotedMeanwhile):
        group.note(group.bea, now=NOW + HOUR)


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        (date(2026, 12, 4), time(14, 30), "Europe/Brussels", datetime(2026, 12, 4, 13, 30, tzinfo=UTC)),
        (date(2026, 7, 4), time(14, 30), "Europe/Athens", datetime(2026, 7, 4, 11, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 30), "Europe/Brussels", None),
        (date(2026, 10, 25), time(2, 30), "Europe/Brussels", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_that_of_the_place_and_one_that_the_clocks_skip_is_none(
    day: date, at: time, zone: str, moment: datetime | None
) -> None:
    """E8: around the change of the clocks too."""
    assert rules.moment_of(day, at, ZoneInfo(zone)) == moment
