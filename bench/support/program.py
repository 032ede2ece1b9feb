# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: the program under test, the sites it reads, child processes and what they cost."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = ROOT / "bench/peers"
FOLDER = ROOT / "build/bench"  # what is made once
RECIPE = ROOT / "recipes/ons/deaths-monthly.toml"
PAGE = ("/peoplepopulationandcommunity/birthsdeathsandmarriages/deaths/datasets/"
        "monthlyfiguresondeathsregisteredbyareaofusualresidence")
EDITIONS = {"2015": "2015-final", "2017": "2017-final", "2018": "2018-final", "2019": "2019-december-provisional"}
sys.path.insert(0, str(ROOT / "tests/support"))


def stop(text):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {text}")


def tidemill():
    program = pathlib.Path(os.environ.get("TIDEMILL_BIN", ROOT / "build/release/bin/tidemill")).resolve()
    if not program.is_file():
        stop(f"no program at {program}: `./dev build` makes it, or TIDEMILL_BIN names another")
    return program


def find(tool, *folders):
    """Where a tool is: on the PATH, or else in one of these folders. None where it is nowhere."""
    return shutil.which(tool) or shutil.which(tool, path=os.pathsep.join(folders))


def build_cc(source, *libraries):
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = FOLDER / source.stem
    if not program.is_file() or program.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["g++", "-O2", "-std=c++20", "-o", program, source, *libraries], check=True)
    return program


def need(*tools):
    missing = [tool for tool in tools if not (shutil.which(tool) or pathlib.Path("/usr/sbin", tool).exists())]
    if missing:
        stop(f"missing: {', '.join(missing)}; on Debian: apt-get install {' '.join(missing)}")


def work_folder():
    """A folder for one run of a benchmark, not among the system's temporary files: where thousands of those were made, ext4 takes half a
    millisecond of CPU to find an inode for the next one beside them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="run-", dir=FOLDER)


def real_editions(site):
    """A site with the real workbooks, `files/YEAR/` in it, on a page of the publisher's shape; none where they are not at hand."""
    data = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", ROOT / "../shared/data")) / "ons-monthly-deaths"
    if not data.is_dir():
        return None
    paths, blocks = {PAGE: "state/page.html"}, []
    for year, name in sorted(EDITIONS.items(), reverse=True):
        (site / "files" / year).mkdir(parents=True)
        workbook = next((data / name).glob("*.xls"))
        shutil.copy(workbook, site / "files" / year)
        uri = f"{PAGE}/{year}/{workbook.name}"
        paths[uri] = f"files/{year}/{workbook.name}"
        state = " (final)" if "final" in name else ""
        blocks.append(f'<h3>{year} edition of this dataset{state}</h3><p><a href="/file?uri={uri}">xls</a></p>')
    (site / "state").mkdir()
    (site / "state/page.html").write_text("<!DOCTYPE html><html><body>" + "\n".join(blocks) + "</body></html>\n")
    (site / "state/manifest.json").write_text(json.dumps({"page": PAGE, "paths": paths}))
    return site


def run_command(page, store):
    return [tidemill(), "run", RECIPE, "--page", page, "--pause", "0", "--store", store]


def cost(command):
    """Runs a command to its end: CPU seconds of it and all its children, greatest resident size in MB, seconds."""
    begun = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(list(map(str, command)), stdout=nowhere, stderr=subprocess.PIPE, cwd=ROOT)
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        stop(f"{command[0]} ended with {child.returncode}:\n{said.decode(errors='replace')}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024, "seconds": time.monotonic() - begun}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(command, port, core, **options):
    """A server pinned to a core, from its first accepted connection to the end of the block. Gives its process."""
    child = subprocess.Popen(["taskset", "-c", str(core), *map(str, command)], stdout=subprocess.DEVNULL, **options)
    try:
        wait_for(child, port, command)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for(child, port, command, seconds=30):
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if child.poll() is not None or time.monotonic() > end:
            stop(f"{command[0]} did not begin to serve on port {port}")
        time.sleep(0.05)


def cpu_of(pid):
    """CPU seconds of a process and those below it that still run."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return own + sum(cpu_of(child) for child in children)
    return 0.0


def verdict(what, value, bar, at_least):
    """A line of the summary; true where the bar is met."""
    met = value >= bar if at_least else value <= bar
    sign = "at least" if at_least else "at most"
    print(f"  {'met   ' if met else 'MISSED'}  {what}: {value:.3g} (bar: {sign} {bar:g})")
    return met
