# SPDX-License-Identifier: Apache-2.0
"""The client's side: runs that a server is told of, deployments, agents, workers; against our server, the real 2.11.5 and 3.8.8."""
import os
import signal

import pytest
from support import tidemill
from support.console import Console, Stock2, Stock3, free_port
from support.server import Server

ENTRYPOINT = "recipes/ons/deaths-monthly.toml:main-flow"
SUB_FLOWS = ["get-ons-deaths-data", "main-load-deaths-gcs", "transform-from-excel-to-tidy-parquet"]


STOCK = {"stock 2.11.5": Stock2, "stock 3.8.8": Stock3}


@pytest.fixture(scope="module", params=["ours", *STOCK])
def server(request, program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with STOCK[request.param](folder, free_port()) if request.param in STOCK else Server(folder) as running:
        running.poll = "2" if request.param == "stock 3.8.8" else "0.2"
        yield running


@pytest.fixture
def console(server, tmp_path):
    return Console(server.url, tmp_path / "home")


def flow_run(server, name):
    """The newest run of a flow."""
    runs = server.must("POST", "/flow_runs/filter", {"flows": {"name": {"any_": [name]}}, "sort": "EXPECTED_START_TIME_DESC"})
    assert runs, f"no run of {name}"
    return runs[0]


def ended(server, run_id, seconds=60):
    """The state of a run once it has ended."""
    final = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")

    def look():
        run = server.must("GET", f"/flow_runs/{run_id}")
        return run if run["state_type"] in final else None

    run = tidemill.eventually(look, seconds)
    assert run, server.must("GET", f"/flow_runs/{run_id}")["state"]
    return run


def test_a_run_is_seen_on_the_server(server, console, publisher, store):
    result = console.ask("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0", "--json")
    tidemill.assert_done(result)
    assert "did not reach" not in result.stderr
    assert tidemill.report(result)["outcome"] == "published"
    run = flow_run(server, "main-flow")
    assert (run["state_name"], run["run_count"]) == ("Completed", 1)
    assert run["parameters"]["page"] == publisher.page
    for name in SUB_FLOWS:
        child = flow_run(server, name)
        assert child["state_name"] == "Completed", name
        task = server.must("GET", f"/task_runs/{child['parent_task_run_id']}")
        assert (task["flow_run_id"], task["state_name"]) == (run["id"], "Completed")
        tasks = server.must("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [child["id"]]}}})
        assert tasks and all(task["state_name"] == "Completed" for task in tasks)
        logs = server.must("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [child["id"]]}}})
        assert logs, name
    artifacts = server.must("POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    assert [artifact["key"] for artifact in artifacts] == ["run-report"]
    assert "published" in artifacts[0]["data"]


def build(console, folder, publisher, store, *more):
    return console.run(
        "deployment", "build", ENTRYPOINT, "--name", "main-flow", "--cron", "0 0 * * *",
        "-o", folder / "main_flow-deployment.yaml", "--apply", "--param", f"store={store}", "--param",
        f"page={publisher.page}", "--param", "pause=0", *more)


def schedule_of(deployment):
    """A deployment's schedule in either shape: 2.11's or 3.x's."""
    return deployment["schedule"] if "schedule" in deployment else deployment["schedules"][0]["schedule"]


def test_the_old_commands_deploy_and_the_agent_runs_it(server, console, publisher, store, tmp_path):
    said = build(console, tmp_path, publisher, store)
    assert "deployment 'main-flow/main-flow' created with id" in said
    assert "tidemill agent start -q 'default'" in said
    deployment = server.must("GET", "/deployments/name/main-flow/main-flow")
    assert schedule_of(deployment)["cron"] == "0 0 * * *"
    assert (deployment["entrypoint"], deployment["work_queue_name"]) == (ENTRYPOINT, "default")
    before = (tmp_path / "main_flow-deployment.yaml").read_text()
    assert "DO NOT EDIT BELOW THIS LINE" in before
    # The file alone makes the same deployment again.
    console.run("deployment", "apply", tmp_path / "main_flow-deployment.yaml")
    assert server.must("GET", "/deployments/name/main-flow/main-flow")["id"] == deployment["id"]
    made = console.json("deployment", "run", "main-flow/main-flow", "--param", "min_year=2021")
    console.run("agent", "start", "-q", "default", "--run-once")
    run = ended(server, made["id"])
    assert (run["state_name"], run["parameters"]["min_year"]) == ("Completed", 2021), run["state"]
    assert tidemill.latest(store) == 0
    assert run["infrastructure_pid"] and run["flow_version"] == deployment["version"]
    assert "deaths_monthly" in console.run("flow-run", "logs", flow_run(server, "main-load-deaths-gcs")["id"])
    assert "main-flow/main-flow" in console.run("deployment", "ls")
    assert made["id"] in console.run("flow-run", "ls")
    console.run("deployment", "delete", "main-flow/main-flow")


def test_a_run_that_fails_says_why(server, console, publisher, store, tmp_path):
    build(console, tmp_path, publisher, store)
    made = console.json("deployment", "run", "main-flow/main-flow", "--param", "page=file:///no/such/page.html")
    console.run("agent", "start", "-q", "default", "--run-once")
    run = ended(server, made["id"])
    assert run["state_type"] == "FAILED" and "no/such/page.html" in run["state"]["message"]
    console.run("deployment", "delete", "main-flow/main-flow")


def test_what_a_deployment_has_from_an_older_flow_stops_no_run(server, console):
    flow = server.must("POST", "/flows/", {"name": "changed"})
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    unchecked = {} if isinstance(server, Stock2) else {"enforce_parameter_schema": False}
    server.must("POST", "/deployments/", {"name": "d", "flow_id": flow["id"], "parameters": {"older": 1},
                                          "parameter_openapi_schema": schema} | unchecked)
    made = console.json("deployment", "run", "changed/d", "--param", "a=1")
    assert made["parameters"] == {"older": 1, "a": 1}
    mistyped = console.ask("deployment", "run", "changed/d", "--param", "b=1")
    assert mistyped.returncode == tidemill.MALFORMED and "the flow has no parameter 'b'" in mistyped.stderr
    console.run("deployment", "delete", "changed/d")


class Agent:
    """A running agent that takes runs at once; a stock 3.8.8 that is asked often answers 503 to all others."""

    def __init__(self, console, server, *more):
        self.process = console.start("agent", "start", "-q", "default", "--poll", server.poll, "--prefetch-seconds", "0", *more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self.process.stdout.close()


def slow_run(console, server, publisher, store, tmp_path):
    """A run that takes minutes if nobody ends it, once it runs."""
    build(console, tmp_path, publisher, store)
    made = console.json("deployment", "run", "main-flow/main-flow", "--param", "pause=60")
    return made["id"]


def pid_of(server, run_id):
    def look():
        run = server.must("GET", f"/flow_runs/{run_id}")
        return run["state_type"] == "RUNNING" and run["infrastructure_pid"]
    found = tidemill.eventually(look, 30)
    assert found, server.must("GET", f"/flow_runs/{run_id}")["state"]
    return int(found.rsplit(":", 1)[1])


def test_a_cancelled_run_ends_with_its_process(server, console, publisher, store, tmp_path):
    with Agent(console, server):
        run = slow_run(console, server, publisher, store, tmp_path)
        pid = pid_of(server, run)
        console.run("flow-run", "cancel", run)
        assert ended(server, run)["state_type"] == "CANCELLED"
        # The run says so itself before it ends.
        assert tidemill.eventually(lambda: not os.path.exists(f"/proc/{pid}"), 10)


def test_a_run_whose_process_is_killed_is_crashed(server, console, publisher, store, tmp_path):
    with Agent(console, server):
        run = slow_run(console, server, publisher, store, tmp_path)
        os.kill(pid_of(server, run), signal.SIGKILL)
        state = ended(server, run)["state"]
        assert state["type"] == "CRASHED" and "signal 9" in state["message"]


def test_a_killed_agents_runs_are_found_by_the_next(server, console, publisher, store, tmp_path):
    agent = Agent(console, server)
    run = slow_run(console, server, publisher, store, tmp_path)
    pid = pid_of(server, run)
    agent.process.kill()
    agent.process.wait()
    agent.process.stdout.close()
    os.kill(pid, signal.SIGKILL)
    with Agent(console, server):
        assert ended(server, run)["state_type"] == "CRASHED"


def test_an_agent_that_is_to_end_ends_what_it_runs(server, console, publisher, store, tmp_path):
    with Agent(console, server, "--grace", "0.1") as agent:
        run = slow_run(console, server, publisher, store, tmp_path)
        pid_of(server, run)
        agent.process.send_signal(signal.SIGTERM)
        assert agent.process.wait(timeout=30) == 0
    state = ended(server, run)["state"]
    assert (state["type"], state["message"]) == ("CRASHED", "interrupted")


def test_a_server_that_dies_does_not_stop_the_run(program, publisher, store, tmp_path):
    server = Server(tmp_path / "data")
    console = Console(server.url, tmp_path / "home")
    process = console.start("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0.5")
    assert tidemill.eventually(lambda: server.must("POST", "/flow_runs/filter", {}), 20)
    server.kill()
    output = process.communicate(timeout=90)[0]
    assert process.returncode == 0, output
    assert tidemill.latest(store) == 0
    assert "did not reach the server" in output


def test_a_run_needs_no_server_that_is_not_there(program, publisher, store, tmp_path):
    console = Console(f"http://127.0.0.1:{free_port()}/api", tmp_path / "home")
    result = console.ask("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0")
    assert result.returncode == 0, tidemill.said(result)
    assert "does not answer: the run goes on" in result.stderr
