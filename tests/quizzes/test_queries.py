"""Reading attempts and answers: one person's, and nobody else's."""

from datetime import timedelta
from uuid import UUID

from tests.cast import NOW, Cast
from tests.quizzes.test_actions import CHAPTER, COURSE, answer_all, begin, change, first_question, hand_in
from training.db import new_id
from training.quizzes import actions, queries
from training.quizzes.rules import key_of


def two_attempts(cast: Cast, person_id: UUID) -> tuple[UUID, UUID]:
    """One attempt handed in with three right answers, one open."""
    first = begin(cast, person_id)
    answer_all(cast, person_id, first, right=3)
    hand_in(cast, person_id, first)
    return first, begin(cast, person_id)


def test_a_person_is_in_the_middle_of_their_own_attempt_only(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    _first, second = two_attempts(cast, ada)
    own = queries.open_attempt(cast.session, ada, COURSE, CHAPTER)
    assert own is not None
    assert own.id == second
    assert queries.open_attempt(cast.session, eve, COURSE, CHAPTER) is None
    assert queries.open_attempt(cast.session, ada, COURSE, "families") is None


def test_an_attempt_is_found_by_its_owner_alone(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    first, _second = two_attempts(cast, ada)
    two_attempts(cast, eve)
    found = queries.attempt_by_number(cast.session, ada, COURSE, CHAPTER, 1)
    assert found is not None
    assert found.id == first
    assert queries.attempt_by_number(cast.session, ada, COURSE, CHAPTER, 3) is None
    assert queries.attempt_by_id(cast.session, eve, COURSE, CHAPTER, first) is None
    assert queries.attempt_by_id(cast.session, ada, COURSE, "families", first) is None
    assert queries.attempt_by_id(cast.session, ada, COURSE, CHAPTER, new_id()) is None


def test_attempts_come_first_one_first(cast: Cast) -> None:
    ada = cast.person()
    two_attempts(cast, ada)
    assert [attempt.number for attempt in queries.attempts_of(cast.session, ada, COURSE, CHAPTER)] == [1, 2]


def test_held_answers_are_those_of_one_attempt_of_one_person(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    first, second = two_attempts(cast, ada)
    answer_all(cast, eve, begin(cast, eve), right=8)
    assert len(queries.held_answers(cast.session, ada, first)) == 3
    assert queries.held_answers(cast.session, ada, second) == {}
    assert queries.held_answers(cast.session, eve, first) == {}


def test_past_attempts_are_those_handed_in_with_what_was_right_in_them(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    first, _second = two_attempts(cast, ada)
    two_attempts(cast, eve)
    attempt = queries.attempt_by_id(cast.session, ada, COURSE, CHAPTER, first)
    assert attempt is not None
    past = queries.past_attempts(cast.session, ada, COURSE, CHAPTER)
    assert [one.number for one in past] == [1]
    assert past[0].drawn == [identifier for identifier, _revision in attempt.drawn]
    assert past[0].right == set(list(past[0].drawn)[:3])
    assert queries.past_attempts(cast.session, cast.person("New"), COURSE, CHAPTER) == []


def test_when_the_last_answer_was_given_leaves_late_ones_aside(cast: Cast) -> None:
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    assert queries.last_given(cast.session, ada, attempt_id) is None
    actions.store(cast.session, ada, cast.chapter(), change(attempt_id, question, key), now=NOW)
    hand_in(cast, ada, attempt_id)
    actions.store(cast.session, ada, cast.chapter(), change(attempt_id, question, []), now=NOW + timedelta(hours=1))
    assert queries.last_given(cast.session, ada, attempt_id) == NOW


def test_moments_come_back_in_utc_as_they_went_in(cast: Cast) -> None:
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    actions.store(cast.session, ada, cast.chapter(), change(attempt_id, question, key), now=NOW)
    cast.session.expire_all()
    assert queries.held_answers(cast.session, ada, attempt_id)[question].stored_at == NOW
    assert queries.held_answers(cast.session, ada, attempt_id)[question].stored_at.utcoffset() == timedelta()


def test_the_key_of_every_kept_question_is_right(cast: Cast) -> None:
    ada = cast.person()
    attempt_id = begin(cast, ada)
    answer_all(cast, ada, attempt_id, right=8)
    attempt = hand_in(cast, ada, attempt_id)
    assert attempt.correct == 8
    assert all(key_of(question) for question in queries.questions_of(cast.session, attempt).values())
