# SPDX-License-Identifier: Apache-2.0
"""The publisher's own editions of 2015, 2017, 2018 and 2019, served on loopback as the real page links to them."""
import collections
import csv
import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlrd
from support import sheets, sites, tidemill
from support.publisher import Publisher

pytestmark = pytest.mark.usefixtures("program", "real_folder")

YEARS = tuple(sites.REAL)
MONTHS = "january february march april may june july august september october november december".split()


@pytest.fixture(scope="module")
def held(real_folder):
    return sites.real_editions(real_folder)


@pytest.fixture(scope="module")
def cells(held):
    """{(code, period): Cell} of the four workbooks, read by xlrd."""
    return {key: cell for edition, file in held for key, cell in sheets.read_xls(file, edition.year).items()}


def run_over(folder, held, recipe=tidemill.RECIPE):
    site = sites.make_site(folder / "site", {edition: file for edition, file in held})
    with Publisher(site, "state-1") as publisher:
        result = tidemill.flow("run", folder / "store", publisher, recipe=recipe)
    return folder / "store", tidemill.report(tidemill.assert_done(result))


@pytest.fixture(scope="module")
def done(program, held, tmp_path_factory):
    return run_over(tmp_path_factory.mktemp("real"), held)


def test_every_area_and_month_is_there(done, cells):
    store, _ = done
    assert len(cells) == 18_816
    assert tidemill.deaths(store) == {key: cell.count for key, cell in cells.items()}


def test_every_cell_is_accounted_for(done, held):
    _, report = done
    by_edition = {entry["edition"]: entry for entry in report["editions"]}
    for edition, file in held:
        entry = by_edition[str(edition.year)]
        assert entry["cells"] == sheets.cells_with_content(file, edition.year)
        assert entry["unaccounted"] == 0
        assert entry["rows"] == len(sheets.read_xls(file, edition.year))
    assert by_edition["2018"]["cells"] == 5_440
    assert report["cells"]["unaccounted"] == 0
    assert report["cells"]["value"] == 18_816
    assert report["cells"]["code"] == report["cells"]["label"] == 397 * 2 + 387 * 2


def test_release_dates_are_read(done):
    _, report = done
    assert {entry["edition"]: entry["released"] for entry in report["editions"]} == {
        "2015": "2016-07-26", "2017": "2018-07-24", "2018": "2019-08-27", "2019": "2020-01-24",
    }  # fmt: skip


def test_sums_hold_and_known_slips_are_declared(done):
    _, report = done
    assert report["checks"]["failed"] == 0 and report["checks"]["passed"] > 2_000
    assert [finding for finding in report["findings"] if finding["severity"] in ("fail", "hold")] == []
    assert [finding for finding in report["findings"] if finding["slug"] == "exception-stale"] == []


def test_totals_equal_the_reference(done, real_folder):
    store, _ = done
    ours = {period: count for (code, period), count in tidemill.deaths(store).items() if code == tidemill.TOTAL}
    with open(real_folder / "reference" / "deaths_and_temps_england_wales.csv", encoding="utf-8") as file:
        reference = {row["date"][:7]: int(row["deaths"]) for row in csv.DictReader(file)}
    final = {period: count for period, count in ours.items() if period[:4] in ("2015", "2017", "2018")}
    assert len(final) == 36 and final == {period: reference[period] for period in final}
    with open(real_folder / "reference" / "national_total_vintages.csv", encoding="utf-8") as file:
        december = {
            f"{row['year']}-{int(row['month']):02d}": int(row["total_registrations_england_wales_and_elsewhere"])
            for row in csv.DictReader(file)
            if row["file"] == "publishedoutputdecember2019.xls" and row["year"] == "2019"
        }
    assert {period: count for period, count in ours.items() if period[:4] == "2019"} == december


def test_codes_and_labels_are_clean(done, cells):
    store, _ = done
    for row in tidemill.rows(store):
        assert row["geo_code"] == row["geo_code"].strip() and len(row["geo_code"]) in (9, 19)
        assert row["place_name"] == cells[row["geo_code"], row["period"]].name
        assert row["place_name"] == row["place_name"].strip() and not row["place_name"][-1].isdigit()


def test_lineage_leads_to_the_cell(done, held):
    store, report = done
    shas = {entry["sha256"]: entry["edition"] for entry in report["editions"]}
    books = {str(edition.year): xlrd.open_workbook(str(file)) for edition, file in held}
    for row in tidemill.rows(store)[::7]:
        sha, _, sheet = row["src"].partition(" ")
        value = books[shas[sha]].sheet_by_name(sheet).cell_value(row["src_row"] - 1, row["src_col"] - 1)
        assert value == row["deaths"]


def test_only_the_open_edition_is_provisional(done):
    store, _ = done
    status = collections.defaultdict(set)
    for row in tidemill.rows(store):
        status[row["year"]].add(row["deaths_status"])
    assert status == {2015: {None}, 2017: {None}, 2018: {None}, 2019: {"p"}}


def old_rows(path, year):
    """{(code, month): (name, count)} by the old system's rules: codes of nine characters, months by position."""
    sheet = xlrd.open_workbook(str(path)).sheet_by_name(f"Figures for {year}")
    found = {}
    for row in range(4, sheet.nrows):
        code = sheet.cell_value(row, 0)
        if isinstance(code, str) and len(code) == 9:
            for month in range(1, 13):
                found[code, month] = (sheet.cell_value(row, 1).lower(), sheet.cell_value(row, month + 1))
    return found


def plain_file(store):
    return pq.read_table(store / "deaths_data.parquet")


def test_plain_file_has_the_old_columns_and_types(done):
    table = plain_file(done[0])
    assert table.schema.names == ["geo_code", "place_name", "month", "deaths", "year", "datetime"]
    assert [str(field.type).removeprefix("large_") for field in table.schema] == [
        "string", "string", "string", "float", "int64", "timestamp[ns]",
    ]  # fmt: skip
    file = pq.ParquetFile(done[0] / "deaths_data.parquet")
    assert file.num_row_groups == 1 and file.metadata.row_group(0).column(0).compression == "SNAPPY"
    assert table.num_rows == 18_816


def test_plain_file_holds_what_the_old_one_held_and_what_it_lost(done, held):
    ours = {
        (row["year"], row["geo_code"], MONTHS.index(row["month"]) + 1): row
        for row in plain_file(done[0]).to_pylist()
    }
    lost = dict(ours)
    before = 0
    for edition, file in held:
        for (code, month), (name, count) in old_rows(file, edition.year).items():
            row = lost.pop((edition.year, code, month))
            assert row["deaths"] == count
            assert row["place_name"] == " ".join(name.split())
            before += 1
    assert before == 18_744
    assert collections.Counter(code for _, code, _ in lost) == {tidemill.TOTAL: 48, "E06000053": 24}


def test_plain_file_dates_are_last_business_days(done):
    dates = {(row["year"], row["month"], row["datetime"]) for row in plain_file(done[0]).to_pylist()}
    assert len(dates) == 48
    for year, month, when in dates:
        day = sheets.last_business_day(year, MONTHS.index(month) + 1)
        assert when == datetime.datetime.combine(day, datetime.time())
    assert (2017, "april", datetime.datetime(2017, 4, 28)) in dates


def test_plain_file_is_ordered_by_year_month_and_place_in_the_file(done, cells):
    keys = []
    for row in plain_file(done[0]).to_pylist():
        month = MONTHS.index(row["month"]) + 1
        keys.append((row["year"], month, cells[row["geo_code"], f"{row['year']}-{month:02d}"].row))
    assert keys == sorted(keys)


def test_plain_file_can_have_the_rows_as_before(program, held, tmp_path):
    text = tidemill.RECIPE.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("file") and "deaths_data.parquet" in line)
    recipe = tmp_path / "as-before.toml"
    recipe.write_text(text.replace(line, f'{line}\nrows = "as-before"'), encoding="utf-8")
    store, _ = run_over(tmp_path, held, recipe)
    table = plain_file(store)
    assert table.num_rows == 18_768
    assert tidemill.TOTAL not in table["geo_code"].to_pylist()
    assert table.schema.field("deaths").type == pa.float32()


def test_memory_stays_below_80_megabytes(program, held, tmp_path):
    site = sites.make_site(tmp_path / "site", {edition: file for edition, file in held})
    with Publisher(site, "state-1") as publisher:
        line = ["run", tidemill.RECIPE, "--store", tmp_path / "store", "--page", publisher.page, "--pause", "0"]
        result, kilobytes = tidemill.measured(*line, into=tmp_path / "memory")
    tidemill.assert_done(result)
    assert kilobytes < 80_000


def test_second_run_asks_only_whether_anything_changed(program, held, tmp_path):
    site = sites.make_site(tmp_path / "site", {edition: file for edition, file in held})
    with Publisher(site, "state-1") as publisher:
        tidemill.assert_done(tidemill.flow("run", tmp_path / "store", publisher))
        publisher.forget()
        again = tidemill.assert_done(tidemill.flow("run", tmp_path / "store", publisher))
        assert [entry["status"] for entry in publisher.requests] == [304] * 5
    assert tidemill.report(again)["outcome"] == "unchanged"
    assert tidemill.latest(tmp_path / "store") == 0


def test_page_with_all_editions_gives_those_that_can_be_had(program, held, real_folder, tmp_path, cells):
    site = sites.make_site(tmp_path / "site", {edition: file for edition, file in held})
    page = (real_folder / "landing-page" / "landing_reconstructed.html").read_text(encoding="utf-8")
    for edition, _ in held:
        name = {2019: "annual2019publishedoutputrefresh.xls"}.get(edition.year, edition.file)
        assert name in page
        page = page.replace(name, edition.file)
    (site / "state-1" / "page.html").write_text(page, encoding="utf-8")
    with Publisher(site, "state-1") as publisher:
        result = tidemill.flow("run", tmp_path / "store", publisher, "--min-year", "2015")
    assert result.returncode == tidemill.NOT_FOUND
    assert "2016" in tidemill.said(result)
    outcomes = {entry["edition"]: entry["outcome"] for entry in tidemill.report(result)["editions"]}
    assert outcomes == {
        str(year): "new" if year in YEARS else "missing" for year in range(2015, 2025)
    }
    # 2019 is provisional, which the reconstructed page calls final: its figures are the same.
    assert tidemill.deaths(tmp_path / "store") == {key: cell.count for key, cell in cells.items()}
