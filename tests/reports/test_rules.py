"""What a trainer is shown of a member and of a question."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content import question
from training.courses.questions import Kind
from training.reports import rules
from training.reports.rules import Cell, CellState, ChapterFacts, Response, Row

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "due", "expected"),
    [
        pytest.param(ChapterFacts(), None, CellState.OPEN, id="nothing, no date"),
        pytest.param(ChapterFacts(steps=2), None, CellState.BEGUN, id="begun, no date"),
        pytest.param(ChapterFacts(steps=2), NOW + 30 * DAY, CellState.BEGUN, id="begun, a date far ahead"),
        pytest.param(ChapterFacts(), NOW + 3 * DAY, CellState.SOON, id="nothing, a date within a week"),
        pytest.param(ChapterFacts(steps=2), NOW + 3 * DAY, CellState.SOON, id="begun, a date within a week"),
        pytest.param(ChapterFacts(steps=2), NOW - DAY, CellState.OVERDUE, id="begun, the date has passed"),
        pytest.param(ChapterFacts(completed_at=NOW, done_at=NOW), None, CellState.DONE, id="done, no date"),
        pytest.param(ChapterFacts(completed_at=NOW, done_at=NOW), NOW + DAY, CellState.DONE, id="done in time"),
        pytest.param(ChapterFacts(completed_at=NOW, done_at=NOW), NOW - DAY, CellState.DONE_LATE, id="done late"),
        pytest.param(
            ChapterFacts(completed_at=NOW, done_at=NOW - 2 * DAY),
            NOW - DAY,
            CellState.DONE,
            id="done in time, told late",
        ),
    ],
)
def test_how_a_chapter_stands_for_a_member(facts: ChapterFacts, due: datetime | None, expected: CellState) -> None:
    assert rules.cell(facts, of=8, due=due, now=NOW).state is expected


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        (ChapterFacts(steps=3), 3),
        (ChapterFacts(steps=12), 8),
        (ChapterFacts(steps=3, completed_at=NOW, done_at=NOW), 8),
    ],
)
def test_steps_are_never_more_than_the_rule_asks_and_all_of_them_when_completed(
    facts: ChapterFacts, steps: int
) -> None:
    """C3: never more than all, whatever the content becomes."""
    assert rules.cell(facts, of=8, due=None, now=NOW).steps == steps


def row(*cells: tuple[CellState, int]) -> Row:
    return Row(
        person_id=UUID(int=1),
        reference=UUID(int=2),
        name="Ada",
        authority="",
        cells=[Cell(state=state, completed_at=None, steps=steps, of=8) for state, steps in cells],
    )


@pytest.mark.parametrize(
    ("cells", "needs_help"),
    [
        pytest.param([(CellState.OPEN, 0)], False, id="open without a date"),
        pytest.param([(CellState.SOON, 3)], False, id="soon, and begun"),
        pytest.param([(CellState.SOON, 0)], True, id="soon, nothing begun"),
        pytest.param([(CellState.DONE, 8), (CellState.OVERDUE, 7)], True, id="overdue, all but done"),
        pytest.param([(CellState.DONE_LATE, 8)], False, id="done late"),
        pytest.param([], False, id="no figures in aggregate mode"),
    ],
)
def test_who_will_miss_a_date_needs_help(cells: list[tuple[CellState, int]], needs_help: bool) -> None:
    assert row(*cells).needs_help is needs_help


def responses(count: int, chosen: str = "a", *, asked: str = "question") -> list[Response]:
    return [
        Response(
            person_id=UUID(int=number + 1),
            question=asked,
            response=[chosen],
            handed_in_at=NOW + timedelta(minutes=number),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(("answers", "people"), [(0, None), (4, None), (5, 5), (9, 5), (10, 10), (14, 10)])
def test_a_question_has_a_figure_from_five_people_up_and_in_steps_of_five(answers: int, people: int | None) -> None:
    figures = rules.question_figures([question()], responses(answers))
    assert [figure.people for figure in figures] == ([] if people is None else [people])


@given(answers=st.lists(st.sampled_from("abc"), min_size=5, max_size=30), last=st.sampled_from("abc"))
def test_nobodys_answer_can_be_read_off_a_difference(answers: list[str], last: str) -> None:
    given_by = [
        Response(
            person_id=UUID(int=number + 1),
            question="question",
            response=[chosen],
            handed_in_at=NOW + timedelta(minutes=number),
        )
        for number, chosen in enumerate([*answers, last])
    ]
    before = rules.question_figures([question()], given_by[:-1])[0]
    after = rules.question_figures([question()], given_by)[0]
    if before.people == after.people:
        assert before == after
    else:
        assert after.people - before.people == 5


def test_a_figure_counts_what_was_chosen_and_what_was_right() -> None:
    asked = question(kind=Kind.SEVERAL, right=("a", "b"))
    given_by = responses(5)
    given_by[0] = Response(
        person_id=UUID(int=1), question="question", response=["b", "a"], handed_in_at=given_by[0].handed_in_at
    )
    figure = rules.question_figures([asked], given_by)[0]
    assert dict(figure.options) == {"a": 5, "b": 1, "c": 0}
    assert figure.right == 1
    assert figure.share_right == 0.2


def test_of_an_order_and_a_match_a_figure_counts_what_was_rightly_placed() -> None:
    order = question("order", kind=Kind.ORDER)
    match = question("match", kind=Kind.MATCH)
    placed = [
        Response(person_id=UUID(int=number), question="order", response=["a", "c", "b"], handed_in_at=NOW)
        for number in range(5)
    ]
    joined = [
        Response(person_id=UUID(int=number), question="match", response=["a=a", "b=c"], handed_in_at=NOW)
        for number in range(5)
    ]
    figures = {one.question.id: one for one in rules.question_figures([order, match], [*placed, *joined])}
    assert dict(figures["order"].options) == {"a": 5, "b": 0, "c": 0}
    assert dict(figures["match"].options) == {"a": 5, "b": 0, "c": 0}


def test_the_hardest_question_comes_first() -> None:
    easy, hard = question("easy"), question("hard")
    figures = rules.question_figures([easy, hard], [*responses(5, "a", asked="easy"), *responses(5, "b", asked="hard")])
    assert [figure.question.id for figure in figures] == ["hard", "easy"]


def test_an_option_that_the_question_no_longer_has_is_not_counted() -> None:
    figure = rules.question_figures([question()], responses(5, "gone"))[0]
    assert sum(figure.options.values()) == 0
