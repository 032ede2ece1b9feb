# SPDX-License-Identifier: Apache-2.0
"""A run that is ended from outside: by SIGKILL at many moments, by SIGINT and SIGTERM."""
import shutil
import signal
import subprocess
import time

import deltalake
import pytest
from support import sites, tidemill
from support.publisher import Publisher
from support.tidemill import TABLE, assert_done, deaths, flow, latest

pytestmark = pytest.mark.usefixtures("program")

MOMENTS = 24


@pytest.fixture(scope="module")
def publisher():
    with Publisher(sites.SAMPLES, "state-1") as running:
        yield running


@pytest.fixture(scope="module")
def stores(program, publisher, tmp_path_factory):
    """A store after state-1, the figures of state-1 and of state-2, and how long the second run takes."""
    folder = tmp_path_factory.mktemp("kill")
    first, second = folder / "first", folder / "second"
    assert_done(flow("run", first, publisher))
    shutil.copytree(first, second)
    publisher.switch("state-2")
    began = time.monotonic()
    assert_done(flow("run", second, publisher))
    return first, deaths(first), deaths(second), time.monotonic() - began


def arguments(publisher, store):
    return ["run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0"]


def assert_whole(store, before, after):
    """Whatever version is the newest, it is one of the two, and others read it too."""
    assert latest(store) in (0, 1)
    assert deaths(store, 0) == before
    assert deaths(store) == (before if latest(store) == 0 else after)
    assert deltalake.DeltaTable(store / TABLE).version() == latest(store)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_run_leaves_whole_versions_and_the_next_completes(stores, publisher, tmp_path, moment):
    first, before, after, seconds = stores
    store = tmp_path / "store"
    shutil.copytree(first, store)
    process = tidemill.start(*arguments(publisher, store))
    try:
        process.wait(timeout=seconds * moment / (MOMENTS - 4))  # the last moments lie after the end
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    assert_whole(store, before, after)
    assert_done(flow("run", store, publisher))
    assert latest(store) == 1
    assert deaths(store) == after and deaths(store, 0) == before


def test_killed_first_run_is_no_obstacle(stores, publisher, tmp_path):
    _, _, after, seconds = stores
    store = tmp_path / "store"
    for part in (0.1, 0.3, 0.5, 0.7, 0.9):
        process = tidemill.start(*arguments(publisher, store))
        try:
            process.wait(timeout=seconds * part)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
    assert_done(flow("run", store, publisher))
    assert latest(store) == 0 and deaths(store) == after


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("where", ["a slow answer", "a pause", "a retry"])
def test_run_stops_when_asked(stores, publisher, tmp_path, how, where):
    first, before, _, _ = stores
    store = tmp_path / "store"
    shutil.copytree(first, store)
    more = ["--pause", "60"] if where == "a pause" else ["--pause", "0"]
    publisher.faults = {
        "a slow answer": [{"kind": "slow", "seconds": 5, "path": "*/2020/*"}],
        "a retry": [{"kind": "status", "status": 503, "path": "*/2020/*"}],
        "a pause": [],
    }[where]
    publisher.forget()
    process = tidemill.start("run", tidemill.RECIPE, "--store", store, "--page", publisher.page, *more)
    wanted = 1 if where == "a pause" else 5  # the page; the page, 2017, 2018, 2019 and 2020
    assert tidemill.eventually(lambda: len(publisher.requests) + (where == "a slow answer") >= wanted)
    time.sleep(0.3)
    asked = time.monotonic()
    process.send_signal(how)
    try:
        text, _ = process.communicate(timeout=4)
    finally:
        process.kill()
        publisher.faults = []
    assert process.returncode == tidemill.CANCELLED, text
    assert time.monotonic() - asked < 3
    assert latest(store) == 0 and deaths(store) == before
    assert tidemill.strays(store) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_service_stops_when_asked(stores, how):
    service = tidemill.Service(stores[0])
    assert service.get("/healthz")[0] == 200
    assert service.stop(how) in (0, tidemill.CANCELLED)
