# SPDX-License-Identifier: Apache-2.0
"""The table of generated schedules is what Prefect 3's own schedule code says on Python 3.13; ours is held to all of it by the unit
tests (tests/orchestrator/schedules.tsv)."""
import pathlib
import subprocess

import pytest
from support import tidemill
from support.server import PREFECT_3

FIRST, SEED = 100, 1
TESTS = pathlib.Path(__file__).parents[1]


def test_prefect_says_what_the_table_says(tmp_path):
    if not (PREFECT_3 / "python").is_file():
        pytest.skip("no Prefect 3.8.8 in build/python-prefect3 (./dev test makes it where there is a Python 3.13)")
    program = [PREFECT_3 / "python", TESTS / "support/prefect3_schedules.py", FIRST, SEED]
    said = subprocess.run(list(map(str, program)), capture_output=True, text=True, timeout=300,
                          env=tidemill.environment() | {"PREFECT_HOME": str(tmp_path / "home")})
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert len(lines) == FIRST
    table = [line for line in (TESTS / "orchestrator/schedules.tsv").read_text().splitlines() if not line.startswith("#")]
    assert lines == table[:FIRST]
