"""What a person does in a quiz: begin, answer, hand in. Repeating any of it changes nothing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from training.courses.library import Chapter
from training.db import Transaction, insert_once, new_id, rows_of
from training.languages import Language
from training.quizzes import queries, rules
from training.quizzes.models import Answer, Attempt, DilemmaChoice, DilemmaTally, QuestionRevision


class NoSuchAttempt(Exception):
    """The attempt is not this person's, or not of this chapter."""


class NoSuchQuestion(Exception):
    """The question is not in the attempt."""


class Unfit(Exception):
    """The response is no answer to the question."""

    def __init__(self, misfit: rules.Misfit) -> None:
        super().__init__(misfit)
        self.misfit = misfit


class OtherBody(Exception):
    """The identifier of the change was used before, for another answer."""


class Overtaken(Exception):
    """Another device gave a later answer, of which the sender does not know: it is not overwritten in silence."""


class State(StrEnum):
    """What became of a change."""

    STORED = "stored"
    ALREADY_STORED = "already-stored"
    LATE = "late"
    """Kept, but the attempt had been handed in: it does not count."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of an answer, as a browser sends it.

    `known` is the change that the sender believes to be held ("" for none): a device that comes back after a time
    without network says so, and then does not replace a later answer of another device that it has not seen.
    """

    id: UUID
    attempt_id: UUID
    question: str
    response: Sequence[str]
    language: Language
    device: str
    given_at: datetime
    known: str | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the server says of a change: since when it is stored, and how."""

    change: UUID
    question: str
    stored_at: datetime
    state: State


def begin(
    session: Session,
    person_id: UUID,
    chapter: Chapter,
    *,
    count: int,
    field_of_work: str,
    language: Language,
    now: datetime,
) -> Attempt:
    """Return the open attempt of a person at a chapter's quiz, begun now if there is none."""
    present = queries.open_attempt(session, person_id, chapter.course, chapter.slug)
    if present is not None:
        return present
    past = queries.past_attempts(session, person_id, chapter.course, chapter.slug)
    seed = secrets.randbits(31)
    bank = list(chapter.questions.values())
    drawn = rules.draw(bank, past, count=count, seed=seed, field_of_work=field_of_work)
    _keep_revisions(session, chapter, sorted(drawn), now)
    attempt = {
        "person_id": person_id,
        "id": new_id(),
        "course": chapter.course,
        "chapter": chapter.slug,
        "number": max((attempt.number for attempt in past), default=0) + 1,  # earlier ones may be forgotten
        "seed": seed,
        "drawn": [[identifier, chapter.revisions[identifier]] for identifier in drawn],
        "language": language.value,
        "started_at": now,
    }
    insert_once(session, Attempt, [attempt])  # two tabs that begin at once begin one attempt
    begun = queries.open_attempt(session, person_id, chapter.course, chapter.slug)
    if begun is None:
        raise NoSuchAttempt
    return begun


def store(transaction: Transaction, person_id: UUID, chapter: Chapter, change: Change, *, now: datetime) -> Receipt:
    """Store a change of an answer, once, and return the receipt.

    Raises `NoSuchAttempt`, `NoSuchQuestion`, `Unfit`, `OtherBody` and `Overtaken`; then nothing is stored.
    """
    connection = rows_of(transaction)
    key = {"person": person_id, "attempt": change.attempt_id, "course": chapter.course, "chapter": chapter.slug}
    attempt = connection.execute(_LOCKED, key).one_or_none()
    if attempt is None:
        raise NoSuchAttempt
    revision = next((revision for identifier, revision in attempt.drawn if identifier == change.question), None)
    if revision is None:
        raise NoSuchQuestion
    misfit = rules.misfit(queries.as_asked(transaction, [revision])[revision], change.response)
    if misfit is not None:
        raise Unfit(misfit)
    is_open = attempt.submitted_at is None
    if is_open and change.known is not None and _is_overtaken(transaction, person_id, change, known=change.known):
        raise Overtaken
    row = {
        "person_id": person_id,
        "change_id": change.id,
        "attempt_id": change.attempt_id,
        "position": connection.execute(_LAST, key).scalar_one() + 1,
        "question": change.question,
        "revision": revision,
        "response": list(change.response),
        "language": change.language.value,
        "device": change.device,
        "given_at": change.given_at,
        "received_at": now,
        "late": not is_open,
    }
    if not insert_once(transaction, Answer, [row])[0]:
        return _repeated(connection.execute(_STORED, {"person": person_id, "change": change.id}).one(), change)
    state = State.LATE if row["late"] else State.STORED
    return Receipt(change=change.id, question=change.question, stored_at=now, state=state)


_LOCKED = (  # two changes of one attempt take their positions one after the other
    select(Attempt.drawn, Attempt.submitted_at)
    .where(
        Attempt.person_id == bindparam("person"),
        Attempt.id == bindparam("attempt"),
        Attempt.course == bindparam("course"),
        Attempt.chapter == bindparam("chapter"),
    )
    .with_for_update()
)
_STORED = select(Answer.attempt_id, Answer.question, Answer.response, Answer.late, Answer.received_at).where(
    Answer.person_id == bindparam("person"), Answer.change_id == bindparam("change")
)
_LAST = select(func.coalesce(func.max(Answer.position), 0)).where(
    Answer.person_id == bindparam("person"), Answer.attempt_id == bindparam("attempt")
)


def hand_in(
    session: Session, person_id: UUID, chapter: Chapter, attempt_id: UUID, *, passed_at: int, now: datetime
) -> Attempt:
    """Hand an attempt in and mark it; one that was handed in is returned as it is. Raises `NoSuchAttempt`."""
    attempt = _attempt(session, person_id, chapter, attempt_id)
    if attempt.submitted_at is not None:
        return attempt
    held = queries.held_answers(session, person_id, attempt.id)
    result = rules.mark(
        queries.questions_of(session, attempt),
        {identifier: answer.response for identifier, answer in held.items()},
        passed_at=passed_at,
    )
    attempt.submitted_at, attempt.correct, attempt.passed = now, len(result.right), result.passed
    session.flush()
    return attempt


def choose(
    session: Session, person_id: UUID, course: str, dilemma: str, choice: str, *, language: Language, now: datetime
) -> None:
    """Keep what a person chose in a dilemma; the last choice stands.

    What others see follows when somebody new chooses, and only then: a change of mind would show in the difference.
    """
    said = {"choice": choice, "language": language.value, "chosen_at": now}
    row = {"person_id": person_id, "course": course, "dilemma": dilemma, **said}
    is_new = insert_once(session, DilemmaChoice, [row])[0]
    key = (person_id, course, dilemma)
    kept = session.get_one(DilemmaChoice, key, with_for_update=True, populate_existing=True)
    if not is_new and kept.choice == choice:
        return
    tallies = _tallies(session, course, dilemma, choice)
    if not is_new:
        tallies[kept.choice].people -= 1
    tallies[choice].people += 1
    kept.choice, kept.language, kept.chosen_at = choice, language.value, now
    if is_new and sum(tally.people for tally in tallies.values()) % rules.STEP == 0:
        for tally in tallies.values():
            tally.shown = tally.people
    session.flush()


def withdraw_choices(session: Session, person_id: UUID) -> None:
    """Count a person who leaves no more. What others see does not follow: the difference would tell what they chose."""
    choices = session.scalars(select(DilemmaChoice).where(DilemmaChoice.person_id == person_id)).all()
    for kept in sorted(choices, key=lambda one: (one.course, one.dilemma)):
        _tallies(session, kept.course, kept.dilemma, kept.choice)[kept.choice].people -= 1
    session.flush()


def _tallies(session: Session, course: str, dilemma: str, choice: str) -> dict[str, DilemmaTally]:
    """Return the tallies of a dilemma, locked in one order for everybody: nobody waits for who waits for them."""
    key = {"course": course, "dilemma": dilemma}
    insert_once(session, DilemmaTally, [{**key, "choice": choice, "people": 0, "shown": 0}])
    rows = session.scalars(
        select(DilemmaTally)
        .filter_by(**key)
        .order_by(DilemmaTally.choice)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.choice: row for row in rows}


def _attempt(session: Session, person_id: UUID, chapter: Chapter, attempt_id: UUID) -> Attempt:
    """Return the attempt, locked: two changes of one attempt take their positions one after the other."""
    attempt = session.scalar(
        select(Attempt)
        .where(
            Attempt.person_id == person_id,
            Attempt.id == attempt_id,
            Attempt.course == chapter.course,
            Attempt.chapter == chapter.slug,
        )
        .with_for_update()
    )
    if attempt is None:
        raise NoSuchAttempt
    return attempt


def _is_overtaken(transaction: Transaction, person_id: UUID, change: Change, *, known: str) -> bool:
    held = queries.held_answers(transaction, person_id, change.attempt_id).get(change.question)
    if held is None or held.device == change.device or str(held.change) == known:
        return False
    key = {"person": person_id, "change": change.id}
    return held.given_at > change.given_at and rows_of(transaction).execute(_STORED, key).first() is None


def _repeated(before: Row[Any], change: Change) -> Receipt:
    same = (
        before.attempt_id == change.attempt_id
        and before.question == change.question
        and list(before.response) == list(change.response)
    )
    if not same:
        raise OtherBody
    state = State.LATE if before.late else State.ALREADY_STORED
    return Receipt(change=change.id, question=before.question, stored_at=before.received_at, state=state)


def _keep_revisions(session: Session, chapter: Chapter, questions: Sequence[str], now: datetime) -> None:
    """Keep questions as they stand, where nobody was asked them before.

    In one order for everybody: two people who keep the same questions at once do not wait for each other.
    """
    revisions = [chapter.revisions[identifier] for identifier in questions]
    kept = set(session.scalars(select(QuestionRevision.id).where(QuestionRevision.id.in_(revisions))))
    rows = [
        {
            "id": revision,
            "question": identifier,
            "content": chapter.questions[identifier].model_dump(mode="json", by_alias=True),
            "first_used_at": now,
        }
        for identifier, revision in zip(questions, revisions, strict=True)
        if revision not in kept
    ]
    insert_once(session, QuestionRevision, rows)
