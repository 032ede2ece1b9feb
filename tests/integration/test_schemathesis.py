# SPDX-License-Identifier: Apache-2.0
"""schemathesis over /openapi.json: every operation, all checks. TIDEMILL_SCHEMATHESIS_EXAMPLES says how many requests an
operation gets (100; soak takes 1,000)."""
import os
import pathlib
import subprocess
import sys

import pytest
from support import tidemill

pytestmark = pytest.mark.usefixtures("program")

EXAMPLES = os.environ.get("TIDEMILL_SCHEMATHESIS_EXAMPLES", "100")
SETTINGS = tidemill.ROOT / "tests" / "schemathesis.toml"


def test_every_operation_answers_as_documented(first_run, tmp_path):
    program = pathlib.Path(sys.executable).with_name("schemathesis")
    with tidemill.Service(first_run[0]) as service:
        # The stream of events has no end, so it is left to test_api_clients.py.
        result = subprocess.run(
            [program, "--config-file", SETTINGS, "run", f"{service.root}/openapi.json", "--checks", "all",
             "--max-examples", EXAMPLES, "--exclude-path", "/v1/events", "--generation-deterministic",
             "--request-timeout", "60", "--max-response-time", "60", "--continue-on-failure", "--no-color"],
            capture_output=True, text=True, timeout=3600, check=False, cwd=tmp_path)
        assert result.returncode == 0, result.stdout[-20000:] + result.stderr[-4000:]
        assert service.get("/healthz")[0] == 200
