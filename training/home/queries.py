"""What stands on the first page of a signed-in person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.cohorts.models import DueDate, Membership, TrainingGroup
from training.courses.library import Library, LoadedCourse
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
class Desk:
    """A person's own start: how far they are, what is open, what is due."""

    standing: Standing
    remaining: Remaining
    open_steps: Sequence[OpenStep]
    dates: Sequence[ComingDate]
    begun: bool


def desk(session: Session, library: Library, person_id: UUID, course: LoadedCourse, now: datetime) -> Desk:
    """Return a person's own start. Two statements."""
    version, reached = progress_of(session, person_id, course.slug)
    demand = demand_of(library, course.slug, version or course.file.current_rule.version)
    stand = standing(demand, reached)
    rows = session.connection().execute(
        select(TrainingGroup.name, TrainingGroup.time_zone, DueDate.chapter, DueDate.due_on)
        .join(Membership, Membership.group_id == TrainingGroup.id)
        .join(DueDate, DueDate.group_id == TrainingGroup.id)
        .where(
            Membership.person_id == person_id,
            Membership.left_at.is_(None),
            TrainingGroup.course == course.slug,
        )
        .order_by(DueDate.due_on)
    )
    dates = []
    for row in rows:
        own = stand.chapter(row.chapter)
        if own is None or own.completed:
            continue
        due = due_moment(row.due_on, ZoneInfo(row.time_zone))
        state = punctuality(due=due, done_at=None, now=now)
        dates.append(ComingDate(group=row.name, chapter=row.chapter, due_on=row.due_on, state=state))
    return Desk(
        standing=stand,
        remaining=remaining(demand, reached),
        open_steps=open_steps(demand, stand),
        dates=dates,
        begun=version is not None,
    )


def first_steps(library: Library, course: LoadedCourse) -> Sequence[OpenStep]:
    """Return the steps of a course for somebody who has not begun."""
    demand = demand_of(library, course.slug, course.file.current_rule.version)
    return open_steps(demand, standing(demand, []))
