# SPDX-License-Identifier: Apache-2.0
"""Workbooks made to hurt, of every container and of every kind of expansion. {name: bytes} in `files()`."""
import io
import struct
import zipfile

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
MIME = "application/vnd.oasis.opendocument.spreadsheet"
ONE_CELL = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'


def entities(name):
    """A document type whose last entity is as long as 2^30 copies of the first."""
    lines = "".join(f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 31))
    return f'<!DOCTYPE {name} [<!ENTITY a0 "ha">{lines}]>'


def packed(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(sheet=ONE_CELL, before="", more=None, strings=""):
    kinds = [("worksheet", "worksheets/sheet1.xml"), *([("sharedStrings", "sharedStrings.xml")] if strings else [])]
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(kinds, 1)
    )
    return packed({
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{SPREADSHEET}">{sheet}</worksheet>',
        **({"xl/sharedStrings.xml": strings} if strings else {}),
        **(more or {}),
    })  # fmt: skip


def ods(rows, before=""):
    content = (
        f'{before}<office:document-content xmlns:office="{ODF}office:1.0" xmlns:table="{ODF}table:1.0" '
        f'xmlns:text="{ODF}text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": MIME, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def overlapping():
    """Two entries of the directory that name the same packed bytes."""
    content = bytearray(xlsx(more={"xl/worksheets/sheet2.xml": "<worksheet/>"}))
    first = content.find(b"PK\x01\x02")
    last = content.rfind(b"PK\x01\x02")
    content[last + 42 : last + 46] = content[first + 42 : first + 46]
    return bytes(content)


def looping_sectors():
    """A compound file with a workbook of one megabyte whose only sector is followed by itself."""
    fat = [0xFFFFFFFD, 0xFFFFFFFE, 2] + [0xFFFFFFFF] * 125
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 0x1000, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(name, kind, child, start, size):
        text = name.encode("utf-16-le")
        links = struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (text.ljust(64, b"\0") + links).ljust(116, b"\0") + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, 1 << 20)
    sector = struct.pack("<HHHHII", 0x809, 12, 0x600, 5, 0, 0) + struct.pack("<HH", 0xE1, 2) + bytes(490)
    return head.ljust(512, b"\0") + struct.pack("<128I", *fat) + directory.ljust(512, b"\0") + sector


def files():
    whole = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    many = "".join(f'<mergeCell ref="A{i}:XFD1048576"/>' for i in range(1, 50_001))
    repeated = 'table:number-rows-repeated="1048576"'
    value = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    spanned = '<table:table-cell table:number-columns-spanned="16384" table:number-rows-spanned="1048576"/>'
    deep = "<table:table-row-group>" * 200_000
    return {
        "entities.xlsx": xlsx("&a30;", entities("worksheet")),
        "entities.ods": ods("<table:table-row><table:table-cell><text:p>&a30;</text:p></table:table-cell>"
                            "</table:table-row>", entities("office:document-content")),
        "entities.xml": (entities("Workbook") + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&a30;'
                         "</Workbook>").encode(),
        "blanks.xlsx": xlsx(ONE_CELL + " " * 50_000_000),
        "blanks.ods": ods(" " * 50_000_000),
        "strings.xlsx": xlsx(strings=f'<sst xmlns="{SPREADSHEET}"><si><t>' + "x" * 50_000_000 + "</t></si></sst>"),
        "overlapping.xlsx": overlapping(),
        "looping.xls": looping_sectors(),
        "repeats.ods": ods(f"<table:table-row {repeated}>{value}</table:table-row>"),
        "deep.ods": ods(deep),
        "corner.xlsx": xlsx('<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
                            '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'),
        "merged.xlsx": xlsx(ONE_CELL + whole),
        "merged.ods": ods(f"<table:table-row>{spanned}</table:table-row>"),
        "merges.xlsx": xlsx(f"{ONE_CELL}<mergeCells>{many}</mergeCells>"),
    }  # fmt: skip
