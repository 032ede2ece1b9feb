# SPDX-License-Identifier: Apache-2.0
"""xlsx by XlsxWriter, as people make it."""
import xlsxwriter

from tables import Day


def write(path, sheets):
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": __import__("datetime").datetime(2020, 1, 1)})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows()):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write_number(r, c, value, day if isinstance(value, Day) else None)
    book.close()
