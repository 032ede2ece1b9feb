# SPDX-License-Identifier: Apache-2.0
"""The orchestration server beside the stock ones, Prefect 2.11.5 and 3.8.8, in one run: flow-run creations, state transitions and
polls a second; memory, idle CPU, start, 1,000 minutely deployments. bench/README.md says how to read it."""
import argparse
import contextlib
import os
import pathlib
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program  # noqa: E402
from support.orchestrators import Prefect, Tidemill, load  # noqa: E402

CLIENTS, POLLERS, DEPLOYMENTS, RUNS_OF_AN_HOUR = 16, 50, 1000, 59
MOST_RUNS = 20_000  # that are brought from PENDING to RUNNING and then COMPLETED, in turn
# What wrk posts by the name of a question, for a server with the ids of a flow and a queue.
FAR = (datetime.now(timezone.utc) + timedelta(seconds=10)).isoformat()


def creations(server, ids):
    return [("/flow_runs/", {"flow_id": ids["flow"], "state": {"type": "PENDING", "name": "Pending"}})]


def transitions(server, ids):
    runs = server.run_ids()[:MOST_RUNS]
    return [(f"/flow_runs/{run}/set_state", {"state": {"type": kind, "name": kind.capitalize()}, "force": False})
            for kind in ("RUNNING", "COMPLETED") for run in runs]


def queue_polls(server, ids):
    return [(f"/work_queues/{ids['queue']}/get_runs", {"limit": 10, "scheduled_before": FAR})]


def pool_polls(server, ids):
    return [("/work_pools/bench/get_scheduled_flow_runs", {"limit": 10, "scheduled_before": FAR})]


QUESTIONS = {"flow-run creations": (creations, CLIENTS), "state transitions": (transitions, CLIENTS),
             "polls of a queue": (queue_polls, POLLERS), "polls of a pool": (pool_polls, POLLERS)}


def prepare(server):
    flow = server.must("POST", "/flows/", {"name": "bench"})["id"]
    queue = server.must("POST", "/work_queues/", {"name": "bench"})["id"]
    server.must("POST", "/work_pools/", {"name": "bench", "type": "process"})
    return {"flow": flow, "queue": queue}


def measure(servers, core, rounds, seconds):
    """Least latencies and greatest rates of all rounds, by question and server; all that failed."""
    best = {question: {} for question in QUESTIONS}
    ids = {server.name: prepare(server) for server in servers}
    for number in range(rounds):
        for question, (lines, connections) in QUESTIONS.items():
            for server in servers:
                one = load(server, lines(server, ids[server.name]), core, seconds, connections)
                print(f"  round {number + 1}  {question:18}  {server.name:9}{one['rate']:8,.0f}/s  p50 {one['p50']:8.1f} ms"
                      f"  p99 {one['p99']:8.1f} ms  failed {one['failed']}")
                least = best[question].setdefault(server.name, dict(one))
                least["rate"] = max(least["rate"], one["rate"])
                least["p99"] = min(least["p99"], one["p99"])
                least["failed"] += one["failed"] if number else 0
    return best


def judge(best, peers):
    met = []
    for question, by_name in best.items():
        ours = by_name["tidemill"]
        for peer in peers:
            if by_name[peer]["rate"] == 0:
                print(f"          {question}: {peer} answered none")
                continue
            ratio = ours["rate"] / by_name[peer]["rate"]
            if peer == "2.11.5" or "polls" in question:
                met.append(program.verdict(f"{question} a second, ours to {peer}'s", ratio, 30, at_least=True))
            else:
                print(f"          {question} a second, ours to {peer}'s: {ratio:.0f}")
        if "polls" not in question:
            met.append(program.verdict(f"{question}, p99 in ms", ours["p99"], 50, at_least=False))
        met.append(program.verdict(f"{question}, refused or broken off", ours["failed"], 0, at_least=False))
    return met


def idle(servers, seconds):
    """Per cent of a core, of all at once."""
    before = {server.name: server.cpu() for server in servers}
    begun = time.monotonic()
    time.sleep(seconds)
    spent = time.monotonic() - begun
    return {server.name: 100 * (server.cpu() - before[server.name]) / spent for server in servers}


def starts(work, core, times=5):
    """Seconds to the first answer: the least, with an empty folder."""
    ready = []
    for number in range(times):
        with Tidemill(f"start-{number}", work, core) as server:
            ready.append(server.ready)
    return min(ready)


def minutely(work, core, seconds, patience=60):
    """1,000 deployments that run every minute: seconds until their hour is planned, per cent of a core afterwards."""
    schedule = {"schedule": {"cron": "* * * * *", "timezone": "UTC"}, "active": True}
    wanted = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    with Tidemill("minutely", work, core) as server:
        flow = server.must("POST", "/flows/", {"name": "bench"})["id"]
        begun, made, planned = time.monotonic(), 0, 0
        while planned < DEPLOYMENTS * RUNS_OF_AN_HOUR:
            if made < DEPLOYMENTS:
                server.must("POST", "/deployments/", {"flow_id": flow, "name": f"d{made}", "schedules": [schedule]})
                made += 1
                continue
            planned = server.must("POST", "/flow_runs/count", wanted)
            if time.monotonic() > begun + patience:
                break
            time.sleep(0.1)
        spent = time.monotonic() - begun
        print(f"  {made:,} deployments made, {planned:,} runs planned in {spent:.2f} s")
        return spent, idle([server], seconds)[server.name], server.memory()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=4, help="of load a round, question and server")
    parser.add_argument("--alone", action="store_true", help="without the stock servers")
    options = parser.parse_args()
    program.need("wrk", "taskset")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        program.stop("needs two cores: one for the servers, one for the load")
    met = []
    with tempfile.TemporaryDirectory(prefix="tidemill-bench-") as temporary, contextlib.ExitStack() as stack:
        work = pathlib.Path(temporary)
        met.append(program.verdict("ms from start to the first answer", 1e3 * starts(work, cores[0]), 200, at_least=False))
        planned, busy, memory = minutely(work, cores[0], 60)
        met.append(program.verdict("1,000 minutely deployments, s until their hour is planned", planned, 5, at_least=False))
        met.append(program.verdict("1,000 minutely deployments, % of a core afterwards", busy, 5, at_least=False))
        print(f"          resident with them: {memory:.0f} MB")
        stock = [] if options.alone else [Prefect("2.11.5", work, cores[0], "python-prefect2"),
                                          Prefect("3.8.8", work, cores[0], "python-prefect3")]
        for peer in stock:
            if not peer.there():
                print(f"SKIPPED: no Prefect {peer.name} ({peer.python.parent}): its bars are not judged")
        servers = [stack.enter_context(one) for one in [Tidemill("tidemill", work, cores[0]), *stock]
                   if one.name == "tidemill" or one.there()]
        time.sleep(3)
        used = idle(servers, 25)
        for server in servers:
            print(f"  {server.name:9} ready after {server.ready:6.3f} s, idle {used[server.name]:.3f} % of a core,"
                  f" {server.memory():.0f} MB")
        met.append(program.verdict("% of a core when idle", used["tidemill"], 0.2, at_least=False))
        best = measure(servers, cores[1], options.rounds, options.seconds)
        met += judge(best, [server.name for server in servers[1:]])
        for server in servers:
            print(f"  {server.name:9} {server.memory():.0f} MB after the load")
        met.append(program.verdict("resident MB after the load", servers[0].memory(), 50, at_least=False))
    sys.exit(0 if all(met) else 1)


main()
