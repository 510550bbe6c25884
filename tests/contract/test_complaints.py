"""What the users of other systems complain about, and cannot here: each row is named by the test that holds it.

A row's key (A1, B13 …) begins the docstring of its tests. Those that span the house stand here.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect

from tests.cast import CHAPTER, COURSE, Cast
from tests.pages import Visitor
from tests.world import World
from training.cohorts import rules as group_rules
from training.cohorts.queries import due_dates
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import Language
from training.progress.actions import enrol
from training.quizzes import actions as quiz_actions
from training.quizzes import queries as quiz_queries
from training.quizzes.models import Attempt
from training.quizzes.rules import key_of
from training.settings import ROOT

PROMISED = {
    *(f"A{number}" for number in (1, 2, 3, 4, 6, 7, 8, 10, 13)),
    *(f"B{number}" for number in range(1, 16) if number != 14),
    *(f"C{number}" for number in range(1, 12) if number != 7),
    *(f"D{number}" for number in range(1, 11)),
    *(f"G{number}" for number in range(1, 14)),
    "E6",
    *(f"I{number}" for number in range(1, 5)),
    *(f"J{number}" for number in range(1, 6)),
}
NAMED = re.compile(r'"""((?:[A-J]\d+, )*[A-J]\d+): ')
PATH = f"courses/{COURSE}/{CHAPTER}/"
Stage = Callable[[Callable[[Cast], None]], None]


def test_every_row_is_named_by_a_test() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = {key for keys in NAMED.findall(text) for key in keys.split(", ")}
    assert PROMISED - named == set()


@pytest.mark.parametrize("language", Language)
def test_what_comes_next_opens_in_the_language_of_the_page(app: Flask, world: World, language: Language) -> None:
    """A10: where one goes on is a place in the course; the language is the reader's of this moment."""
    visitor = Visitor(app).enter(world.newcomer)
    visitor.post(f"/de/{PATH}read", {"section": "the-word", "read": "1"})
    page = visitor.get(f"/{language}/")
    ahead = [link for link in page.links() if f"/{PATH}" in link]
    assert ahead
    assert all(link.startswith(f"/{language}/") for link in ahead if "hreflang" not in link)


@pytest.mark.parametrize("language", Language)
def test_no_key_reaches_the_browser_before_the_attempt_is_handed_in(
    app: Flask, world: World, app_database: Database, library: Library, language: Language
) -> None:
    """B5: neither the page of a quiz, nor what is kept of it, nor a receipt says what is right."""
    visitor = Visitor(app).enter(world.participant)
    chapter = library.courses[COURSE].by_slug[CHAPTER]
    feedback = {option.feedback[language] for one in chapter.questions.values() for option in one.options}
    with app_database.reading() as session:
        attempt = session.get_one(Attempt, (world.participant, world.attempt))
        question = next(iter(quiz_queries.questions_of(session, attempt).values()))
    receipt = visitor.send(
        "POST",
        f"/{language}/{PATH}quiz",
        {"attempt": attempt.id, "question": question.id, "option": key_of(question), "change": new_id()},
        headers={"Accept": "application/json"},
    )
    assert set(receipt.json or {}) == {"change", "question", "stored_at", "state"}
    for path in ("quiz", "quiz/kept"):
        page = visitor.get(f"/{language}/{PATH}{path}")
        assert question.text[language][:40] in page.text
        assert not [words for words in feedback if words[:60] in page.text]
        assert not re.search(r"""data-(right|correct|key)|class="[^"]*(right|correct)""", page.html)


def test_an_attempt_is_resumed_however_much_was_written(cast: Cast) -> None:
    """B11: the record has no size at which it stops to be kept."""
    person = cast.person()
    chapter = cast.chapter()
    enrol(cast.session, cast.library, person, COURSE, now=cast.now)
    attempt = quiz_actions.begin(
        cast.session, person, chapter, count=8, field_of_work="social", language=Language.EN, now=cast.now
    )
    questions = list(quiz_queries.questions_of(cast.session, attempt).values())
    for number in range(160):
        question = questions[number % len(questions)]
        change = quiz_actions.Change(
            id=new_id(),
            attempt_id=attempt.id,
            question=question.id,
            response=key_of(question),
            language=Language.EN,
            device="x" * 36,
            given_at=cast.now + timedelta(seconds=number),
        )
        quiz_actions.store(cast.session, person, chapter, change, now=cast.now + timedelta(seconds=number))
    held = quiz_queries.held_answers(cast.session, person, attempt.id)
    assert {name: one.response for name, one in held.items()} == {one.id: key_of(one) for one in questions}


@pytest.mark.parametrize("language", Language)
def test_how_a_quiz_ends_is_said_before_it_begins(
    app: Flask, world: World, library: Library, language: Language
) -> None:
    """B15: how many questions, how many of them right, and how often, before anything is drawn."""
    rule = library.courses[COURSE].file.current_rule
    page = Visitor(app).enter(world.newcomer).get(f"/{language}/{PATH}quiz")
    words = " ".join(page.select(".//main")[0].itertext())
    assert str(rule.draw) in words
    assert str(rule.passed_at) in words
    assert page.tree.xpath(".//main//form[contains(@action, 'quiz/start')]")


def test_all_dates_follow_a_start_that_is_put_off(app: Flask, world: World, app_database: Database) -> None:
    """C10: one box moves the date of every chapter."""
    with app_database.reading() as session:
        before = due_dates(session, world.group)
    visitor = Visitor(app).enter(world.trainer)
    page = visitor.get(f"/en/groups/{world.group}/edit")
    typed = page.filled()
    start = date.fromisoformat(typed["starts_on"][0])
    put_off = {"starts_on": (start + timedelta(days=9)).isoformat(), "move_dates": "y"}
    visitor.post(f"/en/groups/{world.group}/edit", {**typed, **put_off})
    with app_database.reading() as session:
        after = due_dates(session, world.group)
    assert before
    assert after == group_rules.moved(before, before=start, after=start + timedelta(days=9))
    assert all(after[chapter] - day == timedelta(days=9) for chapter, day in before.items())


def test_no_time_that_somebody_spent_is_kept(app_database: Database) -> None:
    """C11: what is not measured cannot be measured wrongly; an idle minute is no figure anywhere."""
    with app_database.reading() as session:
        tables = inspect(session.connection())
        columns = {column["name"] for name in tables.get_table_names() for column in tables.get_columns(name)}
    assert not [name for name in columns if re.search(r"second(s|_spent)|minutes|duration|spent|active", name)]


@pytest.mark.parametrize("language", Language)
def test_captions_and_transcript_are_in_the_language_of_the_page(app: Flask, language: Language) -> None:
    """D6, D7: and nothing of another language is shown in their place."""
    page = Visitor(app).get(f"/{language}/{PATH}")
    tracks = page.select(".//video/track[@kind='captions']")
    assert [track.get("srclang") for track in tracks] == [language.value]
    assert tracks[0].get("default") is not None
    film = app.extensions["training.library"].film(COURSE, CHAPTER, language)
    words = (ROOT / film.captions.path).read_text(encoding="utf-8").split("\n\n")[2].splitlines()[-1]
    assert words in " ".join(" ".join(page.tree.xpath(".//*[@class='transcript']")[0].itertext()).split())


def test_nobody_has_to_pass_one_chapter_to_begin_another(
    stage: Stage, signed_in: Callable[[UUID], Visitor], library: Library
) -> None:
    """D10: experts go where they want to; coverage is told, nothing is locked."""
    people: list[Any] = []
    stage(lambda cast: people.append(cast.person("Ada")))
    ada = signed_in(people[0])
    for chapter in reversed([one for one in library.courses[COURSE].chapters if one.published]):
        ada.get(f"/en/courses/{COURSE}/{chapter.slug}/")
        ada.post(f"/en/courses/{COURSE}/{chapter.slug}/quiz/start")
        ada.get(f"/en/courses/{COURSE}/{chapter.slug}/quiz")
