# SPDX-License-Identifier: Apache-2.0
"""Broken input and broken surroundings, made the same way each time."""
import io
import os
import pathlib
import random
import shutil
import struct
import subprocess
import zipfile
import zlib

import pytest


def flip_bits(content, seed, count=3):
    """The same bytes with a few bits turned over, at places that follow from the seed."""
    chosen, damaged = random.Random(seed), bytearray(content)
    for _ in range(count):
        damaged[chosen.randrange(len(damaged))] ^= 1 << chosen.randrange(8)
    return bytes(damaged)


def wrong_checksum(content, part="xl/worksheets/sheet3.xml"):
    """A workbook with one bit turned over in a packed part, which still unpacks, to other text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo(part)
        whole = archive.read(part)
    names = struct.unpack_from("<HH", content, info.header_offset + 26)
    begin = info.header_offset + 30 + sum(names)
    for place in range(begin + info.compress_size // 2, begin + info.compress_size):
        damaged = bytearray(content)
        damaged[place] ^= 1
        try:
            text = zlib.decompress(bytes(damaged[begin : begin + info.compress_size]), -zlib.MAX_WBITS)
        except zlib.error:
            continue
        if len(text) == len(whole) and text != whole:
            return bytes(damaged)
    raise AssertionError("no bit can be turned over without breaking the packed data")


def zip_bomb(content, part="xl/worksheets/sheet3.xml", size=256 << 20):
    """A workbook one part of which unpacks to `size` blanks after its own beginning."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            with new.open(info.filename, "w", force_zip64=False) as target:
                text = old.read(info.filename)
                if info.filename != part:
                    target.write(text)
                    continue
                head, mark, tail = text.partition(b"<sheetData>")
                target.write(head + mark)
                for _ in range(size >> 20):
                    target.write(b" " * (1 << 20))
                target.write(tail)
    return out.getvalue()


def has_namespaces():
    """Whether mounts of one's own can be made (unshare of util-linux, and a kernel that lets us)."""
    if shutil.which("unshare") is None:
        return False
    trial = 'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"'
    return subprocess.run(["unshare", "-rm", "sh", "-c", trial], capture_output=True, check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not has_namespaces(), reason="no mounts of one's own here (unshare -rm)")


def skip_without_roots_mounts():
    """For what enters a root of its own: not where the root is no mount (a plain chroot), nor in a container without the right."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("needs root and unshare")
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no mounts of root's own here (unshare --mount)")


def on_small_disk(command, store, kilobytes, env):
    """Runs a command with the store on a disk with so many kB left; afterwards the store is back in its place."""
    store = pathlib.Path(store)
    used = sum(4 + path.stat().st_size // 4096 * 4 for path in store.rglob("*"))
    kept = store.with_name(store.name + "-before")
    store.rename(kept)
    store.mkdir()
    left = store.with_name(store.name + "-left")
    script = (
        'mount -t tmpfs -o size="$1"k tmpfs "$2" && cp -a "$3/." "$2/" || exit 99; '
        'store=$2; left=$4; shift 4; "$@"; code=$?; cp -a "$store" "$left"; exit $code'
    )
    result = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(used + kilobytes), store, kept, left, *command],
        capture_output=True, text=True, timeout=120, env=env, check=False,
    )  # fmt: skip
    store.rmdir()
    left.rename(store)
    shutil.rmtree(kept)
    return result


def on_read_only_disk(command, store, env):
    """Runs a command with the store mounted read-only."""
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99; shift; "$@"'
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", store, *command],
        capture_output=True, text=True, timeout=120, env=env, check=False,
    )  # fmt: skip
