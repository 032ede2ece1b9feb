# SPDX-License-Identifier: Apache-2.0
"""Flow runs as jobs of Cloud Run: blocks, deployment, agent, worker, against a stand-in of the API v2 whose containers are the
program under test, so each run reports to our own server until its end."""
import json
import pathlib

import pytest
from support import cloud_run, tidemill
from support.cloud_agent import REACHED, Agent, Cloud

BLOCK = "cloud-run-job/etlapi-cloud-run"
BODIES = pathlib.Path(__file__).resolve().parents[1] / "data" / "cloud_run"


@pytest.fixture
def cloud(program, tmp_path):
    running = Cloud(tmp_path)
    yield running
    running.stop()


def test_the_old_command_then_agent_job_and_a_completed_run(cloud, publisher, tmp_path):
    store = tmp_path / "store"
    said = cloud.deployment(publisher, store, "-ib", BLOCK, "-q", "default")
    assert "deployment 'main-flow/nightly' created with id" in said
    written = (tmp_path / "nightly.yaml").read_text(encoding="utf-8")
    assert "_block_document_name: etlapi-cloud-run" in written and cloud.key["private_key_id"] not in written
    run = cloud.start_run()
    with Agent(cloud) as agent:
        ended = cloud.ended(run)
        assert tidemill.eventually(lambda: cloud.run.deleted, 30)
    assert (ended["state_name"], ended["run_count"]) == ("Completed", 1), ended["state"]
    assert ended["infrastructure_pid"] == f"tidemill-{run.replace('-', '')[:12]}-1"
    assert tidemill.latest(store) == 0
    assert cloud.run.jobs == {} and len(cloud.run.executions) == 1
    wanted = (BODIES / "create-job.json").read_text(encoding="utf-8").replace("THE_RUN", run)
    assert cloud.bodies() == [json.loads(wanted)]
    assert cloud.bodies(":run") == [{}]
    # What the container writes is seen where the agent runs; the run's own log is on the server.
    assert agent.said.count("main-flow of ons/deaths-monthly: published") == 1 and "execution" in agent.said
    assert "deaths_monthly: version 0 published" in cloud.log()
    for secret in (cloud.key["private_key_id"], cloud.key["private_key"][40:80], "planted-token-"):
        assert secret not in agent.said + said


def test_what_goes_wrong_is_told_in_words(cloud, publisher, tmp_path):
    """Four runs at once: a container that fails, one that takes too long, one that is cancelled, one that nobody knows."""
    cloud.block("fails", args=["recipe", "check", "no-such-recipe.toml"], command=["tidemill"])
    cloud.block("late", timeout=2)
    server = ["server", "start", "--port", "0", "--data", str(tmp_path / "other")]
    cloud.block("deaf", args=server, command=["tidemill"])
    cloud.block("wrong", region="Europe")
    runs = {}
    for name in ("fails", "late", "deaf", "wrong"):
        cloud.deployment(publisher, tmp_path / name, "-ib", f"cloud-run-job/{name}", name=name)
        runs[name] = cloud.start_run("--param", "pause=60", name=name)
    with Agent(cloud):
        assert tidemill.eventually(lambda: any(one.lines for one in cloud.run.executions.values() if server[0] in one.command), 60)
        cloud.console.run("flow-run", "cancel", runs["deaf"])
        states = {name: cloud.ended(run)["state"] for name, run in runs.items()}
        assert tidemill.eventually(lambda: len(cloud.run.deleted) == 3, 30)
    failed = states["fails"]
    assert failed["type"] == "CRASHED"
    assert "The container exited with an error. (exit code 5)" in failed["message"]
    assert "no-such-recipe.toml" in cloud.log(runs["fails"])
    assert states["late"]["type"] == "CRASHED" and "maximum timeout of 2 seconds" in states["late"]["message"]
    assert "maximum timeout of 2 seconds" in cloud.log(runs["late"])
    assert states["deaf"]["type"] == "CANCELLED" and len(cloud.bodies(":cancel")) == 1
    assert states["wrong"]["type"] == "CRASHED" and "region: expected a region" in states["wrong"]["message"]
    assert cloud.run.jobs == {}


def test_a_run_that_is_cancelled_ends_its_job(cloud, publisher, tmp_path):
    cloud.deployment(publisher, tmp_path / "store", "-ib", BLOCK)
    run = cloud.start_run("--param", "pause=60")
    with Agent(cloud):
        assert tidemill.eventually(lambda: cloud.state(run)["state_type"] == "RUNNING", 60)
        cloud.console.run("flow-run", "cancel", run)
        assert cloud.ended(run)["state_type"] == "CANCELLED"
        assert tidemill.eventually(lambda: cloud.run.deleted, 30)
    assert all(one.process.poll() is not None for one in cloud.run.executions.values())


def test_a_killed_agents_job_is_found_by_the_next(cloud, publisher, tmp_path):
    cloud.deployment(publisher, tmp_path / "store", "-ib", BLOCK)
    run = cloud.start_run("--param", "pause=60")
    first = Agent(cloud)
    assert tidemill.eventually(lambda: cloud.state(run)["state_type"] == "RUNNING" and cloud.state(run)["infrastructure_pid"], 60)
    first.process.kill()
    first.process.communicate(timeout=20)
    assert len(cloud.run.jobs) == 1
    with Agent(cloud) as second:
        cloud.console.run("flow-run", "cancel", run)
        assert cloud.ended(run)["state_type"] == "CANCELLED"
        assert tidemill.eventually(lambda: cloud.run.deleted, 30)
    assert "is running already as tidemill-" in second.said
    assert cloud.run.jobs == {} and len(cloud.run.executions) == 1
    notes = tmp_path / "home" / ".local" / "state" / "tidemill"
    assert notes.is_dir() and not [file for file in notes.rglob("*") if file.is_file()]


@pytest.mark.parametrize(("permission", "state", "words"), [
    ("run.jobs.create", "CRASHED", "cannot create the job: answered 403, Permission 'run.jobs.create' denied"),
    ("run.jobs.run", "CRASHED", "cannot run the job: answered 403, Permission 'run.jobs.run' denied"),
])
def test_a_missing_permission_is_named_and_nothing_is_left(cloud, publisher, tmp_path, permission, state, words):
    cloud.run.forbidden.add(permission)
    cloud.deployment(publisher, tmp_path / "store", "-ib", BLOCK)
    run = cloud.start_run()
    cloud.console.run("agent", "start", "-q", "default", "--run-once")
    ended = cloud.ended(run)
    assert ended["state_type"] == state and words in ended["state"]["message"]
    assert cloud.run.jobs == {} and cloud.run.executions == {}


def test_a_log_that_may_not_be_read_and_a_job_that_may_not_be_deleted_fail_no_run(cloud, publisher, tmp_path):
    cloud.run.forbidden |= {"logging.logEntries.list", "run.jobs.delete"}
    cloud.deployment(publisher, tmp_path / "store", "-ib", BLOCK)
    run = cloud.start_run()
    said = cloud.console.run("agent", "start", "-q", "default", "--run-once")
    assert cloud.ended(run)["state_type"] == "COMPLETED"
    assert said.count("the container's log cannot be read: ") == 1
    assert "is left: " in said and "Permission 'run.jobs.delete' denied" in said


def test_a_server_that_no_container_reaches_is_told(cloud, publisher, tmp_path):
    cloud.block("local", env={})
    cloud.deployment(publisher, tmp_path / "store", "-ib", "cloud-run-job/local")
    run = cloud.start_run()
    cloud.console.run("agent", "start", "-q", "default", "--run-once")
    assert "is on this machine" in cloud.ended(run)["state"]["message"] and cloud.run.asked == []


@pytest.mark.parametrize("kind", ["cloud-run", "cloud-run-v2"])
def test_a_worker_runs_jobs_of_its_pool(cloud, publisher, tmp_path, kind):
    store = tmp_path / "store"
    block = cloud.server.must("GET", "/block_types/slug/gcp-credentials/block_documents/name/etlapi-gcp")
    variables = {"image": {"default": "europe-west2-docker.pkg.dev/p/tidemill/tidemill:1"}, "region": {"default": cloud_run.REGION},
                 "credentials": {"default": {"$ref": {"block_document_id": block["id"]}}}, "memory": {"default": "512Mi"},
                 "command": {"default": "tidemill flow-run execute"}, "env": {"default": {"PREFECT_API_URL": REACHED}}}
    template = {"job_configuration": {name: "{{ " + name + " }}" for name in variables},
                "variables": {"type": "object", "properties": variables}}
    cloud.server.must("POST", "/work_pools/", {"name": "google", "type": kind, "base_job_template": template})
    cloud.deployment(publisher, store, "-p", "google", "--override", "memory=1Gi")
    run = cloud.start_run()
    with Agent(cloud, "worker", "start", "-p", "google"):
        assert cloud.ended(run)["state_type"] == "COMPLETED", cloud.state(run)["state"]
        assert tidemill.eventually(lambda: cloud.run.deleted, 30)
    container = cloud.bodies()[0]["template"]["template"]["containers"][0]
    assert container["command"] == ["tidemill", "flow-run", "execute"]
    assert container["resources"] == {"limits": {"memory": "1Gi"}}
    assert tidemill.latest(store) == 0
