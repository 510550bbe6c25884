"""The learner's pages, as somebody without and with an account sees them."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import Flask

from tests.cast import COURSE, Cast
from tests.pages import Visitor
from training.courses.library import Library
from training.languages import Language
from training.progress.rules import MilestoneKind, Step

CHAPTER = "courses/local-prevention/understanding"
Stage = Callable[[Callable[[Cast], None]], None]


def test_everybody_reads_a_chapter_in_five_languages(visitor: Visitor) -> None:
    for language in Language:
        page = visitor.get(f"/{language}/{CHAPTER}/")
        assert page.tree.getroot().get("lang") == language
        assert len(page.select(".//form[@data-mark-read]")) == 7


def test_a_quiz_needs_an_account(visitor: Visitor) -> None:
    answer = visitor.get(f"/en/{CHAPTER}/quiz", status=302)
    assert answer.response.location == f"/en/sign-in?back=/en/{CHAPTER}/quiz"


def test_who_is_signed_in_marks_a_section_as_read(
    visitor: Visitor, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people = []
    stage(lambda cast: people.append(cast.person("Ada")))
    ada = signed_in(people[0])
    ada.post(f"/en/{CHAPTER}/read", {"section": "the-word", "read": "1"})
    assert counted(ada, CHAPTER) == "1 of 7 read"


def test_what_was_read_in_one_chapter_is_not_counted_in_another(
    visitor: Visitor, library: Library, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people = []

    def read_the_second(cast: Cast) -> None:
        people.append(ada := cast.person("Ada"))
        second = library.courses["local-prevention"].chapters[1]
        cast.reaches(ada, *(Step(MilestoneKind.SECTION_READ, f"{second.slug}/{one}") for one in second.section_ids))

    stage(read_the_second)
    assert counted(signed_in(people[0]), CHAPTER) == "0 of 7 read"


def counted(reader: Visitor, chapter: str) -> str:
    """What the contents of a chapter say of how much is read."""
    return "".join(reader.get(f"/en/{chapter}/").select(".//*[@data-counts]")[0].itertext())


def test_a_chapter_promises_a_film_only_where_there_is_one(visitor: Visitor, library: Library) -> None:
    for chapter in library.courses["local-prevention"].chapters:
        page = visitor.get(f"/en/courses/local-prevention/{chapter.slug}/")
        facts = " ".join(page.select(".//*[@class='chapter-facts']")[0].itertext())
        assert ("Film" in facts) == bool(page.select(".//*[@id='film']"))


def test_a_film_that_no_longer_plays_here_leaves_every_page_standing(
    app: Flask, stage: Stage, library: Library
) -> None:
    """Of a chapter only the film was open, which then went to another host: nothing is claimed, or broken."""
    people: list[UUID] = []

    def play(cast: Cast) -> None:
        people.append(cast.person())
        film = Step(MilestoneKind.FILM_WATCHED, library.courses[COURSE].last)
        cast.reaches(people[0], *(step for step in cast.every_step() if step != film))

    stage(play)
    manifest = library.manifest
    films = [film for film in manifest.films if film.chapter != library.courses[COURSE].last]
    app.extensions["training.library"] = replace(library, manifest=manifest.model_copy(update={"films": films}))
    visitor = Visitor(app).enter(people[0])
    for path in ("/en/", "/en/progress", f"/en/courses/{COURSE}/"):
        page = visitor.get(path)
        assert "completed the course" not in page.text
        assert "session is still open" not in page.text
