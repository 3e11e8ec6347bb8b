"""sqlmap and wapiti (PyPI) against the running server: nothing found. Takes minutes; run before a release.

    pip install pytest sqlmap wapiti3 greenlet
    REDRESS=.build/release/redress pytest -s Tests/ServerAttacks/test_scanners.py
"""
import json
import re
import shutil
import subprocess
import urllib.request

import pytest

MINUTES = 3
# One password is checked at a time, each with 128 MiB of work.
MINUTES_OF_PASSWORDS = 10


def targets(cases):
    receipt, incident = cases[0]["receipt"], cases[0]["incident"]
    return {
        "lookup-phone": ("lookups", '{"phone":"*"}'),
        "lookup-booking": ("lookups", '{"booking":"*"}'),
        "lookup-name": ("lookups", '{"name":"*","birth_date":"1967-03-01"}'),
        "cases": (f"cases?incident={incident}*&limit=5", None),
        "case": (f"cases/{receipt}*", None),
        "pool": (f"incidents/{incident}*/pool", None),
        "statistics": ("statistics/week?week=2021-W29*", None),
        "access-log": ("access-log", '{"subject":"*"}'),
        "audit": ("audit?subject=x*", None),
        "codes": ("codes", '{"phone":"*"}'),
        "sessions": ("sessions", '{"name":"*","password":"x","code":"123456"}'),
    }


NAMES = list(targets([{"receipt": "", "incident": ""}]))


@pytest.mark.parametrize("name", NAMES)
def test_sqlmap_finds_nothing(serve, cases, tmp_path, name):
    server = serve("http.session_rate=0", "http.address_rate=0")
    token = server.token("김감사", "supervisor")
    path, body = targets(cases)[name]
    command = [
        shutil.which("sqlmap") or "sqlmap", "-u", f"{server.base}/api/v1/{path}", "--batch", "--level", "2",
        "--risk", "2", "--technique", "BEUSQ", "--dbms", "SQLite", "--threads", "4", "--flush-session",
        "--ignore-code", "*", "--output-dir", str(tmp_path), "--disable-coloring", "--timeout", "10",
        "-H", f"Authorization: Bearer {token}",
    ]
    if body:
        command += ["--method", "POST", "--data", body, "-H", "Content-Type: application/json"]
    minutes = MINUTES_OF_PASSWORDS if name == "sessions" else MINUTES
    run = subprocess.run(command, capture_output=True, text=True, timeout=minutes * 60)
    print(run.stdout[-1500:])
    assert "do not appear to be injectable" in run.stdout, run.stdout[-4000:]
    assert "is vulnerable" not in run.stdout and "injection point" not in run.stdout

# All of wapiti's that ask nobody but the server itself.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,redirect,"
    "sql,timesql,upload,xss,xxe")
MINUTES_OF_MODULES = 8
# These forms come before any session, so there is none that another site could misuse and no token of one; what another
# site makes a browser send is refused by Sec-Fetch-Site and Origin.
BEFORE_A_SESSION = {"/check", "/my/phone", "/staff/invitation", "/staff/sign-in"}


def pages(server, cases):
    """Every GET of the description, and the pages that need no session: where wapiti starts."""
    with urllib.request.urlopen(server.base + "/openapi.yaml") as answer:
        text = answer.read().decode()
    known = {"receipt": cases[0]["receipt"], "incident": cases[0]["incident"], "list": "mine", "period": "week"}
    paths = ["/", "/check", "/my/phone", "/staff/sign-in"]
    for path, methods in re.findall(r"^  (/\S+):\n((?:    .*\n)+)", text, re.MULTILINE):
        if "    get:" in methods:
            paths.append(re.sub(r"{(\w+)}", lambda name: known.get(name[1], "x1"), path))
    return [part for path in paths for part in ("-s", f"{server.base}{path}?limit=5&state=x&incident=x")]


def test_wapiti_finds_nothing(serve, cases, tmp_path):
    server = serve("http.session_rate=0", "http.address_rate=0")
    token = server.token("김감사", "supervisor")
    report = tmp_path / "report.json"
    run = subprocess.run(
        [
            shutil.which("wapiti") or "wapiti", "-u", server.base + "/", *pages(server, cases),
            "-H", f"Authorization: Bearer {token}", "-m", MODULES, "--flush-session", "--scope", "domain",
            "--max-scan-time", "60", "--max-attack-time", "15",
            "--no-bugreport", "-f", "json", "-o", str(report), "--store-session", str(tmp_path / "session"),
        ],
        capture_output=True, text=True, timeout=MINUTES_OF_MODULES * 60)
    print(run.stdout[-3000:], run.stderr[-3000:])
    found = json.loads(report.read_text())
    faults = {name: items for name, items in found["vulnerabilities"].items() if items}
    forged = [one for one in faults.pop("Cross Site Request Forgery", []) if one["path"] not in BEFORE_A_SESSION]
    assert not forged, forged
    odd = {name: items for name, items in found["anomalies"].items() if items}
    assert not faults and not odd, json.dumps([faults, odd], indent=1, ensure_ascii=False)[:8000]
