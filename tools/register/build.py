# SPDX-License-Identifier: Apache-2.0
"""The register out of the editions and the changes."""
import sys
from typing import NamedTuple

from . import changes, editions
from .editions import name_key

OLD_CODES = (2006, 2008, 2009)
GSS_CODES = (2015, 2017, 2018, 2019)
FORMER = "ons-snac:"  # what was abolished before there were GSS codes keeps its old code under this name


class Area(NamedTuple):
    code: str
    name: str
    name_cy: str
    also: tuple
    entity: str
    parent: str
    start: str
    end: str
    successors: tuple
    snac: str


def parent_of(row, rows, code):
    """England and Wales is the parent of both countries, England that of its regions; below, the sheet's nesting."""
    if code.startswith(("E92", "W92")):
        return "K04000001"
    if code.startswith("E12"):
        return "E92000001"
    return rows[row.parent].code if row.parent >= 0 and row.level != editions.UPPER else ""


def newest_names(code, by_year):
    """The names of the editions with GSS codes, the newest first, without slips and repetitions."""
    names = [row.name for year in reversed(GSS_CODES) for row in by_year[year] if row.code == code]
    return list(dict.fromkeys(name for name in names if name not in changes.SLIPS))


def other_names(names, name_cy=""):
    """Names that are not the first in other clothes."""
    seen, others = {name_key(names[0]), name_key(name_cy)}, []
    for name in names[1:]:
        plain = name.removesuffix(" UA")
        if name_key(plain) not in seen:
            seen.add(name_key(plain))
            others.append(plain)
    return tuple(others)


def from_gss_editions(by_year):
    """Areas as the editions with GSS codes show them."""
    areas = {}
    for year in GSS_CODES:
        for row in by_year[year]:
            if row.code == editions.TOTAL:
                continue
            if len(row.code) != 9:
                sys.exit(f"edition of {year}: {row.code!r} is no GSS code")
            parent = parent_of(row, by_year[year], row.code)
            if row.code in areas and areas[row.code].parent != parent:
                sys.exit(f"{row.code}: parents differ between editions: {areas[row.code].parent}, {parent}")
            names = newest_names(row.code, by_year)
            also = (*other_names(names), *changes.ALSO.get(row.code, ()))
            areas[row.code] = Area(row.code, names[0], "", also, row.code[:3], parent, changes.FIRST_DAY, "", (), "")
    return areas


def close(areas, code, day, successors):
    index = next(i for i, area in enumerate(areas) if area.code == code and not area.end)
    areas[index] = areas[index]._replace(end=day, successors=(*areas[index].successors, *successors))
    return areas[index]


def rename(areas):
    for code, name, day in changes.RENAMED:
        old = next(area for area in areas if area.code == code)
        before = next(other for other in old.also)
        areas.remove(old)
        areas.append(old._replace(name=before, also=(), end=day))
        areas.append(old._replace(name=name, also=(), start=day))


def recode(areas):
    for day, old, new in changes.RECODED:
        if any(area.code == old for area in areas):
            closed = close(areas, old, day, [new])
            areas.append(
                closed._replace(code=new, start=day, end="", successors=(), also=tuple(changes.ALSO.get(new, ())))
            )
        else:
            index = next(i for i, area in enumerate(areas) if area.code == new)
            areas.append(areas[index]._replace(code=old, end=day, successors=(new,)))
            areas[index] = areas[index]._replace(start=day)


def merge(areas):
    known = {area.code for area in areas}
    for merger in changes.MERGERS:
        for code in merger.merged:
            again = next((i for i, area in enumerate(areas) if area.code == code and area.end == merger.day), None)
            if again is None:
                close(areas, code, merger.day, [merger.code])
            else:
                areas[again] = areas[again]._replace(successors=(*areas[again].successors, merger.code))
        if merger.code in known:
            index = next(i for i, area in enumerate(areas) if area.code == merger.code)
            found = areas[index]
            if (found.name, found.parent) != (merger.name, merger.parent):
                sys.exit(f"{merger.code}: the editions call it {found.name} in {found.parent}")
            areas[index] = found._replace(start=merger.day)
        else:
            areas.append(
                Area(merger.code, merger.name, "", (), merger.code[:3], merger.parent, merger.day, "", (), "")
            )


class OldCodes:
    """Joins the areas of the old codes to those that live on, by name and level; the others are former ones."""

    def __init__(self, by_year, areas):
        self.by_year, self.areas = by_year, areas
        self.codes = {}  # old code → code in the register
        self.named = {}
        for area in areas:
            if area.start <= changes.UNITARIES_OF_2009 and (not area.end or area.end > changes.UNITARIES_OF_2009):
                for name in (area.name, *area.also):
                    self.named.setdefault((name_key(name).removeprefix("the "), self.level(area)), []).append(area)

    @staticmethod
    def level(area):
        if area.entity in ("K04", "E92", "W92", "E12", "J99"):
            return editions.UPPER
        return editions.BOLD if area.entity in ("E06", "E10", "E11", "E13") else editions.PLAIN

    def find(self, row):
        found = self.named.get((name_key(row.name).removeprefix("the "), row.level), [])
        if len(found) > 1:
            sys.exit(f"{row.name}: {', '.join(area.code for area in found)}")
        return found[0] if found else None

    def join(self):
        """Old code, Welsh name and other names of what lives on."""
        newest = {row.code for row in self.by_year[2009] if row.code and not row.former}
        before = {row.code for year in (2006, 2008) for row in self.by_year[year]}
        for year in OLD_CODES:
            for row in self.by_year[year]:
                if row.code not in newest or row.former:
                    continue
                area = self.find(row)
                if area is None:
                    sys.exit(f"edition of {year}: no area of the later editions is called {row.name!r}")
                index = self.areas.index(self.area_of(area.code))
                found = self.areas[index]
                name_cy = row.welsh or found.name_cy
                self.areas[index] = found._replace(
                    snac=row.code,
                    name_cy=name_cy,
                    also=(*found.also, *other_names([found.name, *found.also, row.name], name_cy)[len(found.also):]),
                    start=found.start if row.code in before else changes.UNITARIES_OF_2009,
                )
                self.codes[row.code] = area.code

    def area_of(self, code):
        return next(
            area for area in self.areas
            if area.code == code and (not area.end or area.end > changes.UNITARIES_OF_2009)
        )  # fmt: skip

    def successors(self):
        """{old code of a former district: the areas that it became}, as the edition of 2009 lists them."""
        rows = self.by_year[2009]
        found = {row.code: {self.codes[rows[row.parent].code]} for row in rows if row.former}
        scilly = next(row.code for row in self.by_year[2008] if row.name == "Isles of Scilly")
        found[scilly] = {next(area.code for area in self.areas if area.name == "Isles of Scilly")}
        return found

    def add_former(self):
        successors = self.successors()
        rows = self.by_year[2008]
        for row in rows:
            parent = rows[row.parent].code if row.parent >= 0 else ""
            if row.code and row.code not in self.codes:
                became = successors.get(row.code)
                if became is None:  # a county: what its districts became
                    children = [r.code for r in rows if r.parent >= 0 and rows[r.parent].code == row.code]
                    became = set().union(*(successors[code] for code in children))
                self.areas.append(
                    Area(
                        FORMER + row.code, row.name, "", (), "E10" if row.level == editions.BOLD else "E07",
                        self.codes.get(parent, FORMER + parent), changes.FIRST_DAY, changes.UNITARIES_OF_2009,
                        tuple(sorted(became)), row.code,
                    )
                )  # fmt: skip

    def check_parents(self):
        for year in OLD_CODES:
            rows = self.by_year[year]
            for row in rows:
                code = self.codes.get(row.code)
                if code is None or row.level == editions.UPPER:
                    continue
                parent = self.codes.get(rows[row.parent].code)
                if parent != self.area_of(code).parent:
                    sys.exit(f"edition of {year}: {row.name!r} lies in {parent}, later in {self.area_of(code).parent}")


def build(by_year):
    areas = list(from_gss_editions(by_year).values())
    rename(areas)
    recode(areas)
    merge(areas)
    old = OldCodes(by_year, areas)
    old.join()
    old.check_parents()
    old.add_former()
    return sorted(areas, key=lambda area: (area.code, area.start))
