# SPDX-License-Identifier: Apache-2.0
"""xls (BIFF8 in an OLE2 file, [MS-XLS] and [MS-CFB]) with the records that Excel writes for such cells."""
import struct

from tables import Day
from write_xlsb import rk

BIFF8 = 0x0600
MOST = 8224  # bytes of a record
END, FREE, FAT, DIFAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def byte_text(value, length="<H"):
    return struct.pack(length, len(value)) + b"\0" + value.encode("latin-1")


def string_table(texts, total):
    """SST and its CONTINUE records; no text is split."""
    pieces, piece = [], struct.pack("<II", total, len(texts))
    for value in texts:
        item = byte_text(value)
        if len(piece) + len(item) > MOST:
            pieces.append(piece)
            piece = b""
        piece += item
    pieces.append(piece)
    return b"".join(record(0xFC if i == 0 else 0x3C, piece) for i, piece in enumerate(pieces))


def cells(rows, texts):
    """The records of a sheet's rows, how many texts, and the size of the grid."""
    pack, out, count, r, width = struct.pack, [], 0, -1, 0
    for r, row in enumerate(rows):
        width = max(width, len(row))
        out.append(record(0x208, pack("<HHHHHHI", r, 0, len(row), 300, 0, 0, 0x100 | 15 << 16)))
        for c, value in enumerate(row):
            head = pack("<HHH", r, c, 16 if isinstance(value, Day) else 15)
            if isinstance(value, str):
                count += 1
                out.append(record(0xFD, head + pack("<I", texts.setdefault(value, len(texts)))))
            elif (number := rk(value)) is not None:
                out.append(record(0x27E, head + pack("<I", number)))
            else:
                out.append(record(0x203, head + pack("<d", value)))
    return b"".join(out), count, (r + 1, width)


def stream(sheets):
    texts, total, bodies = {}, 0, []
    for _, rows in sheets:
        body, count, (height, width) = cells(rows(), texts)
        total += count
        bodies.append(
            record(0x809, struct.pack("<HHHHII", BIFF8, 0x10, 0, 1997, 0, 6))
            + record(0x200, struct.pack("<IIHHH", 0, height, 0, width, 0)) + body + record(0x0A)
        )  # fmt: skip
    font = record(0x31, struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + byte_text("Arial", "<B"))
    xf = lambda number, kind: record(0xE0, struct.pack("<HHHBBBBIIH", 0, number, kind, 0x20, 0, 0, 0, 0, 0, 0x20C0))  # noqa: E731
    head = record(0x809, struct.pack("<HHHHII", BIFF8, 5, 0, 1997, 0, 6)) + record(0x42, struct.pack("<H", 1200)) + font * 4
    head += record(0x41E, struct.pack("<H", 164) + byte_text("dd/mm/yyyy")) + xf(0, 0xFFF5) * 15 + xf(0, 1) + xf(164, 1)
    tail = string_table(texts, total) + record(0x0A)
    bound = [byte_text(name, "<B") for name, _ in sheets]
    offset = len(head) + sum(4 + 6 + len(name) for name in bound) + len(tail)
    for name, body in zip(bound, bodies):
        head += record(0x85, struct.pack("<IH", offset, 0) + name)
        offset += len(body)
    return head + tail + b"".join(bodies)


def entry(name, kind, start=0, size=0, child=FREE):
    wide = (name + "\0").encode("utf-16-le") if name else b""
    head = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, FREE, FREE, child)
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)


def ole2(content):
    """A file of version 3 with one stream of at least 4,096 bytes: directory, stream, FAT and, where it must be, DIFAT."""
    sectors = -(-len(content) // 512)
    fats = difats = 0
    while True:
        need = -(-(1 + sectors + fats + difats) // 128)
        more = max(0, -(-(need - 109) // 127))
        if (need, more) == (fats, difats):
            break
        fats, difats = need, more
    first_fat = 1 + sectors
    first_difat = first_fat + fats
    table = [END] + list(range(2, sectors + 1)) + [END] + [FAT] * fats + [DIFAT] * difats
    table += [FREE] * (fats * 128 - len(table))
    places = list(range(first_fat, first_difat))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, 0, 0, 4096, END, 0, first_difat if difats else END, difats)
    header += struct.pack("<109I", *(places + [FREE] * 109)[:109])
    directory = entry("Root Entry", 5, END, 0, 1) + entry("Workbook", 2, 1, len(content)) + entry("", 0) * 2
    rest, chain = places[109:], b""
    for i in range(difats):
        part = rest[127 * i : 127 * (i + 1)]
        chain += struct.pack("<128I", *(part + [FREE] * (127 - len(part)) + [first_difat + i + 1 if i + 1 < difats else END]))
    return header + directory + content.ljust(sectors * 512, b"\0") + struct.pack(f"<{len(table)}I", *table) + chain


def write(path, sheets):
    path.write_bytes(ole2(stream(sheets)))
