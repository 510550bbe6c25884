"""Reading across a group, in a number of statements that does not grow with people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from training.cohorts.models import Membership, TrainingGroup
from training.cohorts.queries import Member, due_dates, last_joined_at, members_of
from training.cohorts.rules import FEWEST, NONE_HELD, PrivacyMode, in_steps
from training.cohorts.sessions import tallies
from training.comparison.models import Comparison
from training.comparison.rules import Moment
from training.courses.library import Chapter, Library, LoadedCourse
from training.courses.questions import Question
from training.languages import Language
from training.progress.models import Enrolment, Milestone
from training.progress.queries import demand_of
from training.progress.rules import MilestoneKind, Step, due_moment
from training.quizzes.models import Answer, Attempt
from training.reports import rules

_Facts = dict[tuple[UUID, str], rules.ChapterFacts]


@dataclass(frozen=True, kw_only=True)
class ChapterFigure:
    """A chapter in the figures of a group. `completed` is None where fewer than five people would be told of."""

    chapter: Chapter
    due_on: date | None
    completed: int | None


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """What the trainers of a group see. In aggregate mode `rows` have no cells."""

    group: TrainingGroup
    mode: PrivacyMode
    people: int
    last_joined_at: datetime | None
    chapters: Sequence[ChapterFigure]
    rows: Sequence[rules.Row]

    @property
    def needing_help(self) -> Sequence[rules.Row]:
        return [row for row in self.rows if row.needs_help]

    @property
    def completed(self) -> int:
        return sum(row.completed_at is not None for row in self.rows)


def group_view(
    session: Session,
    library: Library,
    group: TrainingGroup,
    *,
    language: Language,
    now: datetime,
    only: UUID | None = None,
) -> GroupView:
    """Return what a group's trainers see, as its mode allows; of one member with `only`. Five statements at most."""
    course = library.courses[group.course]
    due = due_dates(session, group.id)
    attendance = tallies(session, group.id, only=only)
    members = members_of(session, group.id, only=only)
    mode = PrivacyMode(group.privacy_mode)
    facts, versions = _facts(session, library, course, group.id, only)
    marks = _marks(session, group, only) if mode is PrivacyMode.INDIVIDUAL else {}
    chapters = [course.by_slug[slug] for slug in course.file.current_rule.chapters]
    zone = ZoneInfo(group.time_zone)
    rows = []
    for member in members:
        cells = []
        if mode is not PrivacyMode.AGGREGATE:
            cells = [
                rules.cell(
                    _facts_of(facts, member.person_id, chapter.slug),
                    of=len(_asked(library, course, versions.get(member.person_id))[chapter.slug]),
                    due=due_moment(due[chapter.slug], zone) if chapter.slug in due else None,
                    now=now,
                )
                for chapter in chapters
            ]
        course_facts = facts.get((member.person_id, ""))
        rows.append(
            rules.Row(
                person_id=member.person_id,
                reference=member.reference,
                name=member.name,
                authority=_authority(member, language),
                cells=cells,
                marks=marks.get(member.person_id, {}),
                completed_at=course_facts.completed_at if course_facts and cells else None,
                sessions=attendance.get(member.person_id, NONE_HELD),
            )
        )
    return GroupView(
        group=group,
        mode=mode,
        people=len(members),
        last_joined_at=last_joined_at(members),
        chapters=[
            ChapterFigure(
                chapter=chapter,
                due_on=due.get(chapter.slug),
                completed=_completed(facts, members, chapter.slug, mode),
            )
            for chapter in chapters
        ],
        rows=rows,
    )


def _authority(member: Member, language: Language) -> str:
    if member.authority is None:
        return ""
    return str(member.authority.names.get(language.value) or member.authority.names[Language.EN.value])


def _completed(facts: _Facts, members: Sequence[Member], chapter: str, mode: PrivacyMode) -> int | None:
    done = sum(_facts_of(facts, member.person_id, chapter).completed_at is not None for member in members)
    if mode is PrivacyMode.AGGREGATE:
        return None if len(members) < FEWEST else done - done % FEWEST
    return done


def _facts_of(facts: _Facts, person_id: UUID, chapter: str) -> rules.ChapterFacts:
    """Return the facts of a member in a chapter; who has completed the course has completed each, as in `standing`."""
    own = facts.get((person_id, chapter), rules.ChapterFacts())
    course = facts.get((person_id, ""), rules.ChapterFacts())
    if own.completed_at is not None or course.completed_at is None:
        return own
    return replace(own, completed_at=course.completed_at, done_at=course.done_at)


def _asked(library: Library, course: LoadedCourse, version: int | None) -> dict[str, Sequence[Step]]:
    """Return the steps of each chapter under a version of the rule; of chapters it does not know, under today's."""
    today = course.file.current_rule.version
    demands = [demand_of(library, course.slug, number) for number in (today, version or today)]
    return {asked.chapter: list(asked.steps) for demand in demands for asked in demand.chapters}


def _facts(
    session: Session, library: Library, course: LoadedCourse, group_id: UUID, only: UUID | None
) -> tuple[_Facts, dict[UUID, int]]:
    """Return what each member of a group has reached in each chapter, and the version of the rule that holds for them.

    The course itself stands under an empty name.
    """
    steps_by_version = {
        rule.version: [step for steps in _asked(library, course, rule.version).values() for step in steps]
        for rule in course.file.rules
    }
    named = tuple_(Milestone.kind, Milestone.subject)
    is_step = or_(
        *(
            (Enrolment.rule_version == version) & named.in_([(step.kind.value, step.subject) for step in steps])
            for version, steps in steps_by_version.items()
        )
    )
    completions = (MilestoneKind.CHAPTER_COMPLETED, MilestoneKind.COURSE_COMPLETED)
    is_completion = Milestone.kind.in_([kind.value for kind in completions])
    rows = (
        session.connection()
        .execute(
            select(
                Enrolment.person_id,
                Enrolment.rule_version,
                Milestone.chapter,
                func.sum(case((is_step, 1), else_=0)).label("steps"),
                func.max(case((is_completion, Milestone.reached_at))).label("completed_at"),
                func.max(case((is_completion, Milestone.done_at))).label("done_at"),
            )
            .join(Membership, Membership.person_id == Enrolment.person_id)
            .outerjoin(Milestone, (Milestone.person_id == Enrolment.person_id) & (Milestone.course == Enrolment.course))
            .where(
                Membership.group_id == group_id,
                Membership.left_at.is_(None),
                Enrolment.course == course.slug,
                *([Membership.person_id == only] if only else []),
            )
            .group_by(Enrolment.person_id, Enrolment.rule_version, Milestone.chapter)
        )
        .all()
    )
    facts = {
        (row.person_id, row.chapter): rules.ChapterFacts(
            completed_at=row.completed_at, done_at=row.done_at, steps=int(row.steps or 0)
        )
        for row in rows
        if row.chapter is not None
    }
    return facts, {row.person_id: row.rule_version for row in rows}


def _marks(session: Session, group: TrainingGroup, only: UUID | None) -> dict[UUID, dict[str, rules.Marks]]:
    rows = session.connection().execute(
        select(
            Attempt.person_id,
            Attempt.chapter,
            func.count().label("attempts"),
            func.max(Attempt.correct).label("best"),
            func.max(case((Attempt.passed.is_(True), 1), else_=0)).label("passed"),
        )
        .join(Membership, Membership.person_id == Attempt.person_id)
        .where(
            Membership.group_id == group.id,
            Membership.left_at.is_(None),
            Attempt.course == group.course,
            Attempt.submitted_at.is_not(None),
            *([Membership.person_id == only] if only else []),
        )
        .group_by(Attempt.person_id, Attempt.chapter)
    )
    found: dict[UUID, dict[str, rules.Marks]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[row.chapter] = rules.Marks(
            attempts=row.attempts, best=row.best, passed=bool(row.passed)
        )
    return found


def compared(session: Session, group: TrainingGroup) -> int | None:
    """Return how many members, in steps of five, answered before as well as after the course; nothing below five.

    It is so in every privacy mode: nobody shows a trainer that they skipped, not even by a difference. One statement.
    """
    both = (
        select(Comparison.person_id)
        .join(Membership, Membership.person_id == Comparison.person_id)
        .where(
            Membership.group_id == group.id,
            Membership.left_at.is_(None),
            Comparison.course == group.course,
            Comparison.handed_in_at.is_not(None),
        )
        .group_by(Comparison.person_id)
        .having(func.count() == len(Moment))
        .subquery()
    )
    people = session.scalar(select(func.count()).select_from(both)) or 0
    return in_steps(people) or None


def question_figures(session: Session, group: TrainingGroup, chapter: Chapter) -> list[rules.QuestionFigure]:
    """Return how the members of a group answered each question of a chapter at first. One statement."""
    rows = session.execute(
        select(Answer.person_id, Answer.question, Answer.response, Attempt.submitted_at, Attempt.number)
        .join(Attempt, (Attempt.person_id == Answer.person_id) & (Attempt.id == Answer.attempt_id))
        .join(Membership, Membership.person_id == Answer.person_id)
        .where(
            Membership.group_id == group.id,
            Membership.left_at.is_(None),
            Attempt.course == group.course,
            Attempt.chapter == chapter.slug,
            Attempt.submitted_at.is_not(None),
            Answer.late.is_(False),
        )
        .order_by(Attempt.number.desc(), Answer.position)
    )
    first: dict[tuple[UUID, str], rules.Response] = {}
    for person_id, question, response, submitted_at, _number in rows:
        first[person_id, question] = rules.Response(
            person_id=person_id, question=question, response=response, handed_in_at=submitted_at
        )
    questions: list[Question] = list(chapter.questions.values())
    return rules.question_figures(questions, list(first.values()))
