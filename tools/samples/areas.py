# SPDX-License-Identifier: Apache-2.0
"""The areas of a day, nested and ordered as the publisher's sheets show them."""
import csv
import pathlib
from typing import NamedTuple

REGISTER = pathlib.Path(__file__).resolve().parents[2] / "recipes" / "registers" / "gss.csv"

ENGLAND_AND_WALES = "K04000001"
NON_RESIDENTS = "J99000001"
TOTAL = "K04000001, J99000001"  # as the sheets write it: one area, two codes
TOTAL_NAME = "England, Wales and elsewhere"

UPPER, BOLD, PLAIN = 0, 1, 2  # how the .xls sheets show levels

GEOGRAPHY_BY_ENTITY = {
    "K04": "Country",
    "E92": "Country",
    "W92": "Country",
    "E12": "Region",
    "E06": "Unitary Authority",
    "E07": "Non-metropolitan District",
    "E08": "Metropolitan District",
    "E09": "London Borough",
    "E10": "County",
    "E11": "Metropolitan County",
    "E13": "London Area",
    "W06": "Unitary Authority",
    "J99": "Non-residents",
}


class Area(NamedTuple):
    code: str
    name: str
    level: int
    children: tuple  # codes; the total and the top levels are summed by figures.py
    geography: str


def valid_on(day, register=REGISTER):
    """{code: (name, parent)} of the areas that are valid on an ISO day."""
    with open(register, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: (row["name"], row["parent"])
        for row in rows
        if row["from"] <= day and (not row["to"] or day < row["to"])
    }


def _welsh_order(code):
    # Wales is listed from north to south: by the codes as they were before Powys and Merthyr Tydfil got new ones.
    return {"W06000023": "W06000007", "W06000024": "W06000017"}.get(code, code)


def rows_of(day):
    """The rows of a sheet, in order: total, England and Wales, England, its regions …, Wales, non-residents."""
    areas = valid_on(day)
    children = {code: [] for code in areas}
    for code, (_, parent) in areas.items():
        if parent:
            children[parent].append(code)

    def row(code, level):
        return Area(code, areas[code][0], level, tuple(sorted(children[code])), GEOGRAPHY_BY_ENTITY[code[:3]])

    def by_name(codes):
        return sorted(codes, key=lambda code: areas[code][0])

    rows = [
        Area(TOTAL, TOTAL_NAME, UPPER, (), "Country"),
        row(ENGLAND_AND_WALES, UPPER),
        row("E92000001", UPPER),
    ]
    for region in sorted(children["E92000001"]):
        rows.append(row(region, UPPER))
        single = [code for code in children[region] if not children[code]]
        groups = [code for code in children[region] if children[code]]
        rows.extend(row(code, BOLD) for code in by_name(single))
        for group in by_name(groups):
            rows.append(row(group, BOLD))
            rows.extend(row(code, PLAIN) for code in by_name(children[group]))
    rows.append(row("W92000004", UPPER))
    rows.extend(row(code, PLAIN) for code in sorted(children["W92000004"], key=_welsh_order))
    rows.append(row(NON_RESIDENTS, UPPER))
    return rows
