"""The one rule that says how far a person is. Values in, values out.

The learner's page, the trainer's table, the export and the certificate all read the same milestones through
`standing`: they cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

GRACE = timedelta(hours=72)
"""What was done before a due date counts as on time when it arrives up to this much later (a telephone without net)."""
SOON = timedelta(days=7)


class MilestoneKind(StrEnum):
    """What can be reached. `subject` in brackets."""

    SECTION_READ = "section-read"
    """A section was read (`chapter/section`)."""
    FILM_WATCHED = "film-watched"
    """A chapter's film was watched, or its transcript read (`chapter`)."""
    QUIZ_PASSED = "quiz-passed"
    """A chapter's quiz was passed (`chapter`)."""
    CHAPTER_COMPLETED = "chapter-completed"
    """All that the rule asks of a chapter was reached (`chapter`)."""
    COURSE_COMPLETED = "course-completed"
    """All that the rule asks was reached (`course`)."""


@dataclass(frozen=True)
class Step:
    """Something that the rule asks of a chapter."""

    kind: MilestoneKind
    subject: str

    @property
    def chapter(self) -> str:
        """The chapter that the step belongs to; empty for the course as a whole."""
        return "" if self.kind is MilestoneKind.COURSE_COMPLETED else self.subject.split("/")[0]


@dataclass(frozen=True, kw_only=True)
class ChapterDemand:
    """What a rule asks of one chapter, with the minutes that each step takes."""

    chapter: str
    steps: Mapping[Step, int]


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What a version of the rule asks of the whole course."""

    course: str
    version: int
    chapters: Sequence[ChapterDemand]


@dataclass(frozen=True, kw_only=True)
class ChapterStanding:
    """How far a person is in one chapter. `share` is 0 to 1, of the steps."""

    chapter: str
    completed_at: datetime | None
    done: Sequence[Step]
    open: Sequence[Step]
    minutes_open: int

    @property
    def completed(self) -> bool:
        return self.completed_at is not None

    def has(self, kind: str) -> bool:
        """Whether a step of this kind is done."""
        return any(step.kind == kind for step in self.done)

    @property
    def begun(self) -> bool:
        return self.completed or bool(self.done)

    @property
    def share(self) -> float:
        if self.completed:
            return 1.0
        return len(self.done) / (len(self.done) + len(self.open))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a person is in a course."""

    course: str
    completed_at: datetime | None
    chapters: Sequence[ChapterStanding]

    @property
    def completed(self) -> bool:
        return self.completed_at is not None

    @property
    def only_sessions_open(self) -> bool:
        """Whether every chapter is completed and the course is not: then a group still asks for sessions."""
        return not self.completed and self.chapters_completed == len(self.chapters)

    @property
    def chapters_completed(self) -> int:
        return sum(chapter.completed for chapter in self.chapters)

    @property
    def minutes_open(self) -> int:
        return sum(chapter.minutes_open for chapter in self.chapters)

    def chapter(self, slug: str) -> ChapterStanding | None:
        """Return the standing in a chapter that the rule asks for."""
        return next((chapter for chapter in self.chapters if chapter.chapter == slug), None)


@dataclass(frozen=True)
class Reached:
    """A milestone, as far as the rule looks at it."""

    kind: MilestoneKind
    subject: str
    reached_at: datetime


def passed_quizzes(reached: Iterable[Reached]) -> frozenset[str]:
    """Return the chapters whose quiz is passed, whether or not the person's rule asks for them."""
    return frozenset(one.subject for one in reached if one.kind is MilestoneKind.QUIZ_PASSED)


def standing(demand: Demand, reached: Iterable[Reached]) -> Standing:
    """Return how far a person is who has reached these milestones.

    A chapter or a course that was completed stays so, whatever its content or its rule asks today.
    """
    have = {(one.kind, one.subject): one.reached_at for one in reached}
    course_at = have.get((MilestoneKind.COURSE_COMPLETED, demand.course))
    chapters = []
    for asked in demand.chapters:
        completed_at = have.get((MilestoneKind.CHAPTER_COMPLETED, asked.chapter)) or course_at
        done = [step for step in asked.steps if (step.kind, step.subject) in have]
        still = [] if completed_at else [step for step in asked.steps if (step.kind, step.subject) not in have]
        chapters.append(
            ChapterStanding(
                chapter=asked.chapter,
                completed_at=completed_at,
                done=done,
                open=still,
                minutes_open=sum(asked.steps[step] for step in still),
            )
        )
    return Standing(course=demand.course, completed_at=course_at, chapters=chapters)


@dataclass(frozen=True)
class Remaining:
    """How long what is open will take: between two numbers of minutes, by the person's own pace or the nominal one."""

    least: int
    most: int
    own_pace: bool


CHAPTERS_FOR_A_PACE = 2
STEPS_FOR_A_PACE = 6
SITTING = 3.0
"""A step that followed the one before within three times its nominal minutes was done in one sitting."""


def remaining(demand: Demand, reached: Sequence[Reached]) -> Remaining:
    """Return how long what is open will take.

    No time is measured: a pace is read off the moments at which steps were reached one after the other in one sitting,
    once two chapters are completed. Before that the nominal minutes hold, from four fifths to six fifths of them.
    """
    now = standing(demand, reached)
    ratios = _paces(demand, reached) if now.chapters_completed >= CHAPTERS_FOR_A_PACE else []
    if len(ratios) < STEPS_FOR_A_PACE:
        return Remaining(_rounded(now.minutes_open * 0.8), _rounded(now.minutes_open * 1.2), own_pace=False)
    quarter, three_quarters = ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]
    return Remaining(_rounded(now.minutes_open * quarter), _rounded(now.minutes_open * three_quarters), own_pace=True)


def _paces(demand: Demand, reached: Sequence[Reached]) -> list[float]:
    """Return, sorted, how long steps of one sitting took, as multiples of their nominal minutes."""
    nominal = {
        (step.kind, step.subject): minutes for chapter in demand.chapters for step, minutes in chapter.steps.items()
    }
    steps = sorted((one for one in reached if (one.kind, one.subject) in nominal), key=lambda one: one.reached_at)
    ratios = []
    for before, after in pairwise(steps):
        minutes = (after.reached_at - before.reached_at) / timedelta(minutes=1)
        ratio = minutes / nominal[after.kind, after.subject]
        if 1 / SITTING <= ratio <= SITTING:
            ratios.append(ratio)
    return sorted(ratios)


def _rounded(minutes: float) -> int:
    """Return minutes as they are said: to the five, below ten to the one, and never none while any is open."""
    if minutes <= 0:
        return 0
    return max(round(minutes), 1) if minutes < 10 else 5 * round(minutes / 5)


def completions(demand: Demand, reached: Iterable[Reached]) -> list[Step]:
    """Return the chapter and course milestones that follow from `reached` and are not among them yet."""
    known = list(reached)
    now = standing(demand, known)
    following = [
        Step(MilestoneKind.CHAPTER_COMPLETED, chapter.chapter)
        for chapter in now.chapters
        if not chapter.completed and not chapter.open
    ]
    done = {step.subject for step in following} | {chapter.chapter for chapter in now.chapters if chapter.completed}
    if now.chapters and not now.completed and all(chapter.chapter in done for chapter in now.chapters):
        following.append(Step(MilestoneKind.COURSE_COMPLETED, demand.course))
    return following


class Punctuality(StrEnum):
    """How a chapter stands towards its due date."""

    ON_TIME = "on-time"
    LATE = "late"
    """Completed, after the date."""
    OVERDUE = "overdue"
    """Open, and the date has passed."""
    SOON = "soon"
    """Open, and the date comes within a week."""
    AHEAD = "ahead"
    """Open, with more than a week to go."""


def due_moment(due_on: date, zone: ZoneInfo) -> datetime:
    """Return the end of the due date: midnight of the group's zone, the first where clocks strike it twice."""
    return datetime.combine(due_on + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)


def happened(*, given_at: datetime, received_at: datetime) -> datetime:
    """Return when something was done that a device reports: its own time, if that lies within the grace before now."""
    return min(max(given_at, received_at - GRACE), received_at)


def punctuality(*, due: datetime, done_at: datetime | None, now: datetime) -> Punctuality:
    """Return how a chapter done at `done_at` (or still open) stands towards `due`. A date closes nothing."""
    if done_at is not None:
        return Punctuality.ON_TIME if done_at < due else Punctuality.LATE
    if now >= due:
        return Punctuality.OVERDUE
    return Punctuality.SOON if due - now <= SOON else Punctuality.AHEAD
