# SPDX-License-Identifier: Apache-2.0
"""Tracked text files: no trailing blanks, no tabs in sources, one line break at the end, an SPDX line in sources."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = {".h", ".cc", ".py"}
TEXTS = SOURCES | {".md", ".txt", ".toml", ".cmake", ".json", ".yaml", ".yml", ".css", ".js", ".html", ".csv", ".sh"}
EXEMPT = ("samples/", "fuzz/corpus/")


def faults(name: str):
    path = ROOT / name
    if path.suffix not in TEXTS or name.startswith(EXEMPT) or not path.is_file():
        return
    text = path.read_bytes()
    if text and not text.endswith(b"\n"):
        yield f"{name}: no line break at the end"
    if text.endswith(b"\n\n"):
        yield f"{name}: blank lines at the end"
    for number, line in enumerate(text.split(b"\n"), 1):
        if line != line.rstrip() and path.suffix != ".md" and path.suffix != ".csv":
            yield f"{name}:{number}: trailing white space"
        if b"\t" in line and path.suffix in SOURCES:
            yield f"{name}:{number}: tab"
    if path.suffix in SOURCES and b"SPDX-License-Identifier" not in text[:400]:
        yield f"{name}: no SPDX line"


def main() -> None:
    names = sys.argv[1:] or subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    found = [fault for name in names if name for fault in faults(name)]
    for fault in found:
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
