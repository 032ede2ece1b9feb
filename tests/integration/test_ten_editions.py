# SPDX-License-Identifier: Apache-2.0
"""All ten editions at hand, 2006 to 2019, in one dataset by one recipe: old codes, names alone, GSS codes."""
import collections
import csv
import datetime

import deltalake
import pyarrow.parquet as pq
import pytest
from support import sheets, sites, tidemill
from support.publisher import Publisher

pytestmark = pytest.mark.usefixtures("program", "real_folder")

REGISTER = tidemill.ROOT / "recipes" / "registers" / "gss.csv"
OBSERVATIONS = 49_128
# Areas that were abolished in 2009: seven counties and 38 districts; their districts are listed until 2011.
KEPT = {2006: 45, 2008: 45, 2009: 37, 2011: 37}


@pytest.fixture(scope="module")
def held(real_folder):
    return sites.real_editions(real_folder, sites.OLD | sites.REAL)


@pytest.fixture(scope="module")
def old(held):
    return {edition.year: sheets.read_old_xls(file, edition.year) for edition, file in held if edition.year in sites.OLD}


@pytest.fixture(scope="module")
def done(program, held, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ten")
    with Publisher(sites.make_site(folder / "site", dict(held)), "state-1") as publisher:
        result = tidemill.flow("run", folder / "store", publisher)
    return folder / "store", tidemill.report(tidemill.assert_done(result))


@pytest.fixture(scope="module")
def by_edition(done):
    rows = collections.defaultdict(list)
    for row in deltalake.DeltaTable(done[0] / tidemill.TABLE).to_pyarrow_table().to_pylist():
        rows[int(row["edition"])].append(row)
    return rows


def repeats(rows):
    """The rows of the sheet that say again what stood above: Wales, 2012 to 2014."""
    return [row for row in rows if row.name == "WALES"][1:]


def test_all_areas_and_months_are_in_one_table(by_edition):
    assert sum(map(len, by_edition.values())) == OBSERVATIONS
    assert {year: len(rows) // 12 for year, rows in by_edition.items()} == {
        2006: 432, 2008: 432, 2009: 434, 2011: 434, 2012: 397, 2014: 397, 2015: 397, 2017: 397, 2018: 387, 2019: 387,
    }  # fmt: skip


def test_every_cell_is_accounted_for(done, held):
    _, report = done
    entries = {int(entry["edition"]): entry for entry in report["editions"]}
    for edition, file in held:
        assert entries[edition.year]["cells"] == sheets.cells_with_content(file, edition.year)
        assert entries[edition.year]["unaccounted"] == 0
    assert report["cells"]["value"] + report["cells"]["marker"] == OBSERVATIONS
    assert report["cells"]["marker"] == 6


def test_every_sum_holds(done):
    _, report = done
    assert report["checks"]["failed"] == 0 and report["checks"]["passed"] > 6_000
    assert [finding for finding in report["findings"] if finding["severity"] in ("fail", "hold")] == []


@pytest.mark.parametrize("year", sites.OLD)
def test_each_count_of_an_old_sheet_is_there_with_its_cell(by_edition, old, year):
    again = {row.row for row in repeats(old[year])}
    expected = {
        (row.row, row.first_column + month): (row.name, f"{year}-{month + 1:02d}", count)
        for row in old[year] if row.row not in again
        for month, count in enumerate(row.counts)
    }  # fmt: skip
    found = {
        (row["src_row"], row["src_col"]): (row["place_name"], row["period"], row["deaths"]) for row in by_edition[year]
    }
    if year < 2009:  # names in two languages: the English half
        expected = {at: (name.split(" / ")[0], *rest) for at, (name, *rest) in expected.items()}
    assert found == expected


@pytest.mark.parametrize(("year", "total"), [(2006, 2_870_211), (2012, 2_850_060), (2018, 3_050_567), (2019, 2_991_539)])
def test_bodies_sum_to_what_is_known(by_edition, old, year, total):
    again = sum(sum(row.counts) for row in repeats(old.get(year, [])))
    assert sum(row["deaths"] for row in by_edition[year]) + again == total


def test_totals_equal_the_reference(by_edition, real_folder):
    with open(real_folder / "reference" / "deaths_and_temps_england_wales.csv", encoding="utf-8") as file:
        reference = {row["date"][:7]: int(row["deaths"]) for row in csv.DictReader(file)}
    months = 0
    for year, rows in by_edition.items():
        for row in rows:
            if row["geo_code"] == tidemill.TOTAL and year < 2019:
                assert row["deaths"] == reference[row["period"]], row["period"]
                months += 1
    assert months == 9 * 12


def test_old_codes_are_those_of_the_register(by_edition, old):
    with open(REGISTER, encoding="utf-8", newline="") as file:
        gss = {row["snac"]: row["code"] for row in csv.DictReader(file) if row["snac"]}
    for year in (2006, 2008, 2009):
        published = {row.row: row.code for row in old[year]}
        for row in by_edition[year]:
            if code := published[row["src_row"]]:
                assert row["geo_code"] == gss[code.zfill(2) if code.isdigit() else code]


def test_names_lead_to_the_codes_that_were_published_a_year_later(by_edition):
    def plain(name):
        return name.removesuffix(" UA").replace(",", "").replace("The Vale", "Vale")

    later = {(plain(row["place_name"]), row["geo_type"]): row["geo_code"] for row in by_edition[2015]}
    found = {(plain(row["place_name"]), row["geo_type"]): row["geo_code"] for row in by_edition[2014]}
    assert found == later


def test_areas_without_a_gss_code_keep_their_old_code_or_name(by_edition):
    for year, rows in by_edition.items():
        kept = {row["geo_code"] for row in rows if ":" in row["geo_code"]}
        assert len(kept) == KEPT.get(year, 0), year
        assert all(code.startswith("name:" if year == 2011 else "ons-snac:") for code in kept)
    bedford = {row["geo_code"]: row["place_name"] for row in by_edition[2011] if "edford" in row["place_name"]}
    assert bedford == {
        "E06000055": "Bedford UA", "name:bedford": "Bedford",
        "E06000056": "Central Bedfordshire UA",
        "name:mid-bedfordshire": "Mid Bedfordshire", "name:south-bedfordshire": "South Bedfordshire",
    }  # fmt: skip


def test_the_vintage_of_the_areas_is_recorded(by_edition):
    vintages = {year: {row["geo_vintage"] for row in rows} for year, rows in by_edition.items()}
    day = datetime.date.fromisoformat
    assert vintages == {
        2006: {day("2006-01-01")}, 2008: {day("2006-01-01")},
        2009: {day("2009-04-01")}, 2011: {day("2009-04-01")}, 2012: {day("2009-04-01")},
        2014: {day("2013-04-01")}, 2015: {day("2013-04-01")}, 2017: {day("2013-04-01")},
        2018: {day("2019-04-01")}, 2019: {day("2019-04-01")},
    }  # fmt: skip


def test_plain_file_has_all_rows(done, by_edition):
    table = pq.read_table(done[0] / "deaths_data.parquet")
    assert table.num_rows == OBSERVATIONS
    first = table.slice(0, 1).to_pylist()[0]
    assert first["geo_code"] == tidemill.TOTAL and first["place_name"] == "total registrations"
    assert (first["year"], first["month"], first["deaths"]) == (2006, "january", 49_124.0)


def test_notes_are_written_with_the_cells_they_touch(done):
    store, _ = done
    (path,) = (store / tidemill.TABLE / "_notes").glob("*.parquet")
    notes = {
        (row["edition"], row["note"]): row
        for row in pq.read_table(path).to_pylist() if row["sheet"].startswith("Figures")
    }  # fmt: skip
    assert notes["2009", "2"]["text"].startswith("County Durham UA comprises the former districts of Chester-le-Street")
    assert notes["2009", "2"]["touches"] == "C13"
    assert notes["2009", "1"]["touches"] == "A3"  # "Area Codes 1"
    assert notes["2012", "1"]["touches"] == "A2"  # in the middle of the title
    assert notes["2019", "3"]["touches"].split() == [f"{column}4" for column in "CDEFGHIJKLMN"]
