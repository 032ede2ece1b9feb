# SPDX-License-Identifier: Apache-2.0
"""Hooks that other programs call, and what the server tells of itself."""
import re

from support.server import Server
from support.server_pages import choose, fill, unexpected


def test_a_hook_is_made_called_automated_and_deleted(seeded, page):
    page.open(seeded.root + "/hooks")
    assert "No hook yet" in page.text("main")
    page.click("#new-hook")
    page.until("document.activeElement.id === 'hook-name'")
    page.type("office")
    page.press("Enter")
    page.until("location.search === ''")
    page.settled()
    address, command = page.texts(".hooks code")
    assert re.fullmatch(seeded.root + r"/api/hooks/[0-9a-f-]{36}", address)
    assert command.startswith("curl -X POST") and command.endswith(address) and "not called yet" in page.text(".hooks")
    page.click("[aria-label='New automation for office']")
    assert page.evaluate("document.getElementById('hook').value") == "office"
    fill(page, "#automation-name", "office calls")
    fill(page, "#parameters", '{"year": 2031}')
    page.click("#save-automation")
    page.until("location.search === ''")
    page.settled()
    assert "the hook office is called" in page.text("table") and page.text("table").count("run the deployment") == 1
    assert seeded.server.ask("POST", address.removeprefix(seeded.root + "/api"), {"edition": "x"})[0] == 202
    page.open(seeded.root + "/runs?deployment=deaths/nightly")
    page.until("document.querySelectorAll('.runs .name').length === 1")
    run = seeded.must("GET", "/flow_runs/" + page.evaluate("document.querySelector('.runs .name').dataset.key"))
    assert run["parameters"] == {"year": 2031}
    page.open(seeded.root + "/hooks")
    page.click(".hooks a.soft")
    assert "tidemill.hook.received" in page.texts(".events strong")
    page.open(seeded.root + "/hooks")
    page.click("[aria-label='Copy the address of office']")
    page.until("document.getElementById('said').innerText !== ''")
    page.click("[aria-label='Delete office']")
    page.click("#dialog [value=yes]")
    page.until("document.body.innerText.includes('No hook yet')")
    assert seeded.server.ask("POST", address.removeprefix(seeded.root + "/api"), {})[0] == 404
    assert not unexpected(page)


def test_an_automation_waits_for_a_dataset_and_posts_to_an_address(seeded, page):
    page.open(seeded.root + "/automations?edit=new")
    fill(page, "#automation-name", "tell")
    choose(page, "#when", "A dataset has a new version")
    fill(page, "#dataset", "deaths_monthly")
    choose(page, "#then", "Post to a web address")
    fill(page, "#url", "http://127.0.0.1:1/x")
    fill(page, "#payload", '{"version": ')
    page.click("#save-automation")
    assert "no JSON" in page.text("#automation-form > .wrong")
    fill(page, "#payload", '{"version": "{{ event.payload.version }}"}')
    page.click("#save-automation")
    page.until("location.search === ''")
    page.settled()
    automation, = seeded.must("POST", "/automations/filter", {})
    assert automation["trigger"]["match"] == {"prefect.resource.id": "tidemill.dataset.deaths_monthly"}
    assert automation["actions"][0]["payload"] == {"version": "{{ event.payload.version }}"}
    assert "deaths_monthly has a new version" in page.text("table") and "http://127.0.0.1:1/x" in page.text("table")


def test_settings_say_how_the_server_runs_and_keep_its_secrets(program, tmp_path, page):
    with Server(tmp_path / "data", "--max-size", 64) as server:
        root = server.url.removesuffix("/api")
        page.open(root + "/settings")
        assert page.evaluate("document.title") == "Settings · Tidemill" and "tidemill 0." in page.text("main")
        assert str(tmp_path / "data") in page.text("main") and "of 64 MiB" in page.text("main") and "90 days" in page.text("main")
        page.until("[...document.querySelectorAll('tbody tr')].some((own) => own.innerText.includes('Scheduler') && own.innerText.includes('ago'))")
        assert set(page.texts("tbody .badge")) == {"Works"}
        assert not unexpected(page)


def test_settings_say_that_services_are_off_and_a_password_is_asked(program, tmp_path, page):
    with Server(tmp_path / "data", "--no-services", auth="admin:hidden-word") as server:
        root = server.url.removesuffix("/api")
        page.open_with_password(root + "/settings", "admin", "hidden-word", "document.body?.innerText.includes('--no-services')")
        assert "asked of everybody" in page.text("main") and set(page.texts("tbody .badge")) == {"Off"}
        assert "hidden-word" not in page.evaluate("document.documentElement.outerHTML")
