# SPDX-License-Identifier: Apache-2.0
"""Invented counts that add up: a leaf's count comes from a hash of its code, everything above is a sum."""
import hashlib

from .areas import ENGLAND_AND_WALES, NON_RESIDENTS, TOTAL

SEASON = (1230, 1080, 1060, 990, 960, 900, 890, 870, 890, 960, 1000, 1130)  # per mille, January first
TINY = {"E06000053": 2, "E09000001": 4}  # places of a few thousand people
NON_RESIDENTS_A_MONTH = 95


def _hash(*parts):
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], "big")


def leaf_count(code, year, month):
    base = TINY.get(code) or (NON_RESIDENTS_A_MONTH if code == NON_RESIDENTS else 40 + _hash(code) % 180)
    jitter = 850 + _hash(code, year, month) % 301
    return base * SEASON[month - 1] * jitter // 1_000_000


def counts_of(rows, year, months, revised=None, total_off=None):
    """{code: [count of January, …]}.

    `revised`: {(leaf code, month): difference}. `total_off`: {month: what the total is above the sum of its parts}, as
    one real edition has it.
    """
    children = {area.code: area.children for area in rows if area.code != TOTAL}
    counts = {}

    def count(code):
        if code not in counts:
            if children[code]:
                parts = [count(child) for child in children[code]]
                counts[code] = [sum(column) for column in zip(*parts, strict=True)]
            else:
                counts[code] = [
                    leaf_count(code, year, month) + (revised or {}).get((code, month), 0)
                    for month in range(1, months + 1)
                ]
        return counts[code]

    for code in children:
        count(code)
    parts = zip(counts[ENGLAND_AND_WALES], counts[NON_RESIDENTS], strict=True)
    counts[TOTAL] = [sum(both) + (total_off or {}).get(month, 0) for month, both in enumerate(parts, 1)]
    return counts
