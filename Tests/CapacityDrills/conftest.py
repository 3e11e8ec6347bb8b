"""An installation that the program itself made, copied for each fault, and the ways to run the program on it."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess

import pytest

REDRESS = os.environ.get("REDRESS", ".build/release/redress")
INCIDENT = "night"


class Town:
    """One data folder; every call is a process of its own."""

    def __init__(self, data: pathlib.Path):
        self.data = data

    def run(self, *arguments, environment=None, timeout=120):
        return subprocess.run(
            [REDRESS, *arguments, "--data-dir", str(self.data), "--format", "json"],
            capture_output=True, text=True, timeout=timeout, env={**os.environ, **(environment or {})})

    def ask(self, *arguments):
        run = self.run(*arguments)
        assert run.returncode == 0, (arguments, run.stderr)
        return json.loads(run.stdout) if run.stdout.strip() else None

    def cases(self):
        return {row["receipt"]: row for row in self.ask("case", "list", "--incident", INCIDENT)}

    def require_sound(self, label):
        run = self.run("check")
        assert run.returncode == 0, (label, run.stdout, run.stderr)
        assert json.loads(run.stdout)["ok"], (label, run.stdout)

    def copy(self, path: pathlib.Path):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.data, path)
        return Town(path)


@pytest.fixture(scope="session")
def faults(tmp_path_factory):
    """The library that breaks one write or sync of a program."""
    library = tmp_path_factory.mktemp("faults") / "faults.so"
    source = pathlib.Path(__file__).with_name("faults.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return str(library)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """A verified and planned incident, nobody seated yet."""
    folder = tmp_path_factory.mktemp("town")
    town = Town(folder / "data")
    logs = folder / "logs"
    evening = datetime.date.today() - datetime.timedelta(days=2)
    town.ask("init")
    made = town.ask("simulate", str(logs), "--people", "200", "--seed", "11", "--on", str(evening))
    town.ask("incident", "new", INCIDENT, "--name", "장애", "--from", made["from"], "--to", made["to"],
             "--pass-keys", str(logs / "pass-keys.json"))
    for register in ("sites", "register", "revocations", "allotments"):
        town.ask("load", register, str(logs / f"{register}.csv"), "--incident", INCIDENT)
    for log, file in (("queue", "queue.jsonl"), ("booking", "booking.jsonl"), ("web", "web.log"),
                      ("sms", "sms.jsonl")):
        town.ask("ingest", str(logs / file), "--log", log, "--incident", INCIDENT)
    town.ask("incident", "sweep", INCIDENT)
    return town


@pytest.fixture(scope="session")
def asked(town, tmp_path_factory):
    """The same with everybody's seat held and offered: who says yes is moved out of a later booking."""
    folder = tmp_path_factory.mktemp("asked")
    copy = town.copy(folder / "data")
    plan = copy.ask("plan", INCIDENT)
    copy.ask("apply", INCIDENT, "--plan", plan["digest"])
    offered = [receipt for receipt, row in copy.cases().items() if row["state"] == "offered"]
    assert offered, "nobody was asked"
    copy.offered = sorted(offered)
    return copy
