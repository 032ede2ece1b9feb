# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of servers share: a store to serve, and load on them in interleaved rounds."""
import json
import os
import pathlib
import subprocess

from support import program  # also makes tests/support importable
from publisher import Publisher


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


def busy_seconds():
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return (sum(map(int, fields)) - int(fields[3]) - int(fields[4])) / os.sysconf("SC_CLK_TCK")


def sample(server, port, paths_file, core, seconds, **options):
    """One round: rate, latencies in µs, the server's CPU a request, and what other processes took of the machine."""
    before, busy_before, own_before = program.cpu_of(server.pid), busy_seconds(), os.times()
    result = load(port, paths_file, core, seconds, **options)
    own = os.times()
    cpu = program.cpu_of(server.pid) - before
    wrk = own.children_user + own.children_system - own_before.children_user - own_before.children_system
    if result["errors"]:
        program.stop(f"{result['errors']} errors under load on port {port}")
    foreign = max(0.0, busy_seconds() - busy_before - cpu - wrk) / result["seconds"]
    return {"rate": result["requests"] / result["seconds"], "p50": result["p50"], "p99": result["p99"],
            "cpu": cpu * 1e6 / max(1, result["requests"]), "foreign": foreign}


def best_of(samples):
    return {"rate": max(s["rate"] for s in samples), "p50": min(s["p50"] for s in samples),
            "p99": min(s["p99"] for s in samples), "cpu": min(s["cpu"] for s in samples),
            "foreign": min(s["foreign"] for s in samples)}


def rounds_of(servers, ports, files, core, rounds, seconds, names, settings):
    samples = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            one = sample(servers[name], ports[name], files[name], core, seconds, **settings)
            samples[name].append(one)
            print(f"  round {number + 1}  {name:9}{one['rate']:10,.0f} req/s  p50 {one['p50']:7,} µs  p99 {one['p99']:7,} µs"
                  f"  {one['cpu']:8.1f} µs CPU a request  foreign CPU {one['foreign']:.0%}")
    return {name: best_of(samples[name]) for name in names}
