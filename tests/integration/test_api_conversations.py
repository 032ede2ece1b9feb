# SPDX-License-Identifier: Apache-2.0
"""The orchestration API by requests and what must come back (orchestrator/api/): what Prefect's own tests of its API
ask, as far as it can be asked over HTTP. Against our server and the real 3.8.8, which proves what is expected; what
clients of 2.11 ask (orchestrator/api/2.11/, and what is marked so elsewhere) against the real 2.11.5. What automations do (orchestrator/api/services/)
needs background services; a stock server knows those of an emptied database still, so one conversation has it alone.
What they ask over WebSockets stands below as Python."""
import base64
import datetime
import pathlib
import sqlite3
import uuid

import pytest
from support import conversations, tidemill
from support.console import Stock2, Stock3, free_port
from support.server import ROOT, Server
from test_sockets import Socket

FOLDER = ROOT / "tests" / "orchestrator" / "api"
FILES = sorted(path.stem for path in FOLDER.glob("*.api"))
FILES_OF_SERVICES = sorted(path.stem for path in (FOLDER / "services").glob("*.api"))
FILES_2 = sorted(path.stem for path in (FOLDER / "2.11").glob("*.api"))
FILES_OF_BOTH = [file for file in FILES if conversations.read_of_2_11(FOLDER / f"{file}.api")]
KEPT = ("alembic_version", "configuration", "csrf_token")
PASSWORD = "user:secret"
WITH_PASSWORD = {"Authorization": "Basic " + base64.b64encode(PASSWORD.encode()).decode()}


class Ours(Server):
    attempts = 1

    def __init__(self, folder, is_busy=False):
        """Busy: background services are at work, and it asks for a password."""
        self.fields = WITH_PASSWORD if is_busy else {}
        super().__init__(folder, "--allow-clear", *([] if is_busy else ["--no-services"]), auth=PASSWORD if is_busy else None)

    def ask(self, method, path, body=None):
        return super().ask(method, path, body, self.fields)

    def clear(self):
        self.must("POST", "/admin/database/clear", {"confirm": True})


def disabled(*services):
    return {f"PREFECT_{name}_ENABLED": "false" for name in services}


class Emptied:
    """A stock server whose database is emptied between two conversations. It finds its database locked by its own
    services now and then and answers so (of runs made in bulk within a 200), so a conversation may begin anew."""

    attempts = 3

    def clear(self):
        with sqlite3.connect(self.folder / "prefect.db", timeout=30) as database:
            database.execute("PRAGMA foreign_keys = OFF")
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if table not in KEPT:
                    database.execute(f'DELETE FROM "{table}"')
        database.close()


class Stock(Emptied, Stock3):
    """Without the services that would plan, end or delete what is looked at, and with one that keeps each event at once."""

    services = ("SCHEDULER", "LATE_RUNS", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "FOREMAN", "REPOSSESSOR")

    def __init__(self, folder, is_busy=False):
        self.folder = pathlib.Path(folder)
        settings = disabled(*(f"SERVER_SERVICES_{name}" for name in self.services))
        settings["PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE"] = "1"
        settings |= {f"PREFECT_SERVER_LOGS_STREAM_{name}_ENABLED": "true" for name in ("OUT", "PUBLISHING")}
        if is_busy:
            self.fields = WITH_PASSWORD
            settings["PREFECT_SERVER_API_AUTH_STRING"] = PASSWORD
        super().__init__(folder, free_port(), settings)

    def ask(self, method, path, body=None):
        answers = []

        def is_answered():  # it says 503 while it is busy with its own database
            answers.append(super(Stock, self).ask(method, path, body))
            return answers[-1][0] != 503

        tidemill.eventually(is_answered, 30)
        return answers[-1]


class Old(Emptied, Stock2):
    services = ("SCHEDULER", "LATE_RUNS", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "FLOW_RUN_NOTIFICATIONS")

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        super().__init__(folder, free_port(), disabled(*(f"API_SERVICES_{name}" for name in self.services)))


@pytest.fixture(scope="module", params=["ours", "stock 3.8.8"])
def server(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with Ours(folder) if request.param == "ours" else Stock(folder) as running:
        yield running


@pytest.fixture(scope="module", params=["ours", "stock 2.11.5"])
def old_server(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("old_server")
    with Ours(folder) if request.param == "ours" else Old(folder) as running:
        yield running


@pytest.fixture(scope="module", params=["ours", "stock 3.8.8"])
def busy_server(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("busy_server")
    with (Ours if request.param == "ours" else Stock)(folder, is_busy=True) as running:
        yield running


def hold(server, path, read=conversations.read):
    found = []
    for title, steps in read(path):
        for _ in range(server.attempts):
            wrong = held(server, steps)
            if not wrong:
                break
        found += [f"{path.name}:{number} ({title}): {asked}\n    {what}" for number, asked, what in wrong]
    assert not found, "\n".join(found)


def held(server, steps):
    """What came back otherwise than it must, of a conversation on an empty database."""
    server.clear()
    conversation = conversations.Conversation(server.ask)
    wrong = []
    for number, step in steps:
        try:
            conversation.step(step)
        except conversations.Wrong as what:
            wrong.append((number, step[0][:200], what))
    return wrong


@pytest.mark.parametrize("file", FILES)
def test_conversations(server, file):
    hold(server, FOLDER / f"{file}.api")


@pytest.mark.parametrize("file", FILES_OF_SERVICES)
def test_conversations_about_services(busy_server, file):
    hold(busy_server, FOLDER / "services" / f"{file}.api")


@pytest.mark.parametrize("file", FILES_2)
def test_conversations_of_2_11(old_server, file):
    hold(old_server, FOLDER / "2.11" / f"{file}.api")


@pytest.mark.parametrize("file", FILES_OF_BOTH)
def test_conversations_of_both(old_server, file):
    hold(old_server, FOLDER / f"{file}.api", conversations.read_of_2_11)


def now(**later):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**later)).isoformat()


def make_event(name):
    return {"id": str(uuid.uuid4()), "occurred": now(), "event": name, "resource": {"prefect.resource.id": "thing"}, "related": [],
            "payload": {}}


def names_of(server, names):
    """Those of the events that are kept, oldest first."""
    found = server.must("POST", "/events/filter", {"filter": {"event": {"name": names}, "order": "ASC"}})
    return [event["event"] for event in found["events"]]


def heard(listener, send):
    """What is told next: it is sent until it is, for a stream begins a moment after it was asked for."""
    for _ in range(40):
        send()
        listener.connection.settimeout(0.5)
        try:
            return listener.hear_json()
        except TimeoutError:
            continue
    raise AssertionError("nothing is told")


@pytest.mark.parametrize("path", ["/events/in", "/events/out", "/logs/out"])
def test_web_sockets_ask_for_the_password(busy_server, path):
    assert Socket(busy_server, path, subprotocol=None).status in (401, 403)
    for message, reason in (({"type": "filter", "filter": {}}, "Expected 'auth' message"), ({"type": "auth", "token": "wrong"}, "Invalid token"),
                            ({"type": "auth"}, "Auth required but no token provided")):
        refused = Socket(busy_server, path)
        refused.send(message)
        assert refused.closed() == (1008, reason)
    assert Socket(busy_server, path).greet(PASSWORD) == {"type": "auth_success"}


@pytest.mark.parametrize("path", ["/events/out", "/logs/out"])
def test_streams_begin_with_a_filter(server, path):
    other = Socket(server, path)
    assert other.greet("any") == {"type": "auth_success"}
    other.send({"type": "what?", "filter": {}})
    assert other.closed() == (1002, "Expected 'filter' message")
    wrong = Socket(server, path)
    wrong.greet()
    wrong.send({"type": "filter", "filter": "jankystank"})
    if isinstance(server, Ours):
        code, reason = wrong.closed()
        assert code == 1002 and reason.startswith("Invalid filter: ")
    else:  # its reason is too long for a closing frame: it hangs up
        with pytest.raises(AssertionError, match="the connection ended"):
            wrong.hear()


def test_events_are_taken_and_told(server):
    server.clear()
    names = ["first", "second", "third", "fourth"]
    plain = Socket(server, "/events/in", subprotocol=None)  # as old clients do, where no password is asked for
    for name in names[:2]:
        plain.send(make_event(name))
        assert tidemill.eventually(lambda name=name: name in names_of(server, names), 30)
    greeted = Socket(server, "/events/in")
    assert greeted.greet() == {"type": "auth_success"}
    greeted.send(make_event("third"))
    assert tidemill.eventually(lambda: names_of(server, names) == names[:3], 30)
    from_now = Socket(server, "/events/out")
    from_before = Socket(server, "/events/out")
    filter = {"event": {"name": names}, "occurred": {"since": now(minutes=-10), "until": now(days=1)}}
    for listener, backfill in ((from_now, False), (from_before, True)):
        listener.greet()
        listener.send({"type": "filter", "filter": filter, "backfill": backfill})
    assert [from_before.hear_json()["event"]["event"] for _ in range(3)] == names[:3]
    told = heard(from_now, lambda: greeted.send(make_event("fourth")))
    assert told["type"] == "event" and told["event"]["event"] == "fourth"
    assert from_before.hear_json()["event"]["event"] == "fourth"


def test_lines_of_logs_are_told(server):
    server.clear()
    listener = Socket(server, "/logs/out")
    listener.greet()
    listener.send({"type": "filter", "filter": {"level": {"ge_": 30}}})
    lines = [{"name": "test", "level": level, "message": f"level {level}", "timestamp": now(), "flow_run_id": str(uuid.uuid4())}
             for level in (20, 40)]
    told = heard(listener, lambda: server.must("POST", "/logs/", lines))
    assert told["type"] == "log" and told["log"]["message"] == "level 40"
