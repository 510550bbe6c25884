"""What fits into the time that somebody has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.learning import rules
from training.learning.rules import OpenStep
from training.progress.rules import ChapterDemand, Demand, MilestoneKind, Step, standing

READ = [Step(MilestoneKind.SECTION_READ, f"one/s{number}") for number in range(3)]
FILM, QUIZ = Step(MilestoneKind.FILM_WATCHED, "one"), Step(MilestoneKind.QUIZ_PASSED, "one")
DEMAND = Demand(
    course="course",
    version=1,
    chapters=[ChapterDemand(chapter="one", steps={READ[0]: 5, READ[1]: 6, READ[2]: 7, FILM: 3, QUIZ: 10})],
)


def test_open_steps_come_in_the_order_of_the_course_film_sections_quiz() -> None:
    found = rules.open_steps(DEMAND, standing(DEMAND, []))
    assert [one.step for one in found] == [FILM, *READ, QUIZ]
    assert [one.minutes for one in found] == [3, 5, 6, 7, 10]


@pytest.mark.parametrize(
    ("minutes", "fits"),
    [
        pytest.param(5, [FILM], id="five minutes"),
        pytest.param(8, [FILM, READ[0]], id="exactly filled"),
        pytest.param(20, [FILM, *READ[:2]], id="twenty minutes"),
        pytest.param(500, [FILM, *READ, QUIZ], id="a whole day"),
        pytest.param(1, [FILM], id="too short for anything: the next step all the same"),
        pytest.param(-5, [FILM], id="less than nothing"),
    ],
)
def test_the_next_steps_that_fit(minutes: int, fits: list[Step]) -> None:
    found = rules.open_steps(DEMAND, standing(DEMAND, []))
    assert [one.step for one in rules.fitting(found, minutes)] == fits


def test_nothing_fits_where_nothing_is_open() -> None:
    assert rules.fitting([], 20) == []


@given(lengths=st.lists(st.integers(1, 30), max_size=8), minutes=st.integers(0, 120))
def test_what_fits_is_the_beginning_of_what_is_open_and_not_longer(lengths: list[int], minutes: int) -> None:
    steps = [
        OpenStep(Step(MilestoneKind.SECTION_READ, f"one/s{number}"), length) for number, length in enumerate(lengths)
    ]
    chosen = rules.fitting(steps, minutes)
    assert chosen == steps[: len(chosen)]
    assert len(chosen) <= 1 or sum(one.minutes for one in chosen) <= minutes
