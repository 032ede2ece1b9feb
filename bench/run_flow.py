# SPDX-License-Identifier: Apache-2.0
"""The main job over four real editions: CPU and memory of `tidemill run`, first and again with nothing changed, beside a plain
pandas script. bench/README.md says how to read it."""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program  # noqa: E402  (also makes tests/support importable)

from publisher import Publisher  # noqa: E402


def compare(ours, theirs):
    """Both tables hold the same numbers; ours may have more rows, the peer none of its own."""
    # Not before: the kernel counts a parent's size at exec into the greatest size of its child.
    import pandas as pd

    key = ["geo_code", "datetime"]
    mine, peer = (pd.read_parquet(path).set_index(key)["deaths"].dropna() for path in (ours, theirs))
    lost = peer.index.difference(mine.index)
    differing = (peer - mine.reindex(peer.index)).abs().gt(0).sum()
    if len(lost) or differing or mine.index.has_duplicates:
        program.stop(f"the tables differ: {len(lost)} rows are only the peer's ({list(lost[:3])}), {differing} values differ")
    print(f"tables agree: {len(peer):,} values of the peer's, {len(mine):,} of ours")


def measure(site, work, rounds):
    best = {}

    def keep(name, sample):
        print(f"  {name:7} {sample['cpu']:6.3f} s CPU {sample['mb']:6.1f} MB {sample['seconds']:6.3f} s")
        least = best.setdefault(name, dict(sample))
        for unit, value in sample.items():
            least[unit] = min(least[unit], value)

    peer_out = work / "peer.parquet"
    with Publisher(site, "state") as publisher:
        peer = [sys.executable, program.PEERS / "pandas_etl.py", publisher.page, work / "downloads", peer_out]
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}")
            store = work / f"store-{number}"
            keep("pandas", program.cost(peer))
            keep("first", program.cost(program.run_command(publisher.page, store)))
            publisher.forget()
            keep("again", program.cost(program.run_command(publisher.page, store)))
            statuses = sorted({entry["status"] for entry in publisher.forget()})
        compare(store / "deaths_data.parquet", peer_out)
    return best, statuses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    program.tidemill()
    with program.work_folder() as temporary:
        work = pathlib.Path(temporary)
        site = program.real_editions(work / "site")
        if site is None:
            print("skipped: the four real editions are not at hand (TIDEMILL_SHARED_DATA)")
            return
        best, statuses = measure(site, work, options.rounds)
    pandas, first, again = best["pandas"], best["first"], best["again"]
    print(f"\nleast of {options.rounds} rounds      CPU s      MB       s")
    for name, sample in (("pandas script", pandas), ("tidemill run", first), ("the same again", again)):
        print(f"  {name:18} {sample['cpu']:8.3f} {sample['mb']:8.1f} {sample['seconds']:8.3f}")
    met = [
        program.verdict("CPU, pandas to ours", pandas["cpu"] / first["cpu"], 20, at_least=True),
        program.verdict("memory of the first run, MB", first["mb"], 80, at_least=False),
        program.verdict("CPU, second run to first", again["cpu"] / first["cpu"], 1 / 3, at_least=False),
        program.verdict(f"kinds of answers but 304 in the second run, of {statuses}", len(set(statuses) - {304}), 0,
                        at_least=False),
    ]
    sys.exit(0 if all(met) else 1)


main()
