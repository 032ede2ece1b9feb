# SPDX-License-Identifier: Apache-2.0
"""schemathesis over /openapi.json: every operation, all checks. TIDEMILL_SCHEMATHESIS_EXAMPLES says how many requests an
operation gets (100; soak takes 1,000)."""
import os
import pathlib
import subprocess
import sys

import pytest
from support import schemathesis_hooks, tidemill

pytestmark = pytest.mark.usefixtures("program")

EXAMPLES = os.environ.get("TIDEMILL_SCHEMATHESIS_EXAMPLES", "100")
SETTINGS = tidemill.ROOT / "tests" / "schemathesis.toml"
HOOKS = tidemill.ROOT / "tests" / "support" / "schemathesis_hooks.py"


def test_every_operation_answers_as_documented(first_run, tmp_path):
    program = pathlib.Path(sys.executable).with_name("schemathesis")
    with tidemill.Service(first_run[0]) as service:
        # The stream of events has no end, so it is left to test_api_clients.py.
        result = subprocess.run(
            [program, "--config-file", SETTINGS, "run", f"{service.root}/openapi.json", "--checks", "all",
             "--max-examples", EXAMPLES, "--exclude-path", "/v1/events", "--generation-deterministic",
             "--request-timeout", "60", "--max-response-time", "60", "--continue-on-failure", "--no-color"],
            capture_output=True, text=True, timeout=3600, check=False, cwd=tmp_path,
            env=os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS)})
        assert result.returncode == 0, result.stdout[-20000:] + result.stderr[-4000:]
        assert service.get("/healthz")[0] == 200


PARAMETERS = [
    {"name": "area", "in": "query", "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}},
    {"name": "year", "in": "query", "schema": {"type": "integer", "minimum": 0}},
    {"name": "day", "in": "query", "schema": {"type": "string", "format": "date"}},
    {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["code", "label"]}},
    {"name": "all", "in": "query", "schema": {"type": "boolean"}},
    {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}},
]


@pytest.mark.parametrize(("query", "valid"), [
    ("", True), ("area=a", True), ("area=a,b&year=0", True), ("day=2020-02-29&all=true", True), ("sort=label", True),
    ("area=", False), ("area=a,,b", False), ("year=-1", False), ("year=1.0", False), ("year=", False), ("year={}", False),
    ("year=99999999999999999999", False), ("day=2021-02-29", False), ("day=20200229", False), ("sort=Label", False),
    ("all=1", False), ("name=x", False), ("other=1", False), ("area=a&area=b", False), ("area=a&year=x", False),
])
def test_a_request_meant_to_be_wrong_is_excused_only_if_its_query_is_right_as_sent(query, valid):
    assert schemathesis_hooks.is_valid_query(PARAMETERS, f"http://127.0.0.1/v1/x?{query}") == valid


def test_a_parameter_that_must_be_there_is_missed():
    required = [{**PARAMETERS[0], "required": True}]
    assert not schemathesis_hooks.is_valid_query(required, "http://127.0.0.1/v1/x")
