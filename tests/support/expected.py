# SPDX-License-Identifier: Apache-2.0
"""What independent readers found in the shared workbooks (expected-cells.md beside them), and where we rightly differ."""
import collections
import dataclasses
import json
import lzma
import pathlib

KNOWN = pathlib.Path(__file__).resolve().parents[1] / "workbook"


@dataclasses.dataclass
class Sheet:
    name: str
    visibility: str
    kinds: dict
    digest: str  # "-" where the readers do not agree


@dataclasses.dataclass
class File:
    format: str
    verdict: str
    sheets: list


def rows(text):
    head, *lines = text.split("\n")
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines if line]


def files(data):
    found = {}
    for row in rows((data / "expected-cells.tsv").read_text(encoding="utf-8")):
        file = found.setdefault(row["file"], File(row["format"], row["verdict"], []))
        if row["index"] != "-":
            kinds = {kind: int(row[kind]) for kind in "nsbe" if row[kind] != "-"}
            file.sheets.append(Sheet(row["sheet"], row["visibility"], kinds, row["digest"]))
    return found


def runs(data):
    """{file: {(sheet, row, column): [(scope, text, runs), …]}}; a cell on which the witnesses differ has several."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows((data / "expected-runs.tsv").read_text(encoding="utf-8")):
        cell = row["sheet"], int(row["row"]), int(row["col"])
        found[row["file"]][cell].append((row["scope"], row["text"], json.loads(row["runs"])))
    return found


def structure(data):
    """{file: {type: [row, …]}} with the readers of each row as a set."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows(lzma.open(data / "expected-structure.tsv.xz", "rt", encoding="utf-8").read()):
        row["sources"] = set(row["sources"].split(","))
        found[row["file"]][row["type"]].append(row)
    return found


class KnownDifferences:
    """Lines of file, sheet and reason in which ours differs and is right. A line that is not needed is a fault."""

    def __init__(self, name):
        entries = rows((KNOWN / name).read_text(encoding="utf-8"))
        self._entries = {(entry["file"], entry["sheet"]) for entry in entries}
        self._used = set()

    def excuse(self, file, sheet):
        entry = next((entry for entry in ((file, str(sheet)), (file, "*")) if entry in self._entries), None)
        self._used.add(entry)
        return entry is not None

    def unused(self, seen):
        """Of the files that were looked at."""
        return sorted(entry for entry in self._entries - self._used if entry[0] in seen)
