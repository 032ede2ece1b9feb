# SPDX-License-Identifier: Apache-2.0
"""The pages of the orchestration server in a real browser: wide, on a phone, and by keyboard alone."""
import pytest
from support.server import Server

WIDE, NARROW = (1280, 900), (390, 844)
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
SECRET = "not-for-the-page"
PARAMETERS = {
    "title": "Parameters", "type": "object", "required": ["year"],
    "properties": {
        "year": {"title": "Year", "type": "integer", "minimum": 1990, "position": 0},
        "areas": {"title": "Areas", "type": "array", "items": {"type": "string"}, "position": 1},
        "mode": {"title": "Mode", "enum": ["full", "delta"], "default": "full", "position": 2},
    },
}
CREDENTIALS = {
    "title": "Keys", "type": "object", "required": ["user"],
    "properties": {"user": {"title": "User", "type": "string"}, "word": {"title": "Word", "type": "string", "format": "password"}},
    "secret_fields": ["word"], "block_schema_references": {},
}
BUCKET = {
    "title": "Bucket", "type": "object", "required": ["bucket", "keys"],
    "properties": {
        "bucket": {"title": "Bucket", "type": "string", "description": HOSTILE},
        "keys": {"title": "Keys", "allOf": [{"$ref": "#/definitions/Keys"}]},
        "options": {"$ref": "#/definitions/Options"},
    },
    "definitions": {
        "Keys": CREDENTIALS,
        "Options": {"title": "Options", "type": "object",
                    "properties": {"timeout": {"title": "Timeout", "type": "number"}, "token": {"title": "Token", "type": "string", "writeOnly": True}}},
    },
    "secret_fields": ["keys.word", "options.token"], "block_schema_references": {"keys": {"block_type_slug": "keys"}},
}


class Seeded:
    """A server with a flow, a deployment and block types."""

    def __init__(self, server):
        self.server, self.must = server, server.must
        self.root = server.url.removesuffix("/api")
        self.flow = self.must("POST", "/flows/", {"name": "deaths"})
        self.deployment = self.must("POST", "/deployments/", {
            "flow_id": self.flow["id"], "name": "nightly", "tags": [HOSTILE], "parameters": {"year": 2024}, "work_queue_name": "default",
            "parameter_openapi_schema": PARAMETERS, "schedules": [{"schedule": {"cron": "0 2 * * *", "timezone": "UTC"}}],
        })
        for name, slug, fields in (("Keys", "keys", CREDENTIALS), ("Bucket", "bucket", BUCKET)):
            made = self.must("POST", "/block_types/", {"name": name, "slug": slug, "description": HOSTILE})
            self.must("POST", "/block_schemas/", {"block_type_id": made["id"], "fields": fields})

    def run(self, name="r", state="RUNNING", **more):
        run = self.must("POST", "/flow_runs/", {"flow_id": self.flow["id"], "name": name, "state": {"type": "PENDING"}} | more)
        if state != "PENDING":
            self.state(run, "RUNNING")
        if state not in ("PENDING", "RUNNING"):
            self.state(run, state)
        return run

    def state(self, run, kind, **more):
        answer = self.must("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": kind} | more})
        assert answer["status"] == "ACCEPT"

    def task(self, run, name, *inputs, state="COMPLETED"):
        return self.must("POST", "/task_runs/", {
            "flow_run_id": run["id"], "name": name, "task_key": name, "dynamic_key": "0", "state": {"type": state},
            "task_inputs": {"x": [{"input_type": "task_run", "id": one["id"]} for one in inputs]},
        })

    def log(self, run, *lines, level=20):
        self.must("POST", "/logs/", [{"name": "flow", "level": level, "message": line, "flow_run_id": run["id"]} for line in lines])

    def block(self, path):
        slug, name = path.split("/")
        return self.must("GET", f"/block_types/slug/{slug}/block_documents/name/{name}?include_secrets=true")


@pytest.fixture
def seeded(program, tmp_path):
    with Server(tmp_path / "data") as server:
        yield Seeded(server)


@pytest.fixture
def page(chromium):
    with chromium.page(*WIDE) as opened:
        yield opened


@pytest.fixture
def phone(chromium):
    with chromium.page(*NARROW, dark=True) as opened:
        yield opened


def fill(page, selector, text):
    """As somebody does who types over what stands there."""
    page.evaluate(f"(() => {{ const own = document.querySelector({selector!r}); own.focus(); own.select?.(); }})()")
    page.press("Delete") if text == "" else page.call("Input.insertText", text=text)


def choose(page, selector, word):
    page.evaluate(f"(() => {{ const own = document.querySelector({selector!r}); own.value = [...own.options].find((one) => one.text === {word!r}).value;"
                  " own.dispatchEvent(new Event('change', { bubbles: true })); })()")


def tab_to(page, condition, most=60):
    """Presses Tab until what has the focus fits."""
    for _ in range(most):
        if page.evaluate(f"((own) => {condition})(document.activeElement)"):
            return
        page.press("Tab")
    raise AssertionError(f"no Tab leads to {condition}")


def unexpected(page):
    """What the browser complained of, but for answers of 4xx that a form was to bring about."""
    return [text for text in page.complaints() if "status of 4" not in text]


def test_an_empty_server_says_how_to_begin(program, tmp_path, page):
    with Server(tmp_path / "data") as server:
        root = server.url.removesuffix("/api")
        page.open(root + "/")
        assert "Nothing has run here yet" in page.text("main") and f"PREFECT_API_URL={server.url}" in page.text("main")
        for path, text in {"/runs": "No run in the last seven days", "/deployments": "No deployment yet", "/blocks": "No type of block",
                           "/variables": "No variable yet", "/artifacts": "No artifact yet"}.items():
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


def test_a_run_with_its_tasks_log_report_and_history(seeded, page):
    run = seeded.run("whole", parameters={"year": 2024})
    first = seeded.task(run, "find-page")
    second = seeded.task(run, "tidy", first)
    seeded.task(run, "publish", first, second, state="RUNNING")
    seeded.log(run, "read 3 sheets")
    seeded.log(run, "a cell is empty", level=30)
    seeded.must("POST", "/artifacts/", {"key": "report", "type": "markdown", "flow_run_id": run["id"],
                                        "data": f"# Done\n\n| a | b |\n|---|--:|\n| x | 1 |\n\n{HOSTILE} [here](javascript:alert(1)) [there](/runs)"})
    page.open(f"{seeded.root}/runs/{run['id']}")
    assert page.text(".title .badge") == "Running" and '"year": 2024' in page.text("#parameters")
    assert page.texts(".lane .label > span:first-of-type") == ["find-page", "tidy", "publish"]
    assert page.texts(".log .level") == ["info", "warning"] and "read 3 sheets" in page.text(".log")
    assert page.texts(".history .badge") == ["Running", "Pending"]
    assert page.text(".markdown h1") == "Done" and page.texts(".markdown td") == ["x", "1"]
    assert HOSTILE in page.text(".markdown") and "[here](javascript:alert(1))" in page.text(".markdown")
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


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "phone"])
def test_a_schedule_is_edited_while_the_server_says_when_it_fires(seeded, chromium, size):
    with chromium.page(*size) as page:
        page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}")
        assert "0 2 * * * UTC" in page.text(".schedule") and len(page.texts(".schedule .times-list li")) == 5
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
        assert "30 4 * * * UTC" in page.text(".schedule")
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
    assert [own["schedule"].get("interval") for own in seeded.must("GET", path)] == [None, 21600]
    assert "every 6 hours" in page.text("main")
    page.click(".schedule:last-of-type .end button")
    page.until("!!document.querySelector('.schedule .chip')")
    assert [own["active"] for own in seeded.must("GET", path)] == [True, False]
    page.click(".schedule:last-of-type .end button.danger")
    page.click("#dialog [value=yes]")
    page.until("document.querySelectorAll('.schedule').length === 1")
    assert len(seeded.must("GET", path)) == 1


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


def test_blocks_are_made_and_edited_by_keyboard_and_secrets_never_come_back(seeded, page):
    page.open(seeded.root + "/blocks")
    assert HOSTILE in page.text(".kinds")
    tab_to(page, "own.getAttribute('href') === '/blocks/new/keys'")
    page.press("Enter")
    page.until("document.activeElement.id === 'block-name'")
    page.type("etl-keys")
    page.press("Tab")
    page.press("Tab")
    page.type(SECRET)
    page.press("Enter")
    page.until("document.activeElement.name === 'user'")
    assert "must be given" in page.text("#block-form") and page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    page.type("someone")
    page.press("Enter")
    page.until("location.pathname !== '/blocks/new/keys'")
    page.settled()
    assert seeded.block("keys/etl-keys")["data"] == {"user": "someone", "word": SECRET}
    assert SECRET not in page.evaluate("document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((own) => own.value).join(' ')")
    fill(page, "[name=user]", "another")
    page.press("Enter")
    page.until("document.getElementById('said').innerText.includes('saved')")
    assert seeded.block("keys/etl-keys")["data"] == {"user": "another", "word": SECRET}, "an empty secret stays what it was"
    page.settled()  # the form is drawn anew after it has said so
    fill(page, "[name=word]", "fresh")
    page.press("Enter")
    page.until("document.querySelector('[name=word]').value === ''")
    assert seeded.block("keys/etl-keys")["data"]["word"] == "fresh"
    assert not unexpected(page)


def test_a_block_in_a_block_is_chosen_by_name_on_a_phone(seeded, phone):
    phone.open(seeded.root + "/blocks/new/bucket")
    assert "No block of type keys yet" in phone.text("[name=keys]")
    phone.open(seeded.root + "/blocks/new/keys")
    fill(phone, "#block-name", "mine")
    fill(phone, "[name=user]", "u")
    phone.click("#save-block")
    phone.until("location.pathname !== '/blocks/new/keys'")
    phone.open(seeded.root + "/blocks/new/bucket")
    assert HOSTILE in phone.text("#block-form")
    fill(phone, "#block-name", "store")
    fill(phone, "[name=bucket]", HOSTILE)
    choose(phone, "[name=keys]", "mine")
    fill(phone, "[name=timeout]", "2.5")
    fill(phone, "[name=token]", SECRET)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    phone.click("#save-block")
    phone.until("location.pathname !== '/blocks/new/bucket'")
    phone.settled()
    data = seeded.block("bucket/store")["data"]
    assert data == {"bucket": HOSTILE, "keys": {"user": "u"}, "options": {"timeout": 2.5, "token": SECRET}}
    assert phone.evaluate("document.querySelector('[name=keys]').selectedOptions[0].text") == "mine"
    fill(phone, "[name=timeout]", "")
    phone.click("#save-block")
    phone.until("document.getElementById('said').innerText.includes('saved')")
    assert seeded.block("bucket/store")["data"] == {"bucket": HOSTILE, "keys": {"user": "u"}, "options": {"token": SECRET}}
    phone.click("#delete")
    phone.click("#dialog [value=yes]")
    phone.until("location.pathname === '/blocks'")
    assert not unexpected(phone)


def test_pools_and_queues_are_paused_and_limited(seeded, page):
    seeded.must("POST", "/work_pools/", {"name": "heavy", "type": "process"})
    seeded.must("POST", "/work_pools/heavy/workers/heartbeat", {"name": HOSTILE, "heartbeat_interval_seconds": 30})
    page.open(seeded.root + "/work")
    assert HOSTILE in page.text(".workers") and "Online" in page.text(".workers")
    page.click("[aria-label='Pause the pool heavy']")
    page.until("!!document.querySelector(\"[aria-label='Resume the pool heavy']\")")
    assert seeded.must("GET", "/work_pools/heavy")["is_paused"] is True
    key = "limit-" + seeded.must("GET", "/work_pools/heavy")["id"]
    fill(page, f"[data-key='{key}']", "3")
    page.press("Enter")
    page.until("document.getElementById('said').innerText.includes('limit is set')")
    assert seeded.must("GET", "/work_pools/heavy")["concurrency_limit"] == 3
    assert not unexpected(page)


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
    assert HOSTILE in page.text("table") and "prefect.flow-run.Failed" in page.text("table")
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


def test_a_recurrence_rule_is_added(seeded, page):
    page.open(f"{seeded.root}/deployments/{seeded.deployment['id']}?schedule=new")
    page.click("[name=kind][value=rrule]")
    fill(page, "#rrule", "FREQ=WEEKLY;BYDAY=MO")
    page.until("[...document.querySelectorAll('#preview li')].every((own) => own.innerText.startsWith('Mon')) && !!document.querySelector('#preview li')")
    page.click("#save-schedule")
    page.until("location.search === ''")
    assert seeded.must("GET", f"/deployments/{seeded.deployment['id']}/schedules")[-1]["schedule"]["rrule"].endswith("FREQ=WEEKLY;BYDAY=MO")


def test_every_page_fits_a_phone_in_the_dark_and_the_menu_opens(seeded, phone):
    run = seeded.run(HOSTILE * 2, state="FAILED", deployment_id=seeded.deployment["id"])
    seeded.log(run, "x" * 500)
    for path in ("/", "/runs", f"/runs/{run['id']}", "/deployments", f"/deployments/{seeded.deployment['id']}?run=now", "/work", "/blocks", "/variables?edit=%2B", "/artifacts", "/limits?new=1", "/events", "/automations?edit=new"):
        phone.open(seeded.root + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW[0], path
        assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 25, 28)"
    phone.click("#menu")
    assert phone.evaluate("document.getElementById('menu').getAttribute('aria-expanded')") == "true"
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


def test_the_browser_asks_for_the_password_once_and_the_pages_work_with_it(program, tmp_path, page):
    with Server(tmp_path / "data", auth="admin:pass") as server:
        root = server.url.removesuffix("/api")
        assert page.open_with_password(root + "/variables", "admin", "pass", "document.body?.innerText.includes('No variable yet')") == 1
        assert page.open_with_password(root + "/work", "admin", "pass", "document.body?.innerText.includes('default-agent-pool')") == 0
