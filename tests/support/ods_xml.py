# SPDX-License-Identifier: Apache-2.0
"""Merged ranges, tables and print ranges of an OpenDocument spreadsheet, straight from its XML: of these the witnesses of
expected-structure have SheetJS alone, which counts covered cells twice."""
import re
import xml.etree.ElementTree as ET
import zipfile

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
MOST_REPEATED = 1_000  # of a merged cell; none of the files has more
ROWS, COLUMNS = 1_048_576, 16_384
ROW_GROUPS = {TABLE + name for name in ("table-row-group", "table-header-rows", "table-rows")}


def _number(element, name):
    return int(element.get(TABLE + name, "1"))


def _rows(parent):
    """The rows of a table, in groups or not; not those of tables inside of its cells."""
    for child in parent:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in ROW_GROUPS:
            yield from _rows(child)


def _merges_of_row(row, number):
    column = 0
    for cell in row:
        if cell.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
            continue
        repeated = _number(cell, "number-columns-repeated")
        rows, columns = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            for at in range(min(repeated, MOST_REPEATED)):
                left = column + at
                yield number, left, min(number + rows, ROWS) - 1, min(left + columns, COLUMNS) - 1
        column += repeated


def _merges_of(table):
    number = 0
    for row in _rows(table):
        repeated = _number(row, "number-rows-repeated")
        found = list(_merges_of_row(row, number))
        for at in range(min(repeated, MOST_REPEATED) if found else 0):
            yield from ((top + at, left, bottom + at, right) for top, left, bottom, right in found)
        number += repeated


def _spreadsheet(path):
    with zipfile.ZipFile(path) as archive:
        return ET.fromstring(archive.read("content.xml")).find(f"{OFFICE}body/{OFFICE}spreadsheet")


def merges(path):
    """{(sheet, row0, col0, row1, col1)}"""
    tables = _spreadsheet(path).findall(TABLE + "table")
    return {(table.get(TABLE + "name", ""), *box) for table in tables for box in _merges_of(table)}


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def tables(path):
    """{(sheet, name, row0, col0, row1, col1)} of the database ranges with a name of their own: one without, or with "__", is a filter."""
    found = set()
    for entry in _spreadsheet(path).iter(TABLE + "database-range"):
        name, target = entry.get(TABLE + "name", ""), entry.get(TABLE + "target-range-address", "")
        whole = re.fullmatch(r"\$?(.+)\.\$?([A-Z]+)\$?(\d+):(?:\$?.+)?\.\$?([A-Z]+)\$?(\d+)", target)
        if whole and name and not name.startswith("__"):
            sheet, left, top, right, bottom = whole.groups()
            sheet = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
            found.add((sheet, name, int(top) - 1, _column(left), int(bottom) - 1, _column(right)))
    return found
