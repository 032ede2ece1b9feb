# SPDX-License-Identifier: Apache-2.0
"""Flows: the list with what ran last and runs next, a flow's own page."""
from support.server_pages import choose, unexpected


def test_flows_show_their_last_and_next_runs_and_lead_to_them(seeded, page):
    seeded.run("fine", state="COMPLETED")
    seeded.run("broken", state="FAILED")
    seeded.must("POST", "/flows/", {"name": "births"})
    page.open(seeded.root + "/flows")
    assert page.texts("tbody .name") == ["births", "deaths"] and "never run" in page.text("tbody tr:first-child")
    deaths = "tbody tr:last-child"
    assert page.text(f"{deaths} .badge") == "Failed" and "in " in page.text(f"{deaths} [data-label='Next run']")
    assert page.texts(f"{deaths} .chip") == ["Failed 1", "Completed 1"] and len(page.texts(f"{deaths} .recent a")) == 2
    page.click(f"{deaths} .chip.failed")
    assert page.texts(".runs .name") == ["broken"]
    page.open(seeded.root + "/flows?q=EAT")
    assert page.texts("tbody .name") == ["deaths"]
    page.open(seeded.root + "/flows?q=nothing")
    assert "No flow fits" in page.text("main")
    assert not unexpected(page)


def test_a_flow_has_its_deployments_and_runs(seeded, page):
    seeded.run("fine", state="COMPLETED", deployment_id=seeded.deployment["id"])
    page.open(seeded.root + "/runs")
    page.click(".runs .from a")
    assert page.address() == f"{seeded.root}/flows/{seeded.flow['id']}" and page.text("h1") == "deaths"
    assert "1 in all" in page.evaluate("document.querySelector('.bars').getAttribute('aria-label')")
    assert page.texts("table .name") == ["nightly"] and "daily at 02:00 UTC" in page.text("table")
    assert page.texts("ul[aria-label='Last runs'] .name") == ["fine"] and page.texts("ul[aria-label='Next runs'] .name")
    choose(page, "#span", "Last 30 days")
    page.until("location.search === '?hours=720'")
    page.settled()
    page.click("#delete")
    page.click("#dialog [value=yes]")
    page.until("location.pathname === '/flows' && document.body.innerText.includes('No flow yet')")
    assert seeded.server.ask("GET", f"/flows/{seeded.flow['id']}")[0] == 404
    assert not unexpected(page)


def test_more_flows_than_a_page_are_walked_through(seeded, page):
    for number in range(60):
        seeded.must("POST", "/flows/", {"name": f"f{number:02}"})
    page.open(seeded.root + "/flows")
    assert len(page.texts("tbody .name")) == 50
    page.click("#more")
    page.until("document.querySelectorAll('tbody .name').length === 61")
    assert page.texts("tbody .name")[-1] == "f59" and not page.evaluate("!!document.querySelector('#more')")
    assert page.evaluate("document.activeElement.textContent") == "f49"
