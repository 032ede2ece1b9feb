# SPDX-License-Identifier: Apache-2.0
"""What users ask of the data API (fourteen jobs of its design, by their numbers there), over the publisher's own editions:
the first version has those to 2018, the second adds 2019."""
import csv
import hashlib
import io
import json
import statistics
import urllib.request
from xml.etree import ElementTree

import openpyxl
import pytest
import sdmx
from fredapi import Fred
from support import sites, tidemill
from support.publisher import Publisher
from support.tidemill import TABLE, deaths

pytestmark = pytest.mark.usefixtures("program", "real_folder")

STOCKPORT, ENGLAND = "E08000007", "E92000001"
NEIGHBOURS = ["E06000009", "E08000006", STOCKPORT, "E08000009"]
DATA = f"/v1/datasets/{TABLE}"


@pytest.fixture(scope="module")
def store(program, real_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("jobs")
    held = sites.real_editions(real_folder)
    for number, editions in enumerate(([entry for entry in held if entry[0].year != 2019], held)):
        with Publisher(sites.make_site(folder / f"site-{number}", dict(editions)), "state-1") as publisher:
            tidemill.assert_done(tidemill.flow("run", folder / "store", publisher))
    assert tidemill.latest(folder / "store") == 1
    return folder / "store"


@pytest.fixture(scope="module")
def service(store):
    with tidemill.Service(store) as running:
        yield running


@pytest.fixture(scope="module")
def counts(store):
    return deaths(store, 1)


def rows(service, path):
    status, _, body = service.get(DATA + path)
    assert status == 200, body
    return list(csv.DictReader(io.StringIO(body.decode())))


def number(text):
    return None if text == "" else float(text)


def test_1_one_area_one_year(service, counts):
    old = service.json(f"/year/2018/geo_code/{STOCKPORT}")["data"]
    new = service.json(f"{DATA}/data.json?geo_code={STOCKPORT}&year=2018")
    wanted = [counts[STOCKPORT, f"2018-{month:02}"] for month in range(1, 13)]
    assert list(old.values()) == wanted == [row["deaths"] for row in new["data"]]
    assert new["total"] == 12 and new["next"] is None


def test_2_latest_month_with_its_status(service, counts):
    found = service.json(f"{DATA}/data.json?geo_code={STOCKPORT}&last=1")["data"]
    newest = max(period for code, period in counts if code == STOCKPORT)
    assert [(row["period"], row["deaths"]) for row in found] == [(newest, counts[STOCKPORT, newest])]
    assert "deaths_status" in found[0]


def test_3_against_last_year_and_five_years(service, counts):
    found = rows(service, f"/data.csv?geo_code={STOCKPORT}&transform=yoy,mean5y&period__gte=2015-01")
    assert len(found) == 48
    for row in found:
        year, month = row["period"].split("-")
        before = [counts.get((STOCKPORT, f"{int(year) - back}-{month}")) for back in range(1, 6)]
        now = counts[STOCKPORT, row["period"]]
        assert number(row["deaths_yoy"]) == (None if before[0] is None else now - before[0])
        # No five years in a row are at hand, and a mean of fewer is not made up.
        assert number(row["deaths_mean5y"]) == (None if None in before else statistics.mean(before))
    assert sum(row["deaths_yoy"] != "" for row in found) == 24


def test_4_all_local_authorities_in_a_month(service, counts):
    found = rows(service, "/data.csv?period=2018-03&geo_type=lad&select=geo_code,deaths,deaths_status")
    lads = {code for code, period in counts if period == "2018-03" and code[:3] in ("E06", "E07", "E08", "E09", "W06")}
    assert {row["geo_code"]: number(row["deaths"]) for row in found} == {
        code: counts[code, "2018-03"] for code in lads}


def test_5_several_areas(service, counts):
    areas = [code for code in NEIGHBOURS if (code, "2018-01") in counts]
    found = rows(service, f"/data.csv?geo_code={','.join(areas)}&period__gte=2018-01")
    wanted = {key: count for key, count in counts.items() if key[0] in areas and key[1] >= "2018-01"}
    assert {(row["geo_code"], row["period"]): number(row["deaths"]) for row in found} == wanted


def test_6_authorities_add_up_to_england(service, counts):
    found = service.json(
        f"{DATA}/data.json?geo_type=lad&geo_code__startswith=E&year=2018&group=period&agg=sum(deaths),count()")["data"]
    assert {row["period"]: row["sum_deaths"] for row in found} == {
        period: count for (code, period), count in counts.items() if code == ENGLAND and period.startswith("2018")}


def test_7_as_they_stood_then(service, store):
    first = service.json(f"{DATA}/vintages")["vintages"][-1]
    found = rows(service, f"/data.csv?geo_code={STOCKPORT}&as_of={first['released']}")
    assert {(STOCKPORT, row["period"]): number(row["deaths"]) for row in found} == {
        key: count for key, count in deaths(store, 0).items() if key[0] == STOCKPORT}
    assert service.get(f"{DATA}/data?as_of=2001-01-01")[0] == 404


def test_8_every_published_value_and_when(service, store, monkeypatch):
    found = rows(service, f"/data.csv?geo_code={STOCKPORT}&year=2018,2019&vintages=all")
    released = {entry["vintage"]: entry["released"] for entry in service.json(f"{DATA}/vintages")["vintages"]}
    for row in found:
        assert row["realtime_start"] == released[int(row["vintage"])]
        assert number(row["deaths"]) == deaths(store, int(row["vintage"]))[STOCKPORT, row["period"]]
    monkeypatch.setattr(Fred, "root_url", f"{service.root}/fred")
    releases = Fred(api_key="0" * 32).get_series_all_releases(f"{TABLE}.M.{STOCKPORT}")
    of_years = [day for day in releases["date"] if day.year in (2018, 2019)]
    assert len(of_years) == len(found)


def test_9_what_the_last_release_changed(service, store):
    found = rows(service, "/vintages/latest/diff.csv?against=previous")
    before, after = deaths(store, 0), deaths(store, 1)
    wanted = {(key, "added") for key in after.keys() - before.keys()}
    wanted |= {(key, "removed") for key in before.keys() - after.keys()}
    assert {((row["geo_code"], row["period"]), row["change"]) for row in found} >= wanted
    assert len(wanted) > 4_000


def test_10_the_whole_pinned_and_checksummed(service):
    with urllib.request.urlopen(f"{service.root}{DATA}/files/latest.parquet") as reply:
        content, url = reply.read(), reply.url
    assert url.endswith(f"sha256-{hashlib.sha256(content).hexdigest()}.parquet")


def test_12_where_a_number_comes_from(service, counts):
    found = service.json(f"{DATA}/observations/M.{STOCKPORT}.2018-03/lineage")
    assert found["value"] == counts[STOCKPORT, "2018-03"]
    assert float(found["cell"]["raw"].replace(",", "")) == found["value"]
    assert found["cell"]["sheet"] == "Figures for 2018" and found["source"]["edition"] == "2018"


def test_13_what_is_provisional_or_missing(service, store):
    found = service.json(f"{DATA}/data.json?deaths_status=c,x,p&group=deaths_status,year&agg=count()")["data"]
    wanted = {}
    for row in tidemill.rows(store, 1):
        status = row["deaths_status"]
        if status and set(status.split(",")) & {"c", "x", "p"}:
            key = (status, int(row["period"][:4]))
            wanted[key] = wanted.get(key, 0) + 1
    assert {(row["deaths_status"], row["year"]): row["count"] for row in found} == wanted


def test_14_a_pinned_chart_and_its_table(service, counts):
    status, headers, _ = service.get(f"/embed/chart?dataset={TABLE}&geo_code={STOCKPORT}&vintage=1")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    _, headers, body = service.get(f"{DATA}/data.xlsx?geo_code={STOCKPORT}&vintage=1")
    assert "immutable" in headers["Cache-Control"]
    sheet = list(openpyxl.load_workbook(io.BytesIO(body))["data"].values)
    period, count = sheet[0].index("period"), sheet[0].index("deaths")
    assert {(STOCKPORT, row[period]): row[count] for row in sheet[1:]} == {
        key: value for key, value in counts.items() if key[0] == STOCKPORT}


def test_15_every_release_without_polling(service, counts):
    atom = ElementTree.fromstring(service.get("/v1/feed.atom")[2])
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == 2
    sdmx.add_source(service.json("/sdmx/source.json"), override=True)
    message = sdmx.Client("TIDEMILL").data(TABLE.upper(), key={"GEO_CODE": [STOCKPORT]})
    found = {(STOCKPORT, key[-1]): value for key, value in sdmx.to_pandas(message).items()}
    assert found == {key: value for key, value in counts.items() if key[0] == STOCKPORT}
    assert json.loads(service.get("/readyz")[2])["datasets"] == {TABLE: 1}
