# SPDX-License-Identifier: Apache-2.0
"""Queries over a Parquet file behind FastAPI, as one would write them with polars or DuckDB. TABLE names the file, ENGINE is
`polars` or `duckdb`; both on one thread, with texts as categories, the table in memory."""
import os

os.environ["POLARS_MAX_THREADS"] = "1"
from fastapi import FastAPI, Response  # noqa: E402

app = FastAPI()
TABLE = os.environ["TABLE"]


def json_of(text):
    return Response(text, media_type="application/json")


if os.environ["ENGINE"] == "polars":
    import polars as pl

    table = pl.read_parquet(TABLE).with_columns(pl.col(pl.String).cast(pl.Categorical))

    @app.get("/series/{code}")
    async def series(code: str):
        return json_of(table.filter(pl.col("geo_code") == code).write_json())

    @app.get("/page/{least}")
    async def page(least: float):
        return json_of(table.filter(pl.col("deaths") >= least).head(1000).write_json())

    @app.get("/all.csv")
    async def everything():
        return Response(table.write_csv(), media_type="text/csv")

    @app.get("/by_period/{sex}")
    async def by_period(sex: str):
        found = table.lazy().filter(pl.col("sex") == sex).group_by("period").agg(pl.col("deaths").sum())
        return json_of(found.collect().with_columns(pl.col("period").cast(pl.String)).sort("period").write_json())

    @app.get("/by_age/{least}")
    async def by_age(least: int):
        found = table.lazy().filter(pl.col("deaths") > least).group_by("age").agg(pl.col("deaths").sum())
        return json_of(found.collect().with_columns(pl.col("age").cast(pl.String)).sort("age").write_json())
else:
    import duckdb

    database = duckdb.connect()
    database.execute("SET threads=1")
    database.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{TABLE}')")

    def rows(sql, *values):
        names_and_rows = database.execute(sql, list(values))
        names = [column[0] for column in names_and_rows.description]
        return [dict(zip(names, row)) for row in names_and_rows.fetchall()]

    @app.get("/by_period/{sex}")
    async def by_period(sex: str):
        return rows("SELECT period, sum(deaths)::BIGINT AS deaths FROM t WHERE sex = ? GROUP BY period ORDER BY period", sex)

    @app.get("/by_age/{least}")
    async def by_age(least: int):
        return rows("SELECT age, sum(deaths)::BIGINT AS deaths FROM t WHERE deaths > ? GROUP BY age ORDER BY age", least)
