# SPDX-License-Identifier: Apache-2.0
"""Our server with the old system's blocks, Google's APIs as stand-ins, and an agent's machine."""
import base64
import json
import signal

from support import cloud_run, clouds, tidemill
from support.console import Console
from support.server import Server

ENTRYPOINT = "recipes/ons/deaths-monthly.toml:main-flow"
# Where a container reaches the server: a name that only the stand-in knows.
REACHED = "http://orchestrator.example:4200/api"
FINAL = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")


class Cloud:
    """`auth` is the server's password, as user:password."""

    def __init__(self, folder, auth=None):
        self.folder = folder
        self.server = Server(folder / "data", auth=auth)
        self.headers = {"Authorization": "Basic " + base64.b64encode(auth.encode()).decode()} if auth else {}
        self.tokens = clouds.TokenServer()
        # The image has the recipes where the tests have them.
        image = tidemill.environment() | {"PREFECT__STORAGE_BASE_PATH": str(tidemill.ROOT), "HOME": "/nonexistent"}
        self.run = cloud_run.CloudRun(image, network={REACHED: self.server.url})
        self.console = Console(self.server.url, folder / "home")
        self.console.environment |= {"TIDEMILL_CLOUD_RUN_ENDPOINT": self.run.root, "TIDEMILL_LOGGING_ENDPOINT": self.run.root}
        self.console.environment |= {"PREFECT_API_AUTH_STRING": auth} if auth else {}
        key, _ = clouds.service_account(folder, f"http://{self.tokens.host}/token")
        self.key = json.loads(key.read_text(encoding="utf-8"))
        self.console.run("block", "create", "gcp-credentials/etlapi-gcp", "--set-file", f"service_account_info={key}")
        self.block("etlapi-cloud-run")

    def block(self, name, **fields):
        fields = {"image": "europe-west2-docker.pkg.dev/p/tidemill/tidemill:1", "region": cloud_run.REGION, "cpu": 1, "memory": 512,
                  "memory_unit": "Mi", "timeout": 300, "env": {"PREFECT_API_URL": REACHED}} | fields
        sets = [word for name, value in fields.items()
                for word in ("--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}")]
        self.console.run("block", "create", f"cloud-run-job/{name}", *sets, "--ref", "credentials=etlapi-gcp")

    def deployment(self, publisher, store, *more, name="nightly"):
        return self.console.run(
            "deployment", "build", ENTRYPOINT, "-n", name, "-o", self.folder / f"{name}.yaml", "--apply", "--param",
            f"store={store}", "--param", f"page={publisher.page}", "--param", "pause=0", *more)

    def must(self, method, path, body=None):
        status, answer = self.server.ask(method, path, body, self.headers)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer

    def start_run(self, *more, name="nightly"):
        return self.console.json("deployment", "run", f"main-flow/{name}", *more)["id"]

    def state(self, run):
        return self.must("GET", f"/flow_runs/{run}")

    def ended(self, run, seconds=60):
        found = tidemill.eventually(lambda: self.state(run)["state_type"] in FINAL and self.state(run), seconds)
        assert found, self.state(run)["state"]
        return found

    def log(self, run=None):
        """Of one run, or of all."""
        found = self.must("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}} if run else {})
        return "\n".join(line["message"] for line in found)

    def bodies(self, suffix="/jobs"):
        return [body for method, path, _, body in self.run.asked if method == "POST" and path.endswith(suffix)]

    def stop(self):
        self.run.stop()
        self.tokens.stop()
        self.server.stop()


class Agent:
    """A running agent or worker; `said` is all that it wrote, once it has ended."""

    def __init__(self, cloud, *words):
        words = words or ("agent", "start", "-q", "default")
        self.process = cloud.console.start(*words, "--poll", "0.2", "--prefetch-seconds", "0")
        self.said = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.said = self.process.communicate(timeout=60)[0]
