# SPDX-License-Identifier: Apache-2.0
"""Compares the includes of every module with what its CMakeLists.txt declares, and heavy headers with their fences."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Third-party headers and the only modules whose sources may include them (docs/architecture.md).
FENCES = {
    "arrow/": {"transform", "dataset", "query"},
    "parquet/": {"dataset", "query"},
    "boost/json": {"cloud", "dataset", "extract", "data_api", "orchestrator"},
    "boost/": {"cloud", "http", "dataset", "extract", "data_api", "orchestrator"},
    "sqlite3": {"db"},
    "curl/": {"http"},
    "openssl/": {"base", "http"},
    "gumbo": {"extract"},
    "toml++": {"recipe"},
    "libdeflate": {"http", "workbook"},
    "zlib": {"workbook", "http", "web", "query"},
    "CLI/": {"app"},
    "utf8proc": {"base"},
    "zstd": {"frame", "http"},
    "snappy": {"frame"},
    "fast_float": {"base", "workbook"},
    "iostream": set(),
    "regex": set(),
}
LIGHT = {"arrow/type_fwd.h"}  # forward declarations only
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def declared() -> dict[str, set[str]]:
    modules = {}
    for cmake in sorted((ROOT / "src").glob("*/CMakeLists.txt")):
        call = re.search(r"add_module\(\s*(\w+)(.*?)\)", cmake.read_text(), re.DOTALL)
        if call is None:
            sys.exit(f"{cmake}: no add_module call")
        words = call.group(2).split()
        depends, on = set(), False
        for word in words:
            if word in ("DEPENDS", "PUBLIC", "PRIVATE"):
                on = word == "DEPENDS"
            elif on:
                depends.add(word)
        modules[call.group(1)] = depends
    return modules


def faults(modules: dict[str, set[str]]):
    for module, depends in modules.items():
        for source in sorted((ROOT / "src" / module).rglob("*")):
            if source.suffix not in (".h", ".cc"):
                continue
            test = source.stem.endswith(("_test", "_fixture")) or "testing" in source.parts
            for include in INCLUDE.findall(source.read_text()):
                where = f"{source.relative_to(ROOT)}: includes {include}"
                if include.startswith("tidemill/"):
                    other = include.split("/")[1]
                    if other != module and other not in depends:
                        yield f"{where}, but {module} does not declare {other} in DEPENDS"
                    if "/testing/" in include and not test:
                        yield f"{where}: fakes are for tests only"
                    continue
                for prefix, allowed in FENCES.items():
                    if include.startswith(prefix) and include not in LIGHT and not test and module not in allowed:
                        yield f"{where}: fenced in {', '.join(sorted(allowed)) or 'no module'}"
                        break


def main() -> None:
    found = list(faults(declared()))
    for fault in found:
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
