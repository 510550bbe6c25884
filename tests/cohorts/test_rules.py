"""Privacy modes, codes, and figures in steps of five."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.cohorts import rules
from training.cohorts.rules import PrivacyMode

AGGREGATE, MILESTONES, INDIVIDUAL = PrivacyMode.AGGREGATE, PrivacyMode.MILESTONES, PrivacyMode.INDIVIDUAL


@pytest.mark.parametrize(
    ("present", "wanted", "may"),
    [
        (INDIVIDUAL, INDIVIDUAL, True),
        (INDIVIDUAL, MILESTONES, True),
        (INDIVIDUAL, AGGREGATE, True),
        (MILESTONES, INDIVIDUAL, False),
        (MILESTONES, MILESTONES, True),
        (MILESTONES, AGGREGATE, True),
        (AGGREGATE, INDIVIDUAL, False),
        (AGGREGATE, MILESTONES, False),
        (AGGREGATE, AGGREGATE, True),
    ],
)
def test_a_mode_only_becomes_gentler(present: PrivacyMode, wanted: PrivacyMode, may: bool) -> None:
    assert rules.is_as_gentle(wanted, present) is may


@given(modes=st.lists(st.sampled_from(PrivacyMode), min_size=2, max_size=6))
def test_no_row_of_allowed_changes_leads_back_to_a_more_open_mode(modes: list[PrivacyMode]) -> None:
    if all(rules.is_as_gentle(other, one) for one, other in itertools.pairwise(modes)):
        assert rules.is_as_gentle(modes[-1], modes[0])
        assert modes[0] == modes[-1] or not rules.is_as_gentle(modes[0], modes[-1])


@given(people=st.integers(0, 10_000))
def test_figures_speak_of_multiples_of_five(people: int) -> None:
    spoken = rules.in_steps(people)
    assert spoken % 5 == 0
    assert 0 <= people - spoken < 5


@given(people=st.integers(0, 10_000))
def test_one_person_more_changes_a_figure_only_at_each_fifth(people: int) -> None:
    assert (rules.in_steps(people + 1) != rules.in_steps(people)) is ((people + 1) % 5 == 0)


def test_a_code_has_no_letter_that_is_taken_for_another() -> None:
    codes = [rules.new_code() for _ in range(300)]
    assert len(set(codes)) == 300
    assert not set("".join(codes)) & set("01ILO")
    assert {len(code) for code in codes} == {8}


@pytest.mark.parametrize("typed", ["ABCD-2345", "abcd2345", " abcd 2345 ", "Abcd–2345", "a b c d 2 3 4 5"])
def test_a_code_is_the_same_however_it_was_typed(typed: str) -> None:
    assert rules.code_key(typed) == "ABCD2345"


@given(code=st.text(alphabet=rules.LETTERS, min_size=8, max_size=8))
def test_a_code_that_was_read_aloud_leads_to_the_group(code: str) -> None:
    assert rules.code_key(rules.shown_code(code).lower()) == code
