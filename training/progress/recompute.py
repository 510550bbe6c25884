"""Whether the milestones of everybody follow from the detail that is still kept, and from each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.courses.library import Library
from training.db import insert_once
from training.progress import queries
from training.progress.models import Enrolment, Milestone
from training.progress.rules import MilestoneKind, Step
from training.quizzes.models import Attempt
from training.watching.models import Watched


@dataclass(frozen=True)
class Missing:
    """A milestone that ought to be there."""

    person_id: UUID
    course: str
    step: Step
    since: datetime

    def __str__(self) -> str:
        return f"{self.person_id}: {self.step.kind} {self.step.subject} is missing since {self.since.isoformat()}"


def missing(session: Session, library: Library) -> Iterator[Missing]:
    """Give each milestone that the kept detail, or other milestones, demand and that is not there.

    Detail that retention has deleted demands nothing: milestones stay without it.
    """
    for enrolment in session.scalars(select(Enrolment).execution_options(yield_per=500)):
        if enrolment.course not in library.courses:
            continue
        yield from _missing_of(session, library, enrolment)


def repair(session: Session, library: Library, *, now: datetime) -> int:
    """Write the milestones that are missing and return how many."""
    found = list(missing(session, library))
    for one in found:
        row = {
            "person_id": one.person_id,
            "course": one.course,
            "kind": one.step.kind.value,
            "subject": one.step.subject,
            "chapter": one.step.chapter,
            "done_at": one.since,
            "reached_at": now,
            "language": "en",
        }
        insert_once(session, Milestone, [row])
    return len(found)


def _missing_of(session: Session, library: Library, enrolment: Enrolment) -> Iterator[Missing]:
    person_id, course = enrolment.person_id, enrolment.course
    _version, reached = queries.progress_of(session, person_id, course)
    have = {(one.kind, one.subject) for one in reached}
    for step, since in _demanded_by_detail(session, library, enrolment):
        if (step.kind, step.subject) not in have:
            yield Missing(person_id, course, step, since)
    demand = queries.demand_of(library, course, enrolment.rule_version)
    latest = max((one.reached_at for one in reached), default=enrolment.enrolled_at)
    for step in queries.following(session, demand, person_id, reached):
        yield Missing(person_id, course, step, latest)


def _demanded_by_detail(session: Session, library: Library, enrolment: Enrolment) -> Iterator[tuple[Step, datetime]]:
    person_id, course = enrolment.person_id, enrolment.course
    passed = select(Attempt.chapter, Attempt.submitted_at).where(
        Attempt.person_id == person_id, Attempt.course == course, Attempt.passed.is_(True)
    )
    for chapter, submitted_at in session.execute(passed):
        if submitted_at is not None:
            yield Step(MilestoneKind.QUIZ_PASSED, chapter), submitted_at
    share = library.courses[course].rule(enrolment.rule_version).film_share
    lengths = {(film.chapter, film.revision): film.length for film in library.manifest.films if film.course == course}
    watched = select(Watched).where(Watched.person_id == person_id, Watched.course == course)
    for row in session.scalars(watched):
        length = lengths.get((row.film, row.revision))
        if length is not None and row.covered >= share * length:
            yield Step(MilestoneKind.FILM_WATCHED, row.film), row.updated_at
