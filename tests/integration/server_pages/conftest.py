# SPDX-License-Identifier: Apache-2.0
"""A server with a flow, a deployment and block types."""
import pytest
from support.server import Server
from support.server_pages import Seeded


@pytest.fixture
def seeded(program, tmp_path):
    with Server(tmp_path / "data") as server:
        yield Seeded(server)
