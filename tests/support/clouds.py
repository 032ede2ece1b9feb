# SPDX-License-Identifier: Apache-2.0
"""Emulators of Google's and Amazon's storage on loopback, and a proxy before them that fails as networks do."""
import http.client
import http.server
import json
import os
import random
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from support import cloud_tools, tidemill

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ask(url, method="GET", body=None, headers=None):
    """(status, bytes)"""
    request = urllib.request.Request(url, method=method, data=body, headers=headers or {})
    try:
        with OPENER.open(request, timeout=20) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as reply:
        return reply.code, reply.read()


class Emulator:
    """A program that listens on a port of its own until the end."""

    def __init__(self, command, log):
        with open(log, "wb") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out)
        self._log = log

    def wait_for(self, url):
        if not tidemill.eventually(lambda: self._answers(url), 60):
            self.stop()
            raise AssertionError(open(self._log, encoding="utf-8").read()[-2000:])

    def _answers(self, url):
        try:
            return ask(url)[0] < 500
        except OSError:
            return False

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=20)


class Gcs:
    """fake-gcs-server. `through` is the address that the program is given: a proxy's, or its own."""

    scheme = "gs"
    bucket = "statistics"

    def __init__(self, folder):
        server = cloud_tools.program("fake-gcs-server")
        self.port, front = free_port(), free_port()
        self.proxy = Proxy(front, self.port)
        command = [server, "-scheme", "http", "-host", "127.0.0.1", "-port", self.port, "-backend", "memory",
                   "-public-host", f"127.0.0.1:{self.port}", "-external-url", self.proxy.root, "-log-level", "warn"]
        self._emulator = Emulator(list(map(str, command)), folder / "gcs.log")
        self._emulator.wait_for(f"{self.root}/storage/v1/b")
        ask(f"{self.root}/storage/v1/b", "POST", json.dumps({"name": self.bucket}).encode(),
            {"Content-Type": "application/json"})

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}"

    def environment(self):
        return tidemill.environment() | {"STORAGE_EMULATOR_HOST": self.proxy.root}

    def names(self, prefix):
        query = urllib.parse.urlencode({"prefix": prefix, "maxResults": 5000})
        status, body = ask(f"{self.root}/storage/v1/b/{self.bucket}/o?{query}")
        assert status == 200, body
        return sorted(item["name"] for item in json.loads(body).get("items", []))

    def read(self, name):
        status, body = ask(f"{self.root}/storage/v1/b/{self.bucket}/o/{urllib.parse.quote(name, safe='')}?alt=media")
        assert status == 200, body
        return body

    def delta_options(self):
        key = {"gcs_base_url": self.root, "disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
        return {"google_service_account_key": json.dumps(key)}

    def arrow(self):
        from pyarrow import fs
        return fs.GcsFileSystem(anonymous=True, scheme="http", endpoint_override=f"127.0.0.1:{self.port}")

    def stop(self):
        self.proxy.stop()
        self._emulator.stop()


class S3:
    """moto's server."""

    scheme = "s3"
    bucket = "statistics"
    keys = {"AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "planted-secret-of-s3", "AWS_REGION": "eu-west-2"}

    def __init__(self, folder):
        server = cloud_tools.program("moto_server")
        self.port, front = free_port(), free_port()
        self.proxy = Proxy(front, self.port)
        self._emulator = Emulator([server, "-H", "127.0.0.1", "-p", str(self.port)], folder / "s3.log")
        self._emulator.wait_for(f"{self.root}/moto-api/")
        status, body = ask(f"{self.root}/{self.bucket}", "PUT", b"")
        assert status == 200, body

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}"

    def environment(self):
        return tidemill.environment() | self.keys | {"AWS_ENDPOINT_URL": self.proxy.root}

    def arrow(self):
        from pyarrow import fs
        return fs.S3FileSystem(access_key="AKIDTEST", secret_key=self.keys["AWS_SECRET_ACCESS_KEY"], region="eu-west-2",
                               scheme="http", endpoint_override=f"127.0.0.1:{self.port}")

    def names(self, prefix):
        from pyarrow import fs
        found = self.arrow().get_file_info(fs.FileSelector(f"{self.bucket}/{prefix}", recursive=True, allow_not_found=True))
        return sorted(entry.path.removeprefix(f"{self.bucket}/") for entry in found if entry.type == fs.FileType.File)

    def read(self, name):
        with self.arrow().open_input_stream(f"{self.bucket}/{name}") as stream:
            return stream.read()

    def delta_options(self):
        return self.keys | {"AWS_ENDPOINT_URL": self.root, "AWS_ALLOW_HTTP": "true"}

    def stop(self):
        self.proxy.stop()
        self._emulator.stop()


class Proxy:
    """Hands on whole requests. With `faults` every such share of them fails: refused with 503, lost on the way, carried out
    but the answer lost, the answer cut in the middle, or late."""

    KINDS = ("refused", "lost", "answer-lost", "cut", "late")

    def __init__(self, port, to):
        self.to, self.faults, self.met = to, 0.0, dict.fromkeys(self.KINDS, 0)
        self.chance = random.Random(7)
        self.lock = threading.Lock()
        self.requests = []
        self.authorize = None  # a function of the headers: False answers 401
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_any(self):
                proxy.hand_on(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_any

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def fault(self):
        with self.lock:
            if self.chance.random() >= self.faults:
                return None
            kind = self.chance.choice(self.KINDS)
            self.met[kind] += 1
            return kind

    def hand_on(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        self.requests.append((handler.command, handler.path, dict(handler.headers)))
        if self.authorize and not self.authorize(handler.headers):
            return self.answer(handler, 401, {}, b"{}")
        kind = self.fault()
        if kind == "refused":
            return self.answer(handler, 503, {}, b"busy")
        if kind == "lost":
            return self.hang_up(handler)
        if kind == "late":
            time.sleep(0.2)
        # The host as the client said it: it is a part of what S3 signs.
        upstream = http.client.HTTPConnection("127.0.0.1", self.to, timeout=60)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in ("connection",)}
        upstream.request(handler.command, handler.path, body, headers)
        reply = upstream.getresponse()
        content = reply.read()
        upstream.close()
        if kind == "answer-lost":
            return self.hang_up(handler)
        kept = {name: value for name, value in reply.getheaders()
                if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server")}
        length = reply.getheader("Content-Length") if handler.command == "HEAD" else None
        return self.answer(handler, reply.status, kept, content, cut=kind == "cut", length=length)

    @staticmethod
    def answer(handler, status, headers, body, cut=False, length=None):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("Content-Length", length or str(len(body) + (1 if cut else 0)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            handler.close_connection = True

    @staticmethod
    def hang_up(handler):
        handler.close_connection = True
        try:
            handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class TokenServer:
    """Google's token endpoint and metadata server: gives out tokens, remembers what was asked."""

    def __init__(self, answer=None):
        self.asked, self.tokens = [], 0
        self.answer = answer
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                server.asked.append((self.command, self.path, dict(self.headers), urllib.parse.parse_qs(body)))
                status, reply = server.reply(self)
                payload = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_any

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def reply(self, handler):
        if self.answer:
            return self.answer
        if handler.path.startswith("/computeMetadata/") and handler.headers.get("Metadata-Flavor") != "Google":
            return 403, b"missing header"
        if handler.path.endswith("/project-id"):
            return 200, b"planted-project"
        self.tokens += 1
        return 200, {"access_token": f"planted-token-{self.tokens}", "expires_in": 3600, "token_type": "Bearer"}

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def service_account(folder, token_uri):
    """A key file with a new key; (file, public key's file)."""
    private, public = folder / "private.pem", folder / "public.pem"
    subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private],
                   check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    key = {"type": "service_account", "project_id": "planted-project", "private_key_id": "planted-key-id",
           "private_key": private.read_text(encoding="utf-8"), "client_email": "etl@planted.example", "token_uri": token_uri}
    file = folder / "account.json"
    file.write_text(json.dumps(key), encoding="utf-8")
    os.chmod(file, 0o600)
    return file, public
