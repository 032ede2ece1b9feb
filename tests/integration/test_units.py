# SPDX-License-Identifier: Apache-2.0
"""The commands of the systemd units as systemd would run them: their user's rights, their environment and environment file, a
store in Google's bucket by the machine's own account (stand-in metadata server), and again after a restart."""
import configparser
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile

import pytest
from support import clouds, sites, tidemill
from support.publisher import Publisher
from support.tidemill import TABLE

pytestmark = pytest.mark.usefixtures("program")
NOBODY = 65534
UNITS = tidemill.ROOT / "deploy" / "systemd"


@pytest.fixture
def machine():
    """A machine of Google's: /opt/tidemill, /var/lib/tidemill and /etc/tidemill of its own, a bucket, a metadata server."""
    # Not pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory(prefix="tidemill-machine-") as folder:
        os.chmod(folder, 0o755)
        running = Machine(pathlib.Path(folder))
        yield running
        running.stop()


class Machine:
    def __init__(self, folder):
        if os.geteuid() != 0:
            pytest.skip("only root may run a command as another user")
        self.bucket, self.tokens, self.folder = clouds.Gcs(folder), clouds.TokenServer(), folder
        self.bucket.proxy.authorize = lambda headers: headers.get("Authorization", "").startswith("Bearer planted-token-")
        for name in ("opt", "state", "etc"):
            (folder / name).mkdir()
        shutil.copytree(tidemill.ROOT / "recipes", folder / "opt" / "recipes")
        os.chown(folder / "state", NOBODY, NOBODY)

    def stop(self):
        self.tokens.stop()
        self.bucket.stop()

    def settings(self, name, **values):
        """The unit's environment file, with what makes this machine one of Google's."""
        lines = values | {"GCE_METADATA_HOST": self.tokens.host, "TIDEMILL_GCS_ENDPOINT": self.bucket.proxy.root}
        (self.folder / "etc" / f"{name}.env").write_text("".join(f"{key}={value}\n" for key, value in lines.items()))

    def start(self, name):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read_string((UNITS / f"tidemill-{name}.service").read_text(encoding="utf-8"))
        service = unit["Service"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "state")}
        lines = [service["Environment"]] if "Environment" in service else []
        file = self.folder / "etc" / os.path.basename(service["EnvironmentFile"])
        lines += file.read_text().splitlines() if file.exists() else []
        environment |= dict(line.split("=", 1) for line in lines)
        words = re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], service["ExecStart"]).split()
        words = [word.replace("/var/lib/tidemill", str(self.folder / "state")) for word in words]
        assert words[0] == "/opt/tidemill/bin/tidemill"
        return subprocess.Popen([str(tidemill.binary()), *words[1:]], env=environment, cwd=self.folder / "opt", user=NOBODY,
                                group=NOBODY, extra_groups=[], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_run_into_the_bucket_by_the_machines_account_and_the_data_api_over_it(machine):
    store = f"gs://{machine.bucket.bucket}/store"
    machine.settings("run", TIDEMILL_STORE=store)
    machine.settings("api", TIDEMILL_STORE=store, PORT=(port := clouds.free_port()))
    recipe = machine.folder / "opt" / "recipes" / "ons" / "deaths-monthly.toml"
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        text = re.sub(r'(?m)^source\.page +=.*$', f'source.page = "{publisher.page}"', recipe.read_text(encoding="utf-8"), count=1)
        recipe.write_text(text, encoding="utf-8")
        for outcome in ("published", "unchanged"):
            process = machine.start("run")
            said = process.communicate(timeout=120)[0]
            assert process.returncode == 0 and f"main-flow of ons/deaths-monthly: {outcome}" in said, said
    assert machine.tokens.asked[0][1] == "/computeMetadata/v1/instance/service-accounts/default/token"
    for _ in range(2):
        process = machine.start("api")
        try:
            assert tidemill.eventually(lambda: ready(f"http://127.0.0.1:{port}/readyz"), 30)
            status, body = clouds.ask(f"http://127.0.0.1:{port}/v1/datasets")
            assert status == 200 and TABLE.encode() in body
        finally:
            process.terminate()
        assert process.wait(timeout=20) == 0
        assert "planted-token" not in process.stdout.read()
        process.stdout.close()


def test_the_server_keeps_its_state_over_a_restart(machine):
    flow = b'{"name": "kept"}'
    root, names = "http://127.0.0.1:4200/api", []
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", 4200))
        except OSError:
            pytest.skip("port 4200 is taken on this machine")
    for _ in range(2):
        process = machine.start("server")
        try:
            assert tidemill.eventually(lambda: ready(f"{root}/health"), 30)
            names.append(clouds.ask(f"{root}/flows/", "POST", flow, {"Content-Type": "application/json"})[1])
        finally:
            process.terminate()
        assert process.wait(timeout=20) == 0
        process.stdout.close()
    assert names[0] == names[1]


def ready(url):
    try:
        return clouds.ask(url)[0] == 200
    except OSError:
        return False
