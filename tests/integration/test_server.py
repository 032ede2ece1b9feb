# SPDX-License-Identifier: Apache-2.0
"""The orchestration server, asked by hand: what it keeps, whom it refuses, how it ends."""
import http.client
import os
import resource
import sqlite3
import subprocess
import threading
import uuid

import pytest
from support import tidemill
from support.console import Console, free_port
from support.server import ROOT, Server

KILLS = int(os.environ.get("TIDEMILL_KILLS", "20"))


@pytest.fixture
def server(program, tmp_path):
    with Server(tmp_path / "data") as running:
        yield running


def make_run(server, **more):
    flow = server.must("POST", "/flows/", {"name": "f"})
    state = {"type": "PENDING", "name": "Pending"}
    return server.must("POST", "/flow_runs/", {"flow_id": flow["id"], "state": state} | more)


def set_state(server, run, kind, **more):
    return server.ask("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": kind} | more})


def task_event(event, task, run):
    """What Prefect 3 says of a task that begins."""
    return {
        "id": event, "event": "prefect.task-run.Running",
        "resource": {"prefect.resource.id": f"prefect.task-run.{task}", "prefect.orchestration": "client"},
        "related": [{"prefect.resource.id": f"prefect.flow-run.{run}", "prefect.resource.role": "flow-run"}],
        "payload": {"validated_state": {"type": "RUNNING", "name": "Running"},
                    "task_run": {"name": "t", "task_key": "t", "dynamic_key": task}},
    }


def test_it_ends_on_sigterm_and_keeps_everything(program, tmp_path):
    with Server(tmp_path / "data") as server:
        run = make_run(server)
        assert set_state(server, run, "RUNNING")[1]["status"] == "ACCEPT"
        assert server.stop() == 0
    with Server(tmp_path / "data") as server:
        assert server.must("GET", f"/flow_runs/{run['id']}")["state_type"] == "RUNNING"


def test_what_was_acknowledged_survives_a_kill(program, tmp_path):
    port, acknowledged, told = 0, [], []
    for _ in range(KILLS):
        server = Server(tmp_path / "data", port=port)
        port = server.port
        flow = server.must("POST", "/flows/", {"name": "f"})
        enough = threading.Event()

        def create(server=server, flow=flow, enough=enough):
            while True:
                key = str(uuid.uuid4())
                try:
                    status, run = server.ask("POST", "/flow_runs/", {"flow_id": flow["id"], "idempotency_key": key})
                except OSError:
                    return
                assert status == 201
                acknowledged.append((key, run["id"]))
                event, task = str(uuid.uuid4()), str(uuid.uuid4())
                try:
                    status, answer = server.ask("POST", "/events", [task_event(event, task, run["id"])])
                except OSError:
                    return
                assert status == 204, answer
                told.append((event, task))
                if len(acknowledged) % 40 == 0:
                    enough.set()

        clients = [threading.Thread(target=create) for _ in range(4)]
        for client in clients:
            client.start()
        assert enough.wait(60)
        server.kill()
        for client in clients:
            client.join()
    with sqlite3.connect(tmp_path / "data" / "orchestrator.db") as database:
        kept = dict(database.execute("SELECT idempotency_key, id FROM flow_run"))
        events = {row[0] for row in database.execute("SELECT id FROM event")}
        tasks = [row[0] for row in database.execute("SELECT id FROM task_run WHERE state_name = 'Running'")]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert acknowledged
    assert {key: kept.get(key) for key, _ in acknowledged} == dict(acknowledged)
    assert told and {event for event, _ in told} <= events
    assert len(tasks) == len(set(tasks)) and {task for _, task in told} <= set(tasks)


def test_a_full_disk_loses_nothing_that_was_acknowledged(program, tmp_path):
    """A limit on the size of files stands for it; raised again, the same server goes on."""
    acknowledged = []
    with Server(tmp_path / "data", "--no-services") as server:
        flow = server.must("POST", "/flows/", {"name": "f"})["id"]
        log = [{"name": "l", "level": 20, "message": "x" * 50_000}]
        grown = max(file.stat().st_size for file in (tmp_path / "data").iterdir()) + (3 << 20)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (grown, resource.RLIM_INFINITY))

        def create():
            status, answer = server.ask("POST", "/flow_runs/", {"flow_id": flow})
            if status == 201:
                acknowledged.append(answer["id"])
            return status, answer

        refused = []
        for _ in range(400):
            refused += [one for one in (create(), server.ask("POST", "/logs", log)) if one[0] >= 300]
            if len(refused) > 5:
                break
        assert {status for status, _ in refused} == {503}
        assert "the disk is full" in str(refused)
        assert server.ask("GET", "/health") == (200, True)
        assert server.must("GET", f"/flow_runs/{acknowledged[0]}")["flow_id"] == flow
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert create()[0] == 201
        assert server.must("POST", "/flow_runs/count", {}) == len(acknowledged)
        server.kill()
    with sqlite3.connect(tmp_path / "data" / "orchestrator.db") as database:
        assert {row[0] for row in database.execute("SELECT id FROM flow_run")} == set(acknowledged)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_second_server_on_the_same_data_is_refused(server, tmp_path):
    result = tidemill.tidemill("server", "start", "--port", 0, "--data", tmp_path / "data")
    assert result.returncode == tidemill.CONFLICT
    assert str(server.process.pid) in result.stderr


def test_beyond_loopback_it_wants_a_password(program, tmp_path):
    result = tidemill.tidemill("server", "start", "--host", "0.0.0.0", "--port", 0, "--data", tmp_path / "data")
    assert result.returncode == tidemill.FORBIDDEN
    assert "PREFECT_SERVER_API_AUTH_STRING" in result.stderr


def test_a_password_is_asked_for_but_not_for_health(program, tmp_path):
    with Server(tmp_path / "data", auth="admin:pass") as server:
        assert server.ask("GET", "/health") == (200, True)
        assert server.ask("GET", "/admin/version") == (401, {"exception_message": "Unauthorized"})
        for word in ("Basic YWRtaW46cGFzcw==", "Bearer admin:pass"):
            assert server.ask("GET", "/version", headers={"Authorization": word}) == (200, "0.8.4")
        for word in ("Basic YWRtaW46cGFzYw==", "Bearer admin:pas", "Basic", "Digest x"):
            assert server.ask("GET", "/version", headers={"Authorization": word})[0] == 401


@pytest.mark.parametrize("headers", [
    {"Host": "evil.example:4200"}, {"Host": "127.evil.example:4200"}, {"Host": "127.0.0.1.evil.example"}, {"Origin": "http://127.evil.example"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
])
def test_foreign_pages_are_refused(server, headers):
    assert server.ask("GET", "/health", headers=headers)[0] == 403


@pytest.mark.parametrize("path,body,status,word", [
    ("/flow_runs/filter", b"{", 422, "no JSON"),
    ("/flow_runs/filter", b"[" * 1000, 422, "no JSON"),
    ("/flow_runs/filter", b"\xff\xfe", 422, "no JSON"),
    ("/flow_runs/filter", b'{"limit": 201}', 422, "less than or equal to 200"),
    ("/flow_runs/filter", b'{"sort": "BY_MOON"}', 422, "BY_MOON"),
    ("/flow_runs/filter", b'{"flow_runs": {"id": {"any_": ["x"]}}}', 422, "flow_runs.id.any_"),
    ("/flow_runs/filter", b'{"flow_runs": {"name": {"any_": "x"}}}', 422, "flow_runs.name.any_"),
    ("/flows/", b"[1]", 422, "an object"),
    ("/flows/", b"{}", 422, "name"),
    ("/flows/", b'{"name": "a/b"}', 422, "name"),
    ("/logs/", b'[{"name": 1}]', 422, "name"),
    ("/flow_runs/xyz/set_state", b"{}", 404, "Not Found"),
    ("/flow_runs/00000000-0000-4000-8000-000000000000/set_state", b'{"state":{"type":"RUNNING"}}', 404, "not found"),
    ("/flow_runs/00000000-0000-4000-8000-000000000000/set_state", b'{"state":{"type":"ASLEEP"}}', 422, "ASLEEP"),
    ("/nothing", b"{}", 404, "Not Found"),
    ("/health", b"{}", 405, "Method"),
])
def test_wrong_requests_get_clear_answers(server, path, body, status, word):
    got, answer = server.ask("POST", path, raw=body)
    assert got == status, answer
    assert word in str(answer)


def test_bodies_are_limited(server):
    assert server.ask("POST", "/logs/", raw=b"x", headers={"Content-Length": str(1 << 30)})[0] == 413


def test_idempotency_keys_and_repeated_transitions(server):
    run = make_run(server, idempotency_key="k")
    status, again = server.ask("POST", "/flow_runs/", {"flow_id": run["flow_id"], "idempotency_key": "k"})
    assert (status, again["id"]) == (200, run["id"])
    details = {"transition_id": str(uuid.uuid4())}
    assert set_state(server, run, "RUNNING", state_details=details)[0] == 201
    status, answer = set_state(server, run, "RUNNING", state_details=details)
    assert (status, answer["status"], answer["state"]["type"]) == (200, "REJECT", "RUNNING")


def test_filters_join_entities_and_null_means_no_condition(server):
    run = make_run(server, tags=["a", "b"], name="first_%")
    make_run(server, tags=["b"], name="other")  # a name of the server's own may hold "st", which the pattern takes
    def names(**filters):
        body = {"flow_runs": None, "flows": None, "limit": None, "sort": None, "offset": 0} | filters
        return [found["name"] for found in server.must("POST", "/flow_runs/filter", body)]
    assert len(names()) == 2
    assert names(flow_runs={"tags": {"all_": ["a", "b"]}}) == ["first_%"]
    assert names(flow_runs={"name": {"like_": "ST_%"}}) == ["first_%"]
    assert names(flow_runs={"id": {"any_": []}}) == []
    assert len(names(flow_runs={"id": {"not_any_": []}})) == 2
    assert len(names(flows={"name": {"any_": ["f"]}}, flow_runs={"state": {"type": {"any_": ["PENDING"]}}})) == 2
    assert names(flows={"name": {"any_": ["g"]}}) == []
    assert names(flow_runs={"operator": "or_", "id": {"any_": [run["id"].upper()]}, "name": {"any_": ["no"]}}) == ["first_%"]
    assert server.must("POST", "/flow_runs/count", {"flow_runs": {"tags": {"any_": ["b"]}}}) == 2


def hostile_body(text):
    word, _, rest = text.partition(" ")
    if word == "@deep":
        return b"[" * int(rest) + b"]" * int(rest)
    if word == "@size":
        return b'{"name": "' + b"x" * (int(rest) * 1_000_000) + b'"}'
    return bytes.fromhex(rest) if word == "@hex" else text.encode()


def test_hostile_requests_are_refused_and_harm_nothing(server):
    secret = "planted-secret"
    run = make_run(server)
    made = server.must("POST", "/deployments/", {"flow_id": run["flow_id"], "name": "d"})
    kind = server.must("POST", "/block_types/", {"name": "Secret Kind", "slug": "secret-kind"})
    schema = server.must("POST", "/block_schemas/", {"block_type_id": kind["id"], "fields": {
        "type": "object", "properties": {"value": {"type": "string", "format": "password"}}, "secret_fields": ["value"]}})
    block = server.must("POST", "/block_documents/", {
        "name": "b", "block_type_id": kind["id"], "block_schema_id": schema["id"], "data": {"value": secret}})
    ids = {"$FLOW": run["flow_id"], "$RUN": run["id"], "$DEPLOYMENT": made["id"], "$BLOCK": block["id"]}
    wrong = []
    for line in (ROOT / "tests" / "orchestrator" / "hostile.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        for name, value in ids.items():
            line = line.replace(name, value)
        method, path, body, status = line.split("\t")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            sent = None if body == "-" else hostile_body(body)
            try:
                connection.request(method, "/api" + path, sent, {"Content-Type": "application/json"})
            except OSError:
                pass  # refused before all of it was sent
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status != int(status) or secret in text or not text.startswith(("{", "[")):
            wrong.append(f"{line[:200]}: {answer.status} {text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert server.must("GET", f"/flow_runs/{run['id']}")["state_type"] == "PENDING"
    assert server.must("POST", "/flow_runs/count", {}) == 1
    assert server.must("POST", "/deployments/count", {}) == 1


def test_a_command_says_that_it_waits_for_a_server_that_is_not_there_yet(program, tmp_path):
    port = free_port()
    console = Console(f"http://127.0.0.1:{port}/api", tmp_path / "home")
    command = console.start("flow", "ls", "--json", stderr=subprocess.PIPE)
    assert "connection refused by 127.0.0.1" in command.stderr.readline()
    with Server(tmp_path / "data", port=port):
        said, complaints = command.communicate(timeout=60)
    assert (command.returncode, said.strip(), complaints) == (0, "[]", "")
