"""Where the browser tests go: a signed-in page, every page of the staff, and a picture of each."""
import os
import pathlib
import re
import shutil
import time

from playwright.sync_api import Error

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
THEMES = ["light", "dark"]
LANGUAGES = ["ko", "en"]


def visit(browser, site, lead, language="ko", theme="light", width=1366, height=768, script=True):
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, base_url=site,
        java_script_enabled=script)
    context.add_cookies([{"name": "redress_language", "value": language, "url": site}])
    page = context.new_page()
    lead.enter(context, page)
    return page


def caller_pages(cases):
    """The caller's page in every state that the demo has."""
    return [f"/staff/cases/{receipt}" for receipt in {case["state"]: case["receipt"] for case in cases}.values()]


def paths(cases):
    """Every page of the staff that a supervisor opens."""
    incident = cases[0]["incident"]
    first = f"/staff/cases/{cases[0]['receipt']}"
    return (["/staff", "/staff/reviews", "/staff/lists/unassigned", "/staff/calls", "/staff/notices",
             "/staff/answers", "/staff/incidents", f"/staff/incidents/{incident}", f"/staff/pool/{incident}",
             f"/staff/pool/{incident}/reserve", "/staff/statistics", "/staff/audit", "/staff/audit/treatment",
             "/staff/account", f"{first}/evidence", f"{first}/person", f"{first}/notices"]
            + caller_pages(cases))


def picture(target, **options):
    """A picture of a loaded page, or of a part of one. Chromium without a screen at times has no frame yet that it could
    copy, and says so; it is asked again, three times at most."""
    for left in (2, 1, 0):
        try:
            return target.screenshot(**options)
        except Error as error:
            if "Unable to capture screenshot" not in error.message or not left:
                raise
            time.sleep(1)


def shoot(page, name, whole=None):
    """Keeps a picture for people to look at, where SCREENSHOTS says; of the whole page on a narrow screen, or as told."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.wait_for_load_state()
        safe = re.sub(r"[^\w-]+", "_", name).strip("_")
        whole = page.viewport_size["width"] < 640 if whole is None else whole
        picture(page, path=pathlib.Path(folder) / f"{safe}.png", full_page=whole)
