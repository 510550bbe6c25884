"""What the people of the demonstration do: read, answer, meet. By the same actions that real people use."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from training.access import Actor
from training.cohorts.models import TrainingGroup
from training.cohorts.sessions import SessionPlan, note_attendance, plan_session
from training.comparison import actions as comparison_actions
from training.comparison import queries as comparison_queries
from training.comparison.rules import Confidence, Moment, in_order_for
from training.courses.library import Chapter, Library
from training.db import new_id
from training.demo_cast import COURSE, MEETINGS, Learner
from training.languages import Language
from training.progress.actions import reach, settle
from training.progress.rules import MilestoneKind, Step
from training.quizzes import actions as quiz_actions
from training.quizzes import queries as quiz_queries
from training.quizzes.rules import key_of


def first_chapter(library: Library) -> Chapter:
    """Return the first chapter that is published."""
    return next(chapter for chapter in library.courses[COURSE].chapters if chapter.published)


def read(
    session: Session,
    library: Library,
    person_id: UUID,
    chapter: Chapter,
    sections: int,
    language: Language,
    at: datetime,
) -> None:
    """Let somebody read so many sections of a chapter, and watch its film."""
    steps = [Step(MilestoneKind.SECTION_READ, f"{chapter.slug}/{name}") for name in chapter.section_ids[:sections]]
    if sections and library.courses[COURSE].file.current_rule.film:
        steps.append(Step(MilestoneKind.FILM_WATCHED, chapter.slug))
    reach(session, library, person_id, COURSE, steps, done_at=at, language=language, now=at)


def attempt(
    session: Session, library: Library, person_id: UUID, chapter: Chapter, learner: Learner, wrong: int, at: datetime
) -> None:
    """Let somebody take the quiz of a chapter, with so many wrong answers."""
    rule = library.courses[COURSE].file.current_rule
    begun = quiz_actions.begin(
        session,
        person_id,
        chapter,
        count=rule.draw,
        field_of_work=learner.work.value,
        language=learner.language,
        now=at,
    )
    questions = quiz_queries.questions_of(session, begun)
    for number, (identifier, question) in enumerate(questions.items()):
        key = key_of(question)
        response = list(reversed(key)) if question.kind == "order" else [question.options[0].id]
        if number >= wrong:
            response = key
        elif question.kind == "match":
            response = key[:1]
        elif question.kind == "one":
            response = [next(option.id for option in question.options if not option.right)]
        change = quiz_actions.Change(
            id=new_id(),
            attempt_id=begun.id,
            question=identifier,
            response=response,
            language=learner.language,
            device="demonstration",
            given_at=at,
        )
        quiz_actions.store(session, person_id, chapter, change, now=at)
    done = quiz_actions.hand_in(session, person_id, chapter, begun.id, passed_at=rule.passed_at, now=at)
    if done.passed:
        step = Step(MilestoneKind.QUIZ_PASSED, chapter.slug)
        reach(session, library, person_id, COURSE, [step], done_at=at, language=learner.language, now=at)


def compare(
    session: Session, library: Library, person_id: UUID, learner: Learner, moment: Moment, at: datetime
) -> None:
    """Let somebody answer the questions before or after the course: in one way of many, which says nothing."""
    course = library.courses[COURSE]
    passed = {course.last} if moment is Moment.AFTER else frozenset[str]()
    comparison_actions.begin(session, person_id, course, moment, passed=passed, now=at)
    form = comparison_queries.form_taken(session, person_id, COURSE, moment)
    for item in form.items.values() if form else []:
        option = in_order_for(str(person_id), item.id, [one.id for one in item.options])[0]
        reply = comparison_actions.Reply(
            item=item.id, option=option, confidence=Confidence.RATHER_SURE, language=learner.language
        )
        comparison_actions.answer(session, person_id, course, moment, reply, now=at)
    comparison_actions.hand_in(session, person_id, course, moment, now=at)


def learn(session: Session, library: Library, person_id: UUID, learner: Learner, at: datetime) -> None:
    """Let somebody do what the cast says of them."""
    chapter = first_chapter(library)
    if learner.finishes:
        compare(session, library, person_id, learner, Moment.BEFORE, at)
    read(session, library, person_id, chapter, learner.sections, learner.language, at)
    for wrong in learner.wrong:
        at += timedelta(hours=20)
        attempt(session, library, person_id, chapter, learner, wrong, at)
    if learner.finishes:
        finish(session, library, person_id, learner, at)


def finish(session: Session, library: Library, person_id: UUID, learner: Learner, at: datetime) -> None:
    """Let somebody who has done the first chapter do the others that the rule asks for, one a day."""
    course = library.courses[COURSE]
    for slug in course.file.current_rule.chapters:
        chapter = course.by_slug[slug]
        if chapter.slug != first_chapter(library).slug:
            at += timedelta(days=1)
            read(session, library, person_id, chapter, len(chapter.section_ids), learner.language, at)
            attempt(session, library, person_id, chapter, learner, 0, at)
    if course.last in course.file.current_rule.chapters:
        compare(session, library, person_id, learner, Moment.AFTER, at)


def hold_sessions(
    session: Session, library: Library, trainer: Actor, group: TrainingGroup, members: Sequence[UUID], now: datetime
) -> None:
    """Plan the sessions of the group, and note who attended those that lie behind."""
    for meeting in MEETINGS:
        morning = now.replace(hour=8, minute=30, second=0, microsecond=0) + timedelta(days=meeting.days)
        plan = SessionPlan(
            title=meeting.title,
            kind=meeting.kind,
            place=meeting.place,
            time_zone=group.time_zone,
            starts_at=morning,
            ends_at=morning + timedelta(hours=3),
        )
        planned = plan_session(session, trainer, group.id, plan, now=now - timedelta(days=20))
        if morning < now:
            attended = [person_id for place, person_id in enumerate(members) if place not in meeting.missed]
            noted_at = morning + timedelta(hours=3)
            note_attendance(session, trainer, group.id, planned.id, attended, seen=None, now=noted_at)
            settle(session, library, attended, COURSE, now=noted_at)
