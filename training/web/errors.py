"""Error pages: in the language of the address, saying what happened and what to do."""

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from training.web import visitor
from training.web.forms import CSRFError
from training.web.guard import wants_json
from training.web.log import LOG
from training.web.requests import settings
from training.web.words import _

SENT_TO_AN_ADMINISTRATOR = {403, 500}


def init_errors(app: Flask) -> None:
    """Answer every error with a page of ours, or with JSON where that was asked for."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Exception, _unforeseen)


def _known(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return _answer(error.code, error.name.lower().replace(" ", "-"))


def _stale_form(_error: CSRFError) -> Response | tuple[str, int]:
    """Answer a form without the token of this session: most often one that was open while the session ended."""
    if visitor.actor_or_none() is None and wants_json():
        return _answer(401, "signed-out")
    return _answer(400, "stale-form")


def _unforeseen(error: Exception) -> Response | tuple[str, int]:
    if current_app.testing:
        raise error
    LOG.exception("%s %s failed", request.method, request.url_rule)
    return _answer(500, "internal-server-error")


def _answer(status: int, name: str) -> Response | tuple[str, int]:
    title, advice = _words(status)
    if wants_json():
        response = jsonify(error=name, message=title)
        response.status_code = status
        return response
    contact = settings().contact if status in SENT_TO_AN_ADMINISTRATOR else ""
    return render_template("error.html", status=status, title=title, advice=advice, contact=contact), status


def _words(status: int) -> tuple[str, str]:
    said = {
        400: (
            _("This page was open for too long"),
            _("Nothing was changed. Please go back, load the page again and repeat what you did."),
        ),
        403: (
            _("This page is not open to you"),
            _("Your account does not have the role that this page needs. An administrator of your city can give it."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped or old, or the page is not yours to see."),
        ),
        405: (_("This cannot be done here"), _("Please go back and try again from the page itself.")),
        409: (
            _("This was changed in the meantime"),
            _("Nothing was changed. Please load the page again and look at what stands there now."),
        ),
        413: (_("This is too large"), _("Nothing was changed. Please send less at once.")),
        422: (_("Something in this form is not right"), _("Nothing was changed. Please go back and look at it again.")),
        429: (_("Too many attempts"), _("Please wait a few minutes and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("Nothing that was confirmed is lost. Please try again; if it happens again, tell your administrator."),
        ),
    }
    return said.get(status, said[500 if status >= 500 else 400])
