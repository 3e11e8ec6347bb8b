"""What the browser tests share: a demo's cases, a supervisor who signed in, the served site, Chromium.

Needs the built program (REDRESS), a demo's folder (REDRESS_DEMO), Debian's Chromium and tidy, and from PyPI pytest,
playwright and axe-playwright-python. Screenshots go to the folder SCREENSHOTS names, if it is set.
"""
import contextlib
import json
import re
import subprocess
import threading

import pytest
from playwright.sync_api import sync_playwright

from places import CHROMIUM
from staff import DEMO, REDRESS, Colleague, redress


@pytest.fixture(scope="session")
def cases():
    return json.loads(redress("case", "list", "--format", "json"))


@pytest.fixture(scope="session")
def lead():
    return Colleague("김팀장", "supervisor")


@pytest.fixture(scope="session")
def agent():
    return Colleague("이상담", "agent")


@contextlib.contextmanager
def serving(folder=DEMO):
    """The built server on a folder's data, for as long as the block runs; gives its address."""
    server = subprocess.Popen(
        [REDRESS, "serve", "--port", "0", "--data-dir", folder], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    said = ""
    for line in server.stdout:
        said += line
        if match := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
            break
    else:
        raise RuntimeError(f"the server ended: {said}")
    # Whatever it says from now on is read, so that a full pipe never stops it.
    threading.Thread(target=server.stdout.read, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{match.group(1)}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def site(cases):
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
