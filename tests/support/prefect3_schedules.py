# SPDX-License-Identifier: Apache-2.0
"""Run by a Python with Prefect 3: prints generated schedules, one a line, with the instants that Prefect's own code gives, as in
tests/orchestrator/schedules.tsv, which is its answers to `500 1`, `500 2`, `500 3`, `500 4`. Arguments: how many, seed."""
import asyncio
import json
import random
import sys
from datetime import datetime, timedelta, timezone

from prefect._vendor.croniter.croniter import CroniterBadDateError
from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule

ZONES = ["UTC", "Europe/London", "America/New_York", "Europe/Berlin", "Australia/Sydney", "America/Sao_Paulo", "Asia/Kolkata",
         "Pacific/Auckland", "America/St_Johns", "Africa/Cairo"]
# Days around which clocks change somewhere, and some on which none does.
DAYS = ["2026-03-07", "2026-03-28", "2026-10-03", "2026-10-24", "2026-10-31", "2027-03-13", "2027-03-27", "2027-04-03",
        "2026-06-15", "2026-12-30", "2028-02-27"]
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def start(draw):
    day = datetime.fromisoformat(draw.choice(DAYS)).replace(tzinfo=timezone.utc)
    return day + timedelta(minutes=draw.randrange(0, 2880), seconds=draw.choice([0, 0, 17]))


def cron(draw, _):
    minute = draw.choice(["0", "30", "*/15", "*/20", "5,35", "0-10/5", "59"])
    hour = draw.choice(["*", "1", "2", "3", "0", "*/6", "1-3", "22-23", "0,12"])
    day = draw.choice(["*", "*", "*", "1", "L", "13", "28-31"])
    month = draw.choice(["*", "*", "*", "3,10", "*/2"])
    weekday = draw.choice(["*", "*", "*", "0", "mon-fri", "6", "7", "1#1"])
    if "#" in weekday:  # beside a day of the month croniter takes no notice of that
        day = "*"
    return {"cron": " ".join([minute, hour, day, month, weekday]), "day_or": draw.random() < 0.7}


def interval(draw, _):
    seconds = draw.choice([60, 900, 3600, 5400, 21600, 43200, 86400, 129600, 172800, 604800, 90061])
    anchor = datetime(2026, draw.randrange(1, 13), draw.randrange(1, 29), draw.randrange(0, 24), draw.choice([0, 30]),
                      tzinfo=timezone.utc)
    return {"interval": seconds, "anchor_date": anchor.isoformat()}


def rrule(draw, begin):
    frequency = draw.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"])
    parts = [f"FREQ={frequency}"]
    if frequency != "YEARLY" and draw.random() < 0.5:  # up to 2037, after which its zones know no summer
        parts.append(f"INTERVAL={draw.randrange(1, 5)}")
    if frequency in ("YEARLY", "MONTHLY") and draw.random() < 0.5:
        parts.append("BYDAY=" + draw.choice(["1MO", "-1FR", "2TU,4TU", "MO,WE"]))
    elif frequency in ("YEARLY", "MONTHLY") and draw.random() < 0.5:
        parts.append("BYMONTHDAY=" + draw.choice(["1", "15", "-1", "28,-2"]))
    elif frequency in ("WEEKLY", "DAILY") and draw.random() < 0.6:
        parts.append("BYDAY=" + ",".join(draw.sample(WEEKDAYS, draw.randrange(1, 4))))
    if frequency not in ("HOURLY", "MINUTELY") and draw.random() < 0.5:
        parts.append("BYHOUR=" + draw.choice(["1", "2", "9,17", "23"]))
    if frequency not in ("HOURLY", "MINUTELY") and not parts[-1].startswith("INTERVAL") and draw.random() < 0.2:
        parts.append("BYMONTH=" + draw.choice(["3", "10", "1,6"]))
    began = f"2026{draw.randrange(1, 3):02}{draw.randrange(1, 29):02}T{draw.randrange(0, 24):02}3000"
    if frequency in ("HOURLY", "MINUTELY"):  # theirs counts through all times since then
        began = (begin - timedelta(days=draw.randrange(1, 4))).strftime("%Y%m%dT%H3000")
    return {"rrule": f"DTSTART:{began}\nRRULE:" + ";".join(parts)}


async def dates(schedule, begin):
    kind = CronSchedule if "cron" in schedule else IntervalSchedule if "interval" in schedule else RRuleSchedule
    return await kind(**schedule).get_dates(n=6, start=begin)


def main():
    draw = random.Random(int(sys.argv[2]))
    number = 0
    while number < int(sys.argv[1]):
        begin = start(draw)
        schedule = (cron, interval, rrule)[number % 3](draw, begin) | {"timezone": draw.choice(ZONES)}
        try:
            found = asyncio.run(dates(schedule, begin))
        except CroniterBadDateError:  # it looks ahead a few years only
            continue
        number += 1
        before, gaps = begin, []
        for date in (date.astimezone(timezone.utc) for date in found):  # two of one zone differ by what its clock shows
            gaps.append(f"{(date - before).total_seconds():.0f}")
            before = date
        print(json.dumps(schedule, separators=(",", ":")), begin.strftime("%Y-%m-%dT%H:%M:%SZ"), " ".join(gaps) or "-", sep="\t")


main()
