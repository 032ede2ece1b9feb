# SPDX-License-Identifier: Apache-2.0
"""Orchestration servers side by side: ours and the stock ones, how each is started and asked, where its database lies."""
import contextlib
import http.client
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

from support import program


class Orchestrator:
    """A server that is started on a free port; its folder outlives it."""

    def __init__(self, name, work, core):
        self.name, self.core, self.port = name, core, program.free_port()
        self.folder = work / name
        self.folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self):
        begun = time.monotonic()
        self.process = subprocess.Popen(
            ["taskset", "-c", str(self.core), *map(str, self.command())], env=self.environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        while self.ask("GET", "/health")[0] != 200:
            if self.process.poll() is not None or time.monotonic() > begun + 240:
                self.__exit__()
                program.stop(f"{self.name} does not answer")
            time.sleep(0.005)
        self.ready = time.monotonic() - begun
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):  # what a server leaves behind
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def environment(self):
        return dict(os.environ)

    def ask(self, method, path, body=None):
        """(status, JSON); status 0 where nothing answers."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, "/api" + path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            answer = link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            link.close()
        return answer.status, json.loads(text) if text else None

    def must(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        if not 200 <= status < 300:
            program.stop(f"{self.name} answers {method} {path} with {status}: {answer}")
        return answer

    def run_ids(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.database()}?mode=ro", uri=True)) as database:
            return [row[0] for row in database.execute("SELECT id FROM flow_run WHERE state_type = 'PENDING'")]

    def cpu(self):
        """CPU seconds, of all threads of all its processes, as finely as the scheduler counts."""
        return sum(run_seconds(pid) for pid in self.processes())

    def memory(self):
        """Resident MB of all its processes."""
        return sum(resident(pid) for pid in self.processes())

    def processes(self):
        found = [self.process.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                found += map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


class Tidemill(Orchestrator):
    def scheduled(self, schedule):
        return {"schedules": [{"schedule": schedule, "active": True}]}

    def command(self):
        return [program.tidemill(), "server", "start", "--port", self.port, "--data", self.folder]

    def database(self):
        return self.folder / "orchestrator.db"


class Prefect(Orchestrator):
    """The stock server of a private environment, with its services as they come."""

    def __init__(self, name, work, core, environment):
        super().__init__(name, work, core)
        self.python = program.ROOT / "build" / environment / "bin/python"
        self.old = environment == "python-prefect2"

    def scheduled(self, schedule):
        """A deployment's schedule as this version's clients say it."""
        if self.old:
            return {"schedule": schedule, "is_schedule_active": True, "manifest_path": None, "infra_overrides": {}}
        return {"schedules": [{"schedule": schedule, "active": True}]}

    def there(self):
        return self.python.is_file()

    def command(self):
        return [self.python.parent / "prefect", "server", "start", "--host", "127.0.0.1", "--port", self.port]

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        # It starts uvicorn by the PATH.
        return kept | {"PATH": f"{self.python.parent}:{kept['PATH']}", "PREFECT_HOME": str(self.folder),
                       "PREFECT_API_URL": f"http://127.0.0.1:{self.port}/api", "DO_NOT_TRACK": "1"}

    def database(self):
        return self.folder / "prefect.db"


def run_seconds(pid):
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            total += int(task.read_text().split()[0])
    return total / 1e9


def resident(pid):
    with contextlib.suppress(OSError):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def fill(server, count):
    """Makes `count` more runs of the one that is there, over the last 30 days, in the database of a server of ours that is stopped."""
    with contextlib.closing(sqlite3.connect(server.database())) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(flow_run)")]
        day = 86_400_000_000
        own = {"id": "printf('%08x-%s', n.n, substr(r.id, 10))", "name": "printf('keen-heron-%d', n.n % 10007)"}
        own |= {name: f"r.{name} - n.n * (30 * {day} / {count})" for name in ("created", "state_at", "expected_start", "start", "end")}
        chosen = ", ".join(own.get(name, f"r.{name}") for name in names)
        database.execute("PRAGMA synchronous=OFF")
        database.execute(f"WITH RECURSIVE n(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM n WHERE n < {count}) "
                         f"INSERT INTO flow_run({', '.join(names)}) SELECT {chosen} FROM n, flow_run r WHERE r.rowid = 1")
        database.commit()


def load(server, lines, core, seconds, connections):
    """Posts (path, body) in turn as fast as they are answered: rate of what succeeded, p50 and p99 in ms, what failed."""
    if not lines:
        return {"rate": 0.0, "p50": 0.0, "p99": 0.0, "failed": 0, "note": "  nothing to ask about"}
    posts = server.folder / "posts.tsv"
    posts.write_text("".join(f"/api{path}\t{json.dumps(body)}\n" for path, body in lines))
    command = ["taskset", "-c", core, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s",
               program.PEERS / "posts.lua", f"http://127.0.0.1:{server.port}", "--", posts]
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    found = [line for line in said.stdout.splitlines() if line.startswith("RESULT ")]
    if said.returncode != 0 or not found:
        program.stop(f"wrk ended with {said.returncode}:\n{said.stdout}{said.stderr}")
    result = json.loads(found[0].removeprefix("RESULT "))
    return {"rate": (result["requests"] - result["status"]) / result["seconds"], "p50": result["p50"] / 1e3,
            "p99": result["p99"] / 1e3, "failed": result["status"] + result["broken"],
            "note": "  (asked for some again)" if 1 < len(lines) < result["requests"] else ""}
