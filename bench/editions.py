# SPDX-License-Identifier: Apache-2.0
"""Ten real editions, 2006 to 2019, from the files to one checked and published table, beside xlrd, which only opens the same files.
bench/README.md says how to read it."""
import argparse
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program  # noqa: E402

EDITIONS = 10
OBSERVATIONS = 49_128


def editions():
    """{year: workbook} of the editions at hand."""
    data = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", program.ROOT / "../shared/data")) / "ons-monthly-deaths"
    return {path.parent.name[:4]: path for path in sorted(data.glob("[0-9]*/*.xls"))}


def make_site(folder, held):
    """A page of the publisher's shape with the files below it, which the program reads from the disk."""
    blocks = []
    for year, workbook in sorted(held.items(), reverse=True):
        below = f"{program.PAGE.rpartition('/')[2]}/{year}"
        (folder / below).mkdir(parents=True)
        shutil.copy(workbook, folder / below)
        state = " (final)" if workbook.parent.name.endswith("final") else ""
        blocks.append(f'<h3>{year} edition of this dataset{state}</h3><p><a href="{below}/{workbook.name}">xls</a></p>')
    page = folder / "page.html"
    page.write_text("<!DOCTYPE html><html><body>" + "\n".join(blocks) + "</body></html>\n", encoding="utf-8")
    return page.as_uri()


def check(page, store):
    """The run publishes all editions, every cell is accounted for and every sum holds."""
    done = subprocess.run([*map(str, program.run_command(page, store)), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        program.stop(f"the run ended with {done.returncode}:\n{done.stderr}")
    report = json.loads(done.stdout)
    found = len(report["editions"]), report["cells"]["value"] + report["cells"]["marker"], report["checks"]["failed"]
    lost = sum(entry["unaccounted"] for entry in report["editions"])
    if (*found, lost) != (EDITIONS, OBSERVATIONS, 0, 0):
        program.stop(f"editions, observations, failed checks, cells lost: {(*found, lost)}, expected {(EDITIONS, OBSERVATIONS, 0, 0)}")
    print(f"{found[0]} editions, {found[1]:,} observations, {report['checks']['passed']:,} checks hold, no cell lost")


def measure(page, held, work, rounds):
    """The least CPU seconds of both processes, starts included, and of xlrd's opening without Python's start and the import."""
    best = {"xlrd": math.inf, "opening alone": math.inf, "tidemill": math.inf}
    spent = work / "spent"
    for number in range(rounds):
        samples = {
            "xlrd": program.cost([sys.executable, program.PEERS / "xlrd_open.py", spent, *held.values()]),
            "tidemill": program.cost([*program.run_command(page, work / f"store-{number}"), "--quiet"]),
        }
        best["opening alone"] = min(best["opening alone"], float(spent.read_text()))
        print(f"round {number + 1} of {rounds}")
        for who, sample in samples.items():
            print(f"  {who:8} {sample['cpu']:6.3f} s CPU {sample['mb']:6.1f} MB {sample['seconds']:6.3f} s")
            best[who] = min(best[who], sample["cpu"])
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    program.tidemill()
    held = editions()
    if len(held) != EDITIONS:
        print(f"skipped: {len(held)} of the {EDITIONS} real editions are at hand (TIDEMILL_SHARED_DATA)")
        return
    with program.work_folder() as temporary:
        work = pathlib.Path(temporary)
        page = make_site(work / "site", held)
        check(page, work / "checked")
        best = measure(page, held, work, options.rounds)
    print(f"\nleast of {options.rounds} rounds, CPU s: tidemill run {best['tidemill']:.3f}, xlrd {best['xlrd']:.3f}, "
          f"of which opening {best['opening alone']:.3f}")
    met = program.verdict("CPU of files to table, ours to xlrd's opening", best["tidemill"] / best["xlrd"], 1, at_least=False)
    sys.exit(0 if met else 1)


main()
