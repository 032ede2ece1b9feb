# SPDX-License-Identifier: Apache-2.0
"""Work pools: made and changed by forms, their queues and workers."""
import json

import pytest
from support import tidemill
from support.browser import NARROW, WIDE
from support.server_pages import HOSTILE, choose, fill, unexpected

TYPES = tidemill.ROOT / "src/prefect/work_pool_types.json"


def test_pools_and_queues_are_paused_and_limited(seeded, page):
    seeded.must("POST", "/work_pools/", {"name": "heavy", "type": "process"})
    seeded.must("POST", "/work_pools/heavy/workers/heartbeat", {"name": HOSTILE, "heartbeat_interval_seconds": 30})
    page.open(seeded.root + "/work-pools")
    assert HOSTILE in page.text(".workers") and "Online" in page.text(".workers")
    page.click("[aria-label='Pause the pool heavy']")
    page.until("!!document.querySelector(\"[aria-label='Resume the pool heavy']\")")
    assert seeded.must("GET", "/work_pools/heavy")["is_paused"] is True
    key = "limit-" + seeded.must("GET", "/work_pools/heavy")["id"]
    fill(page, f"[data-key='{key}']", "3")
    page.press("Enter")
    page.until("document.getElementById('said').innerText.includes('It is set')")
    assert seeded.must("GET", "/work_pools/heavy")["concurrency_limit"] == 3
    assert not unexpected(page)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "phone"])
def test_a_pool_is_made_by_a_form_and_changed(seeded, chromium, size):
    with chromium.page(*size) as page:
        page.open(seeded.root + "/work-pools")
        page.click("#new-pool")
        page.until("document.activeElement.id === 'pool-name'")
        page.press("Enter")
        page.until("document.querySelector('#pool-form > .wrong').innerText.includes('name')")
        fill(page, "#pool-name", "heavy")
        fill(page, "#pool-description", HOSTILE)
        fill(page, "#pool-limit", "4")
        fill(page, "[name=command]", "nice python -m prefect.engine")
        fill(page, "[name=env]", '{"A": "b"}')
        page.press("Tab")
        page.click("#save-pool")
        page.until("location.pathname === '/work-pools/heavy'")
        page.settled()
        pool = seeded.must("GET", "/work_pools/heavy")
        variables = pool["base_job_template"]["variables"]["properties"]
        assert (pool["type"], pool["description"], pool["concurrency_limit"]) == ("process", HOSTILE, 4)
        assert (variables["command"]["default"], variables["env"]["default"]) == ("nice python -m prefect.engine", {"A": "b"})
        assert "default" not in variables["working_dir"] and pool["base_job_template"]["job_configuration"]["command"] == "{{ command }}"
        assert HOSTILE in page.text("main") and "nice python" in page.text("main")
        page.click("#edit")
        fill(page, "[name=command]", "")
        fill(page, "#pool-limit", "")
        page.click("#save-pool")
        page.until("location.search === '' && document.body.innerText.includes('The pool is saved')")
        pool = seeded.must("GET", "/work_pools/heavy")
        assert pool["concurrency_limit"] is None and "default" not in pool["base_job_template"]["variables"]["properties"]["command"]
        assert pool["base_job_template"]["variables"]["properties"]["env"]["default"] == {"A": "b"}
        page.settled()
        page.click("#edit")
        page.click("#pool-form summary")
        fill(page, "#pool-template", '{"variables": ')
        page.click("#save-pool")
        assert "no JSON" in page.text("#pool-form > .wrong")
        fill(page, "#pool-template", '{"variables": {"properties": {"image": {"type": "string", "default": "x"}}}}')
        page.click("#save-pool")
        page.until("document.querySelector('#pool-form > .wrong').innerText.includes('job_configuration')")
        fill(page, "#pool-template", '{"job_configuration": {}, "variables": {"properties": {"image": {"type": "string", "default": "x"}}}}')
        page.click("#save-pool")
        page.until("location.search === ''")
        assert seeded.must("GET", "/work_pools/heavy")["base_job_template"]["variables"]["properties"] == {"image": {"type": "string", "default": "x"}}
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.settled()
        page.click("#delete")
        page.click("#dialog [value=yes]")
        page.until("location.pathname === '/work-pools'")
        assert seeded.server.ask("GET", "/work_pools/heavy")[0] == 404
        assert not unexpected(page)


def test_queues_of_a_pool_are_made_ordered_and_deleted(seeded, page):
    seeded.must("POST", "/work_pools/", {"name": "heavy", "type": "process"})
    made = seeded.must("POST", "/deployments/", {"flow_id": seeded.flow["id"], "name": "heavily", "work_pool_name": "heavy"})
    seeded.must("POST", f"/deployments/{made['id']}/create_flow_run", {"name": "waits"})
    page.open(seeded.root + "/work-pools/heavy")
    assert page.texts("ul[aria-label='Waiting runs'] .name") == ["waits"] and page.texts("table .name") == ["heavily"]
    assert "tidemill worker start -p heavy" in page.text("main")
    seeded.must("POST", "/work_pools/heavy/workers/heartbeat", {"name": "w 1", "heartbeat_interval_seconds": 30})
    page.until("!!document.querySelector('.workers')")
    page.click("[aria-label='Forget the worker w 1']")
    page.until("!document.querySelector('.workers')")
    assert seeded.must("POST", "/work_pools/heavy/workers/filter", {}) == []
    page.click("#add-queue")
    page.until("document.activeElement.id === 'queue-name'")
    page.type("nightly")
    fill(page, "#queue-limit", "2")
    page.press("Enter")
    page.until("location.search === ''")
    page.settled()
    assert page.texts("table strong") == ["default", "nightly"]
    fill(page, "[aria-label='Priority of default']", "7")
    page.press("Enter")
    page.until("document.querySelector('table strong').textContent === 'nightly'")
    queue = seeded.must("GET", "/work_pools/heavy/queues/nightly")
    assert (queue["concurrency_limit"], seeded.must("GET", "/work_pools/heavy/queues/default")["priority"]) == (2, 7)
    page.click("[aria-label='Pause the queue nightly']")
    page.until("!!document.querySelector(\"[aria-label='Resume the queue nightly']\")")
    page.click("[aria-label='Delete the queue nightly']")
    page.click("#dialog [value=yes]")
    page.until("document.querySelectorAll('table strong').length === 1")
    assert not page.evaluate("!!document.querySelector(\"[aria-label='Delete the queue default']\")")
    page.open(seeded.root + "/work-pools/nothing")
    assert "nothing" in page.text("[role=alert]")
    assert not unexpected(page)


def test_a_new_pool_begins_with_the_template_that_the_commands_give(seeded, page):
    page.open(seeded.root + "/work-pools?new=1")
    choose(page, "#pool-type", "Agent: agents of Prefect 2 take runs from its queues")
    assert "first worker of its type" in page.text("#pool-form")
    choose(page, "#pool-type", "Cloud Run (v2): a worker runs each flow as a job")
    fill(page, "#pool-name", "cloud")
    fill(page, "[name=region]", "europe-west2")
    page.press("Tab")
    page.click("#save-pool")
    page.until("location.pathname === '/work-pools/cloud'")
    made = seeded.must("GET", "/work_pools/cloud")["base_job_template"]
    assert made["job_configuration"] == json.loads(TYPES.read_text(encoding="utf-8"))["cloud-run-v2"]["job_configuration"]
    assert made["variables"]["properties"]["region"]["default"] == "europe-west2"
