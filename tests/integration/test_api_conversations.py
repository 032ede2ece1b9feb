# SPDX-License-Identifier: Apache-2.0
"""The orchestration API by requests and what must come back (orchestrator/api/): what Prefect's own tests of its API
ask, as far as it can be asked over HTTP. Against our server and the real 3.8.8, which proves what is expected."""
import pathlib
import sqlite3

import pytest
from support import conversations, tidemill
from support.console import Stock3, free_port
from support.server import ROOT, Server

FOLDER = ROOT / "tests" / "orchestrator" / "api"
FILES = sorted(path.stem for path in FOLDER.glob("*.api"))
KEPT = ("alembic_version", "configuration", "csrf_token")


class Ours(Server):
    def __init__(self, folder):
        super().__init__(folder, "--no-services", "--allow-clear")

    def clear(self):
        self.must("POST", "/admin/database/clear", {"confirm": True})


class Stock(Stock3):
    """Without the services that would plan, end or delete what is looked at, and with one that keeps each event at once."""

    services = ("SCHEDULER", "LATE_RUNS", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "FOREMAN", "REPOSSESSOR")

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        super().__init__(folder, free_port(), {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in self.services} | {
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "1"})

    def ask(self, method, path, body=None):
        answers = []

        def is_answered():  # it says 503 while it is busy with its own database
            answers.append(super(Stock, self).ask(method, path, body))
            return answers[-1][0] != 503

        tidemill.eventually(is_answered, 30)
        return answers[-1]

    def clear(self):
        with sqlite3.connect(self.folder / "prefect.db", timeout=30) as database:
            database.execute("PRAGMA foreign_keys = OFF")
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if table not in KEPT:
                    database.execute(f'DELETE FROM "{table}"')
        database.close()


@pytest.fixture(scope="module", params=["ours", "stock 3.8.8"])
def server(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with Ours(folder) if request.param == "ours" else Stock(folder) as running:
        yield running


@pytest.mark.parametrize("file", FILES)
def test_conversations(server, file):
    found = []
    for title, steps in conversations.read(FOLDER / f"{file}.api"):
        server.clear()
        conversation = conversations.Conversation(server.ask)
        for number, step in steps:
            try:
                conversation.step(step)
            except conversations.Wrong as wrong:
                found.append(f"{file}.api:{number} ({title}): {step[0][:200]}\n    {wrong}")
    assert not found, "\n".join(found)
