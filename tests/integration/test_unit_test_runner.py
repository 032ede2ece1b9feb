# SPDX-License-Identifier: Apache-2.0
"""What `./dev test --quick` leaves out: test programs that passed as they are now."""
import os
import subprocess
import sys

import pytest

from support import tidemill

TOOL = tidemill.ROOT / "tools" / "run_unit_tests.py"


class Tree:
    """A build with two test programs that write down that they ran, and data that they read."""

    def __init__(self, folder):
        self.build, self.data, self.ran = folder / "build", folder / "data", folder / "ran.txt"
        self.build.mkdir()
        self.data.mkdir()
        for name in ("one", "two"):
            self.write_program(name)
        (self.build / "CTestTestfile.cmake").write_text("".join(f'add_test({name} "{self.build / name}")\n' for name in ("one", "two")))

    def write_program(self, name, status=0):
        program = self.build / name
        program.write_text(f"#!/bin/sh\necho {name} >>'{self.ran}'\nexit {status}\n")
        program.chmod(0o755)

    def run(self, *options):
        """The status, and what ran."""
        self.ran.write_text("")
        status = subprocess.run([sys.executable, TOOL, self.build, *options], capture_output=True,
                                env=os.environ | {"TIDEMILL_SHARED_DATA": str(self.data)}).returncode  # fmt: skip
        return status, sorted(self.ran.read_text().split())


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_a_program_that_passed_as_it_is_now_is_left_out(tree):
    assert tree.run("--changed") == (0, ["one", "two"])
    assert tree.run("--changed") == (0, [])
    tree.write_program("two")
    assert tree.run("--changed") == (0, ["two"])


def test_all_run_where_only_what_changed_was_not_asked_for(tree):
    assert tree.run() == (0, ["one", "two"])
    assert tree.run() == (0, ["one", "two"])
    assert tree.run("--changed") == (0, [])


def test_a_program_that_failed_runs_again(tree):
    tree.write_program("one", status=1)
    assert tree.run("--changed") == (8, ["one", "two"])
    assert tree.run("--changed") == (8, ["one"])


@pytest.mark.parametrize("change", [lambda data: (data / "new.txt").write_text("1"), lambda data: (data / "old.txt").unlink()])
def test_all_run_when_the_data_changed(tree, change):
    (tree.data / "old.txt").write_text("1")
    assert tree.run() == (0, ["one", "two"])
    change(tree.data)
    assert tree.run("--changed") == (0, ["one", "two"])


def test_notes_that_were_cut_short_are_not_believed(tree):
    assert tree.run() == (0, ["one", "two"])
    (tree.build / "passed.json").write_text('{"one": [1')
    assert tree.run("--changed") == (0, ["one", "two"])
