# SPDX-License-Identifier: Apache-2.0
"""The dashboard, and an empty server."""
from support.server import Server
from support.server_pages import unexpected


def test_an_empty_server_says_how_to_begin(program, tmp_path, page):
    with Server(tmp_path / "data") as server:
        root = server.url.removesuffix("/api")
        page.open(root + "/")
        assert "Nothing has run here yet" in page.text("main") and f"PREFECT_API_URL={server.url}" in page.text("main")
        for path, text in {"/runs": "No run in the last seven days", "/deployments": "No deployment yet", "/blocks": "No type of block",
                           "/variables": "No variable yet", "/artifacts": "No artifact yet", "/flows": "No flow yet", "/hooks": "No hook yet"}.items():
            page.open(root + path)
            assert text in page.text("main")
        page.open(root + "/runs/00000000-0000-4000-8000-000000000000")
        assert "Flow run not found" in page.text("main")
        assert not unexpected(page)


def test_the_dashboard_shows_late_and_failed_runs_first(seeded, page):
    failed = seeded.run("broken")
    seeded.state(failed, "FAILED", message="cell C14 holds no number")
    seeded.run("busy")
    late = seeded.must("POST", "/flow_runs/", {"flow_id": seeded.flow["id"], "name": "overdue", "state": {"type": "SCHEDULED", "name": "Late"}})
    page.open(seeded.root + "/")
    assert page.texts("main section h2 > span:first-child")[:4] == ["Runs over time", "Late", "Failed", "Running now"]
    assert "overdue" in page.text("ul[aria-label=Late]") and "cell C14 holds no number" in page.text("ul[aria-label=Failed]")
    assert page.texts(".figures strong") == ["1", "1", "1", "0", "3"]
    assert "3 in all" in page.evaluate("document.querySelector('.bars').getAttribute('aria-label')")
    page.click("ul[aria-label=Late] a.name")
    assert page.address() == f"{seeded.root}/runs/{late['id']}" and page.text("h1") == "overdue"
    assert not unexpected(page)


def test_a_dashboard_left_open_follows_what_happens(seeded, page):
    run = seeded.run("moving")
    page.open(seeded.root + "/")
    assert "moving" in page.text("ul[aria-label='Running now']")
    seeded.state(run, "COMPLETED")
    page.until("document.body.innerText.includes('Nothing runs at this moment')")
