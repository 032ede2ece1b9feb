# SPDX-License-Identifier: Apache-2.0
"""Several releases of one workbook become versions in the order of their release, and each version says what it added and
revised: counted here from each release's own table, published alone."""
import itertools
import os
import pathlib

import deltalake
import pytest
from support import tidemill
from support.tidemill import ROOT, assert_done

pytestmark = pytest.mark.usefixtures("program")

FUND_FLOWS = ROOT / "recipes" / "ici" / "mutual-fund-flows.toml"
PUBLIC_HEALTH_WALES = '{ file = "{released:date}__{series:Rapid}*.xlsx", edition = "series" }'


@pytest.fixture(scope="module")
def workbooks():
    folder = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", "")) / "workbooks"
    if not folder.is_dir():
        pytest.skip("no workbooks: TIDEMILL_SHARED_DATA does not name a folder with them")
    return folder


def publish(recipe, file, store):
    done = tidemill.report(assert_done(tidemill.flow("run", store, None, file, recipe=recipe)))
    assert done["cells"]["unaccounted"] == 0
    (table,) = done["tables"]
    return table


def rows(store, table, version=None):
    """{key: figures} of a version; what names a row and what is a figure, the table says itself."""
    delta = deltalake.DeltaTable(store / table, version=version)
    key = [name.strip() for name in delta.metadata().configuration["tidemill.key"].split(",")]
    roles = {field.name: field.metadata.get("tidemill.role") for field in delta.schema().fields}
    figures = [name for name, role in roles.items() if role in ("measure", "status") and name not in key]
    assert figures
    listed = delta.to_pyarrow_table().to_pylist()
    found = {tuple(row[name] for name in key): tuple(row[name] for name in figures) for row in listed}
    assert len(found) == len(listed)
    return found


def changes(before, after):
    return {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "revised": sum(before[key] != after[key] for key in before.keys() & after.keys()),
    }


def check_releases(recipe, files, tmp_path):
    """Publishes the releases one after the other, and each alone; gives what each changed."""
    store, found, told = tmp_path / "store", [], []
    for number, file in enumerate(files):
        published = publish(recipe, file, store)
        assert published["version"] == number
        alone = tmp_path / f"alone-{number}"
        table = publish(recipe, file, alone)["table"]
        found.append(rows(alone, table))
        assert rows(store, table, number) == found[-1]
        told.append({name: published[name] for name in ("added", "removed", "revised")})
        assert_done(tidemill.tidemill("dataset", "verify", table, "--store", store, "--version", number))
    assert told[1:] == [changes(before, after) for before, after in itertools.pairwise(found)]
    return store, table, told


def test_key_aggregates_of_three_releases(workbooks, tmp_path):
    files = sorted((workbooks / "abs-australia-revisions").glob("*.xls"))
    recipe = ROOT / "recipes" / "abs" / "national-accounts-key-aggregates.toml"
    store, table, told = check_releases(recipe, files, tmp_path)
    assert [tidemill.commit_info(store, version, table)["tidemill"]["released"] for version in range(3)] == [
        "2017-12-25", "2018-04-26", "2018-12-07",
    ]  # fmt: skip
    # 108 series; one more quarter, then three more.
    assert [change["added"] for change in told] == [108 * 233, 108, 108 * 3]


def test_weekly_deaths_of_two_releases(workbooks, tmp_path):
    files = sorted((workbooks / "nrs-scotland").glob("*.xlsx"))
    _, _, told = check_releases(ROOT / "recipes" / "nrs" / "deaths-weekly.toml", files, tmp_path)
    assert told[1]["added"] == 75  # the rows of one more week


def test_fund_flows_of_two_releases(workbooks, tmp_path):
    files = sorted((workbooks / "ici-us-revisions").glob("*.xls"))
    _, _, told = check_releases(FUND_FLOWS, files, tmp_path)
    # One more month, and four more weeks; the five weeks of that month are estimates no longer.
    assert (told[1]["added"], told[1]["removed"]) == (1 + 4, 5)
    assert told[1]["revised"] > 80  # funds had been put into other classes


def test_swedish_weeks_of_two_releases(workbooks, tmp_path):
    files = sorted((workbooks / "scb-sweden").glob("sweden_total_source_*.xlsx"))
    store, table, told = check_releases(ROOT / "recipes" / "scb" / "deaths-weekly.toml", files, tmp_path)
    assert (told[1]["added"], told[1]["removed"]) == (0, 0)
    assert [tidemill.commit_info(store, version, table)["tidemill"]["released"] for version in range(2)] == [
        "2020-04-17", "2020-04-24",
    ]  # fmt: skip
    assert rows(store, table)[("15", "all", "2020")][0] == 357.857142857143


@pytest.mark.parametrize("day", ["released", "year, month and day"])
def test_an_older_release_behind_a_newer_one_is_held(workbooks, tmp_path, day):
    """Its figures go over newer ones only where somebody says so."""
    if day == "released":
        recipe, files = FUND_FLOWS, sorted((workbooks / "ici-us-revisions").glob("*.xls"))
    else:
        recipe = ROOT / "recipes" / "scb" / "deaths-weekly.toml"
        files = sorted((workbooks / "scb-sweden").glob("sweden_total_source_*.xlsx"))
    store = tmp_path / "store"
    table = publish(recipe, files[1], store)["table"]
    newest = rows(store, table)

    again = tidemill.flow("run", store, None, files[0], recipe=recipe)
    assert again.returncode == tidemill.HELD, tidemill.said(again)
    (finding,) = [finding for finding in tidemill.report(again)["findings"] if finding["slug"] == "older-release"]
    assert files[0].name in finding["message"] and files[1].name in finding["message"]
    assert tidemill.latest(store, table) == 0 and rows(store, table) == newest

    held = [finding["id"] for finding in tidemill.report(again)["findings"] if finding["severity"] == "hold"]
    accepted = [word for finding in held for word in ("--accept", finding)]
    assert_done(tidemill.flow("run", store, None, files[0], *accepted, recipe=recipe))
    assert rows(store, table) != newest
    # Back to the newest, which nothing stops.
    assert publish(recipe, files[1], store)["version"] == 2
    assert rows(store, table) == newest


@pytest.mark.parametrize("sheet", ["Age and sex distribution", "Deaths by LHB", "Tests by specimen date"])
def test_a_drafted_recipe_reads_the_next_release(workbooks, tmp_path, sheet):
    files = sorted((workbooks / "public-health-wales-revisions").glob("*.xlsx"))
    drafted = assert_done(tidemill.tidemill("recipe", "new", files[0], "--sheet", sheet, "--name", "phw/drafted")).stdout
    recipe = tmp_path / "recipe.toml"
    lines = [f"source = {PUBLIC_HEALTH_WALES}" if line.startswith("source.file") else line for line in drafted.splitlines()]
    recipe.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, _, told = check_releases(recipe, files, tmp_path)
    assert sum(told[1].values()) > 0
