"""Milestones that are reached at the same moment."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import CHAPTER, COURSE, NOW, assemble
from tests.together import at_once, succeeded
from training.courses.library import Library
from training.db import Database
from training.languages import Language
from training.progress import queries
from training.progress.actions import enrol, reach
from training.progress.models import Milestone
from training.progress.rules import MilestoneKind, Step


def test_steps_reached_at_once_complete_the_chapter_once(database: Database, library: Library) -> None:
    """Whichever transaction comes last sees all the others: none leaves a chapter open of which every step is done."""
    with database.transaction() as session:
        cast = assemble(session, library)
        people = [cast.person(f"Person {number}") for number in range(5)]
        for person_id in people:
            enrol(session, library, person_id, COURSE, now=NOW)
    demand = queries.demand_of(library, COURSE, library.courses[COURSE].file.current_rule.version)
    steps = [step for asked in demand.chapters if asked.chapter == CHAPTER for step in asked.steps]

    def act(person_id: UUID, step: Step) -> Callable[[Session], list[Step]]:
        return lambda session: reach(
            session, library, person_id, COURSE, [step], done_at=NOW, language=Language.EN, now=NOW
        )

    for person_id in people:
        results = at_once(database, [act(person_id, step) for step in steps])
        assert len(succeeded(results)) == len(steps)
    with database.reading() as session:
        completed = select(func.count()).where(Milestone.kind == MilestoneKind.CHAPTER_COMPLETED.value)
        assert session.scalar(completed) == len(people)
        for person_id in people:
            assert queries.standing_of(session, library, person_id, COURSE).chapters_completed == 1
