# SPDX-License-Identifier: Apache-2.0
"""What reading every cell of a workbook costs, beside the fastest known readers and what inflating alone takes."""
import argparse
import functools
import hashlib
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import tables  # noqa: E402
import write_ods  # noqa: E402
import write_xls  # noqa: E402
import write_xlsb  # noqa: E402
import write_xlsx  # noqa: E402
from program import FOLDER, PEERS, ROOT, build_cc, stop, tidemill, verdict  # noqa: E402

WRITERS = {
    "xlsx": write_xlsx.write,
    "xlsb": write_xlsb.write,
    "short.xlsb": functools.partial(write_xlsb.write, short=True),
    "xls": write_xls.write,
    "ods": write_ods.write,
}
FILES = ["sales.xlsx", "large.xlsx", "sixty.xlsx", "sales.xlsb", "sales.short.xlsb", "sales.xls", "sales.ods"]
# File's ending: (peer, greatest share of the peer's CPU that we may take). calamine 0.38 and ExcelReader 7.3 lose cells of
# short records; ExcelReader reads no ods.
BARS = {
    "xlsx": {"floor": 2, "calamine": 1 / 5, "excelreader": 3 / 5},
    "xlsb": {"calamine": 1 / 3, "excelreader": 1},
    "short.xlsb": {},
    "xls": {"calamine": 1 / 3, "excelreader": 1},
    "ods": {"calamine": 1 / 3},
}
STREAM_MB = 20


def ending(name):
    return name.split(".", 1)[1]


def make_file(name):
    """The file, made anew where what makes it has changed."""
    book, kind = name.split(".", 1)
    sources = ["tables.py", f"write_{kind.rpartition('.')[2]}.py"]
    if kind == "xls":
        sources.append("write_xlsb.py")
    digest = hashlib.sha256(b"".join((ROOT / "bench/support" / source).read_bytes() for source in sources)).hexdigest()
    path, stamp = FOLDER / name, FOLDER / f"{name}.made-by"
    if not (path.is_file() and stamp.is_file() and stamp.read_text() == digest):
        print(f"  making {name} …", flush=True)
        WRITERS[kind](path, tables.BOOKS[book])
        stamp.write_text(digest)
    return path


def calamine():
    """The peer's command, or None with a word where there is no Rust."""
    if shutil.which("cargo") is None:
        print("  no cargo on this machine: calamine is left out, and its bars count as missed")
        return None
    target = FOLDER / "calamine"
    subprocess.run(["cargo", "build", "-q", "--release", "--locked", "--target-dir", target], cwd=PEERS / "calamine", check=True)
    return [target / "release/calamine-peer"]


def excelreader():
    from excelreader import _native

    library = next(path for path in _native._candidate_paths() if path.exists())
    return [build_cc(PEERS / "excelreader.cc", "-ldl"), library]


def readers():
    return {
        "ours": [tidemill(), "inspect", "--json"],
        "floor": [build_cc(PEERS / "inflate_floor.cc", "-ldeflate")],
        "calamine": calamine(),
        "excelreader": excelreader(),
    }


def run(command, file):
    """CPU seconds of the whole process and what it printed."""
    child = subprocess.Popen([*map(str, command), file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        return None
    return usage.ru_utime + usage.ru_stime, json.loads(said)


# A small process stands between: at exec the kernel counts the parent's size into the child's.
PEAK = "import os, sys; child = os.posix_spawn(sys.argv[1], sys.argv[1:], {}); sys.stderr.write(str(os.wait4(child, 0)[2].ru_maxrss))"


def peak(command, file):
    """Greatest resident size in MB."""
    done = subprocess.run([sys.executable, "-S", "-E", "-c", PEAK, *map(str, command), file], capture_output=True, text=True)
    return int(done.stderr.split()[-1]) / 1024


def text_mb(name):
    """The distinct texts of a book, which are shared strings in all formats but ods."""
    texts = {value for _, rows in tables.BOOKS[name.split(".", 1)[0]] for row in rows() for value in row if isinstance(value, str)}
    return sum(len(text.encode()) for text in texts) / 1e6


def memory(name, command):
    """Ours beyond the pages of the file, which is mapped (they are the kernel's and counted as resident too), and its shared strings."""
    file = FOLDER / name
    besides = 0 if ending(name) == "ods" else text_mb(name)
    return verdict("MB beyond the mapped file and the shared strings", peak(command, file) - file.stat().st_size / 2**20 - besides, STREAM_MB,
                   at_least=False)  # fmt: skip


def totals(said):
    """Numbers, their sum, texts and their bytes: ours by sheet, the peers' of the file."""
    if "sheets" in said:
        sheets = said["sheets"]
        return [math.fsum(s[key] for s in sheets) for key in ("numbers", "numeric_sum", "strings", "string_bytes")]
    return [said["numbers"], said["sum"], said["strings"], said["string_bytes"]]


def true_totals(name):
    numbers = strings = size = 0
    values = []
    for _, rows in tables.BOOKS[name.split(".", 1)[0]]:
        for row in rows():
            for value in row:
                if isinstance(value, str):
                    strings, size = strings + 1, size + len(value.encode())
                else:
                    numbers += 1
                    values.append(value)
    return [numbers, math.fsum(values), strings, size]


def alike(said, true):
    """calamine leaves ISO dates as texts of a kind of their own: they count, but are in no sum."""
    found = totals(said)
    if said.get("others"):
        return found[0] + said["others"] == true[0] and found[2:] == true[2:]
    return all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(found, true))


def measure(commands, file, rounds):
    """The least of all rounds for each reader; None for one that fails."""
    best = {}
    for _ in range(rounds):
        for name, command in commands.items():
            if command is None or (name in best and best[name] is None):
                continue
            result = run(command, file)
            if result is None or name not in best or result[0] < best[name][0]:
                best[name] = result
    return best


def report(name, commands, rounds):
    best = measure(commands, make_file(name), rounds)
    true = true_totals(name)
    print(f"{name}: {true[0] + true[2]:,} cells, {(FOLDER / name).stat().st_size / 1e6:.1f} MB")
    ours = best["ours"]
    if ours is None:
        print("  MISSED  ours does not read it")
        return False
    met = True
    for reader, result in best.items():
        if result is None:
            print(f"  {reader:12} does not read it")
            continue
        same = reader == "floor" or alike(result[1], true)
        print(f"  {reader:12} {result[0]:7.4f} s CPU  {ours[0] / result[0]:5.2f} of it is ours{'' if same else '   LOSES CELLS'}")
        met &= same or reader != "ours"
    for peer, share in BARS[ending(name)].items():
        if best.get(peer) is None:
            print(f"  MISSED  no {peer} to compare with")
            met = False
        else:
            met &= verdict(f"CPU of {peer}", ours[0] / best[peer][0], share, at_least=False)
    return memory(name, commands["ours"]) and met


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("files", nargs="*", default=FILES, help=f"of {', '.join(FILES)}")
    options = arguments.parse_args()
    unknown = [name for name in options.files if name not in FILES]
    if unknown:
        stop(f"no file '{unknown[0]}': expected one of {', '.join(FILES)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    commands = readers()
    begun = time.monotonic()
    results = []
    for name in options.files:
        # What is not zipped has no floor.
        here = {reader: command for reader, command in commands.items() if reader != "floor" or ending(name) != "xls"}
        results.append(report(name, here, options.rounds))
    print(f"{time.monotonic() - begun:.0f} s")
    sys.exit(0 if all(results) else 1)


main()
