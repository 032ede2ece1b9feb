# SPDX-License-Identifier: Apache-2.0
"""Workbooks made to hurt: each is refused with its reason or read within bounds, by the program as a user runs it."""
import json

import pytest
from support import hostile, tidemill

pytestmark = pytest.mark.usefixtures("program")

SECONDS, KILOBYTES = 1, 64_000  # of CPU; of memory, with the file itself, which is mapped
# What is said of each; None: it is read whole. A sheet that is refused leaves the others readable.
SAID = {
    "entities.xlsx": "document type",
    "entities.ods": "document type",
    "entities.xml": "document type",
    "blanks.xlsx": "bomb",
    "blanks.ods": "bomb",
    "strings.xlsx": "bomb",
    "overlapping.xlsx": "overlap",
    "looping.xls": "loop",
    "repeats.ods": "limit",
    "deep.ods": None,  # the sheet ends early, and an issue says so
    "corner.xlsx": None,
    "merged.xlsx": None,
    "merged.ods": None,
    "merges.xlsx": None,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    made = hostile.files()
    assert made.keys() == SAID.keys()
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("option", ["--json", "--cells", "--list"])
@pytest.mark.parametrize("name", SAID)
def test_is_refused_or_read_within_bounds(files, tmp_path, name, option):
    result, kilobytes, seconds = tidemill.costs("inspect", option, files / name, into=tmp_path / "costs")
    code, output = result.returncode, tidemill.said(result)
    assert seconds < SECONDS and kilobytes < KILOBYTES
    assert code in (0, tidemill.MALFORMED, tidemill.UNSUPPORTED), output[:500]
    if SAID[name] is None:
        assert code == 0, output[:500]
    elif option != "--list":  # which reads no sheet
        assert code != 0 and SAID[name] in output, output[:500]


def test_merges_of_the_whole_grid_stay_ranges(files):
    for name in ("merged.xlsx", "merged.ods"):
        result = tidemill.assert_done(tidemill.tidemill("inspect", "--json", files / name))
        (sheet,) = json.loads(result.stdout)["sheets"]
        assert [merge["range"] for merge in sheet["merges"]] == ["A1:XFD1048576"]
