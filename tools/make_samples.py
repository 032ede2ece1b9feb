#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sample site: tools/make_samples.py [FOLDER], by default samples/site. The same bytes each time.

Needs xlwt and XlsxWriter in the versions of tools/requirements.txt.
"""
import pathlib
import sys

from samples.site import site


def main():
    default = pathlib.Path(__file__).resolve().parents[1] / "samples" / "site"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    made = site()
    for name, content in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in made:
            path.unlink()


if __name__ == "__main__":
    main()
