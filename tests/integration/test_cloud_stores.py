# SPDX-License-Identifier: Apache-2.0
"""Stores in the cloud, against real emulators of Google's and Amazon's storage: run, again, serve, verify, diff; a network
that fails; two writers at once; what other readers see; sign-in and secrets."""
import base64
import concurrent.futures
import io
import json
import os
import re
import shutil
import subprocess
import zipfile

import deltalake
import duckdb
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.arrow import ArrowFSWrapper
from support import clouds, sheets, sites, tidemill
from support.command_lines import WatchCommandLines
from support.publisher import Publisher
from support.tidemill import TABLE, assert_done, report

pytestmark = pytest.mark.usefixtures("program")
RACES = int(os.environ.get("TIDEMILL_RACES", "30"))


@pytest.fixture(scope="module", params=[clouds.Gcs, clouds.S3], ids=["gs", "s3"])
def cloud(request, tmp_path_factory):
    running = request.param(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


@pytest.fixture
def place(cloud, request):
    """A store of the test's own: (its URL, its folder in the bucket)."""
    cloud.proxy.faults, cloud.proxy.authorize = 0.0, None
    folder = "".join(c if c.isalnum() else "-" for c in request.node.name).strip("-")
    return f"{cloud.scheme}://{cloud.bucket}/{folder}", folder


def run(cloud, url, publisher, *more, **options):
    options.setdefault("env", cloud.environment())
    return tidemill.flow("run", url, publisher, *more, **options)


def log(cloud, folder):
    return [name for name in cloud.names(f"{folder}/{TABLE}/_delta_log/")]


def live_files(cloud, folder, version=None):
    """The data files of a version, the log followed by hand."""
    live = set()
    for name in log(cloud, folder)[: None if version is None else version + 1]:
        for line in cloud.read(name).decode().splitlines():
            action = json.loads(line)
            if "add" in action:
                live.add(action["add"]["path"])
            elif "remove" in action:
                live.discard(action["remove"]["path"])
    return live


def deaths(cloud, folder, version=None):
    """{(code, period): count} of a version."""
    counts, rows = {}, 0
    for path in live_files(cloud, folder, version):
        table = pq.read_table(io.BytesIO(cloud.read(f"{folder}/{TABLE}/{path}"))).to_pylist()
        rows += len(table)
        counts |= {(row["geo_code"], row["period"]): row["deaths"] for row in table}
    assert len(counts) == rows
    return counts


def expected(state):
    cells = {}
    for edition, file in sites.sample_editions(state):
        cells.update(sheets.read(file, edition.year))
    return {key: cell.count for key, cell in cells.items()}


def publish_two_states(cloud, url):
    for state in ("state-1", "state-2"):
        with Publisher(sites.SAMPLES, state) as publisher:
            assert_done(run(cloud, url, publisher))


def test_run_again_and_a_second_version(cloud, place):
    url, folder = place
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        first = report(assert_done(run(cloud, url, publisher)))
        assert first["outcome"] == "published" and first["store"] == url
        assert deaths(cloud, folder) == expected("state-1")
        again = report(assert_done(run(cloud, url, publisher)))
        assert again["outcome"] == "unchanged"
        assert len(log(cloud, folder)) == 1
    with Publisher(sites.SAMPLES, "state-2") as publisher:
        assert report(assert_done(run(cloud, url, publisher)))["tables"][0]["version"] == 1
    assert deaths(cloud, folder) == expected("state-2")
    assert deaths(cloud, folder, version=0) == expected("state-1")
    names = cloud.names(folder)
    assert f"{folder}/deaths_data.parquet" in names
    # As the old system left it, in Google's bucket only.
    assert (f"{folder}/etlapi-data" in names) == (cloud.scheme == "gs")
    if cloud.scheme == "gs":
        assert cloud.read(f"{folder}/etlapi-data") == cloud.read(f"{folder}/deaths_data.parquet")
    assert any(name.startswith(f"{folder}/_sources/") and name.endswith(".xlsx") for name in names)


def test_what_was_published_is_read_by_every_command_and_by_others(cloud, place):
    url, folder = place
    publish_two_states(cloud, url)
    environment = cloud.environment()
    for command in (["verify", TABLE], ["show", TABLE], ["lineage", TABLE, f"geo_code={tidemill.TOTAL}", "period=2018-01"]):
        assert_done(tidemill.tidemill("dataset", *command, "--store", url, env=environment))
    diff = json.loads(assert_done(tidemill.tidemill("dataset", "diff", TABLE, "--store", url, "--json", env=environment)).stdout)
    assert (diff["from"], diff["to"]) == (0, 1)

    table = deltalake.DeltaTable(f"{url}/{TABLE}", storage_options=cloud.delta_options())
    assert table.version() == 1
    arrow = table.to_pyarrow_table() if hasattr(table, "to_pyarrow_table") else table.to_arrow()
    assert len(arrow.to_pylist()) == len(expected("state-2"))
    whole = pq.read_table(f"{cloud.bucket}/{folder}/deaths_data.parquet", filesystem=cloud.arrow())
    assert whole.num_rows > 1000
    assert by_duckdb(cloud, f"{folder}/deaths_data.parquet", "count(*)") == whole.num_rows
    newest = [f"{folder}/{TABLE}/{name}" for name in live_files(cloud, folder)]
    assert sum(by_duckdb(cloud, name, "count(*)") for name in newest) == len(expected("state-2"))
    assert sum(by_duckdb(cloud, name, "sum(deaths)") for name in newest) == sum(expected("state-2").values())


def by_duckdb(cloud, name, what):
    """Over Arrow's file system: DuckDB's own way to gs:// and s3:// (httpfs) and its reader of Delta tables are extensions that it
    downloads when first asked, which no test here does."""

    class Bucket(ArrowFSWrapper):
        protocol = f"arrow{cloud.scheme}"

        @classmethod
        def _strip_protocol(cls, path):
            return path.split("://")[-1]

    with duckdb.connect() as connection:
        connection.register_filesystem(Bucket(cloud.arrow(), skip_instance_cache=True))
        return connection.sql(f"SELECT {what} FROM read_parquet('arrow{cloud.scheme}://{cloud.bucket}/{name}')").fetchall()[0][0]


def test_it_is_served_from_there(cloud, place, monkeypatch):
    url, _ = place
    publish_two_states(cloud, url)
    for name, value in cloud.environment().items():
        monkeypatch.setenv(name, value)
    environment = cloud.environment() | {"PORT": str(clouds.free_port())}
    process = tidemill.start("serve", url, env=environment)
    try:
        root = f"http://127.0.0.1:{environment['PORT']}"
        assert tidemill.eventually(lambda: process.poll() is not None or answers(root + "/readyz"), 30)
        status, body = clouds.ask(f"{root}/v1/datasets/{TABLE}/data?geo_code={tidemill.TOTAL}&period=2018-01")
        assert status == 200 and json.loads(body)
        process.terminate()
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.stdout.close()


def answers(url):
    try:
        return clouds.ask(url)[0] == 200
    except OSError:
        return False


def test_a_network_that_fails_loses_and_doubles_nothing(cloud, place):
    """A tenth of the requests: refused, lost, carried out without an answer, cut, late."""
    url, folder = place
    cloud.proxy.faults = 0.1
    cloud.proxy.met = dict.fromkeys(cloud.proxy.KINDS, 0)
    publish_two_states(cloud, url)
    with Publisher(sites.SAMPLES, "state-2") as publisher:
        for _ in range(4):
            assert report(assert_done(run(cloud, url, publisher)))["outcome"] == "unchanged"
    assert_done(tidemill.tidemill("dataset", "verify", TABLE, "--store", url, env=cloud.environment()))
    cloud.proxy.faults = 0.0
    assert sum(cloud.proxy.met.values()) >= 5, cloud.proxy.met
    assert len(log(cloud, folder)) == 2
    assert deaths(cloud, folder, version=0) == expected("state-1")
    assert deaths(cloud, folder) == expected("state-2")


def test_of_two_writers_one_wins_and_nothing_is_lost(cloud, place):
    """Two runs at once into an empty store: each publishes, or finds what the other one published."""
    url, folder = place
    newest = max(edition.year for edition, _ in sites.sample_editions("state-1"))
    wanted = {}
    for edition, file in sites.sample_editions("state-1"):
        if edition.year == newest:
            wanted = {key: cell.count for key, cell in sheets.read(file, newest).items()}
    with Publisher(sites.SAMPLES, "state-1") as publisher, concurrent.futures.ThreadPoolExecutor(2) as writers:
        for race in range(RACES):
            done = list(writers.map(lambda store: run(cloud, store, publisher, "--min-year", newest), [f"{url}/{race}"] * 2))
            tables = [report(assert_done(result))["tables"][0] for result in done]
            assert any(table["published"] for table in tables)
            assert {table["version"] for table in tables} == {0}
            assert len(log(cloud, f"{folder}/{race}")) == 1
            assert deaths(cloud, f"{folder}/{race}") == wanted


def test_a_large_workbook_goes_to_s3_in_parts(cloud, place, tmp_path):
    """A workbook with a picture of 34 MB, over a network that loses every tenth request."""
    if cloud.scheme != "s3":
        pytest.skip("resumable uploads to gs:// have their own way")
    url, folder = place
    pages = shutil.copytree(sites.SAMPLES, tmp_path / "pages")
    noise = os.urandom(34 << 20)
    books = [file for _, file in sites.sample_editions("state-1") if file.suffix == ".xlsx"]
    with zipfile.ZipFile(pages / books[0].relative_to(sites.SAMPLES), "a", zipfile.ZIP_STORED) as book:
        book.writestr("xl/media/noise.bin", noise)
    cloud.proxy.faults = 0.1
    with Publisher(pages, "state-1") as publisher:
        assert_done(run(cloud, url, publisher))
    cloud.proxy.faults = 0.0
    asked = [(method, path) for method, path, _ in cloud.proxy.requests]
    assert any(path.endswith("?uploads") for method, path in asked if method == "POST")
    assert {number for _, path in asked for number in re.findall(r"partNumber=(\d+)", path)} == {"1", "2", "3"}
    assert [name for name in cloud.names(folder) if len(cloud.read(name)) > len(noise)]
    assert_done(tidemill.tidemill("dataset", "verify", TABLE, "--store", url, env=cloud.environment()))


def test_a_missing_bucket_is_said(cloud):
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        result = run(cloud, f"{cloud.scheme}://no-such-bucket/store", publisher)
    assert result.returncode == tidemill.NOT_FOUND, tidemill.said(result)
    assert f"{cloud.scheme}://no-such-bucket/" in tidemill.complaints(result)


@pytest.mark.parametrize("url", ["gs://", "gs://a/b", "s3:///x", "gs://Upper/x", "abfs://x/y"])
def test_addresses_that_name_no_bucket_are_refused(url):
    result = tidemill.tidemill("dataset", "ls", "--store", url)
    assert result.returncode in (tidemill.MALFORMED, tidemill.UNSUPPORTED)


def test_s3_without_a_key_says_which_variables(tmp_path):
    result = tidemill.tidemill("dataset", "ls", "--store", "s3://bucket/x", env=tidemill.environment() | {"HOME": str(tmp_path)})
    assert result.returncode == tidemill.FORBIDDEN and "AWS_ACCESS_KEY_ID" in result.stderr


class SignIn:
    """One way to sign in to Google: the environment, and what must never be seen."""

    def __init__(self, environment, secrets, check):
        self.environment, self.secrets, self.check = environment, secrets, check


def by_service_account(folder, tokens):
    file, public = clouds.service_account(folder, f"http://{tokens.host}/token")

    def check(asked):
        _, path, _, form = asked[0]
        assert path == "/token" and form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        head, claim, signature = form["assertion"][0].split(".")
        text, sign = folder / "claim", folder / "signature"
        text.write_text(f"{head}.{claim}", encoding="ascii")
        sign.write_bytes(base64.urlsafe_b64decode(signature + "=="))
        subprocess.run(["openssl", "dgst", "-sha256", "-verify", public, "-signature", sign, text], check=True,
                       capture_output=True)
        said = json.loads(base64.urlsafe_b64decode(claim + "=="))
        assert said["iss"] == "etl@planted.example" and said["exp"] - said["iat"] == 3600
        assert said["scope"] == "https://www.googleapis.com/auth/cloud-platform"
        assert json.loads(base64.urlsafe_b64decode(head + "=="))["alg"] == "RS256"

    lines = json.loads(file.read_text(encoding="utf-8"))["private_key"].splitlines()[1:-1]
    return SignIn({"GOOGLE_APPLICATION_CREDENTIALS": str(file)}, lines, check)


def by_user(folder, tokens):
    config = folder / "gcloud"
    config.mkdir()
    (config / "application_default_credentials.json").write_text(json.dumps({
        "type": "authorized_user", "client_id": "planted-client", "client_secret": "planted-client-secret",
        "refresh_token": "planted-refresh", "token_uri": f"http://{tokens.host}/token"}), encoding="utf-8")

    def check(asked):
        assert asked[0][3] == {"grant_type": ["refresh_token"], "client_id": ["planted-client"],
                               "client_secret": ["planted-client-secret"], "refresh_token": ["planted-refresh"]}

    return SignIn({"CLOUDSDK_CONFIG": str(config)}, ["planted-client-secret", "planted-refresh"], check)


def by_machine(folder, tokens):
    def check(asked):
        assert asked[0][1] == "/computeMetadata/v1/instance/service-accounts/default/token"

    return SignIn({"GCE_METADATA_HOST": tokens.host, "HOME": str(folder)}, [], check)


@pytest.fixture(scope="module")
def gcs(tmp_path_factory):
    running = clouds.Gcs(tmp_path_factory.mktemp("gcs"))
    yield running
    running.stop()


@pytest.fixture
def tokens():
    running = clouds.TokenServer()
    yield running
    running.stop()


def everything_said(gcs, folder, *results):
    """All that a run leaves: output, and every object of the store."""
    return b"".join([*(tidemill.said(result).encode() for result in results), *(gcs.read(name) for name in gcs.names(folder))])


@pytest.mark.parametrize("way", [by_service_account, by_user, by_machine])
def test_every_way_to_sign_in(gcs, tokens, tmp_path, way):
    sign_in = way(tmp_path, tokens)
    seen = []

    def authorize(headers):
        seen.append(headers.get("Authorization", ""))
        # The first token is taken to have been withdrawn: the next one is asked for.
        return seen[-1].startswith("Bearer planted-token-") and seen[-1] != "Bearer planted-token-1"

    gcs.proxy.authorize, folder = authorize, way.__name__
    environment = tidemill.environment() | sign_in.environment | {"TIDEMILL_GCS_ENDPOINT": gcs.proxy.root}
    watch = WatchCommandLines()
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        result = tidemill.flow("run", f"gs://{gcs.bucket}/{folder}", publisher, env=environment)
    lines = watch.stop()
    gcs.proxy.authorize = None
    assert_done(result)
    sign_in.check(tokens.asked)
    assert tokens.tokens == 2 and "Bearer planted-token-2" in seen
    text = everything_said(gcs, folder, result)
    for secret in [*sign_in.secrets, "planted-token-"]:
        assert secret.encode() not in text
        assert secret not in lines


@pytest.mark.parametrize(("answer", "code", "words"), [
    ((400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}), tidemill.FORBIDDEN, "Invalid JWT Signature"),
    ((200, b"planted-token-in-no-json"), tidemill.MALFORMED, "is no JSON object"),
])
def test_a_refused_sign_in_is_told_without_the_key(tmp_path, answer, code, words):
    tokens = clouds.TokenServer(answer)
    sign_in = by_service_account(tmp_path, tokens)
    result = tidemill.tidemill("dataset", "ls", "--store", "gs://bucket/x", env=tidemill.environment() | sign_in.environment)
    tokens.stop()
    assert result.returncode == code, tidemill.said(result)
    assert words in result.stderr
    for secret in [*sign_in.secrets, "planted-token", tokens.asked[0][3]["assertion"][0]]:
        assert secret not in tidemill.said(result)


@pytest.mark.parametrize(("text", "code", "words"), [
    ("planted {", tidemill.MALFORMED, "is no JSON object"),
    (json.dumps({"type": "external_account", "secret": "planted"}), tidemill.UNSUPPORTED, "external_account"),
    (json.dumps({"type": "service_account", "private_key": "planted"}), tidemill.MALFORMED, "client_email and private_key"),
    (json.dumps({"type": "service_account", "private_key": "planted", "client_email": "a"}), tidemill.MALFORMED, "private key"),
])
def test_a_bad_key_file_is_told_without_its_content(tmp_path, text, code, words):
    file = tmp_path / "key.json"
    file.write_text(text, encoding="utf-8")
    environment = tidemill.environment() | {"GOOGLE_APPLICATION_CREDENTIALS": str(file)}
    result = tidemill.tidemill("dataset", "ls", "--store", "gs://bucket/x", env=environment)
    assert result.returncode == code, tidemill.said(result)
    assert words in result.stderr and "planted" not in result.stderr


def test_nobody_to_ask_is_told(tmp_path):
    environment = tidemill.environment() | {"HOME": str(tmp_path), "GCE_METADATA_HOST": f"127.0.0.1:{clouds.free_port()}"}
    result = tidemill.tidemill("dataset", "ls", "--store", "gs://bucket/x", env=environment)
    assert result.returncode == tidemill.FORBIDDEN
    assert "GOOGLE_APPLICATION_CREDENTIALS" in result.stderr and "gcloud auth application-default login" in result.stderr


def test_a_sheet_is_converted_from_there_to_there(cloud, place):
    url, folder = place
    _, file = next(iter(sites.sample_editions("state-1")))
    here = tidemill.tidemill("convert", file, "-o", f"{url}/sheet.csv", env=cloud.environment())
    assert_done(here)
    assert cloud.read(f"{folder}/sheet.csv").count(b"\n") > 3
    there = tidemill.tidemill("convert", f"{url}/sheet.csv", "-o", f"{url}/again.parquet", env=cloud.environment())
    assert_done(there)
    assert pq.read_table(io.BytesIO(cloud.read(f"{folder}/again.parquet"))).num_rows > 3
    gone = tidemill.tidemill("convert", f"{url}/none.csv", "-o", "-", env=cloud.environment())
    assert gone.returncode == tidemill.NOT_FOUND and f"{url}/none.csv" in gone.stderr
