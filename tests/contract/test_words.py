"""No bare word: every page, refusal, letter and file in a made-up language that marks each message."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

import html5lib
import openpyxl
import pytest
from babel import Locale
from babel.dates import get_timezone_location
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import inspect, text
from werkzeug.test import TestResponse

from tests import cast as casting
from tests.contract.test_access import ROLES, table, who
from tests.made_up import MadeUp, bare, lay_catalogue, spoken
from tests.pages import STAND_ALONE
from tests.routes import routes
from tests.world import World, build
from training.app import create_app
from training.certificates.rules import new_code, shown_code
from training.cohorts.rules import new_code as group_code
from training.cohorts.rules import shown_code as shown_group_code
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import OWN_NAMES, Language
from training.settings import ROOT, Settings
from training.web import words

ENGLISH = Locale.parse("en_GB")
FROM_CLDR = {
    *ENGLISH.months["format"]["wide"].values(),
    *ENGLISH.months["format"]["abbreviated"].values(),
    *ENGLISH.territories.values(),
    *(ENGLISH.languages[code.value] for code in Language),
    *(
        ENGLISH.languages[code]
        for code in ["ar", "az", "ca", "cs", "da", "el", "fa", "nl", "ps", "pt", "ru", "so", "sv", "ti", "tr"]
    ),  # of lines and places
    *(
        get_timezone_location(zone, ENGLISH, return_city=True)
        for zone in available_timezones()
        if zone.startswith("Europe/")
    ),  # whose time it is
    "and",  # before the last of a list
    "at",  # between day and time
}
NAMES = ["LIAISE Training", "LIAISE", "Efus", "PDF", "CSV", "XLSX", "JSON", "HTML", "QR", "MB", "kB", "min"]
CODES = [code for language in Language for code in (language.value, language.value.upper())]
PATTERNS = (
    r"\b[0-9a-f]{12,}\b",  # a sum
    r"[A-Z]{1,3}\d{1,3}[a-z]?",  # the key of a source
    r"[\w.+-]+@[\w.-]+|https?://\S+|127\.0\.0\.1\S*",
    r"(?:Europe|Atlantic|UTC)/?[A-Za-z_ ]*",  # a time zone
    r"\{\w+\}",  # filled in by a script
)
DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}"  # an identifier: first, since its digits may look like the code of a group
    r"|LT-\d{4}-\d*|\b[A-Z2-7]{4,5}(?:[- ][A-Z2-7]{1,5})+\b"  # a certificate's number and code
    r"|\b[A-Z2-9]{4}-[A-Z2-9]{4}\b"  # the code of a group
)
"""What nobody has written: any word may occur in it by chance."""
ALLOWED = re.compile(
    "|".join(
        [
            *PATTERNS,
            *(
                rf"\b{re.escape(name)}\b"
                for name in sorted({*FROM_CLDR, *OWN_NAMES.values(), *NAMES, *CODES}, key=len, reverse=True)
            ),
        ]
    )
)
WORDY = ("alt", "aria-label", "title", "placeholder", "label")


@pytest.fixture
def made_up(settings: Settings, app_database: Database, library: Library, tmp_path: Any, monkeypatch: Any) -> Flask:
    """The app, speaking the made-up language where it would speak English."""
    lay_catalogue(tmp_path / "translations")
    catalogue = MadeUp()
    monkeypatch.setattr(words, "TRANSLATIONS", tmp_path / "translations")
    monkeypatch.setattr(words, "catalogue", lambda _language: catalogue)
    app = create_app(settings, database=app_database, library=spoken(library))
    app.testing = True
    return app


@pytest.fixture
def people(made_up: Flask, app_database: Database) -> World:
    with app_database.transaction() as session:
        return build(casting.assemble(session, made_up.extensions["training.library"], now=datetime.now(UTC)))


def strings_in(value: Any) -> Iterator[str]:
    """Give every text within a structure of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings_in(one)


def said_elsewhere(database: Database, library: Library) -> list[str]:
    """Return what neither catalogue nor course says: what people typed, and the words that films have of their own."""
    files = {film.transcript.path for film in library.manifest.films if film.transcript}
    found = {one for path in files for one in strings_in(json.loads((ROOT / path).read_text(encoding="utf-8")))}
    with database.reading() as session:
        for table in inspect(session.connection()).get_table_names():
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    found |= set(strings_in(json.loads(value) if str(value)[:1] in {"[", "{"} else value))
    return sorted((one for one in found if 2 < len(one) < 400), key=len, reverse=True)


def shown(tree: Any) -> Iterator[str]:
    """Give every text and every attribute that is read out in the page's own language."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if any(one.get("lang", "en") != "en" for one in (element, *element.iterancestors())):
            continue
        if element.tag not in {"style", "code", "script"}:
            yield element.text or ""
        for name, value in element.attrib.items():
            if name in WORDY or (name == "value" and element.get("type") in {"submit", "button"}):
                yield value
            if name == "content" and element.get("name") == "description":
                yield value
        yield element.tail or ""


def faults(parts: Iterable[str], typed: list[str]) -> set[str]:
    """Return the bare words among texts: letters that are neither marked, nor typed by people, nor names."""
    found = set()
    for part in parts:
        rest = DRAWN.sub(" ", bare(part))  # first: what people typed may occur in a code by chance
        if not re.search(r"[^\W\d_]{2}", rest):
            continue
        for one in typed:
            if one in rest:
                rest = rest.replace(one, " ")
        rest = ALLOWED.sub(" ", rest)
        if re.search(r"[^\W\d_]{2}", rest):
            found.add(rest.strip()[:120])
    return found


def test_what_was_drawn_is_no_word_whatever_was_typed_elsewhere() -> None:
    for _time in range(3000):
        code, group = new_code(), group_code()
        typed = [code[2:5], code[7:10], group[1:4]]
        said = f'"{new_id()}", {shown_code(code)}: {shown_group_code(group)}'
        assert faults([said], typed) == set()


def read(answer: TestResponse) -> list[str]:
    """Return every text of an answer, of whatever kind it is."""
    if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
        return list(shown(html5lib.parse(answer.text, treebuilder="lxml", namespaceHTMLElements=False)))
    if answer.mimetype == "text/csv":
        return answer.get_data(as_text=True).lstrip("\ufeff").replace('"', "").splitlines()
    if "spreadsheetml" in (answer.mimetype or ""):
        sheets = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
        return [str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    if answer.mimetype == "application/pdf":
        reader = PdfReader(io.BytesIO(answer.data))
        return [" ".join(page.extract_text().split()) for page in reader.pages]
    if answer.is_json and isinstance(answer.json, dict):
        return [str(answer.json.get("message", ""))]
    return []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_and_file_speaks_the_made_up_language(
    made_up: Flask, people: World, app_database: Database, role: str
) -> None:
    """A13: every address and method: pages, empty forms that are refused, 403, 404, spreadsheets, PDFs."""
    found = {}
    typed = said_elsewhere(app_database, made_up.extensions["training.library"])
    for route in sorted(routes(made_up), key=str):
        path = route.path(made_up, people)
        if path.endswith((STAND_ALONE, "/de.pdf")) or table()[str(route)].outcomes[role] == "in":
            continue
        for body in ({}, {"name": " ", "email": "x", "role": "x", "q": "radix"}):
            answer = who(made_up, people, role).send(route.method, path, body)
            wrong = faults(read(answer), typed)
            answer.close()
            if wrong:
                found[f"{route} {answer.status_code}"] = wrong
    assert found == {}, "\n".join(f"{name}: {sorted(bare)}" for name, bare in found.items())


def test_the_checking_page_that_is_taken_along_speaks_it_too(made_up: Flask, people: World) -> None:
    page = who(made_up, people, "out").client.get("/en/verify/offline.html").get_data(as_text=True)
    data = re.search(r'<script type="application/json" id="data">(.+?)</script>', page, re.S)
    assert data
    said = json.loads(data.group(1))["words"]["en"]
    assert len(said) > 60
    assert faults([re.sub(r"%\(\w+\)s", " ", one) for one in said.values()], []) == set()
