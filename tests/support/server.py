# SPDX-License-Identifier: Apache-2.0
"""The orchestration server under test, and real Prefect clients that talk to it."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import pytest
from support import tidemill

ROOT = pathlib.Path(__file__).resolve().parents[2]
PREFECT_2 = ROOT / "build" / "python-prefect2" / "bin"
TAKES_LONG = 180


class Server:
    """A running `tidemill server start`; its folder outlives it, so it can be started again."""

    def __init__(self, folder, *options, port=0, auth=None):
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


class Prefect2:
    """Programs of the Prefect 2.11.5 environment, with a home of their own."""

    def __init__(self, server, home):
        if not (PREFECT_2 / "prefect").is_file():
            pytest.skip("no Prefect 2.11.5 in build/python-prefect2 (./dev test makes it where there is a Python 3.11)")
        self.home = pathlib.Path(home)
        self.environment = tidemill.environment() | {
            "PREFECT_API_URL": server.url, "PREFECT_HOME": str(self.home / ".prefect"), "PYTHONWARNINGS": "ignore",
            "PATH": f"{PREFECT_2}:/usr/bin:/bin", "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "0.2",
            "COLUMNS": "200",  # its tables cut what does not fit
        }

    def run(self, *words):
        result = subprocess.run(
            [str(PREFECT_2 / words[0]), *map(str, words[1:])], cwd=self.home, env=self.environment,
            capture_output=True, text=True, timeout=TAKES_LONG,
        )
        assert result.returncode == 0, f"{words}: exit {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout + result.stderr


class Stock2:
    """The real Prefect 2.11.5 server, with a home of its own."""

    def __init__(self, home, port):
        if not (PREFECT_2 / "prefect").is_file():
            pytest.skip("no Prefect 2.11.5 in build/python-prefect2 (./dev test makes it where there is a Python 3.11)")
        self.url = f"http://127.0.0.1:{port}/api"
        environment = tidemill.environment() | {"PREFECT_HOME": str(home), "PYTHONWARNINGS": "ignore",
                                                "PATH": f"{PREFECT_2}:/usr/bin:/bin"}
        self.process = subprocess.Popen(
            [str(PREFECT_2 / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
        if not tidemill.eventually(self._answers, 120):
            self.stop()
            raise AssertionError("the stock server does not answer")

    def _answers(self):
        try:
            return self.ask("GET", "/health")[0] == 200
        except OSError:
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    ask = Server.ask
    must = Server.must


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Console:
    """`tidemill` as a client of a server: its commands, with a home of their own."""

    def __init__(self, url, home):
        self.home = pathlib.Path(home)
        self.environment = tidemill.environment() | {
            "PREFECT_API_URL": url, "PREFECT_HOME": str(self.home), "HOME": str(self.home)}

    def ask(self, *words, **options):
        """The command's end: returncode, stdout, stderr."""
        options = {"cwd": ROOT, "env": self.environment} | options
        return tidemill.tidemill(*words, **options)

    def run(self, *words, **options):
        result = self.ask(*words, **options)
        assert result.returncode == 0, f"{words}: exit {result.returncode}\n{tidemill.said(result)}"
        return result.stdout

    def json(self, *words):
        return json.loads(self.run(*words, "--json"))

    def start(self, *words, **options):
        return tidemill.start(*words, cwd=ROOT, env=self.environment, **options)
