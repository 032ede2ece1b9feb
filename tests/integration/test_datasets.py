# SPDX-License-Identifier: Apache-2.0
"""tidemill dataset ls, show, diff, lineage, verify: what they say of a store, and what they say when it is damaged."""
import csv
import io
import json
import pathlib
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import sheets, sites, tidemill
from support.tidemill import TABLE, assert_done, deaths, flow, latest

pytestmark = pytest.mark.usefixtures("program")


def dataset(word, store, *arguments, code=0):
    result = tidemill.tidemill("dataset", word, *arguments, "--store", store)
    assert result.returncode == code, tidemill.said(result)
    return result


def told(word, store, *arguments, code=0):
    return tidemill.from_json(dataset(word, store, *arguments, "--json", code=code).stdout)


@pytest.fixture(scope="module")
def two_versions(program, tmp_path_factory):
    """A store with both states of the samples' page as versions. Not to be changed."""
    from support.publisher import Publisher

    folder = tmp_path_factory.mktemp("two") / "store"
    with Publisher(sites.SAMPLES, "state-1") as running:
        assert_done(flow("run", folder, running))
        running.switch("state-2")
        assert_done(flow("run", folder, running))
    return folder


@pytest.fixture
def copied(two_versions, tmp_path):
    """The same, to be changed."""
    shutil.copytree(two_versions, tmp_path / "copy")
    return tmp_path / "copy"


def key_of(row):
    return row["key"]["geo_code"], row["key"]["period"]


def test_ls_tells_each_dataset(two_versions):
    (table,) = told("ls", two_versions)["tables"]
    assert (table["table"], table["version"], table["rows"]) == (TABLE, 1, len(deaths(two_versions)))
    assert table["released"] == max(commit["released"] for commit in
                                    tidemill.commit_info(two_versions, 1)["tidemill"]["sources"] if commit["released"])
    assert TABLE in dataset("ls", two_versions).stdout


def test_ls_of_nothing(tmp_path):
    assert told("ls", tmp_path / "none") == {"tables": []}
    assert "holds no datasets" in tidemill.said(dataset("ls", tmp_path / "none", code=tidemill.NOT_FOUND))


def test_show_tells_columns_versions_sources_and_checks(two_versions):
    story = told("show", two_versions, TABLE)
    assert story["key"] == ["geo_code", "period"]
    assert {column["name"]: column["role"] for column in story["columns"]}["deaths"] == "measure"
    assert [version["version"] for version in story["versions"]] == [1, 0]
    info = tidemill.commit_info(two_versions, 1)["tidemill"]
    assert {source["sha256"] for source in story["sources"]} == {source["sha256"] for source in info["sources"]}
    assert story["checks"]["failed"] == 0 and story["checks"]["passed"] > 0
    first = told("show", two_versions, TABLE, "--version", 0)
    assert first["version"] == 0 and first["added"] == first["rows"]


def test_diff_is_what_the_two_versions_differ_by(two_versions):
    before, after = deaths(two_versions, 0), deaths(two_versions, 1)
    diff = told("diff", two_versions, TABLE, 0, 1)
    assert diff == told("diff", two_versions, TABLE)
    changes = {change: {key_of(row): row for row in diff["rows"] if row["change"] == change}
               for change in ("added", "revised", "removed")}
    assert {key: row["after"]["deaths"] for key, row in changes["added"].items()} == {
        key: count for key, count in after.items() if key not in before}
    assert {key: (row["before"]["deaths"], row["after"]["deaths"]) for key, row in changes["revised"].items()} == {
        key: (count, after[key]) for key, count in before.items() if key in after and after[key] != count}
    assert changes["removed"] == {} and changes["added"] and changes["revised"]
    assert [diff[name] for name in ("added", "revised", "removed")] == [len(rows) for rows in changes.values()]


def test_diff_backwards_takes_away_what_was_added(two_versions):
    forth, back = told("diff", two_versions, TABLE, 0, 1), told("diff", two_versions, TABLE, 1, 0)
    assert (back["removed"], back["revised"], back["added"]) == (forth["added"], forth["revised"], 0)
    assert told("diff", two_versions, TABLE, 1, 1)["rows"] == []


def test_diff_as_csv_has_the_same_rows(two_versions):
    rows = list(csv.DictReader(io.StringIO(dataset("diff", two_versions, TABLE, 0, 1, "--csv").stdout)))
    told_rows = told("diff", two_versions, TABLE, 0, 1)["rows"]
    assert len(rows) == len(told_rows)
    for row, other in zip(rows, told_rows):
        assert (row["change"], row["geo_code"], row["period"]) == (other["change"], *key_of(other))
        assert row["deaths"] == str(other["after"]["deaths"])
        assert row["deaths_old"] == str(other.get("before", {}).get("deaths", ""))


def test_lineage_leads_to_the_cell(two_versions):
    cells = sheets.read(next(held for held in sites.sample_editions("state-2") if held.edition.year == 2022).file, 2022)
    diff = told("diff", two_versions, TABLE)
    code, period = next(key_of(row) for row in diff["rows"] if row["change"] == "revised")
    (row,) = told("lineage", two_versions, TABLE, f"geo_code={code}", f"period={period}")["rows"]
    cell = cells[code, period]
    assert row["raw"] == str(cell.count) == row["row"]["deaths"]
    assert row["sheet"] == cell.sheet
    assert pathlib.Path(row["url"]).name == "samplemonthly2022.xlsx"
    assert [past["version"] for past in row["history"]] == [1, 0]
    assert [int(past["values"]["deaths"]) for past in row["history"]] == [
        deaths(two_versions, 1)[code, period], deaths(two_versions, 0)[code, period]]


def test_lineage_of_nothing_names_what_no_row_has(two_versions):
    result = dataset("lineage", two_versions, TABLE, "geo_code=E99", "period=2022-01", code=tidemill.NOT_FOUND)
    assert "no row has geo_code 'E99'" in tidemill.said(result)
    result = dataset("lineage", two_versions, TABLE, "geo_cod=E99", code=tidemill.NOT_FOUND)
    assert "did you mean 'geo_code'" in tidemill.said(result)
    result = dataset("lineage", two_versions, TABLE, "period=2022-01", code=tidemill.TOO_LARGE)
    assert "geo_code, period" in tidemill.said(result)
    assert "COLUMN=VALUE" in tidemill.said(dataset("lineage", two_versions, TABLE, "E99", code=2))


@pytest.mark.parametrize("version", [0, 1])
def test_verify_proves_each_version(two_versions, version):
    report = told("verify", two_versions, TABLE, "--version", version)
    assert report["proven"] and report["problems"] == [] and report["differing"] == 0
    rows = tidemill.rows(two_versions, version)
    assert report["rows"] == len(rows)
    assert report["cells"] == len(rows) * len(rows[0])
    assert report["accounting"]["unaccounted"] == 0
    assert "proven" in dataset("verify", two_versions, TABLE).stdout


def spoil(store, change):
    """Writes the newest version's Parquet file anew, with its rows changed."""
    name = told("show", store, TABLE)["table"]
    (path,) = [path for path in (store / name).glob("*.parquet") if path.name in live_files(store)]
    table = pq.read_table(path)
    pq.write_table(change(table), path)


def live_files(store):
    live = set()
    for path in tidemill.log_files(store):
        for line in path.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "add" in action:
                live.add(action["add"]["path"])
            elif "remove" in action:
                live.discard(action["remove"]["path"])
    return live


def with_one_count_more(table):
    at = table.schema.get_field_index("deaths")
    counts = table.column("deaths").to_pylist()
    counts[100] += 1
    return table.set_column(at, table.schema.field(at), pa.array(counts, table.schema.field(at).type))


def test_verify_finds_one_changed_count_and_its_cell(copied):
    spoilt = tidemill.rows(copied)[100]
    spoil(copied, with_one_count_more)
    report = told("verify", copied, TABLE, code=tidemill.CHECK_FAILED)
    assert not report["proven"] and report["differing"] == 1
    (place,) = report["places"]
    assert place["key"] == f"{spoilt['geo_code']} {spoilt['period']}" and place["column"] == "deaths"
    assert (place["published"], place["read"]) == (str(spoilt["deaths"] + 1), str(spoilt["deaths"]))
    assert place["edition"] == spoilt["edition"] and spoilt["src"].endswith(place["sheet"])
    assert any("is damaged" in problem for problem in report["problems"])
    assert "the source says" in dataset("verify", copied, TABLE, code=tidemill.CHECK_FAILED).stdout


def test_verify_finds_rows_that_are_gone_or_invented(copied):
    spoil(copied, lambda table: pa.concat_tables([table.slice(1), invented(table.slice(0, 1))]))
    report = told("verify", copied, TABLE, code=tidemill.CHECK_FAILED)
    assert report["differing"] == 2
    assert {place.get("published", place.get("read")) for place in report["places"]} == {"a row"}


def invented(row):
    at = row.schema.get_field_index("geo_code")
    return row.set_column(at, row.schema.field(at), pa.array(["E06000999"]).cast(row.schema.field(at).type))


def source_of(store, edition):
    source = next(source for source in told("show", store, TABLE)["sources"] if source["edition"] == edition)
    (path,) = [path for path in (store / "_sources").glob(source["sha256"] + ".*") if path.suffix != ".json"]
    return path


def test_verify_says_which_source_is_damaged_and_proves_the_rest(copied):
    path = source_of(copied, "2018")
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    report = told("verify", copied, TABLE, code=tidemill.CHECK_FAILED)
    (problem,) = report["problems"]
    assert "2018" in problem and path.stem[:12] in problem and "no longer what was fetched" in problem
    assert report["differing"] == 0
    assert report["rows"] == sum(row["edition"] != "2018" for row in tidemill.rows(copied))


def test_verify_says_which_source_is_gone(copied):
    path = source_of(copied, "2019")
    path.unlink()
    report = told("verify", copied, TABLE, code=tidemill.CHECK_FAILED)
    assert len(report["problems"]) == 1 and "no longer holds it" in report["problems"][0]


def test_verify_asks_for_the_recipe_where_it_is_not_kept(copied):
    shutil.rmtree(copied / "_sources" / "_recipes")
    result = dataset("verify", copied, TABLE, code=tidemill.NOT_FOUND)
    assert "--recipe" in tidemill.said(result)
    assert told("verify", copied, TABLE, "--recipe", tidemill.RECIPE)["proven"]


def test_a_dataset_that_is_not_there(two_versions):
    result = dataset("show", two_versions, "deaths_monthy", code=tidemill.NOT_FOUND)
    assert f"did you mean '{TABLE}'" in tidemill.said(result)
    assert dataset("show", two_versions, TABLE, "--version", 7, code=tidemill.NOT_FOUND)
    assert dataset("diff", two_versions, TABLE, 0, 7, code=tidemill.NOT_FOUND)
    assert latest(two_versions) == 1
