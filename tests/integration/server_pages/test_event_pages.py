# SPDX-License-Identifier: Apache-2.0
"""Events, and automations that start from them."""
from support.server_pages import HOSTILE, choose, fill, unexpected


def test_events_are_filtered_and_lead_to_their_runs(seeded, page):
    run = seeded.run(HOSTILE, deployment_id=seeded.deployment["id"])
    seeded.must("POST", "/events", [{"event": "fruit.picked", "id": f"00000000-0000-4000-8000-{number:012}", "occurred": f"2026-01-01T00:00:{number:02}Z",
                                     "resource": {"prefect.resource.id": "fruit.pear"}, "payload": {"text": HOSTILE}} for number in range(60)])
    page.open(seeded.root + "/events?event=prefect.flow-run.")
    assert page.texts(".events strong")[:2] == ["prefect.flow-run.Running", "prefect.flow-run.Pending"] and HOSTILE in page.text(".events")
    page.click(".events a")
    assert page.address() == f"{seeded.root}/runs/{run['id']}"
    page.open(seeded.root + "/events?event=fruit.&since=3153600000")
    assert len(page.texts(".events strong")) == 50
    page.click("#more")
    page.until("document.querySelectorAll('.events strong').length === 60")
    page.click(".events summary")
    assert HOSTILE.replace('"', '\\"') in page.text(".events details")
    page.open(seeded.root + "/events?resource=nothing")
    assert "No event in this time" in page.text("main")
    assert not unexpected(page)


def test_an_automation_made_by_the_form_starts_a_deployment(seeded, page):
    page.open(seeded.root + "/automations?edit=new")
    page.until("document.activeElement.id === 'automation-name'")
    page.type(HOSTILE)
    choose(page, "#state", "Failed")
    fill(page, "#parameters", '{"year": 2025')
    page.press("Tab")
    page.click("#save-automation")
    assert "no JSON" in page.text("#automation-form")
    fill(page, "#parameters", '{"year": 2025}')
    page.click("#save-automation")
    page.until("location.search === ''")
    page.settled()
    assert HOSTILE in page.text("table") and "a run is failed" in page.text("table")
    seeded.run("unlucky", state="FAILED")
    page.open(seeded.root + "/runs?deployment=deaths/nightly")
    page.until("document.querySelectorAll('.runs .name').length === 1")
    run = seeded.must("GET", "/flow_runs/" + page.evaluate("document.querySelector('.runs .name').dataset.key"))
    assert run["parameters"] == {"year": 2025}
    page.open(seeded.root + "/automations")
    page.click("table button")
    page.until("document.querySelector('table button').innerText === 'Turn on'")
    page.click("table a.button")
    assert page.evaluate("JSON.parse(document.getElementById('trigger').value).expect[0]") == "prefect.flow-run.Failed"
    page.click("table button.danger")
    page.click("#dialog [value=yes]")
    page.until("document.body.innerText.includes('No automation yet')")
    assert not unexpected(page)
