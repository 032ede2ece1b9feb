# SPDX-License-Identifier: Apache-2.0
"""Reads the deaths workbooks independently of the program: by other libraries and straight from the layout."""
import datetime
import re
from typing import NamedTuple

import openpyxl
import xlrd

MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


class Cell(NamedTuple):
    name: str
    count: int
    row: int  # from 1
    column: int
    sheet: str


def _code(text):
    return "_".join(part.strip() for part in str(text).split(","))


def _name(text):
    return " ".join(text.split())


def _without_superscripts(book, sheet, row, column):
    text = sheet.cell_value(row, column)
    runs = sheet.rich_text_runlist_map.get((row, column))
    if not runs:
        return text
    ends = [start for start, _ in runs[1:]] + [len(text)]
    for (start, font), end in reversed(list(zip(runs, ends, strict=True))):
        if book.font_list[font].escapement == 1:
            text = text[:start] + text[end:]
    return text


def read_xls(path, year):
    """{(code, "2018-01"): Cell} of the layouts of 2015 to 2020."""
    book = xlrd.open_workbook(str(path), formatting_info=True)
    sheet = book.sheet_by_name(f"Figures for {year}")
    months = {}
    for column in range(2, 14):
        text = _without_superscripts(book, sheet, 3, column).strip()
        name, _, short = text.partition("-")
        assert int(short) == year % 100, text
        months[column] = f"{year}-{MONTHS[name.lower()]:02d}"
    cells = {}
    for row in range(4, sheet.nrows):
        code = _code(sheet.cell_value(row, 0))
        if not re.fullmatch(r"[A-Z]\d{8}(_[A-Z]\d{8})?", code):
            continue
        for column, period in months.items():
            if sheet.cell_type(row, column) == xlrd.XL_CELL_NUMBER:
                name = _name(_without_superscripts(book, sheet, row, 1))
                value = sheet.cell_value(row, column)
                assert value == int(value)
                cells[code, period] = Cell(name, int(value), row + 1, column + 1, sheet.name)
    return cells


class OldRow(NamedTuple):
    code: str  # as published, text or number; empty where there is none
    name: str
    counts: tuple  # of the twelve months; nil is 0
    row: int  # from 1
    first_column: int  # of the months, from 1


def read_old_xls(path, year):
    """[OldRow] of the layouts of 2006 to 2014, in the order of the sheet."""
    book = xlrd.open_workbook(str(path), formatting_info=True)
    sheet = book.sheet_by_name(f"Figures for {year}")
    header = next(row for row in range(6) if f"Jan-{year % 100:02d}" in sheet.row_values(row))
    first = sheet.row_values(header).index(f"Jan-{year % 100:02d}")
    has_codes = first == 4
    rows = []
    for row in range(header + 1, sheet.nrows):
        values = sheet.row_values(row, first, first + 12)
        if not any(isinstance(value, float) for value in values):
            continue
        code = sheet.cell_value(row, 0) if has_codes else ""
        names = [_name(_without_superscripts(book, sheet, row, column)) for column in range(int(has_codes), first)]
        (name,) = filter(None, names)
        counts = tuple(0 if value == "-" else int(value) for value in values)
        rows.append(OldRow(f"{code:.0f}" if isinstance(code, float) else code, name, counts, row + 1, first + 1))
    return rows


def cells_with_content(path, year):
    """How many cells of the sheet of figures hold more than blanks."""
    sheet = xlrd.open_workbook(str(path), formatting_info=True).sheet_by_name(f"Figures for {year}")
    empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    return sum(
        sheet.cell_type(row, column) not in empty and str(sheet.cell_value(row, column)).strip() != ""
        for row in range(sheet.nrows)
        for column in range(sheet.ncols)
    )


def read_xlsx(path, year):
    """The same of the accessible layout."""
    book = openpyxl.load_workbook(path)
    sheet = next(book[name] for name in (f"Figures for {year}", "1") if name in book.sheetnames)
    (table,) = sheet.tables.values()
    header, *body = sheet[table.ref]
    months = {}
    for cell in header[3:]:
        text = cell.value.split("[")[0].strip()
        months[cell.column] = f"{year}-{MONTHS[text[:3].lower()]:02d}"
        assert text.endswith(f"{year % 100:02d}"), text
    cells = {}
    for row in body:
        code, name = _code(row[0].value), _name(row[1].value.split("[")[0])
        for cell in row[3:]:
            if cell.value is not None:
                cells[code, months[cell.column]] = Cell(name, cell.value, cell.row, cell.column, sheet.title)
    return cells


def read(path, year):
    return (read_xlsx if str(path).endswith(".xlsx") else read_xls)(path, year)


def last_business_day(year, month):
    """Monday to Friday; holidays count as business days."""
    day = datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
    return day - datetime.timedelta(days=max(0, day.weekday() - 4))
