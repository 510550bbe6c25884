"""The words of the interface: the one door to flask-babel, and the catalogues where no request is under way.

Inside a request `_` and its sisters speak the language of the address. A PDF, a spreadsheet or a letter speaks its
receiver's: it takes a `Speech`, made for a language and a time zone that are arguments, never a global.
"""

import datetime as calendar
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale, dates, lists, numbers
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from markupsafe import Markup

from training.languages import Language, best_language
from training.web.catalogues import TRANSLATIONS, compile_catalogues

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext
lazy = flask_babel.lazy_gettext

LOCALES = {language: Locale.parse("en_GB" if language is Language.EN else language.value) for language in Language}
"""European English: the day before the month."""


def init_words(app: Flask) -> None:
    """Let flask-babel speak the language of the address. Raises `CatalogueFault`."""
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    flask_babel.Babel(app, locale_selector=lambda: language().value)
    _speak(app)


def _speak(app: Flask) -> None:
    """Let the templates word things: each message is looked up once, and formatted as Jinja's own `_` does it."""

    @cache
    def markup(language: Language, message: str) -> Markup:
        return Markup(catalogue(language).gettext(message))  # noqa: S704  our own words

    @cache
    def whole(language: Language, message: str) -> Markup:
        return markup(language, message) % {}

    def gettext(message: str, /, **values: object) -> Markup:
        return markup(language(), message) % values if values else whole(language(), message)

    def ngettext(singular: str, plural: str, num: int, /, **values: object) -> Markup:
        text = catalogue(language()).ngettext(singular, plural, num)
        return Markup(text) % {"num": num, **values}  # noqa: S704  our own words

    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)


def language() -> Language:
    """Return the language of the page that is being answered: the address decides, then the visitor's wishes."""
    if not has_request_context():
        return Language.EN
    chosen: Language | None = g.get("language")
    if chosen is None:  # no page of ours, so that nobody has taken the language out of the address yet
        first = request.path.split("/", 2)[1]
        chosen = g.language = Language(first) if first in set(Language) else wished_language()
    return chosen


@contextmanager
def speaking(other: Language) -> Iterator[None]:
    """Let all that is worded within the block speak another language than the page: words, links, dates."""
    own = language()
    g.language = other
    try:
        with flask_babel.force_locale(other.value):
            yield
    finally:
        g.language = own


def cookie_language() -> str | None:
    """Return the language of the last page, as the browser remembers it."""
    return request.cookies.get("language")


def wished_language() -> Language:
    """Return the language that the visitor most likely wants: account, then cookie, then `Accept-Language`."""
    account = g.get("account_language")
    return best_language(
        [
            *([account] if account else []),
            cookie_language() or "",
            *(tag for tag, _quality in request.accept_languages),
        ]
    )


@cache
def catalogue(language: Language, directory: Path = TRANSLATIONS) -> NullTranslations:
    """Return the compiled messages of a language; English stands in the code itself."""
    return Translations.load(directory, [language.value])


@dataclass(frozen=True)
class Speech:
    """How to word things for one reader: their language and their time zone."""

    language: Language
    zone: ZoneInfo

    def gettext(self, message: str, **values: object) -> str:
        """Return `message` in the reader's language, its placeholders filled."""
        text = catalogue(self.language).gettext(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, num: int, **values: object) -> str:
        """Return the form of a message that fits `num`."""
        return catalogue(self.language).ngettext(singular, plural, num) % {"num": self.number(num), **values}

    def date(self, day: calendar.date) -> str:
        """Return a day in words: 20 November 2026. French calls the first of a month by its ordinal."""
        text = dates.format_date(day, "long", LOCALES[self.language])
        return f"1er{text[1:]}" if self.language is Language.FR and day.day == 1 else text

    def short_date(self, day: calendar.date) -> str:
        """Return a day for a table: 20 Nov 2026."""
        return dates.format_date(day, "medium", LOCALES[self.language])

    def vague_date(self, text: str) -> str:
        """Return a date that is known as a year, a month or a day (2021, 2021-12, 2021-12-06), in words."""
        if len(text) == len("2021"):
            return text
        if len(text) == len("2021-12"):
            month = calendar.date.fromisoformat(f"{text}-01")
            return dates.format_skeleton("yMMMM", month, locale=LOCALES[self.language])
        return self.date(calendar.date.fromisoformat(text))

    def moment(self, moment: calendar.datetime) -> str:
        """Return day and time in the reader's zone, for a table: 20 Nov 2026, 14:05."""
        together = str(dates.get_datetime_format("medium", LOCALES[self.language]))
        return together.format(self.time(moment), self.short_date(self.day_of(moment)))

    def until(self, moment: calendar.datetime) -> dict[str, str]:
        """Return what a sentence about an end needs: the day in words, the time, and the city whose time that is."""
        city = dates.get_timezone_location(self.zone, LOCALES[self.language], return_city=True)
        return {"day": self.date(self.day_of(moment)), "time": self.time(moment), "city": city}

    def day_of(self, moment: calendar.datetime) -> calendar.date:
        """Return the day on which `moment` falls in the reader's zone."""
        return moment.astimezone(self.zone).date()

    def time(self, moment: calendar.datetime) -> str:
        """Return the time of day in the reader's zone, without seconds."""
        return dates.format_time(moment, "short", self.zone, LOCALES[self.language])

    def number(self, value: float) -> str:
        """Return a number with the reader's separators."""
        return numbers.format_decimal(value, locale=LOCALES[self.language])

    def percent(self, share: float) -> str:
        """Return a share (0 to 1) as a whole percentage."""
        return _percent(share, self.language)

    def listing(self, items: list[str]) -> str:
        """Return items joined as in a sentence."""
        return lists.format_list(items, locale=LOCALES[self.language])


@lru_cache(maxsize=1000)
def _percent(share: float, language: Language) -> str:
    return numbers.format_percent(share, locale=LOCALES[language])


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name (IANA)."""
    return ZoneInfo(name)


def speech() -> Speech:
    """Return how to word things for the visitor of this request."""
    found = g.get("speech")
    if found is None or found.language is not language():
        found = g.speech = Speech(language(), ZoneInfo(g.get("zone", "Europe/Brussels")))
    return Speech(found.language, found.zone)


def language_name(code: Language) -> str:
    """Return what the language of the page calls another language (CLDR)."""
    return str(LOCALES[language()].languages[code.value])


def tongue_name(code: str) -> str:
    """Return what the language of the page calls any language (ISO 639-1; CLDR)."""
    return str(LOCALES[language()].languages[code])


def country_name(code: str) -> str:
    """Return the name of a country (ISO 3166-1 alpha-2) in the language of the page (CLDR)."""
    return str(LOCALES[language()].territories[code])
