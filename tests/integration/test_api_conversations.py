# SPDX-License-Identifier: Apache-2.0
"""The orchestration API by requests and what must come back (orchestrator/api/): what Prefect's own tests of its API
ask, as far as it can be asked over HTTP. Against our server and the real 3.8.8, which proves what is expected; what
clients of 2.11 ask (orchestrator/api/2.11/, and what is marked so elsewhere) against the real 2.11.5. What automations do (orchestrator/api/services/)
needs background services; a stock server knows those of an emptied database still, so one conversation has it alone."""
import pathlib
import sqlite3

import pytest
from support import conversations, tidemill
from support.console import Stock2, Stock3, free_port
from support.server import ROOT, Server

FOLDER = ROOT / "tests" / "orchestrator" / "api"
FILES = sorted(path.stem for path in FOLDER.glob("*.api"))
FILES_OF_SERVICES = sorted(path.stem for path in (FOLDER / "services").glob("*.api"))
FILES_2 = sorted(path.stem for path in (FOLDER / "2.11").glob("*.api"))
FILES_OF_BOTH = [file for file in FILES if conversations.read_of_2_11(FOLDER / f"{file}.api")]
KEPT = ("alembic_version", "configuration", "csrf_token")


class Ours(Server):
    attempts = 1

    def __init__(self, folder, has_services=False):
        super().__init__(folder, "--allow-clear", *([] if has_services else ["--no-services"]))

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

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        services = disabled(*(f"SERVER_SERVICES_{name}" for name in self.services))
        super().__init__(folder, free_port(), services | {"PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "1"})

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
    with Ours(folder, has_services=True) if request.param == "ours" else Stock(folder) as running:
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
