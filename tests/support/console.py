# SPDX-License-Identifier: Apache-2.0
"""Our client, and the real servers of Prefect 2.11.5 and 3.8.8 for it."""
import json
import os
import pathlib
import signal
import socket
import subprocess

import pytest
from support import tidemill
from support.server import PREFECT_2, PREFECT_3, ROOT, Prefect2, Prefect3, Server


class Stock:
    """A real Prefect server, with a home of its own."""

    programs = None
    missing = ""
    fields = {}  # of each request

    def __init__(self, home, port, settings=None):
        if not (self.programs / "prefect").is_file():
            pytest.skip(self.missing)
        self.port = port
        self.url = f"http://127.0.0.1:{port}/api"
        environment = tidemill.environment() | {
            "PREFECT_HOME": str(home), "PYTHONWARNINGS": "ignore", "PATH": f"{self.programs}:/usr/bin:/bin",
            "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"} | (settings or {})
        self.process = subprocess.Popen(
            [str(self.programs / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
        if not tidemill.eventually(self._answers, 240):
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

    def ask(self, method, path, body=None):
        return Server.ask(self, method, path, body, {"Content-Type": "application/json"} | self.fields)

    must = Server.must


class Stock2(Stock):
    programs = PREFECT_2
    missing = Prefect2.missing


class Stock3(Stock):
    programs = PREFECT_3
    missing = Prefect3.missing


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
