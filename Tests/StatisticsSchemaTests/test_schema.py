"""What `redress stats … --format json` prints keeps to the published JSON Schema, with a judge of its own.

Needs pytest and jsonschema; REDRESS is the built binary and REDRESS_DEMO the folder of a finished demo.
"""

import datetime
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("REDRESS", str(ROOT / ".build" / "debug" / "redress"))
DEMO = os.environ["REDRESS_DEMO"]
SCHEMA = json.loads((ROOT / "docs" / "statistics.schema.json").read_text(encoding="utf-8"))
THIS_WEEK = "{0}-W{1:02}".format(*datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).isocalendar())


def run(*arguments: str) -> str:
    return subprocess.run(
        [BINARY, "stats", *arguments], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


@pytest.mark.parametrize("period", ["weekly", "monthly", "to-date"])
@pytest.mark.parametrize("edition", [[], ["--public"]])
@pytest.mark.parametrize("week", [THIS_WEEK, "2021-W29"])
def test_report(period: str, edition: list[str], week: str) -> None:
    report = json.loads(run(period, "--week", week, *edition, "--data-dir", DEMO, "--format", "json"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["edition"] == ("public" if edition else "internal")
    if week == THIS_WEEK and not edition:
        assert report["totals"]["received"] > 0, "the demo opened cases this week"


def test_printed_schema_is_the_published_one() -> None:
    assert json.loads(run("schema")) == SCHEMA


def test_schema_refuses() -> None:
    report = json.loads(run("weekly", "--data-dir", DEMO, "--format", "json"))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for key, value in [("edition", "secret"), ("rows", []), ("from", 7), ("totals", {"opening": 1})]:
        assert not validator.is_valid(report | {key: value}), key
