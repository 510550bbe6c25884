"""Reading progress: milestones, and the demands that they are measured by."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, select

from training.cohorts.sessions import own_groups
from training.courses.content import CompletionRule
from training.courses.library import Library, LoadedCourse
from training.db import Transaction, rows_of
from training.progress.models import Enrolment, Milestone
from training.progress.rules import ChapterDemand, Demand, MilestoneKind, Reached, Standing, Step, completions, standing


@cache
def demand_of(library: Library, course: str, version: int) -> Demand:
    """Return what a version of a course's rule asks, in the terms of the content as it is loaded."""
    loaded = library.courses[course]
    rule = loaded.rule(version)
    return Demand(
        course=course,
        version=version,
        chapters=[
            _chapter_demand(loaded, slug, film=rule.film and library.plays(course, slug)) for slug in rule.chapters
        ],
    )


def _chapter_demand(course: LoadedCourse, slug: str, *, film: bool) -> ChapterDemand:
    file = course.by_slug[slug].file
    steps = {Step(MilestoneKind.SECTION_READ, f"{slug}/{section.id}"): section.minutes for section in file.sections}
    if film:
        steps[Step(MilestoneKind.FILM_WATCHED, slug)] = file.minutes.film
    steps[Step(MilestoneKind.QUIZ_PASSED, slug)] = file.minutes.quiz
    return ChapterDemand(chapter=slug, steps=steps)


_PROGRESS = (
    select(Enrolment.rule_version, Milestone.kind, Milestone.subject, Milestone.reached_at)
    .outerjoin(Milestone, (Milestone.person_id == Enrolment.person_id) & (Milestone.course == Enrolment.course))
    .where(Enrolment.person_id == bindparam("person"), Enrolment.course == bindparam("course"))
    .order_by(Milestone.reached_at, Milestone.kind, Milestone.subject)
)


def progress_of(transaction: Transaction, person_id: UUID, course: str) -> tuple[int | None, Sequence[Reached]]:
    """Return the version of the rule under which a person is enrolled, and what they have reached. One statement."""
    rows = rows_of(transaction).execute(_PROGRESS, {"person": person_id, "course": course}).all()
    if not rows:
        return None, []
    return rows[0].rule_version, [
        Reached(MilestoneKind(row.kind), row.subject, row.reached_at) for row in rows if row.kind is not None
    ]


def following(transaction: Transaction, demand: Demand, person_id: UUID, reached: Sequence[Reached]) -> list[Step]:
    """Return the completions that follow from what a person has reached, and are not among it.

    The course itself only once no group of theirs asks for a session any more: one statement, when all else is done.
    """
    steps = completions(demand, reached)
    last = Step(MilestoneKind.COURSE_COMPLETED, demand.course)
    if last in steps and any(group.sessions_open for group in own_groups(transaction, person_id, demand.course)):
        steps.remove(last)
    return steps


def rule_of(transaction: Transaction, library: Library, person_id: UUID, course: str) -> CompletionRule:
    """Return the rule that holds for a person: the one under which they are enrolled, or today's. One statement."""
    loaded = library.courses[course]
    version = rule_version(transaction, person_id, course)
    return loaded.rule(version) if version else loaded.file.current_rule


_VERSION = select(Enrolment.rule_version).where(
    Enrolment.person_id == bindparam("person"), Enrolment.course == bindparam("course")
)


def rule_version(transaction: Transaction, person_id: UUID, course: str) -> int | None:
    """Return the version of the rule under which a person is enrolled; nothing if they are not."""
    return rows_of(transaction).execute(_VERSION, {"person": person_id, "course": course}).scalar()


def is_film_watched(transaction: Transaction, library: Library, person_id: UUID, course: str, *, share: float) -> bool:
    """Whether a share (0 to 1) of a film counts as the film for a person, by their rule. One statement, or none where
    no rule of the course would be content."""
    if share < min(rule.film_share for rule in library.courses[course].file.rules):
        return False
    return share >= rule_of(transaction, library, person_id, course).film_share


def standing_of(transaction: Transaction, library: Library, person_id: UUID, course: str) -> Standing:
    """Return how far a person is; who is not enrolled stands at the beginning of today's rule. One statement."""
    version, reached = progress_of(transaction, person_id, course)
    if version is None:
        version = library.courses[course].file.current_rule.version
    return standing(demand_of(library, course, version), reached)
