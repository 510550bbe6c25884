"""Lists of people as town halls have them: CSV (three encodings, three delimiters) or XLSX, columns in any order."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from training.languages import Language, plain

MOST_ROWS = 1000
EMAIL = {
    "email",
    "e mail",
    "mail",
    "courriel",
    "correo",
    "correo electronico",
    "posta elettronica",
    "e mail address",
    "email address",
    "adresse electronique",
    "indirizzo e mail",
    "e mail adresse",
}
ADDRESS = {"adresse", "indirizzo"}
"""May be of paper as well: where no other column holds e-mail addresses."""
NAME = {
    "name",
    "nom complet",
    "nombre completo",
    "nombre y apellidos",
    "nome e cognome",
    "full name",
    "vollstandiger name",
    "prenom et nom",
    "vor und nachname",
}
FIRST = {"first name", "prenom", "nombre", "nome", "vorname", "given name"}
LAST = {
    "last name",
    "surname",
    "nom",
    "nom de famille",
    "apellidos",
    "apellido",
    "cognome",
    "nachname",
    "familienname",
    "family name",
}
LANGUAGE = {"language", "langue", "idioma", "lingua", "sprache"}


KNOWN = (
    ("email", EMAIL),
    ("address", ADDRESS),
    ("name", NAME),
    ("first", FIRST),
    ("last", LAST),
    ("language", LANGUAGE),
)


class Unreadable(Exception):
    """The file is no table that we can read."""


class NoEmailColumn(Exception):
    """No column of the table holds e-mail addresses; `headings` are those that were found."""

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__(", ".join(headings))
        self.headings = headings


class TooLong(Exception):
    """The list has more rows than are taken at once."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """Somebody on a list, exactly as written. `row` is the number that a spreadsheet program shows."""

    row: int
    email: str
    name: str
    language: Language | None


def read(data: bytes) -> list[Line]:
    """Return the people on a list. Raises `Unreadable`, `NoEmailColumn` and `TooLong`."""
    rows = _workbook(data) if data[:2] == b"PK" else _text(data)
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if filled and _separator(filled[0][1]):
        del filled[0]
    if not filled:
        raise Unreadable
    if len(filled) > MOST_ROWS + 1:
        raise TooLong
    columns = _columns(filled[0][1])
    return [_line(number, row, columns) for number, row in filled[1:]]


def _separator(row: Sequence[str]) -> str:
    """Return what Excel is told in a first line `sep=;`; nothing of another line."""
    line = ";".join(row).strip().lower() if len(row) <= 2 else ""
    return line[4:5] if line.startswith("sep=") and len(line) <= 6 else ""


def _workbook(data: bytes) -> list[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=40, values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise Unreadable from error


def _text(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = first[4] if re.match(r"(?i)sep=[;,\t]\s*\Z", first) else max(";,\t", key=first.count)
    if first.count(delimiter) == 0 and "@" in first:
        raise NoEmailColumn([first.strip()[:80]])
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unreadable from error


def _decoded(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, as UTF-8 if it is that, otherwise as Windows-1252."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    elif data[1:2] == b"\0":
        encodings = ["utf-16-le"]
    elif data[:1] == b"\0":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Return which column holds what; the headings may be in any of the five languages."""
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        key = " ".join(plain(heading).replace("-", " ").replace("_", " ").split())
        for name, known in KNOWN:
            if key in known:
                found.setdefault(name, index)
    if "address" in found:
        found.setdefault("email", found.pop("address"))
    if "email" not in found:
        raise NoEmailColumn([heading.strip() for heading in headings if heading.strip()])
    if "first" in found and "last" not in found and "name" not in found:
        found["name"] = found.pop("first")  # “Nombre” or “Nome” alone is the whole name
    if "last" in found and "first" not in found and "name" not in found:
        found["name"] = found.pop("last")  # so is “Nom”
    return found


def _line(number: int, row: Sequence[str], columns: dict[str, int]) -> Line:
    def cell(name: str) -> str:
        index = columns.get(name)
        lines = row[index].splitlines() if index is not None and index < len(row) else []
        return " ".join(line.strip() for line in lines).strip()

    language = plain(cell("language"))[:2]
    return Line(
        row=number,
        email=cell("email"),
        name=cell("name") or " ".join(part for part in (cell("first"), cell("last")) if part),
        language=Language(language) if language in set(Language) else None,
    )
