# SPDX-License-Identifier: Apache-2.0
"""All pages: on a phone in the dark, without the server, behind a password."""
from support.server import Server
from support.browser import NARROW
from support.server_pages import HOSTILE, unexpected


def test_every_page_fits_a_phone_in_the_dark_and_the_menu_opens(seeded, phone):
    run = seeded.run(HOSTILE * 2, state="FAILED", deployment_id=seeded.deployment["id"])
    seeded.log(run, "x" * 500)
    for path in ("/", "/runs", f"/runs/{run['id']}", "/deployments", f"/deployments/{seeded.deployment['id']}?run=now", "/flows", f"/flows/{seeded.flow['id']}",
                 "/work-pools?new=1", "/work-pools/default-agent-pool?edit=1", "/work-pools/default-agent-pool?queue=new", "/hooks?new=1", "/settings", "/blocks", "/variables?edit=%2B", "/artifacts", "/limits?new=1", "/events", "/automations?edit=new"):
        phone.open(seeded.root + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0], path
        assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 25, 28)"
    phone.click("#menu")
    assert phone.evaluate("document.getElementById('menu').getAttribute('aria-expanded')") == "true"
    phone.press("Escape")
    assert phone.evaluate("document.activeElement.id") == "menu" and phone.evaluate("document.getElementById('menu').getAttribute('aria-expanded')") == "false"
    phone.click("#menu")
    phone.click("#nav a[href='/runs']")
    assert phone.evaluate("location.pathname") == "/runs" and HOSTILE in phone.text(".runs")
    assert phone.evaluate("document.title") == "Runs · Tidemill"
    assert not unexpected(phone)


def test_says_when_the_server_is_away(seeded, page):
    page.open(seeded.root + "/runs")
    page.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    page.evaluate("document.getElementById('filter-q').focus()")
    page.type("x")
    page.press("Enter")
    page.until("!!document.querySelector('[role=alert]')")
    assert "cannot be reached" in page.text("[role=alert]") and page.address().endswith("?q=x"), "the address keeps what was asked for"
    page.call("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    page.click("[role=alert] a")
    page.until("document.body.innerText.includes('No run fits these filters')")


def test_the_browser_asks_for_the_password_once_and_the_pages_work_with_it(program, tmp_path, page):
    with Server(tmp_path / "data", auth="admin:pass") as server:
        root = server.url.removesuffix("/api")
        assert page.open_with_password(root + "/variables", "admin", "pass", "document.body?.innerText.includes('No variable yet')") == 1
        assert page.open_with_password(root + "/work-pools", "admin", "pass", "document.body?.innerText.includes('default-agent-pool')") == 0
