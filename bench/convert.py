# SPDX-License-Identifier: Apache-2.0
"""A sheet to Parquet: CPU and memory of `tidemill convert` beside polars. bench/README.md says how to read it."""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from support import program  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
import tables  # noqa: E402
import write_xlsx  # noqa: E402


def large():
    yield [f"column {number}" for number in range(20)]
    yield from tables.mixed(200_000, 20)


POLARS = program.ROOT / "build/python-polars/bin/python"

# Sheet and the share of the peer's CPU that ours may take.
SHEETS = {"sales": (lambda: tables.sales(65_536), 1 / 6), "large": (large, 1 / 5)}


def compare(name, ours, theirs):
    """Both files hold the same values, column by column."""
    # Not before: the kernel counts a parent's size at exec into the greatest size of its child.
    import polars

    mine, peer = polars.read_parquet(ours), polars.read_parquet(theirs)
    if mine.columns != peer.columns or mine.shape != peer.shape:
        program.stop(f"{name}: the tables differ: {mine.shape} {mine.columns}, the peer's {peer.shape} {peer.columns}")
    for column in mine.columns:
        theirs_as_ours = peer[column].cast(mine[column].dtype)
        if not mine[column].equals(theirs_as_ours):
            program.stop(f"{name}: column {column} differs: {mine[column].head(3)}, the peer's {peer[column].head(3)}")
    print(f"{name}: tables agree: {mine.height:,} rows of {mine.width} columns, {ours.stat().st_size:,} bytes, "
          f"the peer's {theirs.stat().st_size:,}")


def measure(work, rounds):
    best, outputs = {}, {}
    for name, (rows, _) in SHEETS.items():
        write_xlsx.write(work / f"{name}.xlsx", [(name, rows)])
        outputs[name] = work / f"{name}-ours.parquet", work / f"{name}-peer.parquet"
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}")
        for name, (ours, theirs) in outputs.items():
            book = work / f"{name}.xlsx"
            commands = {
                "polars": [POLARS, program.PEERS / "polars_convert.py", book, theirs],
                "tidemill": [program.tidemill(), "convert", book, "-o", ours, "--quiet"],
            }
            for who, command in commands.items():
                sample = program.cost(command)
                print(f"  {name:6} {who:8} {sample['cpu']:6.3f} s CPU {sample['mb']:6.1f} MB {sample['seconds']:6.3f} s")
                least = best.setdefault((name, who), dict(sample))
                for unit, value in sample.items():
                    least[unit] = min(least[unit], value)
    for name, (ours, theirs) in outputs.items():
        compare(name, ours, theirs)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program.tidemill()
    with program.work_folder() as work:
        best = measure(pathlib.Path(work), options.rounds)
    print(f"\nleast of {options.rounds} rounds    CPU s      MB       s")
    for (name, who), sample in best.items():
        print(f"  {name:6} {who:10} {sample['cpu']:8.3f} {sample['mb']:8.1f} {sample['seconds']:8.3f}")
    met = [
        program.verdict(f"CPU of {name}, ours to polars", best[name, "tidemill"]["cpu"] / best[name, "polars"]["cpu"],
                        bar, at_least=False)
        for name, (_, bar) in SHEETS.items()
    ]  # fmt: skip
    sys.exit(0 if all(met) else 1)


main()
