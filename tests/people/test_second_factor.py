"""The second factor: demanded of trainers and administrators, offered to everybody, not asked for in demonstration."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from tests.conftest import settings_for
from tests.pages import Visitor, email_of
from tests.routes import routes
from tests.world import World
from training.access import Permission


def demanding(app: Flask) -> Iterator[str]:
    """Every address that a signed-in person opens by a role."""
    guards = app.extensions["training.guards"]
    for route in routes(app):
        allow = guards[route.endpoint]
        if route.method == "GET" and isinstance(allow, Permission) and allow is not Permission.LEARN:
            yield route.endpoint


@pytest.mark.parametrize("role", ["trainer", "local", "administrator"])
def test_no_page_of_a_role_opens_without_the_second_factor(app: Flask, world: World, role: str) -> None:
    """Signed in with the password alone, every such page leads to where the second factor is set up."""
    person_id: UUID = getattr(world, role)
    visitor = Visitor(app).sign_in(email_of(app, person_id))
    opened = 0
    for route in routes(app):
        if route.method == "GET" and route.endpoint in set(demanding(app)):
            answer = visitor.send("GET", route.path(app, world))
            assert answer.status_code in {302, 403}, route
            if answer.status_code == 302:
                assert answer.location == "/en/account/second-factor", route
                opened += 1
    assert opened > 3
    visitor.get("/en/progress")
    visitor.get("/en/account/second-factor")


def test_a_participant_is_offered_it_and_not_asked(app: Flask, world: World) -> None:
    ada = Visitor(app).sign_in(email_of(app, world.participant))
    assert "/en/account/second-factor" in ada.get("/en/account").links()
    ada.get("/en/progress")


def test_it_is_demanded_everywhere_but_in_a_demonstration(tmp_path: Path) -> None:
    assert settings_for(tmp_path).second_factor
    assert not settings_for(tmp_path, TRAINING_DEMO="1").second_factor
