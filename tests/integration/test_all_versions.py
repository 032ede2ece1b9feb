# SPDX-License-Identifier: Apache-2.0
"""run --all-versions: superseded files become versions in the order of their release, each as it was."""
import json
import pathlib
import re

import pytest
from support import sheets, sites, tidemill
from support.publisher import Publisher
from support.tidemill import TABLE, assert_done, deaths, flow, latest, report

pytestmark = pytest.mark.usefixtures("program")

RELEASED = ["20 May 2022", "21 July 2022", "16 August 2022", "20 October 2022"]
MONTHS = [4, 6, 7, 9]
# The edition of 2021 came out on 28 July 2022, between two of these: a state of its own.
VERSIONS = ["2022-05-20", "2022-07-21", "2022-07-28", "2022-08-16", "2022-10-20"]
FILES = [1, 2, 2, 3, 4]  # which file of 2022 each version has


class PartYear:
    """A site whose newest edition grew month by month: the last file, and the superseded ones on a page of their own."""

    def __init__(self, folder, spoil=None):
        self.states = []
        for number, (released, months) in enumerate(zip(RELEASED, MONTHS, strict=True), 1):
            edition = sites.Edition(2022, "samplemonthly2022.xlsx", False, "2021-04-01", months, released)
            revised = {("E07000105", 3): number}
            content = sites.workbook(edition, revised=revised, spoil=(spoil or {}).get(number))
            self.states.append((edition, content))
        whole = {held.edition: held.file for held in sites.sample_editions() if held.edition.year == 2021}
        newest, content = self.states[-1]
        self.folder = sites.make_site(folder, {**whole, newest: content})
        self._add_versions(newest)

    def _add_versions(self, newest):
        manifest = json.loads((self.folder / "state-1/manifest.json").read_text(encoding="utf-8"))
        sizes, rows = {sites.pages.file_path(newest): 1}, []
        for number, (edition, content) in enumerate(self.states[:-1], 1):
            path = sites.pages.superseded_path(edition, number)
            (self.folder / f"state-1/v{number}.xlsx").write_bytes(content)
            manifest["paths"][path] = f"state-1/v{number}.xlsx"
            sizes[path] = len(content)
            rows.insert(0, (number, edition, RELEASED[number]))
        page = sites.pages.versions_page(newest, sizes, rows)
        (self.folder / "state-1/versions.html").write_text(page, encoding="utf-8")
        manifest["paths"][f"{sites.pages.PAGE}/2022"] = "state-1/versions.html"
        (self.folder / "state-1/manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    def counts(self, number, tmp_path):
        """{(code, period): count} of the 2022 file of a state, read independently."""
        path = tmp_path / f"read-{number}.xlsx"
        path.write_bytes(self.states[number - 1][1])
        return {key: cell.count for key, cell in sheets.read(path, 2022).items()}


@pytest.fixture
def part_year(tmp_path):
    return PartYear(tmp_path / "site")


def released(store):
    return [tidemill.commit_info(store, version)["tidemill"]["released"] for version in range(latest(store) + 1)]


def of_2022(counts):
    return {key: count for key, count in counts.items() if key[1].startswith("2022")}


def test_states_are_published_in_the_order_of_their_release(part_year, store, tmp_path):
    with Publisher(part_year.folder, "state-1") as publisher:
        done = report(assert_done(flow("run", store, publisher, "--all-versions")))
        assert released(store) == VERSIONS
        for version, number in enumerate(FILES):
            assert of_2022(deaths(store, version)) == part_year.counts(number, tmp_path)
        assert [entry["released"] for entry in done["superseded"]] == ["2022-08-16", "2022-07-21", "2022-05-20"]
        assert [table["version"] for table in done["past_tables"]] == [0, 1, 2, 3]
        assert [table["version"] for table in done["tables"]] == [4]
        again = report(assert_done(flow("run", store, publisher, "--all-versions")))
        assert again["outcome"] == "unchanged" and latest(store) == 4
        assert [entry["released"] for entry in again["superseded"]] == ["2022-08-16", "2022-07-21", "2022-05-20"]


def read_to_date(result):
    """How many workbooks a run read to find their days, as it says itself."""
    (count,) = re.findall(r"(\d+) files read to date them", assert_done(result).stderr)
    return int(count)


def test_a_file_is_read_to_be_dated_once(part_year, store):
    def run(*options):
        return tidemill.tidemill("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0",
                                 "--all-versions", *options)  # fmt: skip

    with Publisher(part_year.folder, "state-1") as publisher:
        assert [read_to_date(run()), read_to_date(run()), read_to_date(run("--force"))] == [5, 0, 5]
        days = store / "_sources" / "_days" / "ons-deaths-monthly.tsv"
        kept = days.read_text(encoding="utf-8")
        # What is damaged is read again, and only that.
        days.write_text("".join(line for line in kept.splitlines(keepends=True)[1:]) + "no such line\n", encoding="utf-8")
        assert read_to_date(run()) == 1
        assert days.read_text(encoding="utf-8") == kept


def test_an_edition_that_was_not_yet_out_is_in_no_state_before(part_year, store):
    with Publisher(part_year.folder, "state-1") as publisher:
        assert_done(flow("run", store, publisher, "--all-versions"))
    years = [{period[:4] for _, period in deaths(store, version)} for version in range(len(VERSIONS))]
    assert years == [{"2022"}] * 2 + [{"2021", "2022"}] * 3


def test_each_version_can_be_proved_and_compared(part_year, store):
    with Publisher(part_year.folder, "state-1") as publisher:
        assert_done(flow("run", store, publisher, "--all-versions"))
    for version in range(len(VERSIONS)):
        proof = tidemill.tidemill("dataset", "verify", TABLE, "--store", store, "--version", version)
        assert_done(proof)
    lineage = tidemill.tidemill("dataset", "lineage", TABLE, "geo_code=E07000105", "period=2022-03", "--store", store,
                                "--json")
    (row,) = json.loads(assert_done(lineage).stdout)["rows"]
    values = [int(past["values"]["deaths"]) for past in row["history"]]
    assert [past["version"] for past in row["history"]] == [4, 3, 1, 0]
    assert [values[0] - value for value in values] == [0, 1, 2, 3]
    assert [pathlib.Path(past["url"]).parent.name for past in row["history"]] == ["2022", "v3", "v2", "v1"]


def test_a_superseded_file_that_fails_its_checks_is_left_out_and_said(store, tmp_path):
    site = PartYear(tmp_path / "site", {2: sites.Spoil(counts={("E07000105", 2): 7})})
    with Publisher(site.folder, "state-1") as publisher:
        done = report(assert_done(flow("run", store, publisher, "--all-versions")))
    assert released(store) == ["2022-05-20", "2022-07-28", "2022-08-16", "2022-10-20"]
    (finding,) = [finding for finding in done["findings"] if finding["slug"] == "version-left-out"]
    assert "sum" in finding["message"]
    assert [bool(entry.get("problem")) for entry in done["superseded"]] == [False, True, False]


def test_a_state_is_not_put_before_a_version_that_is_there(part_year, store):
    with Publisher(part_year.folder, "state-1") as publisher:
        assert_done(flow("run", store, publisher))
        done = report(assert_done(flow("run", store, publisher, "--all-versions")))
    assert latest(store) == 0
    assert [finding["slug"] for finding in done["findings"]] == ["version-too-late"] * 4


def test_offline_takes_the_files_that_are_held(part_year, store, tmp_path):
    with Publisher(part_year.folder, "state-1") as publisher:
        assert_done(flow("run", store, publisher, "--all-versions"))
    for path in sorted((store / TABLE).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert_done(flow("run", store, None, "--offline", "--all-versions"))
    assert released(store) == VERSIONS


def test_a_recipe_without_versions_says_so(store, publisher, tmp_path):
    recipe = tmp_path / "recipe.toml"
    lines = tidemill.RECIPE.read_text(encoding="utf-8").splitlines(keepends=True)
    recipe.write_text("".join(line for line in lines if not line.startswith("source.versions")), encoding="utf-8")
    result = flow("run", store, publisher, "--all-versions", recipe=recipe)
    assert result.returncode == tidemill.MALFORMED and "source.versions" in tidemill.said(result)
