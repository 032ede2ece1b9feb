# SPDX-License-Identifier: Apache-2.0
"""The publisher's .xls editions as those of other years: same layout and figures, with the year of all headers and names
changed, and where asked the layout drifted as it does from year to year. Made with other libraries than the program's."""
import io
import re
from dataclasses import dataclass, field

import xlrd
import xlwt


@dataclass(frozen=True)
class Drift:
    """What a copy has otherwise than its original."""

    rows_above: int = 0  # blank ones, above everything
    columns_before: int = 0  # blank ones
    blank_rows: tuple = ()  # rows of the original, from 0, before each of which one is put
    sheet: str = "Figures for {year}"
    reversed_sheets: bool = False
    months: int = 12  # later ones are blank, as in a file of part of a year
    month_names: dict = field(default_factory=dict)  # {"Sep": "Sept"}


class _Fonts:
    """The fonts and styles of a book, as the other library writes them."""

    def __init__(self, book):
        self._book, self._made = book, {}

    def font(self, index):
        old, new = self._book.font_list[index], xlwt.Font()
        new.name, new.height, new.bold = old.name, old.height, bool(old.bold)
        new.escapement = {1: xlwt.Font.ESCAPEMENT_SUPERSCRIPT, 2: xlwt.Font.ESCAPEMENT_SUBSCRIPT}.get(old.escapement, 0)
        return new

    def style(self, index):
        if index not in self._made:
            form, style = self._book.xf_list[index], xlwt.XFStyle()
            style.font = self.font(form.font_index)
            style.num_format_str = self._book.format_map[form.format_key].format_str
            style.alignment.inde = form.alignment.indent_level
            self._made[index] = style
        return self._made[index]


class _Copy:
    def __init__(self, path, year, other, drift):
        self._book = xlrd.open_workbook(str(path), formatting_info=True)
        self._year, self._other, self._drift = year, other, drift
        self._fonts = _Fonts(self._book)
        names = "|".join("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
        self._month = re.compile(rf"^({names})-{year % 100:02d}")

    def text(self, text):
        text = text.replace(str(self._year), str(self._other))
        month = self._month.match(text)
        if not month:
            return text
        name = self._drift.month_names.get(month[1], month[1])
        return f"{name}-{self._other % 100:02d}{text[month.end():]}"

    def row(self, row):
        return row + self._drift.rows_above + sum(blank <= row for blank in self._drift.blank_rows)

    def _parts(self, sheet, row, column):
        """The text of a cell with runs, as the other library takes it."""
        whole = sheet.cell_value(row, column)
        runs = sheet.rich_text_runlist_map[row, column]
        starts = [0] * (runs[0][0] > 0) + [start for start, _ in runs]
        fonts = [None] * (runs[0][0] > 0) + [font for _, font in runs]
        parts = [whole[start:end] for start, end in zip(starts, [*starts[1:], len(whole)], strict=True)]
        parts[0] = self.text(parts[0])
        return [part if font is None else (part, self._fonts.font(font)) for part, font in zip(parts, fonts, strict=True)]

    def _cell(self, sheet, target, row, column):
        cell = sheet.cell(row, column)
        if cell.ctype == xlrd.XL_CELL_EMPTY:
            return
        style, at = self._fonts.style(cell.xf_index), (self.row(row), column + self._drift.columns_before)
        if (row, column) in sheet.rich_text_runlist_map and cell.ctype == xlrd.XL_CELL_TEXT and cell.value:
            target.write_rich_text(*at, self._parts(sheet, row, column), style)
        elif cell.ctype == xlrd.XL_CELL_TEXT:
            target.write(*at, self.text(cell.value), style)
        elif cell.ctype == xlrd.XL_CELL_NUMBER and not self._is_later(sheet, row, column):
            target.write(*at, cell.value, style)
        else:
            target.write(*at, cell.value if cell.ctype == xlrd.XL_CELL_DATE else None, style)

    def _is_later(self, sheet, row, column):
        """Whether the number is of a month that a part of a year does not have."""
        if self._drift.months == 12 or str(self._year) not in sheet.name:
            return False
        header = next(row for row in range(8) if any(self._month.match(str(v)) for v in sheet.row_values(row)))
        first = next(c for c, v in enumerate(sheet.row_values(header)) if self._month.match(str(v)))
        return row > header and column - first >= self._drift.months

    def _sheet(self, sheet, book):
        is_figures = sheet.name == f"Figures for {self._year}"
        target = book.add_sheet(self._drift.sheet.format(year=self._other) if is_figures else sheet.name)
        for row in range(sheet.nrows):
            for column in range(sheet.ncols):
                self._cell(sheet, target, row, column)
        for first, end, left, right in sheet.merged_cells:
            columns = left + self._drift.columns_before, right - 1 + self._drift.columns_before
            target.merged_ranges.append((self.row(first), self.row(end - 1), *columns))
        for row, info in sheet.rowinfo_map.items():
            if info.hidden:
                target.row(self.row(row)).hidden = True

    def content(self):
        book, out = xlwt.Workbook(encoding="utf-8", style_compression=2), io.BytesIO()
        sheets = self._book.sheets()
        for sheet in reversed(sheets) if self._drift.reversed_sheets else sheets:
            self._sheet(sheet, book)
        book.save(out)
        return out.getvalue()


def as_year(path, year, other, drift=None):
    """The bytes of the edition of `year` at `path` as that of the year `other`."""
    return _Copy(path, year, other, drift or Drift()).content()
