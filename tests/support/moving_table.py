# SPDX-License-Identifier: Apache-2.0
"""A Delta table of invented counts whose next version can be written at any time, and what each answer over a version must be: made
here from the numbers alone, not by the program."""
import datetime
import functools
import hashlib
import json
import pathlib
import time

import pyarrow as pa
import pyarrow.parquet as pq

TABLE = "soak"
AREAS = [f"E06{number:06}" for number in range(1, 201)]
MONTHS = [f"{year}-{month:02}" for year in range(2016, 2021) for month in range(1, 13)]
ROLES = {"geo_code": ("string", {"tidemill.role": "dimension", "tidemill.codes": "gss"}),
         "period": ("string", {"tidemill.role": "time", "tidemill.freq": "M"}),
         "deaths": ("integer", {"tidemill.role": "measure"}),
         "deaths_status": ("string", {"tidemill.role": "status", "tidemill.of": "deaths"})}


def value(version, area, month):
    """The count, or nothing where it is confidential. A version changes a tenth of them."""
    changes = version // 10 + (1 if (area + month) % 10 <= version % 10 else 0)
    number = (area * 7919 + month * 104_729 + changes * 31) % 997
    return None if number % 50 == 0 else number


def lacks(version, area):
    """The area whose newest month a version does not have."""
    return area == version % len(AREAS)


def rows(version, areas=None):
    """(code, period, count, status), in the order of an answer."""
    for area in range(len(AREAS)) if areas is None else areas:
        for month, period in enumerate(MONTHS):
            if not (lacks(version, area) and month == len(MONTHS) - 1):
                count = value(version, area, month)
                yield AREAS[area], period, count, "c" if count is None else None


class Table:
    """Writes versions into STORE/soak; `written[N]` is when version N was there."""

    def __init__(self, store):
        self.folder = pathlib.Path(store) / TABLE
        (self.folder / "_delta_log").mkdir(parents=True)
        self.written = []
        self.file = None

    def publish(self):
        version = len(self.written)
        code, period, deaths, status = zip(*rows(version))
        batch = pa.table({"geo_code": pa.array(code), "period": pa.array(period), "deaths": pa.array(deaths, pa.int32()),
                          "deaths_status": pa.array(status, pa.string())})
        sink = pa.BufferOutputStream()
        pq.write_table(batch, sink)
        data = sink.getvalue().to_pybytes()
        name = hashlib.sha256(data).hexdigest() + ".parquet"
        (self.folder / name).write_bytes(data)
        now = int(time.time() * 1000)
        actions = [{"commitInfo": {"timestamp": now, "operation": "WRITE"}}]
        if version == 0:
            fields = [{"name": name, "type": kind, "nullable": True, "metadata": metadata}
                      for name, (kind, metadata) in ROLES.items()]
            actions += [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
                        {"metaData": {"id": "00000000-0000-4000-8000-000000000001", "format": {"provider": "parquet", "options": {}},
                                      "schemaString": json.dumps({"type": "struct", "fields": fields}), "partitionColumns": [],
                                      "configuration": {}, "createdTime": now}}]
        if self.file:
            actions.append({"remove": {"path": self.file, "deletionTimestamp": now, "dataChange": True}})
        actions.append({"add": {"path": name, "size": len(data), "partitionValues": {}, "modificationTime": now,
                                "dataChange": True, "stats": json.dumps({"numRecords": len(code)})}})
        log = self.folder / "_delta_log" / f"{version:020}.json"
        half = log.with_suffix(".half")
        half.write_text("\n".join(map(json.dumps, actions)) + "\n")
        half.rename(log)
        self.file = name
        self.written.append(time.monotonic())


def cell(count):
    return "" if count is None else str(count)


@functools.lru_cache(maxsize=64)
def whole_csv(version):
    lines = [f"{code},{period},{cell(count)},{status or ''}\n" for code, period, count, status in rows(version)]
    return ("geo_code,period,deaths,deaths_status\n" + "".join(lines)).encode()


@functools.lru_cache(maxsize=64)
def whole_json(version):
    """shape=bare"""
    return bare(rows(version))


def bare(of):
    names = tuple(ROLES)
    return json.dumps([dict(zip(names, row)) for row in of], separators=(",", ":")).encode()


def area_csv(version, area, year):
    lines = [f"{code},{period},{cell(count)},{status or ''}\n" for code, period, count, status in rows(version, [area])
             if period.startswith(str(year))]
    return ("geo_code,period,deaths,deaths_status\n" + "".join(lines)).encode()


def wide_csv(version, areas):
    chosen = {area: {period: count for _, period, count, _ in rows(version, [area])} for area in sorted(areas)}
    periods = [period for period in MONTHS if any(period in found for found in chosen.values())]
    head = "period," + ",".join(f"M.{AREAS[area]}" for area in chosen)
    lines = [period + "," + ",".join(cell(found.get(period)) for found in chosen.values()) for period in periods]
    return "\n".join([head, *lines, ""]).encode()


@functools.lru_cache(maxsize=64)
def sums_csv(version):
    sums = {period: [0, 0, 0] for period in MONTHS}
    for _, period, count, _ in rows(version):
        found = sums[period]
        found[0] += count or 0
        found[1] += 1
        found[2] += count is None
    lines = [f"{period},{total},{count},{missing}" for period, (total, count, missing) in sums.items()]
    return "\n".join(["period,sum_deaths,count,incomplete", *lines, ""]).encode()


def last_business_day(period):
    year, month = map(int, period.split("-"))
    day = datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
    return day - datetime.timedelta(days=max(0, day.weekday() - 4))


def seed(version, area, year):
    data = {str(last_business_day(period)): None if count is None else float(count)
            for _, period, count, _ in rows(version, [area]) if period.startswith(str(year))}
    return json.dumps({"year": year, "geo_code": AREAS[area], "data": data}, separators=(",", ":")).encode()
