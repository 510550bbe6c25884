"""Tables that leave the platform: opened by the reader's program, and never run by it."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.languages import Language
from training.web.spreadsheets import as_csv, as_xlsx, safe

DANGEROUS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0"]
printable = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)


def read(table: bytes, language: Language) -> list[list[str]]:
    delimiter = "," if language is Language.EN else ";"
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    rows = read(as_csv([cell], [[cell]], Language.EN), Language.EN)
    assert rows == [[f"'{cell}"], [f"'{cell}"]]


@pytest.mark.parametrize("cell", ["Ada", "a=b", "1-2", "", "É", "’", 3, -3, 2.5, None, date(2026, 11, 20)])
def test_an_innocent_cell_stays_as_it_is(cell: str | float | date | None) -> None:
    assert safe(cell) == cell


@given(rows=st.lists(st.lists(printable, min_size=2, max_size=2), min_size=1, max_size=5))
def test_whatever_stands_in_the_cells_a_csv_has_as_many_rows_and_no_formula(rows: list[list[str]]) -> None:
    for language in Language:
        back = read(as_csv(["a", "b"], rows, language), language)
        assert len(back) == len(rows) + 1
        for line, row in zip(back[1:], rows, strict=True):
            assert [cell.removeprefix("'") for cell in line] == [cell.removeprefix("'") for cell in row]
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


@pytest.mark.parametrize("language", Language)
def test_a_csv_opens_in_the_readers_spreadsheet_program(language: Language) -> None:
    table = as_csv(["Name", "Day"], [["Đorđe; Lukić, jun.", date(2026, 3, 1)], [None, 3]], language)
    assert table.startswith(b"\xef\xbb\xbf")
    assert (b";" if language is not Language.EN else b",") in table.splitlines()[0]
    assert read(table, language)[1:] == [["Đorđe; Lukić, jun.", "2026-03-01"], ["", "3"]]


@given(rows=st.lists(st.lists(printable, min_size=2, max_size=2), min_size=1, max_size=4), title=printable)
def test_whatever_stands_in_the_cells_a_workbook_opens_and_holds_no_formula(rows: list[list[str]], title: str) -> None:
    body = as_xlsx(title, ["=1+1", "b"], [*rows, *([cell, "x"] for cell in DANGEROUS)])
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet = book.active
    assert sheet is not None
    assert len(book.sheetnames) == 1
    assert 1 <= len(sheet.title) <= 31
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)
    assert sheet.max_row == len(rows) + len(DANGEROUS) + 1
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_a_workbook_keeps_numbers_and_days_as_such() -> None:
    body = as_xlsx("Group: North / South?", ["Name", "Right", "On"], [["Ada", 6, date(2026, 3, 1)], ["", None, None]])
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    assert sheet["B2"].value == 6
    assert sheet["C2"].is_date
    assert sheet.freeze_panes == "B2"
    assert sheet.title == "Group North  South"


@pytest.mark.parametrize("title", ["", "[]:*?/\\", "'quoted'", "x" * 200, "History", "a\x01b\x0bc", "𝕬" * 40])
def test_any_name_of_a_group_makes_a_sheet(title: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(title, ["a"], [["b"]])))
    assert len(book.sheetnames[0]) >= 1
    assert book.sheetnames[0].lower() != "history", "Excel keeps this name for itself"
