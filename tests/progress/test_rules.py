"""The one rule that says how far a person is; and dates."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.progress import rules
from training.progress.rules import ChapterDemand, Demand, MilestoneKind, Punctuality, Reached, Step

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def chapter(slug: str, sections: int = 2) -> ChapterDemand:
    steps = {Step(MilestoneKind.SECTION_READ, f"{slug}/s{number}"): 5 for number in range(sections)}
    steps[Step(MilestoneKind.FILM_WATCHED, slug)] = 3
    steps[Step(MilestoneKind.QUIZ_PASSED, slug)] = 7
    return ChapterDemand(chapter=slug, steps=steps)


DEMAND = Demand(course="course", version=1, chapters=[chapter("one"), chapter("two"), chapter("three")])
EVERY_STEP = [step for asked in DEMAND.chapters for step in asked.steps]


def reach(steps: list[Step], *, at: datetime = NOW) -> list[Reached]:
    return [Reached(step.kind, step.subject, at) for step in steps]


def settle(steps: list[Step], demand: Demand = DEMAND) -> list[Reached]:
    """Walk through some steps as the program does: after each, the completions that follow are written."""
    known: list[Reached] = []
    for step in steps:
        known += reach([step])
        known += reach(rules.completions(demand, known))
    return known


def test_who_has_reached_nothing_has_everything_open() -> None:
    standing = rules.standing(DEMAND, [])
    assert not standing.completed
    assert standing.chapters_completed == 0
    assert standing.minutes_open == 3 * (5 + 5 + 3 + 7)
    assert [step for one in standing.chapters for step in one.open] == EVERY_STEP


def test_every_figure_explains_itself_by_what_is_still_open() -> None:
    """C1: what is done and what is open make the whole."""
    standing = rules.standing(DEMAND, settle(EVERY_STEP[:3]))
    one = standing.chapter("one")
    assert one is not None
    assert one.open == [Step(MilestoneKind.QUIZ_PASSED, "one")]
    assert one.minutes_open == 7
    assert one.share == 0.75
    assert one.begun
    assert one.has("film-watched")
    assert not one.has("quiz-passed")


def test_a_chapter_that_the_rule_does_not_ask_for_has_no_standing() -> None:
    assert rules.standing(DEMAND, []).chapter("elsewhere") is None


@given(steps=st.lists(st.sampled_from(EVERY_STEP), max_size=30))
def test_progress_never_goes_backwards(steps: list[Step]) -> None:
    known: list[Reached] = []
    before = rules.standing(DEMAND, known)
    for step in steps:
        known += reach([step])
        known += reach(rules.completions(DEMAND, known))
        after = rules.standing(DEMAND, known)
        assert after.chapters_completed >= before.chapters_completed
        assert after.completed >= before.completed
        assert after.minutes_open <= before.minutes_open
        for one, other in zip(before.chapters, after.chapters, strict=True):
            assert other.share >= one.share
            assert other.completed >= one.completed
        before = after


@given(steps=st.permutations(EVERY_STEP))
def test_the_order_of_the_steps_does_not_matter(steps: list[Step]) -> None:
    half = rules.standing(DEMAND, settle(steps[:6]))
    assert half == rules.standing(DEMAND, reversed(settle(list(reversed(steps[:6])))))
    assert rules.standing(DEMAND, settle(steps)).completed


@given(steps=st.lists(st.sampled_from(EVERY_STEP), max_size=30))
def test_completions_follow_once(steps: list[Step]) -> None:
    known = settle(steps)
    assert rules.completions(DEMAND, known) == []
    reached = [(one.kind, one.subject) for one in known if one.kind is MilestoneKind.CHAPTER_COMPLETED]
    assert len(reached) == len(set(reached))


def test_the_last_step_completes_chapter_and_course_at_once() -> None:
    """C8: steps complete a course, time never does."""
    known = settle(EVERY_STEP[:-1]) + reach(EVERY_STEP[-1:])
    assert rules.completions(DEMAND, known) == [
        Step(MilestoneKind.CHAPTER_COMPLETED, "three"),
        Step(MilestoneKind.COURSE_COMPLETED, "course"),
    ]


def test_a_completed_chapter_stays_so_when_its_content_asks_for_more() -> None:
    known = settle(EVERY_STEP[:4])
    longer = Demand(course="course", version=1, chapters=[chapter("one", sections=5), chapter("two")])
    one = rules.standing(longer, known).chapter("one")
    assert one is not None
    assert (one.completed, one.share, one.minutes_open) == (True, 1.0, 0)


def test_a_completed_course_is_not_opened_again_by_a_new_chapter() -> None:
    """C4: what was completed stays completed."""
    known = settle(EVERY_STEP)
    longer = Demand(course="course", version=2, chapters=[*DEMAND.chapters, chapter("four")])
    standing = rules.standing(longer, known)
    assert standing.completed
    assert standing.minutes_open == 0
    assert rules.completions(longer, known) == []


def test_a_section_taken_back_leaves_a_completed_chapter_completed() -> None:
    known = [one for one in settle(EVERY_STEP[:4]) if one.kind is not MilestoneKind.SECTION_READ]
    one = rules.standing(DEMAND, known).chapter("one")
    assert one is not None
    assert one.completed
    assert one.open == []


def test_a_course_that_asks_for_nothing_is_not_completed_by_doing_nothing() -> None:
    assert rules.completions(Demand(course="course", version=1, chapters=[]), []) == []


@pytest.mark.parametrize(
    ("kind", "subject", "belongs_to"),
    [
        (MilestoneKind.SECTION_READ, "one/s1", "one"),
        (MilestoneKind.QUIZ_PASSED, "one", "one"),
        (MilestoneKind.CHAPTER_COMPLETED, "one", "one"),
        (MilestoneKind.COURSE_COMPLETED, "course", ""),
    ],
)
def test_a_step_knows_its_chapter(kind: MilestoneKind, subject: str, belongs_to: str) -> None:
    assert Step(kind, subject).chapter == belongs_to


@pytest.mark.parametrize(
    ("due_on", "zone", "end"),
    [
        pytest.param(date(2026, 11, 20), "Europe/Brussels", "2026-11-20T23:00+00:00", id="winter in Brussels"),
        pytest.param(date(2026, 7, 1), "Europe/Brussels", "2026-07-01T22:00+00:00", id="summer in Brussels"),
        pytest.param(date(2026, 3, 28), "Europe/Brussels", "2026-03-28T23:00+00:00", id="before spring forward"),
        pytest.param(date(2026, 3, 29), "Europe/Brussels", "2026-03-29T22:00+00:00", id="the day of 23 hours"),
        pytest.param(date(2026, 10, 24), "Europe/Brussels", "2026-10-24T22:00+00:00", id="the day before fall back"),
        pytest.param(date(2026, 10, 25), "Europe/Brussels", "2026-10-25T23:00+00:00", id="the day of 25 hours"),
        pytest.param(date(2026, 10, 25), "Atlantic/Azores", "2026-10-26T01:00+00:00", id="the Azores, west of UTC"),
        pytest.param(date(2026, 10, 24), "Atlantic/Azores", "2026-10-25T00:00+00:00", id="the Azores, a day earlier"),
        pytest.param(date(2026, 3, 29), "Europe/London", "2026-03-29T23:00+00:00", id="London, spring forward"),
        pytest.param(date(2026, 3, 29), "Europe/Helsinki", "2026-03-29T21:00+00:00", id="Helsinki, spring forward"),
        pytest.param(date(2026, 12, 31), "Europe/Athens", "2026-12-31T22:00+00:00", id="the last of the year"),
    ],
)
def test_a_due_date_ends_at_midnight_of_the_groups_zone(due_on: date, zone: str, end: str) -> None:
    assert rules.due_moment(due_on, ZoneInfo(zone)) == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("done", "now", "expected"),
    [
        pytest.param(-1, 0, Punctuality.ON_TIME, id="done an instant before"),
        pytest.param(0, 0, Punctuality.LATE, id="done at the very end"),
        pytest.param(-1, 10**7, Punctuality.ON_TIME, id="done in time, long ago"),
        pytest.param(None, 0, Punctuality.OVERDUE, id="open when it ends"),
        pytest.param(None, -1, Punctuality.SOON, id="open an instant before"),
        pytest.param(None, -7 * 24 * 3600, Punctuality.SOON, id="open a week before"),
        pytest.param(None, -7 * 24 * 3600 - 1, Punctuality.AHEAD, id="open more than a week before"),
    ],
)
def test_how_a_chapter_stands_towards_its_date(done: int | None, now: int, expected: Punctuality) -> None:
    due = rules.due_moment(date(2026, 10, 25), ZoneInfo("Europe/Brussels"))
    done_at = due + timedelta(seconds=done) if done is not None else None
    assert rules.punctuality(due=due, done_at=done_at, now=due + timedelta(seconds=now)) is expected


@pytest.mark.parametrize(
    ("given", "counts_as"),
    [
        pytest.param(timedelta(), timedelta(), id="told at once"),
        pytest.param(-timedelta(hours=2), -timedelta(hours=2), id="two hours without net"),
        pytest.param(-timedelta(hours=72), -timedelta(hours=72), id="as long as the grace"),
        pytest.param(-timedelta(days=9), -timedelta(hours=72), id="longer than the grace"),
        pytest.param(timedelta(hours=5), timedelta(), id="a clock that is ahead"),
    ],
)
def test_what_a_device_reports_late_counts_within_the_grace(given: timedelta, counts_as: timedelta) -> None:
    assert rules.happened(given_at=NOW + given, received_at=NOW) == NOW + counts_as
