# SPDX-License-Identifier: Apache-2.0
"""The recipes of further publishers by the program: their workbooks on the command line, their tables read by others.

tests/publishers holds a folder a table: what must come of it, with cells checked by hand.
"""
import json
import os
import pathlib

import deltalake
import pytest
from support import tidemill

pytestmark = pytest.mark.usefixtures("program")

FOLDERS = sorted(path.parent.name for path in (tidemill.ROOT / "tests" / "publishers").glob("*/scenario.tsv"))


def lines(path):
    text = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in text if line and not line.startswith("#")]


def shown(value):
    if value is None:
        return "null"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", FOLDERS)
def test_is_published_as_checked_by_hand(name, tmp_path):
    folder = tidemill.ROOT / "tests" / "publishers" / name
    scenario = lines(folder / "scenario.tsv")
    data = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", ""))
    files = [data / line[1] for line in scenario if line[0] == "input"]
    if not all(file.is_file() for file in files):
        pytest.skip("no workbooks: TIDEMILL_SHARED_DATA does not name a folder with them")
    facts = {line[0]: line[1] for line in scenario}
    recipe = tidemill.ROOT / "recipes" / f"{facts['recipe']}.toml"
    run = tidemill.flow("run", tmp_path / "store", None, *files, recipe=recipe)
    tidemill.assert_done(run)
    report = json.loads(run.stdout)
    assert sum(edition["rows"] for edition in report["editions"]) == report["tables"][0]["rows"]

    tables = [path for path in (tmp_path / "store").iterdir() if (path / "_delta_log").is_dir()]
    rows = deltalake.DeltaTable(tables[0]).to_pyarrow_table().to_pylist()
    assert len(tables) == 1 and len(rows) == int(facts["rows"])
    head, *expected = lines(folder / "expected.tsv")
    bar = head.index("|")
    keys, values = head[:bar], [column for column in head[bar + 1 :] if column != "cell"]
    by_key = {tuple(shown(row[column]) for column in keys): row for row in rows}
    for line in expected:
        row = by_key[tuple(line[:bar])]
        assert [shown(row[column]) for column in values] == [line[head.index(column)] for column in values], line
