"""Which questions are drawn, in what order options stand, what is right. Values in, values out."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from training.courses.questions import Kind, Option, Question

STEP = 5
"""People: a figure about how others chose changes only with so many more of them."""
JOINED = "="
"""Between the two identifiers of a pair, in the answer to a `match` question."""


@dataclass(frozen=True, kw_only=True)
class PastAttempt:
    """An attempt that was handed in: the identifiers of its questions, and which of them were right."""

    number: int
    drawn: Sequence[str]
    right: frozenset[str]


def draw(
    bank: Sequence[Question], past: Sequence[PastAttempt], *, count: int, seed: int, field_of_work: str
) -> list[str]:
    """Return the identifiers of the questions of the next attempt, in the order in which they are asked.

    The first attempt draws one half of the bank and the second the other; later ones take the questions seen the
    longest ago first, those of the objectives still open before others. Situations of the reader's own field of
    work come first.
    """
    chance = random.Random(seed)  # noqa: S311  an order, not a secret
    chosen = _half(bank, past, count, chance) if len(past) < 2 else _least_recent(bank, past, count, chance)
    shuffled = sorted(chosen, key=lambda question: question.id)
    chance.shuffle(shuffled)
    shuffled.sort(key=lambda question: question.profession != field_of_work)
    return [question.id for question in shuffled]


def _half(bank: Sequence[Question], past: Sequence[PastAttempt], count: int, chance: random.Random) -> list[Question]:
    if past:
        seen = set(past[0].drawn)
        half = next((question.set for question in bank if question.id in seen), "a")
        wanted = "b" if half == "a" else "a"
    else:
        wanted = chance.choice("ab")
    inside = sorted((question for question in bank if question.set == wanted), key=lambda question: question.id)
    return _covering(inside, count, chance)


def _least_recent(
    bank: Sequence[Question], past: Sequence[PastAttempt], count: int, chance: random.Random
) -> list[Question]:
    last_seen = {identifier: attempt.number for attempt in past for identifier in attempt.drawn}
    still_open = open_objectives(bank, past)
    ranked = sorted(bank, key=lambda question: question.id)
    chance.shuffle(ranked)
    ranked.sort(key=lambda question: (last_seen.get(question.id, 0), not still_open & set(question.objectives)))
    return _covering(ranked, count, chance=None)


def _covering(ranked: Sequence[Question], count: int, chance: random.Random | None) -> list[Question]:
    """Return `count` questions from the front of the row that together cover every objective in it."""
    row = list(ranked)
    if chance is not None:
        chance.shuffle(row)
    missing = {objective for question in row for objective in question.objectives}
    chosen: list[Question] = []
    for question in row:
        if missing & set(question.objectives) and len(chosen) < count:
            chosen.append(question)
            missing -= set(question.objectives)
    chosen += [question for question in row if question not in chosen][: count - len(chosen)]
    return chosen


def open_objectives(bank: Sequence[Question], past: Sequence[PastAttempt]) -> frozenset[str]:
    """Return the objectives of which the latest question that was asked on each was not answered rightly."""
    by_id = {question.id: question for question in bank}
    latest: dict[str, bool] = {}
    for attempt in past:
        touched: dict[str, bool] = {}
        for identifier in attempt.drawn:
            if identifier in by_id:
                for objective in by_id[identifier].objectives:
                    touched[objective] = touched.get(objective, True) and identifier in attempt.right
        latest |= touched
    return frozenset(objective for objective, right in latest.items() if not right)


def option_order(question: Question, seed: int) -> list[Option]:
    """Return the options in the order in which this attempt shows them, equal in every language and on every device.

    An order to be found is never shown solved.
    """
    shown = sorted(question.options, key=lambda option: option.id)
    chance = random.Random(f"{seed}:{question.id}")  # noqa: S311  an order, not a secret
    chance.shuffle(shown)
    if question.kind is Kind.ORDER and [option.id for option in shown] == [option.id for option in question.options]:
        shown.reverse()
    return shown


def partner_order(question: Question, seed: int) -> list[Option]:
    """Return the options in the order in which their partners are offered."""
    shown = sorted(question.options, key=lambda option: option.id)
    random.Random(f"{seed}:{question.id}:partners").shuffle(shown)  # noqa: S311  an order, not a secret
    return shown


class Misfit(StrEnum):
    """Why a response cannot be an answer to a question."""

    UNKNOWN_OPTION = "unknown-option"
    WRONG_SHAPE = "wrong-shape"


def misfit(question: Question, response: Sequence[str]) -> Misfit | None:
    """Return why `response` is no answer to `question`, if it is none. An empty one takes the answer back."""
    known = {option.id for option in question.options}
    named = (
        [part for item in response for part in item.split(JOINED)] if question.kind is Kind.MATCH else list(response)
    )
    if not set(named) <= known:
        return Misfit.UNKNOWN_OPTION
    if not response:
        return None
    if len(set(response)) != len(response) or not _fits(question.kind, response, len(known)):
        return Misfit.WRONG_SHAPE
    return None


def _fits(kind: Kind, response: Sequence[str], options: int) -> bool:
    if kind is Kind.ONE:
        return len(response) == 1
    if kind is Kind.ORDER:
        return len(response) == options
    if kind is Kind.MATCH:
        lefts = [item.split(JOINED)[0] for item in response]
        return all(item.count(JOINED) == 1 for item in response) and len(set(lefts)) == len(lefts)
    return True


def key_of(question: Question) -> list[str]:
    """Return the response that is right."""
    if question.kind is Kind.ORDER:
        return [option.id for option in question.options]
    if question.kind is Kind.MATCH:
        return [f"{option.id}{JOINED}{option.id}" for option in question.options]
    return [option.id for option in question.options if option.right]


def is_right(question: Question, response: Sequence[str]) -> bool:
    """Whether all of a response is right; only the order of an `order` question counts."""
    if question.kind is Kind.ORDER:
        return list(response) == key_of(question)
    return set(response) == set(key_of(question))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The result of an attempt."""

    right: frozenset[str]
    asked: int
    passed: bool


def mark(questions: Mapping[str, Question], responses: Mapping[str, Sequence[str]], *, passed_at: int) -> Mark:
    """Return the mark of an attempt; a question without an answer is not right."""
    right = frozenset(
        identifier for identifier, question in questions.items() if is_right(question, responses.get(identifier, []))
    )
    return Mark(right=right, asked=len(questions), passed=len(right) >= passed_at)
