"""Every address says who may use it, or the app does not start."""

import pytest
from flask import Flask

from training.access import Permission
from training.web.guard import Allow, Pages, UnguardedRoute, init_guard


def test_an_app_with_an_address_that_says_nothing_refuses_to_start() -> None:
    app = Flask("bare", static_folder=None)
    pages = Pages("bare", __name__, bare=True)
    pages.page("/guarded", allow=Allow.EVERYONE)(lambda: "x")
    pages.add_url_rule("/forgotten", "forgotten", lambda: "y")
    with pytest.raises(UnguardedRoute, match=r"bare\.forgotten"):
        init_guard(app, [pages])


def test_an_app_that_serves_a_folder_beside_its_pages_refuses_to_start() -> None:
    with pytest.raises(UnguardedRoute, match="static"):
        init_guard(Flask("bare"), [])


def test_a_page_cannot_be_bound_without_saying_who_may_use_it() -> None:
    with pytest.raises(TypeError):
        Pages("bare", __name__).page("/x")  # type: ignore[call-arg]


def test_the_guards_of_all_pages_come_back_as_one_table() -> None:
    app = Flask("bare", static_folder=None)
    pages = Pages("bare", __name__, bare=True)
    pages.page("/one", allow=Permission.LEARN, endpoint="one")(lambda: "x")
    assert init_guard(app, [pages]) == {"bare.one": Permission.LEARN}


def test_every_route_of_the_app_has_a_guard(app: Flask) -> None:
    guards = app.extensions["training.guards"]
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(guards)
