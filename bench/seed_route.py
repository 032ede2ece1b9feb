# SPDX-License-Identifier: Apache-2.0
"""The old route /year/{year}/geo_code/{geo_code}: `tidemill serve` beside the old kind of service (FastAPI over pandas), ROAPI, a Go
program with the answers in a map, and nginx with one such answer as a file. Each server alone on one core, wrk on another, rounds
interleaved. bench/README.md says how to read it."""
import argparse
import contextlib
import http.client
import json
import math
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program, serving  # noqa: E402

import pandas as pd  # noqa: E402

ODD = ["/year/2019/geo_code/zzz", "/year/1999/geo_code/E08000007", "/year/abc/geo_code/E08000007", "/year/2019/geo_code/",
       "/year/2019/geo_code/E08000007/", "/year/2019.0/geo_code/E08000007"]
NOISE = 1.05  # what two measurements of one program differ by on a quiet machine
GO_MAP = program.PEERS / "go_map"


def ask(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("content-type"), answer.read()


def check_answers(ports, paths):
    """Every pair and some odd paths: status, type and body must be equal."""
    links = [http.client.HTTPConnection("127.0.0.1", ports[name], timeout=30) for name in ("fastapi", "tidemill")]
    for path in paths + ODD:
        theirs, ours = (ask(link, path) for link in links)
        if theirs != ours:
            program.stop(f"different answers for {path}:\n  fastapi  {theirs}\n  tidemill {ours}")
    for link in links:
        link.close()
    print(f"answers agree: {len(paths):,} pairs and {len(ODD)} odd paths, status and body")


def check_roapi(port, asked, ours):
    """ROAPI gives rows and not a map of days; they must be as many."""
    status, body = serving.ask(port, asked)
    if status != 200 or len(json.loads(body)) != len(json.loads(ours)["data"]):
        program.stop(f"roapi answers {asked} with {status}: {body[:200]}")


def build_go_map(work):
    """The Go peer; none where there is no Go."""
    go = program.find("go", "/usr/local/go/bin")
    if go is None:
        print("no Go at hand: without the map behind net/http, whose bar counts as missed")
        return None
    environment = {**os.environ, "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"}
    subprocess.run([go, "build", "-o", work / "go_map", "."], cwd=GO_MAP, env=environment, check=True)
    return work / "go_map"


def start_servers(stack, work, store, core):
    ports = {name: program.free_port() for name in ("fastapi", "tidemill", "roapi")}
    uvicorn = [sys.executable, "-m", "uvicorn", "fastapi_service:app", "--port", ports["fastapi"], "--no-access-log",
               "--log-level", "warning", "--loop", "uvloop", "--http", "httptools"]
    table = store / "deaths_data.parquet"
    environment = {**os.environ, "DEATHS_PARQUET": str(table)}
    start = lambda *args, **options: stack.enter_context(program.server(*args, core, **options))  # noqa: E731
    servers = {
        "fastapi": start(uvicorn, ports["fastapi"], cwd=program.PEERS, env=environment),
        "tidemill": start([program.tidemill(), "serve", store, "--port", ports["tidemill"]], ports["tidemill"],
                          stderr=subprocess.DEVNULL),
        "roapi": start(serving.roapi(ports["roapi"], table), ports["roapi"], stderr=subprocess.DEVNULL),
    }
    serving.wait_ready(ports["roapi"])
    return ports, servers


def start_static(stack, work, paths, core, ports, servers):
    """Those that need the answers first: nginx with a full year of one area as its file, and the Go map."""
    link = http.client.HTTPConnection("127.0.0.1", ports["tidemill"], timeout=30)
    bodies = {path: ask(link, path)[2].decode() for path in paths}
    link.close()
    check_roapi(ports["roapi"], (work / "roapi").read_text().splitlines()[-1], bodies[paths[-1]])
    ports["nginx"], servers["nginx"] = serving.start_nginx(
        stack, work, core, {"body.json": bodies["/year/2018/geo_code/E08000007"].encode()})
    go_map = build_go_map(work)
    if go_map is None:
        return
    (work / "answers").write_text("".join(f"{path}\t{body}\n" for path, body in bodies.items()))
    ports["go"] = program.free_port()
    environment = {**os.environ, "GOMAXPROCS": "1"}
    servers["go"] = stack.enter_context(
        program.server([go_map, f"127.0.0.1:{ports['go']}", work / "answers"], ports["go"], core, env=environment))


def write_paths(work, store):
    table = pd.read_parquet(store / "deaths_data.parquet", columns=["year", "geo_code"]).drop_duplicates()
    paths = [f"/year/{row.year}/geo_code/{row.geo_code}" for row in table.itertuples()]
    asked = {"paths": paths, "one": ["/body.json"],
             "roapi": [f"/api/tables/deaths?filter[geo_code]='{row.geo_code}'&filter[year]={row.year}" for row in table.itertuples()]}
    for name, lines in asked.items():
        (work / name).write_text("\n".join(lines) + "\n")
    files = dict.fromkeys(("fastapi", "tidemill", "go"), work / "paths")
    return paths, {**files, "roapi": work / "roapi", "nginx": work / "one"}


def report(top, paced, delay_ms):
    print("\nbest of the rounds       req/s   p50 µs   p99 µs  CPU µs a request")
    for title, results in (("as fast as it goes", top), (f"paced, each connection every {delay_ms} ms", paced)):
        print(f" {title}")
        for name, one in results.items():
            print(f"  {name:16} {one['rate']:12,.0f} {one['p50']:8,} {one['p99']:8,} {one['cpu']:12.1f}")
    met = [
        program.verdict("req/s, ours to FastAPI's", top["tidemill"]["rate"] / top["fastapi"]["rate"], 100, at_least=True),
        program.verdict("req/s, ours to ROAPI's", top["tidemill"]["rate"] / top["roapi"]["rate"], 50, at_least=True),
        program.verdict("req/s, ours to a Go map's", top["tidemill"]["rate"] / top["go"]["rate"] if "go" in top else 0, 1,
                        at_least=True),
        program.verdict("CPU µs a request", top["tidemill"]["cpu"], 15, at_least=False),
        program.verdict("p99 at the same pace, ours to nginx's", paced["tidemill"]["p99"] / paced["nginx"]["p99"], NOISE,
                        at_least=False),
    ]
    print(f"          CPU a request, FastAPI's to ours: {top['fastapi']['cpu'] / top['tidemill']['cpu']:.0f};"
          f" ROAPI's to ours: {top['roapi']['cpu'] / top['tidemill']['cpu']:.0f};"
          f" ours to nginx's: {top['tidemill']['cpu'] / top['nginx']['cpu']:.2f}")
    print(f"          req/s, ours to nginx's: {top['tidemill']['rate'] / top['nginx']['rate']:.2f};"
          f" p99 at full load, ours to nginx's: {top['tidemill']['p99'] / top['nginx']['p99']:.2f}")
    busiest = max(one["foreign"] for results in (top, paced) for one in results.values())
    if busiest > 0.1:
        print(f"  NOTE    other processes took {busiest:.0%} of a core even in the quietest rounds: measure again on a quiet machine")
    return all(met)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of load a round and server")
    options = parser.parse_args()
    program.tidemill()
    program.need("wrk", "nginx", "taskset")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        program.stop("needs two cores: one for the server, one for the load")
    with program.work_folder() as temporary, contextlib.ExitStack() as stack:
        work = pathlib.Path(temporary)
        store = serving.make_store(work)
        paths, files = write_paths(work, store)
        ports, servers = start_servers(stack, work, store, cores[0])
        check_answers(ports, paths)
        start_static(stack, work, paths, cores[0], ports, servers)
        everything = list(servers)
        top = serving.rounds_of(servers, ports, files, cores[1], options.rounds, options.seconds, everything, {})
        # Half of the lower top rate, the same for both: so many connections, each asking every `delay_ms` on average.
        delay_ms = 2
        rate = min(top["tidemill"]["rate"], top["nginx"]["rate"]) / 2
        connections = max(32, math.ceil(rate * delay_ms / 1000))
        print(f"paced: {connections} connections")
        paced = serving.rounds_of(servers, ports, files, cores[1], options.rounds, options.seconds, ["tidemill", "nginx"],
                          {"connections": connections, "delay_ms": delay_ms})
        met = report(top, paced, delay_ms)
    sys.exit(0 if met else 1)


main()
