"""schemathesis against the running server: every check, every phase, as a supervisor; bounded in time."""
import os
import shutil
import subprocess

SECONDS = int(os.environ.get("ATTACK_SECONDS", "120"))


def test_schemathesis_finds_nothing(serve, tmp_path):
    server = serve("http.session_rate=0", "http.address_rate=0")
    token = server.token("김공격", "supervisor")
    run = subprocess.run(
        [
            shutil.which("schemathesis") or "schemathesis", "run", server.base + "/openapi.yaml",
            "--url", server.base, "--header", f"Authorization: Bearer {token}", "--checks", "all",
            "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "8",
            "--max-time", str(SECONDS), "--continue-on-failure", "--suppress-health-check", "all",
            "--seed", "7", "--workers", "2", "--report-dir", str(tmp_path / "report"),
        ],
        capture_output=True, text=True, timeout=SECONDS + 120,
        env=os.environ | {"SCHEMATHESIS_HOOKS": ""})
    print(run.stdout[-20000:])
    assert run.returncode == 0, run.stdout[-20000:] + run.stderr[-4000:]
    assert server.process.poll() is None
