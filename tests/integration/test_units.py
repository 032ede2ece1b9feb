# SPDX-License-Identifier: Apache-2.0
"""The commands of the systemd units as systemd would run them: as written, in the folders that they name, with their user's
rights, their environment and environment file, a store in Google's bucket by the machine's own account (stand-in metadata
server), and again after a restart."""
import configparser
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import tempfile

import pytest
from support import clouds, damage, sites, tidemill
from support.console import Console
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
        damage.skip_without_roots_mounts()
        if not shutil.which("setpriv"):
            pytest.skip("no setpriv to run a command as another user")
        self.bucket, self.tokens, self.folder = clouds.Gcs(folder), clouds.TokenServer(), folder
        self.bucket.proxy.authorize = lambda headers: headers.get("Authorization", "").startswith("Bearer planted-token-")
        for name in ("recipes", "state", "etc"):
            (folder / name).mkdir()
        shutil.copytree(tidemill.ROOT / "recipes", folder / "recipes", dirs_exist_ok=True)
        os.chown(folder / "state", NOBODY, NOBODY)

    def stop(self):
        self.tokens.stop()
        self.bucket.stop()

    def settings(self, name, **values):
        """The unit's environment file, with what makes this machine one of Google's; lines of the example that lies beside the
        unit stay where nothing else is said."""
        example = UNITS / f"{name}.env"
        lines = example.read_text(encoding="utf-8").splitlines() if example.is_file() else []
        said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        said |= values | {"GCE_METADATA_HOST": self.tokens.host, "TIDEMILL_GCS_ENDPOINT": self.bucket.proxy.root}
        (self.folder / "etc" / f"{name}.env").write_text("".join(f"{key}={value}\n" for key, value in said.items()))

    def start(self, name):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read_string((UNITS / f"{name}.service").read_text(encoding="utf-8"))
        service = unit["Service"]
        environment = {"PATH": os.environ["PATH"], "HOME": "/var/lib/tidemill"}
        lines = [service["Environment"]] if "Environment" in service else []
        file = self.folder / "etc" / os.path.basename(service["EnvironmentFile"])
        lines += file.read_text().splitlines() if file.exists() else []
        environment |= dict(line.split("=", 1) for line in lines)
        script = "\n".join([
            "set -e", "mount -t tmpfs tmpfs /opt", "mount -t tmpfs tmpfs /var/lib",
            "mkdir -p /opt/tidemill/bin /opt/tidemill/lib /opt/tidemill/recipes /var/lib/tidemill",
            *(f"mount --bind {shlex.quote(str(here))} {there}" for here, there in (
                (tidemill.binary().parent, "/opt/tidemill/bin"), (tidemill.binary().parent.parent / "lib", "/opt/tidemill/lib"),
                (self.folder / "recipes", "/opt/tidemill/recipes"), (self.folder / "state", "/var/lib/tidemill"))),
            # What the unit's ProtectSystem=strict leaves.
            "mount -o remount,ro /opt", "mount -o remount,bind,ro /opt/tidemill/recipes",
            f"cd {service['WorkingDirectory']}",
            f"exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --no-new-privs --bounding-set=-all "
            + " ".join(expanded(service["ExecStart"], environment)),
        ])
        return subprocess.Popen(["unshare", "--mount", "sh", "-c", script], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)


def expanded(command, environment):
    """The words of a command as systemd makes them: "${NAME}" is one word's text, a word "$NAME" becomes as many as it holds."""
    words = []
    for word in command.split():
        if re.fullmatch(r"\$\w+", word):
            words += environment.get(word[1:], "").split()
        else:
            words.append(re.sub(r"\$\{(\w+)\}", lambda found: environment.get(found[1], ""), word))
    return map(shlex.quote, words)


def use_page(machine, page):
    recipe = machine.folder / "recipes" / "ons" / "deaths-monthly.toml"
    text = re.sub(r'(?m)^source\.page +=.*$', f'source.page = "{page}"', recipe.read_text(encoding="utf-8"), count=1)
    recipe.write_text(text, encoding="utf-8")


def test_a_run_into_the_bucket_by_the_machines_account(machine):
    machine.settings("run", TIDEMILL_STORE=f"gs://{machine.bucket.bucket}/store")
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        use_page(machine, publisher.page)
        for outcome in ("published", "unchanged"):
            process = machine.start("tidemill-run")
            said = process.communicate(timeout=120)[0]
            assert process.returncode == 0 and f"main-flow of ons/deaths-monthly: {outcome}" in said, said
    assert machine.tokens.asked[0][1] == "/computeMetadata/v1/instance/service-accounts/default/token"


class Up:
    """The unit's `tidemill up`, and a console that asks its server."""

    def __init__(self, machine, port, data_port):
        self.process = machine.start("tidemill")
        self.root, self.data = f"http://127.0.0.1:{port}/api", f"http://127.0.0.1:{data_port}"
        if not tidemill.eventually(lambda: ready(f"{self.root}/health"), 30):
            self.process.kill()
            raise AssertionError(self.process.communicate()[0])

    def end(self, how):
        self.process.send_signal(how)
        said = self.process.communicate(timeout=60)[0]
        assert "planted-token" not in said
        return self.process.returncode, said


def test_the_whole_product_on_a_machine_of_googles_survives_restarts(machine, tmp_path):
    port, data_port = clouds.free_port(), clouds.free_port()
    machine.settings("tidemill", TIDEMILL_STORE=f"gs://{machine.bucket.bucket}/store", OPTIONS=f"--port {port} --data-port {data_port}")
    console = Console(f"http://127.0.0.1:{port}/api", tmp_path / "home")
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        use_page(machine, publisher.page)
        up = Up(machine, port, data_port)
        console.run("deployment", "build", "recipes/ons/deaths-monthly.toml:main-flow", "-n", "nightly", "--cron", "0 0 * * *", "-o",
                    tmp_path / "nightly.yaml", "--path", "/opt/tidemill", "--apply", "--param", "pause=0")
        first = console.json("deployment", "run", "main-flow/nightly")["id"]
        console.run("flow-run", "watch", first)
        # One restart as systemd does it, one as a machine does that loses its power.
        for how, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
            assert tidemill.eventually(lambda: has_table(up.data), 40)
            ended, said = up.end(how)
            assert ended == code, said
            up = Up(machine, port, data_port)
            assert first in console.run("flow-run", "ls", "--state-type", "COMPLETED")
            console.run("deployment", "run", "main-flow/nightly", "--watch")
        ended, said = up.end(signal.SIGTERM)
        assert ended == 0, said
    assert f"store/{TABLE}/_delta_log/{0:020}.json" in machine.bucket.names("store")
    assert "store/etlapi-data" in machine.bucket.names("store")
    assert machine.tokens.asked[0][1] == "/computeMetadata/v1/instance/service-accounts/default/token"
    owners = {path.stat().st_uid for path in (machine.folder / "state").rglob("*")}
    assert owners == {NOBODY}


def has_table(root):
    try:
        status, body = clouds.ask(f"{root}/v1/datasets")
    except OSError:
        return False
    return status == 200 and TABLE.encode() in body


def ready(url):
    try:
        return clouds.ask(url)[0] == 200
    except OSError:
        return False
