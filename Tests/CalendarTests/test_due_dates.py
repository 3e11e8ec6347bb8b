"""The statutory due date of every working day of 2020 to 2026, against the `holidays` package from PyPI.

Needs pytest and holidays, and the built binary: its path in REDRESS, or .build/debug/redress.
"""

import datetime
import json
import os
import pathlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

import holidays

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("REDRESS", str(ROOT / ".build" / "debug" / "redress"))
DAY = datetime.timedelta(days=1)
CALENDAR = holidays.country_holidays("KR", years=range(2020, 2029))


def is_working(day: datetime.date) -> bool:
    return day.weekday() < 5 and day not in CALENDAR


def counted(day: datetime.date, total: int) -> datetime.date:
    number = 0
    while True:
        number += is_working(day)
        if number == total:
            return day
        day += DAY


def due(day: datetime.date, total: int) -> str:
    answer = subprocess.run(
        [BINARY, "calendar", "due", "--received", f"{day}T10:06:58+09:00", "--days", str(total), "--format", "json"],
        check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)["due"]


def test_every_working_day():
    first, last = datetime.date(2020, 1, 1), datetime.date(2026, 12, 31)
    days = [first + DAY * n for n in range((last - first).days + 1)]
    working = [day for day in days if is_working(day)]
    assert len(working) > 1700
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda day: due(day, 7), working))
    wrong = [
        f"{day}: {answer} instead of {counted(day, 7)}"
        for day, answer in zip(working, found)
        if not answer.startswith(f"{counted(day, 7)}T23:59:59")
    ]
    assert not wrong, "\n".join(wrong)


def test_the_known_case():
    assert due(datetime.date(2024, 12, 6), 7).startswith("2024-12-16T23:59:59")
