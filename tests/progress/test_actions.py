"""Reaching milestones, on both engines."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from tests.cast import CHAPTER, COURSE, NOW, Cast
from tests.tables import nothing_changes
from training.languages import Language
from training.progress import actions, queries
from training.progress.models import Enrolment, Milestone
from training.progress.rules import MilestoneKind, Reached, Standing, Step, standing

HOUR = timedelta(hours=1)


def steps_of_chapter(cast: Cast) -> list[Step]:
    demand = queries.demand_of(cast.library, COURSE, cast.library.courses[COURSE].file.current_rule.version)
    return [step for asked in demand.chapters if asked.chapter == CHAPTER for step in asked.steps]


def reach(
    cast: Cast, person_id: UUID, *steps: Step, hours: int = 0, done: int | None = None, language: Language = Language.EN
) -> list[Step]:
    now = NOW + hours * HOUR
    return actions.reach(
        cast.session,
        cast.library,
        person_id,
        COURSE,
        list(steps),
        done_at=now if done is None else NOW + done * HOUR,
        language=language,
        now=now,
    )


def milestones(cast: Cast, person_id: UUID) -> dict[tuple[str, str], Milestone]:
    rows = cast.session.scalars(select(Milestone).where(Milestone.person_id == person_id))
    return {(row.kind, row.subject): row for row in rows}


def test_who_reaches_something_is_enrolled_under_todays_rule(cast: Cast) -> None:
    """A6: enrolment is in the course, in whatever language somebody begins."""
    ada = cast.person()
    reach(cast, ada, steps_of_chapter(cast)[0])
    enrolment = cast.session.get_one(Enrolment, (ada, COURSE))
    assert enrolment.rule_version == cast.library.courses[COURSE].file.current_rule.version


def test_enrolling_again_changes_nothing(cast: Cast) -> None:
    ada = cast.person()
    actions.enrol(cast.session, cast.library, ada, COURSE, now=NOW)
    with nothing_changes(cast.session):
        actions.enrol(cast.session, cast.library, ada, COURSE, now=NOW + HOUR)


def test_a_milestone_is_written_once_with_its_first_date_and_language(cast: Cast) -> None:
    ada = cast.person()
    step = steps_of_chapter(cast)[0]
    assert reach(cast, ada, step, language=Language.FR) == [step]
    with nothing_changes(cast.session):
        assert reach(cast, ada, step, hours=5, language=Language.DE) == []
    kept = milestones(cast, ada)[step.kind, step.subject]
    assert (kept.reached_at, kept.done_at, kept.language, kept.chapter) == (NOW, NOW, "fr", CHAPTER)


def test_what_was_done_before_it_is_known_keeps_both_moments(cast: Cast) -> None:
    ada = cast.person()
    step = steps_of_chapter(cast)[0]
    reach(cast, ada, step, hours=5, done=2)
    kept = milestones(cast, ada)[step.kind, step.subject]
    assert (kept.done_at, kept.reached_at) == (NOW + 2 * HOUR, NOW + 5 * HOUR)


def test_nothing_is_done_after_it_is_known(cast: Cast) -> None:
    ada = cast.person()
    step = steps_of_chapter(cast)[0]
    reach(cast, ada, step, done=9)
    assert milestones(cast, ada)[step.kind, step.subject].done_at == NOW


def test_the_last_step_completes_the_chapter_in_the_same_transaction(cast: Cast) -> None:
    ada = cast.person()
    *first, last = steps_of_chapter(cast)
    reach(cast, ada, *first)
    assert (MilestoneKind.CHAPTER_COMPLETED, CHAPTER) not in milestones(cast, ada)
    new = reach(cast, ada, last, hours=1)
    assert new[:2] == [last, Step(MilestoneKind.CHAPTER_COMPLETED, CHAPTER)]
    assert milestones(cast, ada)[MilestoneKind.CHAPTER_COMPLETED, CHAPTER].reached_at == NOW + HOUR


def test_completing_what_the_rule_asks_completes_the_course(cast: Cast) -> None:
    ada = cast.person()
    cast.completes(ada)
    assert (MilestoneKind.COURSE_COMPLETED, COURSE) in milestones(cast, ada)
    assert queries.standing_of(cast.session, cast.library, ada, COURSE).completed


def test_a_reader_can_take_back_that_a_section_was_read(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    step = steps_of_chapter(cast)[0]
    for person_id in (ada, eve):
        reach(cast, person_id, step)
    actions.unread(cast.session, ada, COURSE, step.subject)
    assert milestones(cast, ada) == {}
    assert list(milestones(cast, eve)) == [(step.kind, step.subject)]


def test_taking_a_section_back_leaves_the_completed_chapter_completed(cast: Cast) -> None:
    ada = cast.person()
    cast.completes(ada)
    section = next(step for step in steps_of_chapter(cast) if step.kind is MilestoneKind.SECTION_READ)
    actions.unread(cast.session, ada, COURSE, section.subject)
    own = queries.standing_of(cast.session, cast.library, ada, COURSE)
    assert own.completed
    assert own.minutes_open == 0


def test_only_reading_can_be_taken_back(cast: Cast) -> None:
    ada = cast.person()
    reach(cast, ada, Step(MilestoneKind.QUIZ_PASSED, CHAPTER))
    with nothing_changes(cast.session):
        actions.unread(cast.session, ada, COURSE, CHAPTER)


def read_by_hand(cast: Cast, person_id: UUID) -> Standing:
    rows = milestones(cast, person_id).values()
    reached = [Reached(MilestoneKind(row.kind), row.subject, row.reached_at) for row in rows]
    return standing(
        queries.demand_of(cast.library, COURSE, cast.library.courses[COURSE].file.current_rule.version), reached
    )


def test_the_standing_that_is_read_is_the_one_that_the_rule_computes(cast: Cast) -> None:
    ada = cast.person()
    reach(cast, ada, *steps_of_chapter(cast)[:4])
    assert queries.standing_of(cast.session, cast.library, ada, COURSE) == read_by_hand(cast, ada)


def test_who_is_not_enrolled_stands_at_the_beginning_and_is_not_enrolled_by_looking(cast: Cast) -> None:
    ada = cast.person()
    with nothing_changes(cast.session):
        own = queries.standing_of(cast.session, cast.library, ada, COURSE)
    assert own.chapters_completed == 0
    assert not any(chapter.done for chapter in own.chapters)
    assert queries.progress_of(cast.session, ada, COURSE) == (None, [])


def test_progress_is_one_persons_in_one_course(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    actions.enrol(cast.session, cast.library, ada, COURSE, now=NOW)
    cast.completes(eve)
    version, reached = queries.progress_of(cast.session, ada, COURSE)
    assert (version, reached) == (cast.library.courses[COURSE].file.current_rule.version, [])
    assert queries.progress_of(cast.session, eve, "another-course") == (None, [])
