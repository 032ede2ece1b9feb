# SPDX-License-Identifier: Apache-2.0
"""From nothing to a dataset that is made on a schedule: the old system's commands one by one, and `tidemill up`."""
import json
import re
import signal
import urllib.request

import pytest
from support import tidemill
from support.console import Console
from support.server import Server

ENTRYPOINT = "recipes/ons/deaths-monthly.toml:main-flow"


def completed(ask):
    """The runs of main-flow that have completed."""
    return ask("POST", "/flow_runs/filter", {
        "flows": {"name": {"any_": ["main-flow"]}}, "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})


def test_the_commands_of_the_old_readme(program, publisher, store, tmp_path):
    with Server(tmp_path / "data") as server:
        console = Console(server.url, tmp_path / "home")
        key = tmp_path / "key.json"
        key.write_text(json.dumps({"type": "service_account", "private_key": "hush"}))
        console.run("block", "create", "gcp-credentials/etlapi-gcp", "--set-file", f"service_account_info={key}")
        console.run("block", "create", "gcs-bucket/etlapi-bucket", "--set", "bucket=etlapi", "--ref",
                    "gcp_credentials=etlapi-gcp")
        assert "gcs-bucket/etlapi-bucket" in console.run("block", "ls")
        assert "hush" not in console.run("block", "inspect", "gcp-credentials/etlapi-gcp")
        file = tmp_path / "main_flow-deployment.yaml"
        console.run("deployment", "build", ENTRYPOINT, "--name", "main-flow", "--interval", "3", "-o", file,
                    "--param", f"store={store}", "--param", f"page={publisher.page}", "--param", "pause=0")
        console.run("deployment", "apply", file)
        agent = console.start("agent", "start", "-q", "default", "--poll", "0.5")
        try:
            assert tidemill.eventually(lambda: completed(server.must), 60), server.must("POST", "/flow_runs/filter", {})
        finally:
            agent.send_signal(signal.SIGTERM)
            output = agent.communicate(timeout=60)[0]
        assert agent.returncode == 0, output
        run = completed(server.must)[0]
        assert run["auto_scheduled"] and tidemill.latest(store) == 0
        shown = console.run("flow-run", "ls", "--state-type", "COMPLETED", "--limit", "200")
        assert run["id"] in shown and "main-flow" in shown
        # Nothing is left in a state that is not true.
        left = server.must("POST", "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}})
        assert not left


def test_a_backfill_over_editions(program, publisher, store, tmp_path):
    with Server(tmp_path / "data") as server:
        console = Console(server.url, tmp_path / "home")
        console.run("deployment", "build", ENTRYPOINT, "--name", "main-flow", "--cron", "0 0 1 1 *", "--apply", "-o",
                    tmp_path / "d.yaml", "--param", f"store={store}", "--param", f"page={publisher.page}", "--param", "pause=0")
        words = ("deployment", "backfill", "main-flow/main-flow")
        dry = console.json(*words, "--from", "2020", "--to", "2021-06", "--every", "quarter", "--dry-run")
        assert (dry["id"], dry["new"]) == (None, 6)
        assert not [run for run in server.must("POST", "/flow_runs/filter", {}) if not run["auto_scheduled"]]
        made = console.json(*words, "--edition", "2020..2021", "--param", "min_year={edition}", "--param",
                            f"store={store}-{{edition}}")
        agent = console.start("agent", "start", "-q", "default", "--poll", "0.2", "--prefetch-seconds", "0")
        try:
            done = tidemill.eventually(lambda: len(completed(server.must)) == 2, 60)
        finally:
            agent.send_signal(signal.SIGTERM)
            output = agent.communicate(timeout=60)[0]
        assert done, output
        first, second = sorted(completed(server.must), key=lambda run: run["start_time"])
        assert [run["labels"]["tidemill.slot"] for run in (first, second)] == ["2020", "2021"]
        assert [run["parameters"]["min_year"] for run in (first, second)] == [2020, 2021]
        assert first["end_time"] <= second["start_time"]  # one at once
        slots = console.json("deployment", "backfill-inspect", made["id"])["slots"]
        assert [slot["run_id"] for slot in slots] == [first["id"], second["id"]]
        assert tidemill.latest(f"{store}-2020") == tidemill.latest(f"{store}-2021") == 0
        again = console.json(*words, "--edition", "2020..2021")
        assert (again["new"], [slot["filled_by"] for slot in again["slots"]]) == (0, ["backfill"] * 2)


def test_a_secret_never_comes_from_the_command_line(program, tmp_path):
    with Server(tmp_path / "data") as server:
        console = Console(server.url, tmp_path / "home")
        result = console.ask("block", "create", "secret/s", "--set", "value=hush")
        assert result.returncode == tidemill.MALFORMED and "--set-file value=FILE" in result.stderr
        console.run("block", "create", "secret/s", "--set-file", "value=-", input="hush\n")
        block = server.must("GET", "/block_types/slug/secret/block_documents/name/s?include_secrets=true")
        assert block["data"] == {"value": "hush"}


class Up:
    """`tidemill up` on free ports."""

    def __init__(self, folder):
        self.process = tidemill.start("up", "--data", folder, "--port", "0", "--data-port", "0", cwd=tidemill.ROOT)
        self.text = ""
        self.api = self._find(r"orchestration server: (http://127\.0\.0\.1:\d+/api)")

    def _find(self, pattern):
        while not (found := re.search(pattern, self.text)):
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"it ended: {self.text}")
            self.text += line
        return found[1]

    def datasets(self):
        """What the data API says that it has."""
        data = self._find(r"serving on .*?(http://127\.0\.0\.1:\d+)")
        with urllib.request.urlopen(data + "/v1/datasets", timeout=10) as answer:
            return answer.read().decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


def test_up_is_the_whole_product(program, publisher, tmp_path):
    with Up(tmp_path / "all") as up:
        console = Console(up.api, tmp_path / "home")
        console.run("deployment", "build", ENTRYPOINT, "--name", "nightly", "--cron", "0 0 * * *", "--apply",
                    "-o", tmp_path / "nightly.yaml", "--param", f"page={publisher.page}", "--param", "pause=0")
        console.run("deployment", "run", "main-flow/nightly", "--watch")
        assert tidemill.latest(tmp_path / "all") == 0
        assert "deaths_monthly" in up.datasets()
    assert up.process.returncode == 0


@pytest.fixture(scope="module")
def commands(program, tmp_path_factory):
    with Server(tmp_path_factory.mktemp("commands")) as server:
        yield Console(server.url, tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("words", [
    ("work-pool", "create", "p", "-t", "process"), ("work-pool", "ls"), ("work-pool", "inspect", "p"),
    ("work-pool", "pause", "p"), ("work-pool", "resume", "p"), ("work-pool", "set-concurrency-limit", "p", "3"),
    ("work-pool", "clear-concurrency-limit", "p"), ("work-pool", "preview", "p"), ("work-queue", "create", "q", "-p", "p"),
    ("work-queue", "ls", "-p", "p"), ("work-queue", "pause", "q", "-p", "p"), ("work-queue", "delete", "q", "-p", "p"),
    ("work-pool", "delete", "p"), ("variable", "set", "v", "1"), ("variable", "get", "v"),
    ("variable", "set", "v", "2", "--overwrite"), ("variable", "ls"), ("variable", "unset", "v"),
    ("flow", "ls"), ("task-run", "ls"), ("flow-run", "ls"), ("deployment", "ls"), ("artifact", "ls"), ("block", "register"),
    ("block", "type", "ls"), ("server", "status"), ("config", "view"), ("config", "set", "PREFECT_API_KEY=x"),
    ("profile", "create", "other"), ("profile", "ls"), ("profile", "use", "other"),
], ids=" ".join)
def test_commands_that_ask(commands, words):
    commands.run(*words)
    if words[-1] not in ("p", "q", "v", "other") and not {"create", "set", "unset", "use"} & set(words):
        json.loads(commands.run(*words, "--json"))
