"""slowhttptest in its three modes: others are served meanwhile, and every slow socket is closed within 15 seconds."""
import subprocess
import time
import urllib.request

import pytest

CONNECTIONS = 1000
CLOSED_WITHIN = 15
MODES = {
    "headers": ["-H", "-i", "5"],
    "body": ["-B", "-i", "5", "-s", "8192"],
    "read": ["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"],
}


def established(port):
    listed = subprocess.run(
        ["ss", "-Htn", "state", "established", f"( sport = :{port} )"],
        capture_output=True, text=True, check=True)
    return len(listed.stdout.splitlines())


@pytest.mark.parametrize("mode", MODES)
def test_slow_clients_are_let_go_and_others_served(serve, mode):
    server = serve()
    attack = subprocess.Popen(
        ["slowhttptest", *MODES[mode], "-c", str(CONNECTIONS), "-r", "500", "-l", "24",
         "-u", server.base + "/openapi.yaml", "-p", "5"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        began, most, slowest, after = time.monotonic(), 0, 0.0, None
        while attack.poll() is None and time.monotonic() - began < 60:
            asked = time.monotonic()
            with urllib.request.urlopen(server.base + "/healthz", timeout=5) as answer:
                assert answer.status == 200
            slowest = max(slowest, time.monotonic() - asked)
            count = established(server.port)
            most = max(most, count)
            # The last connection was opened 2 s in; 15 s after that none of them may be left.
            if after is None and time.monotonic() - began > CONNECTIONS / 500 + CLOSED_WITHIN:
                after = count
            time.sleep(0.25)
        print(f"{mode}: at most {most} connections, {after} left after {CLOSED_WITHIN} s, "
              f"slowest answer to others {slowest * 1000:.0f} ms")
        assert most > CONNECTIONS / 4, "the attack did not take place"
        assert after is not None and after <= 1
    finally:
        attack.kill()
