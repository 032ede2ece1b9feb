# SPDX-License-Identifier: Apache-2.0
"""The real Prefect 2.11.5 against our server."""
import textwrap

import pytest
from support.server import Prefect2, Server

FLOW = """
    from prefect import flow, get_run_logger, task

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

    @flow
    def child(n: int):
        return double(n)

    @flow
    def parent(n: int = 3):
        get_run_logger().info("hello from the flow")
        return double(n) + flaky() + child(n)

    if __name__ == "__main__":
        print("result", parent())
"""


@pytest.fixture(scope="module")
def server(program, tmp_path_factory):
    with Server(tmp_path_factory.mktemp("prefect2") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def prefect(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("home2")
    (home / "flows.py").write_text(textwrap.dedent(FLOW), encoding="utf-8")
    return Prefect2(server, home)


def child_of(task):
    """The id of the flow run that the task run stands for. Its own name is a random one, by the client."""
    return task["state"]["state_details"].get("child_flow_run_id")


def task_runs(server, run):
    found = server.must("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "NAME_ASC"})
    return {
        "a sub-flow" if child_of(task) else task["name"]: (task["state_name"], task["run_count"]) for task in found
    }


def test_a_flow_with_tasks_retries_and_a_subflow(server, prefect):
    assert "result 14" in prefect.run("python", "flows.py")
    runs = server.must("POST", "/flow_runs/filter", {"sort": "START_TIME_ASC"})
    flows = {flow["id"]: flow["name"] for flow in server.must("POST", "/flows/filter", {})}
    assert [(flows[run["flow_id"]], run["state_name"]) for run in runs] == [("parent", "Completed"), ("child", "Completed")]
    # The sub-flow stands in its parent as a task run.
    assert task_runs(server, runs[0]) == {
        "a sub-flow": ("Completed", 1), "double-0": ("Completed", 1), "flaky-0": ("Completed", 2)}
    parent_tasks = server.must("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [runs[0]["id"]]}}})
    assert runs[1]["id"] in [child_of(task) for task in parent_tasks]
    assert task_runs(server, runs[1]) == {"double-0": ("Completed", 1)}
    logs = server.must("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [runs[0]["id"]]}}})
    assert any(line["message"] == "hello from the flow" for line in logs)
    shown = prefect.run("prefect", "flow-run", "ls")
    assert "Completed" in shown.replace("COMPLETED", "Completed") and "parent" in shown


def test_a_deployment_built_applied_and_run_by_the_agent(server, prefect):
    said = prefect.run("prefect", "deployment", "build", "flows.py:child", "--name", "nightly", "--cron", "0 0 * * *",
                       "--param", "n=21", "-o", "child-deployment.yaml", "--apply")
    assert "child/nightly" in said
    deployment = server.must("GET", "/deployments/name/child/nightly")
    assert deployment["schedule"] == {"cron": "0 0 * * *", "timezone": None, "day_or": True}
    assert (deployment["work_pool_name"], deployment["work_queue_name"]) == ("default-agent-pool", "default")
    planned = server.must("POST", "/flow_runs/filter", {
        "deployments": {"id": {"any_": [deployment["id"]]}}, "sort": "NEXT_SCHEDULED_START_TIME_ASC"})
    assert len(planned) == 3
    assert all(run["next_scheduled_start_time"].endswith("T00:00:00.000000Z") for run in planned)
    made = server.must("POST", f"/deployments/{deployment['id']}/create_flow_run", {"name": "by-hand"})
    prefect.run("prefect", "agent", "start", "-q", "default", "--run-once")
    run = server.must("GET", f"/flow_runs/{made['id']}")
    assert (run["state_name"], run["parameters"], run["run_count"]) == ("Completed", {"n": 21}, 1)
    assert task_runs(server, run) == {"double-0": ("Completed", 1)}
    # Applied again, the plan stays what it was: nothing twice.
    prefect.run("prefect", "deployment", "apply", "child-deployment.yaml")
    again = server.must("POST", "/flow_runs/filter", {
        "deployments": {"id": {"any_": [deployment["id"]]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
    assert {run["next_scheduled_start_time"] for run in again} == {run["next_scheduled_start_time"] for run in planned}
    assert len(again) == 3
