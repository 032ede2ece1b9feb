# SPDX-License-Identifier: Apache-2.0
"""`tidemill convert` and `inspect` over single workbooks: what they write, and what wrong input makes of them."""
import datetime
import json
import os
import signal
import subprocess
import zipfile

import openpyxl
import polars
import pyarrow.ipc
import pytest
from openpyxl.worksheet.table import Table
from support import damage, tidemill
from support.tidemill import assert_done, said

pytestmark = pytest.mark.usefixtures("program")

ROWS = [
    ["area", "day", "deaths", "rate", "open"],
    ["North", datetime.date(2020, 1, 31), 12, 0.5, True],
    ['Ea"st, A', datetime.date(2020, 2, 29), "[c]", 1, None],
    [None, datetime.date(2020, 3, 31), 7, 2.25, False],
]
COLUMNS = ["area", "day", "deaths", "deaths_text", "rate", "open"]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A notes sheet, figures with a native table, the same with a title above, an empty and a hidden sheet."""
    book = openpyxl.Workbook()
    book.active.title = "Figures"
    titled = book.create_sheet("Titled")
    titled.append(["Deaths by area"])
    titled.append([])
    for row in ROWS:
        book["Figures"].append(row)
        titled.append(row)
    book["Figures"].add_table(Table(displayName="deaths_table", ref="A1:E4"))
    book.create_sheet("Empty")
    book.create_sheet("Hidden").append(["x"])
    book["Hidden"].sheet_state = "hidden"
    path = tmp_path_factory.mktemp("book") / "deaths.xlsx"
    book.save(path)
    return path


def convert(book, *arguments, **options):
    return tidemill.tidemill("convert", book, *arguments, **options)


def read(out):
    if out.suffix == ".arrow":
        return polars.from_arrow(pyarrow.ipc.open_file(out).read_all())
    readers = {".parquet": polars.read_parquet, ".csv": polars.read_csv, ".ndjson": polars.read_ndjson}
    return readers[out.suffix](out)


@pytest.mark.parametrize("ending", ["parquet", "csv", "ndjson", "arrow"])
def test_every_format_holds_the_same_table(book, tmp_path, ending):
    out = tmp_path / f"out.{ending}"
    assert_done(convert(book, "-o", out))
    table = read(out)
    assert table.columns == COLUMNS
    assert table["area"].to_list() == ["North", 'Ea"st, A', None]
    days = [str(day) for day in table["day"].to_list()]
    assert days == ["2020-01-31", "2020-02-29", "2020-03-31"]
    assert table["deaths"].to_list() == [12, None, 7]
    assert table["deaths_text"].to_list() == [None, "[c]", None]
    assert table["rate"].to_list() == [0.5, 1, 2.25]
    assert table["open"].to_list() == [True, None, False]
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_parquet_has_the_types_of_the_cells(book, tmp_path):
    assert_done(convert(book, "-o", tmp_path / "out.parquet"))
    types = [polars.String, polars.Date, polars.Int64, polars.String, polars.Float64, polars.Boolean]
    assert read(tmp_path / "out.parquet").dtypes == types


def test_what_was_done_is_said(book, tmp_path):
    result = assert_done(convert(book, "-o", tmp_path / "out.csv"))
    assert "column 'deaths': 1 of 3 cells are no int64, they are in 'deaths_text'" in result.stderr
    assert "sheet 'Figures', A1:E4: 3 rows, 6 columns" in result.stderr
    assert "'Titled', 'Empty', 'Hidden'" in result.stderr
    assert result.stdout == ""
    told = json.loads(assert_done(convert(book, "-o", tmp_path / "out.csv", "--json")).stdout)
    assert [column["name"] for column in told["columns"]] == COLUMNS
    assert told["columns"][3]["texts_of"] == "deaths"
    assert (told["sheet"], told["range"], told["rows"]) == ("Figures", "A1:E4", 3)
    assert assert_done(convert(book, "-o", tmp_path / "out.csv", "--quiet")).stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sheet", "Titled"],
        ["--sheet", "2"],
        ["--table", "deaths_table"],
        ["--sheet", "Titled", "--range", "A3:E6"],
        ["--sheet", "Figures", "--range", "A:E", "--header", "1"],
    ],
    ids=" ".join,
)
def test_parts_of_the_workbook(book, tmp_path, arguments):
    out = tmp_path / "out.parquet"
    assert_done(convert(book, "-o", out, *arguments))
    assert read(out).columns == COLUMNS and read(out).height == 3


def test_standard_output(book):
    lines = assert_done(convert(book, "-o", "-", "--quiet")).stdout.splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[2] == '"Ea""st, A",2020-02-29,,[c],1,'
    objects = assert_done(convert(book, "-o", "-", "--to", "ndjson", "--quiet")).stdout.splitlines()
    assert json.loads(objects[0]) == {
        "area": "North", "day": "2020-01-31", "deaths": 12, "deaths_text": None, "rate": 0.5, "open": True
    }  # fmt: skip


def test_a_closed_pipe_ends_it_quietly(book):
    read_end, write_end = os.pipe()
    os.close(read_end)
    child = subprocess.run(
        tidemill.command("inspect", "--cells", book), stdout=write_end, stderr=subprocess.PIPE, check=False
    )  # fmt: skip
    os.close(write_end)
    assert child.returncode == -signal.SIGPIPE and child.stderr == b""


# --- wrong input ------------------------------------------------------------------------------------------------------


def refused(result, code, *words):
    assert result.returncode == code, f"exit {result.returncode}, expected {code}\n{said(result)}"
    for word in words:
        assert str(word) in result.stderr, f"{str(word)!r} is not in\n{result.stderr[:2000]}"


@pytest.fixture
def out(tmp_path):
    """A file to write, in a folder of its own that must stay empty."""
    folder = tmp_path / "out"
    folder.mkdir()
    yield folder / "out.csv"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", ["inspect", "convert"])
@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, tidemill.NOT_FOUND, ["No such file"]),
        ("folder", tidemill.NOT_FOUND, ["is a folder", "expected a file"]),
        (b"", tidemill.MALFORMED, ["not-a-workbook", "empty file"]),
        (b"%PDF-1.7 and so on", tidemill.MALFORMED, ["not-a-workbook", "pdf"]),
        (b"PK\3\4" + bytes(100), tidemill.MALFORMED, ["corrupt-container", "zip"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), tidemill.MALFORMED, ["corrupt-container", "OLE2"]),
    ],
    ids=["missing", "folder", "empty", "pdf", "zip", "ole2"],
)
def test_what_is_no_workbook(tmp_path, out, command, content, code, words):
    file = tmp_path / "book.xlsx"
    if content == "folder":
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    refused(tidemill.tidemill(command, file, *(["-o", out] if command == "convert" else [])), code, file, *words)


def test_an_encrypted_workbook(out):
    folder = os.environ.get("TIDEMILL_SHARED_DATA", "")
    candidates = f"{folder}/expected-cells.tsv"
    if not os.path.isfile(candidates):
        pytest.skip("no corpora: TIDEMILL_SHARED_DATA does not name a folder with expected-cells.tsv")
    with open(candidates, encoding="utf-8") as lines:
        # Files under Excel's own default password are read.
        file = next(line.split("\t")[0] for line in lines if "agile_AES128_MD5_CBC_pwd_password.xlsx" in line)
    refused(tidemill.tidemill("inspect", f"{folder}/{file}"), tidemill.UNSUPPORTED, "encrypted", "password")
    refused(convert(f"{folder}/{file}", "-o", out), tidemill.UNSUPPORTED, "encrypted", "password")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--sheet", "Figure"], tidemill.NOT_FOUND, ["'Figure'", "did you mean 'Figures'?", "'Titled'"]),
        (["--sheet", "9"], tidemill.NOT_FOUND, ["'9'", "'Figures'"]),
        (["--table", "death_table"], tidemill.NOT_FOUND, ["did you mean 'deaths_table'?"]),
        (["--range", "A1:?"], tidemill.MALFORMED, ["'A1:?'", "A4:N448"]),
        (["--range", "X1:Z9"], tidemill.NOT_FOUND, ["no cells", "X1:Z9"]),
        (["--sheet", "Empty"], tidemill.NOT_FOUND, ["no cells"]),
        (["--range", "A1:B2", "--table", "deaths_table"], tidemill.MALFORMED, ["--table", "--range"]),
        (["--to", "excel"], tidemill.MALFORMED, ["'excel'", "parquet, csv, ndjson, arrow"]),
        (["--header", "-1"], tidemill.MALFORMED, ["--header"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and value[0].startswith("--") else None,
)
def test_what_the_workbook_has_not(book, out, arguments, code, words):
    refused(convert(book, "-o", out, *arguments), code, *words)


@pytest.mark.parametrize(
    ("name", "words"),
    [("out.xlsx", ["'xlsx'", "parquet, csv, ndjson, arrow"]), ("out", ["parquet, csv, ndjson, arrow"]),
     ("out.cvs", ["did you mean 'csv'?"])],
)  # fmt: skip
def test_out_names_no_format(book, tmp_path, name, words):
    refused(convert(book, "-o", tmp_path / name), tidemill.MALFORMED, *words)
    assert list(tmp_path.iterdir()) == []


def test_out_is_a_folder(book, tmp_path):
    (tmp_path / "out.csv").mkdir()
    refused(convert(book, "-o", tmp_path / "out.csv"), tidemill.MALFORMED, tmp_path / "out.csv", "is a folder")


def test_out_is_in_no_folder(book, tmp_path):
    refused(convert(book, "-o", tmp_path / "none" / "out.csv"), tidemill.NOT_FOUND, tmp_path / "none" / "out.csv")


@damage.needs_mounts
def test_out_is_on_a_read_only_disk(book, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "out.csv").write_text("before")
    command = tidemill.command("convert", book, "-o", folder / "out.csv")
    result = damage.on_read_only_disk(command, folder, tidemill.environment())
    refused(result, tidemill.FORBIDDEN, folder / "out.csv")
    assert (folder / "out.csv").read_text() == "before"


def test_out_is_a_link(book, tmp_path):
    (tmp_path / "link.csv").symlink_to("target.csv")
    (tmp_path / "target.csv").write_text("before")
    assert_done(convert(book, "-o", tmp_path / "link.csv"))
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "target.csv").read_text().startswith("area,")


def test_out_is_a_pipe(book):
    result = assert_done(convert(book, "-o", "/dev/stdout", "--to", "csv", "-q"))
    assert result.stdout.startswith("area,")


def test_a_damaged_workbook_ends_as_one_but_is_written(book, tmp_path):
    content = book.read_bytes()
    with zipfile.ZipFile(book) as archive:
        checksum = archive.getinfo("xl/worksheets/sheet1.xml").CRC.to_bytes(4, "little")
    spoilt = tmp_path / "spoilt.xlsx"
    spoilt.write_bytes(content.replace(checksum, b"wrng"))
    out = tmp_path / "out.csv"
    refused(convert(spoilt, "-o", out, "-q"), tidemill.MALFORMED, spoilt, "crc-mismatch", "damaged", "3 rows, is written")
    assert out.read_text().startswith("area,")


def test_a_damaged_sheet_is_not_passed_over(book, tmp_path, out):
    spoilt = tmp_path / "spoilt.xlsx"
    spoilt.write_bytes(damage.wrong_checksum(book.read_bytes(), "xl/worksheets/sheet1.xml"))  # in its head: no cell is left
    refused(convert(spoilt, "-o", out), tidemill.MALFORMED, "sheet 'Figures'")


def test_out_is_the_workbook(book, tmp_path):
    copy = tmp_path / "copy.csv"
    copy.write_bytes(book.read_bytes())
    refused(convert(copy, "-o", copy), tidemill.MALFORMED, copy, "the workbook itself")
    assert copy.read_bytes() == book.read_bytes()


def test_standard_output_takes_one_thing(book):
    refused(convert(book, "-o", "-", "--to", "parquet"), tidemill.MALFORMED, "csv or ndjson")
    refused(convert(book, "-o", "-", "--json"), tidemill.MALFORMED, "--json")


def test_an_error_leaves_what_was_there(book, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("before")
    refused(convert(book, "-o", out, "--sheet", "Empty"), tidemill.NOT_FOUND)
    assert out.read_text() == "before" and list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing(tmp_path, how):
    big = openpyxl.Workbook(write_only=True)
    sheet = big.create_sheet("big")
    for row in range(40_000):
        sheet.append([row, f"text {row}", row / 7] * 5)
    big.save(tmp_path / "big.xlsx")
    out = tmp_path / "out"
    out.mkdir()
    for moment in range(8):
        child = tidemill.start("convert", tmp_path / "big.xlsx", "-o", out / "out.ndjson")
        try:
            child.wait(timeout=0.02 + moment * 0.05)
        except subprocess.TimeoutExpired:
            child.send_signal(how)
        text, _ = child.communicate(timeout=20)
        assert child.returncode in (0, tidemill.CANCELLED, -how), text
        assert [path.name for path in out.iterdir()] in ([], ["out.ndjson"])
        assert (child.returncode == 0) == bool(list(out.iterdir()))
        for path in out.iterdir():
            path.unlink()
