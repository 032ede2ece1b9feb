# SPDX-License-Identifier: Apache-2.0
"""The WebSockets of the orchestration server, spoken by hand."""
import base64
import json
import os
import socket
import struct
import uuid

import pytest
from support.server import Server
from test_server import make_run, task_event

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Socket:
    def __init__(self, server, path, subprotocol="prefect", **fields):
        self.connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        head = {"Host": f"127.0.0.1:{server.port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()} | fields
        if subprotocol:
            head["Sec-WebSocket-Protocol"] = subprotocol
        lines = [f"GET /api{path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        self.connection.sendall("\r\n".join(lines).encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.connection.recv(65536)
        answer, self.rest = self.rest.split(b"\r\n\r\n", 1)
        self.status = int(answer.split()[1])

    def send(self, message, kind=TEXT):
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self.connection.sendall(bytes([0x80 | kind]) + size + mask + body)

    def take(self, count):
        while len(self.rest) < count:
            more = self.connection.recv(65536)
            assert more, "the connection ended"
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def hear(self):
        """(kind, bytes)."""
        kind, size = self.take(2)
        if size == 126:
            size, = struct.unpack(">H", self.take(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.take(8))
        return kind & 0x0F, self.take(size)

    def hear_json(self):
        kind, data = self.hear()
        assert kind == TEXT, data
        return json.loads(data)

    def greet(self, token=None):
        self.send({"type": "auth", "token": token})
        return self.hear_json()

    def closed(self):
        """(code, reason)."""
        kind, data = self.hear()
        assert kind == CLOSE, data
        return struct.unpack(">H", data[:2])[0], data[2:].decode()


@pytest.fixture
def server(program, tmp_path):
    with Server(tmp_path / "data") as running:
        yield running


def test_a_pong_means_that_the_events_are_kept(server):
    run = make_run(server)
    events = [task_event(str(uuid.uuid4()), str(uuid.uuid4()), run["id"]) for _ in range(50)]
    sent = Socket(server, "/events/in")
    assert sent.greet() == {"type": "auth_success"}
    for event in events:
        sent.send(event)
    sent.send(b"all", PING)
    assert sent.hear() == (PONG, b"all")
    server.kill()
    with Server(server.folder) as again:
        found = again.must("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
        assert len(found) == 50


def test_events_and_logs_are_streamed_as_they_are_written(server):
    events, logs = Socket(server, "/events/out"), Socket(server, "/logs/out")
    for one in (events, logs):
        one.greet()
    events.send({"type": "filter", "filter": {"event": {"name": ["prefect.flow-run.Cancelling"]}, "id": {"id": []}}})
    logs.send({"type": "filter", "filter": {"level": {"ge_": 30}}})
    run = make_run(server)
    server.must("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "RUNNING"}})
    server.must("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLING"}})
    told = events.hear_json()
    assert told["type"] == "event" and told["event"]["resource"]["prefect.resource.id"] == f"prefect.flow-run.{run['id']}"
    # The stream may begin after the first lines: they are written until one is told.
    for number in range(200):
        for level in (20, 40):
            server.must("POST", "/logs/", [{"name": "n", "level": level, "message": f"{level} {number}",
                                            "timestamp": "2026-01-01T00:00:00Z", "flow_run_id": run["id"]}])
        logs.connection.settimeout(0.1)
        try:
            line = logs.hear_json()
            break
        except TimeoutError:
            continue
    assert line["type"] == "log" and line["log"]["level"] == 40


def test_wrong_clients_are_told_so(program, tmp_path):
    with Server(tmp_path / "data", auth="user:secret") as server:
        assert Socket(server, "/events/in", subprotocol=None).status == 401
        assert Socket(server, "/events/in", Origin="http://evil.example").status == 403
        wrong = Socket(server, "/events/in")
        wrong.send({"type": "auth", "token": "secret"})
        assert wrong.closed() == (1008, "Invalid token")
        early = Socket(server, "/events/in")
        early.send(task_event(str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4())))
        assert early.closed()[0] == 1008
        for message in (b"no json", {"event": "x"}):
            bad = Socket(server, "/events/in")
            assert bad.greet("user:secret") == {"type": "auth_success"}
            bad.send(message)
            code, reason = bad.closed()
            assert code == 1008 and "secret" not in reason
        assert server.ask("GET", "/events/in", headers={"Authorization": "Bearer user:secret"})[0] == 426
        # A greeting opens no other route.
        assert Socket(server, "/block_documents/count").status == 401
