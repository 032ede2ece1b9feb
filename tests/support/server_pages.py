# SPDX-License-Identifier: Apache-2.0
"""What tests of the orchestration server's pages share: a server with something in it, and hands on the keyboard."""
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
