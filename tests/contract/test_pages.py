"""Every page of every role, in every state that it has, through the client that looks at each as a careful reader."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import CHAPTER, COURSE, Cast
from tests.contract.test_access import ROLES, outcome, table, who
from tests.pages import STAND_ALONE, Page, Visitor
from tests.routes import routes
from tests.world import World
from training.access import Role
from training.db import Database
from training.languages import Language
from training.quizzes.models import Attempt

HOME = "http://127.0.0.1:8000"
SHOWN_ONCE = ("after", "with", "shade")
"""What a list's next page and the projection's other languages and lights are asked by: each shows the same again."""


@dataclass
class Walk:
    """What a visitor finds who follows every link."""

    pages: dict[str, Page | None] = field(default_factory=dict)
    """By address; nothing for a file."""
    broken: list[str] = field(default_factory=list)


def follow(visitor: Visitor, start: str) -> Walk:
    """Follow every link within the site and the language, and look at every page that comes."""
    walk = Walk()
    anchors: list[tuple[str, str, str]] = []
    waiting = deque([(start, "the start")])
    language = start[:4]
    while waiting:
        path, found_on = waiting.popleft()
        if path in walk.pages:
            continue
        walk.pages[path] = None
        answer = visitor.client.get(path, follow_redirects=True)
        if answer.status_code != 200:
            walk.broken.append(f"{found_on} leads to {path}: {answer.status_code}")
        if answer.mimetype != "text/html" or path.endswith(STAND_ALONE):
            answer.close()
            continue
        page = walk.pages[path] = visitor._look(answer, answer.status_code)
        for link in page.links():
            target, anchor = urldefrag(link.removeprefix(HOME))
            if target.startswith(("http://", "https://", "mailto:", "tel:")):
                continue
            target = target or path
            anchors.append((path, target, anchor))
            repeats = urlsplit(target).query.startswith(SHOWN_ONCE)
            if target.startswith((language, "/static/", "/media/")) and not repeats:
                waiting.append((target, path))
    for path, target, anchor in anchors:
        page_there = walk.pages.get(target)
        if anchor and page_there is not None and page_there.tree.find(f".//*[@id='{anchor}']") is None:
            walk.broken.append(f"{path} leads to {target}#{anchor}, which is not there")
    return walk


WALKS = [
    ("out", Language.EN),
    ("out", Language.IT),
    ("participant", Language.FR),
    ("trainer", Language.DE),
    ("local", Language.ES),
    ("administrator", Language.EN),
]


@pytest.mark.parametrize(("role", "language"), WALKS)
def test_every_link_leads_to_a_page_in_order(app: Flask, world: World, role: str, language: Language) -> None:
    walk = follow(who(app, world, role), f"/{language}/")
    assert walk.broken == []
    assert len([page for page in walk.pages.values() if page]) >= 12
    for page in walk.pages.values():
        assert page is None or page.tree.getroot().get("lang") == language


@pytest.mark.parametrize("role", ["participant", "trainer", "local", "administrator"])
def test_a_house_in_which_nothing_has_happened_yet_is_in_order(
    app: Flask, stage: Any, app_database: Database, role: str
) -> None:
    made: dict[str, Any] = {}

    def play(cast: Cast) -> None:
        made["person"] = cast.person("Only Me")
        if role == "trainer":
            cast.grant(made["person"], Role.TRAINER)
        elif role != "participant":
            cast.grant(made["person"], Role.ADMINISTRATOR, "liege" if role == "local" else None)

    stage(play)
    walk = follow(Visitor(app).enter(made["person"]), "/en/")
    assert walk.broken == []


def test_every_page_of_the_table_is_in_order_for_every_role(app: Flask, world: World) -> None:
    """Also those that no link leads to: letters, codes and files do."""
    for role in ROLES:
        visitor = who(app, world, role)
        for route in routes(app):
            if route.method == "GET" and table()[str(route)].outcomes[role] in {"ok", "no", "gone"}:
                answer = visitor.send("GET", route.path(app, world))
                visitor._look(answer, answer.status_code)
                answer.close()


@pytest.mark.parametrize("language", Language)
def test_a_form_that_is_refused_comes_back_in_order(app: Flask, world: World, language: Language) -> None:
    """Every form of every role, sent empty, and sent with what nobody typed."""
    nonsense = {"name": " ", "email": "x", "starts_on": "0000-00-00", "population": "many", "role": "x", "code": "!"}
    refused = 0
    for role in ROLES:
        for route in routes(app):
            if route.method != "POST" or table()[str(route)].outcomes[role] != "ok":
                continue
            for body in ({}, nonsense):
                visitor = who(app, world, role)
                answer = visitor.send("POST", route.path(app, world, language=language), body)
                assert answer.status_code < 500, str(route)
                page = visitor._look(answer, answer.status_code)
                refused += answer.status_code == 422
                if answer.status_code == 422 and answer.mimetype == "text/html":
                    assert page.tree.getroot().get("lang") == language
        if language is not Language.EN and role == "participant":
            break
    assert refused >= 15


def test_a_refused_form_names_its_faults_at_the_top_and_at_the_field(app: Flask, world: World) -> None:
    visitor = Visitor(app).enter(world.trainer)
    page = visitor.post("/fr/groups/new", {"name": "", "starts_on": "x"}, status=422)
    summary = page.select(".//*[@role='alert']")
    assert len(summary) == 1
    for link in summary[0].iter("a"):
        field_id = link.get("href").removeprefix("#")
        assert page.tree.find(f".//*[@id='{field_id}']") is not None
    faulty = page.select(".//*[@aria-invalid='true']")
    assert faulty
    for one in faulty:
        told = [page.tree.find(f".//*[@id='{name}']") for name in one.get("aria-describedby").split()]
        assert all(element is not None for element in told)


def test_the_faults_stand_in_the_order_of_the_page(visitor: Visitor) -> None:
    page = visitor.post("/fr/register", {"employer": "x" * 300, "time_zone": "x"}, status=422)
    listed = [link.get("href").removeprefix("#") for link in page.select(".//*[@role='alert']//a")]
    drawn = [one.get("id") for one in page.tree.find(".//main").iter("input", "select")]
    assert len(listed) >= 6
    assert listed == [name for name in drawn if name in listed]


def test_what_was_typed_stands_there_again_but_for_passwords(app: Flask, visitor: Visitor) -> None:
    page = visitor.post(
        "/en/register", {"name": "Ada “Bea” <Cleo>", "email": "nonsense", "password": "a secret of mine"}, status=422
    )
    values = {one.get("name"): one.get("value") for one in page.select(".//input")}
    assert values["name"] == "Ada “Bea” <Cleo>"
    assert values["email"] == "nonsense"
    assert not values["password"]
    assert "a secret of mine" not in page.html


def quiz_of(visitor: Visitor, language: str) -> Page:
    return visitor.get(f"/{language}/courses/{COURSE}/{CHAPTER}/quiz")


@pytest.mark.parametrize("language", Language)
def test_a_quiz_is_in_order_before_in_the_middle_and_after(
    app: Flask, world: World, app_database: Database, language: Language
) -> None:
    visitor = Visitor(app).enter(world.newcomer)
    quiz_of(visitor, language)
    visitor.post(f"/{language}/courses/{COURSE}/{CHAPTER}/quiz/start")
    quiz_of(visitor, language)
    with app_database.reading() as session:
        attempt = session.scalars(select(Attempt.id).where(Attempt.person_id == world.newcomer)).one()
    here = f"/{language}/courses/{COURSE}/{CHAPTER}/quiz"
    visitor.post(here, {"attempt": str(attempt), "question": "x"}, status=422)
    done = visitor.post(f"{here}/hand-in", {"attempt": str(attempt)})
    visitor.get(done.response.location)
    quiz_of(visitor, language)


def test_roles_are_told_apart_by_what_the_table_says(app: Flask, world: World) -> None:
    """The words of a refusal are those of the reader's language, for pages of each kind."""
    visitor = who(app, world, "participant")
    for language in Language:
        page = visitor.get(f"/{language}/admin/", status=403)
        assert page.tree.getroot().get("lang") == language
        assert outcome(page.status, None) == "no"
