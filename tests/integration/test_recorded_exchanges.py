# SPDX-License-Identifier: Apache-2.0
"""What real Prefect clients once asked of a real server, asked of ours: status and body must be the recorded ones, up to
ids, times, and what is invented or derived."""
import json
import lzma
import os
import pathlib
import re
from datetime import datetime

import pytest
from support.server import Server

FOLDER = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", "")) / "prefect-exchanges"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
INVENTED = re.compile(r"[a-z]+-[a-z]+")
# Where ours says more than the stock server did, or knows it in another way: (end of the place, what was recorded).
SAYS_MORE = [("active_slots", None), ("flow_run.state", None), ("flow_run.work_queue_name", None),
             ("status", "READY"),  # of pools: workers told it over a socket of theirs
             (".pull_steps", []),  # null, as 2.11 has it
             (".is_protected", True)]  # nothing is, here
DERIVED = {"estimated_run_time", "estimated_start_time_delta", "total_run_time", "last_polled", "created", "updated"}


def recorded(name):
    path = FOLDER / f"{name}.jsonl.xz"
    if not path.is_file():
        pytest.skip("no recorded exchanges: TIDEMILL_SHARED_DATA does not name a folder with prefect-exchanges")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Replay:
    def __init__(self, server):
        self.server = server
        self.ids = {}  # recorded → ours
        self.names = {}  # the same of names that servers invent

    def ours(self, text):
        return ID.sub(lambda found: self.ids.get(found.group(), found.group()), text)

    def learn(self, theirs, got):
        """Walks both answers side by side and notes which of our ids stands for which of theirs."""
        if isinstance(theirs, dict) and isinstance(got, dict):
            for key in theirs.keys() & got.keys():
                self.learn(theirs[key], got[key])
        elif isinstance(theirs, list) and isinstance(got, list):
            for one, other in zip(theirs, got):
                self.learn(one, other)
        elif isinstance(theirs, str) and isinstance(got, str) and ID.fullmatch(theirs) and ID.fullmatch(got):
            self.ids.setdefault(theirs, got)

    def differences(self, theirs, got, where=""):
        if any(where.endswith(end) and theirs == value for end, value in SAYS_MORE):
            return
        if isinstance(theirs, dict) and isinstance(got, dict):
            for key, value in theirs.items():
                if key not in got:
                    yield f"{where}.{key} is missing"
                elif key not in DERIVED:
                    yield from self.differences(value, got[key], f"{where}.{key}")
        elif isinstance(theirs, list) and isinstance(got, list):
            if len(theirs) != len(got):
                yield f"{where}: {len(got)} elements, recorded were {len(theirs)}"
            for number, (one, other) in enumerate(zip(theirs, got)):
                yield from self.differences(one, other, f"{where}[{number}]")
        elif isinstance(theirs, str) and isinstance(got, str) and TIME.match(theirs):
            datetime.fromisoformat(got.replace("Z", "+00:00"))
        elif where.endswith(".name") and isinstance(theirs, str) and INVENTED.fullmatch(theirs):
            # One invented name stands for the other from then on.
            if not INVENTED.fullmatch(str(got)) or self.names.setdefault(theirs, got) != got:
                yield f"{where}: {got!r}, recorded was {theirs!r}"
        elif isinstance(theirs, str) and theirs.startswith("anonymous-"):
            if not re.fullmatch(r"anonymous-" + ID.pattern, str(got)):
                yield f"{where}: {got!r} is no invented name"
        elif (self.ours(theirs) if isinstance(theirs, str) else theirs) != got:
            yield f"{where}: {got!r}, recorded was {theirs!r}"

    def ask(self, line):
        body = self.ours(line["req"]).encode() if line["req"] else None
        path = self.ours(line["p"]).removeprefix("/api")
        status, got = self.server.ask(line["m"], path, raw=body, headers=line.get("h") or {})
        theirs = json.loads(line["res"]) if line["res"] else None
        self.learn(theirs, got)
        what = f"{line['m']} {line['p']}"
        if status != line["st"]:
            return [f"{what}: status {status}, recorded was {line['st']}: {got}"]
        return [f"{what} {difference}" for difference in self.differences(theirs, got)]


ALLOWED = {  # (path, our status): what the clients take as well, and why it is ours
    "/api/collections/views/aggregate-worker-metadata": 404,  # clients bring their own
}
VERSION = "/api/admin/version"  # ours is the newest that was tried


def told(line):
    """The event that a client tells of over its socket, or nothing."""
    if line["m"] != "WS" or line["ev"] != "c>s" or line["p"] != "/api/events/in":
        return None
    message = json.loads(line["d"])
    return message if "event" in message else None


def replay(server, *names):
    player = Replay(server)
    found = []
    for name in names:
        lines = recorded(name)
        assert lines
        for line in lines:
            event = told(line)
            if event:
                status, got = server.ask("POST", "/events", raw=player.ours(json.dumps([event])).encode())
                found += [] if status == 204 else [f"{event['event']}: {status} {got}"]
            elif line["m"] != "WS" and line["st"] != 503 and line["p"].split("?")[0] not in (*ALLOWED, VERSION):
                found += player.ask(line)
            elif line["m"] != "WS" and line["p"].split("?")[0] in ALLOWED:
                status, _ = server.ask(line["m"], line["p"].removeprefix("/api"))
                assert status == ALLOWED[line["p"].split("?")[0]]
    assert not found, "\n".join(found)
    return player


@pytest.fixture
def server(program, tmp_path):
    with Server(tmp_path / "data", "--no-services") as running:
        yield running


def test_agent_of_2_11(server):
    replay(server, "cap_agent211")


def tasks_of(server, flow):
    found = server.must("POST", "/task_runs/filter", {"flows": {"name": {"any_": [flow]}}, "sort": "NAME_ASC"})
    return sorted((task["name"].rsplit("-", 1)[0], task["state_name"]) for task in found)


def test_local_flow_of_3(server):
    replay(server, "cap_local")
    assert tasks_of(server, "parent") == [("add", "Completed"), ("add", "Completed"), ("cached", "Cached"),
                                          ("cached", "Completed"), ("child", "Completed"), ("flaky", "Completed")]


def test_deploying_and_its_workers_of_3(server):
    replay(server, "cap_deploy", "cap_worker", "cap_blocked", "cap_serve")


def test_limits_blocks_and_transactions_of_3(server):
    for body in ({"name": "dbx", "limit": 1}, {"name": "rl", "limit": 1, "slot_decay_per_second": 1.0}):
        server.must("POST", "/v2/concurrency_limits/", body)
    # What the stock server has of its own: the type and the schema of secrets, as the client was told them.
    known = {line["p"].split("?")[0]: json.loads(line["res"]) for line in recorded("cap_f3") if line["m"] == "GET" and line["res"]}
    kind = server.must("POST", "/block_types/", known["/api/block_types/slug/secret"])
    schema = next(body for path, body in known.items() if path.startswith("/api/block_schemas/checksum/"))
    server.must("POST", "/block_schemas/", schema | {"block_type_id": kind["id"]})
    replay(server, "cap_f3")
    assert ("Failed" in {state for _, state in tasks_of(server, "main")}
            and "RolledBack" in {state for _, state in tasks_of(server, "main")})
