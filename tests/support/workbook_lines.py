# SPDX-License-Identifier: Apache-2.0
"""What `tidemill inspect --cells` prints, put back into the form of expected-cells.md: dumps, digests, script runs."""
import hashlib
import json
import math

SCRIPTS = ("super", "sub")
AT_ONCE = 10_000  # lines: a call for each line would be most of the work


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


class SheetLines:
    """One worksheet's lines: the digest of its dump, cells by kind, and its cells with super- or subscript."""

    def __init__(self, head):
        self.name, self.visibility = head["sheet"], head["visibility"]
        self.kinds = dict.fromkeys("nsbe", 0)
        self.sum, self.string_bytes, self.digest = None, 0, None
        self.script_cells = {}  # (row, column): (scope, text, [[script, text, start], …])
        self._dump, self._rows, self._numbers = hashlib.sha256(), [], []

    def add(self, cell):
        kind, value = cell["kind"], cell["value"]
        self.kinds[kind] += 1
        if kind == "s":
            self.string_bytes += len(value.encode())
            if "runs" in cell:
                self._add_runs(cell)
            value = escaped(value)
        elif kind == "n":
            self._numbers.append(float(value))
        self._rows.append(f"{cell['row']}\t{cell['col']}\t{kind}\t{value}\n")
        if len(self._rows) == AT_ONCE:
            self._flush()

    def _flush(self):
        self._dump.update("".join(self._rows).encode())
        self._rows.clear()

    def _add_runs(self, cell):
        """Neighbours of one script joined. A cell whose own font is raised or lowered as a whole has the scope `cell`."""
        joined = []
        for run in cell["runs"]:
            if joined and joined[-1][0] == run["script"]:
                joined[-1][1] += run["text"]
            else:
                joined.append([run["script"], run["text"], run["start"]])
        runs = [[script, text, start] for script, text, start in joined if script in SCRIPTS]
        if runs:
            scope = "cell" if "cell_script" in cell and len(joined) == 1 else "run"
            self.script_cells[cell["row"], cell["col"]] = (scope, escaped(cell["value"]), runs)

    def finish(self):
        self._flush()
        self.digest = self._dump.hexdigest()[:16]
        self.sum = math.fsum(self._numbers) if all(map(math.isfinite, self._numbers)) else None
        del self._dump, self._rows, self._numbers


def read(lines):
    """The worksheets that a list of cell lines tells of, in their order."""
    sheets = []
    for at in range(0, len(lines), AT_ONCE):
        some = lines[at : at + AT_ONCE]
        entries = json.loads(b"[" + b",".join(some) + b"]")
        assert len(entries) == len(some)
        for entry in entries:
            if "row" in entry:
                sheets[-1].add(entry)
            else:
                sheets.append(SheetLines(entry))
    for sheet in sheets:
        sheet.finish()
    return sheets
