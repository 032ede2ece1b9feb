# SPDX-License-Identifier: Apache-2.0
"""Fixtures: a server with a flow, a deployment and block types; a tab on a wide screen, one on a phone in the dark."""
import pytest
from support.server import Server
from support.server_pages import NARROW, WIDE, Seeded


@pytest.fixture
def seeded(program, tmp_path):
    with Server(tmp_path / "data") as server:
        yield Seeded(server)


@pytest.fixture
def page(chromium):
    with chromium.page(*WIDE) as opened:
        yield opened


@pytest.fixture
def phone(chromium):
    with chromium.page(*NARROW, dark=True) as opened:
        yield opened
