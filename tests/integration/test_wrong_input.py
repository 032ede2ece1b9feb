# SPDX-License-Identifier: Apache-2.0
"""What goes wrong outside: each case ends with the right exit code, a message that names the place, and a store that
is as it was."""
import itertools
import os
import re
import resource
import signal
import socket
import subprocess

import openpyxl.utils
import pytest
from samples.editions import Spoil
from support import damage, sheets, sites, tidemill
from support.publisher import Publisher
from support.tidemill import assert_done, complaints, deaths, flow, latest, report, said

pytestmark = pytest.mark.usefixtures("program")

WHERE_2018 = "Figures for 2018"


@pytest.fixture
def before(filled):
    """What the store holds before something goes wrong."""
    return deaths(filled)


def assert_unharmed(store, before):
    """The version of before is the newest one, reads as it did, and nothing half-made lies about."""
    assert latest(store) == 0
    assert deaths(store) == before
    assert tidemill.strays(store) == []


def assert_nothing_published(store):
    assert latest(store) == -1
    assert not (store / "deaths_data.parquet").exists()
    assert tidemill.strays(store) == []


def ends_with(result, code, *words):
    assert result.returncode == code, f"exit {result.returncode}, expected {code}\n{said(result)}"
    for word in words:
        assert str(word) in complaints(result), f"{str(word)!r} is not in\n{complaints(result)[:2000]}"


def serve_instead(publisher, tmp_path, year, content):
    """From now on the publisher gives other bytes for the edition of a year."""
    edition = sites.edition_of(year)
    file = tmp_path / f"spoilt-{edition.file}"
    file.write_bytes(content)
    publisher.faults = [{"kind": "bytes", "path": f"*/{year}/{edition.file}", "file": str(file)}]


def address_of(year, code, period):
    """The cell in which a sample has a count: "C6"."""
    held = next(held for held in sites.sample_editions() if held.edition.year == year)
    cell = sheets.read(held.file, year)[code, period]
    return f"{openpyxl.utils.get_column_letter(cell.column)}{cell.row}"


# --- the network ------------------------------------------------------------------------------------------------------


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_dead_host(store):
    page = f"http://127.0.0.1:{closed_port()}/page"
    result = flow("run", store, None, "--page", page, "--retries", "0")
    ends_with(result, tidemill.UNAVAILABLE, page)
    assert_nothing_published(store)


def test_dead_host_leaves_what_is_there(filled, before):
    page = f"http://127.0.0.1:{closed_port()}/page"
    ends_with(flow("run", filled, None, "--page", page, "--retries", "0"), tidemill.UNAVAILABLE, page)
    assert_unharmed(filled, before)


def test_page_is_gone(publisher, store):
    result = flow("run", store, None, "--page", publisher.root + "/other")
    ends_with(result, tidemill.NOT_FOUND, "/other", "404")
    assert_nothing_published(store)


def test_page_is_a_file_that_does_not_exist(store, tmp_path):
    page = (tmp_path / "nowhere.html").as_uri()
    ends_with(flow("run", store, None, "--page", page), tidemill.NOT_FOUND, page, "the file does not exist")
    assert_nothing_published(store)


def test_page_without_editions(publisher, store, tmp_path):
    site = sites.make_site(tmp_path / "site", {})
    with Publisher(site, "state-1") as empty:
        ends_with(flow("run", store, empty), tidemill.NOT_FOUND, empty.page)
    assert_nothing_published(store)


def test_server_stays_out_of_order(publisher, store):
    publisher.faults = [{"kind": "status", "status": 500, "path": "*/2018/*"}]
    result = flow("run", store, publisher, "--retries", "0")
    ends_with(result, tidemill.UNAVAILABLE, "2018", "500")


@pytest.mark.parametrize(
    ("fault", "code", "word"),
    [
        ({"kind": "not-found"}, tidemill.NOT_FOUND, "404"),
        ({"kind": "html"}, tidemill.UNSUPPORTED, "html"),
        ({"kind": "status", "status": 403}, tidemill.FORBIDDEN, "403"),
    ],
    ids=lambda value: value.get("kind") if isinstance(value, dict) else None,
)
def test_one_edition_cannot_be_had(publisher, store, fault, code, word):
    publisher.faults = [{**fault, "path": "*/2018/*"}]
    result = flow("run", store, publisher, "--retries", "0")
    ends_with(result, code, "2018", word)
    years = {period[:4] for _, period in deaths(store)}
    assert years == {"2017", "2019", "2020", "2021", "2022"}


def assert_held_copy_is_used(result, year):
    assert_done(result)
    (entry,) = [entry for entry in report(result)["editions"] if entry["edition"] == str(year)]
    assert entry["outcome"] == "held" and entry["problem"]
    warned = [finding["edition"] for finding in report(result)["findings"] if finding["severity"] == "warn"]
    assert str(year) in warned


@pytest.mark.parametrize("kind", ["not-found", "html"])
def test_one_edition_vanishes_but_a_copy_is_held(publisher, filled, before, kind):
    publisher.faults = [{"kind": kind, "path": "*/2018/*"}]
    assert_held_copy_is_used(flow("run", filled, publisher), 2018)
    assert_unharmed(filled, before)


def test_connection_breaks_in_the_middle(publisher, store):
    publisher.faults = [{"kind": "truncate", "bytes": 20_000, "path": "*/2018/*"}]
    result = flow("run", store, publisher, "--retries", "0")
    ends_with(result, tidemill.UNAVAILABLE, "2018")
    assert not any(period.startswith("2018") for _, period in deaths(store))


# --- the workbooks ----------------------------------------------------------------------------------------------------


truncated = pytest.mark.parametrize(("year", "part"), list(itertools.product([2018, 2021], [0.02, 0.5, 0.95])))


def serve_truncated(publisher, tmp_path, year, part):
    content = sites.workbook(sites.edition_of(year))
    serve_instead(publisher, tmp_path, year, content[: int(len(content) * part)])


@truncated
def test_truncated_workbook_is_none(publisher, store, tmp_path, year, part):
    serve_truncated(publisher, tmp_path, year, part)
    ends_with(flow("run", store, publisher), tidemill.UNSUPPORTED, sites.edition_of(year).file, "cannot be read")
    assert {period[:4] for _, period in deaths(store)} == {"2017", "2018", "2019", "2020", "2021", "2022"} - {str(year)}


@truncated
def test_truncated_workbook_does_not_replace_a_copy(publisher, filled, before, tmp_path, year, part):
    serve_truncated(publisher, tmp_path, year, part)
    assert_held_copy_is_used(flow("run", filled, publisher), year)
    assert_unharmed(filled, before)


def run_with_one_edition(store, tmp_path, year, content):
    site = sites.make_site(tmp_path / "site", {sites.edition_of(year): content})
    with Publisher(site, "state-1") as publisher:
        return flow("run", store, publisher, "--retries", "0")


@pytest.mark.parametrize("year", [2018, 2021])
@pytest.mark.parametrize("seed", range(16))
def test_flipped_bits_never_change_a_figure(store, tmp_path, year, seed):
    content = sites.workbook(sites.edition_of(year))
    result = run_with_one_edition(store, tmp_path, year, damage.flip_bits(content, seed))
    if result.returncode == 0:  # the bits were of no account: a style, a note, a name
        held = next(held for held in sites.sample_editions() if held.edition.year == year)
        wanted = {key: cell.count for key, cell in sheets.read(held.file, year).items()}
        assert deaths(store) == wanted
        return
    assert result.returncode in (
        tidemill.MALFORMED, tidemill.CHECK_FAILED, tidemill.HELD, tidemill.UNSUPPORTED,
    ), said(result)  # fmt: skip
    assert str(year) in said(result)
    assert_nothing_published(store)


def test_part_with_a_wrong_checksum(store, tmp_path):
    content = damage.wrong_checksum(sites.workbook(sites.edition_of(2021)))
    result = run_with_one_edition(store, tmp_path, 2021, content)
    assert result.returncode in (tidemill.CHECK_FAILED, tidemill.HELD), said(result)
    (finding,) = [finding for finding in report(result)["findings"] if "crc-mismatch" in finding["message"]]
    assert finding["severity"] in ("fail", "hold") and "sheet3.xml" in finding["message"]
    assert_nothing_published(store)


def test_zip_bomb(store, tmp_path):
    bomb = damage.zip_bomb(sites.workbook(sites.edition_of(2021)))  # 256 MB in a part
    assert len(bomb) < 1_000_000
    site = sites.make_site(tmp_path / "site", {sites.edition_of(2021): bomb})
    with Publisher(site, "state-1") as publisher:
        line = ["run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0", "--json"]
        result, kilobytes = tidemill.measured(*line, into=tmp_path / "memory")
    ends_with(result, tidemill.TOO_LARGE, sites.edition_of(2021).file)
    assert_nothing_published(store)
    assert kilobytes < 150_000


@pytest.mark.parametrize("year", [2018, 2021])
def test_sheet_is_missing(publisher, filled, before, tmp_path, year):
    serve_instead(publisher, tmp_path, year, sites.workbook(sites.edition_of(year), Spoil(sheet="Nothing here")))
    result = flow("run", filled, publisher)
    ends_with(result, tidemill.CHECK_FAILED, sites.edition_of(year).file, "Nothing here")
    assert_unharmed(filled, before)


SPOILT = {
    "a count is off": (Spoil(counts={("E07000105", 3): 1}), "E10000016", "2018-03"),
    "a county is off": (Spoil(counts={("E10000016", 3): -1}), "E10000016", "2018-03"),
    "the nation is off": (Spoil(counts={("K04000001", 7): 1}), "K04000001", "2018-07"),
    "an unknown sign": (Spoil(texts={("E07000105", 3): "??"}), "E07000105", "2018-03"),
    "a negative count": (Spoil(counts={("E06000053", 3): -900}), "E06000053", "2018-03"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_spoilt_count_fails_and_names_its_cell(publisher, filled, before, tmp_path, case):
    spoil, code, period = SPOILT[case]
    serve_instead(publisher, tmp_path, 2018, sites.workbook(sites.edition_of(2018), spoil))
    result = flow("run", filled, publisher)
    ends_with(result, tidemill.CHECK_FAILED, f"{WHERE_2018}", address_of(2018, code, period))
    assert report(result)["outcome"] == "check-failed"
    assert_unharmed(filled, before)


@pytest.mark.parametrize(
    "spoil",
    [
        Spoil(month_texts={5: "Apr-18"}),
        Spoil(month_texts={5: "May-17"}),
        Spoil(month_texts={5: "Maybe-18"}),
        Spoil(leave_out=("E07000105",)),
        Spoil(texts={("E07000105", 3): None}),
    ],
    ids=["month twice", "month of another year", "no month", "row left out", "count left out"],
)
def test_spoilt_layout_fails(publisher, filled, before, tmp_path, spoil):
    serve_instead(publisher, tmp_path, 2018, sites.workbook(sites.edition_of(2018), spoil))
    ends_with(flow("run", filled, publisher), tidemill.CHECK_FAILED, sites.edition_of(2018).file)
    assert_unharmed(filled, before)


def test_known_difference_must_be_exact(publisher, filled, before, tmp_path):
    serve_instead(publisher, tmp_path, 2018, sites.workbook(sites.edition_of(2018), total_off={1: 17, 2: 3}))
    result = flow("run", filled, publisher)
    ends_with(result, tidemill.CHECK_FAILED, address_of(2018, tidemill.TOTAL, "2018-01"))
    assert_unharmed(filled, before)


def test_known_difference_that_is_gone_warns(publisher, store, tmp_path):
    serve_instead(publisher, tmp_path, 2018, sites.workbook(sites.edition_of(2018), total_off={}))
    result = assert_done(flow("run", store, publisher))
    stale = [finding for finding in report(result)["findings"] if finding["slug"] == "exception-stale"]
    assert stale and {finding["severity"] for finding in stale} == {"warn"}


def test_edition_under_the_address_of_another_year(publisher, filled, before, tmp_path):
    serve_instead(publisher, tmp_path, 2018, sites.workbook(sites.edition_of(2017)))
    ends_with(flow("run", filled, publisher), tidemill.CHECK_FAILED, sites.edition_of(2018).file)
    assert_unharmed(filled, before)


def test_large_revision_is_held_until_accepted(publisher, filled, before, tmp_path):
    changed = sites.workbook(sites.edition_of(2017), revised={("E07000105", 3): 60})
    serve_instead(publisher, tmp_path, 2017, changed)
    result = flow("run", filled, publisher)
    ends_with(result, tidemill.HELD, "--accept")
    held = [finding["id"] for finding in report(result)["findings"] if finding["severity"] == "hold"]
    assert held
    assert_unharmed(filled, before)
    accepted = [argument for finding in held for argument in ("--accept", finding)]
    assert_done(flow("run", filled, publisher, *accepted))
    assert latest(filled) == 1
    assert deaths(filled)["E07000105", "2017-03"] == before["E07000105", "2017-03"] + 60


def test_failed_check_cannot_be_accepted(publisher, filled, before, tmp_path):
    spoil = Spoil(counts={("E07000105", 3): 1})
    serve_instead(publisher, tmp_path, 2018, sites.workbook(sites.edition_of(2018), spoil))
    failed = [finding["id"] for finding in report(flow("run", filled, publisher))["findings"]]
    accepted = [argument for finding in failed for argument in ("--accept", finding)]
    ends_with(flow("run", filled, publisher, *accepted), tidemill.CHECK_FAILED)
    assert_unharmed(filled, before)


# --- the store --------------------------------------------------------------------------------------------------------


def later_run(publisher, store):
    publisher.switch("state-2")
    return tidemill.command(
        "run", tidemill.RECIPE, "--store", store, "--page", publisher.page, "--pause", "0", "--retries", "0"
    )


@damage.needs_mounts
@pytest.mark.parametrize("kilobytes", [8, 40, 80, 120, 200])
def test_disk_is_full(publisher, filled, before, kilobytes):
    command = later_run(publisher, filled)
    result = damage.on_small_disk(command, filled, kilobytes, tidemill.environment())
    if kilobytes < 40:  # not even the changed workbook fits
        ends_with(result, tidemill.UNAVAILABLE, filled)
    if result.returncode == 0:
        assert latest(filled) == 1, said(result)
    else:
        assert result.returncode == tidemill.UNAVAILABLE, said(result)
        assert latest(filled) in (0, 1)
    assert deaths(filled, 0) == before
    assert_done(flow("run", filled, publisher))
    assert latest(filled) == 1
    assert deaths(filled, 0) == before


def test_files_may_not_grow(publisher, filled, before):
    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16 << 10, 16 << 10))

    publisher.switch("state-2")
    result = flow("run", filled, publisher, "--retries", "0", preexec_fn=small_files)
    assert result.returncode in (tidemill.UNAVAILABLE, tidemill.TOO_LARGE), said(result)
    assert str(filled) in said(result)
    assert_unharmed(filled, before)


@damage.needs_mounts
def test_store_is_read_only(publisher, filled, before):
    result = damage.on_read_only_disk(later_run(publisher, filled), filled, tidemill.environment())
    ends_with(result, tidemill.FORBIDDEN, filled)
    assert_unharmed(filled, before)


@pytest.mark.skipif(os.geteuid() == 0, reason="permission bits do not bind root")
def test_store_may_not_be_written(publisher, filled, before):
    folders = [filled, *(path for path in filled.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    publisher.switch("state-2")
    result = flow("run", filled, publisher, "--retries", "0")
    for folder in folders:
        folder.chmod(0o755)
    ends_with(result, tidemill.FORBIDDEN, filled)
    assert_unharmed(filled, before)


def test_store_is_a_file(publisher, store):
    store.write_text("mine", encoding="utf-8")
    result = flow("run", store, publisher, "--retries", "0")
    assert result.returncode in (tidemill.MALFORMED, tidemill.CONFLICT, tidemill.FORBIDDEN), said(result)
    assert str(store) in said(result)
    assert store.read_text(encoding="utf-8") == "mine"


def test_store_of_an_unknown_kind(publisher, tmp_path):
    result = flow("run", "ftp://host/x", publisher, cwd=tmp_path)
    ends_with(result, tidemill.UNSUPPORTED, "ftp://host/x")
    assert list(tmp_path.iterdir()) == []


def test_store_in_a_cloud_without_a_key(publisher, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    result = flow("run", "s3://bucket/x", publisher, cwd=tmp_path)
    ends_with(result, tidemill.FORBIDDEN, "AWS_ACCESS_KEY_ID")
    assert list(tmp_path.iterdir()) == []


def test_broken_log_is_named(publisher, filled):
    (log,) = tidemill.log_files(filled)
    log.write_text("{ this is no JSON\n", encoding="utf-8")
    publisher.switch("state-2")
    ends_with(flow("run", filled, publisher), tidemill.MALFORMED, log.name)
    assert latest(filled) == 0


# --- the command ------------------------------------------------------------------------------------------------------


def recipe_with(tmp_path, old, new):
    text = tidemill.RECIPE.read_text(encoding="utf-8")
    assert old in text
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(text.replace(old, new, 1), encoding="utf-8")
    return recipe


def test_unknown_key_in_a_recipe(publisher, store, tmp_path):
    recipe = recipe_with(tmp_path, "sheet.pick", "sheet.pik")
    line = next(number for number, text in enumerate(recipe.read_text().splitlines(), 1) if "sheet.pik" in text)
    result = flow("run", store, publisher, recipe=recipe)
    ends_with(result, tidemill.MALFORMED, f"{recipe}:{line}:", "pik", "pick")
    assert publisher.requests == [] and not store.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recipe    = 1", "recipe    = 2"),
        ("E92000001 = sum(E12*)", "E92000001 = sum(E12*"),
        ('values     = ">= 0"', 'values     = ">= zero"'),
        ('publisher = "Office', "publisher = Office"),
    ],
    ids=["another language", "bracket not closed", "no range", "no TOML"],
)
def test_broken_recipe(publisher, store, tmp_path, old, new):
    recipe = recipe_with(tmp_path, old, new)
    ends_with(flow("run", store, publisher, recipe=recipe), tidemill.MALFORMED, f"{recipe}:")
    assert publisher.requests == [] and not store.exists()


def test_recipe_is_a_folder(publisher, store, tmp_path):
    for folder in (tmp_path, f"{tmp_path}/"):
        ends_with(flow("run", store, publisher, recipe=folder), tidemill.MALFORMED, folder, "is a folder, expected")
    assert_nothing_published(store)


def test_recipe_is_not_there(publisher, store, tmp_path):
    missing = tmp_path / "none.toml"
    ends_with(flow("run", store, publisher, recipe=missing), tidemill.NOT_FOUND, missing)
    assert not store.exists()


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["run", tidemill.RECIPE, "--nonsense"], ["nonsense"], ["run", tidemill.RECIPE, "--pause", "x"]],
)
def test_wrong_usage(arguments):
    result = tidemill.tidemill(*arguments)
    assert result.returncode == tidemill.MALFORMED, said(result)
    assert said(result)


def test_port_is_in_use(first_run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = tidemill.tidemill("serve", first_run[0], "--port", port, timeout=20)
    ends_with(result, tidemill.CONFLICT, port, "in use")


def test_nothing_to_serve(tmp_path):
    result = tidemill.tidemill("serve", tmp_path / "none", "--port", "0", timeout=20)
    ends_with(result, tidemill.NOT_FOUND, tmp_path / "none")


def test_one_of_two_cannot_be_served(first_run, tmp_path):
    (tmp_path / "spoilt.parquet").write_bytes(b"PAR1 no more")
    with tidemill.Service(first_run[0], tmp_path / "spoilt.parquet") as service:
        assert service.get("/readyz")[0] == 503
    assert "spoilt is not served and will be tried again: " in service.begun


def test_a_role_for_no_column(first_run):
    result = tidemill.tidemill("serve", first_run[0], "--port", "0", "--columns", "deths=measure", timeout=20)
    ends_with(result, tidemill.NOT_FOUND, "--columns deths=measure", "no dataset has a column 'deths', did you mean 'deaths'?")


@pytest.mark.parametrize("words", [("dataset", "ls"), ("dataset", "show", tidemill.TABLE), ("dataset", "ls", "--json"),
                                   ("run", tidemill.RECIPE, "--offline", "--json")])
def test_standard_output_is_full(first_run, words):
    with open("/dev/full", "w", encoding="utf-8") as full:
        result = subprocess.run(tidemill.command(*words, "--store", first_run[0]), stdout=full, stderr=subprocess.PIPE, text=True,
                                timeout=60, env=tidemill.environment(), check=False)
    assert result.returncode == tidemill.UNAVAILABLE, result.stderr
    assert "tidemill: standard output takes no more" in result.stderr


def test_report_goes_to_stdout_and_complaints_to_stderr(publisher, store):
    publisher.faults = [{"kind": "not-found", "path": "*/2018/*"}]
    result = flow("run", store, publisher)
    assert report(result)["error"] in result.stderr


@pytest.mark.parametrize(("words", "expected"), [
    ([], ["tidemill: a command is missing; there are: run, extract"]),
    (["rnu"], ["tidemill: unknown command 'rnu', did you mean 'run'?", "'tidemill --help' tells the usage"]),
    (["nonsense"], ["unknown command 'nonsense'; there are: run, extract"]),
    (["recipe", "chek", "a"], ["tidemill recipe: unknown command 'chek', did you mean 'check'?", "'tidemill recipe --help'"]),
    (["run"], ["tidemill run: RECIPE is required", "'tidemill run --help'"]),
    (["run", "a", "--stor", "x"], ["tidemill run: unknown option '--stor', did you mean '--store'?"]),
    (["serve", "--prot", "1"], ["unknown option '--prot', did you mean '--port'?"]),
    (["serve", "x", "--port", "abc"], ["--port: Value abc not in range 0 to 65535"]),
    (["dataset", "diff", "deaths", "a", "b"], ["VERSIONS: Value a not in range 0 to"]),
    (["dataset", "show", "a", "b"], ["'b' is one word too many"]),
])
def test_a_command_line_that_cannot_be_read_is_told_what_was_expected(words, expected):
    ends_with(tidemill.tidemill(*words), 2, *expected)


def commands_below(*words):
    """Every command that does something, as the help lists them."""
    text = tidemill.tidemill(*words, "--help").stdout
    below = re.findall(r"^  ([a-z][a-z-]*) ", text.split("Subcommands:")[1], re.MULTILINE) if "Subcommands:" in text else []
    return [found for name in below for found in commands_below(*words, name)] or [(words, text)]


def test_every_commands_help_has_an_example():
    found = commands_below()
    assert len(found) > 90
    assert [words for words, text in found if f"  tidemill {' '.join(words)}" not in text] == []


def test_up_finds_the_port_of_its_data_taken_before_it_begins(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = tidemill.tidemill("up", "--data", tmp_path, "--port", "0", "--data-port", port, timeout=20)
    ends_with(result, tidemill.CONFLICT, port, "in use")


@pytest.mark.parametrize("words", [("--edition", "2019..2017"), ("--edition", "a..b")])
def test_editions_that_are_no_range_are_refused_not_run(words):
    result = tidemill.tidemill("deployment", "backfill", "main-flow/x", *words)
    ends_with(result, tidemill.MALFORMED, words[1], "is no range, expected one such as 2006..2015")
