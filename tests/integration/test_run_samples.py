# SPDX-License-Identifier: Apache-2.0
"""The job over the sample site: first run, nothing new, a second version, stages one by one, polite requests."""
import collections
import itertools
import time

import pytest
from support import sheets, sites, tidemill
from support.tidemill import TABLE, assert_done, deaths, flow, latest, report

pytestmark = pytest.mark.usefixtures("program")


def expected(state="state-1", years=None):
    """{(code, period): Cell} of the sample workbooks, read independently."""
    cells = {}
    for edition, file in sites.sample_editions(state):
        if years is None or edition.year in years:
            cells.update(sheets.read(file, edition.year))
    return cells


def counts(cells):
    return {key: cell.count for key, cell in cells.items()}


def statuses(publisher):
    return collections.Counter(entry["status"] for entry in publisher.requests)


def test_first_run_publishes_every_area_and_month(first_run):
    store, done = first_run
    assert latest(store) == 0
    assert deaths(store) == counts(expected())
    (table,) = done["tables"]
    assert (table["table"], table["version"], table["published"]) == (TABLE, 0, True)
    assert table["rows"] == table["added"] == len(expected())
    assert [entry["edition"] for entry in done["editions"]] == ["2017", "2018", "2019", "2020", "2021", "2022"]
    assert {entry["outcome"] for entry in done["editions"]} == {"new"}
    assert done["cells"]["unaccounted"] == 0
    assert done["checks"]["failed"] == 0 and done["checks"]["passed"] > 0


def test_columns_say_what_a_count_is(first_run):
    store, _ = first_run
    cells = expected()
    for row in tidemill.rows(store):
        cell = cells[row["geo_code"], row["period"]]
        assert row["place_name"].casefold() == cell.name.casefold()
        assert row["year"] == int(row["period"][:4]) and row["edition"] == row["period"][:4]
        assert row["deaths_status"] == ("p" if row["year"] in (2019, 2020, 2022) else None)
        assert (row["src_row"], row["src_col"]) == (cell.row, cell.column)
        assert row["src"].endswith(cell.sheet)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (tidemill.TOTAL, "combined"), ("K04000001", "country"), ("E92000001", "country"), ("W92000004", "country"),
        ("J99000001", "elsewhere"), ("E12000007", "region"), ("E10000016", "county"), ("E11000001", "met-county"),
        ("E13000001", "london-part"), ("E07000105", "lad"), ("E06000060", "lad"), ("E09000001", "lad"),
        ("W06000024", "lad"),
    ],
)  # fmt: skip
def test_areas_have_their_kind(first_run, code, kind):
    store, _ = first_run
    assert {row["geo_type"] for row in tidemill.rows(store) if row["geo_code"] == code} == {kind}


def test_geography_is_that_of_the_release(first_run):
    store, _ = first_run
    vintages = collections.defaultdict(set)
    for row in tidemill.rows(store):
        vintages[row["year"]].add(str(row["geo_vintage"]))
    assert vintages[2018] == {"2019-04-01"} and vintages[2019] == {"2019-04-01"}
    assert vintages[2020] == {"2020-04-01"}
    assert vintages[2021] == {"2021-04-01"} and vintages[2022] == {"2021-04-01"}


def test_months_not_yet_published_are_reported_and_give_no_rows(first_run):
    store, done = first_run
    (edition,) = [entry for entry in done["editions"] if entry["edition"] == "2020"]
    assert edition["unpublished"] == ["2020-10", "2020-11", "2020-12"]
    assert max(row["period"] for row in tidemill.rows(store) if row["year"] == 2020) == "2020-09"


def test_second_run_asks_conditionally_and_publishes_nothing(filled, publisher):
    again = report(assert_done(flow("run", filled, publisher)))
    assert again["outcome"] == "unchanged"
    assert latest(filled) == 0
    assert statuses(publisher) == {304: 7}  # the page and six workbooks
    assert tidemill.strays(filled) == []


def test_without_validators_equal_bytes_publish_nothing(filled, publisher):
    publisher.validators = False
    assert_done(flow("run", filled, publisher))
    assert latest(filled) == 0
    assert statuses(publisher) == {200: 7}


def test_force_asks_for_everything_and_publishes_nothing_new(filled, publisher):
    assert_done(flow("run", filled, publisher, "--force"))
    assert statuses(publisher) == {200: 7}
    assert latest(filled) == 0


def test_later_state_becomes_a_second_version(filled, publisher):
    publisher.switch("state-2")
    done = report(assert_done(flow("run", filled, publisher)))
    assert done["outcome"] == "published"
    (table,) = done["tables"]
    assert (table["version"], table["added"], table["revised"], table["removed"]) == (1, 3 * 377, 6, 0)
    outcomes = {entry["edition"]: entry["outcome"] for entry in done["editions"]}
    assert outcomes["2022"] == "changed" and outcomes["2018"] == "not modified"
    assert latest(filled) == 1
    assert deaths(filled) == counts(expected("state-2"))
    assert deaths(filled, 0) == counts(expected("state-1"))
    assert statuses(publisher) == {304: 5, 200: 2}


def test_commit_says_where_the_figures_come_from(first_run):
    store, done = first_run
    facts = tidemill.commit_info(store, 0)["tidemill"]
    shas = {entry["sha256"] for entry in done["editions"]}
    assert {source["sha256"] for source in facts["sources"]} == shas
    for source in facts["sources"]:
        extension = source["url"].rpartition(".")[2]
        assert (store / "_sources" / f"{source['sha256']}.{extension}").is_file()


def test_stages_one_by_one_give_what_run_gives(publisher, store, first_run):
    assert_done(flow("extract", store, publisher))
    assert latest(store) == -1
    assert len(list((store / "_sources").glob("*.xls*"))) == 6
    assert_done(flow("transform", store))
    assert latest(store) == -1
    assert list((store / "_prepared").rglob("*.parquet"))
    done = report(assert_done(flow("load", store)))
    assert done["outcome"] == "published"
    assert not list((store / "_prepared").rglob("*.parquet"))
    assert tidemill.rows(store) == tidemill.rows(first_run[0])


def test_stages_need_the_stage_before(store):
    for stage in ("transform", "load"):
        result = flow(stage, store)
        assert result.returncode == tidemill.NOT_FOUND
        assert str(store) in tidemill.said(result)


def test_offline_run_needs_no_publisher(publisher, store):
    assert_done(flow("extract", store, publisher))
    publisher.forget()
    assert_done(flow("run", store, publisher, "--offline"))
    assert publisher.requests == []
    assert deaths(store) == counts(expected())


def test_years_can_be_limited(publisher, store):
    assert_done(flow("run", store, publisher, "--min-year", "2021"))
    assert deaths(store) == counts(expected(years=(2021, 2022)))
    assert len(publisher.requests) == 3


def test_site_may_be_read_from_files(store, tmp_path):
    editions = {held.edition: held.file for held in sites.sample_editions() if held.edition.year < 2019}
    folder = sites.make_site(tmp_path / "site", editions)
    page = (folder / "state-1" / "page.html").read_text(encoding="utf-8")
    for edition in editions:
        inside = tmp_path / sites.pages.PAGE.rpartition("/")[2] / str(edition.year) / edition.file
        inside.parent.mkdir(parents=True)
        inside.write_bytes((folder / "state-1" / f"{edition.year}-{edition.file}").read_bytes())
        page = page.replace(f"/file?uri={sites.pages.file_path(edition)}", inside.as_uri())
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    result = flow("run", store, None, "--page", (tmp_path / "page.html").as_uri(), "--pause", "0")
    assert_done(result)
    assert deaths(store) == counts(expected(years=(2017, 2018)))


def test_requests_are_polite(publisher, store):
    assert_done(tidemill.tidemill("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0.3"))
    at = [entry["at"] for entry in publisher.requests]
    assert len(at) == 7
    assert all(later - earlier >= 0.29 for earlier, later in itertools.pairwise(at))
    for entry in publisher.requests:
        assert "tidemill" in entry["headers"]["User-Agent"].lower()


def test_passing_troubles_are_waited_for(publisher, store):
    publisher.faults = [
        {"kind": "status", "status": 503, "path": "*/2018/*", "times": 1},
        {"kind": "reset", "path": "*/2020/*", "times": 1},
        {"kind": "truncate", "bytes": 5000, "path": "*/2021/*", "times": 1},
    ]
    assert_done(flow("run", store, publisher))
    assert deaths(store) == counts(expected())


def test_the_servers_wish_to_wait_is_heeded(publisher, store):
    publisher.faults = [{"kind": "status", "status": 429, "retry_after": 4, "path": "*/2019/*", "times": 1}]
    began = time.monotonic()
    assert_done(flow("run", store, publisher))
    assert time.monotonic() - began >= 4
    first, second = [entry["at"] for entry in publisher.requests if "/2019/" in entry["path"]]
    assert second - first >= 4


def test_plain_report_speaks_to_people(publisher, store):
    result = tidemill.tidemill("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0")
    assert_done(result)
    text = tidemill.said(result)
    for word in ("main-flow", "2018", "unaccounted 0", TABLE, "published"):
        assert word in text
    assert "\x1b" not in text and "\r" not in text


def test_flows_keep_the_old_names(publisher, store):
    names = [report(assert_done(flow(stage, store, publisher if stage == "extract" else None)))["flow"]
             for stage in ("extract", "transform", "load")]  # fmt: skip
    assert names == ["get-ons-deaths-data", "transform-from-excel-to-tidy-parquet", "main-load-deaths-gcs"]


def test_service_picks_up_a_new_version(filled, publisher):
    with tidemill.Service(filled) as service:
        path = "/year/2022/geo_code/E07000105"
        assert len(service.json(path)["data"]) == 6
        publisher.switch("state-2")
        assert_done(flow("run", filled, publisher))
        assert tidemill.eventually(lambda: len(service.json(path)["data"]) == 9)
        assert service.stop() in (0, tidemill.CANCELLED)
