# SPDX-License-Identifier: Apache-2.0
"""Sites for a publisher: the samples, the publisher's own editions, and sites with one spoilt workbook."""
import json
import pathlib
import shutil
import sys
from typing import NamedTuple

from support.tidemill import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from samples.editions import EDITIONS, PART_YEAR, Edition  # noqa: E402

from samples import pages  # noqa: E402
from samples.site import workbook  # noqa: E402

SAMPLES = ROOT / "samples" / "site"


class Held(NamedTuple):
    """An edition on a site, and the file that answers for it."""

    edition: Edition
    file: pathlib.Path


def sample_editions(state="state-1"):
    newest = PART_YEAR[0 if state == "state-1" else 1]
    return [Held(edition, SAMPLES / "files" / str(edition.year) / edition.file) for edition in EDITIONS] + [
        Held(newest, SAMPLES / state / newest.file)
    ]


def make_site(folder, editions, state="state-1"):
    """A site with a page of the real shape; `editions`: {Edition: bytes or path}."""
    folder, files, sizes = pathlib.Path(folder), {}, {}
    (folder / state).mkdir(parents=True, exist_ok=True)
    for edition, content in editions.items():
        name = f"{state}/{edition.year}-{edition.file}"
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            shutil.copyfile(content, folder / name)
        files[pages.file_path(edition)] = name
        sizes[pages.file_path(edition)] = (folder / name).stat().st_size
    (folder / state / "page.html").write_text(pages.landing_page(editions, sizes, "1 July 2024"), encoding="utf-8")
    manifest = {"page": pages.PAGE, "paths": {**files, pages.PAGE: f"{state}/page.html"}}
    (folder / state / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def edition_of(year):
    """The sample edition of a year, in its first state."""
    return next(edition for edition in (*EDITIONS, PART_YEAR[0]) if edition.year == year)


REAL = {
    2015: ("2015-final/publishedoutput2015final.xls", True, "26 July 2016"),
    2017: ("2017-final/publishedoutputannual2017final.xls", True, "24 July 2018"),
    2018: ("2018-final/publishedannual2018.xls", True, "27 August 2019"),
    2019: ("2019-december-provisional/publishedoutputdecember2019.xls", False, "24 January 2020"),
}

# Those with old codes, or with none.
OLD = {
    2006: ("2006-final/publishedoutput200tcm772274163.xls", True, ""),
    2008: ("2008-final/publishedoutput200tcm772274292.xls", True, ""),
    2009: ("2009-final/publishedoutput200tcm772274362.xls", True, ""),
    2011: ("2011-final/publishedoutput2011finaltcm772738151.xls", True, ""),
    2012: ("2012-final/publishedoutput2012finaltcm773197501.xls", True, ""),
    2014: ("2014-final/publishedoutput2014finaltcm774115982.xls", True, "28 July 2015"),
}


def real_editions(folder, editions=None):
    """[Held] of the publisher's editions under `folder`: those with GSS codes, or others of the same form."""
    return [
        Held(Edition(year, pathlib.Path(name).name, final, "", 12, released), pathlib.Path(folder) / name)
        for year, (name, final, released) in (editions or REAL).items()
    ]


__all__ = [
    "OLD", "REAL", "SAMPLES", "Edition", "Held", "edition_of", "make_site", "pages", "real_editions", "sample_editions", "workbook",
]  # fmt: skip
