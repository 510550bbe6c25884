"""What every answer tells the browser, whatever it is an answer to."""

import re

import pytest
from flask import Flask

from tests.conftest import settings_for
from tests.pages import Visitor
from tests.routes import routes
from tests.world import World
from training.app import create_app
from training.courses.library import Library
from training.db import Database
from training.web.headers import HEADERS, POLICY

WEAK = re.compile(r"unsafe|\*|https?:|blob:")


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert POLICY["default-src"] == "'none'"
    for directive in ("script-src", "style-src", "font-src", "connect-src", "form-action", "media-src"):
        assert POLICY[directive] == "'self'"
    for directive in ("base-uri", "frame-ancestors"):
        assert POLICY[directive] == "'none'"
    assert not WEAK.search(HEADERS["Content-Security-Policy"].replace("data:", ""))


def check(answer_headers: dict[str, str], where: str) -> None:
    for name in HEADERS:
        assert answer_headers.get(name), f"{where}: no {name}"
    policy = answer_headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, where
    assert "unsafe-eval" not in policy, where
    assert "Server" not in answer_headers, where


@pytest.mark.parametrize("role", ["out", "participant", "trainer", "administrator"])
def test_every_answer_carries_the_strict_headers(app: Flask, world: World, role: str) -> None:
    visitor = Visitor(app) if role == "out" else Visitor(app).enter(getattr(world, role))
    for route in routes(app):
        answer = visitor.send(route.method, route.path(app, world))
        check(dict(answer.headers), str(route))
        assert answer.headers.get("Cache-Control"), str(route)
        if role != "out" and route.method == "GET" and answer.mimetype == "text/html":
            assert "public" not in answer.headers["Cache-Control"], str(route)


@pytest.mark.parametrize("path", ["/en/nothing", "/nothing", "/en/admin/", "/en"])
def test_error_pages_and_redirects_carry_them_too(app: Flask, path: str) -> None:
    check(dict(app.test_client().get(path).headers), path)
    check(dict(app.test_client().post(path).headers), path)


def test_a_page_with_a_secret_in_its_address_is_neither_kept_nor_told_to_others(app: Flask, world: World) -> None:
    administrator = Visitor(app).enter(world.administrator)
    page = administrator.post(f"/en/admin/people/{world.newcomer}/welcome-link", status=200)
    found = re.search(r"/en/link/[\w-]+", page.html)
    assert found
    answer = app.test_client().get(found.group())
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def cookies(answer_headers: list[str]) -> dict[str, str]:
    return {line.split("=", 1)[0]: line for line in answer_headers}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    answer = app.test_client().get("/en/sign-in")
    held = cookies(answer.headers.getlist("Set-Cookie"))
    assert set(held) == {"session", "language"}
    for line in held.values():
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Secure" not in line


def test_behind_tls_cookies_are_secure_and_the_browser_comes_back_over_tls(
    app_database: Database, library: Library, tmp_path: object
) -> None:
    from pathlib import Path

    settings = settings_for(Path(str(tmp_path)), TRAINING_PUBLIC_URL="https://training.example.org")
    client = create_app(settings, database=app_database, library=library).test_client()
    answer = client.get("/en/sign-in", base_url="https://training.example.org")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert all("Secure" in line for line in answer.headers.getlist("Set-Cookie"))


def test_signing_in_begins_a_new_session_with_a_new_token(app: Flask, world: World) -> None:
    from tests.cast import PASSWORD
    from tests.pages import email_of

    visitor = Visitor(app)
    before = visitor.get("/en/sign-in").token()
    with visitor.client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
    email = email_of(app, world.participant)
    visitor.client.post("/en/sign-in", data={"csrf_token": before, "email": email, "password": PASSWORD})
    with visitor.client.session_transaction() as kept:
        assert "planted" not in kept
        assert str(world.participant) in kept["_user_id"]
    stale = visitor.client.post("/en/account", data={"csrf_token": before})
    assert stale.status_code == 400


def test_signing_out_ends_the_sign_in_on_the_server_too(app: Flask, world: World) -> None:
    visitor = Visitor(app).enter(world.participant)
    stolen = Visitor(app)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    stolen.client.set_cookie("session", cookie.value)
    assert stolen.client.get("/en/progress").status_code == 200
    visitor.post("/en/sign-out")
    assert stolen.client.get("/en/progress").status_code == 302


def test_a_session_that_nobody_signed_is_nobodys(app: Flask, world: World) -> None:
    client = app.test_client()
    for value in ("", "x", "eyJfdXNlcl9pZCI6IngifQ.x.y", "." * 50):
        client.set_cookie("session", value)
        assert client.get("/en/progress").status_code == 302


@pytest.mark.parametrize("identity", ["", "x", ".", "not-a-uuid.secret", "{person}.", "{person}", "{person}.wrong"])
def test_a_signed_session_with_a_broken_identity_is_nobodys(app: Flask, world: World, identity: str) -> None:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = identity.format(person=world.participant)
    assert client.get("/en/progress").status_code == 302
