"""One rule says how far a person is: the learner, the trainer, the export and the certificate cannot differ."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import CHAPTER, COURSE, NOW, Cast
from training.certificates.waiting import eligible
from training.courses.content import CompletionRule
from training.courses.library import Library
from training.languages import Language
from training.progress.actions import enrol, reach, unread
from training.progress.queries import demand_of, standing_of
from training.progress.rules import Standing, Step
from training.reports.export import table
from training.reports.queries import group_view
from training.reports.rules import Cell, Row
from training.web.words import Speech

SECOND = "families"


@cache
def versions(library: Library) -> dict[int, Library]:
    """The content as it grows: one chapter; then its film is asked for; then a second chapter comes."""
    course = library.courses[COURSE]
    first = course.by_slug[CHAPTER]
    twin = replace(first, file=first.file.model_copy(update={"chapter": SECOND, "number": 3}))
    chapters = [*(one for one in course.chapters if one.slug != SECOND), twin]
    told = course.file.current_rule
    rules = [
        told.model_copy(update={"version": 1, "chapters": [CHAPTER], "film": False}),
        told.model_copy(update={"version": 2, "chapters": [CHAPTER], "film": True}),
        told.model_copy(update={"version": 3, "chapters": [CHAPTER, SECOND], "film": True}),
    ]

    def at(number: int) -> Library:
        file = course.file.model_copy(update={"rules": list[CompletionRule](rules[:number])})
        return replace(library, courses={COURSE: replace(course, file=file, chapters=chapters)})

    return {number: at(number) for number in (1, 2, 3)}


def every_step(library: Library) -> list[Step]:
    return [step for asked in demand_of(library, COURSE, 3).chapters for step in asked.steps]


def agree(cell: Cell, own: Standing, chapter: str) -> bool:
    """Whether a cell of the trainer's table says what the member's own progress says."""
    mine = own.chapter(chapter)
    if mine is None:  # the member's rule does not ask for the chapter
        return own.completed_at is None or cell.completed_at == own.completed_at
    steps = cell.of if mine.completed else len(mine.done)
    return (cell.completed_at, cell.steps) == (mine.completed_at, steps) and (
        mine.completed or cell.of == len(mine.done) + len(mine.open)
    )


History = tuple[int | None, list[int], list[int]]
"""The version of the rule under which somebody began, the steps that they took, and those that they took back."""

moments = st.integers(0, 99)
histories = st.tuples(
    st.sampled_from([1, 2, 3, None]),
    st.one_of(st.just(list(range(99))), st.lists(moments, max_size=20)),
    st.lists(moments, max_size=2),
)


def live(cast: Cast, content: dict[int, Library], person_id: UUID, history: History) -> None:
    begun_under, taken, taken_back = history
    if begun_under is None:
        return
    newest = content[max(content)]
    steps = every_step(newest)
    enrol(cast.session, content[begun_under], person_id, COURSE, now=NOW)
    for number, index in enumerate(dict.fromkeys(index % len(steps) for index in taken)):
        at = NOW + timedelta(minutes=number)
        reach(cast.session, newest, person_id, COURSE, [steps[index]], done_at=at, language=Language.EN, now=at)
    for index in taken_back:
        unread(cast.session, person_id, COURSE, steps[index % len(steps)].subject)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(several=st.lists(histories, min_size=3, max_size=3))
def test_what_is_told_of_many_is_what_is_told_of_one(cast: Cast, several: list[History]) -> None:
    """C2: learner and trainer see the same."""
    content = versions(cast.library)
    people = [cast.person(f"Person {number}") for number in range(len(several))]
    for person_id, history in zip(people, several, strict=True):
        live(cast, content, person_id, history)
    group = cast.group(cast.trainer(), *people)
    view = group_view(cast.session, content[3], group, language=Language.EN, now=NOW)
    rows: dict[UUID, Row] = {row.person_id: row for row in view.rows}
    for person_id in people:
        own = standing_of(cast.session, content[3], person_id, COURSE)
        assert rows[person_id].completed_at == own.completed_at
        for figure, cell in zip(view.chapters, rows[person_id].cells, strict=True):
            assert agree(cell, own, figure.chapter.slug), (figure.chapter.slug, cell, own)


def test_a_course_that_was_completed_is_not_opened_again_in_the_trainers_table(cast: Cast) -> None:
    ada = cast.person("Ada")
    content = versions(cast.library)
    enrol(cast.session, content[1], ada, COURSE, now=NOW)
    first = [step for asked in demand_of(content[1], COURSE, 1).chapters for step in asked.steps]
    reach(cast.session, content[1], ada, COURSE, first, done_at=NOW, language=Language.EN, now=NOW)
    long_ago = NOW.date() - timedelta(days=9)
    group = cast.group(cast.trainer(), ada, due={SECOND: long_ago, CHAPTER: NOW.date()})
    view = group_view(cast.session, content[3], group, language=Language.EN, now=NOW)
    assert [row.name for row in view.needing_help] == []
    assert [cell.state for cell in view.rows[0].cells] == ["done", "done-late"]


def test_learner_trainer_export_and_certificate_agree_on_who_has_completed(cast: Cast) -> None:
    ada, bea = cast.person("Ada"), cast.person("Bea")
    tom = cast.trainer()
    group = cast.group(tom, ada, bea)
    administrator = cast.actor(cast.administrator())
    cast.completes(ada)
    cast.reads(bea)
    speech = Speech(Language.EN, cast.actor(tom).zone)
    view = group_view(cast.session, cast.library, group, language=Language.EN, now=NOW)
    _headings, exported = table(view, speech)
    for row, line in zip(view.rows, exported, strict=True):
        own = standing_of(cast.session, cast.library, row.person_id, COURSE)
        holder = eligible(cast.session, administrator, COURSE, row.person_id)
        assert own.completed == (row.name == "Ada")
        assert row.completed_at == own.completed_at
        assert line[-1] == (speech.day_of(own.completed_at) if own.completed_at else None)
        assert (holder.completed_at if holder else None) == own.completed_at
