# SPDX-License-Identifier: Apache-2.0
"""The real Prefect 3.8.8 against our server."""
import signal
import textwrap
import threading
import time

import pytest
from support.server import Prefect3, Server

FLOWS = """
    import sys
    import time

    from prefect import flow, get_run_logger, pause_flow_run, task
    from prefect.artifacts import create_markdown_artifact
    from prefect.cache_policies import INPUTS
    from prefect.concurrency.sync import concurrency, rate_limit
    from prefect.variables import Variable

    attempts = []

    @task
    def double(x):
        return 2 * x

    @task(retries=2, retry_delay_seconds=0)
    def flaky():
        attempts.append(1)
        if len(attempts) < 2:
            raise ValueError("not yet")
        return len(attempts)

    @task(cache_policy=INPUTS, persist_result=True)
    def remembered(x):
        return x + 1

    @task(tags=["narrow"])
    def tagged(x):
        with concurrency("database", occupy=1):
            rate_limit("calls")
        return x

    @flow
    def child(n: int):
        return double(n)

    @flow
    def parent(n: int = 3):
        get_run_logger().info("hello from the flow")
        return double(n) + flaky() + child(n)

    @flow(retries=1)
    def again():
        attempts.append(1)
        if len(attempts) < 2:
            raise ValueError("not yet")
        Variable.set("last", {"n": len(attempts)}, overwrite=True)
        create_markdown_artifact("# done", key="report")
        return remembered(1) + remembered(1)

    @flow
    def limited():
        return sum(tagged.map([1, 2, 3]).result())

    @flow
    def asks():
        pause_flow_run(timeout=60, poll_interval=1)
        return double(4)

    @flow
    def sleepy(seconds: int = 100):
        time.sleep(seconds)

    def serve():
        child.serve(name="served", parameters={"n": 5}, cron="0 0 1 1 *")

    if __name__ == "__main__":
        print("result", globals()[sys.argv[1]]())
"""
PATIENCE = 180


@pytest.fixture(scope="module")
def server(program, tmp_path_factory):
    with Server(tmp_path_factory.mktemp("prefect3") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def prefect(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("home3")
    (home / "flows.py").write_text(textwrap.dedent(FLOWS), encoding="utf-8")
    return Prefect3(server, home)


def wait_for(look, what):
    """What `look` answers once it is true: the real client decides when."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"never came: {what}"
        threading.Event().wait(0.2)
    return found


def runs_of(server, flow):
    return server.must("POST", "/flow_runs/filter",
                       {"flows": {"name": {"any_": [flow]}}, "sort": "EXPECTED_START_TIME_DESC"})


def tasks_of(server, run):
    found = server.must("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "NAME_ASC"})
    return sorted((task["name"].rsplit("-", 1)[0], task["state_name"], task["run_count"]) for task in found)


def test_a_flow_with_tasks_retries_and_a_subflow(server, prefect):
    assert "result 14" in prefect.run("python", "flows.py", "parent")
    parent, = runs_of(server, "parent")
    child, = runs_of(server, "child")
    assert (parent["state_name"], child["state_name"]) == ("Completed", "Completed")
    assert tasks_of(server, parent) == [("child", "Completed", 1), ("double", "Completed", 1), ("flaky", "Completed", 2)]
    assert tasks_of(server, child) == [("double", "Completed", 1)]
    logs = server.must("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [parent["id"]]}}})
    assert any(line["message"] == "hello from the flow" for line in logs)
    shown = prefect.run("prefect", "task-run", "ls")
    assert "double" in shown and "flaky" in shown
    events = server.must("POST", "/events/filter", {"filter": {"event": {"prefix": ["prefect.task-run."]}}})
    assert events["total"] >= 10


def test_retries_of_a_flow_caching_variables_and_artifacts(server, prefect):
    assert "result 4" in prefect.run("python", "flows.py", "again")
    run, = runs_of(server, "again")
    assert (run["state_name"], run["run_count"]) == ("Completed", 2)
    assert tasks_of(server, run) == [("remembered", "Cached", 1), ("remembered", "Completed", 1)]
    assert server.must("GET", "/variables/name/last")["value"] == {"n": 2}
    assert server.must("GET", "/artifacts/report/latest")["data"] == "# done"


def test_limits_by_tag_and_by_name(server, prefect):
    server.must("POST", "/concurrency_limits/", {"tag": "narrow", "concurrency_limit": 1})
    server.must("POST", "/v2/concurrency_limits/", {"name": "database", "limit": 1})
    server.must("POST", "/v2/concurrency_limits/", {"name": "calls", "limit": 5, "slot_decay_per_second": 5})
    assert "result 6" in prefect.run("python", "flows.py", "limited")
    run, = runs_of(server, "limited")
    assert tasks_of(server, run) == [("tagged", "Completed", 1)] * 3
    for name in ("tag:narrow", "database"):
        assert server.must("GET", f"/v2/concurrency_limits/{name}")["active_slots"] == 0
    # One after the other: the tag lets one run at a time.
    spans = sorted((task["start_time"], task["end_time"]) for task in server.must(
        "POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}}))
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:]))
    assert "database" in prefect.run("prefect", "gcl", "ls")


def test_a_pause_that_somebody_ends(server, prefect):
    process = prefect.start("python", "flows.py", "asks")
    try:
        run, = wait_for(lambda: [run for run in runs_of(server, "asks") if run["state_name"] == "Paused"], "the pause")
        server.must("POST", f"/flow_runs/{run['id']}/resume", {})
        said, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "result 8" in said
    assert runs_of(server, "asks")[0]["state_name"] == "Completed"


def test_a_deployment_and_its_worker(server, prefect):
    prefect.run("prefect", "work-pool", "create", "processes", "-t", "process")
    prefect.run("prefect", "--no-prompt", "deploy", "flows.py:child", "-n", "nightly", "-p", "processes", "--cron", "0 5 * * *",
                "--timezone", "Europe/London", "--param", "n=21")
    deployment = server.must("GET", "/deployments/name/child/nightly")
    assert deployment["schedules"][0]["schedule"]["cron"] == "0 5 * * *"
    made = server.must("POST", f"/deployments/{deployment['id']}/create_flow_run", {"name": "by-hand"})
    prefect.run("prefect", "worker", "start", "-p", "processes", "--run-once")
    run = server.must("GET", f"/flow_runs/{made['id']}")
    assert (run["state_name"], run["parameters"]) == ("Completed", {"n": 21})
    assert tasks_of(server, run) == [("double", "Completed", 1)]
    for words, expected in [(("deployment", "ls"), "child/nightly"), (("deployment", "inspect", "child/nightly"), "0 5 * * *"),
                            (("work-pool", "ls"), "processes"), (("work-queue", "ls", "-p", "processes"), "default"),
                            (("flow", "ls"), "child"), (("flow-run", "inspect", made["id"]), "by-hand")]:
        assert expected in prefect.run("prefect", *words), words


def test_cancelling_stops_a_running_flow(server, prefect):
    prefect.run("prefect", "--no-prompt", "deploy", "flows.py:sleepy", "-n", "long", "-p", "processes")
    deployment = server.must("GET", "/deployments/name/sleepy/long")
    made = server.must("POST", f"/deployments/{deployment['id']}/create_flow_run", {})
    worker = prefect.start("prefect", "worker", "start", "-p", "processes")
    try:
        look = lambda: server.must("GET", f"/flow_runs/{made['id']}")["state_name"]
        wait_for(lambda: look() == "Running", "the run")
        prefect.run("prefect", "flow-run", "cancel", made["id"])
        wait_for(lambda: look() == "Cancelled", "the end")
    finally:
        worker.kill()
        worker.communicate()


def test_serve_runs_its_deployment_and_pauses_it_at_its_end(server, prefect):
    process = prefect.start("python", "flows.py", "serve")
    try:
        look = lambda: server.ask("GET", "/deployments/name/child/served")
        wait_for(lambda: look()[0] == 200, "the deployment")
        deployment = look()[1]
        assert (deployment["work_pool_name"], deployment["paused"]) == (None, False)
        made = server.must("POST", f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"n": 6}})
        run = lambda: server.must("GET", f"/flow_runs/{made['id']}")
        wait_for(lambda: run()["state_name"] == "Completed", "the run")
        # The real client tells of its tasks by a stream of its own, which may come behind the run's end.
        wait_for(lambda: tasks_of(server, run()) == [("double", "Completed", 1)], "the task")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    assert look()[1]["paused"]
