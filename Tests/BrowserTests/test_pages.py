"""The staff's pages in a real browser: paths of an agent, accessibility in both languages and themes, narrow screens.

Needs the built program (REDRESS), a demo's folder (REDRESS_DEMO), Debian's Chromium, and from PyPI pytest,
playwright and axe-playwright-python. Screenshots go to the folder SCREENSHOTS names, if it is set.
"""
import json
import os
import pathlib
import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe

REDRESS = os.environ["REDRESS"]
DEMO = os.environ["REDRESS_DEMO"]
THEMES = ["light", "dark"]
LANGUAGES = ["ko", "en"]


def redress(*arguments):
    done = subprocess.run(
        [REDRESS, *arguments, "--data-dir", DEMO], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="session")
def cases():
    return json.loads(redress("case", "list", "--format", "json"))


@pytest.fixture(scope="session")
def token():
    subprocess.run(
        [REDRESS, "staff", "add", "김팀장", "--role", "supervisor", "--data-dir", DEMO],
        capture_output=True, check=False)
    return re.search(r"rdr_[\w-]+", redress("token", "create", "김팀장")).group()


@pytest.fixture(scope="session")
def site(token, cases):
    server = subprocess.Popen(
        [REDRESS, "serve", "--port", "0", "--data-dir", DEMO], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    for line in server.stdout:
        if match := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
            break
    yield f"http://127.0.0.1:{match.group(1)}"
    server.terminate()
    server.wait(timeout=30)


def visit(browser, site, token, language="ko", theme="light", width=1366, height=768, script=True):
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, base_url=site,
        java_script_enabled=script)
    context.add_cookies([{"name": "redress_language", "value": language, "url": site}])
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.fill("#token", token)
    page.press("#token", "Enter")
    page.wait_for_url("**/staff")
    return page


def paths(cases):
    incident = cases[0]["incident"]
    picked = {case["state"]: case["receipt"] for case in cases}
    return (["/staff", "/staff/reviews", "/staff/lists/unassigned", "/staff/incidents",
             f"/staff/incidents/{incident}", f"/staff/pool/{incident}", "/staff/statistics", "/staff/audit"]
            + [f"/staff/cases/{receipt}" for receipt in picked.values()])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser, site, token, cases, language, theme):
    page = visit(browser, site, token, language, theme)
    for path in paths(cases):
        assert page.goto(path).status == 200, path
        shoot(page, f"desktop-{language}-{theme}-{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, path + "\n" + found.generate_report()
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sideways_scroll_at_320_pixels(browser, site, token, cases, language):
    page = visit(browser, site, token, language, width=320, height=640)
    for path in paths(cases):
        page.goto(path)
        shoot(page, f"phone-{language}-{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_answer_needs_no_scrolling(browser, site, token, cases, language):
    page = visit(browser, site, token, language)
    for path in [path for path in paths(cases) if "/cases/" in path]:
        page.goto(path)
        for name in [".read", ".seat.lost", "#who", "#next"]:
            box = page.locator(name).first.bounding_box()
            assert box["y"] + box["height"] <= 768, f"{path}: {name}"
    page.context.close()


def test_an_agent_finds_a_case_by_keyboard_alone_and_without_scripts(browser, site, token, cases):
    receipt = cases[0]["receipt"]
    page = visit(browser, site, token)
    page.keyboard.press("Alt+s")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(receipt)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/cases/{receipt}")
    page.context.close()
    page = visit(browser, site, token, script=False)
    page.fill("#q", receipt)
    page.press("#q", "Enter")
    page.wait_for_url(f"**/staff/cases/{receipt}")
    page.context.close()


def test_what_was_typed_is_kept_when_the_session_ends(browser, site, token, cases):
    page = visit(browser, site, token)
    path = f"/staff/cases/{next(case['receipt'] for case in cases)}"
    page.goto(path)
    page.keyboard.press("Alt+n")
    page.fill("#note", "다시 전화하기로 함")
    page.context.clear_cookies(name="redress_staff")
    page.goto(path)
    assert page.url.endswith("/staff/sign-in")
    page.fill("#token", token)
    page.press("#token", "Enter")
    page.wait_for_url("**/staff")
    page.goto(path)
    assert page.input_value("#note") == "다시 전화하기로 함"
    page.context.close()


def shoot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        safe = re.sub(r"[^\w-]+", "_", name).strip("_")
        page.screenshot(path=pathlib.Path(folder) / f"{safe}.png", full_page=name.startswith("phone"))
