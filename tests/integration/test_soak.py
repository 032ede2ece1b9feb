# SPDX-License-Identifier: Apache-2.0
"""Twenty seconds of the soak (soak/serve.py): no wrong byte, no leak, no 5xx, while a new version comes every second."""
import subprocess
import sys

import pytest
from support import tidemill

pytestmark = pytest.mark.usefixtures("program")


def test_twenty_seconds_of_mixed_load():
    result = subprocess.run([sys.executable, tidemill.ROOT / "tests" / "soak" / "serve.py", "20"], capture_output=True, text=True,
                            timeout=300, check=False)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-4000:]
    assert "wrong: 0" in result.stdout
