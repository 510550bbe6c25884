"""Every address says who may use it, or the app refuses to start.

`Pages` is a blueprint whose `route` demands `allow`. Signed out where an account is needed: to the sign-in page and
back (401 where JSON is asked for). Signed in without the permission: 403. Outside one's scope: 404, as if it did not
exist, which is decided in the queries.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.web import visitor
from training.web.requests import settings

View = TypeVar("View", bound=Callable[..., Any])


class Allow(Enum):
    """Who may use an address that demands no permission."""

    EVERYONE = "everyone"


class Pages(Blueprint):
    """The pages of a slice, below `/<language>/`; with `bare`, addresses that have no language."""

    def __init__(self, name: str, import_name: str, *, bare: bool = False) -> None:
        super().__init__(name, import_name, url_prefix="" if bare else "/<language:language>")
        self.guards: dict[str, Permission | Allow] = {}

    def page(
        self, rule: str, *, allow: Permission | Allow, methods: tuple[str, ...] = ("GET",), endpoint: str | None = None
    ) -> Callable[[View], View]:
        """Bind a view to an address and say who may use it."""

        def bind(view: View) -> View:
            name = endpoint or view.__name__
            self.guards[f"{self.name}.{name}"] = allow
            self.add_url_rule(rule, name, view, methods=list(methods))
            return view

        return bind


class UnguardedRoute(Exception):
    """An address does not say who may use it."""


def init_guard(app: Flask, rooms: list[Pages]) -> dict[str, Permission | Allow]:
    """Register the pages, demand a guard for each address, and return the table of endpoints and guards."""
    guards: dict[str, Permission | Allow] = {}
    for pages in rooms:
        app.register_blueprint(pages)
        guards |= pages.guards
    unguarded = sorted(rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint not in guards)
    if unguarded:
        raise UnguardedRoute(f"no address without a guard: {', '.join(unguarded)}")

    @app.before_request
    def refuse_nothing() -> None:
        """Refuse the character NUL, which no text holds and PostgreSQL cannot store."""
        sent = [request.path, *(() if request.is_json else request.form.values())]
        if b"%00" in request.query_string or any("\0" in value for value in sent):
            abort(422)

    @app.before_request
    def guard() -> AnyResponse | None:
        if request.endpoint is None:
            return None  # no such address, or not with this method: Flask answers
        return _let_through(guards[request.endpoint])

    return guards


def _let_through(allow: Permission | Allow) -> AnyResponse | None:
    """Return nothing when the visitor may go on, or where they are sent instead."""
    if isinstance(allow, Allow):
        return None
    actor = visitor.actor_or_none()
    if actor is None:
        return _to_sign_in()
    if not actor.may(allow):
        abort(403)
    if allow is not Permission.LEARN and settings().second_factor and not actor.strong:
        return redirect(url_for("people.second_factor"))
    return None


def wants_json() -> bool:
    """Whether the request asks for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _to_sign_in() -> AnyResponse:
    if wants_json():
        return Response('{"error": "signed-out"}', 401, mimetype="application/json")
    back = request.full_path.rstrip("?") if request.method == "GET" else visitor.page_before()
    return redirect(url_for("people.sign_in", back=back))
