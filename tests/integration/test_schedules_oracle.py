# SPDX-License-Identifier: Apache-2.0
"""Generated schedules, most of them around the changes of clocks, against Prefect 3's own schedule code on Python 3.13."""
import json
import pathlib
import subprocess

import pytest
from support import tidemill
from support.server import PREFECT_3, Server

SCHEDULES = 2000
SEED = 6
PROGRAM = pathlib.Path(__file__).parents[1] / "support" / "prefect3_schedules.py"


def test_the_same_instants_as_prefect(program, tmp_path):
    if not (PREFECT_3 / "python").is_file():
        pytest.skip("no Prefect 3.8.8 in build/python-prefect3 (./dev test makes it where there is a Python 3.13)")
    said = subprocess.run([str(PREFECT_3 / "python"), str(PROGRAM), str(SCHEDULES), str(SEED)], capture_output=True, text=True,
                          env=tidemill.environment() | {"PREFECT_HOME": str(tmp_path / "home")}, timeout=900)
    assert said.returncode == 0, said.stderr
    cases = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(cases) == SCHEDULES
    different = []
    with Server(tmp_path / "data", "--no-services") as server:
        for case in cases:
            status, got = server.ask("POST", "/schedules/next",
                                     {"schedule": case["schedule"], "from": case["from"], "count": len(case["dates"])})
            if not case["dates"]:  # what never happens is refused
                assert status == 422, case
            elif got != case["dates"]:
                different.append(f"{case}\nours: {got}")
    assert not different, f"{len(different)} of {SCHEDULES} differ:\n" + "\n".join(different[:20])
