# SPDX-License-Identifier: Apache-2.0
"""The pages in a real browser, which may reach nothing but this machine."""
import shutil
import subprocess

import pytest
from support import tidemill

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def seen(address, folder):
    """The page's text as the browser has it once its scripts have run, and what it complained of."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    browser = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--enable-logging=stderr", "--v=0",
         "--virtual-time-budget=10000", "--dump-dom", address],
        capture_output=True, text=True, timeout=120)
    if browser.returncode != 0 and not browser.stdout:
        pytest.skip(f"Chromium does not start here: {browser.stderr[-300:]}")
    return browser.stdout, [line for line in browser.stderr.splitlines() if "CONSOLE" in line]


@pytest.fixture(scope="module")
def service(first_run):
    with tidemill.Service(first_run[0]) as running:
        yield running


def test_documentation_shows_every_route_and_loads_nothing_from_outside(service, tmp_path):
    page, complaints = seen(service.root + "/docs", tmp_path)
    assert "Read Item" in page
    assert "Describe a dataset" in page
    assert "Unable to render" not in page and "Parser error" not in page
    assert not [line for line in complaints if "Failed to load" in line or "Refused" in line], complaints


def test_landing_page_lists_the_dataset(service, tmp_path):
    page, complaints = seen(service.root + "/", tmp_path)
    assert "deaths_monthly" in page and "Office for National Statistics" in page
    assert not complaints
