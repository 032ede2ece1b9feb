# SPDX-License-Identifier: Apache-2.0
"""`tidemill serve` over the samples: the old route byte for byte, documentation, datasets, operations."""
import http.client
import json
import re
import socket
import struct
import urllib.parse

import openapi_spec_validator
import pytest
from support import sheets, tidemill

pytestmark = pytest.mark.usefixtures("program")


@pytest.fixture(scope="module")
def service(first_run):
    with tidemill.Service(first_run[0]) as running:
        yield running


def old_body(year, code, counts):
    """What the service before answered: the last business day of each month, the count as float32."""
    data = {
        sheets.last_business_day(year, month).isoformat(): struct.unpack("f", struct.pack("f", count))[0]
        for month, count in sorted(counts.items())
    }
    body = {"year": year, "geo_code": code, "data": data}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def test_old_route_answers_as_before_for_every_year_and_area(service, first_run):
    counts = {}
    for (code, period), count in tidemill.deaths(first_run[0]).items():
        counts.setdefault((int(period[:4]), code), {})[int(period[5:])] = count
    address = urllib.parse.urlsplit(service.root)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    for (year, code), by_month in counts.items():
        connection.request("GET", f"/year/{year}/geo_code/{code}")
        reply = connection.getresponse()
        assert (reply.status, reply.read()) == (200, old_body(year, code, by_month)), (year, code)
        assert reply.headers["Content-Type"] == "application/json"
    connection.close()


@pytest.mark.parametrize("path", ["/year/2018/geo_code/zzz", "/year/1999/geo_code/E07000105"])
def test_old_route_knows_no_unknown_area_or_year(service, path):
    _, _, year, _, code = path.split("/")
    assert service.get(path)[::2] == (200, old_body(int(year), code, {}))


def test_old_route_refuses_a_year_that_is_no_number(service):
    status, _, body = service.get("/year/abc/geo_code/E07000105")
    assert status == 422
    assert json.loads(body) == {
        "detail": [{"loc": ["path", "year"], "msg": "value is not a valid integer", "type": "type_error.integer"}]
    }


def test_compound_area_has_a_route_of_its_own(service):
    assert len(service.json(f"/year/2018/geo_code/{tidemill.TOTAL}")["data"]) == 12


def test_unknown_route_is_not_found(service):
    assert service.get("/nothing/here")[0] == 404


def test_docs_need_no_other_host(service):
    status, headers, body = service.get("/docs")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    text = body.decode()
    links = re.findall(r"""(?:src|href)\s*=\s*["']([^"']+)""", text)
    assert any(link.endswith(".js") for link in links)
    for link in links:
        assert not re.match(r"(?:[a-z]+:)?//", link), link
        if not link.startswith(("data:", "#")):
            assert service.get(urllib.parse.urljoin("/docs", link))[0] == 200, link


def test_openapi_document_is_valid(service):
    document = service.json("/openapi.json")
    assert document["openapi"].startswith("3.1")
    openapi_spec_validator.validate(document)
    route = document["paths"]["/year/{year}/geo_code/{geo_code}"]["get"]
    assert route["operationId"] == "read_item_year__year__geo_code__geo_code__get"
    assert "/v1/datasets" in document["paths"]


def test_datasets_are_listed_and_described(service, first_run):
    assert tidemill.TABLE in json.dumps(service.json("/v1/datasets"))
    text = json.dumps(service.json(f"/v1/datasets/{tidemill.TABLE}"))
    for word in ("geo_code", "period", "deaths", "Office for National Statistics"):
        assert word in text
    assert service.get("/v1/datasets/nothing")[0] == 404


def test_operations(service):
    assert service.get("/healthz")[0] == 200
    assert re.search(rb"\d+\.\d+", service.get("/version")[2])


def test_answers_can_be_asked_for_again_cheaply(service):
    path = "/year/2018/geo_code/E07000105"
    _, headers, _ = service.get(path)
    address = urllib.parse.urlsplit(service.root)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.request("GET", path, headers={"If-None-Match": headers["ETag"]})
    reply = connection.getresponse()
    assert (reply.status, reply.read()) == (304, b"")
    connection.close()


@pytest.mark.parametrize(
    "bad",
    [b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"\x00\x01\x02\r\n\r\n"],
)
def test_broken_requests_do_no_harm(service, bad):
    address = urllib.parse.urlsplit(service.root)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(bad)
        connection.recv(4096)
    assert service.get("/healthz")[0] == 200
