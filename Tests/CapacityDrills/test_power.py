"""Power cuts: what was not synced may be lost, in any part and in any order; what was acknowledged may not.

The first drill needs no rights: it records every write and sync, and builds the disk as a cut could have left it
(writes after a file's last sync kept or lost at random, some torn at a sector). The second shuts a real ext4 down
under the running program (EXT4_IOC_SHUTDOWN without a log flush), where a loop device can be mounted.
"""

import fcntl
import os
import pathlib
import random
import struct
import subprocess
import threading
import time

import pytest

from conftest import REDRESS, Town
from test_faults import broken

CUTS = int(os.environ.get("DRILL_CUTS", "200"))
SECTOR = 512


def read_trace(path):
    """The steps of a trace: (type, offset, path, bytes)."""
    data, place, steps = path.read_bytes(), 0, []
    while place < len(data):
        end = data.index(b"\n", place)
        kind, offset, length, name = data[place:end].decode().split(" ", 3)
        place = end + 1
        size = int(length) if kind == "W" else 0
        steps.append((kind, int(offset), name, data[place:place + size]))
        place += size
    return steps


def write_at(path, offset, content):
    mode = "r+b" if path.exists() else "w+b"
    with open(path, mode) as file:
        file.seek(offset)
        file.write(content)


def cut(steps, until, dice):
    """The steps that a cut after `until` leaves: those before a file's last sync whole, later ones by chance."""
    last_sync = {}
    for index, (kind, _, name, _) in enumerate(steps[:until]):
        if kind == "S":
            last_sync[name] = index
    for index, (kind, offset, name, content) in enumerate(steps[:until]):
        if kind == "S":
            continue
        if index > last_sync.get(name, -1):
            if dice.random() < 0.5:
                continue
            if kind == "W" and len(content) > SECTOR and dice.random() < 0.3:
                content = content[:dice.randrange(1, len(content) // SECTOR + 1) * SECTOR]
        yield kind, offset, name, content


def test_recorded_cut(faults, asked, tmp_path):
    seed = int(os.environ.get("DRILL_SEED", random.randrange(1 << 32)))
    dice = random.Random(seed)
    live, trace = asked.copy(tmp_path / "live"), tmp_path / "trace"
    ends = []
    for receipt in asked.offered[:4]:
        environment = {**broken(faults, live, 0, "none"), "FAULT_TRACE": str(trace)}
        run = live.run("case", "accept", receipt, "--heard-by", "call", "--note", "네", environment=environment)
        assert run.returncode == 0, run.stderr
        ends.append((len(read_trace(trace)), receipt))
    steps = read_trace(trace)
    kept = 0
    for _ in range(CUTS):
        until = dice.randrange(0, len(steps) + 1)
        label = f"seed {seed}, cut after step {until} of {len(steps)}"
        copy = asked.copy(tmp_path / "cut")
        for kind, offset, name, content in cut(steps, until, dice):
            path = copy.data / pathlib.Path(name).relative_to(live.data)
            if kind == "T":
                os.truncate(path, offset) if path.exists() else None
            else:
                write_at(path, offset, content)
        copy.require_sound(label)
        cases = copy.cases()
        for end, receipt in ends:
            if end <= until:
                kept += 1
                assert cases[receipt]["state"] == "restored", (label, receipt)
    print(f"recorded power cuts: {CUTS} over {len(steps)} steps, {kept} acknowledged re-seats there, 0 lost (seed {seed})")


def mountable():
    return os.geteuid() == 0 and os.path.exists("/dev/loop-control") and os.path.exists("/sbin/mkfs.ext4")


@pytest.mark.skipif(not mountable(), reason="shutting a real file system down takes root, loop devices and mkfs.ext4")
def test_file_system_shut_down(asked, tmp_path):
    image, place = tmp_path / "disk", tmp_path / "mounted"
    place.mkdir()
    rounds, told = 6, 0
    for number in range(rounds):
        image.unlink(missing_ok=True)
        with open(image, "wb") as file:
            file.truncate(96 << 20)
        subprocess.run(["/sbin/mkfs.ext4", "-q", image], check=True)
        subprocess.run(["mount", "-o", "loop", image, place], check=True)
        try:
            town = asked.copy(place / "data")
            os.sync()
            acknowledged = []

            def work():
                for receipt in asked.offered:
                    run = town.run("case", "accept", receipt, "--heard-by", "call", "--note", "네")
                    if run.returncode != 0:
                        return
                    acknowledged.append(receipt)

            worker = threading.Thread(target=work)
            worker.start()
            time.sleep(random.uniform(0.1, 1.5))
            handle = os.open(place, os.O_RDONLY)
            fcntl.ioctl(handle, 0x8004587D, struct.pack("I", 2))
            before = list(acknowledged)
            os.close(handle)
            worker.join()
        finally:
            subprocess.run(["umount", place], check=True)
        subprocess.run(["mount", "-o", "loop", image, place], check=True)
        try:
            town.require_sound(f"round {number}")
            cases = town.cases()
            told += len(before)
            for receipt in before:
                assert cases[receipt]["state"] == "restored", (number, receipt)
        finally:
            subprocess.run(["umount", place], check=True)
    print(f"ext4 shut down under the program: {rounds} rounds, {told} acknowledged re-seats there, 0 lost")
