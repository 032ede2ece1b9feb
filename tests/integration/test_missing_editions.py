# SPDX-License-Identifier: Apache-2.0
"""Editions of 2006 to 2020 that are not at hand: their neighbours' layouts under their own year, drifted as layouts drift.
The same recipe binds each, every count keeps its value, and every cell is accounted for."""
import collections

import pytest
from support import copies, sites, tidemill
from support.copies import Drift
from support.publisher import Publisher

pytestmark = pytest.mark.usefixtures("program", "real_folder")

# The year, the edition whose layout it is given, and what is otherwise than there.
CASES = {
    "2007 as 2006": (2007, 2006, Drift()),
    "2007 as 2008": (2007, 2008, Drift(rows_above=2)),
    "2010 as 2009": (2010, 2009, Drift(blank_rows=(3, 20, 21))),
    "2013 as 2012": (2013, 2012, Drift(sheet="Figures for {year} revised")),
    "2013 as 2014": (2013, 2014, Drift(columns_before=1)),
    "2016 as 2015": (2016, 2015, Drift(reversed_sheets=True)),
    "2016 as 2017": (2016, 2017, Drift(rows_above=1, blank_rows=(100, 300))),
    "2020 as 2019": (2020, 2019, Drift()),
    "2020 as 2019, to September": (2020, 2019, Drift(months=9, month_names={"Sep": "Sept"})),
}


def edition(year, final):
    return sites.Edition(year, f"publishedoutput{year}.xls", final, "", 12, "")


def published(real_folder, year):
    (held,) = sites.real_editions(real_folder, {year: (sites.OLD | sites.REAL)[year]})
    return held


def run(folder, editions):
    """The report of a run over these editions, and {period: {value: how often}}."""
    with Publisher(sites.make_site(folder / "site", editions), "state-1") as publisher:
        result = tidemill.flow("run", folder / "store", publisher)
    report = tidemill.report(tidemill.assert_done(result))
    counts = collections.defaultdict(collections.Counter)
    for (_, period), count in tidemill.deaths(folder / "store").items():
        counts[period][count] += 1
    return report, counts


@pytest.mark.parametrize(("year", "of", "drift"), CASES.values(), ids=CASES)
def test_an_edition_not_at_hand_binds(real_folder, tmp_path, year, of, drift):
    held = published(real_folder, of)
    copy = copies.as_year(held.file, of, year, drift)
    _, wanted = run(tmp_path / "original", {edition(of, held.edition.final): held.file})
    report, found = run(tmp_path / "copy", {edition(year, held.edition.final): copy})
    (read,) = report["editions"]
    assert (read["unaccounted"], read["outcome"]) == (0, "new")
    assert found == {
        period.replace(str(of), str(year)): counts
        for period, counts in wanted.items()
        if int(period[5:]) <= drift.months
    }
