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


def replay(server, name):
    player = Replay(server)
    lines = [line for line in recorded(name) if line["m"] != "WS" and line["st"] != 503]
    found = [difference for line in lines for difference in player.ask(line)]
    assert lines
    assert not found, "\n".join(found)


@pytest.fixture
def server(program, tmp_path):
    with Server(tmp_path / "data", "--no-services") as running:
        yield running


def test_agent_of_2_11(server):
    replay(server, "cap_agent211")
