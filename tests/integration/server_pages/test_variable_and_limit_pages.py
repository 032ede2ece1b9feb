# SPDX-License-Identifier: Apache-2.0
"""Variables and concurrency limits."""
from support.server_pages import HOSTILE, fill, unexpected


def test_variables_are_made_changed_and_deleted(seeded, page):
    page.open(seeded.root + "/variables")
    page.click("#new-variable")
    page.until("document.activeElement.id === 'variable-name'")
    page.type("edition")
    fill(page, "#variable-value", '{"year": 2024}')
    page.click("#variable-form button")
    page.until("location.search === ''")
    page.settled()
    assert seeded.must("GET", "/variables/name/edition")["value"] == {"year": 2024}
    page.click("[aria-label='Edit edition']")
    fill(page, "#variable-value", HOSTILE)
    page.click("#variable-form button")
    page.until("location.search === ''")
    page.settled()
    assert seeded.must("GET", "/variables/name/edition")["value"] == HOSTILE and HOSTILE in page.text("table")
    page.click("[aria-label='Delete edition']")
    page.click("#dialog [value=yes]")
    page.until("document.body.innerText.includes('No variable yet')")


def test_limits_are_made_changed_and_given_back(seeded, page):
    page.open(seeded.root + "/limits")
    assert "No limit yet" in page.text("main")
    page.click("#new-limit")
    page.until("document.activeElement.id === 'limit-name'")
    page.type("database")
    fill(page, "#limit-most", "2")
    page.press("Enter")
    page.until("location.search === ''")
    page.settled()
    seeded.must("POST", "/v2/concurrency_limits/increment", {"names": ["database"], "slots": 2})
    page.until("document.querySelector('table').innerText.includes('2 of 2')")
    page.click("[aria-label='Give all of database back']")
    page.until("document.querySelector('table').innerText.includes('0 of 2')")
    fill(page, "[aria-label='Most at once of database']", "5")
    page.press("Enter")
    page.until("document.querySelector('table').innerText.includes('0 of 5')")
    page.click("[aria-label='Turn off database']")
    page.until("!!document.querySelector(\"[aria-label='Turn on database']\")")
    limit = seeded.must("GET", "/v2/concurrency_limits/database")
    assert (limit["limit"], limit["active_slots"], limit["active"]) == (5, 0, False)
    page.click("[aria-label='Delete database']")
    page.click("#dialog [value=yes]")
    page.until("document.body.innerText.includes('No limit yet')")
    assert not unexpected(page)
