"""What stands on the first page of a signed-in person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, null, select, type_coerce, union_all

from training.cohorts.models import DueDate, GroupSession, Membership, TrainingGroup
from training.courses.library import Library, LoadedCourse
from training.db import Transaction, rows_of
from training.learning.rules import OpenStep, open_steps
from training.progress.queries import demand_of, progress_of
from training.progress.rules import Punctuality, Remaining, Standing, due_moment, punctuality, remaining, standing


@dataclass(frozen=True, kw_only=True)
class ComingDate:
    """A due date of one of the person's groups, for a chapter that is still open."""

    group: str
    chapter: str
    due_on: date
    state: Punctuality


@dataclass(frozen=True, kw_only=True)
class ComingSession:
    """A session of one of the person's groups that has not ended. Its words are those of the group's trainers."""

    id: UUID
    group_id: UUID
    group: str
    title: str
    kind: str
    place: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A person's own start: how far they are, what is open, what is due."""

    standing: Standing
    remaining: Remaining
    open_steps: Sequence[OpenStep]
    dates: Sequence[ComingDate]
    sessions: Sequence[ComingSession]
    begun: bool


_GROUPS = (
    select(TrainingGroup.name)
    .join(Membership, Membership.group_id == TrainingGroup.id)
    .where(
        Membership.person_id == bindparam("person"),
        Membership.left_at.is_(None),
        TrainingGroup.course == bindparam("course"),
    )
)
_AHEAD = union_all(
    _GROUPS.join(GroupSession, GroupSession.group_id == TrainingGroup.id)
    .where(GroupSession.ends_at > bindparam("now"))
    .add_columns(
        GroupSession.id,
        GroupSession.group_id,
        GroupSession.time_zone,
        GroupSession.title,
        GroupSession.kind,
        GroupSession.place,
        GroupSession.starts_at,
        GroupSession.ends_at,
        type_coerce(null(), DueDate.chapter.type).label("chapter"),
        type_coerce(null(), DueDate.due_on.type).label("due_on"),
    ),
    _GROUPS.join(DueDate, DueDate.group_id == TrainingGroup.id).add_columns(
        type_coerce(null(), GroupSession.id.type),
        type_coerce(null(), GroupSession.group_id.type),
        TrainingGroup.time_zone,
        null(),
        null(),
        null(),
        null(),
        null(),
        DueDate.chapter,
        DueDate.due_on,
    ),
).order_by("starts_at", "due_on")
"""What is ahead in the groups of a person: sessions, which have a title, and due dates, which have a chapter."""


def desk(transaction: Transaction, library: Library, person_id: UUID, course: LoadedCourse, now: datetime) -> Desk:
    """Return a person's own start. Two statements."""
    version, reached = progress_of(transaction, person_id, course.slug)
    demand = demand_of(library, course.slug, version or course.file.current_rule.version)
    stand = standing(demand, reached)
    rows = rows_of(transaction).execute(_AHEAD, {"person": person_id, "course": course.slug, "now": now}).all()
    return Desk(
        standing=stand,
        remaining=remaining(demand, reached),
        open_steps=open_steps(demand, stand),
        dates=[date for row in rows if row.chapter and (date := _date(row, stand, now))],
        sessions=[_session(row) for row in rows if row.title],
        begun=version is not None,
    )


def _date(row: Row[Any], stand: Standing, now: datetime) -> ComingDate | None:
    own = stand.chapter(row.chapter)
    if own is None or own.completed:
        return None
    state = punctuality(due=due_moment(row.due_on, ZoneInfo(row.time_zone)), done_at=None, now=now)
    return ComingDate(group=row.name, chapter=row.chapter, due_on=row.due_on, state=state)


def _session(row: Row[Any]) -> ComingSession:
    return ComingSession(
        id=row.id,
        group_id=row.group_id,
        group=row.name,
        title=row.title,
        kind=row.kind,
        place=row.place,
        time_zone=row.time_zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def first_steps(library: Library, course: LoadedCourse) -> Sequence[OpenStep]:
    """Return the steps of a course for somebody who has not begun."""
    demand = demand_of(library, course.slug, course.file.current_rule.version)
    return open_steps(demand, standing(demand, []))
