"""slowhttptest in its three modes: others are served meanwhile, and every slow socket is closed within 15 seconds."""
import subprocess
import time
import urllib.request

import pytest

CONNECTIONS = 1000
CLOSED_WITHIN = 15
# The slow body goes where anybody may send one; the slow reader asks three times for the largest answer there is.
MODES = {
    "headers": ["-H", "-i", "5", "-u", "/openapi.yaml"],
    "body": ["-B", "-i", "5", "-s", "8192", "-t", "POST", "-f", "application/json", "-u", "/api/v1/codes"],
    "read": ["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3", "-u", "/openapi.yaml"],
}


def established(port):
    listed = subprocess.run(
        ["ss", "-Htn", "state", "established", f"( sport = :{port} )"],
        capture_output=True, text=True, check=True)
    return len(listed.stdout.splitlines())


@pytest.mark.parametrize("mode", MODES)
def test_slow_clients_are_let_go_and_others_served(serve, mode):
    server = serve()
    *how, path = MODES[mode]
    attack = subprocess.Popen(
        ["slowhttptest", *how, server.base + path, "-c", str(CONNECTIONS), "-r", "500", "-l", "40", "-p", "5"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        began, most, slowest, opened, closed = time.monotonic(), 0, 0.0, 0.0, None
        while closed is None and time.monotonic() - began < 40:
            asked = time.monotonic()
            with urllib.request.urlopen(server.base + "/healthz", timeout=5) as answer:
                assert answer.status == 200
            slowest = max(slowest, time.monotonic() - asked)
            count = established(server.port)
            if count > most:
                most, opened = count, asked
            # The one that may be left is the last question of this test.
            if most > CONNECTIONS / 4 and count <= 1:
                closed = asked
            time.sleep(0.25)
        assert most > CONNECTIONS / 4, "the attack did not take place"
        assert closed is not None, f"{count} of {most} connections are still open"
        print(f"{mode}: {most} connections, all closed {closed - opened:.1f} s after the last was opened, "
              f"slowest answer to others {slowest * 1000:.0f} ms")
        assert closed - opened <= CLOSED_WITHIN
    finally:
        attack.kill()
