# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of servers share: a store to serve, and load on them in interleaved rounds."""
import contextlib
import http.client
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

from support import program  # also makes tests/support importable
from publisher import Publisher

NGINX = """daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.err;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type application/json; sendfile on; tcp_nodelay on; keepalive_requests 1000000000;
  open_file_cache max=10; client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f;
  uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;
  server {{ listen 127.0.0.1:{port} backlog=1024; root {work}/www; }}
}}
"""


def start_nginx(stack, work, core, files):
    """nginx with the files of these names and bytes. Its port and process."""
    work.chmod(0o755)  # its worker is another user
    (work / "www").mkdir()
    for name, body in files.items():
        (work / "www" / name).write_bytes(body)
    port = program.free_port()
    (work / "nginx.conf").write_text(NGINX.format(work=work, port=port))
    command = [program.find("nginx", "/usr/sbin"), "-c", work / "nginx.conf", "-e", work / "nginx.err"]
    return port, stack.enter_context(program.server(command, port, core))


def roapi(port, table, *options):
    """How to start ROAPI over a Parquet file; it opens two more ports unasked."""
    return [pathlib.Path(sys.executable).parent / "roapi", "-a", f"127.0.0.1:{port}", "-p", f"127.0.0.1:{program.free_port()}",
            "--addr-flight-sql", f"127.0.0.1:{program.free_port()}", "-t", f"deaths={table}", *options]


def wait_ready(port, seconds=60):
    """Some accept before they answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if ask(port, "/readyz")[0] < 500:
                return
        time.sleep(0.05)
    program.stop(f"no answer on port {port}")


def ask(port, path):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path)
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer.status, body


def make_store(work):
    """A store with the real editions, or with the samples where those are not at hand."""
    site, state = program.real_editions(work / "site"), "state"
    if site is None:
        site, state = program.ROOT / "samples/site", "state-2"
        print("the real editions are not at hand (TIDEMILL_SHARED_DATA): over the samples")
    with Publisher(site, state) as publisher:
        program.cost(program.run_command(publisher.page, work / "store"))
    return work / "store"


def load(port, paths_file, core, seconds, connections=32, delay_ms=0):
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s",
               program.PEERS / "paths.lua", f"http://127.0.0.1:{port}", "--", paths_file, str(delay_ms)]
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    lines = [line for line in said.stdout.splitlines() if line.startswith("RESULT ")]
    if said.returncode != 0 or not lines:
        program.stop(f"wrk ended with {said.returncode}:\n{said.stdout}{said.stderr}")
    return json.loads(lines[0].removeprefix("RESULT "))


def drain(port, paths_file, core, seconds, connections=32):
    """Load by a client that drops bodies in the kernel: wrk spends more on a large one than the server does."""
    command = ["taskset", "-c", str(core), program.build_cc(program.ROOT / "bench/support/drain.cc"), port, connections, seconds, paths_file]
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if said.returncode != 0:
        program.stop(f"the load ended with {said.returncode}:\n{said.stdout}{said.stderr}")
    return json.loads(said.stdout.removeprefix("RESULT "))


def busy_seconds():
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return (sum(map(int, fields)) - int(fields[3]) - int(fields[4])) / os.sysconf("SC_CLK_TCK")


def switches_of(pid):
    """How often other programs took the core from a process and those below it."""
    total = 0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            status = (task / "status").read_text()
            total += int(status.rpartition("nonvoluntary_ctxt_switches:")[2])
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        total += sum(switches_of(child) for child in children)
    return total


def sample(server, port, paths_file, core, seconds, client=load, **options):
    """One round: rate, latencies in µs, the server's and the client's CPU a request, and what other processes took of the machine."""
    before, busy_before, own_before = program.cpu_of(server.pid), busy_seconds(), os.times()
    switches, client_switches = switches_of(server.pid), resource.getrusage(resource.RUSAGE_CHILDREN).ru_nivcsw
    result = client(port, paths_file, core, seconds, **options)
    own = os.times()
    switches = switches_of(server.pid) - switches + resource.getrusage(resource.RUSAGE_CHILDREN).ru_nivcsw - client_switches
    cpu = program.cpu_of(server.pid) - before
    asking = own.children_user + own.children_system - own_before.children_user - own_before.children_system
    if result["errors"]:
        program.stop(f"{result['errors']} errors under load on port {port}")
    if not result["requests"]:
        program.stop(f"no answer in {seconds} s of load on port {port}: measure on a machine that is less busy")
    foreign = max(0.0, busy_seconds() - busy_before - cpu - asking) / result["seconds"]
    return {"rate": result["requests"] / result["seconds"], "p50": result["p50"], "p99": result["p99"],
            "cpu": cpu * 1e6 / max(1, result["requests"]), "client": asking * 1e6 / result["requests"], "foreign": foreign,
            "switches": switches / result["seconds"]}


def best_of(samples):
    return {"rate": max(s["rate"] for s in samples), "p50": min(s["p50"] for s in samples),
            "p99": min(s["p99"] for s in samples), "cpu": min(s["cpu"] for s in samples),
            "client": min(s["client"] for s in samples),
            "foreign": min(s["foreign"] for s in samples), "switches": min(s["switches"] for s in samples)}


def rounds_of(servers, ports, files, core, rounds, seconds, names, settings):
    samples = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            one = sample(servers[name], ports[name], files[name], core, seconds, **settings)
            samples[name].append(one)
            print(f"  round {number + 1}  {name:9}{one['rate']:10,.0f} req/s  p50 {one['p50']:7,} µs  p99 {one['p99']:7,} µs"
                  f"  {one['cpu']:8.1f} µs CPU a request  foreign CPU {one['foreign']:.0%}, {one['switches']:.0f} switches/s")
    return {name: best_of(samples[name]) for name in names}
