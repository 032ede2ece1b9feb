# SPDX-License-Identifier: Apache-2.0
"""Programs that only the cloud's tests need: checkov and an S3 emulator from tests/requirements-cloud.txt, a GCS emulator."""
import os
import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = (
    *os.environ.get("TIDEMILL_CLOUD_TOOLS", "").split(":"),
    str(ROOT / "build" / "python-cloud" / "bin"),
    str(ROOT / "build" / "deps" / "go" / "bin"),
)


def program(name):
    """The program's file; where it is missing the test is skipped and says so."""
    for folder in filter(None, FOLDERS):
        if found := shutil.which(name, path=folder):
            return found
    pytest.skip(f"no {name}: ./dev test installs it into build/")
