"""Reading attempts and answers of one person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from training.courses.questions import Question
from training.db import Transaction, rows_of
from training.quizzes import rules
from training.quizzes.models import Answer, Attempt, QuestionRevision


@dataclass(frozen=True)
class Held:
    """What the server holds as the answer to one question."""

    response: Sequence[str]
    device: str
    given_at: datetime
    stored_at: datetime
    change: UUID


def open_attempt(session: Session, person_id: UUID, course: str, chapter: str) -> Attempt | None:
    """Return the attempt that a person is in the middle of."""
    return session.scalar(
        select(Attempt).where(
            Attempt.person_id == person_id,
            Attempt.course == course,
            Attempt.chapter == chapter,
            Attempt.submitted_at.is_(None),
        )
    )


def attempt_by_id(session: Session, person_id: UUID, course: str, chapter: str, attempt_id: UUID) -> Attempt | None:
    """Return one attempt of a person at a chapter's quiz."""
    return session.scalar(
        select(Attempt).where(
            Attempt.person_id == person_id,
            Attempt.id == attempt_id,
            Attempt.course == course,
            Attempt.chapter == chapter,
        )
    )


def attempt_by_number(session: Session, person_id: UUID, course: str, chapter: str, number: int) -> Attempt | None:
    """Return one attempt of a person."""
    return session.scalar(
        select(Attempt).where(
            Attempt.person_id == person_id,
            Attempt.course == course,
            Attempt.chapter == chapter,
            Attempt.number == number,
        )
    )


def attempts_of(session: Session, person_id: UUID, course: str, chapter: str) -> Sequence[Attempt]:
    """Return a person's attempts at a chapter's quiz, the first one first."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.person_id == person_id, Attempt.course == course, Attempt.chapter == chapter)
        .order_by(Attempt.number)
    ).all()


def held_answers(transaction: Transaction, person_id: UUID, attempt_id: UUID) -> dict[str, Held]:
    """Return what counts for each question of an attempt: the last change that came in time."""
    rows = rows_of(transaction).execute(_HELD, {"person": person_id, "attempt": attempt_id})
    return {identifier: Held(*held) for identifier, *held in rows}


def last_given(session: Session, person_id: UUID, attempt_id: UUID) -> datetime | None:
    """Return when the last answer of an attempt was given, by the browser's count."""
    return session.scalar(
        select(Answer.given_at)
        .where(Answer.person_id == person_id, Answer.attempt_id == attempt_id, Answer.late.is_(False))
        .order_by(Answer.given_at.desc())
        .limit(1)
    )


def questions_of(session: Session, attempt: Attempt) -> Mapping[str, Question]:
    """Return the questions of an attempt as they were asked, in their order. One statement."""
    found = as_asked(session, {revision for _identifier, revision in attempt.drawn})
    return {identifier: found[revision] for identifier, revision in attempt.drawn}


def as_asked(transaction: Transaction, revisions: Collection[str]) -> Mapping[str, Question]:
    """Return questions by their revision. What a revision says never changes: each is read once by a process."""
    unknown = [revision for revision in revisions if revision not in _known]
    if unknown:
        kept = select(QuestionRevision.id, QuestionRevision.content).where(QuestionRevision.id.in_(unknown))
        rows = rows_of(transaction).execute(kept)
        _known.update((revision, Question.model_validate(content)) for revision, content in rows)
    return {revision: _known[revision] for revision in revisions}


_known: dict[str, Question] = {}


def past_attempts(transaction: Transaction, person_id: UUID, course: str, chapter: str) -> list[rules.PastAttempt]:
    """Return what a person's handed-in attempts at a quiz drew, and what was right in them. Three statements."""
    here = {"person": person_id, "course": course, "chapter": chapter}
    connection = rows_of(transaction)
    attempts = connection.execute(_PAST, here).all()
    content = as_asked(transaction, {revision for attempt in attempts for _identifier, revision in attempt.drawn})
    responses: dict[UUID, dict[str, Sequence[str]]] = {}
    for answer in connection.execute(_PAST_ANSWERS, here):
        responses.setdefault(answer.attempt_id, {})[answer.question] = answer.response
    return [
        rules.PastAttempt(
            number=attempt.number,
            drawn=[identifier for identifier, _revision in attempt.drawn],
            right=frozenset(
                identifier
                for identifier, revision in attempt.drawn
                if rules.is_right(content[revision], responses.get(attempt.id, {}).get(identifier, []))
            ),
        )
        for attempt in attempts
    ]


_HERE = (
    Attempt.person_id == bindparam("person"),
    Attempt.course == bindparam("course"),
    Attempt.chapter == bindparam("chapter"),
    Attempt.submitted_at.is_not(None),
)
_PAST = select(Attempt.id, Attempt.number, Attempt.drawn).where(*_HERE).order_by(Attempt.number)
_COUNTED = (  # of each question the last change that came in time; what was changed on the way is not read
    select(Answer.person_id, Answer.attempt_id, func.max(Answer.position).label("position"))
    .join(Attempt, and_(Attempt.person_id == Answer.person_id, Attempt.id == Answer.attempt_id))
    .where(*_HERE, Answer.late.is_(False))
    .group_by(Answer.person_id, Answer.attempt_id, Answer.question)
    .subquery()
)
_PAST_ANSWERS = select(Answer.attempt_id, Answer.question, Answer.response).join(
    _COUNTED,
    and_(
        Answer.person_id == _COUNTED.c.person_id,
        Answer.attempt_id == _COUNTED.c.attempt_id,
        Answer.position == _COUNTED.c.position,
    ),
)
_HELD = (
    select(Answer.question, Answer.response, Answer.device, Answer.given_at, Answer.received_at, Answer.change_id)
    .where(Answer.person_id == bindparam("person"), Answer.attempt_id == bindparam("attempt"), Answer.late.is_(False))
    .order_by(Answer.position)
)
