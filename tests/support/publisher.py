#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A statistics publisher's site on loopback, for trying out, tests and benchmarks. Standard library only.

    tests/support/publisher.py samples/site --state state-1      a state: SITE/state-1/manifest.json
    tests/support/publisher.py FOLDER                            the files of a folder; its sub-folders as editions

The first line on stdout is the address of the page. `--fault` (repeatable) takes a JSON object:

    {"kind": "not-found"|"status"|"html"|"cut"|"truncate"|"slow"|"reset"|"bytes",
     "path": "*/2019/*",          which addresses; default all files but the page
     "times": 2,                  how often; default always
     "status": 503, "retry_after": 1,   of "status"
     "bytes": 1000,                     of "cut" (whole answer, shorter file) and "truncate" (connection ends early)
     "seconds": 5,                      of "slow": before the answer
     "file": "other.xls"}               of "bytes": another file's content, served as if nothing were wrong

With `--control`, POST /_control takes {"state": …}, {"faults": […]} and {"validators": true|false} at run time.
"""
import argparse
import email.utils
import fnmatch
import hashlib
import html
import http.server
import json
import pathlib
import socket
import struct
import sys
import threading
import time
import urllib.parse

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
}
ERROR_PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><h1>Come back later</h1></body></html>"


class Site:
    """Which file answers under which address."""

    def __init__(self, folder, state=None):
        self.folder = pathlib.Path(folder).resolve()
        self.state = state
        if state:
            manifest = json.loads((self.folder / state / "manifest.json").read_text(encoding="utf-8"))
            self.page = manifest["page"]
            self._paths = {path: self.folder / name for path, name in manifest["paths"].items()}
        else:
            self.page = "/"
            self._paths = {
                "/" + path.relative_to(self.folder).as_posix(): path
                for path in sorted(self.folder.rglob("*"))
                if path.is_file()
            }

    def content(self, path):
        """(bytes, type, time of change), or nothing."""
        if path in self._paths:
            file = self._paths[path]
            return file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"), int(file.stat().st_mtime)
        if path == "/" and not self.state:
            return self._index(), TYPES[".html"], 0
        return None

    def _index(self):
        parts = ["<!DOCTYPE html><html><body><h2>Edition in this dataset</h2>"]
        heading = None
        for path in sorted(self._paths, reverse=True):
            folder = path.rpartition("/")[0].strip("/")
            if folder != heading:
                heading = folder
                parts.append(f"<h3>{html.escape(folder)} edition of this dataset</h3>")
            uri = urllib.parse.quote(path)
            parts.append(f'<p><a href="/file?uri={uri}">{html.escape(path.rpartition("/")[2])}</a></p>')
        return ("\n".join(parts) + "</body></html>\n").encode()


class Publisher:
    """The running site: `with Publisher("samples/site", "state-1") as publisher: …`. `requests` is what was asked."""

    def __init__(self, folder, state=None, port=0, faults=(), validators=True, control=False, log=None):
        self.site = Site(folder, state)
        self.faults = [dict(fault) for fault in faults]
        self.validators = validators
        self.control = control
        self.requests = []
        self._log = log
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"publisher": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def root(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def page(self):
        return self.root + self.site.page

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def switch(self, state):
        self.site = Site(self.site.folder, state)

    def forget(self):
        """Empties `requests` and gives back what was in it."""
        with self._lock:
            past, self.requests = self.requests, []
        return past

    def note(self, entry):
        with self._lock:
            self.requests.append(entry)
            if self._log:
                with open(self._log, "a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")

    def take_fault(self, path):
        """The first fault that concerns an address; its `times` are counted down."""
        with self._lock:
            for fault in self.faults:
                pattern = fault.get("path")
                hit = fnmatch.fnmatchcase(path, pattern) if pattern else path != self.site.page
                if hit and fault.get("times", 1) > 0:
                    if "times" in fault:
                        fault["times"] -= 1
                    return fault
        return None

    def obey(self, order):
        if "state" in order:
            self.switch(order["state"])
        if "faults" in order:
            self.faults = order["faults"]
        if "validators" in order:
            self.validators = order["validators"]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher = None

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(address.path)
        if path == "/file":
            path = urllib.parse.parse_qs(address.query).get("uri", [""])[0]
        fault = self.publisher.take_fault(path)
        if fault and self._fail(path, fault):
            return
        found = self.publisher.site.content(path)
        if found is None:
            self._answer(path, 404, ERROR_PAGE, {"Content-Type": TYPES[".html"]})
            return
        body, kind, changed = found
        cut_after = None
        if fault and fault["kind"] == "cut":
            body = body[: fault["bytes"]]
        elif fault and fault["kind"] == "bytes":
            body = pathlib.Path(fault["file"]).read_bytes()
        elif fault and fault["kind"] == "truncate":
            cut_after = fault["bytes"]
        headers = {"Content-Type": kind}
        if self.publisher.validators:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers["Last-Modified"] = email.utils.formatdate(changed, usegmt=True)
            if self._is_held(headers["ETag"], changed):
                self._answer(path, 304, b"", headers)
                return
        self._answer(path, 200, body, headers, cut_after)

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self.publisher.control or self.path != "/_control":
            self._answer(self.path, 404, b"", {})
            return
        self.publisher.obey(json.loads(body))
        self._answer(self.path, 204, b"", {})

    def _is_held(self, etag, changed):
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return asked.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in asked.split(",")]
        since = self.headers.get("If-Modified-Since")
        return since is not None and changed <= email.utils.parsedate_to_datetime(since).timestamp()

    def _fail(self, path, fault):
        """Answers for the faults that need no content; false for the others."""
        kind, page = fault["kind"], {"Content-Type": TYPES[".html"]}
        if kind == "slow":
            time.sleep(fault["seconds"])
        elif kind == "not-found":
            self._answer(path, 404, ERROR_PAGE, page)
        elif kind == "html":
            self._answer(path, 200, ERROR_PAGE, page)
        elif kind == "status":
            if "retry_after" in fault:
                page["Retry-After"] = str(fault["retry_after"])
            self._answer(path, fault["status"], ERROR_PAGE, page)
        elif kind == "reset":
            self._note(path, 0, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif kind not in ("cut", "truncate", "bytes"):
            raise ValueError(f"unknown fault {kind!r}")
        return kind in ("not-found", "html", "status", "reset")

    def _answer(self, path, status, body, headers, cut_after=None):
        self._note(path, status, len(body))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        if cut_after is not None:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self.close_connection = True

    def _note(self, path, status, size):
        wanted = ("User-Agent", "If-None-Match", "If-Modified-Since", "Accept-Encoding")
        self.publisher.note(
            {
                "at": time.monotonic(),
                "method": self.command,
                "target": self.path,
                "path": path,
                "status": status,
                "bytes": size,
                "headers": {name: self.headers[name] for name in wanted if name in self.headers},
            }
        )

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, ValueError):  # the other side went away, or a fault closed the socket
            self.close_connection = True

    def finish(self):
        try:
            super().finish()
        except (ConnectionError, ValueError, OSError):
            pass

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--state")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--no-validators", action="store_true", help="no ETag, no Last-Modified, no 304")
    parser.add_argument("--control", action="store_true")
    parser.add_argument("--log", help="a JSON line a request")
    parser.add_argument("--fault", action="append", default=[], type=json.loads)
    options = parser.parse_args()
    publisher = Publisher(
        options.folder,
        options.state,
        options.port,
        options.fault,
        not options.no_validators,
        options.control,
        options.log,
    )
    publisher.start()
    print(publisher.page, flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        publisher.stop()
        sys.exit(130)


if __name__ == "__main__":
    main()
