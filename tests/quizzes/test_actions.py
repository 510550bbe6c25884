"""What happens to an attempt, its answers and a dilemma, on both engines."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cast import NOW, Cast
from tests.tables import nothing_changes
from training.db import new_id
from training.languages import Language
from training.progress.actions import enrol
from training.quizzes import actions, queries
from training.quizzes.actions import Change, State
from training.quizzes.models import Answer, Attempt, DilemmaTally, QuestionRevision
from training.quizzes.rules import Misfit, key_of

COURSE, CHAPTER = "local-prevention", "understanding"
MINUTE = timedelta(minutes=1)


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
    """B8: a connection that breaks at the beginning costs no attempt."""
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


def answer_all(cast: Cast, person_id: UUID, attempt_id: UUID, *, right: int) -> None:
    """Answer every question of an attempt, so many of them rightly."""
    attempt = queries.attempt_by_id(cast.session, person_id, COURSE, CHAPTER, attempt_id)
    assert attempt is not None
    for number, (identifier, question) in enumerate(queries.questions_of(cast.session, attempt).items()):
        if number < right:
            change_made = change(attempt_id, identifier, key_of(question))
            actions.store(cast.session, person_id, cast.chapter(), change_made, now=NOW)


def hand_in(cast: Cast, person_id: UUID, attempt_id: UUID) -> Attempt:
    return actions.hand_in(cast.session, person_id, cast.chapter(), attempt_id, passed_at=6, now=NOW + MINUTE)


def test_an_attempt_keeps_its_questions_as_they_stand_now(cast: Cast) -> None:
    ada = cast.person()
    attempt = queries.attempt_by_id(cast.session, ada, COURSE, CHAPTER, begin(cast, ada))
    assert attempt is not None
    assert len(attempt.drawn) == 8
    kept = queries.questions_of(cast.session, attempt)
    assert list(kept) == [identifier for identifier, _revision in attempt.drawn]
    assert all(cast.chapter().questions[identifier] == question for identifier, question in kept.items())


def test_a_question_that_was_asked_before_is_kept_once(cast: Cast) -> None:
    for _ in range(6):
        begin(cast, cast.person())
    kept = cast.session.scalars(select(QuestionRevision.question)).all()
    assert len(kept) == len(set(kept)) <= 16


def test_an_attempt_can_be_looked_at_as_it_was_asked_after_the_question_has_changed(cast: Cast) -> None:
    """B9: an author's change leaves attempts as they were."""
    ada = cast.person()
    attempt_id, identifier, key = first_question(cast, ada)
    chapter = cast.chapter()
    asked = chapter.questions[identifier]
    rewritten = asked.model_copy(update={"text": asked.text.model_copy(update={"en": "Something else entirely?"})})
    assert chapter.quiz is not None
    others = [one for one in chapter.quiz.questions if one.id != identifier]
    later = replace(chapter, quiz=chapter.quiz.model_copy(update={"questions": [*others, rewritten]}))
    actions.store(cast.session, ada, later, change(attempt_id, identifier, key), now=NOW)
    attempt = actions.hand_in(cast.session, ada, later, attempt_id, passed_at=1, now=NOW)
    assert attempt.passed
    assert queries.questions_of(cast.session, attempt)[identifier].text.en == asked.text.en


def test_after_handing_in_another_attempt_begins_with_other_questions(cast: Cast) -> None:
    ada = cast.person()
    first = hand_in(cast, ada, begin(cast, ada))
    second = queries.attempt_by_id(cast.session, ada, COURSE, CHAPTER, begin(cast, ada))
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert not {one for one, _ in first.drawn} & {one for one, _ in second.drawn}


@pytest.mark.parametrize(("right", "passed"), [(0, False), (5, False), (6, True), (8, True)])
def test_handing_in_marks_what_is_held(cast: Cast, right: int, passed: bool) -> None:
    """B6: what was stored before a connection broke is marked."""
    ada = cast.person()
    attempt_id = begin(cast, ada)
    answer_all(cast, ada, attempt_id, right=right)
    attempt = hand_in(cast, ada, attempt_id)
    assert (attempt.correct, attempt.passed, attempt.submitted_at) == (right, passed, NOW + MINUTE)


def test_handing_in_twice_keeps_the_first_mark(cast: Cast) -> None:
    """C9: a mark is given once and stays."""
    ada = cast.person()
    attempt_id = begin(cast, ada)
    answer_all(cast, ada, attempt_id, right=6)
    hand_in(cast, ada, attempt_id)
    with nothing_changes(cast.session):
        again = actions.hand_in(cast.session, ada, cast.chapter(), attempt_id, passed_at=8, now=NOW + 5 * MINUTE)
    assert (again.passed, again.submitted_at) == (True, NOW + MINUTE)


def test_the_last_answer_to_a_question_counts(cast: Cast) -> None:
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    for response in (key, [], key):
        actions.store(cast.session, ada, cast.chapter(), change(attempt_id, question, response), now=NOW)
    assert queries.held_answers(cast.session, ada, attempt_id)[question].response == key
    assert len(cast.session.scalars(select(Answer).where(Answer.person_id == ada)).all()) == 3


def test_an_answer_after_handing_in_is_kept_and_does_not_count(cast: Cast) -> None:
    """B15: handing in is the one end of an attempt."""
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    hand_in(cast, ada, attempt_id)
    late = change(attempt_id, question, key)
    assert actions.store(cast.session, ada, cast.chapter(), late, now=NOW).state is State.LATE
    assert actions.store(cast.session, ada, cast.chapter(), late, now=NOW).state is State.LATE
    assert queries.held_answers(cast.session, ada, attempt_id) == {}


def test_the_language_is_an_attribute_of_the_answer_and_no_part_of_what_makes_it_the_same(cast: Cast) -> None:
    """B4: an answer is known by its attempt and its question, never by a text."""
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    once = change(attempt_id, question, key)
    actions.store(cast.session, ada, cast.chapter(), once, now=NOW)
    again = actions.store(cast.session, ada, cast.chapter(), replace(once, language=Language.DE), now=NOW)
    assert again.state is State.ALREADY_STORED
    assert cast.session.get_one(Answer, (ada, once.id)).language == "en"


def refused(cast: Cast, person_id: UUID, sent: Change, refusal: type[Exception]) -> Exception:
    with nothing_changes(cast.session), pytest.raises(refusal) as caught:
        actions.store(cast.session, person_id, cast.chapter(), sent, now=NOW)
    return caught.value


def test_what_is_refused_changes_nothing(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    attempt_id, question, key = first_question(cast, ada)
    attempt = queries.attempt_by_id(cast.session, ada, COURSE, CHAPTER, attempt_id)
    assert attempt is not None
    outside = next(one for one in cast.chapter().questions if one not in dict(attempt.drawn))
    once = change(attempt_id, question, key)
    actions.store(cast.session, ada, cast.chapter(), once, now=NOW)
    refused(cast, eve, change(attempt_id, question, key), actions.NoSuchAttempt)
    refused(cast, ada, change(new_id(), question, key), actions.NoSuchAttempt)
    refused(cast, ada, change(attempt_id, outside, ["x"]), actions.NoSuchQuestion)
    refused(cast, ada, change(attempt_id, "no-such-question", ["x"]), actions.NoSuchQuestion)
    unfit = refused(cast, ada, change(attempt_id, question, ["no-such-option"]), actions.Unfit)
    assert isinstance(unfit, actions.Unfit)
    assert unfit.misfit is Misfit.UNKNOWN_OPTION
    refused(cast, ada, replace(once, response=[]), actions.OtherBody)


def test_an_attempt_of_another_chapter_is_none_of_this_one(cast: Cast) -> None:
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    other = replace(cast.chapter(), file=cast.chapter().file.model_copy(update={"chapter": "families"}))
    with nothing_changes(cast.session), pytest.raises(actions.NoSuchAttempt):
        actions.store(cast.session, ada, other, change(attempt_id, question, key), now=NOW)
    with nothing_changes(cast.session), pytest.raises(actions.NoSuchAttempt):
        actions.hand_in(cast.session, ada, other, attempt_id, passed_at=6, now=NOW)


def test_somebody_elses_attempt_cannot_be_handed_in(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    attempt_id = begin(cast, ada)
    with nothing_changes(cast.session), pytest.raises(actions.NoSuchAttempt):
        hand_in(cast, eve, attempt_id)


def test_a_device_that_was_away_does_not_replace_a_later_answer_that_it_has_not_seen(cast: Cast) -> None:
    ada = cast.person()
    attempt_id, question, key = first_question(cast, ada)
    on_the_train = replace(change(attempt_id, question, []), device="telephone", given_at=NOW, known="")
    at_the_office = replace(change(attempt_id, question, key), device="office", given_at=NOW + MINUTE)
    actions.store(cast.session, ada, cast.chapter(), at_the_office, now=NOW + MINUTE)
    refused(cast, ada, on_the_train, actions.Overtaken)
    seen = replace(on_the_train, known=str(at_the_office.id))
    assert actions.store(cast.session, ada, cast.chapter(), seen, now=NOW + 2 * MINUTE).state is State.STORED


# Dilemmas


def dilemma(cast: Cast) -> tuple[str, str, str]:
    """Return a dilemma of the chapter and two of its choices."""
    found = next(iter(cast.chapter().dilemmas.values()))
    return found.id, found.choices[0].id, found.choices[1].id


def choose(cast: Cast, person_id: UUID, choice: str, *, at: int = 0) -> None:
    name, _one, _other = dilemma(cast)
    actions.choose(cast.session, person_id, COURSE, name, choice, language=Language.EN, now=NOW + timedelta(minutes=at))


def tallies(cast: Cast) -> dict[str, tuple[int, int]]:
    rows = cast.session.scalars(select(DilemmaTally)).all()
    return {row.choice: (row.people, row.shown) for row in rows}


def test_how_others_chose_is_shown_from_five_people_up_and_in_steps_of_five(cast: Cast) -> None:
    _name, one, other = dilemma(cast)
    people = [cast.person(f"P{number}") for number in range(9)]
    for person_id in people[:4]:
        choose(cast, person_id, one)
    assert tallies(cast) == {one: (4, 0)}
    choose(cast, people[4], other)
    assert tallies(cast) == {one: (4, 4), other: (1, 1)}
    for person_id in people[5:]:
        choose(cast, person_id, other)
    assert tallies(cast) == {one: (4, 4), other: (5, 1)}


def test_choosing_again_counts_a_person_once(cast: Cast) -> None:
    _name, one, other = dilemma(cast)
    ada = cast.person()
    choose(cast, ada, one)
    with nothing_changes(cast.session):
        choose(cast, ada, one, at=1)
    choose(cast, ada, other, at=2)
    assert tallies(cast) == {one: (0, 0), other: (1, 0)}


def test_a_change_of_mind_does_not_show_in_the_figure_that_others_see(cast: Cast) -> None:
    """Else everybody who had seen the figure a moment before would know what the fifth person thinks now."""
    _name, one, other = dilemma(cast)
    people = [cast.person(f"P{number}") for number in range(5)]
    for person_id in people:
        choose(cast, person_id, one)
    choose(cast, people[4], other, at=1)
    assert tallies(cast) == {one: (4, 5), other: (1, 0)}
