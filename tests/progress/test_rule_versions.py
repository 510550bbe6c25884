"""A rule grows by a version; each person keeps the one under which they began."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from tests.cast import COURSE, NOW, Cast
from tests.pages import Visitor
from training.certificates.waiting import eligible
from training.courses.library import Library
from training.courses.manifest import External, Film
from training.languages import Language
from training.progress.actions import enrol, reach
from training.progress.queries import demand_of, rule_of, standing_of
from training.progress.recompute import missing
from training.progress.rules import MilestoneKind, Step
from training.reports.queries import group_view

Stage = Callable[[Callable[[Cast], None]], None]
FEW = ["understanding", "local-strategy"]


def grown(library: Library, *, versions: int = 2) -> Library:
    """The content with a rule that asks for two chapters, and a later one that asks for all that are published.

    The first has the number of today's rule: under it everybody else on the stage began.
    """
    course = library.courses[COURSE]
    told = course.file.current_rule.model_copy(update={"film": False})
    every = [chapter.slug for chapter in course.chapters if chapter.published]
    rules = [
        told.model_copy(update={"version": told.version, "chapters": FEW, "passed_at": 6, "draw": 8}),
        told.model_copy(update={"version": told.version + 1, "chapters": every, "passed_at": 5, "draw": 7}),
    ]
    file = course.file.model_copy(update={"rules": rules[:versions]})
    return replace(library, courses={COURSE: replace(course, file=file)})


def steps_of(library: Library, which: int) -> list[Step]:
    """What the first or the second rule asks for."""
    version = library.courses[COURSE].file.rules[which - 1].version
    return [step for asked in demand_of(library, COURSE, version).chapters for step in asked.steps]


def take(cast: Cast, library: Library, person_id: UUID, steps: list[Step]) -> None:
    reach(cast.session, library, person_id, COURSE, steps, done_at=NOW, language=Language.EN, now=NOW)


@pytest.mark.parametrize(
    ("begun_under", "done", "completed", "asked"),
    [
        pytest.param(1, 1, True, 2, id="began and completed under the first rule"),
        pytest.param(1, 0, False, 2, id="began under the first rule"),
        pytest.param(2, 1, False, None, id="began under the second rule, and did what the first one asks"),
        pytest.param(2, 2, True, None, id="began and completed under the second rule"),
        pytest.param(None, 0, False, None, id="has not begun"),
    ],
)
def test_each_person_keeps_the_rule_under_which_they_began(
    cast: Cast, begun_under: int | None, done: int, completed: bool, asked: int | None
) -> None:
    now, ada = grown(cast.library), cast.person()
    if begun_under:
        enrol(cast.session, grown(cast.library, versions=begun_under), ada, COURSE, now=NOW)
    if done:
        take(cast, now, ada, steps_of(now, done))
    own = standing_of(cast.session, now, ada, COURSE)
    every = len(now.courses[COURSE].file.current_rule.chapters)
    assert own.completed is completed
    assert len(own.chapters) == (asked or every)
    assert (own.minutes_open == 0) is completed
    assert rule_of(cast.session, now, ada, COURSE) == now.courses[COURSE].file.rules[(begun_under or 2) - 1]
    assert list(missing(cast.session, now)) == []


def test_the_course_asks_for_all_its_chapters_today_and_for_three_of_who_began_under_its_first_rule(
    library: Library,
) -> None:
    course = library.courses[COURSE]
    assert course.rule(1).chapters == ["understanding", "local-strategy", "families"]
    assert course.file.current_rule.chapters == [chapter.slug for chapter in course.chapters]
    assert len(course.chapters) == 6


def films_asked(library: Library, version: int | None = None) -> list[str]:
    demand = demand_of(library, COURSE, version or library.courses[COURSE].file.current_rule.version)
    return [
        step.subject for asked in demand.chapters for step in asked.steps if step.kind is MilestoneKind.FILM_WATCHED
    ]


def test_the_film_of_each_chapter_is_asked_for_today_and_of_nobody_who_began_before_there_were_films(
    library: Library,
) -> None:
    assert films_asked(library) == [chapter.slug for chapter in library.courses[COURSE].chapters]
    assert list(library.films_lacking()) == []
    assert films_asked(library, 1) == films_asked(library, 2) == []


def test_a_film_that_does_not_play_here_for_every_reader_is_not_asked_for(library: Library) -> None:
    """Of a film on another host nobody could say that it was watched: its chapter is completed without."""
    host = External(address="https://films.example/interview", host="films.example")

    def kept(film: Film) -> bool:
        return (film.chapter, film.language) == ("families", Language.FR) or film.chapter == "resilience"

    films = [
        film.model_copy(update={"origin": "external", "external": host, "sources": [], "transcript": None})
        if (film.chapter, film.language) == ("resilience", Language.EN)
        else film.model_copy(update={"transcript": None})
        for film in library.manifest.films
        if kept(film)
    ]
    other = replace(library, manifest=library.manifest.model_copy(update={"films": films}))
    assert films_asked(other) == ["families"]
    lacking = list(other.films_lacking())
    assert f"a rule of {COURSE} asks for the film of families: none in de" in lacking
    assert "the film of families in fr has no transcript, for those who do not hear" in lacking
    assert not any("resilience" in one for one in lacking)


def test_what_was_completed_stays_completed_when_the_rule_grows(cast: Cast) -> None:
    ada, bea = cast.person("Ada"), cast.person("Bea")
    before, now = grown(cast.library, versions=1), grown(cast.library)
    for person_id in (ada, bea):
        enrol(cast.session, before, person_id, COURSE, now=NOW)
    take(cast, before, ada, steps_of(before, 1))
    since = standing_of(cast.session, before, ada, COURSE).completed_at
    administrator = cast.actor(cast.administrator())
    group = cast.group(cast.trainer(), ada, bea)
    for library in (before, now):
        view = group_view(cast.session, library, group, language=Language.EN, now=NOW)
        rows = {row.name: row for row in view.rows}
        assert (rows["Ada"].completed_at, rows["Bea"].completed_at) == (since, None)
        assert all(cell.completed_at == since for cell in rows["Ada"].cells)
        assert standing_of(cast.session, library, ada, COURSE).completed_at == since
        assert eligible(cast.session, administrator, COURSE, ada) is not None
    take(cast, now, bea, steps_of(before, 1))
    assert standing_of(cast.session, now, bea, COURSE).completed, "what the first rule asks completes it, late as well"


def test_enrolling_again_under_the_later_rule_leaves_the_earlier_one(cast: Cast) -> None:
    ada = cast.person()
    enrol(cast.session, grown(cast.library, versions=1), ada, COURSE, now=NOW)
    enrol(cast.session, grown(cast.library), ada, COURSE, now=NOW + timedelta(days=9))
    assert rule_of(cast.session, grown(cast.library), ada, COURSE) == grown(cast.library).courses[COURSE].file.rules[0]


def test_the_course_page_tells_each_reader_the_rule_that_holds_for_them(
    app: Flask, stage: Stage, library: Library
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people.update(early=cast.person("Early"), late=cast.person("Late"))
        enrol(cast.session, grown(library, versions=1), people["early"], COURSE, now=NOW)

    stage(play)
    app.extensions["training.library"] = grown(library)
    every = len(grown(library).courses[COURSE].file.current_rule.chapters)
    early = Visitor(app).enter(people["early"]).get(f"/en/courses/{COURSE}/").text
    late = Visitor(app).enter(people["late"]).get(f"/en/courses/{COURSE}/").text
    anybody = Visitor(app).get(f"/en/courses/{COURSE}/").text
    assert "every section of 2 chapters" in early
    assert "6 of 8 questions right" in early
    assert "these chapters: 1 and 2" in early
    for text in (late, anybody):
        assert f"every section of {every} chapters" in text
        assert "5 of 7 questions right" in text
        assert "earlier rule" not in text


def test_a_quiz_draws_and_passes_by_the_readers_own_rule(app: Flask, stage: Stage, library: Library) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people.update(early=cast.person("Early"), late=cast.person("Late"))
        enrol(cast.session, grown(library, versions=1), people["early"], COURSE, now=NOW)

    stage(play)
    app.extensions["training.library"] = grown(library)
    for name, drawn, needed in (("early", 8, 6), ("late", 7, 5)):
        visitor = Visitor(app).enter(people[name])
        path = f"/en/courses/{COURSE}/understanding/quiz"
        if name == "early":
            assert f"{drawn} questions, most of them situations; {needed} right answers pass" in visitor.get(path).text
        visitor.post(f"{path}/start")
        page = visitor.get(path)
        assert len([form for form in page.select(".//form") if form.get("class") == "question"]) == drawn
        attempt = next(one.get("value") for one in page.select(".//input[@name='attempt']"))
        result = visitor.post(f"{path}/hand-in", {"attempt": attempt}).response.location
        assert f"{needed} right answers are needed" in visitor.get(result).text


def test_a_chapter_that_ones_own_rule_does_not_ask_for_shows_what_was_done_there(
    app: Flask, stage: Stage, library: Library
) -> None:
    people: list[UUID] = []

    def play(cast: Cast) -> None:
        people.append(cast.person())
        enrol(cast.session, grown(library, versions=1), people[0], COURSE, now=NOW)
        take(cast, grown(library), people[0], steps_of(grown(library), 2)[-1:])

    stage(play)
    app.extensions["training.library"] = grown(library)
    last = grown(library).courses[COURSE].file.current_rule.chapters[-1]
    page = Visitor(app).enter(people[0]).get(f"/en/courses/{COURSE}/{last}/")
    quiz = next(one for one in page.select(".//nav//a") if one.get("href").endswith(f"{last}/quiz"))
    assert "pane-lit" in quiz.find("i").get("class")
