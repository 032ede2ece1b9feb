# SPDX-License-Identifier: Apache-2.0
"""Hours of `tidemill serve`: readers of all kinds, slow ones, half-closed and broken connections, malformed requests, and a new
version every second. No byte may be wrong (each answer is compared with what its version must say), no memory or descriptor may be
lost, no 5xx may come but a 503 that says when to try again. Run by `./dev soak`; prints what it saw, exit code 1 where something
was wrong."""
import argparse
import collections
import gzip
import hashlib
import http.client
import json
import pathlib
import random
import re
import signal
import socket
import statistics
import struct
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support import moving_table as table  # noqa: E402
from support import odd_requests, tidemill  # noqa: E402

DATA = f"/v1/datasets/{table.TABLE}/data"
STALE = 15  # seconds after which a new version must be the one that is served, on a busy machine
ODD = odd_requests.cases()


class Wrong(Exception):
    """An answer that must not be."""


class Run:
    """What all loads share: the service, its table, when to end, and what was seen."""

    def __init__(self, service, moving, seconds):
        self.port = int(service.root.rsplit(":", 1)[1])
        self.pid = service._process.pid
        self.moving = moving
        self.end = time.monotonic() + seconds
        self.counts = collections.Counter()
        self.wrong = []
        self.lock = threading.Lock()
        self.tags = {}

    def over(self):
        return time.monotonic() >= self.end or len(self.wrong) > 20

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def complain(self, text):
        with self.lock:
            self.wrong.append(text)

    def connect(self, timeout=30):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)


def version_of(headers):
    found = re.fullmatch(table.TABLE + r"@(\d+)", headers["Tidemill-Vintage"] or "")
    if not found:
        raise Wrong(f"no Tidemill-Vintage but {headers['Tidemill-Vintage']!r}")
    return int(found[1])


def same(body, expected, what):
    if body != expected:
        at = next((i for i, (a, b) in enumerate(zip(body, expected)) if a != b), min(len(body), len(expected)))
        raise Wrong(f"{what}: {len(body)} bytes, expected {len(expected)}; differ at {at}: {body[at:at + 60]!r}, "
                    f"expected {expected[at:at + 60]!r}")


class Reader:
    """A client that asks one thing after the other over connections that it keeps."""

    def __init__(self, run, seed):
        self.run, self.random = run, random.Random(seed)
        self.connection = None
        self.newest = 0

    def ask(self, target, **fields):
        """(status, headers, body), and notes when a version was served that was not current."""
        if self.connection is None or self.random.random() < 0.01:
            self.close()
            self.connection = http.client.HTTPConnection("127.0.0.1", self.run.port, timeout=60)
        before = time.monotonic()
        self.connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in fields.items()})
        reply = self.connection.getresponse()
        status, headers, body = reply.status, reply.headers, reply.read()
        if status == 503 and headers["Retry-After"]:
            self.run.count("503 with Retry-After")
        elif status >= 500:
            raise Wrong(f"{target}: {status} {body[:200]!r}")
        elif headers["Tidemill-Vintage"] and "vintage=" not in target and "cursor=" not in target:
            self.check_current(version_of(headers), before, target)
        return status, headers, body

    def check_current(self, version, before, target):
        written = self.run.moving.written
        if version >= len(written):
            raise Wrong(f"{target}: version {version} before it was written")
        if version < self.newest:
            raise Wrong(f"{target}: version {version} after {self.newest}")
        self.newest = version
        if version + 1 < len(written) and written[version + 1] < before - STALE:
            raise Wrong(f"{target}: version {version}, {before - written[version + 1]:.1f} s after the next one was written")

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def compare(self, target, expected, **fields):
        """`expected(version)` are the bytes. An ETag stands for one version's bytes."""
        status, headers, body = self.ask(target, **fields)
        if status == 503:
            return
        if status != 200:
            raise Wrong(f"{target}: {status} {body[:200]!r}")
        version = version_of(headers)
        if headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        same(body, expected(version), f"{target} of version {version}")
        self.note_tag(target, headers, version)

    def note_tag(self, target, headers, version):
        known = self.run.tags.setdefault((target, headers["Content-Encoding"], headers["ETag"]), version)
        if known != version:
            raise Wrong(f"{target}: one ETag for the versions {known} and {version}")

    # What is asked, each with what must come.

    def area(self):
        return self.random.randrange(len(table.AREAS))

    def seed(self):
        area, year = self.area(), self.random.randrange(2016, 2021)
        self.compare(f"/year/{year}/geo_code/{table.AREAS[area]}", lambda version: table.seed(version, area, year))

    def one_area(self):
        area, year = self.area(), self.random.randrange(2016, 2021)
        self.compare(f"{DATA}.csv?geo_code={table.AREAS[area]}&year={year}", lambda version: table.area_csv(version, area, year))

    def pinned(self):
        """A version of the past."""
        area, version = self.area(), self.random.randrange(self.newest + 1)
        status, headers, body = self.ask(f"{DATA}.csv?geo_code={table.AREAS[area]}&year=2020&vintage={version}")
        if status == 200:
            same(body, table.area_csv(version, area, 2020), f"vintage={version}")
            if version_of(headers) != version:
                raise Wrong(f"vintage={version}: {headers['Tidemill-Vintage']}")
        elif status != 503:
            raise Wrong(f"vintage={version}: {status} {body[:200]!r}")

    def whole(self):
        self.compare(f"{DATA}.csv", table.whole_csv)

    def packed(self):
        self.compare(f"{DATA}.json?shape=bare", table.whole_json, Accept_Encoding="gzip")

    def sums(self):
        self.compare(f"{DATA}.csv?group=period&agg=sum(deaths),count()&partial=allow", table.sums_csv)

    def wide(self):
        areas = self.random.sample(range(len(table.AREAS)), 3)
        codes = ",".join(table.AREAS[area] for area in areas)
        self.compare(f"{DATA}.csv?geo_code={codes}&shape=wide", lambda version: table.wide_csv(version, areas))

    def series(self):
        area = self.area()
        status, headers, body = self.ask(f"/v1/datasets/{table.TABLE}/series/M.{table.AREAS[area]}")
        if status != 200:
            raise Wrong(f"series: {status} {body[:200]!r}")
        version, found = version_of(headers), json.loads(body)
        expected = {period: count for _, period, count, _ in table.rows(version, [area])}
        if (found["vintage"], found["data"]) != (version, expected):
            raise Wrong(f"series of version {version}: {body[:300]!r}")

    def pages(self):
        """A walk stays in the version that it began with."""
        target, lines, versions = f"{DATA}.csv?limit=5000", [], set()
        while target:
            status, headers, body = self.ask(target)
            if status == 503:
                return
            if status != 200:
                raise Wrong(f"{target}: {status} {body[:200]!r}")
            versions.add(version_of(headers))
            lines += body.splitlines(keepends=True)[1:]
            following = [re.search(r"<([^>]*)>; *rel=\"next\"", link) for link in headers.get_all("Link", [])]
            target = next((found[1] for found in following if found), None)
        if len(versions) != 1:
            raise Wrong(f"a walk went through the versions {versions}")
        same(b"".join(lines), table.whole_csv(versions.pop()).split(b"\n", 1)[1], "a walk")

    def unchanged(self):
        target = f"{DATA}.csv?geo_code={table.AREAS[0]}&year=2018"
        status, headers, _ = self.ask(target)
        if status != 200:
            return
        tag = headers["ETag"]
        status, again, body = self.ask(target, If_None_Match=tag)
        if status == 304 and (body or again["ETag"] != tag):
            raise Wrong(f"304 with {len(body)} bytes and {again['ETag']}, asked with {tag}")
        if status == 200 and again["ETag"] == tag:
            raise Wrong(f"200 for an ETag that is still good: {tag}")

    def file(self):
        status, headers, _ = self.ask(f"/v1/datasets/{table.TABLE}/files/latest.parquet")
        if status != 302:
            raise Wrong(f"latest.parquet: {status}")
        url = headers["Location"]
        status, headers, body = self.ask(url)
        if status == 410:  # the version went in between
            return
        if status != 200 or hashlib.sha256(body).hexdigest() not in url:
            raise Wrong(f"{url}: {status}, {len(body)} bytes")
        first = self.random.randrange(len(body))
        status, headers, part = self.ask(url, Range=f"bytes={first}-{first + 999}")
        if status != 206:
            raise Wrong(f"{url}: a range is {status}")
        same(part, body[first:first + 1000], f"{url} from {first}")

    def difference(self):
        status, _, body = self.ask(f"/v1/datasets/{table.TABLE}/vintages/latest/diff.json?limit=0")
        if status == 404 and b"no-vintage" in body:
            return
        found = json.loads(body)
        before, after = ({(code, period): (count, mark) for code, period, count, mark in table.rows(found[end])}
                         for end in ("from", "to"))
        expected = (len(after.keys() - before.keys()), sum(before[key] != after[key] for key in before.keys() & after.keys()),
                    len(before.keys() - after.keys()))
        if (found["added"], found["revised"], found["removed"]) != expected:
            raise Wrong(f"diff: {body[:200]!r}, expected {expected}")

    def plain(self):
        for target in ("/healthz", "/readyz", "/metrics", "/v1/datasets", "/openapi.json", "/v1/feed.atom", "/explore"):
            status, _, body = self.ask(target)
            if status != 200:
                raise Wrong(f"{target}: {status} {body[:200]!r}")

    def refused(self):
        for target, expected in ((f"{DATA}?geo_code=E0600001", 400), ("/v1/datasets/none", 404), (f"{DATA}?a=b", 400),
                                 (f"{DATA}?vintage=99999999", 404), (f"{DATA}?{'&'.join(['deaths=1'] * 300)}", 400)):
            status, _, body = self.ask(target)
            if status != expected:
                raise Wrong(f"{target[:80]}: {status} {body[:200]!r}, expected {expected}")


KINDS = [(Reader.seed, 40), (Reader.one_area, 30), (Reader.series, 8), (Reader.wide, 5), (Reader.unchanged, 5), (Reader.pinned, 2),
         (Reader.whole, 3), (Reader.packed, 1), (Reader.sums, 3), (Reader.pages, 1), (Reader.file, 2), (Reader.difference, 1),
         (Reader.plain, 1), (Reader.refused, 2)]


def read_on(run, seed):
    reader = Reader(run, seed)
    kinds, weights = zip(*KINDS)
    while not run.over():
        kind = reader.random.choices(kinds, weights)[0]
        try:
            kind(reader)
            run.count(kind.__name__)
        except Wrong as wrong:
            run.complain(f"{kind.__name__}: {wrong}")
        except (OSError, http.client.HTTPException) as failure:
            run.complain(f"{kind.__name__}: the connection failed: {failure!r}")
            reader.close()
    reader.close()


def answer_of(connection):
    """What comes until the end, read as one answer."""
    reply = http.client.HTTPResponse(connection)
    reply.begin()
    return reply.status, reply.headers, reply.read()


def read_slowly(run, seed):
    """A reader of some 100 kB a second, of an answer that no buffer holds."""
    while not run.over():
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            connection.settimeout(60)
            connection.connect(("127.0.0.1", run.port))
            connection.sendall(f"GET {DATA}.json?shape=bare HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
            reply = http.client.HTTPResponse(connection)
            try:
                reply.begin()
                body = b""
                while part := reply.read(4096):
                    body += part
                    time.sleep(0.04)
                same(body, table.whole_json(version_of(reply.headers)), "a slow reader")
                run.count("slow reader")
            except Wrong as wrong:
                run.complain(str(wrong))
            except (OSError, http.client.HTTPException) as failure:
                run.complain(f"slow reader: {failure!r}")


def stall(run, seed):
    """Readers that read nothing are given up within the time that the server allows, so that they pile up nowhere."""
    held = []
    while not run.over():
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", run.port))
        connection.sendall(f"GET {DATA}.json HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 4)
        held.append(connection)
        if len(held) > 10:
            held.pop(0).close()
        run.count("stalled reader")
        time.sleep(1)
    for connection in held:
        connection.close()


def half_close(run, seed):
    """Clients that have said all they will, in the middle of a head or behind it."""
    chance = random.Random(seed)
    while not run.over():
        area = chance.randrange(len(table.AREAS))
        request = f"GET {DATA}.csv?geo_code={table.AREAS[area]}&year=2019 HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        whole = chance.random() < 0.5
        try:
            with run.connect() as connection:
                connection.sendall(request if whole else request[:chance.randrange(1, len(request) - 1)])
                connection.shutdown(socket.SHUT_WR)
                if whole:
                    status, headers, body = answer_of(connection)
                    if status != 200:
                        raise Wrong(f"half-closed: {status}")
                    same(body, table.area_csv(version_of(headers), area, 2019), "half-closed")
                else:
                    said = b""
                    while part := connection.recv(65536):
                        said += part
                    if said and not said.startswith(b"HTTP/1.1 4"):
                        raise Wrong(f"half a head was answered: {said[:100]!r}")
            run.count("half-closed behind a request" if whole else "half-closed in a head")
        except Wrong as wrong:
            run.complain(str(wrong))
        except (OSError, http.client.HTTPException) as failure:
            run.complain(f"half-closed, {'whole' if whole else 'cut'}: {failure!r}")
        time.sleep(0.02)


def hang_up(run, seed):
    """Clients that reset the connection while their answer is made or sent."""
    chance = random.Random(seed)
    while not run.over():
        with run.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(f"GET {DATA}.json HTTP/1.1\r\nHost: a\r\n\r\n".encode() * chance.randrange(1, 5))
            if chance.random() < 0.5:
                connection.recv(chance.randrange(1, 100_000))
        run.count("reset")
        time.sleep(0.02)


def pipeline(run, seed):
    """Answers come in the order of their requests."""
    chance = random.Random(seed)
    while not run.over():
        asked = [(chance.randrange(len(table.AREAS)), chance.randrange(2016, 2021)) for _ in range(16)]
        targets = [f"/year/{year}/geo_code/{table.AREAS[area]}" if chance.random() < 0.7 else
                   f"{DATA}.csv?geo_code={table.AREAS[area]}&year={year}" for area, year in asked]
        lines = "".join(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n" for target in targets)
        try:
            with run.connect() as connection:
                connection.sendall(lines.encode())
                stream = connection.makefile("rb")
                for (area, year), target in zip(asked, targets):
                    status, headers, body = read_one(stream)
                    if status != 200:
                        raise Wrong(f"{target} in a pipeline: {status}")
                    version = version_of(headers)
                    expected = table.seed if target.startswith("/year") else table.area_csv
                    same(body, expected(version, area, year), f"{target} in a pipeline")
            run.count("pipeline of 16")
        except Wrong as wrong:
            run.complain(str(wrong))
        except (OSError, http.client.HTTPException) as failure:
            run.complain(f"pipeline: {failure!r}")
        time.sleep(0.02)


def read_one(stream):
    status = int(stream.readline().split()[1])
    headers = http.client.parse_headers(stream)
    return status, headers, stream.read(int(headers["Content-Length"]))


def ask_oddly(run, seed):
    """What is malformed or too large is answered or closed as the table of such requests says; what chance made of a sound request
    may be answered in any way but by a fault of the server."""
    chance = random.Random(seed)
    sound = f"GET {DATA}.csv?geo_code={table.AREAS[0]}&year=2018 HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n".encode()
    while not run.over():
        try:
            if chance.random() < 0.7:
                case = chance.choice(ODD)
                found = odd_requests.statuses(run.port, case.request, 30)
                if found != case.ours:
                    raise Wrong(f"odd request {case.name!r}: {found}, expected {case.ours}")
                run.count("odd request")
            else:
                bent = bytearray(sound)
                for _ in range(chance.randrange(1, 6)):
                    bent[chance.randrange(len(bent))] = chance.randrange(256)
                found = odd_requests.statuses(run.port, bytes(bent), 30)
                if set(found.split()) & {"500", "502", "504", "open"}:
                    raise Wrong(f"{bytes(bent)!r}: {found}")
                run.count("bent request")
        except Wrong as wrong:
            run.complain(str(wrong))
        except OSError as failure:
            run.complain(f"odd request: {failure!r}")
        time.sleep(0.01)


def publish_on(run, _):
    while not run.over():
        began = time.monotonic()
        run.moving.publish()
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))


LOADS = [(read_on, 4), (read_slowly, 2), (stall, 1), (half_close, 1), (hang_up, 1), (pipeline, 1), (ask_oddly, 1), (publish_on, 1)]


def state_of(pid):
    """(resident MB, descriptors)"""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def watch(run):
    """(second, resident MB, descriptors) over and over."""
    began, seen = time.monotonic(), []
    while not run.over():
        seen.append((time.monotonic() - began, *state_of(run.pid)))
        time.sleep(0.5)
    return seen


def idle(run, idle_descriptors):
    """The descriptors when nobody asks: those of before come back, but for files that are mapped a while longer."""
    deadline = time.monotonic() + 45
    while state_of(run.pid)[1] > idle_descriptors + 8 and time.monotonic() < deadline:
        time.sleep(0.5)
    return state_of(run.pid)[1]


def judge(run, seen, idle_before, idle_after):
    """Memory after the warm-up, a third of the time, against that at the end; 10 % and 16 MB are for chance and the list of versions."""
    part = max(1, len(seen) // 6)
    warm = statistics.median(memory for _, memory, _ in seen[2 * part:3 * part])
    last = statistics.median(memory for _, memory, _ in seen[-part:])
    if last > warm * 1.1 + 16:
        run.complain(f"memory grew from {warm:.1f} to {last:.1f} MB after the warm-up")
    if idle_after > idle_before + 8:
        run.complain(f"{idle_after} descriptors are open when nobody asks, {idle_before} were before")
    print(f"resident: {seen[0][1]:.1f} MB at first, {warm:.1f} after the warm-up, {last:.1f} at the end, "
          f"{max(memory for _, memory, _ in seen):.1f} at most")
    print(f"descriptors: {idle_before} idle before, {max(count for _, _, count in seen)} at most, {idle_after} idle after")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=3600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as store:
        moving = table.Table(store)
        moving.publish()
        with tidemill.Service(store, "--poll", "0.2") as service:
            service.get(f"{DATA}.csv")
            run = Run(service, moving, options.seconds)
            idle_before = state_of(run.pid)[1]
            threads = [threading.Thread(target=load, args=(run, options.seed * 1000 + i), name=load.__name__)
                       for i, load in enumerate(load for load, count in LOADS for _ in range(count))]
            for thread in threads:
                thread.start()
            seen = watch(run)
            for thread in threads:
                thread.join()
            idle_after = idle(run, idle_before)
            metrics = service.get("/metrics")[2].decode()
            if not re.search(r"^tidemill_reload_failures_total 0$", metrics, re.MULTILINE):
                run.complain("a version could not be loaded: " + str(re.findall(r"^tidemill_reload.*", metrics, re.MULTILINE)))
            if service.stop(signal.SIGTERM) != 0:
                run.complain("the service did not end well")
        print(f"{options.seconds:.0f} s, {len(moving.written)} versions")
        for what, count in sorted(run.counts.items()):
            print(f"{count:9,} {what}")
        judge(run, seen, idle_before, idle_after)
    for text in run.wrong[:20]:
        print("WRONG", text)
    print("wrong: " + str(len(run.wrong)))
    sys.exit(1 if run.wrong else 0)


if __name__ == "__main__":
    main()
