# SPDX-License-Identifier: Apache-2.0
"""Makes the Delta tables of another writer that the unit tests of the module dataset read.

Needs deltalake and pyarrow as pinned in tests/requirements.txt. Run it in this folder; the tables are made anew.
"""

import pathlib
import shutil

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent


def rows(year, first, count):
    return pa.table({
        "year": pa.array([year] * count, pa.int32()),
        "area": [f"A {i}/ü" for i in range(first, first + count)],
        "value": pa.array([float(i) for i in range(first, first + count)]),
    })


def fresh(name):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def split_checkpoint(table, number):
    """Makes a checkpoint of three parts of the one file that the library writes."""
    log = table / "_delta_log"
    single = log / f"{number:020}.checkpoint.parquet"
    actions = pq.read_table(single)
    third = -(-actions.num_rows // 3)
    for part in range(3):
        path = log / f"{number:020}.checkpoint.{part + 1:010}.{3:010}.parquet"
        pq.write_table(actions.slice(part * third, third), path)
    single.unlink()


def partitioned(name):
    """Versions 0 to 3, partitioned by year; a checkpoint at 2 after which the commits 0 and 1 are gone."""
    folder = fresh(name)
    deltalake.write_deltalake(folder, rows(2019, 0, 3), partition_by=["year"], name="Foreign",
                              description="by another writer")
    deltalake.write_deltalake(folder, rows(2020, 3, 2), mode="append")
    table = deltalake.DeltaTable(folder)
    table.delete("year = 2019 and value = 1.0")
    table = deltalake.DeltaTable(folder)
    table.create_checkpoint()
    deltalake.write_deltalake(folder, rows(2021, 5, 1), mode="append")
    for number in (0, 1):
        (folder / "_delta_log" / f"{number:020}.json").unlink()
    for text in [*(folder / "_delta_log").glob("*.json"), folder / "_delta_log" / "_last_checkpoint"]:
        text.write_text(text.read_text() + "\n")  # text files of this project end with a line break
    return folder


partitioned("checkpoint")
split_checkpoint(partitioned("multipart"), 2)
(HERE / "multipart" / "_delta_log" / "_last_checkpoint").unlink()
