# SPDX-License-Identifier: Apache-2.0
"""The container image, built from the Dockerfile without a daemon: what is in it, and that it runs with nothing more."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tarfile

import pytest
from support import damage, sites, tidemill
from support.publisher import Publisher

ROOT = tidemill.ROOT
USER = 65532
MOST_BYTES = 200 << 20
PLANTED = "planted-secret-of-whoever-builds"
# The whole of what may be in the layers above the base, as patterns.
ALLOWED = (
    r"opt/tidemill/bin/tidemill",
    r"opt/tidemill/lib/(libtidemill_tables\.so|libarrow\.so\.\d+|libparquet\.so\.\d+)",
    r"opt/tidemill/deps/lib[\w+.-]+\.so[\w.]*",
    r"opt/tidemill/certs/ca-certificates\.crt",
    r"opt/tidemill/recipes/.+\.(toml|csv|md|tsv)",
    r"opt/tidemill/share/tidemill/(LICENSE|README\.md)",
    r"usr/share/zoneinfo/[\w/+.-]+",
)
BASE_LIBRARIES = ("libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libresolv.so.2", "libanl.so.1",
                  "libnss_dns.so.2", "libnss_files.so.2", "libgcc_s.so.1", "libstdc++.so.6")


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def files_of(root):
    return {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file() or path.is_symlink()}


@pytest.fixture(scope="module")
def image_root(program, tmp_path_factory):
    """What the Dockerfile's first stage leaves, from the build that is tested."""
    if program.parent.parent.parent.name != "build" or shutil.which("cmake") is None:
        pytest.skip("TIDEMILL_BIN is no program of a build folder, or there is no cmake to install it")
    root = tmp_path_factory.mktemp("image") / "root"
    run(ROOT / "deploy" / "image_root.sh", program.parent.parent, root, timeout=300)
    return root


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A base of libc, libstdc++ and libgcc alone, from this machine."""
    root = tmp_path_factory.mktemp("base")
    known = dict(re.findall(r"(\S+) \(.*x86-64.*\) => (\S+)", run("/sbin/ldconfig", "-p")))
    for name in BASE_LIBRARIES:
        target = root / "lib" / "x86_64-linux-gnu" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(known[name], target)
    (root / "lib64").mkdir()
    shutil.copy("/lib64/ld-linux-x86-64.so.2", root / "lib64")
    for folder in ("proc", "dev", "etc", "tmp"):
        (root / folder).mkdir()
    return root


def test_the_files_are_what_runs_and_nothing_else(image_root):
    files = files_of(image_root)
    strange = [name for name in files if not any(re.fullmatch(pattern, name) for pattern in ALLOWED)]
    assert strange == []
    assert {"opt/tidemill/bin/tidemill", "opt/tidemill/deps/libcurl.so.4", "usr/share/zoneinfo/Europe/London",
            "opt/tidemill/recipes/ons/deaths-monthly.toml"} <= set(files)


def test_the_image_is_small(image_root, base):
    size = sum(path.stat().st_size for root in (image_root, base) for path in files_of(root).values() if path.is_file())
    assert size < MOST_BYTES


def test_the_builder_gets_all_that_the_build_reads(tmp_path):
    """What .dockerignore lets through, configured alone: each file that the build then names is there."""
    libraries = ROOT / "build" / "deps"
    if shutil.which("git") is None or not (ROOT / ".git").exists() or not libraries.is_dir() or shutil.which("cmake") is None:
        pytest.skip("needs git, cmake and the pinned libraries in build/deps")
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [line[1:] for line in rules if line.startswith("!")]
    for name in run("git", "ls-files", cwd=ROOT).splitlines():
        if any(name == rule or name.startswith(rule + "/") for rule in kept) and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "deps").symlink_to(libraries)
    run("cmake", "--preset", "release", cwd=tmp_path, timeout=300)
    built = tmp_path / "build" / "release"
    lists = [built / "build.ninja", *built.rglob("unity_*.cxx")]  # sources compiled together are named in files of their own
    named = "\n".join(path.read_text(encoding="utf-8") for path in lists)
    files = {found.replace("../../", f"{tmp_path}/", 1) for found in re.findall(rf"(?:{tmp_path}|\.\./\.\.)/(?!build/)[^\s:|$]+\.\w+", named)}
    sources = [pathlib.Path(name) for name in files if re.search(r"\.(cc|h|json|js|css|html|sql|csv|svg|py)$", name)]
    assert len(sources) > 500
    assert [str(path) for path in sources if not path.exists()] == []


def test_nothing_in_it_is_a_secret(image_root):
    """A key planted in the checkout's environment and folder does not travel."""
    for name, path in files_of(image_root).items():
        assert not re.search(r"(\.key|\.pem|\.env|key\.json|id_rsa)$", name)
        if path.is_file() and path.stat().st_size < 1 << 20:
            assert b"PRIVATE KEY-----\n" not in path.read_bytes()


class Container:
    """The two roots as one, run as the image's user, everything but /data read-only, in namespaces of its own."""

    def __init__(self, root, environment):
        damage.skip_without_roots_mounts()
        self.root, self.environment = root, environment

    def command(self, *words):
        root = self.root
        script = (
            f"mount --bind {root} {root} && mount -o remount,bind,ro {root} && mount -t proc proc {root}/proc && "
            f"mount --bind {root.parent}/data {root}/data && "
            f'exec /usr/sbin/chroot --userspec={USER}:{USER} {root} "$@"'
        )
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh",
                "/opt/tidemill/bin/tidemill", *map(str, words)]

    def run(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, timeout=300, check=False,
                              env=self.environment, cwd="/")


def instructions():
    """The last stage's ENV and USER, as the Dockerfile has them."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("FROM ${BASE}")[1].replace("\\\n", " ")
    environment = dict(re.findall(r"(\w+)=(\S+)", re.search(r"^ENV (.*)$", text, re.M)[1]))
    return environment, re.search(r"^USER (\d+):(\d+)$", text, re.M).groups(), text


@pytest.fixture
def container(image_root, base, tmp_path):
    root = tmp_path / "root"
    shutil.copytree(base, root, symlinks=True)
    shutil.copytree(image_root, root, symlinks=True, dirs_exist_ok=True)
    data = tmp_path / "data"
    data.mkdir()
    shutil.chown(data, USER, USER)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.stat().st_mode & 0o001 == 0 and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o011)
    environment, user, _ = instructions()
    assert user == (str(USER), str(USER))
    return Container(root, environment)


def test_the_image_runs_as_nobody_in_a_read_only_root(container):
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        done = container.run("run", "/opt/tidemill/recipes/ons/deaths-monthly.toml", "--page", publisher.page, "--pause", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    store = container.root.parent / "data" / "store"
    assert tidemill.latest(store) == 0
    assert {path.stat().st_uid for path in store.rglob("*")} == {USER}
    refused = container.run("run", "/opt/tidemill/recipes/ons/deaths-monthly.toml", "--store", "/opt/elsewhere", "--offline")
    assert refused.returncode != 0
    shown = container.run("dataset", "show", tidemill.TABLE)
    assert shown.returncode == 0 and "deaths_monthly" in shown.stdout, shown.stderr


def test_the_image_serves_and_its_health_check_says_so(container):
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        container.run("run", "/opt/tidemill/recipes/ons/deaths-monthly.toml", "--page", publisher.page, "--pause", "0")
    port = free_port()
    environment = container.environment | {"PORT": str(port)}
    with subprocess.Popen(container.command("serve", "/data/store"), env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, cwd="/") as process:
        try:
            assert "deaths_monthly" in process.stdout.readline()
            assert f":{port}" in process.stdout.readline()
            well = subprocess.run(container.command("health"), env=environment, check=False, cwd="/", timeout=60)
            assert well.returncode == 0
        finally:
            # The program itself, which is the first process of its namespace, as in a container.
            for child in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
                os.kill(int(child), signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    ill = container.run("health", f"http://127.0.0.1:{port}/healthz")
    assert ill.returncode == tidemill.UNAVAILABLE


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def built(image_root, base, tmp_path_factory):
    """The image by buildah: the Dockerfile as it is, its first stage's result handed over as a context of that name."""
    damage.skip_without_roots_mounts()
    if shutil.which("buildah") is None:
        pytest.skip("no buildah: the image's files are tested without building layers")
    folder = tmp_path_factory.mktemp("buildah")
    buildah = ["buildah", "--root", folder / "store", "--runroot", folder / "run", "--storage-driver", "vfs"]
    container = run(*buildah, "from", "--name", "base", "scratch").strip()
    run(*buildah, "add", container, base, "/")
    run(*buildah, "commit", container, "localhost/base:test", timeout=300)
    context = tmp_path_factory.mktemp("context")
    shutil.copytree(image_root, context / "image", symlinks=True)
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (context / "Dockerfile").write_text(last_stage(lines), encoding="utf-8")
    for name in (".env", "key.json", "image.key.json"):
        (context / name).write_text(PLANTED, encoding="utf-8")
    run(*buildah, "bud", "--isolation", "chroot", "--format", "docker", "--build-arg", "BASE=localhost/base:test", "--build-arg",
        "VERSION=1.2.3", "-t", "localhost/tidemill:test", context, timeout=600, env=os.environ | {"PREFECT_API_KEY": PLANTED})
    config = json.loads(run(*buildah, "inspect", "--type", "image", "localhost/tidemill:test"))["Docker"]["config"]
    run(*buildah, "push", "localhost/tidemill:test", f"docker-archive:{folder / 'image.tar'}", timeout=300)
    return config, folder / "image.tar"


def last_stage(text):
    """Without the stage that compiles: what that leaves comes from the context."""
    first, last = text.split("FROM ${BASE}")
    return first.split("FROM ${BUILD_BASE}")[0] + "FROM ${BASE}" + last.replace("--from=build ", "").replace(" /image/", " image/")


def test_the_built_image_says_how_it_is_run(built):
    config, _ = built
    assert config["User"] == f"{USER}:{USER}"
    assert config["Entrypoint"] == ["tidemill"]
    assert config["Healthcheck"]["Test"] == ["CMD", "tidemill", "health"]
    assert config["Labels"]["org.opencontainers.image.version"] == "1.2.3"
    assert set(config["ExposedPorts"]) == {"8000/tcp", "4200/tcp"}


def test_the_layers_hold_only_the_files(built, image_root):
    _, archive = built
    names = {}
    everything = archive.read_bytes()
    assert b"Apache License" in everything and PLANTED.encode() not in everything
    with tarfile.open(archive) as outer:
        manifest = json.load(outer.extractfile("manifest.json"))[0]
        for layer in manifest["Layers"][1:]:
            with tarfile.open(fileobj=outer.extractfile(layer)) as inner:
                names |= {pathlib.PurePosixPath(entry.name).as_posix(): entry.size for entry in inner if not entry.isdir()}
    assert set(names) == set(files_of(image_root))
    assert sum(names.values()) < MOST_BYTES
