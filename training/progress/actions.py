"""Reaching milestones: written once, in the transaction of the act that reaches them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, case, delete, func, select
from sqlalchemy.orm import Session

from training.courses.content import CompletionRule
from training.courses.library import Library
from training.db import Transaction, insert_once, rows_of
from training.languages import Language
from training.people.models import Person
from training.progress import queries
from training.progress.models import Enrolment, Milestone
from training.progress.rules import MilestoneKind, Step


def enrol(transaction: Transaction, library: Library, person_id: UUID, course: str, *, now: datetime) -> CompletionRule:
    """Enrol a person under today's rule; who is enrolled stays under theirs. Return the rule that holds for them."""
    loaded = library.courses[course]
    version = queries.rule_version(transaction, person_id, course)
    if version is None:
        today = loaded.file.current_rule.version
        row = {"person_id": person_id, "course": course, "rule_version": today, "enrolled_at": now}
        insert_once(transaction, Enrolment, [row])
        version = queries.rule_version(transaction, person_id, course) or today
    return loaded.rule(version)


def reach(
    transaction: Transaction,
    library: Library,
    person_id: UUID,
    course: str,
    steps: list[Step],
    *,
    done_at: datetime,
    language: Language,
    now: datetime,
) -> list[Step]:
    """Write the milestones of these steps, and of the completions that follow; return those that are new.

    The enrolment is locked first: of two last steps that are reached at once, the second sees the first.
    """
    enrol(transaction, library, person_id, course, now=now)
    rows_of(transaction).execute(_LOCKED, {"person": person_id, "course": course})
    new = _write(transaction, person_id, course, steps, done_at=done_at, language=language, now=now)
    version, reached = queries.progress_of(transaction, person_id, course)
    if version is None:
        raise LookupError("the enrolment was written just now")
    following = queries.following(transaction, queries.demand_of(library, course, version), person_id, reached)
    return [*new, *_write(transaction, person_id, course, following, done_at=done_at, language=language, now=now)]


def settle(session: Session, library: Library, people: Iterable[UUID], course: str, *, now: datetime) -> None:
    """Write the completions that follow for people of whom a group asks less now, or who have attended more.

    Their enrolments are locked first, in one order for everybody: whoever completes a last chapter meanwhile is waited
    for, or sees what was written here.
    """
    concerned = list(people)
    session.execute(
        select(Enrolment.person_id)
        .where(Enrolment.course == course, Enrolment.person_id.in_(concerned))
        .order_by(Enrolment.person_id)
        .with_for_update()
    )
    chapters = func.count(case((Milestone.kind == MilestoneKind.CHAPTER_COMPLETED.value, 1)))
    completed = func.count(case((Milestone.kind == MilestoneKind.COURSE_COMPLETED.value, 1)))
    waiting = session.execute(
        select(Person.id, Person.language, Enrolment.rule_version, chapters)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Milestone, and_(Milestone.person_id == Enrolment.person_id, Milestone.course == Enrolment.course))
        .where(Enrolment.course == course, Person.id.in_(concerned))
        .group_by(Person.id, Person.language, Enrolment.rule_version)
        .having(completed == 0)
        .order_by(Person.id)
    )
    for person_id, code, version, done in waiting.all():
        if done >= len(library.courses[course].rule(version).chapters):
            reach(session, library, person_id, course, [], done_at=now, language=Language(code), now=now)


_LOCKED = (
    select(Enrolment.rule_version)
    .where(Enrolment.person_id == bindparam("person"), Enrolment.course == bindparam("course"))
    .with_for_update()
)


def unread(session: Session, person_id: UUID, course: str, subject: str) -> None:
    """Take back that a section was read, at the reader's own wish. What was completed with it stays completed."""
    session.execute(
        delete(Milestone).where(
            Milestone.person_id == person_id,
            Milestone.course == course,
            Milestone.kind == MilestoneKind.SECTION_READ.value,
            Milestone.subject == subject,
        )
    )


def _write(
    transaction: Transaction,
    person_id: UUID,
    course: str,
    steps: list[Step],
    *,
    done_at: datetime,
    language: Language,
    now: datetime,
) -> list[Step]:
    rows = [
        {
            "person_id": person_id,
            "course": course,
            "kind": step.kind.value,
            "subject": step.subject,
            "chapter": step.chapter,
            "done_at": min(done_at, now),
            "reached_at": now,
            "language": language.value,
        }
        for step in steps
    ]
    new = insert_once(transaction, Milestone, rows)
    return [step for step, is_new in zip(steps, new, strict=True) if is_new]
