"""What the banks must not do: tell their keys by length or place, and say the same twice.

Chance is counted, not guessed: a strategy picks as many options as are right; how many of its picks are right then
follows from drawing without replacement. It may be lucky by two and a half standard deviations, not more.
"""

import re
from collections.abc import Callable, Sequence
from itertools import combinations
from statistics import mean

import pytest

from training.courses.library import Chapter
from training.courses.load import load_library
from training.courses.questions import Kind, Option, Question
from training.languages import Language
from training.quizzes.rules import key_of, option_order
from training.settings import ROOT

ALIKE = 0.3
"""The share of a feedback text's runs of three words that may stand in another one of its bank."""
LUCK = 2.5
"""Standard deviations above chance."""
SEEDS = 200

Strategy = Callable[[Sequence[int]], Sequence[float]]
"""What a solver sees is the lengths of a question's options; it picks those with the highest figures."""

STRATEGIES: dict[str, Strategy] = {
    "the longest": lambda lengths: lengths,
    "the shortest": lambda lengths: [-length for length in lengths],
    "the middling": lambda lengths: [-abs(length - mean(lengths)) for length in lengths],
    "the odd one out": lambda lengths: [abs(length - mean(lengths)) for length in lengths],
}


def chapters() -> list[Chapter]:
    library = load_library(ROOT / "courses", ROOT / "videos_manifest.json")
    return [chapter for course in library.courses.values() for chapter in course.chapters if chapter.published]


every_bank = pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.slug)
every_language = pytest.mark.parametrize("language", list(Language))


def picks(question: Question, language: Language, strategy: Strategy) -> list[Option]:
    """Return as many options as are right, chosen by length alone."""
    figures = strategy([len(option.text[language]) for option in question.options])
    ranked = sorted(zip(figures, question.options, strict=True), key=lambda pair: pair[0], reverse=True)
    return [option for _figure, option in ranked[: sum(option.right for option in question.options)]]


def luck(questions: Sequence[Question]) -> tuple[float, float]:
    """Return the mean and the deviation of right picks when nothing is known."""
    rights = [(sum(option.right for option in one.options), len(one.options)) for one in questions]
    expected = sum(right * right / size for right, size in rights)
    spread = sum(
        right * (right / size) * (1 - right / size) * (size - right) / max(size - 1, 1) for right, size in rights
    )
    return expected, spread**0.5


@pytest.mark.parametrize("strategy", STRATEGIES)
@every_language
@every_bank
def test_who_sees_only_lengths_does_no_better_than_chance(chapter: Chapter, language: Language, strategy: str) -> None:
    questions = [one for one in chapter.questions.values() if one.kind in {Kind.ONE, Kind.SEVERAL}]
    right = {one.id: sum(pick.right for pick in picks(one, language, STRATEGIES[strategy])) for one in questions}
    expected, deviation = luck(questions)
    assert sum(right.values()) <= expected + LUCK * deviation, [one for one, hits in right.items() if hits]


@pytest.mark.parametrize("upwards", [True, False])
@every_language
@every_bank
def test_orders_and_pairs_do_not_follow_from_lengths(chapter: Chapter, language: Language, upwards: bool) -> None:
    asked = [one for one in chapter.questions.values() if one.kind in {Kind.ORDER, Kind.MATCH}]
    hits = {one.id: placed(one, language, upwards) for one in asked}
    assert sum(hits.values()) <= len(asked) + LUCK * len(asked) ** 0.5, hits  # by chance one fits, deviation one


def placed(question: Question, language: Language, upwards: bool) -> int:
    """Return how many options come to their place, or to their partner, when both are sorted by length."""
    options = range(len(question.options))
    texts = [len(option.text[language]) for option in question.options]
    partners = [len(option.partner[language]) if option.partner else 0 for option in question.options]
    order = sorted(options, key=texts.__getitem__, reverse=not upwards)
    if question.kind is Kind.ORDER:
        return sum(option == place for place, option in enumerate(order))
    return sum(mine == theirs for mine, theirs in zip(order, sorted(options, key=partners.__getitem__), strict=True))


@every_bank
def test_no_place_is_right_more_often_than_another(chapter: Chapter) -> None:
    questions = [one for one in chapter.questions.values() if one.kind is Kind.ONE]
    for place in range(min(len(one.options) for one in questions)):
        hits = sum(
            option_order(question, seed)[place].id in key_of(question)
            for question in questions
            for seed in range(SEEDS)
        )
        expected = sum(SEEDS / len(question.options) for question in questions)
        assert abs(hits - expected) <= 0.1 * expected


@every_language
@every_bank
def test_no_two_feedback_texts_of_a_bank_are_alike(chapter: Chapter, language: Language) -> None:
    texts = {
        f"{question.id}/{option.id}": runs(option.feedback[language])
        for question in (*chapter.questions.values(), *chapter.practice.values())
        for option in question.options
    }
    alike = [
        (one, other)
        for (one, ours), (other, theirs) in combinations(texts.items(), 2)
        if len(ours & theirs) > ALIKE * min(len(ours), len(theirs))
    ]
    assert alike == []


def runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words of a text."""
    words = re.findall(r"\w+", text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


def test_a_bank_that_tells_its_key_is_found_out() -> None:
    """The measure itself: where every right option is the longest, the strategy wins."""
    questions = [one for one in chapters()[0].questions.values() if one.kind is Kind.ONE]
    told = [one.model_copy(update={"options": [padded(option) for option in one.options]}) for one in questions]
    hits = sum(pick.right for one in told for pick in picks(one, Language.EN, STRATEGIES["the longest"]))
    expected, deviation = luck(told)
    assert hits == len(told) > expected + LUCK * deviation


def padded(option: Option) -> Option:
    words = option.text.model_copy(update={"en": "word " * (9 if option.right else 3)})
    return option.model_copy(update={"text": words})
