# SPDX-License-Identifier: Apache-2.0
"""Blocks and arguments of Terraform files in the form that `terraform fmt` gives them."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "terraform"
# Meta-arguments, which every resource takes.
META = {"count", "for_each", "depends_on", "provider", "lifecycle"}
OPENING = re.compile(r'^(?:(dynamic) "(\w+)"|([\w-]+)((?: "[\w.-]+")*)) \{(\})?$')
ARGUMENT = re.compile(r"^(\w+)\s*=\s*(.*)$")


def arguments(text):
    """(path, argument) of every block, the path as ("resource", "google_x", "name", "block", …); values are skipped."""
    path, depth = [], 0  # depth: brackets of a value that goes over several lines
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if depth:
            depth += balance(line)
            continue
        if line == "}":
            path.pop()
            continue
        if opened := OPENING.match(line):
            dynamic, iterated, name, labels, closed = opened.groups()
            words = (iterated,) if dynamic else (name, *re.findall(r'"([^"]+)"', labels))
            yield tuple(part for words_ in path for part in words_), words[0] if len(words) == 1 else words
            if not closed:
                path.append(words)
            continue
        found = ARGUMENT.match(line)
        if found is None:
            raise AssertionError(f"cannot be read: {raw}")
        yield tuple(part for words in path for part in words), found[1]
        depth = balance(found[2])
    assert not path, f"not closed: {path}"


def balance(text):
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    return sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")


def files():
    return sorted(FOLDER.glob("*.tf"))


def resources():
    """{type: {block path: {arguments}}} of all files; `dynamic` blocks as the blocks they make."""
    found = {}
    for file in files():
        for path, name in arguments(file.read_text(encoding="utf-8")):
            if path[:1] != ("resource",) or isinstance(name, tuple):
                continue
            inner = [part for part in path[3:] if part != "content"]
            if name == "content" or (path[-1] != "content" and name == "for_each" and len(path) > 3):
                continue  # of a dynamic block itself
            found.setdefault(path[1], {}).setdefault("/".join(inner), set()).add(name)
    return found


def documented():
    """({"type/block": {arguments}}, {type: where that was read}) as the provider's documentation has them."""
    table, sources = {}, {}
    for line in (ROOT / "tests" / "deploy" / "google-arguments.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, names, *source = line.split("\t")
            table[path] = set(names.split())
            if source:
                sources[path] = source[0]
    return table, sources
