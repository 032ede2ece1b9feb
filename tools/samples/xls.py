# SPDX-License-Identifier: Apache-2.0
"""The .xls layouts of 2015 to 2020: five sheets, levels by upper case and bold, footnotes below, superscript notes."""
import hashlib
import io
import struct

import xlwt

from .areas import PLAIN, TOTAL, UPPER
from .editions import Spoil

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_COLUMN = 2  # of the months
WIDEST = 18  # styled cells reach further than content, as in the published files


def _font(bold=False, superscript=False, height=10, link=False):
    font = xlwt.Font()
    font.name = "Arial"
    font.height = height * 20
    font.bold = bold
    if superscript:
        font.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    if link:
        font.underline = xlwt.Font.UNDERLINE_SINGLE
        font.colour_index = 12
    return font


def _style(number_format="General", **font):
    style = xlwt.XFStyle()
    style.font = _font(**font)
    style.num_format_str = number_format
    return style


class _Styles:
    def __init__(self):
        self.plain, self.bold, self.title = _style(), _style(bold=True), _style(bold=True, height=12)
        self.link, self.month, self.date = _style(link=True), _style("mmm-yy"), _style("@")
        self.count = {True: _style("#,##0", bold=True), False: _style("#,##0")}

    def label(self, bold):
        return self.bold if bold else self.plain


def _link_record(row, column, place):
    """A HLINK record to a place in the same workbook ([MS-XLS] 2.4.140)."""
    text = place + "\0"
    return struct.pack("<HH", 0x01B8, 32 + 4 + len(text) * 2) + struct.pack(
        "<HHHH16sIII",
        row, row, column, column,
        bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b"), 2, 8, len(text),
    ) + text.encode("utf-16-le")  # fmt: skip


def _add_link(sheet, row, column, place):
    # xlwt knows links only as formulas, which would turn the text into a result that no one has computed. The records
    # belong after the merged cells, so they ride on that part.
    merged = sheet._Worksheet__merged_rec
    sheet._Worksheet__merged_rec = lambda: merged() + _link_record(row, column, place)


def _text_sheet(book, styles, name, title, lines):
    sheet = book.add_sheet(name)
    sheet.write(0, 0, "Contents", styles.link)
    _add_link(sheet, 0, 0, "Contents!A1")
    sheet.write(1, 0, title, styles.title)
    for index, line in enumerate(lines):
        sheet.write(3 + 2 * index, 0, line, styles.plain)


def _contents(book, styles, edition):
    sheet = book.add_sheet("Contents")
    sheet.write_merge(1, 2, 0, 0, "Contents", styles.title)
    sheet.write_merge(1, 2, 1, 7, "Sample of monthly figures on deaths registered in England and Wales", styles.title)
    entries = (
        ("Information", "What these invented figures are"),
        ("Terms and conditions", "What you may do with them"),
        (f"Figures for {edition.year}", f"Invented counts by area, {edition.year}, England and Wales"),
        ("Related publications", "Where the real figures are"),
    )
    for index, (name, text) in enumerate(entries):
        sheet.write(4 + 2 * index, 0, name, styles.link)
        _add_link(sheet, 4 + 2 * index, 0, f"'{name}'!A1")
        sheet.write(4 + 2 * index, 1, text, styles.plain)


def _has_trailing_blank(code):
    return hashlib.sha256(code.encode()).digest()[0] % 8 == 0


def _code_text(area, edition):
    # Two blanks after this code stand in the published files of 2015 to 2017.
    return area.code + "  " if area.code == "E06000053" and edition.year < 2018 else area.code


def _write_name(sheet, styles, row, area, edition):
    bold = area.level != PLAIN
    if area.code == TOTAL:
        notes = "1,2" if edition.year < 2018 else "1"
        parts = [area.name.upper() + " ", (notes, _font(bold=True, superscript=True))]
        sheet.write_rich_text(row, 1, parts, styles.bold)
        return
    name = area.name.replace("'", "’")
    if area.level == UPPER and not area.code.startswith("J99"):
        name = name.upper()
    if _has_trailing_blank(area.code):
        name += " "
    sheet.write(row, 1, name, styles.label(bold))


def _write_month(sheet, styles, month, edition, spoil):
    column = FIRST_COLUMN + month - 1
    text = spoil.month_texts.get(month, f"{MONTHS[month - 1]}-{edition.year % 100}")
    if edition.final or month > edition.months:
        sheet.write(3, column, text, styles.month)
        return
    parts = [text, ("3", _font(superscript=True))]
    if month == 9:
        parts[0] = (text, _font())  # a run of its own from the first character on
    if month == 3:
        parts.append((" ", _font()))
    sheet.write_rich_text(3, column, parts, styles.month)


def _starts_group(area):
    return area.level == UPPER or (area.level != PLAIN and area.children)


def _write_body(sheet, styles, edition, rows, counts, spoil):
    row, previous = 5, None
    for area in rows:
        if area.code in spoil.leave_out:
            continue
        if previous is not None and (_starts_group(area) or previous.level == UPPER):
            if edition.year < 2018 and previous.code in ("E12000001", "E12000004"):
                sheet.write(row, 0, "", styles.bold)
                sheet.write(row, 1, " ", styles.bold)
            row += 1
        bold = area.level != PLAIN
        sheet.write(row, 0, _code_text(area, edition), styles.label(bold))
        _write_name(sheet, styles, row, area, edition)
        for month in range(1, 13):
            column, style = FIRST_COLUMN + month - 1, styles.count[bold]
            if month > edition.months:
                sheet.write(row, column, None, style)
                continue
            count = counts[area.code][month - 1] + spoil.counts.get((area.code, month), 0)
            sheet.write(row, column, spoil.texts.get((area.code, month), count), style)
        sheet.write(row, WIDEST, None, styles.plain)
        row, previous = row + 1, area
    return row


def _notes(edition):
    if edition.year < 2018:
        return [
            "1 Records without a complete place of residence are counted here; parts may be below their sum.",
            "2 People who lived outside England and Wales are counted here and in no other total.",
        ]
    notes = ["1 People who lived outside England and Wales are counted here and in no other total."]
    if not edition.final:
        notes += [
            "2 This sample is invented; its codes and names are real.",
            "3 Figures are provisional until those of the whole year are final.",
        ]
    return notes


def _write_notes(sheet, styles, edition, row):
    row += 1
    sheet.write(row, 0, "Footnotes:", styles.plain)
    sheet.row(row + 1).hidden = True
    row += 2
    for note in _notes(edition):
        sheet.write_merge(row, row, 0, 13, note, styles.plain)
        row += 2
    sheet.write(row, 0, "Source: invented by the generator of this sample", styles.plain)
    if edition.year < 2018:
        sheet.write(row, 2, f"Released: {edition.released}", styles.plain)
    else:
        sheet.write(row, 2, "Released:", styles.plain)
        sheet.write_merge(row, row, 3, 4, edition.released, styles.date)
    sheet.write(row + 25, 0, None, styles.plain)


def _figures(book, styles, edition, rows, counts, spoil):
    sheet = book.add_sheet(spoil.sheet or f"Figures for {edition.year}")
    sheet.write(0, 0, "Contents", styles.link)
    _add_link(sheet, 0, 0, "Contents!A1")
    provisional = "" if edition.final else "provisional "
    title = f"Sample of monthly {provisional}figures on deaths registered by area of usual residence, {edition.year}"
    sheet.write(1, 0, title, styles.bold)
    sheet.write(1, 13, "England and Wales", styles.bold)
    sheet.write(3, 0, "Area of usual residence", styles.plain)
    for month in range(1, 13):
        _write_month(sheet, styles, month, edition, spoil)
    _write_notes(sheet, styles, edition, _write_body(sheet, styles, edition, rows, counts, spoil))


def xls_workbook(edition, rows, counts, spoil=None):
    """The bytes of one edition."""
    spoil, styles = spoil or Spoil(), _Styles()
    book = xlwt.Workbook(encoding="utf-8")
    book.owner = "Tidemill samples"
    _contents(book, styles, edition)
    _text_sheet(
        book, styles, "Information", "About this sample",
        ["The counts are invented. The codes and names of the areas are real.", "0 denotes nil."],
    )  # fmt: skip
    _text_sheet(book, styles, "Terms and conditions", "Terms and conditions", ["Use this sample for anything."])
    _figures(book, styles, edition, rows, counts, spoil)
    _text_sheet(
        book, styles, "Related publications", "Related publications",
        ["The real figures are published by the Office for National Statistics."],
    )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
