"""The built server with a demo's data, for programs that attack it.

Needs the built program (REDRESS). Everything runs against 127.0.0.1 and stops by itself.
"""
import json
import os
import re
import subprocess

import pytest

REDRESS = os.environ["REDRESS"]


class Server:
    def __init__(self, folder, log, settings=()):
        self.folder = folder
        sets = [part for setting in settings for part in ("--set", setting)]
        self.log = open(log, "w")
        self.process = subprocess.Popen(
            [REDRESS, "serve", "--port", "0", "--data-dir", folder, *sets],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            self.log.write(line)
            if match := re.search(r"listening on [\d.]+:(\d+)", line):
                self.port = int(match.group(1))
                break
        else:
            raise RuntimeError(open(log).read())
        # Whatever it says from now on goes to the file, so that a full pipe never stops it.
        self.copier = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)
        self.base = f"http://127.0.0.1:{self.port}"

    def redress(self, *arguments, check=True):
        return subprocess.run(
            [REDRESS, *arguments, "--data-dir", self.folder], capture_output=True, text=True, check=check)

    def token(self, name, role):
        self.redress("staff", "add", name, "--role", role, check=False)
        return re.search(r"rdr_[\w-]+", self.redress("token", "create", name).stdout).group()

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=30)
        self.copier.wait(timeout=30)
        self.log.close()
        return status


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("attacks") / "desk")
    subprocess.run(
        [REDRESS, "demo", "--data-dir", folder, "--people", "200", "--format", "json"],
        check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def cases(folder):
    listed = subprocess.run(
        [REDRESS, "case", "list", "--data-dir", folder, "--format", "json"],
        check=True, capture_output=True, text=True)
    return json.loads(listed.stdout)


@pytest.fixture
def serve(folder, tmp_path):
    servers = []

    def start(*settings):
        server = Server(folder, tmp_path / f"server-{len(servers)}.log", settings)
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            assert server.stop() == 0
    sound = subprocess.run([REDRESS, "check", "--data-dir", folder], capture_output=True, text=True)
    assert sound.returncode == 0, sound.stdout + sound.stderr
