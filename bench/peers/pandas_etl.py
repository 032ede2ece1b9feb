# SPDX-License-Identifier: Apache-2.0
"""The job in plain pandas, as one would write it in an afternoon: `pandas_etl.py PAGE FOLDER OUT.parquet`.

Takes the links of the page, downloads the workbooks into FOLDER, finds in each the sheet of figures and its header row, turns the
months into rows, cleans codes and names, stacks the years, writes one Parquet file with the old pipeline's columns. Checks nothing
and keeps no history.
"""
import pathlib
import re
import sys
import urllib.parse
import urllib.request

import pandas as pd

LINK = re.compile(r'href="(/file\?uri=[^"]*/(\d{4})/[^"/]*\.xlsx?)"')
CODE = re.compile(r"[A-Z]\d{8}(, [A-Z]\d{8})?")


def read_figures(path):
    book = pd.ExcelFile(path, engine="xlrd")
    sheet = next(name for name in book.sheet_names if name.lower().startswith("figures for"))
    return book.parse(sheet, header=None)


def tidy(path, year):
    raw = read_figures(path)
    header = next(i for i, row in raw.iterrows() if row.count() >= 3)
    months = raw.loc[header].iloc[2:].astype(str).str.strip().str[:3]
    table = raw.iloc[header + 1:].copy()
    table.columns = ["geo_code", "place_name", *months]
    table["geo_code"] = table["geo_code"].astype(str).str.strip()
    table = table[table["geo_code"].map(lambda code: CODE.fullmatch(code) is not None)]
    table["place_name"] = table["place_name"].astype(str).str.strip().str.lower()
    long = table.melt(["geo_code", "place_name"], var_name="month", value_name="deaths")
    long["year"] = year
    first = pd.to_datetime(long["month"] + f"-{year}", format="%b-%Y")
    long["datetime"] = first + pd.offsets.BMonthEnd()
    long["month"] = first.dt.month_name().str.lower()
    long["geo_code"] = long["geo_code"].str.replace(", ", "_", regex=False)
    long["deaths"] = long["deaths"].astype("float32")
    return long


def download(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    html = opener.open(page).read().decode()
    for link, year in LINK.findall(html):
        path = folder / f"{year}.xls"
        path.write_bytes(opener.open(urllib.parse.urljoin(page, link)).read())
        yield path, int(year)


def main(page, folder, out):
    tables = [tidy(path, year) for path, year in sorted(download(page, pathlib.Path(folder)))]
    pd.concat(tables, ignore_index=True).to_parquet(out, engine="pyarrow", index=False)


main(*sys.argv[1:])
