# SPDX-License-Identifier: Apache-2.0
"""recipe new, check, explain and lock as a user types them. What becomes of which real file: tests/drafts/expected.tsv."""
import csv
import json
import os
import pathlib

import pytest
from support import sites, tidemill
from support.tidemill import ROOT, assert_done, flow

pytestmark = pytest.mark.usefixtures("program")

with (ROOT / "tests/drafts/expected.tsv").open(encoding="utf-8", newline="") as table:
    DRAFTS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def recipe(*arguments, code=0, **options):
    result = tidemill.tidemill("recipe", *arguments, **options)
    assert result.returncode == code, f"exit {result.returncode}\n{tidemill.said(result)}"
    return result


def told(draft):
    """A draft in the words of the table."""
    decisions = {decision["about"]: decision for decision in draft["decisions"]}
    last = draft["decisions"][-1] if draft["outcome"] == "unsure" else {"about": "", "choice": "", "runner_up": ""}
    return {
        "outcome": draft["outcome"],
        "sheet": decisions["sheet"]["choice"],
        "table": decisions.get("table", {}).get("choice", ""),
        "unsure": last["about"],
        "first": last["choice"],
        "second": last.get("runner_up", ""),
    }


@pytest.mark.parametrize("expected", DRAFTS, ids=lambda row: f"{pathlib.Path(row['file']).stem} {row['options']}".strip())
def test_what_becomes_of_a_real_file(expected):
    shared = os.environ.get("TIDEMILL_SHARED_DATA", "")
    path = pathlib.Path(shared) / expected["file"]
    if not shared or not path.is_file():
        pytest.skip("TIDEMILL_SHARED_DATA does not name a folder with this file")
    options = expected["options"].split("|") if expected["options"] else []
    code = {"drafted": 0, "left-to-decide": 3, "unsure": 4, "refused": None}[expected["outcome"]]
    result = tidemill.tidemill("recipe", "new", path, *options, "--json")
    if code is None:
        assert result.returncode in (2, 9) and expected["first"] in result.stderr
        return
    assert result.returncode == code, tidemill.said(result)
    draft = tidemill.from_json(result.stdout)
    seen = told(draft)
    assert {name: seen[name] for name in ("outcome", "sheet", "table", "unsure", "first")} == {
        name: expected[name] for name in ("outcome", "sheet", "table", "unsure", "first")}
    assert seen["second"].startswith(expected["second"])
    for decision in draft["decisions"]:
        assert 0 <= decision["confidence"] <= 1 and decision["reason"]
    if draft["outcome"] == "drafted":
        assert draft["accounting"]["unaccounted"] == 0 and not draft["left"]


SAMPLE = sites.SAMPLES / "files/2018/samplepublished2018.xls"


@pytest.fixture(scope="module")
def drafted(program, tmp_path_factory):
    file = tmp_path_factory.mktemp("draft") / "drafted.toml"
    recipe("new", SAMPLE, "--set", "year=2018", "-o", file)
    return file


def test_a_draft_is_a_recipe_that_reads_its_workbook(drafted):
    recipe("check", drafted)
    explained = tidemill.from_json(recipe("explain", drafted, SAMPLE, "--set", "year=2018", "--json").stdout)
    assert explained["bound"] and explained["accounting"]["unaccounted"] == 0
    assert not [finding for finding in explained["findings"] if finding["severity"] == "fail"]


def test_a_draft_goes_to_standard_output_alone(tmp_path):
    result = recipe("new", SAMPLE, "--set", "year=2018")
    file = tmp_path / "piped.toml"
    file.write_text(result.stdout, encoding="utf-8")
    recipe("check", file)
    assert "sheet" in result.stderr


@pytest.mark.parametrize(
    ("head", "rows", "asks"),
    [
        ("Area,2019,2020,2021", ("North,1.234,2.345,3.456", "South,4.567,5.678,6.789"), True),  # under an axis
        ("Area,2019,2020,2021", ("North,1.234,2.3,3.456", "South,4.567,5.678,6.789"), False),  # 2.3 parts no thousands
        ("Area,Births", ("North,1.234", "South,4.567", "West,5.678"), True),  # below a header
    ],
)
def test_new_asks_what_a_point_between_three_digits_is(tmp_path, head, rows, asks):
    file = tmp_path / "births.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    drafted = tidemill.said(tidemill.tidemill("recipe", "new", file))
    assert ("texts such as 1.234" in drafted) == asks, drafted


def test_new_refuses_a_name_before_anything_is_written(tmp_path):
    draft = tmp_path / "draft.toml"
    told_of = recipe("new", SAMPLE, "--set", "year=2018", "--name", "Bad Name", "-o", draft, code=2)
    said = tidemill.said(told_of)
    assert "--name: 'Bad Name'" in said and "expected parts of a-z, 0-9 and '-' joined by '/'" in said
    assert not draft.exists()


def test_new_of_what_is_no_workbook(tmp_path):
    text = tmp_path / "notes.xls"
    text.write_text("<!DOCTYPE html><title>404</title>", encoding="utf-8")
    assert "html" in recipe("new", text, code=9).stderr
    recipe("new", tmp_path / "none.xls", code=5)
    assert "there are" in (told_of := recipe("new", SAMPLE, "--sheet", "Figures for 2081", code=5).stderr)
    assert "Figures for 2018" in told_of


def test_explain_says_why_it_does_not_bind(drafted):
    result = recipe("explain", drafted, SAMPLE, "--set", "year=2018", "--sheet", "Terms and conditions", "--json", code=3)
    explained = tidemill.from_json(result.stdout)
    assert not explained["bound"] and "table-missing" in explained["error"]
    assert [sheet["sheet"] for sheet in explained["sheets"]] == ["Terms and conditions"]


@pytest.mark.parametrize("command", [("explain",), ("new",)])
def test_a_capture_of_an_unknown_name_is_refused(drafted, command):
    files = [drafted, SAMPLE] if command == ("explain",) else [SAMPLE]
    said = tidemill.said(recipe(*command, *files, "--set", "yaer=2018", code=2))
    assert "--set: no capture is named 'yaer', did you mean 'year'?" in said


def test_explain_writes_a_page_that_stands_alone(drafted, tmp_path):
    page = tmp_path / "explained.html"
    recipe("explain", drafted, SAMPLE, "--set", "year=2018", "--html", page)
    html = page.read_text(encoding="utf-8")
    assert "Figures for 2018" in html and "http://" not in html and "https://" not in html
    assert "<script src" not in html and "<link" not in html


def test_lock_is_written_compared_and_says_what_differs(store, publisher, tmp_path):
    own = tmp_path / "deaths.toml"
    own.write_bytes(tidemill.RECIPE.read_bytes())
    lock = tmp_path / "deaths.lock.toml"
    assert "nothing of recipe" in recipe("lock", own, "--store", store, code=5).stderr
    assert_done(flow("run", store, publisher, "--update-lock", recipe=own))
    assert lock.is_file()
    recipe("lock", own, "--store", store, "--check")
    text = lock.read_text(encoding="utf-8")
    lock.write_text(text.replace("'Figures for 2018'", "'Figures for 2081'").replace('"Figures for 2018"',
                                                                                     '"Figures for 2081"'),
                    encoding="utf-8")
    assert lock.read_text(encoding="utf-8") != text
    result = recipe("lock", own, "--store", store, "--check", code=3)
    assert "edition 2018" in result.stdout and "2081" in result.stdout
    held = flow("run", store, publisher, recipe=own)
    assert held.returncode == tidemill.HELD and "binding-changed" in tidemill.complaints(held)
    recipe("lock", own, "--store", store)
    assert lock.read_text(encoding="utf-8") == text
    assert_done(flow("run", store, publisher, recipe=own))


def test_check_names_what_cannot_be_read(tmp_path):
    assert "none.toml" in recipe("check", tmp_path / "none.toml", code=5).stderr
    assert "is a folder" in recipe("check", tmp_path, code=2).stderr
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'recipe = 1\nname = "a"\ntitle = "Todesf\xe4lle"\n')
    assert f"{latin}:3:15: " in (fault := recipe("check", latin, code=2).stderr) and "utf-8" in fault
    empty = tmp_path / "empty.toml"
    empty.write_bytes(b"")
    assert f"{empty}:1:1: " in recipe("check", empty, code=2).stderr
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 300_000)
    recipe("check", large, code=9)


def test_check_goes_on_behind_a_file_that_is_missing(tmp_path):
    result = recipe("check", tmp_path / "none.toml", tidemill.RECIPE, code=5)
    assert "is a recipe" in result.stdout


def test_check_finds_all_faults_and_the_nearest_key(tmp_path):
    file = tmp_path / "faulty.toml"
    file.write_text(tidemill.RECIPE.read_text(encoding="utf-8").replace("table.anchor", "table.anchr")
                    .replace("source.not_final", "source.notfinal"), encoding="utf-8")
    faults = recipe("check", file, code=2).stderr
    assert "anchor" in faults and "not_final" in faults and faults.count(f"{file}:") == 2
