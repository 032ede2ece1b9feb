#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes recipes/registers/gss.csv: which GSS codes of England and Wales are valid when, under what name and parent.

    tools/make_register.py FOLDER > recipes/registers/gss.csv

FOLDER holds the publisher's editions of 2015, 2017, 2018 and 2019 (`*2015*/*.xls` …), which give code, name and, by
nesting, parent of every area. What changed before and after them is listed below. Needs xlrd (tools/requirements.txt).

`from` is the first day; 2009-04-01 is the oldest state that the register knows, not the birthday of an area. `to` is
exclusive. The row "England, Wales and elsewhere" is a sum of two areas and no area.
"""
import csv
import pathlib
import re
import sys
from typing import NamedTuple

import xlrd

OLDEST = "2009-04-01"
EDITIONS = (2015, 2017, 2018, 2019)
MERGED = "2019-04-01"  # between the editions of 2017 and 2018
SPELLING_SLIPS = {"Stevege", "Blaeu Gwent"}  # the edition of 2018 only
TOTAL = "K04000001, J99000001"


class Area(NamedTuple):
    code: str
    name: str
    parent: str
    start: str
    end: str


# (code, new name, day)
RENAMED = [("E07000112", "Folkestone and Hythe", "2018-04-01")]

# (day, old code, new code): the area as before but for its boundary.
RECODED = [
    ("2012-04-01", "E07000100", "E07000240"),
    ("2012-04-01", "E07000104", "E07000241"),
    ("2013-04-01", "E07000097", "E07000242"),
    ("2013-04-01", "E07000101", "E07000243"),
    ("2013-04-01", "E08000020", "E08000037"),
    ("2013-04-01", "E06000048", "E06000057"),
    ("2025-04-01", "E08000016", "E08000038"),
    ("2025-04-01", "E08000019", "E08000039"),
]


def span(first, last):
    return [f"{first[:3]}{number:06d}" for number in range(int(first[3:]), int(last[3:]) + 1)]


# (day, [(new code, name, parent)], abolished codes)
REORGANISED = [
    ("2020-04-01", [("E06000060", "Buckinghamshire", "E12000008")], ["E10000002", *span("E07000004", "E07000007")]),
    (
        "2021-04-01",
        [("E06000061", "North Northamptonshire", "E12000004"), ("E06000062", "West Northamptonshire", "E12000004")],
        ["E10000021", *span("E07000150", "E07000156")],
    ),
    (
        "2023-04-01",
        [
            ("E06000063", "Cumberland", "E12000002"),
            ("E06000064", "Westmorland and Furness", "E12000002"),
            ("E06000065", "North Yorkshire", "E12000003"),
            ("E06000066", "Somerset", "E12000009"),
        ],
        [
            "E10000006", *span("E07000026", "E07000031"),
            "E10000023", *span("E07000163", "E07000169"),
            "E10000027", *span("E07000187", "E07000189"), "E07000246",
        ],
    ),
]  # fmt: skip


def proper_case(name):
    """"YORKSHIRE AND THE HUMBER" as "Yorkshire and the Humber"; mixed case stays."""
    if name != name.upper():
        return name
    return " ".join(word if word in ("and", "of", "the") else word.capitalize() for word in name.lower().split())


def is_bold(book, sheet, row, column):
    return bool(book.font_list[book.xf_list[sheet.cell_xf_index(row, column)].font_index].bold)


def read_edition(path, year):
    """{code: (name, parent)} of one edition; parents by upper case, bold and plain, as the sheet nests them."""
    book = xlrd.open_workbook(str(path), formatting_info=True)
    sheet = book.sheet_by_name(f"Figures for {year}")
    areas, region, bold = {}, "", ""
    for row in range(4, sheet.nrows):
        if sheet.cell_type(row, 2) != xlrd.XL_CELL_NUMBER:
            continue
        code = str(sheet.cell_value(row, 0)).strip()
        name = " ".join(str(sheet.cell_value(row, 1)).replace("’", "'").split())
        if code == TOTAL:
            continue
        if not re.fullmatch(r"[A-Z]\d{8}", code):
            sys.exit(f"{path}, row {row + 1}: {code!r} is no GSS code")
        if name == name.upper() or code.startswith("J99"):
            parent = "K04000001" if code[:3] in ("E92", "W92") else "E92000001" if code[:3] == "E12" else ""
            region, bold = code, ""
        elif is_bold(book, sheet, row, 1):
            parent, bold = region, code
        else:
            parent = bold or region
        areas[code] = (proper_case(name), parent)
    return areas


def from_editions(folder):
    by_year = {}
    for year in EDITIONS:
        paths = sorted(folder.glob(f"*{year}*/*.xls"))
        if len(paths) != 1:
            sys.exit(f"expected one workbook of {year} under {folder}, found {len(paths)}")
        by_year[year] = read_edition(paths[0], year)
    areas = []
    for code in {code for edition in by_year.values() for code in edition}:
        years = [year for year in EDITIONS if code in by_year[year]]
        names = [by_year[year][code][0] for year in years if by_year[year][code][0] not in SPELLING_SLIPS]
        parents = {by_year[year][code][1] for year in years}
        if len(parents) != 1:
            sys.exit(f"{code}: parents differ between editions: {sorted(parents)}")
        renamed = any(code == entry[0] for entry in RENAMED)
        areas.append(
            Area(
                code,
                names[0] if renamed else names[-1],
                parents.pop(),
                OLDEST if years[0] < 2018 else MERGED,
                MERGED if years[-1] < 2018 else "",
            )
        )
    return areas


def close(areas, code, day):
    index = next(i for i, area in enumerate(areas) if area.code == code and not area.end)
    areas[index] = areas[index]._replace(end=day)
    return areas[index]


def apply_changes(areas):
    for code, name, day in RENAMED:
        areas.append(close(areas, code, day)._replace(name=name, start=day, end=""))
    for day, old, new in RECODED:
        if any(area.code == old for area in areas):
            areas.append(close(areas, old, day)._replace(code=new, start=day, end=""))
        else:
            index = next(i for i, area in enumerate(areas) if area.code == new)
            areas.append(areas[index]._replace(code=old, end=day))
            areas[index] = areas[index]._replace(start=day)
    for day, founded, abolished in REORGANISED:
        for code in abolished:
            close(areas, code, day)
        areas.extend(Area(code, name, parent, day, "") for code, name, parent in founded)
    return sorted(areas, key=lambda area: (area.code, area.start))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "name", "parent", "from", "to"])
    out.writerows(apply_changes(from_editions(pathlib.Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
