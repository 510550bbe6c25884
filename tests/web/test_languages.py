"""In which language a visitor is met: the address decides, then the account, the cookie, the browser."""

import pytest
from flask import Flask

from tests.pages import Visitor
from tests.world import World
from training.languages import Language


@pytest.mark.parametrize(
    ("accepted", "met_in"),
    [
        ("fr-BE, en;q=0.5", "fr"),
        ("pl, de;q=0.3, it;q=0.8", "it"),
        ("es", "es"),
        ("ja", "en"),
        ("", "en"),
        ("*", "en"),
        ("x" * 3000, "en"),
        ("de;q=0, fr", "fr"),
    ],
)
def test_a_stranger_is_met_in_the_language_of_the_browser(app: Flask, accepted: str, met_in: str) -> None:
    answer = app.test_client().get("/", headers={"Accept-Language": accepted})
    assert answer.location == f"/{met_in}/"
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_who_has_been_here_is_met_in_the_language_of_the_last_page(app: Flask) -> None:
    client = app.test_client()
    client.get("/it/glossary")
    assert client.get("/", headers={"Accept-Language": "fr"}).location == "/it/"


@pytest.mark.parametrize("cookie", ["xx", "../../etc/passwd", "", "en; Path=/", "ＦＲ"])
def test_a_broken_cookie_is_no_language(app: Flask, cookie: str) -> None:
    client = app.test_client()
    client.set_cookie("language", cookie)
    assert client.get("/", headers={"Accept-Language": "de"}).location in {"/de/", "/en/"}


def test_who_is_signed_in_is_met_in_the_language_of_the_account(app: Flask, world: World) -> None:
    visitor = Visitor(app).enter(world.participant)
    visitor.client.get("/it/glossary")
    assert visitor.client.get("/", headers={"Accept-Language": "fr"}).location == "/en/"


def test_an_address_without_a_language_of_ours_leads_nowhere(app: Flask) -> None:
    for path in ("/pl/", "/EN/", "/english/", "/en", "/glossary"):
        assert app.test_client().get(path).status_code in {308, 404}
    assert app.test_client().get("/en").location == "http://localhost/en/"


@pytest.mark.parametrize(
    "path", ["", "glossary", "search?q=caf%C3%A9&x=%26", "courses/local-prevention/understanding/"]
)
def test_every_page_leads_to_itself_in_the_other_four_languages(app: Flask, path: str) -> None:
    """A8: the language can be changed on every page, and leads to the same page."""
    visitor = Visitor(app)
    for language in Language:
        page = visitor.get(f"/{language}/{path}")
        others = {link.get("hreflang"): link.get("href") for link in page.select(".//link[@rel='alternate']")}
        assert set(others) == {other.value for other in Language if other is not language}
        for other, address in others.items():
            there = visitor.get(address.removeprefix("http://127.0.0.1:8000"))
            assert there.tree.getroot().get("lang") == other
            assert there.response.request.query_string == page.response.request.query_string


def test_the_language_switch_of_a_refused_form_leads_to_a_page_that_opens(app: Flask, world: World) -> None:
    """A form that was answered under an address of its own has no page there for a reader who switches."""
    visitor = Visitor(app).enter(world.administrator)
    refused = [
        (f"/en/admin/people/{world.newcomer}/roles", {"role": "owner"}),
        (f"/en/admin/people/{world.newcomer}/move", {"authority": "nowhere"}),
        (f"/en/admin/certificates/{world.certificate}/revoke", {"reason": "none"}),
        ("/en/admin/people/new", {}),
        ("/en/account", {}),
    ]
    for path, body in refused:
        page = visitor.post(path, body, status=422)
        for link in page.select(".//link[@rel='alternate']"):
            visitor.get(link.get("href").removeprefix("http://127.0.0.1:8000"))
