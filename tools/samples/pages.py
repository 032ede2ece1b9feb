# SPDX-License-Identifier: Apache-2.0
"""The publisher's pages: one block an edition, newest first; and the page of an edition's superseded files."""
import html
import urllib.parse

PAGE = (
    "/peoplepopulationandcommunity/birthsdeathsandmarriages/deaths/datasets/"
    "monthlyfiguresondeathsregisteredbyareaofusualresidence"
)
TITLE = "Deaths registered monthly in England and Wales (sample)"


def file_path(edition):
    return f"{PAGE}/{edition.year}/{edition.file}"


def superseded_path(edition, version):
    return f"{PAGE}/{edition.year}/previous/v{version}/{edition.file}"


def _link(path, size, encoded=False):
    # Pages of 2020 were seen with the path percent-encoded; both must be understood.
    uri = urllib.parse.quote(path, safe="").replace("%2F", "%2f") if encoded else path
    extension = path.rpartition(".")[2]
    return f'<a href="/file?uri={html.escape(uri)}"><span>{extension} ({size / 1000:.1f} kB)</span></a>'


def _document(title, body):
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def landing_page(editions, sizes, released):
    """`sizes`: {address path: bytes}. Editions in any order."""
    blocks = []
    for edition in sorted(editions, key=lambda edition: -edition.year):
        state = " (final)" if edition.final else ""
        path = file_path(edition)
        blocks.append(
            f"<div>\n<div><h3>{edition.year} edition of this dataset{state} </h3></div>\n"
            f"<div><div>{_link(path, sizes[path], encoded=edition.year == 2020)}</div>\n"
            f'<p><a href="{PAGE}/{edition.year}">Previous versions </a> of this data can be had.</p>\n</div>\n</div>\n'
        )
    body = (
        f"<h1>{TITLE}</h1>\n<p>Every count on these pages is invented; codes and names of areas are real.</p>\n"
        f"<dl><dt>Release date:</dt><dd>{released}</dd></dl>\n"
        '<section>\n<h2>Edition in this dataset</h2>\n' + "".join(blocks) + "</section>\n"
        "<section>\n<h2>Notes on use</h2>\n<p>Of the newest year the file grows from month to month. See also "
        f'<a href="{PAGE.rpartition("/")[0]}/weeklyfigures">weekly figures</a>, which are no edition.</p>\n</section>\n'
    )
    return _document(TITLE, body)


def versions_page(edition, sizes, superseded):
    """`superseded`: [(version number, edition, when it was replaced)], newest first."""
    path = file_path(edition)
    rows = "".join(
        f"<tr><td>{_link(superseded_path(old, number), sizes[superseded_path(old, number)])}</td>"
        f"<td>Scheduled update/revision</td><td>{when}</td></tr>\n"
        for number, old, when in superseded
    )
    body = (
        f"<h1>{TITLE}: {edition.year}</h1>\n<h3>Latest version</h3>\n{_link(path, sizes[path])}\n"
        "<h3>Previous versions</h3>\n<table>\n<thead><tr><th>Superseded files</th><th>Reason for update</th>"
        f"<th>Date superseded</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
    return _document(f"{TITLE}: {edition.year}", body)
