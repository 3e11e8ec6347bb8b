"""schemathesis against the running server: every check, every phase, as a supervisor; bounded in time."""
import os
import pathlib
import shutil
import subprocess

SECONDS = int(os.environ.get("ATTACK_SECONDS", "120"))
HERE = pathlib.Path(__file__).parent


def test_schemathesis_finds_nothing(serve, cases, tmp_path):
    server = serve("http.session_rate=0", "http.address_rate=0")
    token = server.token("김공격", "supervisor")
    run = subprocess.run(
        [
            shutil.which("schemathesis") or "schemathesis", "--config-file", str(HERE / "schemathesis.toml"),
            "run", server.base + "/openapi.yaml", "--url", server.base,
            "--header", f"Authorization: Bearer {token}", "--checks", "all",
            "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "8",
            "--max-time", str(SECONDS), "--continue-on-failure", "--suppress-health-check", "all",
            "--seed", "7", "--workers", "1", "--report-dir", str(tmp_path / "report"),
        ],
        capture_output=True, text=True, timeout=SECONDS + 120, cwd=tmp_path,
        env=os.environ | {
            "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONHASHSEED": "0",
            "ATTACK_BASE": server.base, "ATTACK_TOKEN": token, "ATTACK_INCIDENT": cases[0]["incident"],
            "ATTACK_RECEIPTS": ",".join(case["receipt"] for case in cases[:40]),
        })
    if report := os.environ.get("ATTACK_REPORT"):
        pathlib.Path(report).write_text(run.stdout + run.stderr)
    print(run.stdout[-3000:])
    assert run.returncode == 0, run.stdout[-20000:] + run.stderr[-4000:]
    assert server.process.poll() is None
