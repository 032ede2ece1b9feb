# SPDX-License-Identifier: Apache-2.0
"""Run by a Python with Prefect 3: prints generated schedules, one a line, with the dates that Prefect's own code gives."""
import asyncio
import json
import random
import sys
from datetime import datetime, timedelta, timezone

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


def cron(draw):
    minute = draw.choice(["0", "30", "*/15", "*/20", "5,35", "0-10/5", "59"])
    hour = draw.choice(["*", "1", "2", "3", "0", "*/6", "1-3", "22-23", "0,12"])
    day = draw.choice(["*", "*", "*", "1", "L", "13", "28-31", "*/10"])
    month = draw.choice(["*", "*", "*", "3,10", "*/2"])
    weekday = draw.choice(["*", "*", "*", "0", "mon-fri", "6", "7", "1#1"])
    return {"cron": " ".join([minute, hour, day, month, weekday]), "day_or": draw.random() < 0.7}


def interval(draw):
    seconds = draw.choice([60, 900, 3600, 5400, 21600, 43200, 86400, 129600, 172800, 604800, 90061])
    anchor = datetime(2026, draw.randrange(1, 13), draw.randrange(1, 29), draw.randrange(0, 24), draw.choice([0, 30]),
                      tzinfo=timezone.utc)
    return {"interval": seconds, "anchor_date": anchor.isoformat()}


def rrule(draw):
    frequency = draw.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"])
    parts = [f"FREQ={frequency}"]
    if draw.random() < 0.5:
        parts.append(f"INTERVAL={draw.randrange(1, 5)}")
    if frequency in ("YEARLY", "MONTHLY") and draw.random() < 0.5:
        parts.append("BYDAY=" + draw.choice(["1MO", "-1FR", "2TU,4TU", "MO,WE"]))
    elif frequency in ("YEARLY", "MONTHLY") and draw.random() < 0.5:
        parts.append("BYMONTHDAY=" + draw.choice(["1", "15", "-1", "28,-2"]))
    elif frequency in ("WEEKLY", "DAILY") and draw.random() < 0.6:
        parts.append("BYDAY=" + ",".join(draw.sample(WEEKDAYS, draw.randrange(1, 4))))
    if frequency not in ("HOURLY", "MINUTELY") and draw.random() < 0.5:
        parts.append("BYHOUR=" + draw.choice(["1", "2", "9,17", "23"]))
    if draw.random() < 0.2:
        parts.append("BYMONTH=" + draw.choice(["3", "10", "1,6"]))
    began = f"2026{draw.randrange(1, 3):02}{draw.randrange(1, 29):02}T{draw.randrange(0, 24):02}3000"
    return {"rrule": f"DTSTART:{began}\nRRULE:" + ";".join(parts)}


async def dates(schedule, begin):
    kind = CronSchedule if "cron" in schedule else IntervalSchedule if "interval" in schedule else RRuleSchedule
    return await kind(**schedule).get_dates(n=6, start=begin)


def main():
    draw = random.Random(int(sys.argv[2]))
    for number in range(int(sys.argv[1])):
        schedule = (cron, interval, rrule)[number % 3](draw) | {"timezone": draw.choice(ZONES)}
        begin = start(draw)
        found = asyncio.run(dates(schedule, begin))
        print(json.dumps({"schedule": schedule, "from": begin.isoformat(),
                          "dates": [date.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ") for date in found]}))


main()
