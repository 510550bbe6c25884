"""Error pages: in the reader's language, with what to do, and without a word of what went on inside."""

import logging

import pytest
from flask import Flask

from tests.pages import Visitor, tidy
from tests.world import World
from training.languages import Language
from training.web.guard import Allow


@pytest.mark.parametrize("language", Language)
def test_what_is_not_there_is_said_in_the_language_of_the_address(app: Flask, language: Language) -> None:
    page = Visitor(app).get(f"/{language}/no/such/page", status=404)
    assert page.tree.getroot().get("lang") == language
    headings = {Visitor(app).get(f"/{other}/nothing", status=404).heading for other in Language}
    assert len(headings) == 5


def test_an_address_without_a_language_is_answered_in_the_readers(app: Flask) -> None:
    page = Visitor(app).get("/nothing", status=404, headers={"Accept-Language": "de"})
    assert page.tree.getroot().get("lang") == "de"


def test_every_error_has_a_page_that_tells_what_to_do(app: Flask, world: World) -> None:
    visitor = Visitor(app).enter(world.participant)
    for path, status in (("/en/admin/", 403), ("/en/nothing", 404), ("/en/sign-out", 405)):
        page = visitor.get(path, status=status)
        assert str(status) in page.text
        assert page.select(".//main//a")
    visitor.post("/en/courses/local-prevention/understanding/read", {"section": "none"}, status=422)


def test_a_form_without_its_token_is_told_what_happened(app: Flask) -> None:
    answer = app.test_client().post("/fr/sign-in", data={"email": "x"})
    assert answer.status_code == 400
    tidy(answer)


def test_too_large_a_form_is_refused_with_a_page(app: Flask) -> None:
    answer = app.test_client().post("/en/sign-in", data={"email": "x" * 2_000_000})
    assert answer.status_code == 413
    tidy(answer)


@pytest.mark.parametrize("asked", ["application/json", "application/json, text/html;q=0.1"])
def test_who_asks_for_json_is_answered_in_json(app: Flask, asked: str) -> None:
    answer = app.test_client().get("/fr/nothing", headers={"Accept": asked})
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"] == "not-found"
    assert answer.json["message"]


@pytest.mark.parametrize("path", ["/en/%00", "/en/search?q=%00", "/en/join/%00"])
def test_a_character_that_no_text_holds_is_refused(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code in {404, 422}


def test_what_breaks_inside_is_logged_and_not_shown(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise RuntimeError("the secret of the house")

    guards = app.extensions["training.guards"]
    app.view_functions["home.start"] = broken
    assert guards["home.start"] is Allow.EVERYONE
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for language in Language:
        with caplog.at_level(logging.ERROR):
            page = Visitor(app).get(f"/{language}/", status=500)
        assert "secret of the house" not in page.html
        assert "Traceback" not in page.html
        assert page.tree.getroot().get("lang") == language
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text
