"""Who is visiting: the one door to flask-login.

The signed cookie carries a person and the secret of one sign-in; what they mean is asked of the database through the
`recognise` that the app hands in, once per request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import flask_login
from flask import Flask, abort, g, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from training.access import Actor

Recognise = Callable[[UUID, str], Actor | None]
"""Given a person and the secret of a sign-in, who acts, if it holds."""


@dataclass(frozen=True)
class Visitor(flask_login.UserMixin):  # type: ignore[misc]  # flask-login is untyped
    """What flask-login keeps of a signed-in person."""

    actor: Actor

    def get_id(self) -> str:
        return f"{self.actor.person_id}.{self.actor.session_key}"


class Cookies(SecureCookieSessionInterface):
    """Flask's own sessions; what signs them is made once, since no key changes while the app runs."""

    def __init__(self, app: Flask) -> None:
        self._serializer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookies of the app."""
        return self._serializer


def init_visitor(app: Flask, recognise: Recognise) -> None:
    """Let flask-login recognise visitors. Its own session protection is off: telephones change their address."""
    app.session_interface = Cookies(app)
    manager = flask_login.LoginManager()
    manager.session_protection = None
    manager._session_identifier_generator = str  # no fingerprint of a browser in the cookie
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(identity: str) -> Visitor | None:
        person, _, secret = identity.partition(".")
        try:
            actor = recognise(UUID(person), secret)
        except ValueError:
            return None
        if actor is None:
            return None
        g.zone = str(actor.zone)
        g.account_language = actor.language.value
        return Visitor(actor)


def actor_or_none() -> Actor | None:
    """Return who is signed in, if anybody is."""
    if "_user_id" not in session:
        return None
    user = flask_login.current_user._get_current_object()  # once, not for each of its names
    return user.actor if user.is_authenticated else None


def actor() -> Actor:
    """Return who is signed in; the guard has seen to it that somebody is."""
    found = actor_or_none()
    if found is None:
        abort(401)
    return found


def sign_in(actor: Actor) -> None:
    """Begin a new session for `actor`: nothing of the one before stays, its CSRF token neither."""
    session.clear()
    flask_login.login_user(Visitor(actor))
    session.permanent = True


def sign_out() -> None:
    """End the session in this browser."""
    flask_login.logout_user()
    session.clear()


def page_before() -> str:
    """Return the path of the page that a form was sent from, if it is ours."""
    return local_path(urlsplit(request.headers.get("Referer", "")).path) or url_for("home.start")


def local_path(path: str | None) -> str | None:
    """Return `path` if it leads to a page of ours and nowhere else; a way back must not become a way out."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path:
        return None
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or any(ord(character) < 32 for character in path):
        return None
    return path
