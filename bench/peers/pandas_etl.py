# SPDX-License-Identifier: Apache-2.0
"""The job in plain pandas, as one would write it in an afternoon: `pandas_etl.py FOLDER OUT.parquet`.

FOLDER holds a folder a year with that year's workbook. Finds the sheet of figures and its header row, turns the months into
rows, cleans codes and names, stacks the years, writes one Parquet file with the columns of the old pipeline's. Downloads nothing
and checks nothing.
"""
import pathlib
import re
import sys

import pandas as pd

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


def main(folder, out):
    years = sorted(path for path in pathlib.Path(folder).iterdir() if path.is_dir())
    tables = [tidy(next(path.glob("*.xls")), int(path.name)) for path in years]
    pd.concat(tables, ignore_index=True).to_parquet(out, engine="pyarrow", index=False)


main(sys.argv[1], sys.argv[2])
