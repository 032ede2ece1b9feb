# SPDX-License-Identifier: Apache-2.0
"""What others read of a table as it lies: pyarrow, deltalake, polars, DuckDB, pandas; each version of it."""
import datetime
import hashlib

import deltalake
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from support import sites, tidemill
from support.publisher import Publisher
from support.tidemill import TABLE

pytestmark = pytest.mark.usefixtures("program")


@pytest.fixture(scope="module")
def two_versions(program, tmp_path_factory):
    store = tmp_path_factory.mktemp("readers") / "store"
    with Publisher(sites.SAMPLES, "state-1") as publisher:
        tidemill.assert_done(tidemill.flow("run", store, publisher))
        publisher.switch("state-2")
        tidemill.assert_done(tidemill.flow("run", store, publisher))
    return store


def figures(frame):
    """Set of (code, period, count) of anything that turns into columns."""
    return set(zip(*(list(frame[name]) for name in ("geo_code", "period", "deaths")), strict=True))


def wanted(store, version):
    return {(code, period, count) for (code, period), count in tidemill.deaths(store, version).items()}


@pytest.mark.parametrize("version", [0, 1])
def test_deltalake_reads_each_version(two_versions, version):
    table = deltalake.DeltaTable(two_versions / TABLE, version=version)
    read = pa.table(table.to_pyarrow_table() if hasattr(table, "to_pyarrow_table") else table.to_arrow())
    columns = {name: read[name].to_pylist() for name in ("geo_code", "period", "deaths")}
    assert figures(columns) == wanted(two_versions, version)


def test_deltalake_sees_the_protocol_and_the_history(two_versions):
    table = deltalake.DeltaTable(two_versions / TABLE)
    assert table.version() == 1
    protocol = table.protocol()
    assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)
    settings = table.metadata().configuration
    assert settings["delta.logRetentionDuration"] == "interval 36500 days"
    assert settings["delta.deletedFileRetentionDuration"] == "interval 36500 days"
    assert settings["delta.enableExpiredLogCleanup"] == "false"
    assert len(table.history()) == 2


def test_versions_are_found_by_time(two_versions):
    before = tidemill.commit_info(two_versions, 0)["timestamp"]
    table = deltalake.DeltaTable(two_versions / TABLE)
    table.load_as_version(datetime.datetime.fromtimestamp(before / 1000, datetime.timezone.utc))
    assert table.version() == 0


@pytest.mark.parametrize("version", [0, 1])
def test_polars_reads_each_version(two_versions, version):
    frame = pl.read_delta(str(two_versions / TABLE), version=version)
    assert figures(frame) == wanted(two_versions, version)


def test_polars_and_pandas_read_the_newest_file(two_versions):
    (name,) = deltalake.DeltaTable(two_versions / TABLE).file_uris()
    assert figures(pl.read_parquet(name)) == wanted(two_versions, 1)
    assert figures(pd.read_parquet(name)) == wanted(two_versions, 1)


def test_duckdb_counts_the_newest_file(two_versions):
    (name,) = deltalake.DeltaTable(two_versions / TABLE).file_uris()
    query = "SELECT geo_code, sum(deaths) FROM read_parquet(?) WHERE year = 2018 GROUP BY 1"
    sums = dict(duckdb.execute(query, [name]).fetchall())
    expected = {}
    for (code, period), count in tidemill.deaths(two_versions).items():
        if period.startswith("2018"):
            expected[code] = expected.get(code, 0) + count
    assert sums == expected


def test_parquet_is_as_the_design_says(two_versions):
    (name,) = deltalake.DeltaTable(two_versions / TABLE).file_uris()
    schema = pq.read_schema(name)
    assert schema.names == [
        "geo_code", "place_name", "geo_type", "period", "deaths", "deaths_status", "year", "geo_vintage", "edition",
        "src", "src_row", "src_col",
    ]  # fmt: skip
    text = pa.dictionary(pa.int32(), pa.utf8())
    for column in ("geo_code", "place_name", "period", "deaths_status"):
        assert schema.field(column).type == text, column
    assert schema.field("deaths").type == pa.int32() and schema.field("year").type == pa.int32()
    assert schema.field("src_row").type == pa.int32() and schema.field("src_col").type == pa.int16()
    column = pq.ParquetFile(name).metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"


def test_files_are_named_by_their_content_and_sorted_by_key(two_versions):
    for uri in deltalake.DeltaTable(two_versions / TABLE).file_uris():
        path = two_versions / TABLE / uri.rpartition("/")[2]
        assert hashlib.sha256(path.read_bytes()).hexdigest() in path.name
        keys = pq.read_table(path, columns=["geo_code", "period"])
        codes = [keys[name].cast(pa.utf8()) for name in ("geo_code", "period")]
        order = pc.sort_indices(pa.table(codes, names=["geo_code", "period"]),
                                sort_keys=[("geo_code", "ascending"), ("period", "ascending")])  # fmt: skip
        assert order.to_pylist() == list(range(len(order)))




def test_months_that_share_a_name_share_a_dictionarys_word(two_versions):
    name = two_versions / "deaths_data.parquet"
    plain = pq.read_table(name)
    assert pq.read_table(name, read_dictionary=["month", "geo_code", "place_name"]).cast(plain.schema) == plain
    with tidemill.Service(name) as service:
        assert service.json("/v1/datasets/deaths_data")["rows"] == len(plain)


def test_plain_file_is_pandas_own(two_versions):
    frame = pd.read_parquet(two_versions / "deaths_data.parquet")
    assert list(frame.columns) == ["geo_code", "place_name", "month", "deaths", "year", "datetime"]
    assert isinstance(frame.index, pd.RangeIndex) and len(frame) == len(tidemill.deaths(two_versions))
