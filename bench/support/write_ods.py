# SPDX-License-Identifier: Apache-2.0
"""ods with the attributes that LibreOffice writes."""
import zipfile
from xml.sax.saxutils import escape

from tables import Day

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle")]
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
STYLES = (
    '<office:automatic-styles><number:date-style style:name="N37"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N37"/>'
    "</office:automatic-styles>"
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def cell(value):
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    if isinstance(value, Day):
        iso = value.iso()
        shown = f"{iso[8:]}/{iso[5:7]}/{iso[:4]}"
        return f'<table:table-cell table:style-name="ce1" office:value-type="date" office:date-value="{iso}" calcext:value-type="date"><text:p>{shown}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value!r}" calcext:value-type="float"><text:p>{value!r}</text:p></table:table-cell>'


def write(path, sheets):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(stamp("mimetype", zipfile.ZIP_STORED), "application/vnd.oasis.opendocument.spreadsheet")
        with archive.open(stamp("content.xml"), "w", force_zip64=True) as out:
            out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMES} office:version="1.3">{STYLES}<office:body><office:spreadsheet>'.encode())
            for name, rows in sheets:
                out.write(f'<table:table table:name="{escape(name)}">'.encode())
                for row in rows():
                    out.write(f'<table:table-row>{"".join(map(cell, row))}</table:table-row>'.encode())
                out.write(b"</table:table>")
            out.write(b"</office:spreadsheet></office:body></office:document-content>")
        archive.writestr(stamp("META-INF/manifest.xml"), MANIFEST)


def stamp(name, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    info.compress_type = method
    return info
