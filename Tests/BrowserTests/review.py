"""Takes a picture of every page of the staff, in both languages, on a desktop and a telephone, for a person to look at:
those that a supervisor opens, and those on which somebody signs in for the first time.

    REDRESS=… REDRESS_DEMO=… python Tests/BrowserTests/review.py FOLDER
"""
import html
import json
import os
import pathlib
import subprocess
import sys

from playwright.sync_api import sync_playwright

from conftest import serving
from places import CHROMIUM, LANGUAGES, paths, shoot, visit
from staff import DEMO, PASSWORD, REDRESS, Colleague, redress

SIZES = {"desktop": (1366, 768), "phone": (390, 844)}


def deeper(page, kind, language, incident):
    """What is behind a link or a form: a slot, a plan, a bulk action."""
    page.goto(f"/staff/pool/{incident}")
    if page.locator("a[href*='/slots/']").count():
        page.goto(page.locator("a[href*='/slots/']").first.get_attribute("href"))
        shoot(page, f"{kind}-{language}-slot")
    page.goto(f"/staff/pool/{incident}")
    page.locator("[action*='/plan'] button, a[href*='/plan/']").first.click()
    page.wait_for_url(f"**/staff/plan/{incident}/*")
    shoot(page, f"{kind}-{language}-plan")
    page.goto("/staff/lists/unassigned")
    if page.locator("#bulk").count():
        page.locator("#bulk summary").click()
        page.locator("input[form=bulk]").first.check()
        page.select_option("#bulk select >> nth=0", index=0)
        shoot(page, f"{kind}-{language}-bulk-open")


def newcomer(browser, site, kind, width, height, language):
    """The first sign-in: an invitation, the code to scan, the codes to keep."""
    name = f"새사람-{kind}-{language}"
    subprocess.run([REDRESS, "staff", "add", name, "--role", "agent", "--data-dir", DEMO], capture_output=True, check=False)
    invitation = json.loads(redress("staff", "reset", name, "--format", "json"))["invitation"]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=site)
    context.add_cookies([{"name": "redress_language", "value": language, "url": site}])
    page = context.new_page()
    page.goto("/staff")
    shoot(page, f"{kind}-{language}-sign-in")
    page.fill("#name", name)
    page.fill("#password", "not the password")
    page.fill("#code", "123456")
    page.press("#code", "Enter")
    shoot(page, f"{kind}-{language}-sign-in-wrong")
    page.goto("/staff/invitation")
    shoot(page, f"{kind}-{language}-invitation")
    page.fill("#invitation", invitation)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.press("#again", "Enter")
    page.wait_for_selector("svg.qr")
    shoot(page, f"{kind}-{language}-enrolled")
    context.close()


def main(folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    os.environ["SCREENSHOTS"] = folder
    cases = json.loads(redress("case", "list", "--format", "json"))
    lead, admin = Colleague("김팀장", "supervisor"), Colleague("최관리", "admin", home="/staff/audit")
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for kind, (width, height) in SIZES.items():
            for language in LANGUAGES:
                page = visit(browser, site, lead, language, width=width, height=height)
                for path in paths(cases):
                    page.goto(path)
                    shoot(page, f"{kind}-{language}-{path}")
                deeper(page, kind, language, cases[0]["incident"])
                page.context.close()
                newcomer(browser, site, kind, width, height, language)
                page = visit(browser, site, admin, language, width=width, height=height)
                page.goto("/staff/people")
                shoot(page, f"{kind}-{language}-people")
                page.context.close()
        browser.close()
    pictures = sorted(pathlib.Path(folder).glob("*.png"))
    figures = "".join(f"<figure><figcaption>{html.escape(p.stem)}</figcaption><img src='{p.name}'></figure>" for p in pictures)
    pathlib.Path(folder, "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>Pages</title>{figures}")
    print(f"{len(pictures)} pictures in {folder}")


if __name__ == "__main__":
    main(sys.argv[1])
