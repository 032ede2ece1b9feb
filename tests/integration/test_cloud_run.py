# SPDX-License-Identifier: Apache-2.0
"""A job on Cloud Run: created, followed with its log, cancelled, told why it failed, deleted; against a stand-in that knows the
documented bodies and runs the program as the container. Sign-in by a stand-in metadata server."""
import json
import signal

import pytest
from support import cloud_run, clouds, sites, tidemill
from support.publisher import Publisher

pytestmark = pytest.mark.usefixtures("program")
SECRET = "planted-secret-of-the-server"


@pytest.fixture
def google():
    """Cloud Run, and the metadata server of the machine that the agent is on."""
    run, tokens = cloud_run.CloudRun(), clouds.TokenServer()
    yield run, tokens
    run.stop()
    tokens.stop()


def environment(google):
    run, tokens = google
    return tidemill.environment() | {"GCE_METADATA_HOST": tokens.host, "TIDEMILL_CLOUD_RUN_ENDPOINT": run.root,
                                     "TIDEMILL_LOGGING_ENDPOINT": run.root, "HOME": "/nonexistent"}


def job_file(folder, **fields):
    file = folder / "job.json"
    file.write_text(json.dumps({"type": "cloud-run-job", "image": f"{cloud_run.REGION}-docker.pkg.dev/p/tidemill/tidemill:1",
                                "region": cloud_run.REGION, "credentials": {}, **fields}), encoding="utf-8")
    return file


def test_a_job_runs_and_leaves_nothing(google, tmp_path):
    run, _ = google
    store = tmp_path / "store"
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        arguments = ["run", str(tidemill.RECIPE), "--store", str(store), "--page", publisher.page, "--pause", "0"]
        file = job_file(tmp_path, args=arguments, cpu=1, memory=512, memory_unit="Mi", timeout=300, env={"NO_COLOR": "1"})
        done = tidemill.tidemill("cloud-run", file, "--name", "tidemill-test-1", env=environment(google))
    tidemill.assert_done(done)
    # Each line of the container once, though the log is asked for again and again.
    assert done.stdout.count("main-flow of ons/deaths-monthly: published") == 1
    assert tidemill.latest(store) == 0
    assert run.jobs == {} and len(run.deleted) == 1
    method, path, query, body = run.asked[0]
    assert (method, path, query) == ("POST", f"/v2/{cloud_run.PARENT}/jobs", "jobId=tidemill-test-1")
    task = body["template"]["template"]
    assert task["timeout"] == "300s" and task["maxRetries"] == 0
    assert task["containers"][0]["resources"] == {"limits": {"cpu": "1000m", "memory": "512Mi"}}
    assert task["containers"][0]["args"] == arguments


def test_a_failure_is_told_in_words_with_its_exit_code(google, tmp_path):
    run, _ = google
    file = job_file(tmp_path, args=["run", "no-such-recipe.toml"], keep_job=True)
    done = tidemill.tidemill("cloud-run", file, env=environment(google))
    assert done.returncode == tidemill.NOT_FOUND
    assert "no-such-recipe.toml" in done.stdout
    assert "the execution failed, NON_ZERO_EXIT_CODE: Task" in done.stdout
    assert len(run.jobs) == 1 and run.deleted == []


def test_a_job_is_cancelled_and_deleted(google, tmp_path):
    run, _ = google
    file = job_file(tmp_path, args=["server", "start", "--port", "0", "--data", str(tmp_path / "server")])
    process = tidemill.start("cloud-run", file, env=environment(google))
    assert tidemill.eventually(lambda: any(execution.lines for execution in run.executions.values()), 30)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 143, said
    assert "is being cancelled" in said and "CANCELLED" in said
    assert run.jobs == {} and len(run.deleted) == 1


def test_a_start_whose_answer_is_lost_is_not_repeated(google, tmp_path):
    run, _ = google
    run.lose_run = 1
    done = tidemill.tidemill("cloud-run", job_file(tmp_path, args=["--version"]), env=environment(google))
    tidemill.assert_done(done)
    assert len(run.executions) == 1


def test_an_image_that_is_not_there_is_told(google, tmp_path):
    run, _ = google
    run.ready = False
    done = tidemill.tidemill("cloud-run", job_file(tmp_path), env=environment(google))
    assert done.returncode == tidemill.MALFORMED
    assert "does not become ready: Image 'x' not found." in done.stderr
    assert run.jobs == {}


def test_a_server_on_this_machine_is_refused_before_anything_is_made(google, tmp_path):
    run, _ = google
    file = job_file(tmp_path, env={"PREFECT_API_URL": "http://127.0.0.1:4200/api"})
    done = tidemill.tidemill("cloud-run", file, env=environment(google))
    assert done.returncode == tidemill.MALFORMED and "is on this machine" in done.stderr
    assert run.asked == []


def test_secrets_are_in_the_job_only_and_warned_of(google, tmp_path):
    run, tokens = google
    fields = {"PREFECT_API_URL": "https://prefect.example/api", "PREFECT_API_KEY": SECRET}
    done = tidemill.tidemill("cloud-run", job_file(tmp_path, args=["--version"], env=fields), env=environment(google))
    tidemill.assert_done(done)
    assert "PREFECT_API_KEY stands in the job" in done.stdout
    assert tokens.tokens == 1
    for secret in (SECRET, "planted-token-"):
        assert secret not in tidemill.said(done)


@pytest.mark.parametrize(("fields", "words"), [
    ({"image": ""}, "image: expected"), ({"region": "Europe"}, "region: expected"), ({"timeout": 7200}, "timeout: expected"),
    ({"memory": 1}, "memory: expected"),
    ({"credentials": {"service_account_file": "a", "service_account_info": SECRET}}, "not both"),
    ({"credentials": {"service_account_info": SECRET}}, "service_account_info: is no JSON object"),
])
def test_wrong_fields_are_named_without_their_secrets(google, tmp_path, fields, words):
    done = tidemill.tidemill("cloud-run", job_file(tmp_path, **fields), env=environment(google))
    assert done.returncode == tidemill.MALFORMED
    assert words in done.stderr and SECRET not in done.stderr
    assert google[0].asked == []
