# SPDX-License-Identifier: Apache-2.0
"""The tables that the benchmark of readers reads: deterministic, the same cells in every format.

A value is a str, an int, a float, or a Day (a serial number that is shown as a date)."""
import datetime
import random

REGIONS = ["Asia", "Australia and Oceania", "Central America and the Caribbean", "Europe", "Middle East and North Africa", "North America", "Sub-Saharan Africa"]
ITEMS = ["Baby Food", "Beverages", "Cereal", "Clothes", "Cosmetics", "Fruits", "Household", "Meat", "Office Supplies", "Personal Care", "Snacks", "Vegetables"]
SALES_HEADER = ["Region", "Country", "Item Type", "Sales Channel", "Order Priority", "Order Date", "Order ID", "Ship Date", "Units Sold", "Unit Price", "Unit Cost", "Total Revenue", "Total Cost", "Total Profit"]


class Day(int):
    """A serial number of the 1900 system."""

    def iso(self):
        return (datetime.date(1899, 12, 30) + datetime.timedelta(days=int(self))).isoformat()


def sales(rows):
    """A header and records of sales: 14 columns of texts, dates, whole numbers and amounts."""
    rng = random.Random(65_536)
    countries = [f"Country {i:03}" for i in range(185)]
    prices = {item: (round(rng.uniform(5, 700), 2), round(rng.uniform(2, 500), 2)) for item in ITEMS}
    yield SALES_HEADER
    for _ in range(rows - 1):
        item = rng.choice(ITEMS)
        price, cost = prices[item]
        day, units = rng.randrange(40_179, 43_000), rng.randrange(1, 10_000)
        revenue, spent = round(units * price, 2), round(units * cost, 2)
        yield [
            rng.choice(REGIONS), rng.choice(countries), item, rng.choice(("Online", "Offline")), rng.choice("CHLM"),
            Day(day), rng.randrange(100_000_000, 999_999_999), Day(day + rng.randrange(51)),
            units, price, cost, revenue, spent, round(revenue - spent, 2),
        ]  # fmt: skip


def mixed(rows, columns, seed=1, texts=20_000):
    """Half whole numbers, a quarter fractions of full length, a quarter texts out of `texts`."""
    rng = random.Random(seed)
    for _ in range(rows):
        row = []
        for column in range(columns):
            kind = column % 4
            if kind < 2:
                row.append(rng.randrange(1_000_000))
            elif kind == 2:
                row.append(rng.random() * 1000)
            else:
                row.append(f"text number {rng.randrange(texts)}")
        yield row


# Name: what is in it, as [(sheet's name, function that gives its rows)].
BOOKS = {
    "sales": [("Sales Records", lambda: sales(65_536))],
    "large": [("Large", lambda: mixed(200_000, 20))],
    "sixty": [(f"Sheet {i + 1}", lambda i=i: mixed(2_000, 10, seed=i + 2)) for i in range(60)],
}
