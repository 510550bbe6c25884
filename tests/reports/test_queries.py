"""What a group's trainers see, on both engines: of their own members, as the mode allows."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.cast import CHAPTER, NOW, Cast
from training.cohorts import actions as cohort_actions
from training.cohorts.models import TrainingGroup
from training.cohorts.rules import PrivacyMode
from training.comparison.actions import skip
from training.comparison.rules import Moment
from training.languages import Language
from training.progress import queries as progress_queries
from training.progress.rules import MilestoneKind, Step
from training.reports import queries
from training.reports.queries import GroupView
from training.reports.rules import CellState

AGGREGATE, MILESTONES, INDIVIDUAL = PrivacyMode.AGGREGATE, PrivacyMode.MILESTONES, PrivacyMode.INDIVIDUAL
TODAY = NOW.date()
DAY = timedelta(days=1)


def view(cast: Cast, group: TrainingGroup, *, only: UUID | None = None, language: Language = Language.EN) -> GroupView:
    return queries.group_view(cast.session, cast.library, group, language=language, now=NOW, only=only)


def states(seen: GroupView) -> dict[str, CellState]:
    return {row.name: row.cells[0].state for row in seen.rows}


def test_a_trainer_sees_each_members_chapters(cast: Cast) -> None:
    ada, bea, cleo = cast.person("Ada"), cast.person("Bea"), cast.person("Cleo")
    group = cast.group(cast.trainer(), ada, bea, cleo)
    cast.reads(bea, "the-word", at=NOW - DAY)
    cast.completes(cleo, at=NOW - DAY)
    seen = view(cast, group)
    assert states(seen) == {"Ada": CellState.OPEN, "Bea": CellState.BEGUN, "Cleo": CellState.DONE}
    assert [row.cells[0].steps for row in seen.rows] == [0, 1, seen.rows[2].cells[0].of]
    assert [row.completed_at for row in seen.rows] == [None, None, NOW - DAY]
    assert (seen.people, seen.completed, seen.chapters[0].completed) == (3, 1, 1)


def test_only_members_are_seen_and_not_those_who_left(cast: Cast) -> None:
    ada, eve, stranger = cast.person("Ada"), cast.person("Eve"), cast.person("Stranger")
    group = cast.group(cast.trainer(), ada, eve)
    cast.group(cast.trainer("Other"), stranger, ada, name="Other group")
    cast.completes(stranger)
    cast.completes(eve)
    cohort_actions.leave(cast.session, eve, group.id, now=NOW)
    seen = view(cast, group)
    assert [row.name for row in seen.rows] == ["Ada"]
    assert (seen.people, seen.completed, seen.chapters[0].completed) == (1, 0, 0)


def test_what_a_member_is_shown_of_themselves_is_the_line_that_the_trainer_sees(cast: Cast) -> None:
    """D3: a film that was watched is watched for both."""
    ada, bea = cast.person("Ada"), cast.person("Bea")
    group = cast.group(cast.trainer(), ada, bea, mode=INDIVIDUAL)
    cast.hands_in(ada, right=4)
    cast.hands_in(bea, right=8)
    whole, own = view(cast, group), view(cast, group, only=ada)
    assert own.rows == [row for row in whole.rows if row.person_id == ada]


@pytest.mark.parametrize(
    ("due", "begun", "state", "needs_help"),
    [
        pytest.param(TODAY - DAY, False, CellState.OVERDUE, True, id="yesterday"),
        pytest.param(TODAY, False, CellState.SOON, True, id="today"),
        pytest.param(TODAY + 3 * DAY, True, CellState.SOON, False, id="in three days, begun"),
        pytest.param(TODAY + 60 * DAY, True, CellState.BEGUN, False, id="in two months"),
    ],
)
def test_a_trainer_sees_who_will_miss_a_date(
    cast: Cast, due: date, begun: bool, state: CellState, needs_help: bool
) -> None:
    ada = cast.person("Ada")
    group = cast.group(cast.trainer(), ada, due={CHAPTER: due})
    if begun:
        cast.reads(ada, "the-word")
    seen = view(cast, group)
    assert states(seen) == {"Ada": state}
    assert [row.name for row in seen.needing_help] == (["Ada"] if needs_help else [])


def test_what_was_done_in_time_and_told_late_is_in_time(cast: Cast) -> None:
    ada, bea = cast.person("Ada"), cast.person("Bea")
    group = cast.group(cast.trainer(), ada, bea, due={CHAPTER: TODAY - DAY})
    cast.completes(ada, at=NOW - 2 * DAY)
    cast.completes(bea, at=NOW)
    assert states(view(cast, group)) == {"Ada": CellState.DONE, "Bea": CellState.DONE_LATE}


def test_marks_are_seen_in_individual_mode_alone(cast: Cast) -> None:
    """J4: how closely a group is watched is chosen for each group, before anybody joins."""
    ada, bea = cast.person("Ada"), cast.person("Bea")
    trainer = cast.trainer()
    groups = {mode: cast.group(trainer, ada, bea, mode=mode, name=mode) for mode in PrivacyMode}
    cast.hands_in(ada, right=3)
    cast.hands_in(ada, right=5)
    seen = view(cast, groups[INDIVIDUAL])
    assert (seen.rows[0].marks[CHAPTER].attempts, seen.rows[0].marks[CHAPTER].best) == (2, 5)
    assert not seen.rows[0].marks[CHAPTER].passed
    assert dict(seen.rows[1].marks) == {}
    for mode in (MILESTONES, AGGREGATE):
        assert all(dict(row.marks) == {} for row in view(cast, groups[mode]).rows)


@pytest.mark.parametrize(("members", "done", "shown"), [(4, 4, None), (5, 4, 0), (5, 5, 5), (9, 8, 5), (12, 10, 10)])
def test_in_aggregate_mode_figures_speak_of_five_people_or_more(
    cast: Cast, members: int, done: int, shown: int | None
) -> None:
    """J4: a group may be watched by figures alone."""
    people = [cast.person(f"Person {number}") for number in range(members)]
    group = cast.group(cast.trainer(), *people, mode=AGGREGATE)
    for person_id in people[:done]:
        cast.completes(person_id)
    seen = view(cast, group)
    assert seen.chapters[0].completed == shown
    assert all(not row.cells and row.completed_at is None for row in seen.rows)
    assert list(seen.needing_help) == []


def test_a_step_that_the_rule_does_not_ask_for_is_not_counted(cast: Cast) -> None:
    """The chapter's film counts as a step only under a rule that asks for it, as in the member's own progress."""
    ada = cast.person("Ada")
    group = cast.group(cast.trainer(), ada)
    cast.reaches(ada, Step(MilestoneKind.FILM_WATCHED, CHAPTER), Step(MilestoneKind.SECTION_READ, f"{CHAPTER}/gone"))
    own = progress_queries.standing_of(cast.session, cast.library, ada, group.course).chapter(CHAPTER)
    assert own is not None
    cell = view(cast, group).rows[0].cells[0]
    assert (cell.steps, cell.of) == (len(own.done), len(own.done) + len(own.open))


def test_names_of_cities_are_in_the_readers_language(cast: Cast) -> None:
    group = cast.group(cast.trainer(), cast.person("Ada", place="liege"), cast.person("Bea", place=None))
    found = {language: [row.authority for row in view(cast, group, language=language).rows] for language in Language}
    assert found[Language.FR] == ["Liège", ""]
    assert found[Language.DE][0] == "Lüttich"


# Before and after


@pytest.mark.parametrize(
    ("mode", "both", "shown"),
    [
        (MILESTONES, 0, None),
        (MILESTONES, 4, None),
        (MILESTONES, 5, 5),
        (MILESTONES, 7, 5),
        (MILESTONES, 11, 10),
        (INDIVIDUAL, 4, None),
        (INDIVIDUAL, 6, 5),
        (AGGREGATE, 4, None),
        (AGGREGATE, 5, 5),
        (AGGREGATE, 9, 5),
        (AGGREGATE, 10, 10),
    ],
)
def test_how_many_answered_before_and_after_is_told_from_five_members_up(
    cast: Cast, mode: PrivacyMode, both: int, shown: int | None
) -> None:
    people = [cast.person(f"Person {number}") for number in range(12)]
    group = cast.group(cast.trainer(), *people, mode=mode)
    for person_id in people[:both]:
        cast.compares(person_id, *Moment)
    for person_id in people[both:]:
        cast.compares(person_id, Moment.BEFORE)
    assert queries.compared(cast.session, group) == shown


def test_who_is_elsewhere_who_left_and_who_took_it_back_is_not_counted(cast: Cast) -> None:
    people = [cast.person(f"Person {number}") for number in range(8)]
    group = cast.group(cast.trainer(), *people[:6])
    cast.group(cast.trainer("Other"), *people[6:], name="Other group")
    for person_id in people:
        cast.compares(person_id, *Moment)
    assert queries.compared(cast.session, group) == 5
    cohort_actions.leave(cast.session, people[0], group.id, now=NOW)
    assert queries.compared(cast.session, group) == 5
    skip(cast.session, people[1], cast.library.courses[group.course], Moment.AFTER, now=NOW)
    assert queries.compared(cast.session, group) is None


# Questions


def test_a_question_is_told_from_five_members_up(cast: Cast) -> None:
    people = [cast.person(f"Person {number}") for number in range(6)]
    group = cast.group(cast.trainer(), *people)
    for person_id in people[:4]:
        cast.hands_in(person_id, right=8)
        cast.hands_in(person_id, right=8)
    assert queries.question_figures(cast.session, group, cast.chapter()) == []
    cast.hands_in(people[4], right=0)
    cast.hands_in(people[4], right=0)
    figures = queries.question_figures(cast.session, group, cast.chapter())
    assert {figure.people for figure in figures} == {5}
    assert {figure.right for figure in figures} == {4}
    assert len(figures) == 16


def test_people_outside_the_group_do_not_count_in_its_figures(cast: Cast) -> None:
    people = [cast.person(f"Person {number}") for number in range(10)]
    group = cast.group(cast.trainer(), *people[:5])
    cast.group(cast.trainer("Other"), *people[5:], name="Other group")
    for person_id in people[:4] + people[5:]:
        cast.hands_in(person_id, right=8)
        cast.hands_in(person_id, right=8)
    assert queries.question_figures(cast.session, group, cast.chapter()) == []


def test_a_question_is_told_as_it_was_answered_the_first_time(cast: Cast) -> None:
    people = [cast.person(f"Person {number}") for number in range(5)]
    group = cast.group(cast.trainer(), *people)
    for person_id in people:
        for right in (0, 0, 8, 8):
            cast.hands_in(person_id, right=right)
    figures = queries.question_figures(cast.session, group, cast.chapter())
    assert {figure.right for figure in figures} == {0}


def test_answers_in_an_attempt_that_is_open_are_nobodys_business(cast: Cast) -> None:
    from training.quizzes.actions import begin

    people = [cast.person(f"Person {number}") for number in range(5)]
    group = cast.group(cast.trainer(), *people)
    for person_id in people:
        cast.reads(person_id, "the-word")
        begin(cast.session, person_id, cast.chapter(), count=8, field_of_work="social", language=Language.EN, now=NOW)
    assert queries.question_figures(cast.session, group, cast.chapter()) == []
