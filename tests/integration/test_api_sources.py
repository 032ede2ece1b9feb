# SPDX-License-Identifier: Apache-2.0
"""What `tidemill serve` serves: stores, tables of other programs, Parquet and CSV files, folders; and new versions of them
under load."""
import hashlib
import http.client
import json
import threading
import urllib.parse

import deltalake
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest
from support import tidemill

pytestmark = pytest.mark.usefixtures("program")

ROWS = pyarrow.table({
    "geo_code": ["E07000105", "E07000105", "E07000106"],
    "period": ["2018-01", "2018-02", "2018-01"],
    "deaths": pyarrow.array([10.0, 11.0, None], pyarrow.float32()),
})
BODY = {"year": 2018, "geo_code": "E07000105", "data": {"2018-01-31": 10.0, "2018-02-28": 11.0}}
PATH = "/year/2018/geo_code/E07000105"


def ask(service, path, **fields):
    address = urllib.parse.urlsplit(service.root)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in fields.items()})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()


def test_folder_of_parquet_and_csv_files(tmp_path):
    pyarrow.parquet.write_table(ROWS, tmp_path / "Deaths 2018.parquet")
    (tmp_path / "areas.csv").write_text("code,name,people\n0012,Hull,1500\n0013,\"York, city\",\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no table")
    with tidemill.Service(tmp_path) as service:
        assert service.json("/readyz")["datasets"] == {"areas": 0, "deaths_2018": 0}
        assert service.json(PATH) == BODY
        areas = service.json("/v1/datasets/areas")
        columns = {column["name"]: (column["role"], column["type"]) for column in areas["columns"]}
        # A code with zeros in front is no number, and a blank is no zero.
        assert columns == {"code": ("dimension", "string"), "name": ("dimension", "string"),
                           "people": ("measure", "integer")}
        assert areas["rows"] == 2
        assert [c["nulls"] for c in areas["columns"]] == [0, 0, 1]
        assert service.json("/v1/datasets/areas/files") == {"files": []}


def test_a_column_tells_in_what_each_code_lies(tmp_path):
    (tmp_path / "jobs.csv").write_text("trade,trade_parent,period,jobs\nA01,A,2020,5\nA02,A,2020,6\nA,,2020,11\nA02,B,2021,7\n", encoding="utf-8")
    areas = pyarrow.table({"geo_code": ["E07000105"], "lies_in": ["E13000001"], "period": ["2018-01"], "deaths": [1]})
    pyarrow.parquet.write_table(areas, tmp_path / "areas.parquet")
    with tidemill.Service(tmp_path, "--columns", "lies_in=parent") as service:
        dimension, = service.json("/v1/datasets/jobs/dimensions")["dimensions"]
        assert dimension["parent_column"] == "trade_parent"
        codes = service.json("/v1/datasets/jobs/dimensions/trade")["codes"]
        assert [(code["code"], code.get("parent")) for code in codes] == [("A", None), ("A01", "A"), ("A02", "B")]
        assert service.json("/v1/datasets/jobs/data.json?trade_parent=A&select=trade")["total"] == 2
        columns = service.json("/v1/datasets/jobs")["columns"]
        assert [(column["role"], column.get("of")) for column in columns[:2]] == [("dimension", None), ("parent", "trade")]
        # The dataset's own word goes before the register's.
        area, = service.json("/v1/datasets/areas/dimensions/geo_code")["codes"]
        assert area["parent"] == "E13000001"


@pytest.mark.parametrize("name, values, freq, kind, words", [
    ("month", ["2021-01", "2021-02"], "M", "yearmonth", "by months"), ("quarter", ["2021-Q1", "2021-Q2"], "Q", "string", "by quarters"),
    ("week", ["2021-W01", "2021-W02"], "W", "string", "by weeks"), ("year", [2021, 2022], "A", "year", "by years")])
def test_the_column_that_is_taken_for_time_is_told(tmp_path, name, values, freq, kind, words):
    pyarrow.csv.write_csv(pyarrow.table({"area": ["x", "x"], name: values, "births": [5, 6]}), tmp_path / "births.csv")
    with tidemill.Service(tmp_path / "births.csv") as service:
        dataset = "/v1/datasets/births"
        assert service.json(dataset)["period"] == {"freq": freq, "first": str(values[0]), "last": str(values[1])}
        fields = service.json(f"{dataset}/datapackage.json")["resources"][0]["schema"]["fields"]
        assert [(field["name"], field["role"]) for field in fields] == [("area", "dimension"), (name, "time"), ("births", "measure")]
        assert fields[1]["type"] == kind and (kind != "string") == ("constraints" not in fields[1])
        operation = service.json("/openapi.json")["paths"][f"{dataset}/data.{{format}}"]["get"]
        told = {entry["name"]: entry.get("description", "") for entry in operation["parameters"] if "name" in entry}
        assert words in told[name] and words in told[name + "__gte"]
        rows = ask(service, f"{dataset}/data.csv?{name}__gte={values[1]}&shape=wide")[2]
        assert rows.decode() == f"{name},{freq}.x\n{values[1]},6\n"


def test_csv_file_is_read_again_when_it_changes(tmp_path):
    file = tmp_path / "deaths.csv"
    pyarrow.csv.write_csv(ROWS, file)
    with tidemill.Service(file, "--poll", "0.05") as service:
        assert service.json(PATH) == BODY
        pyarrow.csv.write_csv(ROWS.slice(0, 1), tmp_path / "next")
        (tmp_path / "next").replace(file)
        for _ in range(200):
            if service.json(PATH)["data"] == {"2018-01-31": 10.0}:
                break
            threading.Event().wait(0.05)
        assert service.json(PATH)["data"] == {"2018-01-31": 10.0}


def test_a_csv_file_of_sixteen_thousand_columns_is_not_typed_one_table_a_column(tmp_path):
    names = [f"x{number}" for number in range(16_000)]
    (tmp_path / "wide.csv").write_text(f"{','.join(names)}\n{','.join('1' * len(names))}\n", encoding="utf-8")
    with tidemill.Service(tmp_path / "wide.csv") as service:  # a minute and more before
        columns = service.json("/v1/datasets/wide")["columns"]
        assert [(column["name"], column["type"]) for column in columns] == [(name, "integer") for name in names]


def test_broken_csv_is_named(tmp_path):
    file = tmp_path / "deaths.csv"
    file.write_bytes(b"")
    result = tidemill.tidemill("serve", file)
    assert result.returncode != 0 and "deaths.csv" in result.stderr


def test_table_of_another_program_with_partitions_and_a_checkpoint(tmp_path):
    table = tmp_path / "their_deaths"
    for code in ("E07000105", "E07000106"):
        part = ROWS.filter(pyarrow.compute.equal(ROWS["geo_code"], code))
        deltalake.write_deltalake(str(table), part, mode="append", partition_by=["geo_code"])
    deltalake.DeltaTable(str(table)).create_checkpoint()
    (table / "_delta_log" / f"{0:020}.json").unlink()
    with tidemill.Service(table) as service:
        assert service.json(PATH) == BODY
        files = service.json("/v1/datasets/their_deaths/files")["files"]
        assert len(files) == 2 and all(file["current"] for file in files)
        for file in files:
            body = ask(service, file["url"])[2]
            assert hashlib.sha256(body).hexdigest() == file["sha256"] and len(body) == file["bytes"]
        status, _, body = ask(service, "/v1/datasets/their_deaths/files/latest.parquet")
        assert status == 404 and len(json.loads(body)["files"]) == 2


def test_table_with_an_unknown_feature_is_refused(tmp_path):
    log = tmp_path / "odd" / "_delta_log"
    deltalake.write_deltalake(str(tmp_path / "odd"), ROWS)
    first = log / f"{0:020}.json"
    lines = [json.loads(line) for line in first.read_text().splitlines()]
    for line in lines:
        if "protocol" in line:
            line["protocol"] = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["futureFeature"],
                                "writerFeatures": ["futureFeature"]}
    first.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = tidemill.tidemill("serve", tmp_path / "odd")
    assert result.returncode != 0 and "futureFeature" in result.stderr


def test_many_sources_at_once(tmp_path, first_run):
    pyarrow.parquet.write_table(ROWS, tmp_path / "mine.parquet")
    with tidemill.Service(first_run[0], tmp_path / "mine.parquet", "--seed-dataset", "mine") as service:
        assert set(service.json("/readyz")["datasets"]) >= {tidemill.TABLE, "mine"}
        assert service.json(PATH) == BODY


def test_new_versions_drop_no_request(tmp_path):
    """20 versions while two clients ask 1,500 times each: every answer is whole, and of one version."""
    table = tmp_path / "deaths"

    def publish(number):
        rows = ROWS.set_column(2, "deaths", pyarrow.array([float(number)] * 3, pyarrow.float32()))
        deltalake.write_deltalake(str(table), rows, mode="overwrite")

    publish(0)
    wrong, seen = [], set()

    def client(service):
        address = urllib.parse.urlsplit(service.root)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        for number in range(1500):
            path = PATH if number % 3 else "/v1/datasets/deaths/files"
            connection.request("GET", path)
            reply = connection.getresponse()
            body = json.loads(reply.read())
            vintage = int(reply.headers["Tidemill-Vintage"].split("@")[1])
            if path == PATH:
                whole = set(body["data"].values()) == {float(vintage)} and len(body["data"]) == 2
            else:
                whole = max(body["files"][0]["vintages"]) == vintage
            if reply.status != 200 or not whole:
                wrong.append((reply.status, vintage, body))
            seen.add(vintage)
        connection.close()

    with tidemill.Service(table, "--poll", "0.05") as service:
        clients = [threading.Thread(target=client, args=(service,)) for _ in range(2)]
        for thread in clients:
            thread.start()
        for number in range(1, 21):
            publish(number)
        for thread in clients:
            thread.join()
        for _ in range(200):
            if service.json("/readyz")["datasets"] == {"deaths": 20}:
                break
            threading.Event().wait(0.05)
        assert service.json("/readyz") == {"status": "ready", "datasets": {"deaths": 20}}
    assert wrong == []
    assert len(seen) > 1
