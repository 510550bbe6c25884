"""Forms of a request: the one door to flask-wtf.

Our fields carry their own messages, worded in the catalogues: WTForms' own speak other languages than ours.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from wtforms import DateField, Field, IntegerField, SelectField, SelectMultipleField, TimeField, widgets
from wtforms.validators import InputRequired, Length, ValidationError

from training.web.words import lazy

__all__ = [
    "CSRFError",
    "Choice",
    "Clock",
    "Day",
    "Form",
    "Several",
    "WholeNumber",
    "at_most",
    "csrf_token",
    "init_forms",
    "needed",
]


class Protection(CSRFProtect):  # type: ignore[misc]  # flask-wtf is untyped
    """Takes the token from the header of a script's request, which is then not read as a form."""

    def _get_csrf_token(self) -> str | None:
        return request.headers.get("X-CSRFToken") or super()._get_csrf_token()


CSRF = Protection()


def init_forms(app: Flask) -> None:
    """Demand a CSRF token of every form; it lives as long as the session that it is bound to."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False  # the token itself is checked; a proxy may strip the Referer
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # no page is exempt: it is asked for here, where anything may change
    CSRF.init_app(app)

    @app.before_request
    def protect() -> None:
        if request.method != "GET" and request.endpoint is not None:
            CSRF.protect()


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf is untyped
    """A form of ours. `faults` lists each field with an error, in the order of the form."""

    def faults(self) -> list[tuple[Field, str]]:
        """Return every field that has an error, with its first message."""
        return [(field, str(field.errors[0])) for field in self if field.errors]

    def blame(self, name: str, message: str) -> None:
        """Add an error that only the action could find to the field `name`."""
        field = self[name]
        field.errors = [*field.errors, message]


def csrf_token() -> str:
    """Return the token that a form of this session has to bring, for the scripts of a page."""
    return str(generate_csrf())


def needed(message: str | None = None) -> InputRequired:
    """Return the validator of a field that must be filled in."""
    return InputRequired(message=message or lazy("Please fill this in."))


def at_most(length: int) -> Length:
    """Return the validator of a text that is not too long."""
    return Length(max=length, message=lazy("Please write %(max)d characters or fewer."))


class Choice(SelectField):  # type: ignore[misc]  # wtforms is untyped
    """One of a list. What is not on the list is refused in the reader's words."""

    def pre_validate(self, form: Any) -> None:
        if str(self.data) not in {str(value) for value, *_rest in self.iter_choices()}:
            raise ValidationError(lazy("Please choose one of the list."))


class Several(SelectMultipleField):  # type: ignore[misc]  # wtforms is untyped
    """Some of a list, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        known = {str(value) for value, *_rest in self.iter_choices()}
        if not _all_known(self.data or [], known):
            raise ValidationError(lazy("Please choose from the list."))


class WholeNumber(IntegerField):  # type: ignore[misc]  # wtforms is untyped
    """A whole number, or an error in the reader's words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("Please write a whole number.")) from error


class Day(DateField):  # type: ignore[misc]  # wtforms is untyped
    """A day of the calendar, or an error in the reader's words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("Please write a day that exists, as year-month-day.")) from error


class Clock(TimeField):  # type: ignore[misc]  # wtforms is untyped
    """A time of day, or an error in the reader's words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(lazy("Please write a time as hours and minutes, such as 14:30.")) from error


def _all_known(chosen: Iterable[object], known: set[str]) -> bool:
    return all(str(value) in known for value in chosen)
