"""Lists of people as town halls save them: every encoding, delimiter and order of columns, names kept exactly."""

import csv
import io
from itertools import product

import openpyxl
import pytest

from training.groups import lists
from training.languages import Language

WESTERN = ["Jürgen Müller", "Íñigo Nuñez", "Seán O'Neill"]
NAMES = [*WESTERN, "Ştefan Țepeș", "Ana Đorđević"]
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8 with a mark": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16 little-endian": "utf-16-le",
    "utf-16 big-endian": "utf-16-be",
    "windows-1252": "cp1252",
}
HEADINGS = [
    ("e-mail", "name", "language"),
    ("Nom et prénom de l’agent", "Courriel", "Prénom", "Nom", "Langue"),
    ("APELLIDOS", "Nombre", "Correo electrónico", "Idioma"),
    ("Lingua", "Cognome", "Nome", "Indirizzo e-mail"),
    ("Nachname", "E-Mail-Adresse", "Sprache", "Vorname"),
]


def rows_under(headings: tuple[str, ...], names: list[str]) -> list[list[str]]:
    """A list with these columns, a person in each row."""
    rows = [list(headings)]
    for number, name in enumerate(names):
        first, last = name.split(" ", 1)
        cells = {
            "e-mail": f"person{number}@example.org",
            "language": "Français" if number % 2 else "de",
            "first": first,
            "last": last,
            "name": name,
        }
        rows.append([cells.get(kind_of(heading), "something else") for heading in headings])
    return rows


def kind_of(heading: str) -> str:
    known = {
        "e-mail": ("e-mail", "Courriel", "Correo electrónico", "Indirizzo e-mail", "E-Mail-Adresse"),
        "language": ("language", "Langue", "Idioma", "Lingua", "Sprache"),
        "first": ("Prénom", "Nombre", "Nome", "Vorname"),
        "last": ("Nom", "APELLIDOS", "Cognome", "Nachname"),
        "name": ("name",),
    }
    return next((kind for kind, words in known.items() if heading in words), "")


def as_csv(rows: list[list[str]], *, delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def as_workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def expected(names: list[str]) -> list[tuple[int, str, str, Language]]:
    return [
        (number + 2, f"person{number}@example.org", name, Language.FR if number % 2 else Language.DE)
        for number, name in enumerate(names)
    ]


def read(data: bytes) -> list[tuple[int, str, str, Language | None]]:
    return [(line.row, line.email, line.name, line.language) for line in lists.read(data)]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "headings"), list(product(ENCODINGS, [",", ";", "\t"], HEADINGS)), ids=repr
)
def test_names_are_kept_exactly_however_the_list_was_saved(
    encoding: str, delimiter: str, headings: tuple[str, ...]
) -> None:
    """I3: no accent is lost in any encoding, under any delimiter, in any order of columns."""
    names = WESTERN if encoding == "windows-1252" else NAMES
    data = as_csv(rows_under(headings, names), delimiter=delimiter).encode(ENCODINGS[encoding])
    assert read(data) == expected(names)


@pytest.mark.parametrize("headings", HEADINGS)
def test_a_workbook_keeps_them_too(headings: tuple[str, ...]) -> None:
    """I3: the same from XLSX."""
    assert read(as_workbook(rows_under(headings, NAMES))) == expected(NAMES)


def test_a_delimiter_within_quotes_is_part_of_the_name() -> None:
    data = 'e-mail;name\r\na@example.org;"Müller; Jürgen, ""Jo"""\r\n\r\nb@example.org;Bea\r\n'.encode()
    assert [(line.row, line.name) for line in lists.read(data)] == [(2, 'Müller; Jürgen, "Jo"'), (4, "Bea")]


def test_a_name_that_was_broken_into_lines_is_one_line() -> None:
    assert lists.read(b'e-mail,name\na@example.org,"Ana\n  Maria"\n')[0].name == "Ana Maria"


@pytest.mark.parametrize(
    ("headings", "column"),
    [
        ("Nachname;Vorname;Adresse;E-Mail", 3),
        ("Indirizzo;Cognome;Nome;Posta elettronica", 3),
        ("Nom;Prénom;Adresse", 2),
    ],
)
def test_a_postal_address_is_taken_for_no_e_mail_where_there_is_a_better_column(headings: str, column: int) -> None:
    row = ["Via Roma 3"] * (headings.count(";") + 1)
    row[column] = "ana@example.org"
    (line,) = lists.read(f"{headings}\n{';'.join(row)}\n".encode())
    assert line.email == "ana@example.org"


def test_what_excel_writes_about_its_delimiter_is_no_heading() -> None:
    (line,) = lists.read(b"sep=;\r\ne-mail;name\r\nana@example.org;Ana, the first\r\n")
    assert (line.row, line.email, line.name) == (3, "ana@example.org", "Ana, the first")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04 no workbook", b"\xff\xfe\x00", b"a\x81b,c\n"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises((lists.Unreadable, lists.NoEmailColumn)):
        lists.read(data)


def test_a_list_without_an_address_says_which_columns_were_found() -> None:
    with pytest.raises(lists.NoEmailColumn) as refusal:
        lists.read("Nom;Téléphone\nMüller;1\n".encode())
    assert refusal.value.headings == ["Nom", "Téléphone"]


def test_a_list_of_a_thousand_is_read_and_a_longer_one_refused() -> None:
    lines = [f"p{number}@example.org\n" for number in range(lists.MOST_ROWS)]
    assert len(lists.read("".join(["mail\n", *lines]).encode())) == lists.MOST_ROWS
    with pytest.raises(lists.TooLong):
        lists.read("".join(["mail\n", *lines, "one@example.org\n"]).encode())
