# SPDX-License-Identifier: Apache-2.0
"""The sample site as {file name: bytes}: workbooks kept once, and two states of the page, each with a manifest."""
import json

from . import areas, figures, pages
from .editions import EDITIONS, PART_YEAR, REVISED_LATER, TOTAL_OFF
from .xls import xls_workbook
from .xlsx import xlsx_workbook


def workbook(edition, spoil=None, revised=None, total_off=None):
    """The bytes of one edition; `spoil` (editions.Spoil) puts faults in, for tests."""
    rows = areas.rows_of(edition.geography)
    off = TOTAL_OFF.get(edition.year) if total_off is None else total_off
    counts = figures.counts_of(rows, edition.year, edition.months, revised, off)
    make = xlsx_workbook if edition.file.endswith(".xlsx") else xls_workbook
    return make(edition, rows, counts, spoil)


def _manifest(paths):
    return (json.dumps({"page": pages.PAGE, "paths": paths}, indent=2, sort_keys=True) + "\n").encode()


def _state(name, newest, files, paths, released, superseded=()):
    """Adds page and manifest of one state; `paths` are the workbooks: {address path: file name}."""
    sizes = {path: len(files[file]) for path, file in paths.items()}
    editions = (*EDITIONS, newest)
    own = {pages.PAGE: f"{name}/page.html"}
    files[f"{name}/page.html"] = pages.landing_page(editions, sizes, released).encode()
    if superseded:
        own[f"{pages.PAGE}/{newest.year}"] = f"{name}/versions-{newest.year}.html"
        files[f"{name}/versions-{newest.year}.html"] = pages.versions_page(newest, sizes, superseded).encode()
    files[f"{name}/manifest.json"] = _manifest({**paths, **own})


def site():
    files, shared = {}, {}
    for edition in EDITIONS:
        name = f"files/{edition.year}/{edition.file}"
        files[name] = workbook(edition)
        shared[pages.file_path(edition)] = name
    before, after = PART_YEAR
    old, new = f"state-1/{before.file}", f"state-2/{after.file}"
    files[old] = workbook(before)
    files[new] = workbook(after, revised=REVISED_LATER)
    _state("state-1", before, files, {**shared, pages.file_path(before): old}, before.released)
    _state(
        "state-2",
        after,
        files,
        {**shared, pages.file_path(after): new, pages.superseded_path(before, 1): old},
        after.released,
        superseded=[(1, before, f"{after.released} 09:30")],
    )
    return files
