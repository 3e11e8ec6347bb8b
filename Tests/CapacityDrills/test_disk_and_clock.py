"""A disk that is really full, and a clock that jumps: a clear sentence, nothing lost, nothing twice."""

import json
import os
import subprocess

import pytest
from conftest import INCIDENT
from test_faults import require_kind_words


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_full_disk(asked, tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64M", "tmpfs", place], check=True)
    try:
        town = asked.copy(place / "data")
        filler = place / "filler"
        free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
        # Room for a little more than a megabyte: the first few find it, then there is none.
        filler.write_bytes(b"x" * (free - (1 << 20)))
        seated, refused = [], 0
        for receipt in asked.offered:
            run = town.run("case", "accept", receipt, "--heard-by", "call", "--note", "네", "--key", receipt)
            if run.returncode == 0:
                seated.append(receipt)
                with open(filler, "ab") as file:
                    file.write(b"x" * (128 << 10) if os.statvfs(place).f_bavail > 40 else b"")
            else:
                require_kind_words(run, receipt)
                refused += 1
                if refused == 3:
                    break
            rest = os.statvfs(place)
            if rest.f_bavail * rest.f_frsize > 64 << 10:
                with open(filler, "ab") as file:
                    file.write(b"x" * (rest.f_bavail * rest.f_frsize // 2))
        assert refused, "the disk never filled up"
        filler.unlink()
        town.require_sound("room again")
        cases = town.cases()
        assert all(cases[receipt]["state"] == "restored" for receipt in seated)
        for receipt in asked.offered:
            town.ask("case", "accept", receipt, "--heard-by", "call", "--note", "네", "--key", receipt)
        assert all(town.cases()[receipt]["state"] == "restored" for receipt in asked.offered)
        town.require_sound("all seated")
        print(f"full disk: {len(seated)} seated, {refused} refused, 0 lost; all {len(asked.offered)} seated with room again")
    finally:
        subprocess.run(["umount", place], check=True)


def test_clock_jumps(faults, asked, tmp_path):
    def at(days):
        return {"LD_PRELOAD": faults, "FAULT_CLOCK": str(round(days * 86_400))}

    town = asked.copy(tmp_path / "data")
    first, second = asked.offered[:2]
    accept = ["case", "accept", first, "--heard-by", "call", "--note", "네", "--key", "jump"]
    answer = town.run(*accept, environment=at(-0.01))
    assert answer.returncode == 0 and json.loads(answer.stdout)["done"] == "seated", answer.stderr
    for offset in (0.1, -400, 0):
        again = town.run(*accept, environment=at(offset))
        assert (again.returncode, again.stdout) == (0, answer.stdout), (offset, again.stderr)
        town.require_sound(f"{offset} days")
    # A month and more ahead every pool has closed: all promised seats end, and going back brings none of them to life.
    tidied = town.run("pool", "tidy", environment=at(40))
    assert tidied.returncode == 0 and json.loads(tidied.stdout)["failures"] == [], (tidied.stdout, tidied.stderr)
    town.require_sound("40 days on")
    assert town.ask("pool", "holds", "--incident", INCIDENT) == []
    late = town.run("case", "accept", second, "--heard-by", "call", "--note", "네")
    assert late.returncode > 0 and "no live offer" in late.stderr, late.stderr
    assert town.cases()[first]["state"] == "restored"
    town.require_sound("back")
    print("clock: -400 days to +40 days and back: the same answer under the key, no hold came back to life")
