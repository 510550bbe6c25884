"""Which questions are drawn, how options stand, what is right."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content import question
from training.courses.library import Library
from training.courses.questions import Kind, Profession, Question
from training.quizzes import rules
from training.quizzes.rules import Misfit, PastAttempt

ONE = question(kind=Kind.ONE, options=("a", "b", "c"), right=("b",))
SEVERAL = question(kind=Kind.SEVERAL, options=("a", "b", "c"), right=("a", "c"))
ORDER = question(kind=Kind.ORDER, options=("a", "b", "c"))
MATCH = question(kind=Kind.MATCH, options=("a", "b", "c"))


@st.composite
def banks(draw: st.DrawFn) -> list[Question]:
    """Banks as the content check lets them through: two halves of eight or more that each cover every objective."""
    objectives = [f"objective-{number}" for number in range(draw(st.integers(1, 6)))]
    bank = []
    for half in "ab":
        size = draw(st.integers(8, 11))
        for number in range(size):
            touched = {objectives[number % len(objectives)], draw(st.sampled_from(objectives))}
            bank.append(
                question(
                    f"{half}-{number}",
                    half=half,
                    objectives=tuple(sorted(touched)),
                    profession=draw(st.sampled_from(Profession)),
                )
            )
    return bank


def covered(bank: list[Question], drawn: list[str]) -> set[str]:
    return {objective for one in bank if one.id in drawn for objective in one.objectives}


def play(bank: list[Question], seed: int, attempts: int) -> list[PastAttempt]:
    """Attempts one after the other, answered by chance."""
    chance = random.Random(seed)
    past: list[PastAttempt] = []
    for number in range(1, attempts + 1):
        drawn = rules.draw(bank, past, count=8, seed=chance.getrandbits(31), field_of_work="teacher")
        right = frozenset(one for one in drawn if chance.random() < 0.5)
        past.append(PastAttempt(number=number, drawn=drawn, right=right))
    return past


@given(bank=banks(), seed=st.integers(0, 2**31))
def test_the_first_two_attempts_share_no_question_and_each_covers_every_objective(
    bank: list[Question], seed: int
) -> None:
    first, second = play(bank, seed, 2)
    everything = covered(bank, [one.id for one in bank])
    assert not set(first.drawn) & set(second.drawn)
    assert covered(bank, list(first.drawn)) == covered(bank, list(second.drawn)) == everything


@given(bank=banks(), seed=st.integers(0, 2**31), attempts=st.integers(1, 7))
def test_every_attempt_draws_eight_different_questions_of_the_bank(
    bank: list[Question], seed: int, attempts: int
) -> None:
    for attempt in play(bank, seed, attempts):
        assert len(set(attempt.drawn)) == len(attempt.drawn) == 8
        assert set(attempt.drawn) <= {one.id for one in bank}


@given(bank=banks(), seed=st.integers(0, 2**31), attempts=st.integers(3, 7))
def test_later_attempts_cover_every_objective_too(bank: list[Question], seed: int, attempts: int) -> None:
    last = play(bank, seed, attempts)[-1]
    assert covered(bank, list(last.drawn)) == covered(bank, [one.id for one in bank])


@given(bank=banks(), seed=st.integers(0, 2**31))
def test_the_same_seed_draws_the_same_questions_whatever_the_order_of_the_bank(bank: list[Question], seed: int) -> None:
    shuffled = random.Random(seed).sample(bank, len(bank))
    drawn = [rules.draw(row, [], count=8, seed=seed, field_of_work="police") for row in (bank, shuffled)]
    assert drawn[0] == drawn[1]


@given(bank=banks(), seed=st.integers(0, 2**31))
def test_situations_of_the_readers_own_field_of_work_come_first(bank: list[Question], seed: int) -> None:
    drawn = rules.draw(bank, [], count=8, seed=seed, field_of_work=Profession.POLICE)
    professions = [next(one.profession for one in bank if one.id == identifier) for identifier in drawn]
    own = [profession is Profession.POLICE for profession in professions]
    assert own == sorted(own, reverse=True)


def test_the_third_attempt_takes_what_was_seen_the_longest_ago() -> None:
    bank = [question(f"{half}-{number}", half=half) for half in "ab" for number in range(10)]
    first = PastAttempt(number=1, drawn=[f"a-{number}" for number in range(8)], right=frozenset())
    second = PastAttempt(number=2, drawn=[f"b-{number}" for number in range(8)], right=frozenset())
    drawn = rules.draw(bank, [first, second], count=8, seed=4, field_of_work="teacher")
    assert {"a-8", "a-9", "b-8", "b-9"} <= set(drawn)
    assert not {one for one in drawn if one in second.drawn}


def test_of_equally_old_questions_those_of_open_objectives_come_before_others() -> None:
    bank = [
        question(f"{half}-{number}", half=half, objectives=("open" if number < 5 else "closed",))
        for half in "ab"
        for number in range(16)
    ]
    first = PastAttempt(number=1, drawn=["a-0", "a-5"], right=frozenset({"a-5"}))
    second = PastAttempt(number=2, drawn=["b-0", "b-5"], right=frozenset({"b-5"}))
    drawn = rules.draw(bank, [first, second], count=8, seed=1, field_of_work="teacher")
    assert sum(one.split("-")[1] in {"1", "2", "3", "4"} for one in drawn) >= 7


def test_the_real_bank_covers_every_objective_in_each_of_the_first_two_attempts(library: Library) -> None:
    for course in library.courses.values():
        for chapter in course.chapters:
            if chapter.published:
                first, second = play(list(chapter.questions.values()), 7, 2)
                wanted = {objective.id for objective in chapter.file.objectives}
                assert covered(list(chapter.questions.values()), list(first.drawn)) == wanted
                assert covered(list(chapter.questions.values()), list(second.drawn)) == wanted


@given(seed=st.integers(0, 2**31), kind=st.sampled_from(Kind))
def test_options_stand_in_the_same_order_in_every_language_and_on_every_device(seed: int, kind: Kind) -> None:
    asked = question(kind=kind, options=("a", "b", "c", "d"), right=("a", "b") if kind is Kind.SEVERAL else ("a",))
    kept = Question.model_validate(asked.model_dump(mode="json", by_alias=True))
    turned = kept.model_copy(update={"options": list(reversed(kept.options))})
    once = [one.id for one in rules.option_order(asked, seed)]
    assert sorted(once) == ["a", "b", "c", "d"]
    assert [one.id for one in rules.option_order(kept, seed)] == once
    if kind is not Kind.ORDER:
        assert [one.id for one in rules.option_order(turned, seed)] == once
    assert [one.id for one in rules.partner_order(turned, seed)] == [one.id for one in rules.partner_order(asked, seed)]


@given(seed=st.integers(0, 2**31), size=st.integers(2, 6))
def test_an_order_to_be_found_is_never_shown_solved(seed: int, size: int) -> None:
    asked = question(kind=Kind.ORDER, options=tuple("fedcba"[:size]))
    assert [one.id for one in rules.option_order(asked, seed)] != rules.key_of(asked)


def test_options_are_mixed_differently_from_attempt_to_attempt() -> None:
    orders = {tuple(one.id for one in rules.option_order(ONE, seed)) for seed in range(50)}
    assert len(orders) == 6


@pytest.mark.parametrize(
    ("asked", "response", "expected"),
    [
        pytest.param(ONE, ["b"], None, id="one of one"),
        pytest.param(ONE, [], None, id="taken back"),
        pytest.param(ONE, ["a", "b"], Misfit.WRONG_SHAPE, id="two where one is asked"),
        pytest.param(ONE, ["z"], Misfit.UNKNOWN_OPTION, id="an option of nobody"),
        pytest.param(SEVERAL, ["a"], None, id="one of several"),
        pytest.param(SEVERAL, ["a", "b", "c"], None, id="all of several"),
        pytest.param(SEVERAL, ["a", "a"], Misfit.WRONG_SHAPE, id="the same twice"),
        pytest.param(ORDER, ["c", "a", "b"], None, id="a whole order"),
        pytest.param(ORDER, ["c", "a"], Misfit.WRONG_SHAPE, id="half an order"),
        pytest.param(ORDER, ["c", "a", "a"], Misfit.WRONG_SHAPE, id="an order with a double"),
        pytest.param(MATCH, ["a=b", "b=a"], None, id="some pairs"),
        pytest.param(MATCH, ["a=b", "a=c"], Misfit.WRONG_SHAPE, id="two partners for one"),
        pytest.param(MATCH, ["a"], Misfit.WRONG_SHAPE, id="no pair"),
        pytest.param(MATCH, ["a=b=c"], Misfit.WRONG_SHAPE, id="a pair of three"),
        pytest.param(MATCH, ["a=z"], Misfit.UNKNOWN_OPTION, id="a partner of nobody"),
        pytest.param(MATCH, ["="], Misfit.UNKNOWN_OPTION, id="an empty pair"),
    ],
)
def test_what_is_an_answer_to_a_question(asked: Question, response: list[str], expected: Misfit | None) -> None:
    assert rules.misfit(asked, response) is expected


@pytest.mark.parametrize(
    ("asked", "response", "right"),
    [
        pytest.param(ONE, ["b"], True, id="the right one"),
        pytest.param(ONE, ["a"], False, id="a wrong one"),
        pytest.param(ONE, [], False, id="nothing"),
        pytest.param(SEVERAL, ["c", "a"], True, id="all the right ones, in any order"),
        pytest.param(SEVERAL, ["a"], False, id="some of the right ones"),
        pytest.param(SEVERAL, ["a", "b", "c"], False, id="a wrong one beside them"),
        pytest.param(ORDER, ["a", "b", "c"], True, id="the right order"),
        pytest.param(ORDER, ["b", "a", "c"], False, id="another order"),
        pytest.param(MATCH, ["b=b", "c=c", "a=a"], True, id="every pair, in any order"),
        pytest.param(MATCH, ["a=a", "b=b"], False, id="a pair missing"),
        pytest.param(MATCH, ["a=b", "b=a", "c=c"], False, id="pairs crossed"),
    ],
)
def test_what_is_right(asked: Question, response: list[str], right: bool) -> None:
    assert rules.is_right(asked, response) is right


@given(kind=st.sampled_from(Kind))
def test_the_key_of_a_question_is_an_answer_and_right(kind: Kind) -> None:
    asked = question(kind=kind, options=("a", "b", "c", "d"), right=("a", "b") if kind is Kind.SEVERAL else ("a",))
    assert rules.misfit(asked, rules.key_of(asked)) is None
    assert rules.is_right(asked, rules.key_of(asked))


@given(rights=st.integers(0, 8), passed_at=st.integers(1, 8))
def test_an_attempt_is_passed_from_the_asked_number_of_right_answers_on(rights: int, passed_at: int) -> None:
    asked = {f"q{number}": question(f"q{number}") for number in range(8)}
    responses = {f"q{number}": ["a"] if number < rights else ["b"] for number in range(7)}
    mark = rules.mark(asked, responses, passed_at=passed_at)
    assert len(mark.right) == min(rights, 7)  # the eighth has no answer: it is not right
    assert mark.asked == 8
    assert mark.passed is (min(rights, 7) >= passed_at)


def test_an_objective_is_open_until_its_latest_questions_are_all_right() -> None:
    bank = [
        question("x", objectives=("one",)),
        question("y", objectives=("one", "two")),
        question("z", objectives=("three",)),
    ]
    first = PastAttempt(number=1, drawn=["x", "y"], right=frozenset({"x"}))
    assert rules.open_objectives(bank, [first]) == {"one", "two"}
    second = PastAttempt(number=2, drawn=["y", "gone"], right=frozenset({"y"}))
    assert rules.open_objectives(bank, [first, second]) == frozenset()
    third = PastAttempt(number=3, drawn=["x"], right=frozenset())
    assert rules.open_objectives(bank, [first, second, third]) == {"one"}
