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


def only_asked(page, route, query=""):
    """Whether the page was drawn from one call; it may have asked again since, whether something has changed."""
    first, *more = page.evaluate("performance.getEntriesByType('resource').map((own) => new URL(own.name)).filter((own) => own.pathname.startsWith('/api/')).map((own) => own.pathname + own.search)")
    return first == f"/api/pages/{route}{query}" and set(more) <= {f"/api/pages/{route}"}


def test_more_variables_than_a_page_are_walked_through(seeded, page):
    for number in range(60):
        seeded.must("POST", "/variables", {"name": f"v{number:02}", "value": number})
    page.open(seeded.root + "/variables?edit=v55")
    assert only_asked(page, "variables", "?edit=v55"), "one call, the variable of a later page with it"
    assert page.evaluate("document.getElementById('variable-value').value") == "55"
    assert page.texts("tbody strong") == [f"v{number:02}" for number in range(50)]
    page.click("#more")
    page.until("document.querySelectorAll('tbody tr').length === 60")
    assert page.texts("tbody strong")[-1] == "v59" and not page.evaluate("!!document.querySelector('#more')")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Edit v50"
    page.click("[aria-label='Delete v58']")
    page.click("#dialog [value=yes]")
    page.until("document.querySelectorAll('tbody tr').length === 59")
    assert page.texts("tbody strong")[-2:] == ["v57", "v59"], "who has walked on is not thrown back"
    assert not unexpected(page)


def test_more_limits_than_a_page_are_walked_through_and_changed(seeded, page):
    for number in range(101):
        seeded.must("POST", "/v2/concurrency_limits", {"name": f"l{number:03}", "limit": 1})
    page.open(seeded.root + "/limits")
    assert only_asked(page, "limits") and len(page.texts("tbody strong")) == 50
    for shown in (100, 101):
        page.click("#more")
        page.until(f"document.querySelectorAll('tbody tr').length === {shown}")
    fill(page, "[aria-label='Most at once of l100']", "7")
    page.press("Enter")
    page.until("document.querySelector('tbody tr:last-child').innerText.includes('0 of 7')")
    page.click("[aria-label='Turn off l099']")
    page.until("!!document.querySelector(\"[aria-label='Turn on l099']\")")
    assert len(page.texts("tbody strong")) == 101 and not page.evaluate("!!document.querySelector('#more')")
    assert not unexpected(page)


def test_more_automations_than_a_page_are_walked_through_and_a_form_is_one_call(seeded, page):
    trigger = {"type": "event", "posture": "Reactive", "expect": ["prefect.flow-run.Failed"], "threshold": 1, "within": 0}
    made = [seeded.must("POST", "/automations", {"name": "same", "trigger": trigger, "actions": [{"type": "cancel-flow-run"}]}) for _ in range(60)]
    seeded.must("POST", "/hooks", {"name": "office"})
    page.open(seeded.root + "/automations")
    page.click("#more")
    page.until("document.querySelectorAll('tbody tr').length === 60")
    assert len(set(page.evaluate("[...document.querySelectorAll('tbody a.button')].map((own) => own.search)"))) == 60, "each once, though all have one name"
    last = max(automation["id"] for automation in made)
    page.open(seeded.root + f"/automations?edit={last}")
    assert only_asked(page, "automations", f"?edit={last}")
    assert page.text("#automation-form").startswith("Name") and "same" in page.text("h2")
    assert page.texts("#deployment option") == ["deaths/nightly"] and page.texts("#hook option") == ["office"]
    assert not unexpected(page)
