# SPDX-License-Identifier: Apache-2.0
"""The landing page and the documentation in a real browser, which may reach nothing but this machine."""
import pytest
from support import tidemill


@pytest.fixture(scope="module")
def service(first_run):
    with tidemill.Service(first_run[0]) as running:
        yield running


def test_documentation_shows_every_route_and_loads_nothing_from_outside(service, page):
    page.open(service.root + "/docs")
    page.until("document.body.innerText.includes('Describe a dataset')")
    text = page.text()
    assert "Read Item" in text
    assert "Unable to render" not in text and "Parser error" not in text
    assert not page.complaints()


def test_landing_page_lists_the_dataset_and_leads_to_the_explorer(service, page):
    page.open(service.root + "/")
    page.until("!!document.querySelector('#cards li')")
    assert "deaths_monthly" in page.text() and "Office for National Statistics" in page.text()
    links = page.evaluate("[...document.querySelectorAll('a')].map((own) => own.getAttribute('href'))")
    assert {"/explore", "/explore/deaths_monthly"} <= set(links)
    assert not page.complaints()
