"""The questions before and after the course as a reader meets them, without scripts."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import CHAPTER, COURSE, Cast
from tests.pages import Page, Visitor
from training.comparison.models import Comparison, ComparisonAnswer
from training.comparison.rules import Moment
from training.courses.library import Library
from training.courses.parallel import ComparedQuestion
from training.db import Database
from training.languages import Language
from training.progress.rules import MilestoneKind, Step

Stage = Callable[[Callable[[Cast], None]], None]
BEFORE, AFTER = Moment.BEFORE, Moment.AFTER
ITEMS = 16


@pytest.fixture
def reader(app: Flask, stage: Stage) -> Callable[..., Visitor]:
    """Return the browser of a person who has done what `play` says."""

    def make(play: Callable[[Cast, UUID], object] = lambda _cast, _person: None) -> Visitor:
        people: list[UUID] = []

        def set_up(cast: Cast) -> None:
            people.append(cast.person())
            play(cast, people[0])

        stage(set_up)
        return Visitor(app).enter(people[0])

    return make


def to_the_end(cast: Cast, person_id: UUID) -> None:
    """Answer before the course, and pass the quiz of its last chapter."""
    cast.compares(person_id, BEFORE)
    cast.reaches(person_id, Step(MilestoneKind.QUIZ_PASSED, cast.library.courses[COURSE].last))


def at(moment: Moment, place: str = "", language: str = "en") -> str:
    return f"/{language}/courses/{COURSE}/check/{moment}{place}"


def offers(visitor: Visitor, path: str) -> list[str]:
    """Where a page leads that asks; nothing when it does not ask."""
    return [link for link in visitor.get(f"/en/{path}").links() if "/check/" in link]


def options(page: Page) -> list[str]:
    return [one.get("value") for one in page.select(".//input[@name='option']")]


def chosen(page: Page) -> list[str]:
    return [one.get("value") for one in page.select(".//input[@checked]")]


def kept(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.item: row.option for row in session.scalars(select(ComparisonAnswer))}


def test_who_begins_is_asked_on_the_course_the_first_chapter_and_the_progress_page(
    reader: Callable[..., Visitor], visitor: Visitor
) -> None:
    places = [f"courses/{COURSE}/", f"courses/{COURSE}/{CHAPTER}/", "progress"]
    ada = reader()
    assert [offers(ada, place) for place in places] == [[at(BEFORE)]] * 3
    assert offers(ada, f"courses/{COURSE}/local-strategy/") == []
    assert offers(visitor, f"courses/{COURSE}/") == offers(visitor, f"courses/{COURSE}/{CHAPTER}/") == []


def test_the_page_says_why_it_is_asked_and_who_sees_what_in_five_languages(reader: Callable[..., Visitor]) -> None:
    ada = reader()
    pages = {language: ada.get(at(BEFORE, language=language)) for language in Language}
    assert all(page.tree.getroot().get("lang") == language for language, page in pages.items())
    assert len({page.text for page in pages.values()}) == len(Language)
    for words in ("Why we ask", "Who sees what", "nothing depends on it", "five people", "six months", "Skip"):
        assert words in pages[Language.EN].text


def test_a_reader_answers_one_by_one_changes_the_language_in_the_middle_and_hands_in(
    reader: Callable[..., Visitor], app_database: Database
) -> None:
    ada = reader()
    assert ada.post(at(BEFORE, "/start")).response.location == at(BEFORE, "/1")
    for number in range(1, ITEMS + 1):
        page = ada.get(at(BEFORE, f"/{number}"))
        assert f"Question {number} of {ITEMS}" in page.heading
        sent = {"option": options(page)[0], "confidence": "3", "go": "next"}
        if number == 5:
            there = ada.post(at(BEFORE, "/5"), {**sent, "go": "fr"}).response.location
            assert there == at(BEFORE, "/5", "fr")
            assert chosen(ada.get(there)) == [sent["option"], "3"]
            assert options(ada.get(there)) == options(page)
        onwards = ada.post(at(BEFORE, f"/{number}"), sent).response.location
        assert onwards == at(BEFORE, f"/{number + 1}" if number < ITEMS else "/end")
    assert f"{ITEMS} of {ITEMS}" in ada.get(at(BEFORE, "/end")).text
    ada.post(at(BEFORE, "/end"))
    assert len(kept(app_database)) == ITEMS
    assert "Thank you" in ada.get(at(BEFORE)).text
    assert offers(ada, f"courses/{COURSE}/") == []
    ada.get(at(BEFORE, "/1"), status=404)


def test_items_may_be_left_open_and_the_end_leads_back_to_them(
    reader: Callable[..., Visitor], app_database: Database
) -> None:
    ada = reader()
    ada.post(at(BEFORE, "/start"))
    ada.post(at(BEFORE, "/1"), {"go": "next"})
    first = options(ada.get(at(BEFORE, "/2")))[0]
    ada.post(at(BEFORE, "/2"), {"option": first, "go": "next"})
    open_ones = [link for link in ada.get(at(BEFORE, "/end")).links() if link.rpartition("/")[2].isdigit()]
    assert at(BEFORE, "/1") in open_ones
    assert at(BEFORE, "/2") not in open_ones
    assert f"1 of {ITEMS}" in ada.get(at(BEFORE)).text
    ada.post(at(BEFORE, "/end"))
    assert list(kept(app_database).values()) == [first]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"option": "no-such-option", "confidence": "2"}, "choose one of the list"),
        ({"confidence": "2"}, "leave both open"),
        ({"option": "first", "confidence": "9"}, "choose one of the list"),
        ({"option": "first", "confidence": "x" * 99}, "choose one of the list"),
    ],
)
def test_what_fits_no_form_is_refused_and_stands_there_as_it_was_sent(
    reader: Callable[..., Visitor], app_database: Database, sent: dict[str, str], said: str
) -> None:
    ada = reader()
    ada.post(at(BEFORE, "/start"))
    first = options(ada.get(at(BEFORE, "/1")))[0]
    body = {name: first if value == "first" else value for name, value in sent.items()}
    page = ada.post(at(BEFORE, "/1"), body, status=422)
    assert said in page.select(".//*[@role='alert']")[0].xpath("string()")
    known = {first, "1", "2", "3", "4"}
    assert chosen(page) == [value for value in body.values() if value in known]
    assert kept(app_database) == {}


def test_no_page_tells_which_answer_is_right(reader: Callable[..., Visitor], library: Library) -> None:
    ada = reader()
    ada.post(at(BEFORE, "/start"))
    forms = library.courses[COURSE].forms.values()
    keys = {
        question.id: next(one.id for one in question.options if one.right)
        for form in forms
        for question in form.questions
    }
    places = []
    for number in range(5, ITEMS + 1):
        page = ada.get(at(BEFORE, f"/{number}"))
        shown = options(page)
        key = next(key for key in keys.values() if key in shown)
        places.append(shown.index(key))
        markup = {len(page.select(f".//input[@value='{one}']")[0].attrib) for one in shown}
        assert len(markup) == 1
    assert len(set(places)) > 1, "the key stands anywhere"


@pytest.mark.parametrize("when", ["at once", "in the middle", "after the course"])
def test_who_skips_is_never_asked_again_and_leaves_nothing(
    reader: Callable[..., Visitor], app_database: Database, when: str
) -> None:
    moment = AFTER if when == "after the course" else BEFORE
    ada = reader(to_the_end) if moment is AFTER else reader()
    if when != "at once":
        ada.post(at(moment, "/start"))
        page = ada.get(at(moment, "/1"))
        ada.post(at(moment, "/1"), {"option": options(page)[0], "go": "next"})
        assert any(form.get("action").endswith("/skip") for form in ada.get(at(moment, "/7")).select(".//form"))
    ada.post(at(moment, "/skip"))
    assert "not asked again" in ada.get(at(moment)).text
    for place in (f"courses/{COURSE}/", f"courses/{COURSE}/{CHAPTER}/", "progress"):
        assert offers(ada, place) == []
    for asked in Moment:
        assert ada.post(at(asked, "/start")).response.location == at(asked)
        ada.get(at(asked, "/1"), status=404)
    assert kept(app_database) == {}


def test_after_the_last_chapter_the_other_form_is_asked_and_the_situations_are_told_to_the_end(
    reader: Callable[..., Visitor], app_database: Database, library: Library
) -> None:
    ada = reader(to_the_end)
    assert offers(ada, f"courses/{COURSE}/") == offers(ada, "progress") == [at(AFTER)]
    assert offers(ada, f"courses/{COURSE}/{CHAPTER}/") == []
    ada.post(at(AFTER, "/start"))
    with app_database.reading() as session:
        forms = {row.moment: row.form for row in session.scalars(select(Comparison))}
    assert forms["before"] != forms["after"]
    ada.post(at(AFTER, "/end"))
    page = ada.get(at(AFTER))
    form = next(one for one in library.courses[COURSE].forms.values() if one.form == forms["after"])
    assert all(vignette.found[Language.EN] in page.text for vignette in form.vignettes)
    assert offers(ada, f"courses/{COURSE}/") == []


def test_a_form_that_was_begun_is_asked_to_its_end_as_it_was(
    reader: Callable[..., Visitor], app: Flask, library: Library
) -> None:
    """A change of the files does not change a question under somebody's hands."""
    from dataclasses import replace

    ada = reader()
    ada.post(at(BEFORE, "/start"))
    before = ada.get(at(BEFORE, "/5")).text
    course = library.courses[COURSE]
    changed = {
        name: form.model_copy(update={"questions": list[ComparedQuestion](form.questions[::-1])})
        for name, form in course.forms.items()
    }
    app.extensions["training.library"] = replace(library, courses={COURSE: replace(course, forms=changed)})
    assert ada.get(at(BEFORE, "/5")).text == before


@pytest.mark.parametrize(
    ("play", "moment"),
    [
        pytest.param(lambda _cast, _person: None, AFTER, id="after, by somebody new"),
        pytest.param(
            lambda cast, person: cast.hands_in(person, right=8), BEFORE, id="before, by who has passed a quiz"
        ),
        pytest.param(lambda cast, person: cast.completes(person), AFTER, id="after, by who was never asked before"),
    ],
)
def test_what_is_not_open_says_so_and_asks_nothing(
    reader: Callable[..., Visitor], app_database: Database, play: Callable[[Cast, UUID], object], moment: Moment
) -> None:
    ada = reader(play)
    page = ada.get(at(moment))
    assert page.select(".//main//form") == []
    assert "are asked" in page.text
    ada.post(at(moment, "/start"))
    ada.get(at(moment, "/1"), status=404)
    with app_database.reading() as session:
        assert session.scalars(select(Comparison)).all() == []


def test_a_course_without_forms_asks_nobody(reader: Callable[..., Visitor], app: Flask, library: Library) -> None:
    from dataclasses import replace

    ada = reader()
    course = replace(library.courses[COURSE], forms={})
    app.extensions["training.library"] = replace(library, courses={COURSE: course})
    assert offers(ada, f"courses/{COURSE}/") == offers(ada, f"courses/{COURSE}/{CHAPTER}/") == []
    ada.get(at(BEFORE), status=404)
