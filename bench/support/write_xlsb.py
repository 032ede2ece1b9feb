# SPDX-License-Identifier: Apache-2.0
"""xlsb ([MS-XLSB]), with cells as Excel writes them, or as short records: no column, each follows the one before (SheetJS writes so)."""
import struct
import zipfile

from tables import Day
from write_ods import stamp

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    XML + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROW, RK, REAL, ISST, SHORT_RK, SHORT_REAL, SHORT_ISST = 0, 2, 5, 7, 13, 16, 18


def record(kind, body=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(body)
    while size > 127:
        head += bytes([size & 127 | 128])
        size >>= 7
    return head + bytes([size]) + body


def text(value):
    return struct.pack("<I", len(value.encode("utf-16-le")) // 2) + value.encode("utf-16-le")


def rk(value):
    """The 30-bit form of a number, or None."""
    if isinstance(value, int) and -(1 << 29) <= value < 1 << 29:
        return (value << 2 | 2) & 0xFFFFFFFF
    return None


def relations(items):
    return XML + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in items
    ) + "</Relationships>"


def styles():
    font = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 2, 0, 0) + bytes([7, 1, 0, 0, 0, 0, 0, 255]) + b"\2" + text("Calibri")
    xf = lambda parent, number: record(47, struct.pack("<HHHHHBBHBB", parent, number, 0, 0, 0, 0, 0, 0, 0, 0))  # noqa: E731
    return b"".join([
        record(278), record(615, struct.pack("<I", 1)), record(44, struct.pack("<H", 164) + text("dd/mm/yyyy")), record(616),
        record(611, struct.pack("<I", 1)), record(43, font), record(612),
        record(626, struct.pack("<I", 1)), xf(0xFFFF, 0), record(627),
        record(617, struct.pack("<I", 2)), xf(0, 0), xf(0, 164), record(618), record(279),
    ])  # fmt: skip


def sheet(rows, texts, short):
    pack, out, r, width = struct.pack, [], -1, 1
    kinds = (SHORT_ISST, SHORT_RK, SHORT_REAL) if short else (ISST, RK, REAL)
    for r, row in enumerate(rows):
        width = max(width, len(row))
        out.append(record(ROW, pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 1) + pack("<II", 0, len(row) - 1)))
        for c, value in enumerate(row):
            # The first cell of a row names its column, even among short ones.
            place = b"" if short and c else pack("<I", c)
            isst, small, real = kinds if not short or c else (ISST, RK, REAL)
            style = pack("<I", 1 if isinstance(value, Day) else 0)
            if isinstance(value, str):
                out.append(record(isst, place + style + pack("<I", texts.setdefault(value, len(texts)))))
            elif (number := rk(value)) is not None:
                out.append(record(small, place + style + pack("<I", number)))
            else:
                out.append(record(real, place + style + pack("<d", value)))
    size = record(148, pack("<IIII", 0, r, 0, width - 1))
    return b"".join([record(129), size, record(145), *out, record(146), record(130)])


def write(path, sheets, short=False):
    texts, parts, bundle = {}, {}, b""
    links = [("s", "styles", "styles.bin"), ("t", "sharedStrings", "sharedStrings.bin")]
    for i, (name, rows) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{i}.bin"] = sheet(rows(), texts, short)
        bundle += record(156, struct.pack("<II", 0, i) + text(f"rId{i}") + text(name))
        links.append((f"rId{i}", "worksheet", f"worksheets/sheet{i}.bin"))
    items = b"".join(record(19, b"\0" + text(value)) for value in texts)
    parts["xl/sharedStrings.bin"] = record(159, struct.pack("<II", len(texts), len(texts))) + items + record(160)
    parts["xl/styles.bin"] = styles()
    parts["xl/workbook.bin"] = record(131) + record(143) + bundle + record(144) + record(132)
    parts["xl/_rels/workbook.bin.rels"] = relations(links)
    parts["_rels/.rels"] = relations([("rId1", "officeDocument", "xl/workbook.bin")])
    parts["[Content_Types].xml"] = TYPES
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(stamp(name), content)
