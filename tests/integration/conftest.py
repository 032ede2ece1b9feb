# SPDX-License-Identifier: Apache-2.0
"""Fixtures: the program, a publisher with the samples, an empty store. What is not there is skipped and said."""
import os
import pathlib

import pytest
from support import browser, sites, tidemill
from support.publisher import Publisher


# Files go to the workers whole, in this order: those that take minutes first, so that none of them ends alone.
LONG = ["test_corpora", "test_schemathesis", "test_cloud_stores", "test_prefect3", "test_client", "test_stock_server",
        "test_api_conversations", "test_image"]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.fixture(scope="session", autouse=True)
def no_proxy():
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


@pytest.fixture(scope="session")
def program():
    if tidemill.binary() is None:
        pytest.skip("no program: set TIDEMILL_BIN, or build it (./dev build)")
    return tidemill.binary()


@pytest.fixture(scope="session")
def real_folder():
    folder = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", "")) / "ons-monthly-deaths"
    if not folder.is_dir():
        pytest.skip("no editions of the publisher: TIDEMILL_SHARED_DATA does not name a folder with ons-monthly-deaths")
    return folder


@pytest.fixture
def publisher():
    with Publisher(sites.SAMPLES, "state-1") as running:
        yield running


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture(scope="session")
def first_run(program, tmp_path_factory):
    """A store after one run over state-1, and its report. Not to be changed."""
    folder = tmp_path_factory.mktemp("first") / "store"
    with Publisher(sites.SAMPLES, "state-1") as running:
        result = tidemill.assert_done(tidemill.flow("run", folder, running))
    return folder, tidemill.report(result)


@pytest.fixture
def filled(program, publisher, store):
    """A store that the test's own publisher has filled once; what was asked for that is forgotten."""
    tidemill.assert_done(tidemill.flow("run", store, publisher))
    publisher.forget()
    return store


@pytest.fixture(scope="session")
def chromium():
    """A browser for pages of all tests."""
    if browser.CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    try:
        running = browser.Browser()
    except browser.Failure as failure:
        pytest.skip(f"Chromium does not start here: {failure}")
    yield running
    running.close()


@pytest.fixture
def page(chromium):
    """A tab on a wide screen."""
    with chromium.page(*browser.WIDE) as opened:
        yield opened


@pytest.fixture
def phone(chromium):
    """A tab on a phone in the dark."""
    with chromium.page(*browser.NARROW, dark=True) as opened:
        yield opened
