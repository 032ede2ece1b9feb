# SPDX-License-Identifier: Apache-2.0
"""The orchestration server beside the stock ones, Prefect 2.11.5 and 3.8.8, in one run: flow-run creations, state transitions and
polls a second; memory, idle CPU, start, 1,000 minutely deployments; pages over 300,000 runs. bench/README.md says how to read it."""
import argparse
import contextlib
import os
import pathlib
import sys
import time
from datetime import datetime, timedelta, timezone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program  # noqa: E402
from support.orchestrators import Prefect, Tidemill, fill, load  # noqa: E402

CLIENTS, POLLERS, DEPLOYMENTS, RUNS_OF_AN_HOUR, RUNS_OF_PAGES = 16, 50, 1000, 59, 300_000
MOST_RUNS = 20_000  # that are brought from PENDING to RUNNING and then COMPLETED, in turn
OURS, BAR_OF = "tidemill", "2.11.5"  # whom the ratios are judged by
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


class Summary:
    """What was found, a line each: ours, the peers', the ratio to 2.11.5's (of polls: to the better one's), the bar."""

    def __init__(self):
        self.lines, self.missed = [], False

    def add(self, what, values, bar=None, at_least=False, ratio=False, all_peers=False):
        """`values` by server's name; the bar is on ours, or with `ratio` on how many times the peer's it is."""
        peers = [value for name, value in values.items() if name != OURS and value and (all_peers or name == BAR_OF)]
        ours, peer = values.get(OURS), max(peers, default=None)
        times = None if not peer or not ours else (ours / peer if at_least else peer / ours)
        judged = times if ratio else ours
        met = None if bar is None or judged is None else judged >= bar if at_least else judged <= bar
        self.missed = self.missed or met is False
        self.lines.append((what, values, times, bar, at_least, ratio, met))

    def show(self, names):
        number = lambda value: "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: E731
        print(f"\n{'':8}{'':58}" + "".join(f"{name:>12}" for name in names) + f"{'ratio':>9}  bar")
        for what, values, times, bar, at_least, ratio, met in self.lines:
            verdict = {None: "", True: "met", False: "MISSED"}[met]
            wanted = "" if bar is None else f"at {'least' if at_least else 'most'} {bar:g}{' times' if ratio else ''}"
            print(f"{verdict:8}{what:58}" + "".join(f"{number(values.get(name)):>12}" for name in names)
                  + f"{number(times):>9}  {wanted}")


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
                      f"  p99 {one['p99']:8.1f} ms  failed {one['failed']}{one['note']}", flush=True)
                least = best[question].setdefault(server.name, dict(one))
                least["rate"] = max(least["rate"], one["rate"])
                least["p99"] = min(least["p99"], one["p99"])
                least["failed"] += one["failed"] if number else 0
    return best


def judge(best, summary):
    for question, by_name in best.items():
        def of(key, by_name=by_name):
            return {name: one[key] for name, one in by_name.items()}
        summary.add(f"{question} a second", of("rate"), 30, at_least=True, ratio=True, all_peers="polls" in question)
        summary.add(f"{question}, p99 in ms", of("p99"), None if "polls" in question else 50)
        summary.add(f"{question}, refused or broken off", of("failed"), 0)


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


def minutely(server, seconds, patience):
    """1,000 deployments that run every minute: seconds until their hour is planned (None: not within `patience`), per cent of a core
    afterwards, MB."""
    cron = {"cron": "* * * * *", "timezone": "UTC"}
    wanted = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    with server:
        flow = server.must("POST", "/flows/", {"name": "bench"})["id"]
        begun, planned = time.monotonic(), 0
        for number in range(DEPLOYMENTS):
            server.must("POST", "/deployments/", {"flow_id": flow, "name": f"d{number}"} | server.scheduled(cron))
        while (spent := time.monotonic() - begun) < patience and planned < DEPLOYMENTS * RUNS_OF_AN_HOUR:
            time.sleep(max(0.05, spent / 50))  # counting keeps a server from planning
            planned = server.must("POST", "/flow_runs/count", wanted)
        print(f"  {server.name}: {DEPLOYMENTS:,} deployments, {planned:,} runs planned in {spent:.2f} s", flush=True)
        enough = planned >= DEPLOYMENTS * RUNS_OF_AN_HOUR
        return spent if enough else None, idle([server], seconds)[server.name], server.memory()


def pages(work, core, summary):
    """The pages over many runs, the least of some times each; the stock servers have no such routes."""
    with Tidemill("pages", work, core) as server:
        ids = prepare(server)
        server.must("POST", "/flow_runs/", {"flow_id": ids["flow"], "state": {"type": "COMPLETED"}, "tags": ["etl", "nightly"]})
    fill(server, RUNS_OF_PAGES)
    with server:
        summary.add(f"with {RUNS_OF_PAGES:,} runs, ms from start to first answer", {OURS: 1e3 * server.ready}, 200)
        for what, path in {"dashboard over 30 days": "dashboard?hours=720", "list of runs": "runs", "a tag that all have": "runs?tag=etl",
                           "a tag that none has": "runs?tag=none", "words that none has": "runs?q=nobody",
                           "words that none of a flow has": "runs?q=nobody&flow=bench"}.items():
            took = []
            for _ in range(5):
                begun = time.monotonic()
                server.must("GET", f"/pages/{path}")
                took.append(1e3 * (time.monotonic() - begun))
            summary.add(f"with {RUNS_OF_PAGES:,} runs, ms: {what}", {OURS: min(took)}, 300)


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
    print(f"load average before: {os.getloadavg()[0]:.2f}", flush=True)
    summary = Summary()
    with program.work_folder() as temporary, contextlib.ExitStack() as stack:
        work = pathlib.Path(temporary)
        stock = [] if options.alone else [Prefect("2.11.5", work, cores[0], "python-prefect2"),
                                          Prefect("3.8.8", work, cores[0], "python-prefect3")]
        for peer in stock:
            if not peer.there():
                print(f"SKIPPED: no Prefect {peer.name} ({peer.python.parent}): nothing is compared with it")
        there = [peer for peer in stock if peer.there()]
        ready = {OURS: starts(work, cores[0])}
        made = {OURS: minutely(Tidemill("minutely", work, cores[0]), 60, 60)}
        for peer in there:
            if peer.name == BAR_OF:
                made[peer.name] = minutely(Prefect("minutely-" + peer.name, work, cores[0], "python-prefect2"), 20, 150)
        pages(work, cores[0], paged := Summary())
        servers = [stack.enter_context(one) for one in [Tidemill(OURS, work, cores[0]), *there]]
        ready |= {server.name: server.ready for server in servers[1:]}
        summary.add("ms from start to the first answer", {name: 1e3 * one for name, one in ready.items()}, 200)
        time.sleep(3)
        summary.add("% of a core when idle", idle(servers, 25), 0.2)
        summary.add("resident MB when idle", {server.name: server.memory() for server in servers}, 50)
        for number, (what, bar) in enumerate([("s until their hour is planned", 5), ("% of a core afterwards", 5),
                                              ("resident MB", None)]):
            summary.add(f"1,000 minutely deployments, {what}", {name: one[number] for name, one in made.items()}, bar)
        judge(measure(servers, cores[1], options.rounds, options.seconds), summary)
        summary.add("resident MB after the load", {server.name: server.memory() for server in servers}, 50)
        summary.lines += paged.lines
        summary.show([server.name for server in servers])
    print(f"load average after: {os.getloadavg()[0]:.2f} (this benchmark loads two cores itself)")
    sys.exit(1 if summary.missed or paged.missed else 0)


main()
