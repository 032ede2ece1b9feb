# SPDX-License-Identifier: Apache-2.0
"""The program under test and what it leaves in a store."""
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECIPE = ROOT / "recipes" / "ons" / "deaths-monthly.toml"
TABLE = "deaths_monthly"
TOTAL = "K04000001_J99000001"

MALFORMED, CHECK_FAILED, HELD, NOT_FOUND, CONFLICT, UNAVAILABLE, FORBIDDEN, TOO_LARGE = 2, 3, 4, 5, 6, 7, 8, 9
UNSUPPORTED, CANCELLED = TOO_LARGE, 130


def binary():
    """The program, or nothing where TIDEMILL_BIN does not name one."""
    path = pathlib.Path(os.environ.get("TIDEMILL_BIN", ROOT / "build" / "release" / "bin" / "tidemill"))
    return path if path.is_file() else None


def environment():
    # No proxy of this machine between the program and a publisher on loopback; no settings of whoever runs the tests.
    unwanted = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    return {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in unwanted and not name.startswith(("TIDEMILL_", "PREFECT_"))
    } | {"NO_COLOR": "1"}


def command(*arguments):
    return [str(binary()), *map(str, arguments)]


def tidemill(*arguments, timeout=120, **options):
    """Runs the program to its end: returncode, stdout, stderr as text."""
    options.setdefault("env", environment())
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=timeout, **options)


MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{used.ru_maxrss} {used.ru_utime + used.ru_stime}")
sys.exit(code)
"""


def costs(*arguments, into, timeout=120):
    """Runs the program by a small parent of its own: (result, most resident memory in kB, seconds of CPU)."""
    line = [sys.executable, "-c", MEASURE, str(into), *command(*arguments)]
    result = subprocess.run(line, capture_output=True, text=True, timeout=timeout, env=environment(), check=False)
    kilobytes, seconds = pathlib.Path(into).read_text(encoding="utf-8").split()
    return result, int(kilobytes), float(seconds)


def measured(*arguments, into, timeout=120):
    """(result, most resident memory in kB)"""
    return costs(*arguments, into=into, timeout=timeout)[:2]


def start(*arguments, **options):
    options.setdefault("env", environment())
    options.setdefault("stderr", subprocess.STDOUT)
    return subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, text=True, **options)


def flow(stage, store, publisher=None, *more, recipe=RECIPE, **options):
    """One stage of the job, without pauses and with its report as JSON."""
    where = ["--page", publisher.page, "--pause", "0"] if publisher else []
    return tidemill(stage, recipe, "--store", store, "--json", *where, *more, **options)


def from_json(text):
    """What JSON says; a name that stands twice in one object is an error, as readers keep but one of its values."""
    def once(members):
        names = [name for name, _ in members]
        assert len(names) == len(set(names)), f"a name stands twice: {names}"
        return dict(members)

    return json.loads(text, object_pairs_hook=once)


def report(result):
    """The JSON report of a flow."""
    try:
        return from_json(result.stdout)
    except json.JSONDecodeError as error:
        raise AssertionError(f"no JSON report: {error}\n{result.stdout}\n{result.stderr}") from error


def said(result):
    """All that a person would read."""
    return result.stdout + result.stderr


def complaints(result):
    """What it says of what went wrong: standard error, and of a JSON report the error and the findings alone."""
    try:
        told = json.loads(result.stdout)
    except json.JSONDecodeError:
        return said(result)
    findings = (f"{finding['id']}: {finding['message']}" for finding in told["findings"])
    return "\n".join([result.stderr, told.get("error", ""), *findings])


def assert_done(result):
    assert result.returncode == 0, f"exit {result.returncode}\n{said(result)}"
    return result


def log_files(store, table=TABLE):
    folder = pathlib.Path(store) / table / "_delta_log"
    return sorted(path for path in folder.glob("*.json")) if folder.is_dir() else []


def latest(store, table=TABLE):
    """The newest version's number, or -1."""
    return len(log_files(store, table)) - 1


def commit_info(store, version, table=TABLE):
    for line in log_files(store, table)[version].read_text(encoding="utf-8").splitlines():
        action = json.loads(line)
        if "commitInfo" in action:
            return action["commitInfo"]
    raise AssertionError(f"no commitInfo in version {version} of {table}")


def rows(store, version=None, table=TABLE):
    """The rows of a version as plain dicts; read by following the log by hand."""
    live = set()
    for path in log_files(store, table)[: None if version is None else version + 1]:
        for line in path.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "add" in action:
                live.add(action["add"]["path"])
            elif "remove" in action:
                live.discard(action["remove"]["path"])
    found = []
    for name in sorted(live):
        found.extend(pq.read_table(pathlib.Path(store) / table / name).to_pylist())
    return found


def deaths(store, version=None):
    """{(code, period): count}; keys must be unique."""
    all_rows = rows(store, version)
    counts = {(row["geo_code"], row["period"]): row["deaths"] for row in all_rows}
    assert len(counts) == len(all_rows)
    return counts


def strays(store):
    """Files that no finished run leaves: temporary ones, and data files that no version names."""
    store, named = pathlib.Path(store), set()
    for path in log_files(store):
        for line in path.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            named.update(action[kind]["path"] for kind in ("add", "remove") if kind in action)
    data = (path for path in (store / TABLE).glob("*.parquet") if path.name not in named)
    temporary = (path for path in store.rglob("*") if path.is_file() and ("tmp" in path.name or path.name[0] == "."))
    return sorted(map(str, {*data, *temporary}))


class Service:
    """A running `tidemill serve`: `with Service(store) as service: service.get("/healthz")`."""

    def __init__(self, store, *more):
        self._process = start("serve", store, "--port", "0", *more)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.root = self._address()

    def _address(self):
        """The first http address that the program prints."""
        deadline, text = time.monotonic() + 30, ""
        while time.monotonic() < deadline:
            # Not by readline: what it keeps in its buffer, select does not see.
            if select.select([self._process.stdout], [], [], 0.2)[0]:
                text += os.read(self._process.stdout.fileno(), 4096).decode()
                if found := re.search(r"http://127\.0\.0\.1:\d+(?=\D)", text):
                    self.begun = text
                    return found[0]
            if self._process.poll() is not None:
                break
        self._process.kill()
        raise AssertionError(f"serve printed no address\n{text}")

    def get(self, path):
        """(status, headers, bytes)."""
        try:
            with self._opener.open(self.root + path, timeout=30) as reply:
                return reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as reply:
            return reply.code, reply.headers, reply.read()

    def json(self, path):
        status, _, body = self.get(path)
        assert status == 200, f"{path}: {status} {body[:300]}"
        return from_json(body)

    def stop(self, how=signal.SIGTERM):
        self._process.send_signal(how)
        try:
            return self._process.wait(timeout=20)
        finally:
            self._process.kill()
            self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self.stop()


def eventually(condition, seconds=20):
    """Waits until a condition holds; its last value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value
