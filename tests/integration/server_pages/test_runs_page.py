# SPDX-License-Identifier: Apache-2.0
"""The list of runs: filters that the address holds, walking on."""
from support.server_pages import choose


def test_runs_are_filtered_by_what_the_address_says(seeded, page):
    seeded.run("one", tags=["a"])
    seeded.run("two", state="COMPLETED")
    seeded.run("three", state="FAILED", deployment_id=seeded.deployment["id"])
    page.open(seeded.root + "/runs")
    assert page.texts(".runs .name") == ["three", "two", "one"]
    choose(page, "#filter-state", "Failed or crashed")
    page.until("location.search === '?state=failed%2Ccrashed'")
    page.settled()
    assert page.texts(".runs .name") == ["three"]
    page.back()
    assert page.texts(".runs .name") == ["three", "two", "one"]
    for query, names in {"tag=a": ["one"], "deployment=deaths/nightly": ["three"], "flow=deaths&q=TW": ["two"], "tag=none": []}.items():
        page.open(f"{seeded.root}/runs?{query}")
        assert page.texts(".runs .name") == names, query
    assert "No run fits these filters" in page.text("main")
    page.open(seeded.root + "/runs?since=upcoming")
    assert len(page.texts(".runs .name")) >= 3 and "in " in page.text(".runs .times")
    page.open(seeded.root + "/runs?state=asleep")
    assert "asleep" in page.text("[role=alert]")


def test_more_runs_than_a_page_are_walked_through(seeded, page):
    for number in range(120):
        seeded.must("POST", "/flow_runs/", {"flow_id": seeded.flow["id"], "name": f"n{number:03}", "state": {"type": "RUNNING"}})
    page.open(seeded.root + "/runs")
    shown = 50
    while shown < 120:
        assert len(page.texts(".runs .name")) == shown
        page.click("#more")
        shown = min(120, shown + 50)
        page.until(f"document.querySelectorAll('.runs .name').length === {shown}")
    assert page.texts(".runs .name") == [f"n{number:03}" for number in reversed(range(120))]
    assert not page.evaluate("!!document.querySelector('#more')")
