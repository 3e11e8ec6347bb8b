"""A process that dies, or whose disk fails, at each step of a re-seat and of an apply: nothing acknowledged is lost.

A step is one write, truncation or sync of a file of the installation. `DRILL_STEPS` bounds how many of them are broken
in each drill (spread evenly over all); 0 breaks every one.
"""

import json
import os

import pytest
from conftest import INCIDENT

BOUND = int(os.environ.get("DRILL_STEPS", "0"))
WORDS = ("disk", "written", "database")


def broken(faults, town, step, mode, count=None):
    return {
        "LD_PRELOAD": faults, "FAULT_FOLDER": str(town.data), "FAULT_AT": str(step), "FAULT_MODE": mode,
        **({"FAULT_COUNT": str(count)} if count else {}),
    }


def steps_of(faults, town, tmp_path, arguments):
    copy = town.copy(tmp_path / "count")
    run = copy.run(*arguments, environment=broken(faults, copy, 0, "none", tmp_path / "steps"))
    assert run.returncode == 0, run.stderr
    total = int((tmp_path / "steps").read_text())
    assert total > 5, "the faults library did not see the program's writes"
    if not BOUND or BOUND >= total:
        return total, range(1, total + 1)
    return total, sorted({1 + round(index * (total - 1) / (BOUND - 1)) for index in range(BOUND)})


def require_kind_words(run, label):
    """A failing disk is told in a sentence, never by a crash."""
    assert run.returncode > 0, (label, run.returncode, run.stderr)
    assert any(word in run.stderr.lower() for word in WORDS), (label, run.stderr)
    assert "Fatal error" not in run.stderr, (label, run.stderr)


@pytest.mark.parametrize("mode", ["kill", "torn", "eio", "enospc"])
def test_reseat(faults, asked, tmp_path, mode):
    receipt = asked.offered[0]
    accept = ["case", "accept", receipt, "--heard-by", "call", "--note", "네", "--key", "drill"]
    total, steps = steps_of(faults, asked, tmp_path, accept)
    acknowledged = failed = 0
    for step in steps:
        label = f"accept, {mode} at step {step} of {total}"
        copy = asked.copy(tmp_path / "data")
        run = copy.run(*accept, environment=broken(faults, copy, step, mode))
        copy.require_sound(label)
        state = copy.cases()[receipt]["state"]
        if run.returncode == 0:
            acknowledged += 1
            assert json.loads(run.stdout)["done"] == "seated" and state == "restored", label
        elif mode in ("kill", "torn"):
            assert run.returncode == -9, (label, run.stderr)
            failed += 1
        else:
            require_kind_words(run, label)
            failed += 1
        assert state in ("offered", "restored"), label
        assert copy.ask(*accept)["done"] == "seated", label
        assert copy.cases()[receipt]["state"] == "restored", label
        copy.require_sound(label + ", asked again")
    print(f"accept, {mode}: {total} steps, {len(steps)} broken: {failed} failed, {acknowledged} acknowledged, 0 lost")


@pytest.mark.parametrize("mode", ["kill", "torn", "eio", "enospc"])
def test_apply(faults, town, tmp_path, mode):
    plan = town.ask("plan", INCIDENT)
    apply = ["apply", INCIDENT, "--plan", plan["digest"]]
    whole = town.copy(tmp_path / "whole")
    expected = whole.ask(*apply)
    end = {receipt: row["state"] for receipt, row in whole.cases().items()}
    total, steps = steps_of(faults, town, tmp_path, apply)
    finished = 0
    for step in steps:
        label = f"apply, {mode} at step {step} of {total}"
        copy = town.copy(tmp_path / "data")
        run = copy.run(*apply, environment=broken(faults, copy, step, mode))
        copy.require_sound(label)
        if run.returncode == 0:
            finished += 1
        elif mode in ("eio", "enospc"):
            require_kind_words(run, label)
        before = {receipt for receipt, row in copy.cases().items() if row["state"] in ("restored", "offered")}
        again = copy.ask(*apply)
        assert again["failed"] == expected["failed"], (label, again)
        assert again["skipped"] == expected["skipped"] + len(before), (label, again, expected)
        assert again["seated"] + again["held"] + len(before) == expected["seated"] + expected["held"], label
        assert {receipt: row["state"] for receipt, row in copy.cases().items()} == end, label
        copy.require_sound(label + ", applied again")
    print(f"apply, {mode}: {total} steps, {len(steps)} broken, {finished} finished all the same, every one went on to the end")
