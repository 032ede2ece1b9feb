# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Cloud Run's API v2 and Cloud Logging, by their documentation; the container is the program under test, run
here with the environment and the command that the job has."""
import http.server
import json
import re
import signal
import subprocess
import threading
import time
import urllib.parse

from support import tidemill

PROJECT, REGION = "planted-project", "europe-west2"
PARENT = f"projects/{PROJECT}/locations/{REGION}"
# What the documentation lets a body hold: a nested dict of names; None is any value, a list an array of such objects.
VALUE_SOURCE = {"secretKeyRef": {"secret": None, "version": None}}
CONTAINER = {"name": None, "image": None, "command": None, "args": None, "workingDir": None, "ports": None, "volumeMounts": None,
             "env": [{"name": None, "value": None, "valueSource": VALUE_SOURCE}], "resources": {"limits": None}}
TASK = {"containers": [CONTAINER], "volumes": None, "timeout": None, "serviceAccount": None, "maxRetries": None,
        "executionEnvironment": None, "encryptionKey": None, "vpcAccess": {"connector": None, "egress": None}}
JOB = {"labels": None, "annotations": None, "client": None, "clientVersion": None, "launchStage": None,
       "binaryAuthorization": None, "template": {"labels": None, "annotations": None, "parallelism": None, "taskCount": None,
                                                 "template": TASK}}


# What a call takes, by the permission's name.
PERMISSIONS = {"run.jobs.create": f"POST /v2/{PARENT}/jobs", "run.jobs.run": r"POST .*:run", "run.jobs.delete": r"DELETE .*",
               "logging.logEntries.list": r"POST /v2/entries:list"}


def unknown(value, documented, path=""):
    """Members that the documentation does not know, with their paths."""
    if documented is None:
        return []
    if isinstance(documented, list):
        return [name for entry in value for name in unknown(entry, documented[0], path + "[]")]
    found = [f"{path}.{name}" for name in value if name not in documented]
    return found + [more for name in value if name in documented for more in unknown(value[name], documented[name], f"{path}.{name}")]


class Execution:
    """A container: the program under test with the job's command and environment. `network` maps addresses that the container
    can reach to those where they are here."""

    def __init__(self, name, task, program_environment, network):
        container = task["containers"][0]
        environment = {entry["name"]: entry.get("value", "") for entry in container.get("env", [])}
        environment = {name: network.get(value, value) for name, value in environment.items()}
        words = container.get("command") or ["tidemill"]
        command = [str(tidemill.binary()) if words[0] == "tidemill" else words[0], *words[1:], *container.get("args", [])]
        self.name, self.cancelled, self.lines = name, False, []
        self.command, self.seconds, self.timed_out = command, int(task["timeout"].removesuffix("s")), False
        self.process = subprocess.Popen(command, env=program_environment | environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, cwd=tidemill.ROOT)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()
        self.clock = threading.Timer(self.seconds, self.time_out)
        self.clock.daemon = True
        self.clock.start()

    def time_out(self):
        if self.process.poll() is None:
            self.timed_out = True
            self.process.kill()

    def read(self):
        for number, line in enumerate(self.process.stdout):
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{number:06}Z"
            self.lines.append({"insertId": str(number), "timestamp": stamp, "severity": "INFO", "textPayload": line.rstrip("\n")})

    def shown(self):
        code = self.process.poll()
        condition = {"type": "Completed", "state": "CONDITION_RECONCILING"}
        if code is not None:
            self.reader.join()
            self.clock.cancel()
            task = self.name.rsplit("/", 1)[1] + "-task0"
            if self.cancelled:
                condition |= {"state": "CONDITION_FAILED", "executionReason": "CANCELLED", "message": "Execution was cancelled."}
            elif code == 0:
                condition["state"] = "CONDITION_SUCCEEDED"
            else:
                words = (f"Terminating task because it has reached the maximum timeout of {self.seconds} seconds."
                         if self.timed_out else "The container exited with an error.")
                condition |= {"state": "CONDITION_FAILED", "executionReason": "NON_ZERO_EXIT_CODE",
                              "message": f"Task {task} failed with message: {words}"}
        return {"name": self.name, "conditions": [condition]}

    def tasks(self):
        return {"tasks": [{"name": self.name + "/tasks/0", "lastAttemptResult": {"exitCode": self.process.poll() or 0}}]}


class CloudRun:
    def __init__(self, environment=None, ready=True, network=None):
        self.network, self.forbidden = network or {}, set()
        self.jobs, self.executions, self.asked, self.deleted = {}, {}, [], []
        self.environment = environment or tidemill.environment()
        self.ready, self.lose_run = ready, 0
        self.lock = threading.Lock()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_any(self):
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with server.lock:
                    status, reply = server.answer(self.command, self.path, self.headers, json.loads(text) if text else {})
                if status is None:
                    self.close_connection = True
                    return
                payload = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_DELETE = do_any

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        for execution in self.executions.values():
            if execution.process.poll() is None:
                execution.process.kill()

    def answer(self, method, target, headers, body):
        url = urllib.parse.urlsplit(target)
        self.asked.append((method, url.path, url.query, body))
        if not headers.get("Authorization", "").startswith("Bearer planted-token-"):
            return fail(401, "Request is missing required authentication credential.")
        for permission, pattern in PERMISSIONS.items():
            if permission in self.forbidden and re.fullmatch(pattern, f"{method} {url.path}"):
                return fail(403, f"Permission '{permission}' denied on resource (or it may not exist).")
        if url.path == "/v2/entries:list":
            return self.entries(body)
        path = url.path.removeprefix("/v2/")
        if (method, path) == ("POST", f"{PARENT}/jobs"):
            return self.create(urllib.parse.parse_qs(url.query)["jobId"][0], body)
        found = re.fullmatch(rf"({PARENT}/jobs/[a-z0-9-]+)(/executions/[a-z0-9-]+)?(/tasks|:run|:cancel)?", path)
        if found is None:
            return fail(404, "Requested entity was not found.")
        return self.of_job(method, found[1], found[1] + found[2] if found[2] else None, found[3])

    def create(self, name, body):
        full = f"{PARENT}/jobs/{name}"
        if wrong := unknown(body, JOB, "job"):
            return fail(400, f"Invalid JSON payload received. Unknown name {wrong}")
        if full in self.jobs:
            return fail(409, f"Resource '{name}' already exists.")
        self.jobs[full] = {"body": body, "looks": 0, "latest": None}
        return 200, {"name": f"{PARENT}/operations/1", "metadata": {"name": full}, "done": False}

    def of_job(self, method, job, execution, verb):
        if job not in self.jobs:
            return fail(404, f"Resource '{job}' was not found.")
        held = self.jobs[job]
        if execution is None:
            if method == "DELETE":
                del self.jobs[job]
                self.deleted.append(job)
                return 200, {"name": f"{PARENT}/operations/2", "done": False}
            if verb == ":run":
                return self.run(job, held)
            return 200, self.shown(job, held)
        running = self.executions[execution]
        if verb == ":cancel":
            running.cancelled = True
            running.process.send_signal(signal.SIGTERM)
            return 200, {"name": f"{PARENT}/operations/3"}
        return 200, running.tasks() if verb == "/tasks" else running.shown()

    def shown(self, job, held):
        held["looks"] += 1
        shown = {"name": job, "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"}, **held["body"]}
        if held["looks"] < 2:
            shown |= {"reconciling": True, "terminalCondition": {"type": "Ready", "state": "CONDITION_RECONCILING"}}
        elif not self.ready:
            shown["terminalCondition"] = {"type": "Ready", "state": "CONDITION_FAILED", "message": "Image 'x' not found."}
        if held["latest"]:
            shown["latestCreatedExecution"] = {"name": held["latest"].rsplit("/", 1)[1]}
        return shown

    def run(self, job, held):
        name = f"{job}/executions/{job.rsplit('/', 1)[1]}-{len(self.executions):05}"
        self.executions[name] = Execution(name, held["body"]["template"]["template"], self.environment, self.network)
        held["latest"] = name
        if self.lose_run:
            self.lose_run -= 1
            return None, None
        return 200, {"name": f"{PARENT}/operations/4", "metadata": {"name": name}, "done": False}

    def entries(self, body):
        name = re.search(r'execution_name"="([^"]+)"', body["filter"])[1]
        since = re.search(r'timestamp>="([^"]+)"', body["filter"])[1]
        running = next(execution for full, execution in self.executions.items() if full.endswith("/" + name))
        return 200, {"entries": [line for line in running.lines if line["timestamp"] >= since][: body["pageSize"]]}


def fail(status, message):
    return status, {"error": {"code": status, "message": message}}
