"""What happens when two tabs, two devices or two people do the same at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, assemble
from tests.together import at_once, succeeded
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import Language
from training.progress.actions import enrol
from training.quizzes import actions, queries
from training.quizzes.actions import Change, Receipt, State
from training.quizzes.models import Answer, Attempt, DilemmaChoice, DilemmaTally, QuestionRevision
from training.quizzes.rules import key_of

COURSE, CHAPTER = "local-prevention", "understanding"
WRITERS = 8


@pytest.fixture
def people(database: Database, library: Library) -> list[UUID]:
    with database.transaction() as session:
        cast = assemble(session, library)
        return [cast.person(f"Person {number}") for number in range(WRITERS)]


def begin(library: Library, person_id: UUID) -> Callable[[Session], UUID]:
    def act(session: Session) -> UUID:
        enrol(session, library, person_id, COURSE, now=NOW)
        chapter = library.courses[COURSE].by_slug[CHAPTER]
        return actions.begin(
            session, person_id, chapter, count=8, field_of_work="teacher", language=Language.EN, now=NOW
        ).id

    return act


def test_two_tabs_that_begin_at_once_begin_one_attempt(
    database: Database, library: Library, people: list[UUID]
) -> None:
    begun = at_once(database, [begin(library, people[0])] * 4)
    assert len(set(begun)) == 1
    assert len(succeeded(begun)) == 4
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_many_people_who_begin_at_once_all_begin(database: Database, library: Library, people: list[UUID]) -> None:
    """Their attempts keep the same questions for the first time: nobody waits for somebody who waits for them."""
    for _ in range(5):
        begun = at_once(database, [begin(library, person_id) for person_id in people])
        assert [one for one in begun if isinstance(one, Exception)] == []
        with database.transaction() as session:
            for table in (Attempt, QuestionRevision):
                session.execute(delete(table))


def attempt_of(database: Database, library: Library, person_id: UUID) -> tuple[UUID, list[tuple[str, list[str]]]]:
    """Begin an attempt; return it, and its questions with their keys."""
    with database.transaction() as session:
        attempt_id = begin(library, person_id)(session)
        attempt = queries.attempt_by_id(session, person_id, COURSE, CHAPTER, attempt_id)
        assert attempt is not None
        return attempt_id, [(name, key_of(one)) for name, one in queries.questions_of(session, attempt).items()]


def store(library: Library, person_id: UUID, change: Change) -> Callable[[Session], Receipt]:
    chapter = library.courses[COURSE].by_slug[CHAPTER]
    return lambda session: actions.store(session, person_id, chapter, change, now=NOW)


def change(attempt_id: UUID, question: str, response: list[str]) -> Change:
    return Change(
        id=new_id(),
        attempt_id=attempt_id,
        question=question,
        response=response,
        language=Language.EN,
        device="",
        given_at=NOW,
    )


def test_the_same_change_sent_twice_at_once_is_stored_once(
    database: Database, library: Library, people: list[UUID]
) -> None:
    attempt_id, asked = attempt_of(database, library, people[0])
    once = store(library, people[0], change(attempt_id, *asked[0]))
    receipts = succeeded(at_once(database, [once] * 4))
    assert sorted(receipt.state for receipt in receipts) == [State.ALREADY_STORED] * 3 + [State.STORED]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 1


def test_eight_writers_lose_no_update(database: Database, library: Library, people: list[UUID]) -> None:
    """B13: writers at the same moment lose nothing."""
    attempt_id, asked = attempt_of(database, library, people[0])
    changes = [change(attempt_id, *asked[number % len(asked)]) for number in range(WRITERS * 5)]
    for start in range(0, len(changes), WRITERS):
        results = at_once(database, [store(library, people[0], one) for one in changes[start : start + WRITERS]])
        assert len(succeeded(results)) == WRITERS
    with database.reading() as session:
        rows = session.scalars(select(Answer).order_by(Answer.position)).all()
    assert {row.change_id for row in rows} == {one.id for one in changes}
    assert [row.position for row in rows] == list(range(1, len(changes) + 1))


def test_an_answer_and_the_handing_in_at_once_leave_a_mark_that_fits_what_is_held(
    database: Database, library: Library, people: list[UUID]
) -> None:
    chapter = library.courses[COURSE].by_slug[CHAPTER]
    for person_id in people:
        attempt_id, asked = attempt_of(database, library, person_id)

        def hand_in(session: Session, person_id: UUID = person_id, attempt_id: UUID = attempt_id) -> None:
            actions.hand_in(session, person_id, chapter, attempt_id, passed_at=6, now=NOW)

        answer = store(library, person_id, change(attempt_id, *asked[0]))
        acts: list[Callable[[Session], object]] = [answer, hand_in]
        at_once(database, acts)
        with database.reading() as session:
            attempt = session.get_one(Attempt, (person_id, attempt_id))
            assert attempt.correct == len(queries.held_answers(session, person_id, attempt_id))


def choose(library: Library, person_id: UUID, choice: int, *, at: int = 0) -> Callable[[Session], None]:
    found = next(iter(library.courses[COURSE].by_slug[CHAPTER].dilemmas.values()))
    moment = NOW + timedelta(minutes=at)

    def act(session: Session) -> None:
        actions.choose(session, person_id, COURSE, found.id, found.choices[choice].id, language=Language.EN, now=moment)

    return act


def test_everybody_who_chooses_at_once_is_counted_once(
    database: Database, library: Library, people: list[UUID]
) -> None:
    for turn in range(4):
        acts = [choose(library, person_id, (number + turn) % 2, at=turn) for number, person_id in enumerate(people)]
        assert [one for one in at_once(database, acts) if isinstance(one, Exception)] == []
        with database.reading() as session:
            chosen = session.scalars(select(DilemmaChoice.choice)).all()
            counted = {row.choice: row.people for row in session.scalars(select(DilemmaTally))}
        assert counted == {choice: chosen.count(choice) for choice in counted}
        assert sum(counted.values()) == WRITERS


def test_two_tabs_of_one_person_choose_at_once_and_one_choice_stands(
    database: Database, library: Library, people: list[UUID]
) -> None:
    results = at_once(database, [choose(library, people[0], number % 2) for number in range(4)])
    assert [one for one in results if isinstance(one, Exception)] == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DilemmaChoice)) == 1
        assert session.scalar(select(func.sum(DilemmaTally.people))) == 1
