"""Watched intervals: their union, their share, and what wall time forbids."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.watching import rules
from training.watching.rules import Report

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

parts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12)


def moments(several: list[tuple[int, int]]) -> set[int]:
    return {moment for begin, end in several for moment in range(begin, end)}


@given(parts=parts)
def test_the_union_holds_the_same_moments_in_order_and_apart(parts: list[tuple[int, int]]) -> None:
    merged = rules.union(parts)
    assert moments(merged) == moments(parts)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(merged))
    assert rules.length(merged) == len(moments(parts))


@given(parts=parts, seed=st.randoms())
def test_the_order_of_the_parts_does_not_matter(parts: list[tuple[int, int]], seed: object) -> None:
    shuffled = list(parts)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.union(shuffled) == rules.union(parts)


@given(parts=parts)
def test_the_union_of_a_union_is_itself(parts: list[tuple[int, int]]) -> None:
    assert rules.union(rules.union(parts)) == rules.union(parts)


@given(parts=parts, more=parts)
def test_watching_more_never_covers_less(parts: list[tuple[int, int]], more: list[tuple[int, int]]) -> None:
    """D2: coverage never falls."""
    before, after = rules.union(parts), rules.union([*parts, *more])
    assert moments(before) <= moments(after)
    assert rules.share(before, 500) <= rules.share(after, 500)


@given(parts=parts, whole=st.integers(1, 500))
def test_what_is_missing_and_what_was_watched_make_the_whole(parts: list[tuple[int, int]], whole: int) -> None:
    watched = rules.union(parts)
    missing = rules.missing(watched, whole)
    assert moments(missing) == set(range(whole)) - moments(watched)


@pytest.mark.parametrize(
    ("parts", "share"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([(0, 500)], 0.5, id="half"),
        pytest.param([(0, 994)], 0.994, id="nearly all"),
        pytest.param([(0, 995)], 1.0, id="all but the last milliseconds is all"),
        pytest.param([(0, 1200)], 1.0, id="never more than all"),
    ],
)
def test_the_share_of_a_film(parts: list[tuple[int, int]], share: float) -> None:
    assert rules.share(parts, 1000) == share


@pytest.mark.parametrize(
    ("report", "sound"),
    [
        pytest.param(Report(begin=0, end=1000, rate=1), True, id="the whole film"),
        pytest.param(Report(begin=0, end=1001, rate=1), False, id="past its end"),
        pytest.param(Report(begin=-1, end=10, rate=1), False, id="before its beginning"),
        pytest.param(Report(begin=10, end=10, rate=1), False, id="nothing"),
        pytest.param(Report(begin=20, end=10, rate=1), False, id="backwards"),
        pytest.param(Report(begin=0, end=10, rate=2), True, id="at double rate"),
        pytest.param(Report(begin=0, end=10, rate=2.01), False, id="faster than a player goes"),
        pytest.param(Report(begin=0, end=10, rate=0.25), True, id="at a quarter"),
        pytest.param(Report(begin=0, end=10, rate=0.0), False, id="standing still"),
        pytest.param(Report(begin=0, end=10, rate=float("nan")), False, id="at no rate at all"),
        pytest.param(Report(begin=0, end=10, rate=float("inf")), False, id="at once"),
    ],
)
def test_a_report_lies_within_the_film_at_a_rate_that_players_offer(report: Report, sound: bool) -> None:
    assert rules.is_sound([report], 1000) is sound
    assert rules.is_sound([], 1000)


@pytest.mark.parametrize(
    ("seconds_of_film", "rate", "seconds_since", "possible"),
    [
        pytest.param(60, 1.0, 60, True, id="a minute in a minute"),
        pytest.param(65, 1.0, 60, True, id="a little more: clocks are not exact"),
        pytest.param(66, 1.0, 60, False, id="too much"),
        pytest.param(120, 2.0, 60, True, id="two minutes at double rate"),
        pytest.param(120, 1.0, 60, False, id="two minutes at single rate"),
        pytest.param(60, 0.5, 60, False, id="a minute at half rate takes two"),
        pytest.param(35, 1.0, None, True, id="the first report"),
        pytest.param(36, 1.0, None, False, id="a first report of too much"),
        pytest.param(72 * 3600 + 5, 1.0, 90 * 3600, True, id="three days without net"),
        pytest.param(72 * 3600 + 6, 1.0, 90 * 3600, False, id="more than three days without net"),
    ],
)
def test_a_device_cannot_have_shown_more_film_than_time_has_passed(
    seconds_of_film: int,
    rate: float,
    seconds_since: int | None,
    possible: bool,
) -> None:
    report = Report(begin=0, end=seconds_of_film * 1000, rate=rate)
    since = NOW - timedelta(seconds=seconds_since) if seconds_since is not None else None
    before = rules.accounted_before(own=since, others=None, now=NOW)
    assert rules.is_possible([report], before=before, now=NOW) is possible


@given(cuts=st.lists(st.integers(1, 59_999), max_size=8))
def test_cutting_a_report_into_pieces_does_not_change_its_wall_time(cuts: list[int]) -> None:
    bounds = sorted({0, 60_000, *cuts})
    pieces = [Report(begin=one, end=other, rate=1.5) for one, other in itertools.pairwise(bounds)]
    assert abs(rules.wall_time(pieces) - timedelta(seconds=40)) < timedelta(milliseconds=1)
