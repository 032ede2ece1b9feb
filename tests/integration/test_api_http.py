# SPDX-License-Identifier: Apache-2.0
"""HTTP of `tidemill serve`: files with ranges, codings, types, metrics, the access log, descriptions."""
import gzip
import hashlib
import http.client
import io
import json
import re
import signal
import urllib.parse

import pyarrow.parquet
import pytest
from support import tidemill

pytestmark = pytest.mark.usefixtures("program")

FILES = f"/v1/datasets/{tidemill.TABLE}/files"


@pytest.fixture(scope="module")
def service(first_run):
    with tidemill.Service(first_run[0], "--public-url", "https://data.example.org") as running:
        yield running


def ask(service, path, method="GET", **fields):
    """(status, headers, body), no redirect followed."""
    address = urllib.parse.urlsplit(service.root)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in fields.items()})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()


def test_latest_leads_to_the_bytes_that_the_store_holds(service, first_run):
    status, headers, body = ask(service, FILES + "/latest.parquet")
    assert (status, body) == (302, b"")
    url = headers["Location"]
    status, headers, body = ask(service, url)
    digest = re.search(r"sha256-([0-9a-f]{64})", url)[1]
    assert status == 200 and hashlib.sha256(body).hexdigest() == digest
    assert headers["ETag"] == f'"{digest}"' and "immutable" in headers["Cache-Control"]
    assert body == (first_run[0] / tidemill.TABLE / f"{digest}.parquet").read_bytes()
    assert pyarrow.parquet.read_table(io.BytesIO(body)).num_rows == len(tidemill.rows(first_run[0]))


def test_readers_of_ranges_put_a_file_together(service):
    url = ask(service, FILES + "/latest.parquet")[1]["Location"]
    whole = ask(service, url)[2]
    status, headers, body = ask(service, url, "HEAD")
    assert (status, body, int(headers["Content-Length"])) == (200, b"", len(whole))
    assert headers["Accept-Ranges"] == "bytes"
    parts = b""
    for first in range(0, len(whole), 5000):
        status, headers, body = ask(service, url, Range=f"bytes={first}-{first + 4999}")
        assert status == 206
        assert headers["Content-Range"] == f"bytes {first}-{min(first + 5000, len(whole)) - 1}/{len(whole)}"
        parts += body
    assert parts == whole
    assert ask(service, url, Range=f"bytes={len(whole)}-")[0] == 416
    assert ask(service, url, Range="bytes=0-0,2-2")[2] == whole


def test_bodies_are_encoded_only_where_asked(service):
    plain = ask(service, "/openapi.json")
    assert "Content-Encoding" not in plain[1]
    packed = ask(service, "/openapi.json", Accept_Encoding="gzip, br;q=1.0")
    assert packed[1]["Content-Encoding"] == "gzip" and packed[1]["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed[2]) == plain[2] and len(packed[2]) < len(plain[2])
    assert packed[1]["ETag"] != plain[1]["ETag"]
    for tag in (plain[1]["ETag"], packed[1]["ETag"]):
        status, headers, body = ask(service, "/openapi.json", Accept_Encoding="gzip", If_None_Match=tag)
        assert (status, headers["ETag"], body) == (304, tag, b"")


def test_types_that_are_not_there_are_refused(service):
    status, headers, body = ask(service, "/v1/datasets", Accept="text/html")
    assert status == 406 and headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["available"] == ["application/json"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "QUERY", "MADEUP"])
@pytest.mark.parametrize("path", ["/v1/datasets", "/healthz", "/nowhere", FILES, "/year/2018/geo_code/E07000105"])
def test_only_reading_is_allowed(service, method, path):
    status, headers, _ = ask(service, path, method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/", "/v1/datasets", f"/v1/datasets/{tidemill.TABLE}", FILES, "/healthz", "/readyz",
                                  "/version", "/openapi.json", "/catalog.jsonld", "/problems/not-found"])
def test_head_is_get_without_the_body(service, path):
    status, headers, body = ask(service, path)
    head = ask(service, path, "HEAD")
    assert (status, head[0], head[2]) == (200, 200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
        assert head[1][name] == headers[name], name
    assert int(headers["Content-Length"]) == len(body)


def test_other_sites_may_read(service):
    status, headers, _ = ask(service, FILES, "OPTIONS", Origin="https://elsewhere.example",
                             Access_Control_Request_Method="GET")
    assert status == 204 and headers["Access-Control-Allow-Origin"] == "*"
    assert "Range" in headers["Access-Control-Allow-Headers"]
    assert "Content-Range" in ask(service, FILES)[1]["Access-Control-Expose-Headers"]


def test_metrics_count_by_route(service):
    def count():
        text = service.get("/metrics")[2].decode()
        found = re.search(r'tidemill_http_requests_total\{route="/v1/datasets/\{dataset\}",method="GET",status="404"\} '
                          r"(\d+)", text)
        return int(found[1]) if found else 0

    before = count()
    for name in ("a", "b", "c"):
        assert ask(service, f"/v1/datasets/{name}")[0] == 404
    assert count() == before + 3
    text = service.get("/metrics")[2].decode()
    assert f'tidemill_dataset_vintage{{dataset="{tidemill.TABLE}"}} 0' in text
    assert re.search(r"^tidemill_http_connections [1-9]", text, re.MULTILINE)
    for line in text.splitlines():
        assert re.fullmatch(r"#.*|[a-z_]+(\{[^{}]*(\{[^{}]*\}[^{}]*)*\})? [-+0-9.e]+", line), line


def test_descriptions_lead_to_the_data(service):
    package_url = f"/v1/datasets/{tidemill.TABLE}/datapackage.json"
    package = service.json(package_url)
    assert package["licenses"][0]["name"] and package["citation"]
    table, resource = package["resources"][:2]
    rows = ask(service, urllib.parse.urljoin(package_url, table["path"]))[2].decode().splitlines()
    assert rows[0].split(",") == [field["name"] for field in table["schema"]["fields"]]
    assert len(rows) == service.json(f"/v1/datasets/{tidemill.TABLE}")["rows"] + 1
    body = ask(service, urllib.parse.urljoin(package_url, resource["path"]))[2]
    assert resource["hash"] == "sha256:" + hashlib.sha256(body).hexdigest() and resource["bytes"] == len(body)
    fields = [field["name"] for field in resource["schema"]["fields"]]
    assert set(resource["schema"]["primaryKey"]) <= set(fields) <= set(pyarrow.parquet.read_schema(io.BytesIO(body)).names)
    catalog = service.json("/catalog.jsonld")
    dataset = next(entry for entry in catalog["dcat:dataset"] if entry["dct:identifier"] == tidemill.TABLE)
    url = dataset["dcat:distribution"][0]["dcat:downloadURL"]["@id"]
    assert url.startswith("https://data.example.org/")
    assert ask(service, urllib.parse.urlsplit(url).path)[2] == body
    described = service.json(f"/v1/datasets/{tidemill.TABLE}")
    assert described["distributions"][0]["sha256"] == hashlib.sha256(body).hexdigest()


def test_requests_are_logged_where_asked(first_run, tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as stream:
        process = tidemill.start("serve", first_run[0], "--port", "0", "--access-log", "json", stderr=stream)
        lines = iter(process.stdout.readline, "")
        found = next(match for line in lines if (match := re.search(r"http://127\.0\.0\.1:(\d+)", line)))
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=10)
        connection.request("GET", "/year/2018/geo_code/zzz?x=%22", headers={"User-Agent": "a \"b\""})
        assert connection.getresponse().read()
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        process.stdout.close()
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert len(lines) == 1
    assert (lines[0]["peer"], lines[0]["method"], lines[0]["target"], lines[0]["status"], lines[0]["agent"]) == (
        "127.0.0.1", "GET", "/year/2018/geo_code/zzz?x=%22", 200, "a \"b\"")


def resolved(document, entry):
    while "$ref" in entry:
        target = document
        for part in entry["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        entry = target
    return entry


def sent(parameter):
    example = parameter["example"]
    value = ",".join(map(str, example)) if isinstance(example, list) else str(example)
    return f"{parameter['name']}={urllib.parse.quote(value)}"


def requests_of(document):
    """Every path of the document with its examples and what it needs, then with one more query parameter after the other that
    has an example."""
    for path, item in document["paths"].items():
        parameters = [resolved(document, entry) for entry in item["get"].get("parameters", [])]
        for parameter in parameters:
            if parameter["in"] == "path":
                value = parameter.get("example", parameter["schema"].get("enum", [None])[0])
                path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(str(value)))
        asked = [parameter for parameter in parameters if parameter["in"] == "query" and "example" in parameter]
        needed = [sent(parameter) for parameter in asked if parameter.get("required")]
        yield item["get"], "?".join([path, *(["&".join(needed)] if needed else [])])
        for parameter in asked:
            if not parameter.get("required"):
                yield item["get"], f"{path}?{'&'.join([*needed, sent(parameter)])}"


def test_examples_of_the_document_work(service):
    document = service.json("/openapi.json")
    asked = 0
    for operation, path in requests_of(document):
        if "{" in path or "/series/" in path or "/observations/" in path or path.startswith("/v1/events"):  # has no end
            continue
        status, headers, _ = ask(service, path)
        assert status in (200, 302), path
        if status == 200:
            content = resolved(document, operation["responses"]["200"])["content"]
            assert headers["Content-Type"].split(";")[0] in content, path
        asked += 1
    assert asked > 15


def test_every_column_of_a_dataset_is_a_typed_parameter(service):
    document = service.json("/openapi.json")
    columns = service.json(f"/v1/datasets/{tidemill.TABLE}")["columns"]
    operation = document["paths"][f"/v1/datasets/{tidemill.TABLE}/data.{{format}}"]["get"]
    parameters = {entry["name"]: entry for entry in (resolved(document, one) for one in operation["parameters"])}
    for column in columns:
        if column["role"] == "lineage":
            continue
        parameter = parameters[column["name"]]
        assert (parameter["style"], parameter["explode"]) == ("form", False)
        assert column["name"] + "__ne" in parameters and column["name"] + "__isnull" in parameters
        ordered = column["type"] in ("integer", "number", "period", "date")
        assert (column["name"] + "__gte" in parameters) == ordered, column
        if column["type"] in ("integer", "number"):
            assert parameter["schema"]["items"]["type"] == column["type"]
    # All of them are taken: with a value of its type each answers, or says that the value is not there.
    for name, parameter in parameters.items():
        if parameter["in"] != "query" or name in ("cursor", "select", "sort", "group", "agg", "as_of"):
            continue
        schema = parameter["schema"].get("items", parameter["schema"])
        value = {"integer": "1", "number": "1.5", "boolean": "true"}.get(schema["type"]) or schema.get("enum", ["2018-01"])[0]
        status, _, body = ask(service, f"/v1/datasets/{tidemill.TABLE}/data.json?{name}={urllib.parse.quote(value)}")
        assert status in (200, 404, 400, 422), (name, status)
        if status == 400:
            assert json.loads(body)["type"] in ("/problems/unknown-code", "/problems/bad-value",
                                                "/problems/conflicting-parameters"), (name, body)
