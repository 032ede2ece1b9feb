# SPDX-License-Identifier: Apache-2.0
"""Runs the test programs of a build by ctest and notes which passed. With --changed those are left out that passed before as they are
now: the same program, built at the same time, over the same data files."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What test programs read beside themselves.
DATA = ["tests", "recipes", "samples", "fuzz/corpus"]
DATA_UNREAD = {"tests/integration", "tests/javascript", "tests/soak", "tests/support"}


def state_of(path: pathlib.Path) -> list[int]:
    """Changes when a file below the path is written, added or taken away."""
    newest, files = 0, 0
    for folder, folders, names in os.walk(path):
        folders[:] = [one for one in folders if os.path.relpath(os.path.join(folder, one), ROOT) not in DATA_UNREAD]
        for name in names:
            newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
            files += 1
    return [newest, files]


def tests_of(build: pathlib.Path) -> dict[str, pathlib.Path]:
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    return {test["name"]: pathlib.Path(test["command"][0]) for test in json.loads(listed.stdout)["tests"]}


def key_of(program: pathlib.Path, data: list) -> list:
    return [program.stat().st_mtime_ns, program.stat().st_size, *data] if program.exists() else []


def read_passed(file: pathlib.Path) -> dict:
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):  # none yet, or cut short: all run
        return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--changed", action="store_true", help="leave out what passed before as it is now")
    options = parser.parse_args()
    build = options.build.resolve()
    shared = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", ROOT.parent / "shared/data"))
    data = [state_of(path) for path in [*(ROOT / name for name in DATA), shared]]
    keys = {name: key_of(program, data) for name, program in tests_of(build).items()}
    noted, report = build / "passed.json", build / "unit-tests.xml"
    passed = {name: key for name, key in read_passed(noted).items() if keys.get(name) == key}
    command = ["ctest", "--test-dir", build, "--output-on-failure", f"-j{max(2, os.cpu_count() or 2)}", "--output-junit", report]
    if options.changed and passed:
        print(f"{len(passed)} of {len(keys)} passed before as they are now and are left out", flush=True)
        if len(passed) == len(keys):
            return 0
        command += ["-E", "^({})$".format("|".join(map(re.escape, passed)))]
    report.unlink(missing_ok=True)
    status = subprocess.run(command).returncode
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            if case.get("status") == "run":  # ctest's word for passed
                passed[case.get("name")] = keys[case.get("name")]
            else:
                passed.pop(case.get("name"), None)
        noted.write_text(json.dumps(passed))
    return status


if __name__ == "__main__":
    sys.exit(main())
