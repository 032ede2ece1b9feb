# SPDX-License-Identifier: Apache-2.0
"""Queries of the data API beside ROAPI, beside polars and DuckDB behind FastAPI, and beside nginx with such an answer as a file: a
series, a page, a whole table of the deaths dataset; sums over ten million rows. Each server alone on one core, rounds interleaved.
bench/README.md says how to read it."""
import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program, serving  # noqa: E402

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

AREAS, AGES, SEXES, MONTHS = 400, 20, 2, 625


def make_ten_million(path):
    """400 areas, 20 ages, 2 sexes, 625 months, in that order; the counts are invented, always the same."""
    at, step = np.arange(AREAS * AGES * SEXES * MONTHS), {}
    columns = {
        "geo_code": ([f"E{6000000 + i:08d}" for i in range(AREAS)], AGES * SEXES * MONTHS),
        "age": ([f"{5 * i:02d}-{5 * i + 4:02d}" for i in range(AGES)], SEXES * MONTHS),
        "sex": (["F", "M"], MONTHS),
        "period": ([f"{1970 + m // 12}-{m % 12 + 1:02d}" for m in range(MONTHS)], 1),
    }
    for name, (words, stride) in columns.items():
        step[name] = pa.DictionaryArray.from_arrays(pa.array((at // stride % len(words)).astype(np.int32)), pa.array(words))
    step["deaths"] = pa.array(np.random.default_rng(7).integers(0, 500, len(at)))
    pq.write_table(pa.table(step), path, compression="zstd")


def uvicorn(port, table, engine):
    command = [sys.executable, "-m", "uvicorn", "tables_service:app", "--port", port, "--no-access-log", "--log-level", "warning",
               "--loop", "uvloop", "--http", "httptools"]
    return command, {"cwd": program.PEERS, "env": {**os.environ, "TABLE": str(table), "ENGINE": engine}}


def roapi(port, table, *options):
    return serving.roapi(port, table, *options), {"stderr": subprocess.DEVNULL}


def tidemill(port, path):
    return [program.tidemill(), "serve", path, "--port", port], {"stderr": subprocess.DEVNULL}


def start(stack, core, **commands):
    """Starts what each function of a port gives. Ports and processes by name."""
    ports, servers = {}, {}
    for name, command_of in commands.items():
        ports[name] = program.free_port()
        command, options = command_of(ports[name])
        servers[name] = stack.enter_context(program.server(command, ports[name], core, **options))
        serving.wait_ready(ports[name])
    return ports, servers


def questions(codes):
    """What is asked of whom: paths by question and server, the bars, and the client that asks."""
    least = range(1, 41)
    ours = "/v1/datasets/deaths_monthly"
    return {
        "one series": (40, 15, serving.load, {
            "tidemill": [f"{ours}/series/M.{code}" for code in codes],
            "roapi": [f"/api/tables/deaths?filter[geo_code]='{code}'" for code in codes],
            "polars": [f"/series/{code}" for code in codes]}),
        "1,000 filtered rows": (20, 10, serving.load, {
            "tidemill": [f"{ours}/data?deaths__gte={n}&limit=1000" for n in least],
            "roapi": [f"/api/tables/deaths?filter[deaths]gte={n}&limit=1000" for n in least],
            "polars": [f"/page/{n}" for n in least]}),
        "whole table as CSV": (50, 10, serving.drain, {
            "tidemill": [f"{ours}/data.csv"],
            "roapi-csv": ["/api/tables/deaths"],
            "polars": ["/all.csv"]}),
    }


def bench_deaths(work, cores, options):
    store = serving.make_store(work)
    table = store / "deaths_data.parquet"
    met = []
    with contextlib.ExitStack() as stack:
        ports, servers = start(stack, cores[0], tidemill=lambda port: tidemill(port, store), roapi=lambda port: roapi(port, table),
                               polars=lambda port: uvicorn(port, table, "polars"),
                               **{"roapi-csv": lambda port: roapi(port, table, "-f", "Csv")})
        pid = servers["tidemill"].pid
        met.append(program.verdict("deaths dataset, resident MB", resident(pid), 40, False))
        codes = [code for code in pq.read_table(table, columns=["geo_code"])["geo_code"].unique().to_pylist() if "," not in code]
        asked = questions(codes)
        bodies = {question: body_of(ports["tidemill"], paths["tidemill"][-1]) for question, (*_, paths) in asked.items()}
        ports["nginx"], servers["nginx"] = serving.start_nginx(
            stack, work, cores[0], {f"{number}": body for number, body in enumerate(bodies.values())})
        for number, (question, (of_roapi, of_polars, client, paths)) in enumerate(asked.items()):
            paths["nginx"] = [f"/{number}"]
            files = {}
            for name, lines in paths.items():
                body_of(ports[name], lines[-1])
                files[name] = work / f"{name}.paths"
                files[name].write_text("\n".join(lines) + "\n")
            print(f"{question} ({len(bodies[question]):,} bytes)")
            best = serving.rounds_of(servers, ports, files, cores[1], options.rounds, options.seconds, list(paths), {"client": client})
            rate = {name.removesuffix("-csv"): one["rate"] for name, one in best.items()}
            met.append(program.verdict(f"{question}, req/s, ours to ROAPI's", rate["tidemill"] / rate["roapi"], of_roapi, True))
            met.append(program.verdict(f"{question}, req/s, ours to polars'", rate["tidemill"] / rate["polars"], of_polars, True))
            print(f"          ours to nginx's: {rate['tidemill'] / rate['nginx']:.2f}; nginx's to ROAPI's: "
                  f"{rate['nginx'] / rate['roapi']:.1f}; {best['tidemill']['cpu']:.1f} µs CPU a request")
            print(f"          the client takes {best['tidemill']['client']:.1f} µs CPU a request of ours: it asks at most "
                  f"{1e6 / best['tidemill']['client'] / rate['roapi']:.0f} times ROAPI's")
            if client != serving.load:
                by_wrk = {name: serving.sample(servers[name], ports[name], files[name], cores[1], options.seconds)["rate"] for name in paths}
                print(f"          by wrk, which copies the bodies out: {by_wrk['tidemill'] / by_wrk['roapi-csv']:.1f} times ROAPI's, "
                      f"{by_wrk['tidemill'] / by_wrk['polars']:.1f} times polars', {by_wrk['tidemill'] / by_wrk['nginx']:.2f} of nginx's")
        met.append(program.verdict("deaths dataset, resident MB, all these answers kept", resident(pid), 40, False))
    return met


def body_of(port, path):
    status, body = serving.ask(port, path)
    if status != 200 or not body:
        program.stop(f"port {port} answers {path} with {status}: {body[:200]}")
    return body


def resident(pid, field="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


def figures(body):
    """The sums in an answer, whoever gave it."""
    answer = json.loads(body)
    rows = answer["data"] if isinstance(answer, dict) else answer
    return [row.get("sum_deaths", row.get("deaths")) for row in rows]


def bench_ten_million(work, cores, options):
    table = work / "big.parquet"
    make_ten_million(table)
    data = "/v1/datasets/big/data"
    asked = {
        "sum by period where sex = F": {"tidemill": lambda i: f"{data}?group=period&agg=sum(deaths)&sex=F&limit={1000 + i}",
                                        "polars": lambda i: "/by_period/F", "duckdb": lambda i: "/by_period/F"},
        "sum by age where deaths > n": {"tidemill": lambda i: f"{data}?group=age&agg=sum(deaths)&deaths__gt={200 + i}",
                                        "polars": lambda i: f"/by_age/{200 + i}", "duckdb": lambda i: f"/by_age/{200 + i}"},
    }
    met = []
    with contextlib.ExitStack() as stack:
        ports, servers = start(stack, cores[0], tidemill=lambda port: tidemill(port, table))
        pid = servers["tidemill"].pid
        loading = program.cpu_of(pid)
        met.append(program.verdict("ten million rows, CPU seconds to load", loading, 1.5, False))
        met.append(program.verdict("ten million rows, resident MB", resident(pid), 250, False))
        print(f"          at most, while loading: {resident(pid, 'VmHWM'):.0f} MB")
        others = start(stack, cores[0], polars=lambda port: uvicorn(port, table, "polars"),
                       duckdb=lambda port: uvicorn(port, table, "duckdb"))
        ports.update(others[0])
        servers.update(others[1])
        for question, paths in asked.items():
            spent = {name: [] for name in paths}
            for i in range(5 * options.rounds):
                answers = {}
                for name, path in paths.items():
                    begun = program.cpu_of(servers[name].pid)
                    wall = time.monotonic()
                    answers[name] = figures(serving.ask(ports[name], path(i))[1])
                    spent[name].append((program.cpu_of(servers[name].pid) - begun, time.monotonic() - wall))
                if answers["tidemill"] != answers["polars"] or answers["tidemill"] != answers["duckdb"]:
                    program.stop(f"different answers for {question}")
            cpu = {name: sum(one[0] for one in of) / len(of) for name, of in spent.items()}
            for name, of in spent.items():
                print(f"  {name:9} {cpu[name] * 1e3:8.1f} ms CPU a request, least time {min(one[1] for one in of) * 1e3:8.1f} ms")
            bars = (3, 10) if "period" in question else (1, 1)
            met.append(program.verdict(f"{question}, CPU, polars' to ours", cpu["polars"] / cpu["tidemill"], bars[0], True))
            met.append(program.verdict(f"{question}, CPU, DuckDB's to ours", cpu["duckdb"] / cpu["tidemill"], bars[1], True))
    return met


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of load a round and server")
    parser.add_argument("--only", choices=["deaths", "ten-million"])
    options = parser.parse_args()
    program.tidemill()
    program.need("wrk", "taskset")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        program.stop("needs two cores: one for the server, one for the load")
    met = []
    with program.work_folder() as temporary:
        work = pathlib.Path(temporary)
        if options.only != "ten-million":
            met += bench_deaths(work, cores, options)
        if options.only != "deaths":
            met += bench_ten_million(work, cores, options)
    sys.exit(0 if all(met) else 1)


main()
