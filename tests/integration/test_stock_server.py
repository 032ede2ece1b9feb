# SPDX-License-Identifier: Apache-2.0
"""Every command that asks a server, a worker of a pool, live events and logs: against our server and the real 3.8.8."""
import datetime
import json
import signal
import uuid

import pytest
from support import tidemill
from support.console import Console, Stock3, free_port
from support.server import Server

ENTRYPOINT = "recipes/ons/deaths-monthly.toml:main-flow"
NAME = "main-flow/main-flow"


@pytest.fixture(scope="module", params=["ours", "stock 3.8.8"])
def server(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with Server(folder) if request.param == "ours" else Stock3(folder, free_port()) as running:
        yield running


@pytest.fixture
def console(server, tmp_path):
    return Console(server.url, tmp_path / "home")


def column(table, title):
    """The first row's cell of a table as a command prints it."""
    head, first, *_ = table.splitlines()
    return first[head.index(title):].split()[0]


def test_pools_and_queues(server, console):
    assert "work pool 'p' created" in console.run("work-pool", "create", "p", "-t", "process", "--description", "of it", "--paused")
    variables = server.must("GET", "/work_pools/p")["base_job_template"]["variables"]["properties"]
    assert {"env", "command", "working_dir", "stream_output"} <= set(variables)
    console.run("work-pool", "resume", "p")
    console.run("work-pool", "update", "p", "--concurrency-limit", "4", "--description", "other")
    pool = console.json("work-pool", "inspect", "p")
    assert (pool["is_paused"], pool["concurrency_limit"], pool["description"]) == (False, 4, "other")
    console.run("work-pool", "set-concurrency-limit", "p", "3")
    assert ["p", "process"] in [line.split()[:2] for line in console.run("work-pool", "ls").splitlines()]
    console.run("work-pool", "clear-concurrency-limit", "p")
    console.run("work-pool", "pause", "p")
    pool = console.json("work-pool", "inspect", "p")
    assert (pool["is_paused"], pool["concurrency_limit"]) == (True, None)
    assert console.json("work-pool", "preview", "p") == console.json("work-pool", "workers", "p") == []
    console.run("work-queue", "create", "q", "-p", "p", "-l", "2", "--priority", "1")
    console.run("work-queue", "pause", "q", "-p", "p")
    queue = console.json("work-queue", "inspect", "q", "-p", "p")
    assert (queue["priority"], queue["concurrency_limit"], queue["is_paused"]) == (1, 2, True)
    console.run("work-queue", "resume", "q", "-p", "p")
    console.run("work-queue", "clear-concurrency-limit", "q", "-p", "p")
    console.run("work-queue", "set-concurrency-limit", "q", "5", "-p", "p")
    listed = {queue["name"]: queue["concurrency_limit"] for queue in console.json("work-queue", "ls", "-p", "p")}
    assert listed == {"default": None, "q": 5}
    console.run("work-queue", "delete", "q", "-p", "p")
    console.run("work-pool", "delete", "p")
    gone = console.ask("work-pool", "inspect", "p")
    assert gone.returncode == tidemill.NOT_FOUND and "404" in gone.stderr


@pytest.mark.parametrize("kind", ["cloud-run", "cloud-run-v2"])
def test_pools_of_cloud_run_have_the_variables_of_their_type(server, console, kind):
    console.run("work-pool", "create", kind, "--type", kind)
    properties = console.json("work-pool", "inspect", kind)["base_job_template"]["variables"]["properties"]
    known = {"env", "labels", "name", "command", "credentials", "region", "image", "cpu", "memory", "timeout", "keep_job",
             "service_account_name", "vpc_connector_name"}
    assert known <= set(properties)
    assert ("env_from_secrets" in properties) == (kind == "cloud-run-v2")
    console.run("work-pool", "delete", kind)


def test_blocks(server, console, tmp_path):
    assert "gcs-bucket" in console.run("block", "register")
    slugs = {kind["slug"] for kind in console.json("block", "type", "ls")}
    assert {"secret", "local-file-system", "gcp-credentials", "gcs-bucket", "cloud-run-job"} <= slugs
    assert console.json("block", "type", "inspect", "secret")["slug"] == "secret"
    console.run("block", "create", "local-file-system/l", "--set", f"basepath={tmp_path}")
    console.run("block", "create", "local-file-system/l", "--set", "basepath=/tmp", "--overwrite")
    console.run("block", "create", "local-file-system/year", "--set", "basepath=2024")
    assert console.json("block", "inspect", "local-file-system/year")["data"]["basepath"] == "2024"
    assert console.json("block", "inspect", "local-file-system/l")["data"]["basepath"] == "/tmp"
    console.run("block", "create", "secret/s", "--set-file", "value=-", input="hush\n")
    assert "hush" not in console.run("block", "inspect", "secret/s")
    kept = server.must("GET", "/block_types/slug/secret/block_documents/name/s?include_secrets=true")
    assert kept["data"] == {"value": "hush"}
    key = tmp_path / "key.json"
    key.write_text(json.dumps({"type": "service_account", "private_key": "hush"}))
    console.run("block", "create", "gcp-credentials/g", "--set-file", f"service_account_info={key}")
    console.run("block", "create", "gcs-bucket/b", "--set", "bucket=etlapi", "--ref", "gcp_credentials=g")
    bucket = console.json("block", "inspect", "gcs-bucket/b")
    assert bucket["data"]["bucket"] == "etlapi" and "hush" not in json.dumps(bucket)
    assert "gcs-bucket/b" in console.run("block", "ls")
    for block in ("gcs-bucket/b", "gcp-credentials/g", "secret/s", "local-file-system/l"):
        assert "is deleted" in console.run("block", "delete", block)
    assert console.ask("block", "inspect", "secret/s").returncode == tidemill.NOT_FOUND


def test_variables_limits_and_automations(server, console, tmp_path):
    console.run("variable", "set", "v", "1")
    assert console.ask("variable", "set", "v", "2").returncode == tidemill.CONFLICT
    console.run("variable", "set", "v", '{"a": 1}', "--overwrite", "--tag", "t")
    assert json.loads(console.run("variable", "get", "v")) == {"a": 1}
    assert console.json("variable", "inspect", "v")["tags"] == ["t"]
    assert "v" in console.run("variable", "ls")
    console.run("variable", "unset", "v")

    console.run("concurrency-limit", "create", "tag", "3")
    assert console.json("concurrency-limit", "inspect", "tag")["concurrency_limit"] == 3
    console.run("concurrency-limit", "reset", "tag")
    assert "tag" in console.run("concurrency-limit", "ls")
    console.run("concurrency-limit", "delete", "tag")

    console.run("global-concurrency-limit", "create", "g", "-l", "2")
    console.run("global-concurrency-limit", "update", "g", "-l", "5", "--slot-decay-per-second", "0.5")
    console.run("global-concurrency-limit", "disable", "g")
    limit = console.json("global-concurrency-limit", "inspect", "g")
    assert (limit["limit"], limit["slot_decay_per_second"], limit["active"]) == (5, 0.5, False)
    console.run("global-concurrency-limit", "enable", "g")
    assert "g" in console.run("global-concurrency-limit", "ls")
    console.run("global-concurrency-limit", "delete", "g")

    file = tmp_path / "automation.yaml"
    file.write_text("""
name: alarm
trigger: {type: event, posture: Reactive, threshold: 1, within: 0, expect: [fire], match: {prefect.resource.id: "house.*"}}
actions: [{type: do-nothing}]
actions_on_trigger: [{type: do-nothing}]
""", encoding="utf-8")
    made = console.json("automation", "create", "--from-file", file)
    assert "alarm" in console.run("automation", "ls")
    console.run("automation", "pause", made["name"])
    paused = console.json("automation", "inspect", made["id"])
    assert (paused["enabled"], [one["type"] for one in paused["actions_on_trigger"]]) == (False, ["do-nothing"])
    console.run("automation", "resume", made["id"])
    assert console.ask("automation", "inspect", "none of that name").returncode == tidemill.NOT_FOUND
    console.run("automation", "delete", made["name"])
    assert console.ask("automation", "inspect", made["id"]).returncode == tidemill.NOT_FOUND


def test_deployments_with_their_schedules_and_runs(server, console, tmp_path):
    file = tmp_path / "main_flow-deployment.yaml"
    console.run("deployment", "build", ENTRYPOINT, "--name", "main-flow", "--cron", "0 0 * * *", "-o", file, "--apply")
    made = console.json("deployment", "inspect", NAME)
    console.run("deployment", "apply", file)
    assert console.json("deployment", "inspect", NAME)["id"] == made["id"]
    assert "0 0 * * *" in console.run("deployment", "ls", "--flow-name", "main-flow")
    assert "main-flow" in console.run("flow", "ls")
    console.run("deployment", "set-schedule", NAME, "--interval", "3600")
    console.run("deployment", "schedule", "create", NAME, "--rrule", "FREQ=DAILY", "--timezone", "Europe/London")
    schedules = console.json("deployment", "schedule", "ls", NAME)
    assert {schedule["text"].split()[-1] for schedule in schedules} == {"s", "FREQ=DAILY"}
    daily = next(one["id"] for one in schedules if one["text"].endswith("FREQ=DAILY"))
    console.run("deployment", "schedule", "pause", NAME, daily)
    active = {one["id"]: one["active"] for one in console.json("deployment", "schedule", "ls", NAME)}
    assert active[daily] is False and sorted(active.values()) == [False, True]
    console.run("deployment", "schedule", "resume", NAME, daily)
    console.run("deployment", "schedule", "delete", NAME, daily)
    assert len(console.json("deployment", "schedule", "ls", NAME)) == 1
    console.run("deployment", "pause-schedule", NAME)
    assert console.json("deployment", "inspect", NAME)["paused"] is True
    console.run("deployment", "resume-schedule", NAME)
    assert console.json("deployment", "inspect", NAME)["paused"] is False
    console.run("deployment", "schedule", "clear", NAME)
    assert console.json("deployment", "schedule", "ls", NAME) == []

    run = console.json("deployment", "run", NAME, "--start-in", "1h", "--tag", "a", "--param", "min_year=2020", "--flow-run-name", "by hand")
    shown = console.json("flow-run", "inspect", run["id"])
    assert (shown["name"], shown["parameters"]["min_year"], shown["state_type"]) == ("by hand", 2020, "SCHEDULED")
    assert "a" in shown["tags"]
    assert run["id"] in console.run("flow-run", "ls", "--flow-name", "main-flow")
    console.run("flow-run", "cancel", run["id"])
    assert run["id"] in console.run("flow-run", "ls", "--state-type", "CANCELLED")
    console.run("flow-run", "retry", run["id"])
    assert console.json("flow-run", "inspect", run["id"])["state_name"] == "AwaitingRetry"
    console.run("flow-run", "delete", run["id"])
    assert console.ask("flow-run", "inspect", run["id"]).returncode == tidemill.NOT_FOUND
    console.run("deployment", "delete", NAME)
    assert console.ask("deployment", "inspect", NAME).returncode == tidemill.NOT_FOUND


def test_a_worker_runs_what_is_deployed_to_its_pool(server, console, publisher, store):
    console.run("work-pool", "create", "machines", "--type", "process")
    console.run("deploy", ENTRYPOINT, "-n", "pooled", "-p", "machines", "--cron", "0 0 1 1 *", "--param", f"store={store}", "--param",
                f"page={publisher.page}", "--param", "pause=0", "--job-variable", "env.TIDEMILL_CONTACT=a@b.example")
    run = console.json("deployment", "run", "main-flow/pooled")["id"]
    said = console.run("worker", "start", "-p", "machines", "-t", "process", "--run-once", "-n", "w")
    assert "Completed" in console.run("flow-run", "watch", run), said
    assert tidemill.latest(store) == 0
    assert [worker["name"] for worker in console.json("work-pool", "workers", "machines")] == ["w"]
    load = column(console.run("flow-run", "ls", "--flow-name", "main-load-deaths-gcs"), "ID")
    assert "published" in console.run("flow-run", "logs", load)
    assert len(console.run("flow-run", "logs", load, "-n", "1").splitlines()) == 1
    tasks = console.json("task-run", "ls", "--flow-run", run)
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    assert console.json("task-run", "inspect", tasks[0]["id"])["flow_run_id"] == run
    assert "run-report" in console.run("artifact", "ls")
    report = console.json("artifact", "inspect", "run-report")
    assert report["flow_run_id"] == run and "published" in report["data"]
    console.run("artifact", "delete", column(console.run("artifact", "ls"), "ID"))
    assert console.ask("artifact", "inspect", "run-report").returncode == tidemill.NOT_FOUND
    console.run("deployment", "delete", "main-flow/pooled")
    console.run("work-pool", "delete", "machines")


def tell(server, name):
    """An event of this moment: streams begin a minute ago."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    server.must("POST", "/events", [{"id": str(uuid.uuid4()), "event": name, "occurred": now, "related": [], "payload": {},
                                     "resource": {"prefect.resource.id": "test.house"}}])


def is_kept(server, name):
    return server.must("POST", "/events/filter", {"filter": {"event": {"name": [name]}}})["events"]


def lines_until(process, word):
    lines = []
    while True:
        line = process.stdout.readline()
        assert line, f"it ended: {lines}"
        lines.append(line)
        if word in line:
            return lines


def test_events_are_streamed(server, console, tmp_path):
    # A stock server keeps an event some seconds after it tells it: between the two nobody new hears of it.
    tell(server, "house.before")
    assert tidemill.eventually(lambda: is_kept(server, "house.before"), 60)
    stream = console.start("events", "stream", "--format", "text")
    try:
        assert lines_until(stream, "house.before")[-1].endswith(" house.before test.house\n")
        tell(server, "house.after")
        lines_until(stream, "house.after")
    finally:
        stream.send_signal(signal.SIGINT)
        stream.communicate(timeout=20)
    assert stream.returncode == 0
    file = tmp_path / "events.jsonl"
    once = console.start("events", "stream", "--run-once", "--output-file", file)

    def has_ended():
        tell(server, "house.again")
        return once.poll() is not None

    assert tidemill.eventually(has_ended, 60)
    assert (once.returncode, once.communicate()[0]) == (0, "")
    event, = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert {"id", "event", "occurred", "resource", "related", "payload"} <= set(event)


def log(server, run, text):
    server.must("POST", "/logs/", [{"name": "n", "level": 20, "message": text, "flow_run_id": run,
                                    "timestamp": server.must("GET", f"/flow_runs/{run}")["state"]["timestamp"]}])


def test_a_log_is_followed_to_the_end_of_its_run(server, console):
    flow = server.must("POST", "/flows/", {"name": "followed"})
    run = server.must("POST", "/flow_runs/", {"flow_id": flow["id"], "state": {"type": "RUNNING"}})["id"]
    log(server, run, "the first")
    follow = console.start("flow-run", "logs", run, "--follow")
    lines_until(follow, "the first")
    log(server, run, "the second")
    lines_until(follow, "the second")
    log(server, run, "the third")
    server.must("POST", f"/flow_runs/{run}/set_state", {"state": {"type": "COMPLETED"}})
    rest = follow.communicate(timeout=60)[0]
    assert (follow.returncode, rest.count("the third"), rest.count("the first")) == (0, 1, 0)


def test_where_there_is_no_stream_it_is_said(program, tmp_path):
    console = Console(f"http://127.0.0.1:{free_port()}/api", tmp_path / "home")
    result = console.ask("events", "stream")
    assert result.returncode == tidemill.UNAVAILABLE and "connection refused" in result.stderr
