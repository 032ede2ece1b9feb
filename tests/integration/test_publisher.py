# SPDX-License-Identifier: Apache-2.0
"""The loopback publisher does what the other tests count on."""
import http.client
import json
import subprocess
import sys
import urllib.parse

import pytest
from support import sites, tidemill
from support.publisher import Publisher

WORKBOOK = f"{sites.pages.PAGE}/2018/samplepublished2018.xls"


def ask(root, target, method="GET", headers=None, body=None):
    """(status, headers, bytes)."""
    address = urllib.parse.urlsplit(root)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        connection.request(method, target, body=body, headers=headers or {})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()


def test_gives_files_by_query_and_by_path(publisher):
    quoted = urllib.parse.quote(WORKBOOK, safe="")
    answers = [ask(publisher.root, target)[2] for target in (f"/file?uri={WORKBOOK}", f"/file?uri={quoted}", WORKBOOK)]
    assert answers == [(sites.SAMPLES / "files/2018/samplepublished2018.xls").read_bytes()] * 3
    assert ask(publisher.root, "/file?uri=/none")[0] == 404


def test_says_what_has_not_changed(publisher):
    _, headers, _ = ask(publisher.root, WORKBOOK)
    assert ask(publisher.root, WORKBOOK, headers={"If-None-Match": headers["ETag"]})[0] == 304
    assert ask(publisher.root, WORKBOOK, headers={"If-Modified-Since": headers["Last-Modified"]})[0] == 304
    assert ask(publisher.root, WORKBOOK, headers={"If-None-Match": '"other"'})[0] == 200
    publisher.validators = False
    status, headers, _ = ask(publisher.root, WORKBOOK, headers={"If-None-Match": headers["ETag"]})
    assert status == 200 and headers["ETag"] is None


def test_head_has_no_body(publisher):
    status, headers, body = ask(publisher.root, WORKBOOK, "HEAD")
    assert (status, body) == (200, b"") and int(headers["Content-Length"]) > 50_000


def test_pages_of_both_states_link_to_what_is_there(publisher):
    for state in ("state-1", "state-2"):
        publisher.switch(state)
        pages = [publisher.site.page] + ([f"{publisher.site.page}/2022"] if state == "state-2" else [])
        for page in pages:
            text = ask(publisher.root, page)[2].decode()
            links = [part.split('"')[0] for part in text.split('href="')[1:] if part.startswith("/file")]
            assert len(links) == (6 if page == publisher.site.page else 2)
            assert [ask(publisher.root, link)[0] for link in links] == [200] * len(links)


def test_faults_come_as_often_as_asked(publisher):
    publisher.faults = [
        {"kind": "status", "status": 429, "retry_after": 3, "times": 1},
        {"kind": "html", "times": 1},
        {"kind": "cut", "bytes": 100, "times": 1},
    ]
    status, headers, _ = ask(publisher.root, WORKBOOK)
    assert (status, headers["Retry-After"]) == (429, "3")
    assert ask(publisher.root, WORKBOOK)[2].startswith(b"<!DOCTYPE html>")
    assert len(ask(publisher.root, WORKBOOK)[2]) == 100
    assert len(ask(publisher.root, WORKBOOK)[2]) > 50_000


def test_faults_break_connections(publisher):
    publisher.faults = [{"kind": "truncate", "bytes": 100, "times": 1}, {"kind": "reset", "times": 1}]
    with pytest.raises(http.client.IncompleteRead):
        ask(publisher.root, WORKBOOK)
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        ask(publisher.root, WORKBOOK)
    assert ask(publisher.root, WORKBOOK)[0] == 200


def test_folder_of_files_gets_a_page(tmp_path):
    (tmp_path / "2018").mkdir()
    (tmp_path / "2018" / "figures.csv").write_text("a,b\n", encoding="utf-8")
    with Publisher(tmp_path) as publisher:
        text = ask(publisher.root, "/")[2].decode()
        assert "2018 edition of this dataset" in text and "/file?uri=/2018/figures.csv" in text
        assert ask(publisher.root, "/file?uri=/2018/figures.csv")[2] == b"a,b\n"


def test_command_prints_its_address_keeps_a_log_and_obeys(tmp_path):
    log = tmp_path / "log.jsonl"
    tool = tidemill.ROOT / "tests" / "support" / "publisher.py"
    command = [sys.executable, tool, sites.SAMPLES, "--state", "state-1", "--control", "--log", log]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        page = process.stdout.readline().strip()
        root = page.removesuffix(sites.pages.PAGE)
        assert ask(root, f"{sites.pages.PAGE}/2022")[0] == 404
        assert ask(root, "/_control", "POST", body=json.dumps({"state": "state-2"}))[0] == 204
        assert ask(root, f"{sites.pages.PAGE}/2022")[0] == 200
        process.terminate()
    assert [json.loads(line)["status"] for line in log.read_text().splitlines()] == [404, 204, 200]
