"""An evening with invented people, as the simulator makes it, and how one of them walks through the pages.

Nobody is swept or restored: each person asks for themselves. Only the built program (REDRESS) is needed.
"""
import csv
import datetime
import glob
import json
import os
import pathlib
import re
import subprocess
import time

REDRESS = os.environ["REDRESS"]
CODE = re.compile(r"(?:인증번호|code is) (\d{6})")


class Town:
    """An installation with the logs and registers of an evening, and who is who in it."""

    def __init__(self, folder):
        self.data = str(folder / "data")
        self.taken = set()
        evening = datetime.date.today() - datetime.timedelta(days=2)
        made = folder / "incident"
        said = subprocess.run(
            [REDRESS, "simulate", str(made), "--people", "300", "--on", str(evening), "--format", "json"],
            capture_output=True, text=True, check=True)
        incident = json.loads(said.stdout)
        self.incident = incident["id"]
        self.redress("init")
        self.redress(
            "incident", "new", self.incident, "--name", "사전예약 접속 장애", "--from", incident["from"],
            "--to", incident["to"], "--pass-keys", str(made / "pass-keys.json"))
        for register in ["sites", "register", "revocations", "allotments"]:
            self.redress("load", register, str(made / f"{register}.csv"), "--incident", self.incident)
        for log in ["queue", "booking", "web", "sms"]:
            files = sorted(glob.glob(str(made / f"{log}*")))
            self.redress("ingest", *files, "--log", log, "--incident", self.incident)
        with open(made / "truth.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        phones = [row["phone"] for row in rows]
        # Families share a number; for a walk each person has their own.
        self.people = [row for row in rows if phones.count(row["phone"]) == 1]

    def redress(self, *arguments, check=True, **more):
        done = subprocess.run(
            [REDRESS, *arguments, "--data-dir", self.data], capture_output=True, text=True, **more)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def person(self, trick=False, later=None, affected=True):
        """Somebody who has not walked yet; each number gets few codes a day."""
        for row in self.people:
            fits = (row["affected"] == str(affected).lower() and (row["kind"] == "trick") == trick
                    and later in (None, bool(row["later_booking"])) and row["phone"] not in self.taken)
            if fits:
                self.taken.add(row["phone"])
                return row
        raise AssertionError("the evening has no such person left")

    def code(self, phone, after=None):
        """The newest code texted to a number, which is not `after`."""
        for _ in range(100):
            path = pathlib.Path(self.data) / "notices.jsonl"
            lines = path.read_text().splitlines() if path.exists() else []
            sent = [json.loads(line) for line in lines]
            codes = [match.group(1) for notice in sent
                     if notice["to"] == phone and (match := CODE.search(notice["text"]))]
            if codes and codes[-1] != after:
                return codes[-1]
            time.sleep(0.1)
        raise AssertionError("no code was texted")

    def case(self, receipt):
        return json.loads(self.redress("case", "show", receipt, "--format", "json"))


def spoken(date, slot):
    """A date and time as the Korean pages say it."""
    day = datetime.date.fromisoformat(date)
    hour, minute = map(int, slot.split(":"))
    half = "오전" if hour < 12 else "오후"
    return f"{day.month}월 {day.day}일({'월화수목금토일'[day.weekday()]}) {half} {hour % 12 or 12}:{minute:02d}"


def sign_in(page, town, person, start="/my/phone"):
    """Number, code, date of birth."""
    page.goto(start)
    page.fill("#phone", person["phone"])
    page.click("main form button")
    page.wait_for_url("**/my/code")
    page.fill("#code", town.code(person["phone"]))
    page.click("main form button")
    page.wait_for_url("**/my/birth-date")
    page.fill("#birth", person["birth_date"].replace("-", ""))
    page.click("main form button")


def ask(page, wish="original-slot"):
    """From the list of bookings to the case; gives the receipt number."""
    page.wait_for_url("**/my/bookings")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/my/wish")
    page.check(f"input[value={wish}]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/done")
    return page.inner_text(".receipt")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082")
