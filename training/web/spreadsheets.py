"""Tables that leave the platform: CSV and XLSX, as spreadsheet programs of the reader's language expect them."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from training.languages import CSV_DELIMITERS, Language

BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet program takes UTF-8 for something else."""
COMMANDS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | float | date | None


def safe(value: Value) -> Value:
    """Return a cell that no spreadsheet program takes for a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(COMMANDS) else value


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Value]], language: Language) -> bytes:
    """Return a table as CSV: UTF-8 with a byte order mark, the delimiter of the language, dates as ISO 8601."""
    return BYTE_ORDER_MARK.encode() + csv_rows([headings, *rows], language)


def csv_rows(rows: Sequence[Sequence[Value]], language: Language) -> bytes:
    """Return rows alone, for a table that is written piece by piece."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=CSV_DELIMITERS[language], lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else safe(cell) for cell in row])
    return text.getvalue().encode()


def as_xlsx(title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """Return a table as a workbook of one sheet, its first row and column fixed. No cell is a formula."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, line, column, cell, day)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(headings) - 1, 0), 22)
    return buffer.getvalue()


def _write(sheet: Any, line: int, column: int, cell: Value, day: Any) -> None:
    if cell is None or cell == "":
        sheet.write_blank(line, column, None)
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, day)
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell)
    else:
        sheet.write_string(line, column, cell)


def _sheet_name(title: str) -> str:
    """Return a name that a workbook takes: 31 units of UTF-16, nothing unseen, none of its own signs and words."""
    kept = "".join(character for character in title if character.isprintable() and character not in "[]:*?/\\'")
    while len(kept.encode("utf-16-le")) > 62:
        kept = kept[:-1]
    kept = kept.strip()
    return f"{kept}1" if kept.casefold() in {"", "history"} else kept
