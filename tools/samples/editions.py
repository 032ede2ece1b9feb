# SPDX-License-Identifier: Apache-2.0
"""Which editions the sample site holds, and what is special about each."""
from dataclasses import dataclass, field
from typing import NamedTuple, Optional


class Edition(NamedTuple):
    year: int
    file: str  # the name in the address; as with the real publisher it follows no rule
    final: bool
    geography: str  # the day whose areas it shows: that of its release
    months: int  # published ones
    released: str


@dataclass
class Spoil:
    """Faults for tests: what a workbook has instead of what it should."""

    counts: dict = field(default_factory=dict)  # {(code, month): difference}, put in after the sums were made
    texts: dict = field(default_factory=dict)  # {(code, month): text in place of the number}
    leave_out: tuple = ()  # codes whose rows are missing
    sheet: Optional[str] = None  # another name for the sheet of figures
    month_texts: dict = field(default_factory=dict)  # {month: header text}


EDITIONS = (
    Edition(2017, "sampleannual2017final.xls", True, "2018-02-01", 12, "24 July 2018"),
    Edition(2018, "samplepublished2018.xls", True, "2019-05-01", 12, "27 August 2019"),
    Edition(2019, "sampleoutputdecember2019.xls", False, "2019-11-01", 12, "24 January 2020"),
    Edition(2020, "sampleoutputseptember2020new.xls", False, "2020-04-01", 9, "20 October 2020"),
    Edition(2021, "samplemonthlyfinalised2021.xlsx", True, "2021-04-01", 12, "28 July 2022"),
)
# The part-year edition: the same address twice, the second time with three more months and one count revised.
PART_YEAR = (
    Edition(2022, "samplemonthly2022.xlsx", False, "2021-04-01", 6, "21 July 2022"),
    Edition(2022, "samplemonthly2022.xlsx", False, "2021-04-01", 9, "20 October 2022"),
)
REVISED_LATER = {("E07000105", 6): 2}  # Ashford, June 2022

# The published edition of 2018 has totals that are above the sum of their parts; the sample has them too.
TOTAL_OFF = {2018: {1: 18, 2: 3}}
