# SPDX-License-Identifier: Apache-2.0
"""The accessible .xlsx layout of 2021 on: cover, notes, then one sheet with one native table, a row each area."""
import datetime
import io

import xlsxwriter

from .areas import TOTAL, UPPER
from .editions import Spoil

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CREATED = datetime.datetime(2022, 7, 1)  # fixed: the same bytes each time
HEADER_ROW = 5


def _sheet_name(edition):
    return f"Figures for {edition.year}" if edition.year == 2021 else "1"


def _month_text(edition, month):
    if edition.year == 2021:
        return f"{MONTHS[month - 1][:3]}-{edition.year % 100}"
    return f"{MONTHS[month - 1]} {edition.year}" + ("" if edition.final else " [note 2]")


def _cover(book, heading, edition):
    sheet = book.add_worksheet("Cover sheet")
    sheet.set_column(0, 0, 90)
    lines = (
        f"Sample of deaths registered monthly, {edition.year}, England and Wales",
        "The counts in this workbook are invented. The codes and names of the areas are real.",
        f"Released: {edition.released}",
        "Real figures are published by the Office for National Statistics.",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, heading if row == 0 else None)


def _notes(book, heading, edition):
    sheet = book.add_worksheet("Notes")
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "Notes", heading)
    sheet.write_string(1, 0, "This worksheet contains one table.")
    notes = [["[note 1]", "People who lived outside England and Wales are counted here and in no other total."]]
    if not edition.final:
        notes.append(["[note 2]", "Figures are provisional until those of the whole year are final."])
    columns = [{"header": "Note number"}, {"header": "Note text"}]
    options = {"data": notes, "columns": columns, "name": "notes", "autofilter": False}
    sheet.add_table(3, 0, 3 + len(notes), 1, options)


def _name(area):
    if area.code == TOTAL:
        return area.name.upper() + " [note 1]"
    return area.name.upper() if area.level == UPPER and not area.code.startswith("J99") else area.name


def _figures(book, heading, count_format, edition, rows, counts, spoil):
    sheet = book.add_worksheet(spoil.sheet or _sheet_name(edition))
    lines = (
        f"Sample of deaths registered by area of usual residence, {edition.year}, England and Wales",
        "This worksheet contains one table. Some cells refer to notes, which can be found on the notes worksheet.",
        "Source: invented by the generator of this sample",
        f"Released: {edition.released}",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, heading if row == 0 else None)
    months = range(1, edition.months + 1)
    headers = [f"Area of usual residence\n{part}" for part in ("Code", "Name", "Geography")]
    headers += [spoil.month_texts.get(month, _month_text(edition, month)) for month in months]
    body = []
    for area in rows:
        if area.code in spoil.leave_out:
            continue
        values = [
            spoil.texts.get((area.code, month), counts[area.code][month - 1] + spoil.counts.get((area.code, month), 0))
            for month in months
        ]
        body.append([area.code, _name(area), area.geography, *values])
    columns = [{"header": text} for text in headers[:3]]
    columns += [{"header": text, "format": count_format} for text in headers[3:]]
    options = {"data": body, "columns": columns, "name": f"figures_{edition.year}", "autofilter": False}
    sheet.set_column(0, 2, 26)
    sheet.add_table(HEADER_ROW - 1, 0, HEADER_ROW - 1 + len(body), len(headers) - 1, options)


def xlsx_workbook(edition, rows, counts, spoil=None):
    """The bytes of one edition."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": f"Sample, {edition.year}", "author": "Tidemill samples", "created": CREATED})
    heading, count_format = book.add_format({"bold": True, "font_size": 14}), book.add_format({"num_format": "#,##0"})
    _cover(book, heading, edition)
    _notes(book, heading, edition)
    _figures(book, heading, count_format, edition, rows, counts, spoil or Spoil())
    book.close()
    return out.getvalue()
