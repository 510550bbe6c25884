"""Addresses: the language in them, the same page in the other languages, and the way back."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from training.languages import Language
from training.web.requests import LARGEST_NUMBER


class LanguageConverter(BaseConverter):
    """The first part of an address: one of our languages, and nothing else."""

    regex = "|".join(Language)

    def to_python(self, value: str) -> Language:
        try:
            return Language(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: Any) -> str:
        return str(Language(value).value)


class NumberConverter(IntegerConverter):
    """A whole number that a database can hold; an address with a larger one is no address."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=LARGEST_NUMBER)


def init_addresses(app: Flask) -> None:
    """Take the language out of each address, and put it into each that is made."""
    app.url_map.converters["int"] = NumberConverter
    app.url_map.converters["language"] = LanguageConverter

    @app.url_value_preprocessor
    def take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values is not None and "language" in values:
            g.language = values.pop("language")

    @app.url_defaults
    def put(endpoint: str, values: dict[str, Any]) -> None:
        if "language" not in values and app.url_map.is_endpoint_expecting(endpoint, "language"):
            values["language"] = _spoken()

    @cache
    def plain(endpoint: str, _language: Language, _root: str) -> str:
        return app.url_for(endpoint)

    def address(endpoint: str, **values: Any) -> str:
        """Return an address for a template; those that nothing stands in but the language are made once."""
        return app.url_for(endpoint, **values) if values else plain(endpoint, _spoken(), request.script_root)

    app.jinja_env.globals["url_for"] = address


def _spoken() -> Language:
    return g.get("language") or Language.EN


def elsewhere() -> dict[Language, str]:
    """Return the address of the page that is being answered in each of the other languages."""
    return {language: in_language(language) for language in Language if language is not g.get("language")}


def in_language(language: Language) -> str:
    """Return the address of the page that is being answered in another language, with the same question marks.

    The answer to a form has no address of its own: its page has.
    """
    if request.endpoint is None or request.view_args is None or "language" not in _arguments():
        segments = request.path.split("/", 2)
        if len(segments) == 3 and segments[1] in set(
            Language
        ):  # no page, but an address of ours: its error page has five
            return f"/{language.value}/{segments[2]}"
        return url_for("home.start", language=language)
    path = url_for(request.endpoint, **{**request.view_args, "language": language})
    page = path if request.method == "GET" else _page_of(path)
    query = urlsplit(request.full_path).query
    return f"{path}?{query}" if query and page == path else page


def _page_of(path: str) -> str:
    """Return `path`, or what stands above it, if it only takes forms: the page that the form stands on."""
    adapter = current_app.url_map.bind("")
    while not adapter.test(path, method="GET"):
        path = path.rpartition("/")[0]
    return path


def _arguments() -> set[str]:
    return request.url_rule.arguments if request.url_rule is not None else set()
