# SPDX-License-Identifier: Apache-2.0
"""Deployments: schedules that the server explains while they are written, run now, pause."""
import pytest
from support.browser import NARROW, WIDE
from support.server_pages import HOSTILE, fill, unexpected


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "phone"])
def test_a_schedule_is_edited_while_the_server_says_when_it_fires(seeded, chromium, size):
    with chromium.page(*size) as page:
        page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}")
        assert "daily at 02:00 UTC" in page.text(".schedule") and len(page.texts(".schedule .times-list li")) == 5
        page.click(".schedule a")
        page.until("document.activeElement.id === 'cron'")
        page.until("document.querySelectorAll('#preview li').length === 5")
        fill(page, "#cron", "61 * * * *")
        page.until("document.querySelector('#schedule-wrong').textContent !== ''")
        assert "61" in page.text("#schedule-wrong") and page.evaluate("document.getElementById('save-schedule').disabled")
        fill(page, "#cron", "30 4 * * *")
        page.until("document.querySelector('#preview li')?.innerText.includes('30:00')")
        page.press("Enter")
        page.until("location.search === ''")
        page.settled()
        assert "daily at 04:30 UTC" in page.text(".schedule") and page.text(".schedule code") == "30 4 * * *"
        schedule, = seeded.must("GET", f"/deployments/{seeded.deployment['id']}/schedules")
        assert schedule["schedule"]["cron"] == "30 4 * * *"
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert not unexpected(page)


def test_an_interval_is_added_turned_off_and_deleted(seeded, page):
    path = f"/deployments/{seeded.deployment['id']}/schedules"
    page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}?schedule=new")
    page.click("[name=kind][value=interval]")
    fill(page, "#count", "6")
    page.click("#save-schedule")
    page.until("location.search === ''")
    page.settled()
    assert [own["schedule"].get("interval") for own in seeded.must("GET", path)] == [21600, None]  # the last changed first
    assert "every 6 hours" in page.text("main")
    page.click(".schedule:last-of-type .end button")
    page.until("!!document.querySelector('.schedule .chip')")
    assert [(own["schedule"].get("interval"), own["active"]) for own in seeded.must("GET", path)] == [(21600, False), (None, True)]
    page.click(".schedule:last-of-type .end button.danger")
    page.click("#dialog [value=yes]")
    page.until("document.querySelectorAll('.schedule').length === 1")
    assert [own["schedule"].get("interval") for own in seeded.must("GET", path)] == [None]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "phone"])
def test_a_deployment_is_run_now_with_parameters_checked_before(seeded, chromium, size):
    with chromium.page(*size) as page:
        page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}")
        page.click("#run-now")
        page.until("document.activeElement.name === 'year'")
        fill(page, "[name=year]", "1066")
        page.click("#start-run")
        assert "at least 1990" in page.text("#run-form") and page.evaluate("document.activeElement.name") == "year"
        fill(page, "[name=year]", "2025")
        fill(page, "[name=areas]", '["E08000007"]')
        fill(page, "#run-name", HOSTILE)
        page.press("Enter")
        page.until("location.pathname.startsWith('/runs/')")
        page.settled()
        assert page.text("h1") == HOSTILE and page.text(".title .badge") in ("Scheduled", "Late")
        run = seeded.must("GET", "/flow_runs/" + page.address().rsplit("/", 1)[1])
        assert run["parameters"] == {"year": 2025, "areas": ["E08000007"]} and run["deployment_id"] == seeded.deployment["id"]
        page.click("#cancel")
        page.click("#dialog [value=yes]")
        page.until("document.querySelector('.title .badge').innerText === 'Cancelled'")
        assert page.evaluate("document.title").startswith(HOSTILE)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert not unexpected(page)


def test_a_deployment_is_paused_and_resumed(seeded, page):
    page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}")
    page.evaluate("document.getElementById('pause').focus()")
    page.press("Enter")
    page.until("document.getElementById('pause').innerText === 'Resume'")
    assert page.evaluate("document.activeElement.id") == "pause", "the focus stays on the button"
    assert "Paused: nothing is planned" in page.text("main")
    assert seeded.must("GET", f"/deployments/{seeded.deployment['id']}")["paused"] is True
    page.press("Enter")
    page.until("document.getElementById('pause').innerText === 'Pause'")
    page.open(seeded.root + "/deployments?tag=" + "none")
    assert "No deployment fits" in page.text("main")


def test_a_recurrence_rule_is_added(seeded, page):
    page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}?schedule=new")
    page.click("[name=kind][value=rrule]")
    fill(page, "#rrule", "FREQ=WEEKLY;BYDAY=MO")
    # In December some lie in the next year: these are shown with it, and without the day of the week.
    page.until("[...document.querySelectorAll('#preview li')].every((own) => /^Mon|20\\d\\d/.test(own.innerText)) && !!document.querySelector('#preview li')")
    page.click("#save-schedule")
    page.until("location.search === ''")
    assert seeded.must("GET", f"/deployments/{seeded.deployment['id']}/schedules")[0]["schedule"]["rrule"].endswith("FREQ=WEEKLY;BYDAY=MO")
