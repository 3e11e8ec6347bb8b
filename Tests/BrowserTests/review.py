"""Takes a picture of every page of the staff, in both languages, on a desktop and a telephone, for a person to look at.

    REDRESS=… REDRESS_DEMO=… python Tests/BrowserTests/review.py FOLDER
"""
import html
import json
import os
import pathlib
import sys

from playwright.sync_api import sync_playwright

from conftest import serving
from places import CHROMIUM, LANGUAGES, paths, shoot, visit
from staff import Colleague, redress

SIZES = {"desktop": (1366, 768), "phone": (390, 844)}


def main(folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    os.environ["SCREENSHOTS"] = folder
    cases = json.loads(redress("case", "list", "--format", "json"))
    lead = Colleague("김팀장", "supervisor")
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for kind, (width, height) in SIZES.items():
            for language in LANGUAGES:
                page = visit(browser, site, lead, language, width=width, height=height)
                for path in paths(cases):
                    page.goto(path)
                    shoot(page, f"{kind}-{language}-{path}")
                page.context.close()
        browser.close()
    pictures = sorted(pathlib.Path(folder).glob("*.png"))
    figures = "".join(f"<figure><figcaption>{html.escape(p.stem)}</figcaption><img src='{p.name}'></figure>" for p in pictures)
    pathlib.Path(folder, "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>Pages</title>{figures}")
    print(f"{len(pictures)} pictures in {folder}")


if __name__ == "__main__":
    main(sys.argv[1])
