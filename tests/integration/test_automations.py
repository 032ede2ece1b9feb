# SPDX-License-Identifier: Apache-2.0
"""Automations from outside to outside: a webhook, a published version, a failure; a deployment that starts, a post."""
import http.server
import json
import re
import threading
import urllib.request

import pytest
from support import tidemill
from support.console import Console
from support.server import Server

ENTRYPOINT = "recipes/ons/deaths-monthly.toml:main-flow"


class Receiver:
    """Somebody who is posted to, on loopback."""

    def __init__(self):
        self.posts = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((self.path, dict(self.headers), json.loads(body)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server(program, tmp_path):
    with Server(tmp_path / "data") as running:
        yield running


@pytest.fixture
def console(server, tmp_path):
    return Console(server.url, tmp_path / "home")


def deployment(server, name="d"):
    flow = server.must("POST", "/flows/", {"name": "f"})
    return server.must("POST", "/deployments/", {"flow_id": flow["id"], "name": name})


def automate(console, tmp_path, text):
    file = tmp_path / "automation.yaml"
    file.write_text(text, encoding="utf-8")
    assert "created" in console.run("automation", "create", "--from-file", file)


def runs_of(server, made):
    return server.must("POST", "/flow_runs/filter", {"flow_runs": {"deployment_id": {"any_": [made["id"]]}}})


def test_a_post_to_a_hook_starts_a_deployment(server, console, tmp_path):
    made = deployment(server)
    said = console.run("hook", "create", "office")
    address = re.search(r"http://\S+/hooks/\S+", said)[0]
    automate(console, tmp_path, f"""
name: office calls
trigger: {{match: {{prefect.resource.id: tidemill.hook.office}}, expect: [tidemill.hook.received]}}
actions:
  - {{type: run-deployment, source: selected, deployment_id: {made["id"]}, parameters: {{year: "{{{{ event.payload.body.year }}}}"}}}}
""")
    body = json.dumps({"year": 2021}).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data=body, method="POST"), timeout=10) as answer:
        assert answer.status == 202
    run, = tidemill.eventually(lambda: runs_of(server, made), 20)
    assert run["parameters"] == {"year": "2021"}
    # Seen on the pages, and the address is the only way in.
    assert run["id"] in [row["id"] for row in server.must("GET", "/pages/runs?deployment=f/d")["page"]["runs"]]
    console.run("hook", "delete", address.rsplit("/", 1)[1])
    assert server.ask("POST", "/hooks/" + address.rsplit("/", 1)[1], {})[0] == 404


def test_a_published_version_starts_a_deployment(server, console, publisher, store, tmp_path):
    made = deployment(server)
    automate(console, tmp_path, f"""
automations:
  - name: new figures
    trigger: {{match: {{prefect.resource.id: tidemill.dataset.*}}, expect: [tidemill.dataset.published]}}
    actions:
      - type: run-deployment
        deployment_id: {made["id"]}
        parameters: {{table: "{{{{ event.resource.prefect.resource.name }}}}", version: "{{{{ event.payload.version }}}}"}}
""")
    words = ("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0")
    console.run(*words)
    run, = tidemill.eventually(lambda: runs_of(server, made), 20)
    assert run["parameters"] == {"table": tidemill.TABLE, "version": "0"}
    event, = server.must("POST", "/events/filter", {"filter": {"event": {"name": ["tidemill.dataset.published"]}}})["events"]
    assert event["payload"]["added"] == event["payload"]["rows"] > 0
    # A run that finds nothing new publishes nothing, and tells nothing.
    console.run(*words)
    assert server.must("POST", "/events/filter", {"filter": {"event": {"name": ["tidemill.dataset.published"]}}})["total"] == 1


def test_a_failure_is_posted(server, console, tmp_path):
    with Receiver() as receiver:
        automate(console, tmp_path, f"""
name: failures
trigger: {{match: {{prefect.resource.id: prefect.flow-run.*}}, expect: [prefect.flow-run.Failed]}}
actions:
  - {{type: call-webhook, url: "{receiver.url}/failed?key=planted-key", payload: {{run: "{{{{ flow_run.name }}}}", why: "{{{{ flow_run.state.message }}}}"}}}}
""")
        flow = server.must("POST", "/flows/", {"name": "f"})
        run = server.must("POST", "/flow_runs/", {"flow_id": flow["id"], "name": "sad", "state": {
            "type": "FAILED", "message": 'a "quoted" {{ event.id }} {% x %}'}})
        assert tidemill.eventually(lambda: receiver.posts, 20)
        path, headers, body = receiver.posts[0]
        assert (path, headers["Content-Type"]) == ("/failed?key=planted-key", "application/json")
        # What is filled in is not looked at again.
        assert body == {"run": "sad", "why": 'a "quoted" {{ event.id }} {% x %}'}
        assert server.must("GET", f"/flow_runs/{run['id']}")["state_type"] == "FAILED"
        assert "planted-key" not in json.dumps(server.must("POST", "/events/filter", {}))
