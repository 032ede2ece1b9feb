# SPDX-License-Identifier: Apache-2.0
"""The areas of one edition as the publisher's sheet nests them."""
import re
import sys
from typing import NamedTuple

import xlrd

TOTAL = "K04000001, J99000001"  # a sum of two areas and no area
UPPER, BOLD, PLAIN = 0, 1, 2
FORMER = re.compile(r"Former districts? of:")
MONTH = re.compile(r"[A-Z][a-z]{2}-\d\d")


class Row(NamedTuple):
    code: str  # as published; empty where the row has none
    name: str
    welsh: str
    level: int
    parent: int  # index of the row above it in the nesting, or -1
    former: bool  # listed as a district that is no more


def name_key(name):
    """What two names have in common that mean one area: as the program compares them."""
    text = " ".join(name.replace("’", "'").casefold().split())
    text = text.removesuffix(" ua").removesuffix(" (met county)")
    return re.sub(r"[.,']", "", text.replace("&", "and"))


def proper_case(name):
    """"YORKSHIRE AND THE HUMBER" as "Yorkshire and the Humber"; mixed case stays."""
    if name != name.upper():
        return name
    return " ".join(word if word in ("and", "of", "the") else word.capitalize() for word in name.lower().split())


class Sheet:
    """The sheet of figures, with what its cells look like."""

    def __init__(self, path, year):
        self.book = xlrd.open_workbook(str(path), formatting_info=True)
        self.sheet = self.book.sheet_by_name(f"Figures for {year}")
        self.header = next(
            row for row in range(10) if sum(bool(MONTH.match(str(cell))) for cell in self.sheet.row_values(row)) == 12
        )
        self.first_month = next(
            column for column, cell in enumerate(self.sheet.row_values(self.header)) if MONTH.match(str(cell))
        )

    def text(self, row, column):
        """The cell without superscripts; whole numbers without a point."""
        value = self.sheet.cell_value(row, column)
        if isinstance(value, float):
            return f"{value:.0f}"
        runs = self.sheet.rich_text_runlist_map.get((row, column), [])
        pieces = [(0, None), *runs, (len(value), None)]
        kept = "".join(
            value[start:end]
            for (start, font), (end, _) in zip(pieces, pieces[1:])
            if font is None or self.book.font_list[font].escapement != 1
        )
        return " ".join(kept.replace("’", "'").split())

    def is_bold(self, row, column):
        return bool(self.book.font_list[self.book.xf_list[self.sheet.cell_xf_index(row, column)].font_index].bold)

    def has_count(self, row):
        return self.sheet.cell_type(row, self.first_month) == xlrd.XL_CELL_NUMBER


def level_of(sheet, row, column, name):
    if name == name.upper() or name.startswith("Non-residents"):
        return UPPER
    return BOLD if sheet.is_bold(row, column) else PLAIN


def read(path, year):
    """The rows of one edition that have codes in its first column."""
    sheet = Sheet(path, year)
    rows, last, former = [], {}, False
    for row in range(sheet.header + 1, sheet.sheet.nrows):
        labels = [column for column in range(1, sheet.first_month) if sheet.text(row, column)]
        if not sheet.has_count(row):
            former = bool(labels) and bool(FORMER.match(sheet.text(row, labels[0])))
            continue
        if len(labels) != 1:
            sys.exit(f"{path}, row {row + 1}: expected one name")
        name, _, welsh = sheet.text(row, labels[0]).partition(" / ")
        level = level_of(sheet, row, labels[0], name)
        parent = max((last[outer] for outer in range(level) if outer in last), default=-1)
        last[level] = len(rows)
        rows.append(Row(sheet.text(row, 0), proper_case(name), welsh, level, parent, former))
    return rows
