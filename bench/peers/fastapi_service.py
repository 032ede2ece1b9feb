# SPDX-License-Identifier: Apache-2.0
"""The route of the old service, as plainly as it was: a mask over the table a request. DEATHS_PARQUET names the file."""
import os

import pandas as pd
from fastapi import FastAPI

app = FastAPI()
deaths = pd.read_parquet(os.environ["DEATHS_PARQUET"])


@app.get("/year/{year}/geo_code/{geo_code}")
async def read_item(year: int, geo_code: str):
    found = deaths[(deaths["year"] == year) & (deaths["geo_code"] == geo_code)]
    dates = found["datetime"].dt.strftime("%Y-%m-%d")
    return {"year": year, "geo_code": geo_code, "data": dict(zip(dates, found["deaths"].tolist()))}
