"""What happens to an attempt and its answers, on both engines."""

from uuid import UUID

import pytest

from tests.cast import NOW, Cast
from training.db import new_id
from training.languages import Language
from training.progress.actions import enrol
from training.quizzes import actions, queries
from training.quizzes.actions import Change, State
from training.quizzes.rules import key_of


def begin(cast: Cast, person_id: UUID) -> UUID:
    enrol(cast.session, cast.library, person_id, "local-prevention", now=NOW)
    attempt = actions.begin(
        cast.session, person_id, cast.chapter(), count=8, field_of_work="teacher", language=Language.EN, now=NOW
    )
    return attempt.id


def change(attempt_id: UUID, question: str, response: list[str], *, identity: UUID | None = None) -> Change:
    return Change(
        id=identity or new_id(),
        attempt_id=attempt_id,
        question=question,
        response=response,
        language=Language.EN,
        device="one",
        given_at=NOW,
    )


def first_question(cast: Cast, person_id: UUID) -> tuple[UUID, str, list[str]]:
    attempt_id = begin(cast, person_id)
    attempt = queries.open_attempt(cast.session, person_id, "local-prevention", "understanding")
    assert attempt is not None
    question = next(iter(queries.questions_of(cast.session, attempt).values()))
    return attempt_id, question.id, key_of(question)


def test_beginning_twice_is_one_attempt(cast: Cast) -> None:
    ada = cast.person()
    assert begin(cast, ada) == begin(cast, ada)


def test_an_answer_repeated_is_stored_once(cast: Cast) -> None:
    ada = cast.person()
    attempt, question, key = first_question(cast, ada)
    once = change(attempt, question, key)
    first = actions.store(cast.session, ada, cast.chapter(), once, now=NOW)
    again = actions.store(cast.session, ada, cast.chapter(), once, now=NOW)
    assert (first.state, again.state) == (State.STORED, State.ALREADY_STORED)
    assert again.stored_at == first.stored_at
    assert queries.held_answers(cast.session, ada, attempt)[question].response == key


def test_the_same_identifier_with_another_answer_is_refused(cast: Cast) -> None:
    ada = cast.person()
    attempt, question, key = first_question(cast, ada)
    once = change(attempt, question, key)
    actions.store(cast.session, ada, cast.chapter(), once, now=NOW)
    with pytest.raises(actions.OtherBody):
        actions.store(cast.session, ada, cast.chapter(), change(attempt, question, [], identity=once.id), now=NOW)


def test_somebody_elses_attempt_does_not_exist(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    attempt, question, key = first_question(cast, ada)
    with pytest.raises(actions.NoSuchAttempt):
        actions.store(cast.session, eve, cast.chapter(), change(attempt, question, key), now=NOW)
