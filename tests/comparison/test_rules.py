"""Who is asked which form, and when."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.comparison import rules
from training.comparison.rules import Moment, Record, Stage, Taken
from training.courses.parallel import FormName

BEFORE, AFTER = Moment.BEFORE, Moment.AFTER
A, B = FormName.A, FormName.B
LAST = "the-end"
SKIPPED = Taken(form=None)
BEGUN, DONE = Taken(form=A), Taken(form=A, done=True)


@pytest.mark.parametrize(
    ("record", "passed", "before", "after"),
    [
        pytest.param({}, set(), Stage.OPEN, Stage.CLOSED, id="somebody new"),
        pytest.param({}, {"one"}, Stage.CLOSED, Stage.CLOSED, id="it is too late for before"),
        pytest.param({}, {"one", LAST}, Stage.CLOSED, Stage.CLOSED, id="after tells nothing without before"),
        pytest.param({BEFORE: BEGUN}, set(), Stage.BEGUN, Stage.CLOSED, id="in the middle"),
        pytest.param({BEFORE: BEGUN}, {"one"}, Stage.CLOSED, Stage.CLOSED, id="in the middle, and learned since"),
        pytest.param({BEFORE: DONE}, set(), Stage.DONE, Stage.CLOSED, id="done before"),
        pytest.param({BEFORE: DONE}, {"one"}, Stage.DONE, Stage.CLOSED, id="on the way"),
        pytest.param({BEFORE: DONE}, {"one", LAST}, Stage.DONE, Stage.OPEN, id="at the end"),
        pytest.param({BEFORE: DONE, AFTER: BEGUN}, {"one", LAST}, Stage.DONE, Stage.BEGUN, id="in the middle of after"),
        pytest.param({BEFORE: DONE, AFTER: DONE}, {"one", LAST}, Stage.DONE, Stage.DONE, id="done both"),
        pytest.param({BEFORE: SKIPPED}, set(), Stage.SKIPPED, Stage.SKIPPED, id="skipped before"),
        pytest.param({BEFORE: SKIPPED}, {"one", LAST}, Stage.SKIPPED, Stage.SKIPPED, id="skipped, and never asked"),
        pytest.param({AFTER: SKIPPED}, {"one", LAST}, Stage.SKIPPED, Stage.SKIPPED, id="skipped after, or took back"),
    ],
)
def test_how_a_person_stands(record: Record, passed: set[str], before: Stage, after: Stage) -> None:
    found = [rules.stage(moment, record, passed=passed, last=LAST) for moment in (BEFORE, AFTER)]
    assert found == [before, after]
    open_now = [moment for moment, one in zip(Moment, found, strict=True) if one in {Stage.OPEN, Stage.BEGUN}]
    assert rules.offered(record, passed=passed, last=LAST) == (open_now[0] if open_now else None)


@given(coins=st.lists(st.sampled_from(FormName), max_size=200))
def test_the_forms_stay_even_at_any_moment_however_the_coins_fall(coins: list[FormName]) -> None:
    assigned = dict.fromkeys(FormName, 0)
    for coin in coins:
        assigned[rules.first_form(assigned, coin=coin)] += 1
        assert abs(assigned[A] - assigned[B]) <= rules.LARGEST_DIFFERENCE


def test_nobody_can_foretell_the_form_but_where_one_is_ahead() -> None:
    for a, b in itertools.product(range(6), repeat=2):
        found = {rules.first_form({A: a, B: b}, coin=coin) for coin in FormName}
        if a - b >= rules.LARGEST_DIFFERENCE:
            assert found == {B}
        elif b - a >= rules.LARGEST_DIFFERENCE:
            assert found == {A}
        else:
            assert found == {A, B}


def test_most_of_the_time_the_coin_decides() -> None:
    chance, assigned, forced = random.Random(7), dict.fromkeys(FormName, 0), 0
    for _person in range(1000):
        forced += abs(assigned[A] - assigned[B]) >= rules.LARGEST_DIFFERENCE
        assigned[rules.first_form(assigned, coin=chance.choice(list(FormName)))] += 1
    assert forced < 600


@pytest.mark.parametrize("form", FormName)
def test_who_gets_one_form_before_gets_the_other_after(form: FormName) -> None:
    assert {form, rules.other(form)} == set(FormName)


def test_options_stand_in_one_order_for_a_person_and_in_any_for_others() -> None:
    options = ["a", "b", "c"]
    orders = {tuple(rules.in_order_for(f"person {number}", "item", options)) for number in range(100)}
    assert len(orders) == 6
    assert rules.in_order_for("ada", "item", options) == rules.in_order_for("ada", "item", options)
    assert options == ["a", "b", "c"]
