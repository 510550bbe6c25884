"""The sessions of a group: planned, changed, cancelled, held; and who attended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.cohorts import rules
from training.cohorts.models import Attendance, GroupSession, Membership, TrainingGroup
from training.cohorts.queries import group_led_by, groups_led_by, members_of
from training.cohorts.rules import SessionKind, Tally, tally
from training.db import Transaction, new_id, rows_of

_OF_SESSION = and_(Attendance.group_id == GroupSession.group_id, Attendance.session_id == GroupSession.id)


class NoSuchGroup(Exception):
    """The actor leads no such group."""


class NoSuchSession(Exception):
    """There is no such session in a group that the actor leads."""


class NotYetBegun(Exception):
    """Attendance would stand on a session that is still to come."""


class AttendanceNoted(Exception):
    """The session was held: attendance has been noted, and belongs to the members."""


class NotedMeanwhile(Exception):
    """Attendance was noted by somebody else since the actor saw it."""


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """What a trainer says of a session; `starts_at` and `ends_at` are moments (UTC)."""

    title: str
    kind: SessionKind
    place: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime


def plan_session(session: Session, actor: Actor, group_id: UUID, plan: SessionPlan, *, now: datetime) -> GroupSession:
    """Add a session to a group that the actor leads, and return it. Raises `NoSuchGroup`."""
    if group_led_by(session, actor.person_id, group_id) is None:
        raise NoSuchGroup
    meeting = GroupSession(group_id=group_id, id=new_id(), **_terms(plan))
    session.add(meeting)
    session.flush()
    _record(session, Event.SESSION_PLANNED, actor, meeting, now)
    return meeting


def change_session(
    session: Session, actor: Actor, group_id: UUID, session_id: UUID, plan: SessionPlan, *, now: datetime
) -> None:
    """Change a session. Raises `NoSuchSession`, and `NotYetBegun` if one that was held would move to the future."""
    meeting = _own_session(session, actor, group_id, session_id)
    if meeting.recorded_at is not None and not rules.has_begun(plan.starts_at, now):
        raise NotYetBegun
    for name, value in _terms(plan).items():
        setattr(meeting, name, value)
    session.flush()
    _record(session, Event.SESSION_CHANGED, actor, meeting, now)


def cancel_session(session: Session, actor: Actor, group_id: UUID, session_id: UUID, *, now: datetime) -> None:
    """Take a session that was not held off the plan. Raises `NoSuchSession`, `AttendanceNoted`."""
    meeting = _own_session(session, actor, group_id, session_id)
    if meeting.recorded_at is not None:
        raise AttendanceNoted
    session.delete(meeting)
    session.flush()
    _record(session, Event.SESSION_CANCELLED, actor, meeting, now)


def note_attendance(
    session: Session,
    actor: Actor,
    group_id: UUID,
    session_id: UUID,
    ticked: Collection[UUID],
    *,
    seen: datetime | None,
    now: datetime,
) -> Tally:
    """Note who attended a session, and return how many did of how many were expected.

    `seen` is when attendance was last noted, as the actor saw it. What was noted of former members stays as it is.
    Raises `NoSuchSession`, `NotYetBegun`, `NotedMeanwhile`.
    """
    meeting = _own_session(session, actor, group_id, session_id)
    if not rules.has_begun(meeting.starts_at, now):
        raise NotYetBegun
    if meeting.recorded_at != seen:
        raise NotedMeanwhile
    joined_at = {member.person_id: member.joined_at for member in members_of(session, group_id)}
    known = {one.person_id: one for one in attendance_at(session, meeting)}
    notes = rules.attendance_notes(ticked, joined_at, ends_at=meeting.ends_at, noted=known)
    for person_id, attended in notes.items():
        kept = known.get(person_id)
        if kept is None:
            kept = Attendance(person_id=person_id, group_id=group_id, session_id=session_id)
            session.add(kept)
        if kept.attended is not attended:
            kept.attended, kept.recorded_at = attended, now
    meeting.recorded_at = now
    session.flush()
    counted = tally(notes.values())
    _record(session, Event.ATTENDANCE_NOTED, actor, meeting, now, attended=counted.attended, of=counted.held)
    return counted


def _own_session(session: Session, actor: Actor, group_id: UUID, session_id: UUID) -> GroupSession:
    """Return a session of a group that the actor leads, locked: what is noted of it is noted by one at a time."""
    led = groups_led_by(actor.person_id).with_only_columns(TrainingGroup.id)
    meeting = session.scalar(
        select(GroupSession)
        .where(GroupSession.group_id == group_id, GroupSession.id == session_id, GroupSession.group_id.in_(led))
        .with_for_update()
    )
    if meeting is None:
        raise NoSuchSession
    return meeting


def _record(session: Session, event: Event, actor: Actor, meeting: GroupSession, now: datetime, **facts: Any) -> None:
    facts["session_id"] = str(meeting.id)
    record(session, event, actor_id=actor.person_id, subject=str(meeting.group_id), now=now, **facts)


def _terms(plan: SessionPlan) -> dict[str, object]:
    return {
        "title": plan.title,
        "kind": plan.kind.value,
        "place": plan.place,
        "time_zone": plan.time_zone,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
    }


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """A session in the list of its group. `attendance` counts those who are members now."""

    meeting: GroupSession
    attendance: Tally


def session_lines(session: Session, group_id: UUID) -> Sequence[SessionLine]:
    """Return the sessions of a group in the order of time, with how many attended. One statement."""
    members = select(Membership.person_id).where(Membership.group_id == group_id, Membership.left_at.is_(None))
    noted = Attendance.person_id.in_(members)
    rows = session.execute(
        select(
            GroupSession,
            func.count(Attendance.person_id),
            func.count(case((Attendance.attended.is_(True), 1))),
        )
        .outerjoin(Attendance, and_(_OF_SESSION, noted))
        .where(GroupSession.group_id == group_id)
        .group_by(*GroupSession.__table__.c)
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return [
        SessionLine(meeting=meeting, attendance=Tally(attended=attended, held=noted))
        for meeting, noted, attended in rows
    ]


def session_of(session: Session, group_id: UUID, session_id: UUID) -> GroupSession | None:
    """Return a session of a group, if there is such a one."""
    return session.get(GroupSession, (group_id, session_id))


def attendance_at(session: Session, meeting: GroupSession) -> Sequence[Attendance]:
    """Return what was noted of everybody at a session."""
    return session.scalars(
        select(Attendance).where(Attendance.group_id == meeting.group_id, Attendance.session_id == meeting.id)
    ).all()


def tallies(session: Session, group_id: UUID, *, only: UUID | None = None) -> dict[UUID, Tally]:
    """Return how many sessions of a group each member attended, of how many; or the one asked for. One statement."""
    found = select(Attendance.person_id, Attendance.attended).where(Attendance.group_id == group_id)
    noted: dict[UUID, list[bool]] = {}
    for person_id, attended in session.execute(found.where(Attendance.person_id == only) if only else found):
        noted.setdefault(person_id, []).append(attended)
    return {person_id: tally(theirs) for person_id, theirs in noted.items()}


@dataclass(frozen=True)
class OwnSession:
    """A session from the side of a member. `attended` is None as long as nothing was noted of them."""

    id: UUID
    title: str
    kind: str
    place: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    attended: bool | None


@dataclass(frozen=True, kw_only=True)
class OwnGroup:
    """A group from the side of a member: its sessions in the order of time, and how many of them it asks of them."""

    id: UUID
    name: str
    sessions_asked: int
    sessions: Sequence[OwnSession]

    @property
    def attended(self) -> int:
        return sum(one.attended is True for one in self.sessions)

    @property
    def sessions_open(self) -> int:
        """How many more sessions the member has to attend for their course to be completed."""
        return max(self.sessions_asked - self.attended, 0)


NO_SESSION: list[None] = [None] * len(fields(OwnSession))
_OWN_SESSIONS = (
    select(
        TrainingGroup.id,
        TrainingGroup.name,
        TrainingGroup.sessions_asked,
        GroupSession.id,
        GroupSession.title,
        GroupSession.kind,
        GroupSession.place,
        GroupSession.time_zone,
        GroupSession.starts_at,
        GroupSession.ends_at,
        Attendance.attended,
    )
    .join(Membership, Membership.group_id == TrainingGroup.id)
    .outerjoin(GroupSession, GroupSession.group_id == TrainingGroup.id)
    .outerjoin(Attendance, and_(_OF_SESSION, Attendance.person_id == bindparam("person")))
    .where(
        Membership.person_id == bindparam("person"),
        Membership.left_at.is_(None),
        TrainingGroup.course == bindparam("course"),
    )
    .order_by(Membership.joined_at, TrainingGroup.id, GroupSession.starts_at, GroupSession.id)
)


def own_groups(transaction: Transaction, person_id: UUID, course: str) -> Sequence[OwnGroup]:
    """Return the groups in which a person takes a course, the first joined first. One statement."""
    rows = rows_of(transaction).execute(_OWN_SESSIONS, {"person": person_id, "course": course})
    return [
        OwnGroup(
            id=group_id,
            name=name,
            sessions_asked=asked,
            sessions=[OwnSession(*meeting) for _id, _name, _asked, *meeting in theirs if meeting != NO_SESSION],
        )
        for (group_id, name, asked), theirs in groupby(rows, key=lambda row: row[:3])
    ]


def sessions_held(session: Session, person_id: UUID, group_id: UUID) -> Sequence[tuple[GroupSession, bool]]:
    """Return the sessions of a group at which it was noted whether a person attended, in the order of time."""
    rows = session.execute(
        select(GroupSession, Attendance.attended)
        .join(Attendance, _OF_SESSION)
        .where(Attendance.person_id == person_id, Attendance.group_id == group_id)
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return [(meeting, attended) for meeting, attended in rows]
