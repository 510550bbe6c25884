"""Reading across a group, in a number of statements that does not grow with people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from training.cohorts.models import Membership, TrainingGroup
from training.cohorts.queries import Member, due_dates, members_of
from training.cohorts.rules import FEWEST, PrivacyMode
from training.courses.content import Question
from training.courses.load import Chapter, Library, LoadedCourse
from training.languages import Language
from training.progress.models import Milestone
from training.progress.queries import demand_of
from training.progress.rules import MilestoneKind, due_moment
from training.quizzes.models import Answer, Attempt
from training.reports import rules

_STEPS = (MilestoneKind.SECTION_READ, MilestoneKind.FILM_WATCHED, MilestoneKind.QUIZ_PASSED)


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
    """Return what a group's trainers see, as its mode allows; of one member with `only`. Four statements at most."""
    course = library.courses[group.course]
    due = due_dates(session, group.id)
    members = members_of(session, group.id, only=only)
    mode = PrivacyMode(group.privacy_mode)
    facts = _facts(session, library, course, group.id, only)
    marks = _marks(session, group, only) if mode is PrivacyMode.INDIVIDUAL else {}
    chapters = [course.by_slug[slug] for slug in course.file.current_rule.chapters]
    zone = ZoneInfo(group.time_zone)
    rows = []
    for member in members:
        cells = []
        if mode is not PrivacyMode.AGGREGATE:
            cells = [
                rules.cell(
                    facts.get((member.person_id, chapter.slug), rules.ChapterFacts()),
                    of=_steps_of(library, course, chapter.slug),
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
            )
        )
    return GroupView(
        group=group,
        mode=mode,
        people=len(members),
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


def _completed(
    facts: dict[tuple[UUID, str], rules.ChapterFacts], members: Sequence[Member], chapter: str, mode: PrivacyMode
) -> int | None:
    done = sum(
        (found := facts.get((member.person_id, chapter))) is not None and found.completed_at is not None
        for member in members
    )
    if mode is PrivacyMode.AGGREGATE:
        return None if len(members) < FEWEST else done - done % FEWEST
    return done


def _steps_of(library: Library, course: LoadedCourse, chapter: str) -> int:
    demand = demand_of(library, course.slug, course.file.current_rule.version)
    return next(len(asked.steps) for asked in demand.chapters if asked.chapter == chapter)


def _facts(
    session: Session, library: Library, course: LoadedCourse, group_id: UUID, only: UUID | None
) -> dict[tuple[UUID, str], rules.ChapterFacts]:
    """Return what each member of a group has reached in each chapter; the course itself under an empty name."""
    demand = demand_of(library, course.slug, course.file.current_rule.version)
    asked = sorted({step.subject for chapter in demand.chapters for step in chapter.steps})
    completions = (MilestoneKind.CHAPTER_COMPLETED, MilestoneKind.COURSE_COMPLETED)
    is_step = Milestone.kind.in_([kind.value for kind in _STEPS]) & Milestone.subject.in_(asked)
    is_completion = Milestone.kind.in_([kind.value for kind in completions])
    rows = session.connection().execute(
        select(
            Milestone.person_id,
            Milestone.chapter,
            func.sum(case((is_step, 1), else_=0)).label("steps"),
            func.max(case((is_completion, Milestone.reached_at))).label("completed_at"),
            func.max(case((is_completion, Milestone.done_at))).label("done_at"),
        )
        .join(Membership, Membership.person_id == Milestone.person_id)
        .where(
            Membership.group_id == group_id,
            Membership.left_at.is_(None),
            Milestone.course == course.slug,
            *([Membership.person_id == only] if only else []),
        )
        .group_by(Milestone.person_id, Milestone.chapter)
    )
    return {
        (row.person_id, row.chapter): rules.ChapterFacts(
            completed_at=row.completed_at, done_at=row.done_at, steps=int(row.steps or 0)
        )
        for row in rows
    }


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
