# SPDX-License-Identifier: Apache-2.0
"""What changed between the editions and after them: recodes, mergers, new names. Codes are those of the Office for
National Statistics."""
from typing import NamedTuple

FIRST_DAY = "2006-01-01"  # of the oldest edition: the oldest state that the register knows, not the birthday of an area
UNITARIES_OF_2009 = "2009-04-01"  # nine counties' worth of districts became unitary authorities

# Spelling slips of single editions: no name of an area.
SLIPS = {"Stevege", "Blaeu Gwent"}

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

# Other names that a code goes by. Look-ups disagree which of the two codes of 2025 is whose.
ALSO = {"E08000038": ["Sheffield"], "E08000039": ["Barnsley"], "J99000001": ["Non-residents of E&W"]}


class Merger(NamedTuple):
    """Areas that became one on a day; an old county may have several successors."""

    day: str
    code: str
    name: str
    parent: str
    merged: list


def span(first, last):
    return [f"{first[:3]}{number:06d}" for number in range(int(first[3:]), int(last[3:]) + 1)]


MERGERS = [
    Merger("2019-04-01", "E06000058", "Bournemouth, Christchurch and Poole", "E12000009",
           ["E06000028", "E06000029", "E07000048", "E10000009"]),
    Merger("2019-04-01", "E06000059", "Dorset", "E12000009", [*span("E07000049", "E07000053"), "E10000009"]),
    Merger("2019-04-01", "E07000244", "East Suffolk", "E10000029", ["E07000205", "E07000206"]),
    Merger("2019-04-01", "E07000245", "West Suffolk", "E10000029", ["E07000201", "E07000204"]),
    Merger("2019-04-01", "E07000246", "Somerset West and Taunton", "E10000027", ["E07000190", "E07000191"]),
    Merger("2020-04-01", "E06000060", "Buckinghamshire", "E12000008",
           [*span("E07000004", "E07000007"), "E10000002"]),
    Merger("2021-04-01", "E06000061", "North Northamptonshire", "E12000004",
           ["E07000150", "E07000152", "E07000153", "E07000156", "E10000021"]),
    Merger("2021-04-01", "E06000062", "West Northamptonshire", "E12000004",
           ["E07000151", "E07000154", "E07000155", "E10000021"]),
    Merger("2023-04-01", "E06000063", "Cumberland", "E12000002", ["E07000026", "E07000028", "E07000029", "E10000006"]),
    Merger("2023-04-01", "E06000064", "Westmorland and Furness", "E12000002",
           ["E07000027", "E07000030", "E07000031", "E10000006"]),
    Merger("2023-04-01", "E06000065", "North Yorkshire", "E12000003", [*span("E07000163", "E07000169"), "E10000023"]),
    Merger("2023-04-01", "E06000066", "Somerset", "E12000009",
           [*span("E07000187", "E07000189"), "E07000246", "E10000027"]),
]  # fmt: skip
