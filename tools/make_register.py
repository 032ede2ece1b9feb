#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes recipes/registers/gss.csv: the areas of England and Wales, when they are valid, and under what names and codes.

    tools/make_register.py FOLDER > recipes/registers/gss.csv

FOLDER holds the publisher's editions of 2006, 2008, 2009 (old codes, Welsh names, former districts) and of 2015, 2017,
2018, 2019 (GSS codes), each as `*YEAR*/*.xls`; name and, by nesting, parent of every area come from them. What changed
between and after them stands in register/changes.py. Needs xlrd (tools/requirements.txt).

`to` is exclusive. `also` holds further names, joined by '|'; `successors` codes, joined by blanks. Areas that were
abolished before there were GSS codes keep their old code: `ons-snac:20UB`.
"""
import csv
import pathlib
import sys

from register import build, editions


def read_all(folder):
    by_year = {}
    for year in (*build.OLD_CODES, *build.GSS_CODES):
        paths = sorted(folder.glob(f"*{year}*/*.xls"))
        if len(paths) != 1:
            sys.exit(f"expected one workbook of {year} under {folder}, found {len(paths)}")
        by_year[year] = editions.read(paths[0], year)
    return by_year


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "name", "name_cy", "also", "entity", "parent", "from", "to", "successors", "snac"])
    for area in build.build(read_all(pathlib.Path(sys.argv[1]))):
        out.writerow([*area[:3], "|".join(area.also), *area[4:8], " ".join(area.successors), area.snac])


if __name__ == "__main__":
    main()
