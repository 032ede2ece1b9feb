# SPDX-License-Identifier: Apache-2.0
"""Requests that are malformed or odd, as data (tests/http/odd_requests.tsv), and what a server makes of them."""
import pathlib
import re
import shutil
import socket
import subprocess
import time
from typing import NamedTuple

from support.tidemill import ROOT

FILE = ROOT / "tests" / "http" / "odd_requests.tsv"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
NGINX = """daemon off; master_process off; worker_processes 1; pid {work}/pid; error_log {work}/error;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work}; uwsgi_temp_path {work};
  scgi_temp_path {work}; server {{ listen 127.0.0.1:{port}; root {work}/files; default_type text/plain; }} }}
"""


class Case(NamedTuple):
    name: str
    request: bytes
    ours: str  # statuses of all answers until the connection ends: "400", "200 200"; "-" for none
    nginx: str
    why: str  # where they differ


def unescape(text):
    """\\r \\n \\t \\0 \\xHH, {count:text} for repetitions."""
    text = re.sub(r"\{(\d+):([^}]*)\}", lambda found: found[2] * int(found[1]), text)
    return re.sub(rb"\\(x[0-9a-f]{2}|.)", lambda found: {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}.get(
        found[1]) or bytes([int(found[1][1:], 16)]), text.encode())


def cases():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Case(row[0], unescape(row[1]), row[2], row[3], row[4] if len(row) > 4 else "") for row in rows]


def statuses(port, request, timeout=10):
    """What a connection brings that sends the request and a plain one behind it, which asks to close: the statuses, in order. An
    answer is found by its first line; what else begins so is none of our files."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        try:
            connection.sendall(request + NEXT)
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass  # what came before it counts
        except TimeoutError:
            return " ".join(found_in(answer) + ["open"])
    return " ".join(found_in(answer)) or "-"


def found_in(answer):
    return [found.decode() for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer) if found != b"100"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """nginx on loopback, with a file for / and for /healthz."""

    program = shutil.which("nginx") or ("/usr/sbin/nginx" if pathlib.Path("/usr/sbin/nginx").exists() else None)

    def __init__(self, work):
        self.port = free_port()
        (work / "files").mkdir()
        for name in ("index.html", "healthz", "version"):
            (work / "files" / name).write_text("ok")
        (work / "conf").write_text(NGINX.format(work=work, port=self.port))
        self.process = subprocess.Popen([self.program, "-c", work / "conf", "-e", work / "error"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
