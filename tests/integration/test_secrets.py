# SPDX-License-Identifier: Apache-2.0
"""Secrets that are planted wherever the product takes them, and looked for wherever it leaves anything: what it prints, command
lines, states and logs and artifacts, the server's database and every other file, the bucket's objects. (Image layers:
test_image.py.)"""
import pathlib

import pytest
from support import clouds, tidemill
from support.cloud_agent import Agent, Cloud
from support.command_lines import WatchCommandLines

PASSWORD = "planted-password-of-the-server"
SECRET = "planted-secret-of-a-block"
BLOCK = "cloud-run-job/etlapi-cloud-run"


@pytest.fixture
def cloud(program, tmp_path):
    running = Cloud(tmp_path, auth=f"planted-user:{PASSWORD}")
    yield running
    running.stop()


@pytest.fixture
def bucket(tmp_path):
    running = clouds.Gcs(tmp_path)
    running.proxy.authorize = lambda headers: headers.get("Authorization", "").startswith("Bearer planted-token-")
    yield running
    running.stop()


def planted(cloud):
    key = cloud.key["private_key"].splitlines()[1:-1]
    assert len(key) > 20
    basic = cloud.headers["Authorization"].removeprefix("Basic ")
    return [*key, cloud.key["private_key_id"], PASSWORD, basic, SECRET, "planted-token-"]


def files_below(folder, but):
    """The bytes of every file that the product wrote, by its path."""
    return {str(path): path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file() and path not in but}


def server_texts(cloud):
    """What the server tells of runs, as anybody sees it who may ask: with masks where secrets are."""
    asked = [cloud.must("POST", f"/{what}/filter", {}) for what in
             ("flow_runs", "task_runs", "logs", "artifacts", "deployments", "block_documents", "flows")]
    states = [cloud.must("GET", f"/flow_run_states/?flow_run_id={run['id']}") for run in asked[0]]
    return repr(asked) + repr(states)


def wrong_words(cloud):
    """Commands that fail with a secret in hand: what they say."""
    console, bad = cloud.console, cloud.folder / "bad.json"
    bad.write_text(f'{{"type": "service_account", "private_key": "{SECRET}"', encoding="utf-8")
    tries = [
        console.ask("flow-run", "ls", env=console.environment | {"PREFECT_API_AUTH_STRING": f"planted-user:{PASSWORD}-and-more"}),
        console.ask("block", "create", "secret/other", "--set", "value=x"),
        console.ask("dataset", "ls", "--store", "gs://bucket/x", env=console.environment | {"GOOGLE_APPLICATION_CREDENTIALS": str(bad)}),
        console.ask("dataset", "ls", "--store", "block:gcs-bucket/none"),
        console.ask("run", tidemill.RECIPE, "--page", f"http://reader:{SECRET}@127.0.0.1:1/x?token={SECRET}", "--pause", "0",
                    "--retries", "0", "--store", str(cloud.folder / "none")),
    ]
    assert all(done.returncode != 0 for done in tries)
    return "".join(map(tidemill.said, tries))


def test_no_planted_secret_is_anywhere(cloud, bucket, publisher, tmp_path):
    watch, said = WatchCommandLines(), []
    console = cloud.console
    secret_file = tmp_path / "secret.txt"
    secret_file.write_text(SECRET + "\n", encoding="utf-8")
    said.append(console.run("block", "create", "secret/planted", "--set-file", f"value={secret_file}"))
    said.append(console.run("block", "create", "gcs-bucket/etlapi-bucket", "--set", f"bucket={bucket.bucket}", "--set",
                            "bucket_folder=old/", "--ref", "gcp_credentials=etlapi-gcp"))
    said += [console.run("block", "inspect", name) for name in
             ("secret/planted", "gcp-credentials/etlapi-gcp", "gcs-bucket/etlapi-bucket", BLOCK)]
    cloud.run.environment |= {"TIDEMILL_GCS_ENDPOINT": bucket.proxy.root}
    console.environment |= {"TIDEMILL_GCS_ENDPOINT": bucket.proxy.root}
    # One run in a container, one in a process of the agent: both into the bucket of the block, by its key.
    said.append(cloud.deployment(publisher, "block:gcs-bucket/etlapi-bucket", "-ib", BLOCK, name="far"))
    said.append(cloud.deployment(publisher, "block:gcs-bucket/etlapi-bucket", name="near"))
    with Agent(cloud) as agent:
        for name in ("far", "near"):
            run = cloud.start_run(name=name)
            assert cloud.ended(run)["state_type"] == "COMPLETED", cloud.state(run)["state"]
            said.append(console.run("flow-run", "logs", run))
        assert tidemill.eventually(lambda: cloud.run.deleted, 30)
    lines = watch.stop()  # before the commands below, whose own lines are typed with a secret in an address
    said += [agent.said, server_texts(cloud), wrong_words(cloud)]
    said += [line["textPayload"] for execution in cloud.run.executions.values() for line in execution.lines]
    assert "flow-run execute" in lines.replace("\0", " ")
    cloud.server.process.send_signal(15)
    said.append(cloud.server.process.stdout.read())
    cloud.server.process.wait()
    objects = {name: bucket.read(name) for name in bucket.names("")}
    # Where they were put by hand: the key file with its two halves, the secret's file, a broken key.
    by_hand = [tmp_path / name for name in ("account.json", "private.pem", "public.pem", "secret.txt", "bad.json")]
    files = files_below(tmp_path, by_hand)
    assert "old/etlapi-data" in objects
    assert any(content.startswith(b"SQLite format 3") for content in files.values())
    for secret in planted(cloud):
        assert not [text for text in said if secret in text]
        assert secret not in lines
        for place, content in {**files, **objects}.items():
            assert secret.encode() not in content, place
