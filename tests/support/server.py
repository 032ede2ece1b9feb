# SPDX-License-Identifier: Apache-2.0
"""The orchestration server under test, and real Prefect clients that talk to it."""
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import urllib.error
import urllib.request

import pytest
from support import tidemill

ROOT = pathlib.Path(__file__).resolve().parents[2]
PREFECT_2 = ROOT / "build" / "python-prefect2" / "bin"
PREFECT_3 = ROOT / "build" / "python-prefect3" / "bin"
FORKS = pathlib.Path(__file__).with_name("prefect_forks.py")
TAKES_LONG = 180


class Server:
    """A running `tidemill server start`; its folder outlives it, so it can be started again."""

    def __init__(self, folder, *options, port=0, auth=None):
        self.folder = folder
        environment = tidemill.environment() | ({"PREFECT_SERVER_API_AUTH_STRING": auth} if auth else {})
        self.process = subprocess.Popen(
            tidemill.command("server", "start", "--port", port, "--data", folder, *options),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/api", line)
        if not found:
            raise AssertionError(f"no server: {line}{self.process.stdout.read()}")
        self.port = int(found.group(1))
        self.url = f"http://127.0.0.1:{self.port}/api"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks it to end; the exit code."""
        if self.process.stdout.closed:  # killed before
            return self.process.returncode
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, method, path, body=None, headers=None, raw=None):
        """(status, JSON or text)."""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        return status, json.loads(text) if text else None

    def must(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer


class Prefect:
    """Programs of an environment with a real Prefect, with a home of their own."""

    programs = None
    missing = ""

    def __init__(self, server, home):
        if not (self.programs / "prefect").is_file():
            pytest.skip(self.missing)
        self.home = pathlib.Path(home)
        self._forks = None
        self.environment = tidemill.environment() | {
            "PREFECT_API_URL": server.url, "PREFECT_HOME": str(self.home / ".prefect"), "PYTHONWARNINGS": "ignore",
            "PATH": f"{self.programs}:/usr/bin:/bin", "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "0.2",
            "COLUMNS": "200",  # its tables cut what does not fit
            "DO_NOT_TRACK": "1", "PREFECT_WORKER_QUERY_SECONDS": "1", "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        }

    def start(self, *words):
        return subprocess.Popen(
            [str(self.programs / words[0]), *map(str, words[1:])], cwd=self.home, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )

    def run(self, *words):
        """A command to its end: what it said. It is forked off a process that has imported Prefect: that takes two seconds of CPU,
        most of what a command would take that is started by itself."""
        if self._forks is None:
            self._forks = subprocess.Popen(
                [str(self.programs / "python"), str(FORKS)], cwd=self.home, env=self.environment, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = self.home / "said.txt"
        self._forks.stdin.write(json.dumps([str(said), *map(str, words)]) + "\n")
        self._forks.stdin.flush()
        if not select.select([self._forks.stdout], [], [], TAKES_LONG)[0]:
            os.killpg(self._forks.pid, signal.SIGKILL)
        code = self._forks.stdout.readline().strip()
        text = said.read_text(encoding="utf-8", errors="replace")
        assert code == "0", f"{words}: exit {code or 'killed'}\n{text}"
        return text


class Prefect2(Prefect):
    programs = PREFECT_2
    missing = "no Prefect 2.11.5 in build/python-prefect2 (./dev test makes it where there is a Python 3.11)"


class Prefect3(Prefect):
    programs = PREFECT_3
    missing = "no Prefect 3.8.8 in build/python-prefect3 (./dev test makes it where there is a Python 3.13)"
