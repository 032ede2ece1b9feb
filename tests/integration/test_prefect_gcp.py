# SPDX-License-Identifier: Apache-2.0
"""Blocks of the real prefect-gcp, registered, made, saved and loaded by Prefect 2.11.5 and 3.8.8, and by our commands."""
import json
import textwrap

import pytest
from support import clouds
from support.console import Console
from support.server import Prefect2, Prefect3, Server

SECRET = "planted-key-id"  # what a key of support.clouds holds
SAVE = """
    import json
    import sys
    from prefect_gcp import GcpCredentials, GcsBucket

    key = json.load(open(sys.argv[1]))
    GcpCredentials(service_account_info=key, project="p").save("etlapi-gcp")
    credentials = GcpCredentials.load("etlapi-gcp")
    assert credentials.service_account_info.get_secret_value() == key, credentials
    GcsBucket(bucket="etlapi", gcp_credentials=credentials, bucket_folder="data").save("etlapi-bucket")
    bucket = GcsBucket.load("etlapi-bucket")
    assert (bucket.bucket, bucket.bucket_folder) == ("etlapi", "data/"), bucket
    assert bucket.gcp_credentials.service_account_info.get_secret_value() == key
    # Saved again under the name, changed.
    GcsBucket(bucket="other", gcp_credentials=credentials).save("etlapi-bucket", overwrite=True)
    assert GcsBucket.load("etlapi-bucket").bucket == "other"
    MORE
    print("all is as saved")
"""
# The block of the old system; it is gone from the prefect-gcp of Prefect 3.
CLOUD_RUN = """
    from prefect_gcp.cloud_run import CloudRunJob
    CloudRunJob(image="gcr.io/p/i", region="europe-west2", credentials=credentials, cpu=1, memory=512,
                memory_unit="Mi").save("etlapi-cloud-run")
    job = CloudRunJob.load("etlapi-cloud-run")
    assert (job.image, job.region, job.memory) == ("gcr.io/p/i", "europe-west2", 512), job
    assert job.credentials.service_account_info.get_secret_value() == key
"""
VERSIONS = {"2.11.5": (Prefect2, CLOUD_RUN), "3.8.8": (Prefect3, "")}


@pytest.fixture(scope="module", params=VERSIONS)
def saved(request, program, tmp_path_factory):
    """A server on which the real client has saved its blocks."""
    kind, more = VERSIONS[request.param]
    home = tmp_path_factory.mktemp("home")
    (home / "save.py").write_text(textwrap.dedent(SAVE.replace("    MORE\n", more)), encoding="utf-8")
    with Server(tmp_path_factory.mktemp("gcp") / "data") as server:
        prefect = kind(server, home)
        if not list(prefect.programs.parent.glob("lib/python*/site-packages/prefect_gcp")):
            pytest.skip(f"no prefect-gcp beside Prefect {request.param}")
        assert "GCS Bucket" in prefect.run("prefect", "block", "register", "-m", "prefect_gcp")
        prefect.key, _ = clouds.service_account(home, "http://127.0.0.1:1/")  # nobody answers there: nothing is to be asked
        assert "all is as saved" in prefect.run("python", "save.py", prefect.key)
        yield server, prefect


def test_blocks_of_prefect_gcp(saved, tmp_path):
    server, prefect = saved
    shown = prefect.run("prefect", "block", "ls")
    assert "etlapi-bucket" in shown and "etlapi-gcp" in shown
    assert SECRET not in prefect.run("prefect", "block", "inspect", "gcp-credentials/etlapi-gcp")
    console = Console(server.url, tmp_path / "home")
    bucket = json.loads(console.run("block", "inspect", "gcs-bucket/etlapi-bucket"))
    assert bucket["data"]["bucket"] == "other"
    assert SECRET not in json.dumps(bucket)
    known = server.must("GET", "/block_types/slug/gcs-bucket/block_documents/name/etlapi-bucket?include_secrets=true")
    assert known["data"]["gcp_credentials"]["service_account_info"]["private_key_id"] == SECRET


def test_blocks_of_ours_are_loaded_by_it(saved, tmp_path):
    server, prefect = saved
    console = Console(server.url, tmp_path / "home")
    console.run("block", "create", "gcp-credentials/ours", "--set-file", f"service_account_info={prefect.key}")
    console.run("block", "create", "gcs-bucket/ours", "--set", "bucket=b", "--ref", "gcp_credentials=gcp-credentials/ours")
    said = prefect.run("python", "-c", "from prefect_gcp import GcsBucket; b = GcsBucket.load('ours'); "
                       "print(b.bucket, b.gcp_credentials.service_account_info.get_secret_value()['private_key_id'])")
    assert f"b {SECRET}" in said
