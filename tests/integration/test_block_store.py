# SPDX-License-Identifier: Apache-2.0
"""The store that blocks of the server name: the old flow's bucket with its folder and its key, on an emulator that asks for the
token which that key buys."""
import json

import pytest
from support import clouds, tidemill
from support.console import Console
from support.server import Server

ENTRYPOINT = "recipes/ons/deaths-monthly.toml:main-flow"
STORE = "block:gcs-bucket/etlapi-bucket"
FOLDER = "old-system"


class Bucket:
    """Our server, the emulator behind a door that wants a token, and who gives out tokens."""

    def __init__(self, folder):
        self.gcs, self.tokens, self.server = clouds.Gcs(folder), clouds.TokenServer(), Server(folder / "data")
        self.gcs.proxy.authorize = lambda headers: headers.get("Authorization", "").startswith("Bearer planted-token-")
        self.console = Console(self.server.url, folder / "home")
        self.console.environment |= {"TIDEMILL_GCS_ENDPOINT": self.gcs.proxy.root}
        self.key_file, _ = clouds.service_account(folder, f"http://{self.tokens.host}/token")
        key = json.loads(self.key_file.read_text(encoding="utf-8"))
        self.secrets = [key["private_key_id"], *key["private_key"].splitlines()[1:-1], "planted-token-"]

    def make_blocks(self):
        self.console.run("block", "create", "gcp-credentials/etlapi-gcp", "--set-file", f"service_account_info={self.key_file}")
        self.console.run("block", "create", "gcs-bucket/etlapi-bucket", "--set", f"bucket={self.gcs.bucket}", "--set",
                         f"bucket_folder={FOLDER}/", "--ref", "gcp_credentials=etlapi-gcp")

    def stop(self):
        self.server.stop()
        self.tokens.stop()
        self.gcs.stop()


@pytest.fixture
def bucket(program, tmp_path):
    running = Bucket(tmp_path)
    yield running
    running.stop()


def said_on_server(server):
    """Every text that runs left there: states, parameters, logs, artifacts."""
    return json.dumps([server.must("POST", f"/{what}/filter", {}) for what in ("flow_runs", "task_runs", "logs", "artifacts")])


def test_the_old_flow_writes_into_the_bucket_of_the_block(bucket, publisher, tmp_path):
    bucket.make_blocks()
    bucket.console.run("deployment", "build", ENTRYPOINT, "-n", "nightly", "-o", tmp_path / "d.yaml", "--apply", "--param",
                       f"page={publisher.page}", "--param", "pause=0")
    run = bucket.console.json("deployment", "run", "main-flow/nightly")["id"]
    said = bucket.console.run("agent", "start", "-q", "default", "--run-once")
    state = bucket.server.must("GET", f"/flow_runs/{run}")["state"]
    assert state["type"] == "COMPLETED", (state, said)
    names = bucket.gcs.names("")
    assert f"{FOLDER}/etlapi-data" in names and f"{FOLDER}/deaths_monthly/_delta_log/{0:020}.json" in names
    assert all(name.startswith(f"{FOLDER}/") for name in names)
    assert bucket.gcs.read(f"{FOLDER}/etlapi-data") == bucket.gcs.read(f"{FOLDER}/deaths_data.parquet")
    assert bucket.tokens.tokens > 0 and "go to the server's block gcs-bucket/etlapi-bucket" in said
    for secret in bucket.secrets:
        assert secret not in said + said_on_server(bucket.server)
        assert not any(secret.encode() in bucket.gcs.read(name) for name in names)


def test_every_command_takes_the_block_as_its_store(bucket, publisher):
    bucket.make_blocks()
    bucket.console.run("run", tidemill.RECIPE, "--store", STORE, "--page", publisher.page, "--pause", "0")
    assert "deaths_monthly" in bucket.console.run("dataset", "ls", "--store", STORE)
    bucket.console.run("dataset", "verify", "deaths_monthly", "--store", STORE)
    assert f"{FOLDER}/etlapi-data" in bucket.gcs.names(FOLDER)


@pytest.mark.parametrize(("store", "code", "words"), [
    (STORE, tidemill.NOT_FOUND, f"while asking for {STORE}: "),
    ("block:gcs-bucket/", tidemill.MALFORMED, "names no block: expected block:gcs-bucket/NAME"),
    ("block:secret/x", tidemill.MALFORMED, "names no block: expected block:gcs-bucket/NAME"),
])
def test_a_block_that_is_not_there_is_named(bucket, store, code, words):
    result = bucket.console.ask("dataset", "ls", "--store", store)
    assert result.returncode == code and words in result.stderr, tidemill.said(result)
