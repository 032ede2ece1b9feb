# SPDX-License-Identifier: Apache-2.0
"""A run: tasks, log, report, history; cancelled, deleted, tried again."""
from support.server_pages import HOSTILE, tab_to, unexpected


def test_a_run_with_its_tasks_log_report_and_history(seeded, page):
    run = seeded.run("whole", parameters={"year": 2024})
    first = seeded.task(run, "find-page")
    second = seeded.task(run, "tidy", first)
    seeded.task(run, "publish", first, second, state="RUNNING")
    seeded.log(run, "read 3 sheets")
    seeded.log(run, "a cell is empty", level=30)
    seeded.must("POST", "/artifacts/", {"key": "report", "type": "markdown", "flow_run_id": run["id"],
                                        "data": f"# Done\n\n| a | b |\n|---|--:|\n| x | 1 |\n\n{HOSTILE} [here](javascript:alert(1)) [there](/runs)"})
    for key, data in {"there": "http://127.0.0.1:1/there", "nowhere": "javascript:alert(1)"}.items():
        seeded.must("POST", "/artifacts/", {"key": key, "type": "link", "flow_run_id": run["id"], "data": data})
    page.open(f"{seeded.root}/runs/{run['id']}")
    assert page.text(".title .badge") == "Running" and '"year": 2024' in page.text("#parameters")
    assert page.texts(".lane .label > span:first-of-type") == ["find-page", "tidy", "publish"]
    assert page.texts(".log .level") == ["info", "warning"] and "read 3 sheets" in page.text(".log")
    assert page.texts(".history .badge") == ["Running", "Pending"]
    assert page.text(".markdown h1") == "Done" and page.texts(".markdown td") == ["x", "1"]
    assert HOSTILE in page.text(".markdown") and "[here](javascript:alert(1))" in page.text(".markdown")
    assert page.texts("main section a[href^='/artifacts/']") == ["On its own"] * 3 + ["report", "nowhere", "there"], "the report first"
    assert page.evaluate("document.querySelector('a[href=\"http://127.0.0.1:1/there\"]').rel") == "noreferrer"
    assert "javascript:alert(1)" in page.texts("main pre") and "UTC" in page.evaluate("document.querySelector('.history time').title")
    assert page.texts(".markdown a") == ["there"] and not page.evaluate("!!document.querySelector('.markdown img, main script')")
    page.click(".tabs a:last-child")
    assert page.address().endswith("?view=graph") and len(page.texts(".graph .node")) == 3
    assert page.evaluate("document.querySelectorAll('.graph .edge').length") == 3
    columns = page.evaluate("[...document.querySelectorAll('.graph .node')].map((own) => own.getBoundingClientRect().x)")
    assert columns[0] < columns[1] < columns[2]
    page.open(f"{seeded.root}/runs/{run['id']}?level=30&task={second['id']}")
    assert "No line fits" in page.text("main") and "tidy" in page.text(".chosen")
    assert not unexpected(page)


def test_the_log_grows_while_it_is_read(seeded, chromium, page):
    run = seeded.run("talking")
    seeded.log(run, "first line")
    page.open(f"{seeded.root}/runs/{run['id']}")
    assert page.texts(".log .what") == ["first lineflow"]
    page.evaluate("document.querySelector('.log li').id = 'kept'")
    seeded.log(run, "second line", HOSTILE)
    page.until("document.querySelectorAll('.log li').length === 3")
    assert page.evaluate("!!document.querySelector('#kept')"), "what stood there was not drawn again"
    assert HOSTILE in page.text(".log")
    told = [event for event in chromium.events if event["method"] == "Network.eventSourceMessageReceived"]
    assert any("second line" in event["params"]["data"] for event in told), "the server told of it"
    seeded.state(run, "COMPLETED")
    page.until("document.querySelector('.title .badge').innerText === 'Completed'")
    assert page.evaluate("document.title").startswith("talking · Completed")


def test_the_last_lines_of_a_long_log_come_first_and_the_others_on_demand(seeded, page):
    run = seeded.run("long")
    seeded.log(run, *(f"line {number}" for number in range(700)))
    page.open(f"{seeded.root}/runs/{run['id']}")
    assert page.evaluate("document.querySelectorAll('.log li').length") == 500
    page.click("#earlier")
    page.until("document.querySelectorAll('.log li').length === 700")
    assert page.evaluate("document.querySelector('.log .what').textContent") == "line 0flow"
    assert page.evaluate("document.querySelector('#earlier').hidden")


def test_a_run_is_cancelled_and_deleted_by_keyboard(seeded, page):
    run = seeded.run("unwanted", state="PENDING")
    page.open(f"{seeded.root}/runs/{run['id']}")
    tab_to(page, "own.id === 'cancel'")
    page.press("Enter")
    page.until("document.getElementById('dialog').open")
    page.press("Escape")
    page.until("!document.getElementById('dialog').open")
    assert seeded.must("GET", f"/flow_runs/{run['id']}")["state_type"] == "PENDING"
    tab_to(page, "own.id === 'cancel'")
    page.press("Enter")
    page.until("document.getElementById('dialog').open")
    tab_to(page, "own.value === 'yes'")
    page.press("Enter")
    page.until("document.querySelector('.title .badge').innerText.startsWith('Cancel')")
    assert seeded.must("GET", f"/flow_runs/{run['id']}")["state_type"] in ("CANCELLING", "CANCELLED")
    seeded.must("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLED"}, "force": True})
    page.until("!!document.getElementById('delete')")
    page.click("#delete")
    page.click("#dialog [value=yes]")
    page.until("location.pathname === '/runs'")
    assert seeded.server.ask("GET", f"/flow_runs/{run['id']}")[0] == 404


def test_a_failed_run_of_a_deployment_is_tried_again(seeded, page):
    run = seeded.run("flaky", state="FAILED", deployment_id=seeded.deployment["id"])
    page.open(f"{seeded.root}/runs/{run['id']}")
    page.click("#retry")
    page.until("document.querySelector('.title .badge').innerText === 'Awaiting retry'")
    assert seeded.must("GET", f"/flow_runs/{run['id']}")["state_name"] == "AwaitingRetry"
