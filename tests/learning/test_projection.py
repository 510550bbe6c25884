"""A chapter on the wall of a room: one block a screen, two languages if wanted, and nobody's name."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from tests.cast import CHAPTER, COURSE, Cast
from tests.pages import Page, Visitor
from tests.world import with_films
from training.courses.library import Library
from training.languages import Language

Stage = Callable[[Callable[[Cast], None]], None]


def at(language: Language | str = "en", chapter: str = CHAPTER, query: str = "") -> str:
    return f"/{language}/courses/{COURSE}/{chapter}/project{query}"


def screens(page: Page) -> list[str]:
    return [one.get("id") for one in page.select(".//main/section")]


def numbers(page: Page) -> list[str]:
    """The numbers that stand on the screens: 1.3, and which of how many."""
    return [
        " ".join(part.text for part in one.iter("b", "small") if part.text)
        for one in page.select(".//*[@class='screen-where']")
        if one.find("b") is not None
    ]


def test_every_block_of_a_chapter_has_a_screen_and_every_screen_leads_to_the_next(
    visitor: Visitor, library: Library
) -> None:
    chapter = library.courses[COURSE].by_slug[CHAPTER]
    page = visitor.get(at())
    assert [one for one in screens(page) if one not in {"start", "film"}] == list(chapter.places)
    there = "start"
    walked = []
    while there != "sources":
        walked.append(there)
        screen = page.select(f".//*[@id='{there}']")[0]
        there = next(link.get("href") for link in screen.iter("a") if link.get("rel") == "next").removeprefix("#")
    assert walked == screens(page)


@pytest.mark.parametrize("chapter", [CHAPTER, "local-strategy"])
def test_visible_numbers_and_anchors_are_equal_in_all_languages(visitor: Visitor, chapter: str) -> None:
    pages = [visitor.get(at(language, chapter)) for language in Language]
    assert len({tuple(screens(page)) for page in pages}) == 1
    assert len({tuple(numbers(page)) for page in pages}) == 1
    number = {CHAPTER: 1, "local-strategy": 2}[chapter]
    assert numbers(pages[0])[0].startswith(f"{number}.1 1/")
    assert all(re.fullmatch(rf"{number}\.\d \d+/\d+", one) for one in numbers(pages[0]))


def test_two_languages_stand_side_by_side_each_marked_as_what_it_is(visitor: Visitor, library: Library) -> None:
    chapter = library.courses[COURSE].by_slug[CHAPTER]
    page = visitor.get(at("de", query="?with=fr"))
    assert screens(page) == screens(visitor.get(at("de")))
    for section in chapter.file.sections:
        assert section.title[Language.DE] in page.text
        assert section.title[Language.FR] in page.text
    beside = [one for one in page.select(".//main//div[@lang='fr']") if one.get("class") == "prose"]
    assert len(beside) == len(chapter.places)
    words = " ".join("".join(one.itertext()) for one in beside)
    assert "Message clé" in words, "the words of the interface are in that language too"
    assert "Das Wichtigste" not in words
    links = [link.get("href") for one in beside for link in one.iter("a") if "glossary" in link.get("href")]
    assert links
    assert all(link.startswith("/fr/") for link in links)
    assert page.tree.getroot().get("lang") == "de"
    assert "Das Wichtigste" in visitor.get(at("de")).text, "and those of the page are as before"


@pytest.mark.parametrize("query", ["?with=", "?with=de", "?with=xx", "?with=../..", "?shade=neon", "?with=en&with=fr"])
def test_a_wish_that_cannot_be_fulfilled_is_left_aside(visitor: Visitor, query: str) -> None:
    page = visitor.get(at("de", query=query))
    single = query != "?with=en&with=fr"
    assert (page.select(".//main//div[@lang]") == []) is single


def test_languages_and_light_are_plain_links_that_keep_each_other(visitor: Visitor) -> None:
    links = visitor.get(at("de", query="?with=fr&shade=dusk")).links()
    assert at("fr", query="?with=de&shade=dusk") in links, "the two change places"
    assert at("it", query="?with=fr&shade=dusk") in links
    assert at("de", query="?shade=dusk") in links
    assert at("de", query="?with=fr&shade=day") in links
    assert "dusk" in visitor.get(at(query="?shade=dusk")).tree.getroot().get("class").split()


def test_whoever_opens_it_nobody_shows_on_the_wall(app: Flask, stage: Stage, visitor: Visitor) -> None:
    people: list[UUID] = []

    def play(cast: Cast) -> None:
        people.append(cast.trainer("Tom Unmistakable"))
        cast.reads(people[0], "the-word")

    stage(play)
    trainer = Visitor(app).enter(people[0])
    shown = trainer.get(at())
    assert "Unmistakable" not in shown.html
    assert shown.tree.getroot().get("data-account") is None
    assert shown.html == visitor.get(at()).html
    assert shown.select(".//main//form") == []
    assert shown.select(".//main//input") == shown.select(".//main//textarea") == []


def test_the_key_of_a_practice_question_waits_until_somebody_asks(visitor: Visitor, library: Library) -> None:
    chapter = library.courses[COURSE].by_slug[CHAPTER]
    page = visitor.get(at())
    hidden = {id(inner) for fold in page.select(".//main//details") for inner in fold.iter() if inner.tag != "summary"}
    for question in chapter.practice.values():
        for option in question.options:
            told = [one for one in page.select(".//main//*") if one.text and option.feedback[Language.EN] == one.text]
            for one in told:
                assert id(one) in hidden
    assert not page.select(".//main//details[@open]")
    assert all(question.text[Language.EN] in page.text for question in chapter.practice.values())


def test_the_film_of_the_language_is_among_the_screens_where_there_is_one(app: Flask, library: Library) -> None:
    app.extensions["training.library"] = with_films(library)
    found = {language: "film" in screens(Visitor(app).get(at(language))) for language in Language}
    assert found == {language: language in {Language.EN, Language.FR} for language in Language}


def test_a_chapter_leads_to_its_projection_and_one_in_preparation_has_none(visitor: Visitor, library: Library) -> None:
    assert at() in visitor.get(f"/en/courses/{COURSE}/{CHAPTER}/").links()
    for chapter in library.courses[COURSE].chapters:
        visitor.get(at(chapter=chapter.slug), status=200 if chapter.published else 404)
