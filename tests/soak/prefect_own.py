# SPDX-License-Identifier: Apache-2.0
"""Prefect's own integration tests, from a checkout of PrefectHQ/prefect that is at hand, against our server or the stock one:

    build/python-tests/bin/python tests/soak/prefect_own.py CHECKOUT [--stock] [WORD]

Nothing of theirs is kept here. They run in the environment of tests/requirements-prefect3.txt; WORD chooses tests as pytest's -k."""
import argparse
import asyncio
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build" / "python-prefect3" / "bin" / "python"
LEFT_OUT = {
    "test_concurrency_leases": "reads the stock server's own disk",
    "test_deploy": "needs git and GitHub", "test_load_flows_concurrently": "needs git and GitHub",
    "test_docker_deploy": "needs Docker", "test_prebuilt_image_uv_skip": "needs Docker",
    "test_worker": "needs the integration for Kubernetes", "test_workspace_uv_runtime_env": "installs packages",
}
# Theirs call programs by `uv run --isolated …`: here those of the environment.
UV = """import pathlib


def find_uv_bin():
    return str(pathlib.Path(__file__).parent / "uv")
"""
UV_PROGRAM = """#!/bin/sh
while [ "$1" != prefect ]; do shift; done
exec "{prefect}" "$@"
"""


def pytest_pyfunc_call(pyfuncitem):
    """Theirs are run by pytest-asyncio: here a loop of its own is enough for each."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True


def tools(folder):
    """pytest without what else its environment has, uv, and this file as a plugin."""
    there = next((ROOT / "build" / "python-tests" / "lib").glob("python3*")) / "site-packages"
    for name in ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py.py"):
        (folder / name).symlink_to(there / name)
    (folder / "prefect_own.py").symlink_to(pathlib.Path(__file__).resolve())
    (folder / "uv.py").write_text(UV, encoding="utf-8")
    program = folder / "uv"
    program.write_text(UV_PROGRAM.format(prefect=PYTHON.parent / "prefect"), encoding="utf-8")
    program.chmod(0o755)
    return folder


def run(checkout, server, folder, word):
    """(name, what became of it) of each test."""
    report = folder / "report.xml"
    home = folder / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "TIDEMILL_"))} | {
        "PREFECT_API_URL": server.url, "PREFECT_HOME": str(home), "PYTHONPATH": str(tools(folder)), "DO_NOT_TRACK": "1",
        "PYTHONWARNINGS": "ignore", "NO_PROXY": "127.0.0.1,localhost", "PATH": f"{PYTHON.parent}:/usr/bin:/bin"}
    ignored = [f"--ignore={checkout / 'integration-tests' / name}.py" for name in LEFT_OUT]
    chosen = ["-k", word] if word else []
    subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "-p", "prefect_own", "-p", "no:cacheprovider", "--rootdir", checkout, "-c", os.devnull,
         f"--junitxml={report}", *ignored, *chosen, checkout / "integration-tests"],
        cwd=checkout, env=environment, check=False)
    for case in xml.parse(report).getroot().iter("testcase"):
        bad = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
        yield f"{case.get('classname').rsplit('.', 1)[-1]}::{case.get('name')}", bad[0] if bad else "passed"


def main():
    sys.path.insert(0, str(ROOT / "tests"))
    from support.console import Stock3, free_port
    from support.server import Server

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=pathlib.Path)
    parser.add_argument("word", nargs="?")
    parser.add_argument("--stock", action="store_true", help="against the real 3.8.8 instead of ours")
    chosen = parser.parse_args()
    if not PYTHON.is_file() or not (chosen.checkout / "integration-tests").is_dir():
        print("skipped: no Prefect 3.8.8 in build/python-prefect3, or no integration-tests in the checkout")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = Stock3(folder / "data", free_port()) if chosen.stock else Server(folder / "data")
        with server:
            results = list(run(chosen.checkout.resolve(), server, folder, chosen.word))
    for test, result in results:
        print(f"{result:8} {test}")
    for test, why in LEFT_OUT.items():
        print(f"left out {test}: {why}")
    bad = [test for test, result in results if result in ("failure", "error")]
    print(f"{len(results) - len(bad)} of {len(results)} passed")
    return 1 if bad or not results else 0


if __name__ == "__main__":
    sys.exit(main())
