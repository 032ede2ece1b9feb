# SPDX-License-Identifier: Apache-2.0
"""The samples and the register: deterministic, true in codes and names, exact in sums."""
import csv
import io
import itertools
import subprocess
import sys
import zipfile

import pytest
from support import sheets, sites, tidemill

sys.path.insert(0, str(tidemill.ROOT / "tools"))
from samples.editions import TOTAL_OFF  # noqa: E402

from samples import areas  # noqa: E402
from samples.site import site  # noqa: E402

REGISTER = tidemill.ROOT / "recipes" / "registers" / "gss.csv"
ENGLAND_AND_WALES, ENGLAND, WALES, NON_RESIDENTS = "K04000001", "E92000001", "W92000004", "J99000001"


def register():
    return list(csv.DictReader(io.StringIO(REGISTER.read_text(encoding="utf-8"))))


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, info.date_time, archive.read(info)) for info in archive.infolist()]


def test_generator_gives_the_same_bytes_each_time():
    assert site() == site()


def test_samples_are_what_the_generator_makes():
    made = site()
    kept = {path.relative_to(sites.SAMPLES).as_posix(): path.read_bytes() for path in sites.SAMPLES.rglob("*.*")}
    assert sorted(made) == sorted(kept)
    for name, content in made.items():
        if name.endswith(".xlsx"):  # another zlib may pack the same parts into other bytes
            assert unzipped(content) == unzipped(kept[name]), name
        else:
            assert content == kept[name], name


def test_samples_are_small():
    assert sum(path.stat().st_size for path in sites.SAMPLES.rglob("*.*")) < 2_000_000


@pytest.mark.parametrize("held", sites.sample_editions("state-1") + sites.sample_editions("state-2")[-1:],
                         ids=lambda held: f"{held.edition.year}-{held.edition.months}")  # fmt: skip
def test_counts_of_a_sample_add_up(held):
    edition = held.edition
    cells = sheets.read(held.file, edition.year)
    on_day = areas.valid_on(edition.geography)
    assert len(cells) == (len(on_day) + 1) * edition.months
    for month in range(1, edition.months + 1):
        period = f"{edition.year}-{month:02d}"
        count = {code: cell.count for (code, when), cell in cells.items() if when == period}
        assert set(count) == {*on_day, tidemill.TOTAL}
        children = {}
        for code, (_, parent) in on_day.items():
            children.setdefault(parent, []).append(code)
        for parent, codes in children.items():
            if parent:
                assert count[parent] == sum(count[code] for code in codes), (parent, period)
        assert count[ENGLAND_AND_WALES] == count[ENGLAND] + count[WALES]
        off = TOTAL_OFF.get(edition.year, {}).get(month, 0)
        assert count[tidemill.TOTAL] == count[ENGLAND_AND_WALES] + count[NON_RESIDENTS] + off


def test_second_state_adds_three_months_and_revises_one_district():
    before, after = (sheets.read(sites.sample_editions(state)[-1].file, 2022) for state in ("state-1", "state-2"))
    assert {period for _, period in after.keys() - before.keys()} == {"2022-07", "2022-08", "2022-09"}
    revised = {key: after[key].count - before[key].count for key in before if after[key].count != before[key].count}
    chain = ("E07000105", "E10000016", "E12000008", ENGLAND, ENGLAND_AND_WALES, tidemill.TOTAL)
    assert revised == {(code, "2022-06"): 2 for code in chain}


def test_register_names_areas_once_at_any_time():
    by_code = {}
    for row in register():
        assert row["from"] and (not row["to"] or row["from"] < row["to"]), row
        by_code.setdefault(row["code"], []).append((row["from"], row["to"] or "9999"))
    for code, spans in by_code.items():
        for (_, end), (start, _) in itertools.pairwise(sorted(spans)):
            assert end <= start, code


def test_register_has_the_parent_of_each_area_in_each_state():
    days = {row["from"] for row in register()} | {row["to"] for row in register() if row["to"]}
    assert len(days) == 10
    for day in sorted(days):
        valid = areas.valid_on(day)
        for code, (_, parent) in valid.items():
            assert parent in valid or code in (ENGLAND_AND_WALES, NON_RESIDENTS), (day, code, parent)


# A sheet has one row more: the total of England, Wales and elsewhere, which is no area.
@pytest.mark.parametrize(
    ("day", "count"),
    [("2008-12-31", 431), ("2009-04-01", 396), ("2016-01-01", 396), ("2019-04-01", 386), ("2020-04-01", 382), ("2021-04-01", 376), ("2023-04-01", 360)],
)
def test_register_knows_the_areas_of_a_day(day, count):
    assert len(areas.valid_on(day)) == count


@pytest.mark.parametrize("year", sites.REAL)
def test_register_has_every_area_of_the_publishers_editions(real_folder, year):
    held = next(held for held in sites.real_editions(real_folder) if held.edition.year == year)
    codes = {code for code, _ in sheets.read(held.file, year)} - {tidemill.TOTAL}
    assert codes == set(areas.valid_on("2018-04-01" if year < 2018 else "2019-04-01"))


def test_register_is_what_its_tool_makes_of_the_publishers_editions(real_folder):
    tool = tidemill.ROOT / "tools" / "make_register.py"
    made = subprocess.run([sys.executable, tool, real_folder], capture_output=True, text=True, check=True)
    assert made.stdout == REGISTER.read_text(encoding="utf-8")
