# SPDX-License-Identifier: Apache-2.0
"""Malformed and odd requests (http/odd_requests.tsv), beside nginx: each is answered or closed as the file says, and where the two
differ it says why."""
import pytest
from support import odd_requests, tidemill

pytestmark = pytest.mark.usefixtures("program")
CASES = odd_requests.cases()


def test_the_service_answers_or_closes_each(first_run):
    with tidemill.Service(first_run[0]) as service:
        port = int(service.root.rsplit(":", 1)[1])
        found = {case.name: odd_requests.statuses(port, case.request) for case in CASES}
        assert dict(different(found, "ours")) == {}
        assert service.get("/healthz")[0] == 200


def test_nginx_does_as_the_file_says(tmp_path):
    if odd_requests.Nginx.program is None:
        pytest.skip("no nginx on this machine")
    with odd_requests.Nginx(tmp_path) as nginx:
        found = {case.name: odd_requests.statuses(nginx.port, case.request) for case in CASES}
    assert dict(different(found, "nginx")) == {}


def different(found, column):
    for case in CASES:
        if found[case.name] != getattr(case, column):
            yield case.name, f"{found[case.name]}, expected {getattr(case, column)}"


def test_every_difference_has_a_reason():
    assert len(CASES) > 100
    assert [case.name for case in CASES if case.ours != case.nginx and not case.why] == []
    assert [case.name for case in CASES if case.ours == case.nginx and case.why] == []
    assert {status for case in CASES for status in case.ours.split() if status >= "500"} == {"501", "505"}
