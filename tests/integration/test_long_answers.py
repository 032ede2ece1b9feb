# SPDX-License-Identifier: Apache-2.0
"""A long answer that several ask for at the same time is made once, whatever the one does who asked first."""
import concurrent.futures
import hashlib
import socket
import urllib.parse

import pytest
from support import tidemill

pytestmark = pytest.mark.usefixtures("program")

WHOLE = "/v1/datasets/births/data.csv"


def write_table(folder, first):
    """Some 1.3 MB as CSV."""
    lines = [f"Area of the number {area},{year}-{month:02},{first + area * year + month}"
             for area in range(200) for year in range(2000, 2017) for month in range(1, 13)]
    new = folder / "new"
    new.write_text("area,period,births\n" + "\n".join(lines) + "\n", encoding="utf-8")
    new.rename(folder / "births.csv")


@pytest.fixture
def service(tmp_path):
    write_table(tmp_path, 0)
    with tidemill.Service(tmp_path / "births.csv", "--workers", "2") as running:
        yield running


def counted(service, name):
    text = service.get("/metrics")[2].decode()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(f"tidemill_long_answers_{name}_total "))


class SlowClient:
    """Has the begin of the answer, and reads no more of it until it is told: little of the rest fits between the two."""

    def __init__(self, service):
        address = urllib.parse.urlsplit(service.root)
        self.socket = socket.socket()
        self.socket.settimeout(30)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1000)
        self.socket.connect((address.hostname, address.port))
        self.socket.sendall(f"GET {WHOLE} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode())
        self.begin = self.socket.recv(100)

    def rest(self):
        data = self.begin
        while part := self.socket.recv(1 << 16):
            data += part
        head, _, chunks = data.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ") and chunks.endswith(b"\r\n0\r\n\r\n")
        body = b""
        while chunks:
            size, _, chunks = chunks.partition(b"\r\n")
            body, chunks = body + chunks[:int(size, 16)], chunks[int(size, 16) + 2:]
        return body


def all_at_once(service, count):
    with concurrent.futures.ThreadPoolExecutor(count) as clients:
        return list(clients.map(lambda _: service.get(WHOLE)[2], range(count)))


def digests(bodies):
    return {hashlib.sha256(body).hexdigest() for body in bodies}


def test_many_who_ask_before_it_is_kept_have_it_made_once(service, tmp_path):
    for version in (1, 2):
        slow = SlowClient(service)
        bodies = all_at_once(service, 16)
        assert counted(service, "made") == version and counted(service, "joined") >= version
        assert len(digests([*bodies, slow.rest()])) == 1 and len(bodies[0]) > 1_000_000
        assert all_at_once(service, 4) == bodies[:4] and counted(service, "made") == version
        if version == 1:
            before = service.json("/v1/datasets")["datasets"][0]
            write_table(tmp_path, 7)
            while service.json("/v1/datasets")["datasets"][0] == before:
                pass
            assert service.get("/healthz")[0] == 200


def test_a_client_that_goes_stops_it_for_nobody(service):
    first, second = SlowClient(service), SlowClient(service)
    first.socket.close()
    body = second.rest()
    assert body.startswith(b"area,period,births") and body.count(b"\n") == 200 * 17 * 12 + 1
    assert (counted(service, "made"), counted(service, "joined")) == (1, 1)
    assert service.get(WHOLE)[2] == body and counted(service, "made") == 1
