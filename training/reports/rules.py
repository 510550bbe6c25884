"""What a trainer is shown: who needs help, what the group finds hard. Values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from training.cohorts.rules import FEWEST, NONE_HELD, Tally, in_steps
from training.courses.questions import Kind, Question
from training.progress.rules import Punctuality, punctuality
from training.quizzes.rules import is_right


class CellState(StrEnum):
    """How a chapter stands for a member, in a table that reads at a glance."""

    DONE = "done"
    DONE_LATE = "done-late"
    BEGUN = "begun"
    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class ChapterFacts:
    """What the database says of a member in a chapter."""

    completed_at: datetime | None = None
    done_at: datetime | None = None
    steps: int = 0


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A chapter of a member. `steps` and `of` count what the rule asks."""

    state: CellState
    completed_at: datetime | None
    steps: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Marks:
    """A member's quiz in a chapter, for groups in individual mode."""

    attempts: int
    best: int
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """A member and their chapters."""

    person_id: UUID
    reference: UUID
    name: str
    authority: str
    cells: Sequence[Cell]
    marks: Mapping[str, Marks] = field(default_factory=dict)
    completed_at: datetime | None = None
    sessions: Tally = NONE_HELD

    @property
    def needs_help(self) -> bool:
        """Whether a date has passed, or comes within a week with nothing begun."""
        return any(
            cell.state is CellState.OVERDUE or (cell.state is CellState.SOON and cell.steps == 0) for cell in self.cells
        )


def too_few_sessions(rows: Sequence[Row], *, asked: int, ahead: int) -> bool:
    """Whether somebody cannot reach the sessions that the group asks for, even by attending all that lie ahead."""
    return any(row.completed_at is None and row.sessions.attended + ahead < asked for row in rows)


def cell(facts: ChapterFacts, *, of: int, due: datetime | None, now: datetime) -> Cell:
    """Return how a chapter stands for a member."""
    return Cell(
        state=_state(facts, due=due, now=now),
        completed_at=facts.completed_at,
        steps=of if facts.completed_at else min(facts.steps, of),
        of=of,
    )


def _state(facts: ChapterFacts, *, due: datetime | None, now: datetime) -> CellState:
    if facts.completed_at is not None:
        late = due is not None and punctuality(due=due, done_at=facts.done_at, now=now) is Punctuality.LATE
        return CellState.DONE_LATE if late else CellState.DONE
    if due is not None:
        towards = punctuality(due=due, done_at=None, now=now)
        if towards is Punctuality.OVERDUE:
            return CellState.OVERDUE
        if towards is Punctuality.SOON:
            return CellState.SOON
    return CellState.BEGUN if facts.steps else CellState.OPEN


@dataclass(frozen=True, kw_only=True)
class Response:
    """A member's first answer to a question, in an attempt that was handed in."""

    person_id: UUID
    question: str
    response: Sequence[str]
    handed_in_at: datetime


@dataclass(frozen=True, kw_only=True)
class QuestionFigure:
    """How a group answered a question. `people` is a multiple of five; `options` holds how many chose each."""

    question: Question
    people: int
    right: int
    options: Mapping[str, int]

    @property
    def share_right(self) -> float:
        return self.right / self.people


def question_figures(questions: Sequence[Question], responses: Sequence[Response]) -> list[QuestionFigure]:
    """Return a figure for each question that five people or more have answered, the hardest first.

    It speaks of the first five, ten, fifteen … people who handed in: one more person does not change it, so that
    nobody's answer can be read off a difference.
    """
    by_question: dict[str, list[Response]] = {}
    for response in sorted(responses, key=lambda one: (one.handed_in_at, str(one.person_id))):
        by_question.setdefault(response.question, []).append(response)
    figures = []
    for question in questions:
        counted = by_question.get(question.id, [])
        counted = counted[: in_steps(len(counted))]
        if len(counted) >= FEWEST:
            figures.append(_figure(question, counted))
    figures.sort(key=lambda figure: figure.share_right)
    return figures


def _figure(question: Question, counted: Sequence[Response]) -> QuestionFigure:
    chosen = {option.id: 0 for option in question.options}
    for response in counted:
        for identifier in _named(question, response.response):
            chosen[identifier] += 1
    return QuestionFigure(
        question=question,
        people=len(counted),
        right=sum(is_right(question, response.response) for response in counted),
        options=chosen,
    )


def _named(question: Question, response: Sequence[str]) -> list[str]:
    """Return the options that count for a figure: those chosen, or, of an order or match, those rightly placed."""
    known = [option.id for option in question.options]
    if question.kind is Kind.ORDER:
        return [identifier for identifier, placed in zip(known, response, strict=False) if identifier == placed]
    if question.kind is Kind.MATCH:
        return [identifier for identifier in known if f"{identifier}={identifier}" in response]
    return [identifier for identifier in known if identifier in response]
