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


def _merges(content):
    tables = ET.fromstring(content).find(f"{OFFICE}body/{OFFICE}spreadsheet").findall(TABLE + "table")
    return {(table.get(TABLE + "name", ""), *box) for table in tables for box in _merges_of(table)}


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _DatabaseRanges:
    """What of a document XMLParser keeps: the attributes of these elements. A tree of a large one takes seconds."""

    def __init__(self):
        self._found = []

    def start(self, tag, attributes):
        if tag == TABLE + "database-range":
            self._found.append(attributes)

    def close(self):
        return self._found


def _tables(content):
    found = set()
    for entry in ET.XML(content, ET.XMLParser(target=_DatabaseRanges())):
        name, target = entry.get(TABLE + "name", ""), entry.get(TABLE + "target-range-address", "")
        whole = re.fullmatch(r"\$?(.+)\.\$?([A-Z]+)\$?(\d+):(?:\$?.+)?\.\$?([A-Z]+)\$?(\d+)", target)
        if whole and name and not name.startswith("__"):
            sheet, left, top, right, bottom = whole.groups()
            sheet = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
            found.add((sheet, name, int(top) - 1, _column(left), int(bottom) - 1, _column(right)))
    return found


def structure(path):
    """{"merges": {(sheet, row0, col0, row1, col1)}, "tables": {(sheet, name, row0, col0, row1, col1)}}; tables are the database
    ranges with a name of their own: one without, or with "__", is a filter."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    # Large files mostly have neither; where the bytes lack the words, the XML need not be taken apart (but in UTF-16).
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return {"merges": _merges(content) if wide or b"-spanned" in content else set(),
            "tables": _tables(content) if wide or b"database-range" in content else set()}
