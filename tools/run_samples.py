# SPDX-License-Identifier: Apache-2.0
"""The main job over the samples: serves the publisher's page on loopback, runs the recipe, lets the publisher add months, runs it
again, then serves the data API until Ctrl-C. Standard library only; `./dev run` calls it."""
import argparse
import json
import pathlib
import signal
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECIPE = "recipes/ons/deaths-monthly.toml"


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def start_publisher() -> tuple[subprocess.Popen, str]:
    publisher = subprocess.Popen(
        [sys.executable, ROOT / "tests/support/publisher.py", ROOT / "samples/site", "--state", "state-1", "--control"],
        stdout=subprocess.PIPE, text=True)
    page = publisher.stdout.readline().strip()
    if not page.startswith("http://"):
        sys.exit("the sample publisher did not start")
    return publisher, page


def switch(page: str, state: str) -> None:
    address = "/".join(page.split("/")[:3]) + "/_control"
    request = urllib.request.Request(address, data=json.dumps({"state": state}).encode(), method="POST")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()


def run(program: pathlib.Path, page: str, store: str) -> None:
    command = [program, "run", RECIPE, "--page", page, "--pause", "0", "--store", store]
    code = subprocess.run(command, cwd=ROOT).returncode
    if code != 0:
        sys.exit(code)


def serve(program: pathlib.Path, store: str, port: int) -> int:
    server = subprocess.Popen([program, "serve", store, "--host", "127.0.0.1", "--port", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    say(f"open {address}/docs                                    the API, to try")
    say(f"     {address}/v1/datasets                             what is served")
    say(f"     {address}/year/2019/geo_code/E08000007            deaths in Stockport in 2019 (invented counts)")
    say("Ctrl-C ends it")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server gets it too, and ends as it should
    return server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--once", action="store_true", help="stop after the runs")
    options = parser.parse_args()
    program = options.program.resolve()
    publisher, page = start_publisher()
    try:
        say(f"the sample publisher's page: {page}")
        run(program, page, options.store)
        say("the publisher adds months to its newest edition; the same command again")
        switch(page, "state-2")
        run(program, page, options.store)
    finally:
        publisher.terminate()
        publisher.wait()
    if options.once:
        say(f"the dataset is in {options.store}; to serve it: build/release/bin/tidemill serve {options.store}")
        return
    sys.exit(serve(program, options.store, options.port))


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
