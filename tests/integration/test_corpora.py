# SPDX-License-Identifier: Apache-2.0
"""Every file of the shared data through `tidemill inspect`: none breaks it or keeps it busy, and what it prints are the
cells, runs and structure that independent readers found."""
import collections
import concurrent.futures
import contextlib
import dataclasses
import itertools
import json
import math
import os
import pathlib
import re
import resource
import signal
import subprocess

import pytest
from support import expected, ods_xml, tidemill, workbook_lines

SECONDS, MEMORY = 5, 512 << 20
OTHERS = {".tsv", ".md", ".xz", ".zip"}  # expectations and exchanges right in the folder, no workbooks
# What the witnesses are judged by, by the formats of expected-cells.tsv. Of xlsb and ods none saw runs or tables, and
# merges of ods rest on one that counts covered cells twice: there the twins in other formats and the XML itself judge.
EVERYTHING = {"cells", "runs", "merge", "table", "name"}
OF_XLSB = {"cells", "merge", "name"}
OF_ODS = {"cells", "name"}
JUDGED = {
    "xlsx": EVERYTHING,
    "xls8": EVERYTHING,
    "xls5": EVERYTHING,
    "xls4": EVERYTHING,
    "xls3": EVERYTHING,
    "xls2": EVERYTHING,
    "xls-bare": EVERYTHING,
    "xlsb": OF_XLSB,
    "ods": OF_ODS,
}
MADE_BY = {"2011", "2013", "2016"}  # folders of SheetJS: what these versions of Excel made of the files beside them


@dataclasses.dataclass
class Answer:
    """What the program made of a file."""

    file: str
    code: int
    said: str
    sheets: list = dataclasses.field(default_factory=list)  # of --cells
    facts: dict | None = None  # of --json


@contextlib.contextmanager
def memory_limit():
    """For programs that are started within; what this process has already is not touched."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def inspect(option, path):
    """(code, standard output, standard error); the code is "time-out" where it took too long."""
    with memory_limit():
        child = subprocess.Popen(
            tidemill.command("inspect", option, path), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=tidemill.environment(),
        )  # fmt: skip
    # Of its own work: how much of the machine others take meanwhile is no fault of the program.
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(child.pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        out, said = child.communicate(timeout=20 * SECONDS)
        if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return "time-out", b"", ""
        return child.returncode, out, said.decode(errors="replace")
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return "time-out", b"", ""


def ask(data, file):
    code, lines, said = inspect("--cells", data / file)
    answer = Answer(file, code, said)
    if lines:
        answer.sheets = workbook_lines.read(lines.splitlines())
    code, text, said = inspect("--json", data / file)
    if code != answer.code:
        answer.code, answer.said = f"{answer.code}, with --json {code}", answer.said + said
    elif text:
        answer.facts = json.loads(text)
    return answer


@pytest.fixture(scope="module")
def data():
    folder = pathlib.Path(os.environ.get("TIDEMILL_SHARED_DATA", "")).resolve()
    if not (folder / "expected-cells.tsv").is_file():
        pytest.skip("no corpora: TIDEMILL_SHARED_DATA does not name a folder with expected-cells.tsv")
    return folder


@pytest.fixture(scope="module")
def answers(program, data):
    """{file: answer} of every file there is."""
    paths = (path for path in sorted(data.rglob("*")) if path.is_file())
    names = [str(path.relative_to(data)) for path in paths if path.parent != data or path.suffix not in OTHERS]
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        found = pool.map(ask, [data] * len(names), names, chunksize=16)
        return {answer.file: answer for answer in found}


@pytest.fixture(scope="module")
def wanted(data):
    return expected.files(data)


def opened(wanted, what="cells"):
    """The files that others open, of the formats of which this is judged."""
    judged = {form for form, aspects in JUDGED.items() if what in aspects}
    return {name: file for name, file in wanted.items() if file.verdict == "opened" and file.format in judged}


def assert_none(faults, what):
    shown = "\n".join(map(str, faults[:40]))
    assert not faults, f"{len(faults)} {what}:\n{shown}"


def test_no_file_breaks_the_program(answers):
    assert len(answers) > 2700
    ends = {0, tidemill.MALFORMED, tidemill.UNSUPPORTED}
    assert_none([(a.file, a.code, a.said[:200]) for a in answers.values() if a.code not in ends], "files break it")


def test_a_refusal_says_why(answers):
    refused = [a for a in answers.values() if a.code != 0]
    # The file, or the file and the part within it; then the reason.
    silent = [a.file for a in refused if not re.search(re.escape(a.file) + r"(, [^:]+)?: .", a.said)]
    assert_none(silent, "refusals without file and reason")


def test_what_others_open_opens(answers, wanted):
    closed = [(name, answers[name].said) for name in opened(wanted) if answers[name].code != 0]
    assert_none(closed, "files do not open")


def test_encrypted_workbooks_are_refused_as_such_or_open_with_the_default_password(answers, wanted):
    encrypted = [answers[name] for name, file in wanted.items() if file.verdict == "encrypted"]
    assert len(encrypted) > 50
    odd = [a for a in encrypted if a.code != 0 and not (a.code == tidemill.UNSUPPORTED and "encrypted" in a.said)]
    assert_none([(a.file, a.code, a.said) for a in odd], "encrypted files are not refused as encrypted")


def test_cells_are_those_that_independent_readers_agree_on(answers, wanted):
    # That each of these differences is still there, src/workbook/corpus_test.cc sees to.
    known, faults = expected.KnownDifferences("known_differences.tsv"), []
    counts = collections.defaultdict(lambda: [0, 0])
    for name, file in opened(wanted).items():
        ours = [sheet.digest for sheet in answers[name].sheets]
        names = [workbook_lines.escaped(sheet.name) for sheet in answers[name].sheets]
        for index, sheet in enumerate(file.sheets):
            if sheet.digest == "-":
                continue
            same = index < len(ours) and ours[index] == sheet.digest and names[index] == sheet.name
            counts[file.format][0 if same else 1] += 1
            if not same and not known.excuse(name, index):
                faults.append(f"{name}\t{index}\t{sheet.name}: {ours[index : index + 1]}, expected {sheet.digest}")
    print({form: f"{same} sheets equal, {other} not" for form, (same, other) in counts.items()})
    assert_none(faults, "sheets differ")


def test_sheets_have_their_visibility(answers, wanted):
    faults = []
    for name, file in opened(wanted).items():
        ours = {workbook_lines.escaped(sheet.name): sheet.visibility for sheet in answers[name].sheets}
        for sheet in file.sheets:
            if sheet.name in ours and ours[sheet.name] != sheet.visibility:
                faults.append((name, sheet.name, ours[sheet.name], sheet.visibility))
    assert_none(faults, "sheets have another visibility")


def has_lines(form, kind):
    return kind == "worksheet" or (form in ("xlsx", "xlsb") and kind != "chart")


def test_counts_are_those_of_the_cell_lines(answers):
    faults = []
    for answer in answers.values():
        if answer.facts is None:
            continue
        worksheets = [sheet for sheet in answer.facts["sheets"] if has_lines(answer.facts["format"], sheet["type"])]
        for facts, lines in zip(worksheets, answer.sheets, strict=True):
            kinds = {kind: facts[long] for kind, long in zip("nsbe", ("numbers", "strings", "booleans", "errors"))}
            total = lines.sum
            same_sum = facts["numeric_sum"] == total or math.isclose(facts["numeric_sum"], total, rel_tol=1e-12)
            if (kinds, facts["string_bytes"], facts["cells"], same_sum) != (
                lines.kinds, lines.string_bytes, sum(lines.kinds.values()), True
            ):  # fmt: skip
                faults.append((answer.file, facts["name"], kinds, lines.kinds, facts["numeric_sum"], total))
    assert_none(faults, "sheets are counted otherwise than printed")


def test_runs_are_those_that_witnesses_saw(answers, wanted, data):
    known, faults, seen = expected.KnownDifferences("known_run_differences.tsv"), [], set()
    runs = expected.runs(data)
    for name in opened(wanted, "runs"):
        seen.add(name)
        ours = {
            (workbook_lines.escaped(sheet.name), *cell): found
            for sheet in answers[name].sheets
            for cell, found in sheet.script_cells.items()
        }
        for cell in sorted(runs[name].keys() | ours.keys()):
            if ours.get(cell) not in runs[name][cell] and not known.excuse(name, f"{cell[0]}!{cell[1]},{cell[2]}"):
                faults.append((name, cell, ours.get(cell), runs[name][cell]))
    assert_none(faults + known.unused(seen), "cells have other runs, or no longer have")


GRID = {"row0": 0, "col0": 0, "row1": 1_048_575, "col1": 16_383}


def box(entry):
    """Corners; whole rows and columns, which expected-structure writes as -1, reach to the end of the grid."""
    return tuple(GRID[corner] if int(entry[corner]) < 0 else int(entry[corner]) for corner in GRID)


def our_structure(facts, kind):
    """{(sheet, …)} of merges or tables, in the words of expected-structure."""
    found = set()
    for sheet in facts["sheets"] if facts else []:
        name = workbook_lines.escaped(sheet["name"])
        if kind == "merge":
            found |= {(name, *box(merge)) for merge in sheet["merges"]}
        else:
            found |= {
                (name, table["name"], *box(table), table["header_rows"], table["totals_rows"],
                 *map(workbook_lines.escaped, table["columns"]))
                for table in sheet["tables"]
            }
    return found


def their_structure(row):
    if row["type"] == "merge":
        return (row["sheet"], *box(row))
    detail = json.loads(row["detail"])
    return (row["sheet"], row["name"], *box(row), detail["header_rows"], detail["totals_rows"], *detail["columns"])


@pytest.mark.parametrize("kind", ["merge", "table"])
def test_structure_is_that_which_readers_saw(answers, wanted, data, kind):
    known, faults, seen = expected.KnownDifferences("known_structure_differences.tsv"), [], set()
    structure = expected.structure(data)
    for name in opened(wanted, kind):
        seen.add(name)
        ours = our_structure(answers[name].facts, kind)
        theirs = {their_structure(row) for row in structure[name][kind]}
        if ours != theirs and not known.excuse(name, kind):
            faults.append((name, "only ours", sorted(ours - theirs)[:3], "only theirs", sorted(theirs - ours)[:3]))
    assert_none(faults, f"files have other {kind}s")
    assert_none([entry for entry in known.unused(seen) if entry[1] == kind], "files no longer differ")


def plain(reference):
    """A reference as expected-structure compares them."""
    return "".join(reference.split()).translate({ord(c): None for c in "'$"}).casefold()


def listed(tables):
    return [(table["name"], table["range"], table["header_rows"], table["totals_rows"]) for table in tables]


def test_a_list_tells_the_sheets_tables_and_names_of_the_whole_reading(answers, wanted, data):
    """`inspect --list`, which reads no cell; names of columns that only cells say are left out (ods)."""
    faults, seen = [], set()
    for name in opened(wanted):
        facts = answers[name].facts
        if not any(sheet["tables"] for sheet in facts["sheets"]):
            continue
        seen.add(wanted[name].format)
        result = tidemill.tidemill("inspect", "--list", "--json", data / name)
        told = json.loads(result.stdout)
        ours = [(s["name"], s["visibility"], listed(s["tables"])) for s in told["sheets"]]
        whole = [(s["name"], s["visibility"], listed(s["tables"])) for s in facts["sheets"]]
        if ours != whole or told["names"] != facts["names"]:
            faults.append((name, ours, whole))
    assert seen >= {"xlsx", "xlsb", "ods"}
    assert_none(faults, "files are listed otherwise than read")


def test_names_are_those_that_two_readers_saw_alike(answers, wanted, data):
    """One reader alone spells formulas its own way: what two agree on must be there, and no name that none saw."""
    known, faults, seen = expected.KnownDifferences("known_structure_differences.tsv"), [], set()
    structure = expected.structure(data)
    for name in opened(wanted, "name"):
        seen.add(name)
        names = answers[name].facts["names"]
        # Escaped as expected-structure escapes them.
        ours = {
            tuple(map(workbook_lines.escaped, (n["name"].removeprefix("_xlnm."), plain(n["refers_to"])))) for n in names
        }
        rows = structure[name]["name"]
        theirs = {(row["name"], plain(row["detail"])) for row in rows if len(row["sources"]) > 1}
        lost = theirs - ours
        invented = {n for n, _ in ours} - {row["name"] for row in rows}
        if (lost or invented) and not known.excuse(name, "name"):
            faults.append((name, "not ours", sorted(lost)[:3], "only ours", sorted(invented)[:3]))
    assert_none(faults, "files have other names")
    assert_none([entry for entry in known.unused(seen) if entry[1] == "name"], "files no longer differ")


def test_merges_and_tables_of_ods_are_those_of_its_xml(answers, wanted, data):
    faults, seen = [], {"merges": 0, "tables": 0}
    for name in (name for name, file in opened(wanted).items() if file.format == "ods"):
        sheets = answers[name].facts["sheets"]
        ours = {
            "merges": {(sheet["name"], *box(merge)) for sheet in sheets for merge in sheet["merges"]},
            "tables": {(sheet["name"], table["name"], *box(table)) for sheet in sheets for table in sheet["tables"]},
        }
        for kind, found in ods_xml.structure(data / name).items():
            seen[kind] += len(found)
            if ours[kind] != found:
                faults.append((name, kind, sorted(ours[kind] - found)[:3], sorted(found - ours[kind])[:3]))
    assert min(seen.values()) > 30, seen
    assert_none(faults, "ods files have other merges or tables")


def twins(wanted):
    """Pairs of one workbook in two formats: same folder and stem, or made of it by a version of Excel."""
    by_stem = collections.defaultdict(list)
    for name in opened(wanted):
        path = pathlib.PurePath(name)
        by_stem[path.parent, path.stem].append(name)
        if path.parent.name in MADE_BY:
            by_stem[path.parent.parent, pathlib.PurePath(path.stem).stem].append(name)
    pairs = {tuple(sorted(pair)) for names in by_stem.values() for pair in itertools.combinations(names, 2)}
    return sorted(pair for pair in pairs if wanted[pair[0]].format != wanted[pair[1]].format)


def our_runs(answer):
    return {(sheet.name, *cell): runs for sheet in answer.sheets for cell, runs in sheet.script_cells.items()}


# Tables are structures of xlsx and xlsb alone; of ods any named range of data is one, and .xls has other records.
@pytest.mark.parametrize(("kind", "formats"), [
    ("merge", {"xls5", "xls8", "xlsx", "xlsb", "ods"}), ("runs", {"xls5", "xls8", "xlsx", "xlsb", "ods"}), ("table", {"xlsx", "xlsb"}),
])  # fmt: skip
def test_twins_in_two_formats_have_the_same_structure(answers, wanted, kind, formats):
    known, faults, seen, met = expected.KnownDifferences("known_twin_differences.tsv"), [], set(), 0
    for pair in twins(wanted):
        if not {wanted[name].format for name in pair} <= formats:
            continue
        found = [our_runs(answers[n]) if kind == "runs" else our_structure(answers[n].facts, kind) for n in pair]
        met += bool(found[0])
        seen.update(pair)
        if found[0] != found[1] and not known.excuse(pair[0], kind):
            faults.append((*pair, sorted(set(found[0]) ^ set(found[1]), key=str)[:4]))
    assert met
    assert_none(faults, f"twins have other {kind}s")
    assert_none([entry for entry in known.unused(seen) if entry[1] == kind], "twins no longer differ")
