# SPDX-License-Identifier: Apache-2.0
"""A run's log as server-sent events: in order, resumed, with and without a password, and its end with the server's."""
import base64
import json
import socket
import urllib.error
import urllib.request

import pytest
from support.server import Server


class Stream:
    """Server-sent events as they come."""

    def __init__(self, server, run, query="", **headers):
        request = urllib.request.Request(f"{server.url}/flow_runs/{run}/logs/stream{query}", headers=headers)
        self.answer = urllib.request.urlopen(request, timeout=30)
        assert self.answer.headers["Content-Type"] == "text/event-stream"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()

    def next(self, kind):
        """The next event of this kind: (id, data)."""
        event = {}
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name:
                event[name] = value
            elif event.get("event") == kind:
                return event.get("id"), json.loads(event["data"])
            else:
                event = {}
        raise AssertionError("the stream ended")


@pytest.fixture
def server(program, tmp_path):
    with Server(tmp_path / "data") as running:
        yield running


def make_run(server):
    flow = server.must("POST", "/flows/", {"name": "f"})
    return server.must("POST", "/flow_runs/", {"flow_id": flow["id"], "state": {"type": "RUNNING"}})["id"]


def log(server, run, *lines):
    server.must("POST", "/logs/", [{"name": "f", "level": 20, "message": line, "flow_run_id": run} for line in lines])


def test_lines_come_as_they_are_written_and_are_resumed(server):
    run, other = make_run(server), make_run(server)
    log(server, run, "one", "two")
    with Stream(server, run) as stream:
        first = [stream.next("log") for _ in range(2)]
        assert [line["message"] for _, line in first] == ["one", "two"]
        log(server, other, "of another run")
        log(server, run, "three\nof two lines")
        number, line = stream.next("log")
        assert line["message"] == "three\nof two lines" and line["flow_run_id"] == run
    log(server, run, "four")
    with Stream(server, run, **{"Last-Event-ID": number}) as stream:
        assert stream.next("log")[1]["message"] == "four"
    with Stream(server, run, f"?after={first[0][0]}") as stream:
        assert stream.next("log")[1]["message"] == "two"


def test_changes_of_the_run_are_told(server):
    run = make_run(server)
    with Stream(server, run) as stream:
        assert stream.next("run")[1]["state_type"] == "RUNNING"
        log(server, run, *(f"line {number}" for number in range(450)))
        server.must("POST", f"/flow_runs/{run}/set_state", {"state": {"type": "COMPLETED"}})
        lines = [stream.next("log")[1]["message"] for _ in range(450)]
        assert lines == [f"line {number}" for number in range(450)]
        while stream.next("run")[1]["state_type"] != "COMPLETED":
            pass


def test_a_stream_needs_the_password(program, tmp_path):
    with Server(tmp_path / "data", auth="me:secret") as server:
        token = {"Authorization": "Basic " + base64.b64encode(b"me:secret").decode()}
        status, flow = server.ask("POST", "/flows/", {"name": "f"}, token)
        assert status == 201
        run = server.ask("POST", "/flow_runs/", {"flow_id": flow["id"]}, token)[1]["id"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            Stream(server, run)
        assert refused.value.code == 401
        with Stream(server, run, **token) as stream:
            server.ask("POST", "/logs/", [{"name": "f", "level": 20, "message": "x", "flow_run_id": run}], token)
            assert stream.next("log")[1]["message"] == "x"


@pytest.mark.parametrize(("run", "query", "status"), [
    ("00000000-0000-4000-8000-000000000001", "", 404), ("nonsense", "", 404), (None, "?after=-1", 422), (None, "?after=x", 422)])
def test_what_cannot_be_streamed(server, run, query, status):
    assert server.ask("GET", f"/flow_runs/{run or make_run(server)}/logs/stream{query}")[0] == status


def test_the_server_ends_with_readers(server):
    run = make_run(server)
    readers = [Stream(server, run) for _ in range(20)]
    for reader in readers:
        reader.next("run")
    # One that never reads what comes holds nothing up.
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(f"GET /api/flow_runs/{run}/logs/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        log(server, run, *("x" * 1000 for _ in range(2000)))
        assert readers[0].next("log")[1]["message"] == "x" * 1000
        for reader in readers:
            reader.answer.close()
        assert server.stop() == 0
