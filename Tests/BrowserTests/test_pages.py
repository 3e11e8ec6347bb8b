"""The staff's pages in a real browser: paths of an agent, accessibility in both languages and themes, narrow screens.

The QR code is read by OpenCV (PyPI opencv-python-headless).
"""
import json
import subprocess
import urllib.parse

import cv2
import numpy
import pytest
from axe_playwright_python.sync_playwright import Axe

from places import LANGUAGES, THEMES, caller_pages, paths, picture, shoot, visit
from staff import DEMO, PASSWORD, REDRESS, digits, redress


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser, site, lead, cases, language, theme):
    page = visit(browser, site, lead, language, theme)
    for path in paths(cases):
        assert page.goto(path).status == 200, path
        shoot(page, f"desktop-{language}-{theme}-{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, path + "\n" + found.generate_report()
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sideways_scroll_at_320_pixels(browser, site, lead, cases, language):
    page = visit(browser, site, lead, language, width=320, height=640)
    for path in paths(cases):
        page.goto(path)
        shoot(page, f"phone-{language}-{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_answer_needs_no_scrolling(browser, site, lead, cases, language):
    page = visit(browser, site, lead, language)
    for path in caller_pages(cases):
        page.goto(path)
        for name in [".read", ".seat.lost", "#who", "#next"]:
            box = page.locator(name).first.bounding_box()
            assert box["y"] + box["height"] <= 768, f"{path}: {name}"
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_the_next_steps_follow_the_sentence_to_read_out(browser, site, lead, cases, language):
    page = visit(browser, site, lead, language, width=390, height=844)
    for path in caller_pages(cases):
        page.goto(path)
        tops = [page.locator(name).first.bounding_box()["y"] for name in [".seat.lost", ".read", "#next", "#who", ".timeline"]]
        assert tops == sorted(tops) and tops[2] < 844, f"{path}: {tops}"
    page.context.close()


def test_an_agent_finds_a_case_by_keyboard_alone_and_without_scripts(browser, site, lead, cases):
    receipt = cases[0]["receipt"]
    page = visit(browser, site, lead)
    page.keyboard.press("Alt+s")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(receipt)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/cases/{receipt}")
    page.context.close()
    page = visit(browser, site, lead, script=False)
    page.fill("#q", receipt)
    page.press("#q", "Enter")
    page.wait_for_url(f"**/staff/cases/{receipt}")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_form_whose_session_ended_is_sent_after_signing_in(browser, site, lead, cases, script):
    page = visit(browser, site, lead, script=script)
    path = f"/staff/cases/{cases[0]['receipt']}"
    page.goto(path)
    page.locator("details:has(#note) summary").click()
    page.fill("#note", "다시 전화하기로 함 <1339>")
    page.context.clear_cookies(name="__Host-redress-staff")
    page.locator("form:has(#note) button").click()
    assert "그대로 있습니다" in page.content()
    lead.fill_in(page)
    assert page.input_value("#text") == "다시 전화하기로 함 <1339>"
    page.click("main button")
    page.wait_for_url(f"**{path}?done=note")
    assert "다시 전화하기로 함 &lt;1339&gt;" in page.content()
    page.context.close()


def test_what_was_typed_is_still_there_when_the_page_is_opened_again(browser, site, lead, cases):
    page = visit(browser, site, lead)
    path = f"/staff/cases/{cases[0]['receipt']}"
    page.goto(path)
    page.keyboard.press("Alt+n")
    page.fill("#note", "서류를 기다림")
    page.context.clear_cookies(name="__Host-redress-staff")
    page.goto(path)
    assert "/staff/sign-in" in page.url
    lead.fill_in(page)
    page.wait_for_url(f"**{path}")
    assert page.input_value("#note") == "서류를 기다림"
    page.context.close()


def decoded(page, name):
    """What a camera reads from the QR code, by OpenCV's decoder."""
    code = picture(page.locator("svg.qr"))
    shoot(page, name)
    image = cv2.imdecode(numpy.frombuffer(code, numpy.uint8), cv2.IMREAD_GRAYSCALE)
    image = cv2.copyMakeBorder(image, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    # OpenCV finds one code at one size and the next at another, as a camera does that is moved nearer.
    texts = [
        detector.detectAndDecode(cv2.resize(image, None, fx=scale, fy=scale, interpolation=how))[0]
        for detector in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())
        for scale in (1, 1.5, 2, 3, 4) for how in (cv2.INTER_NEAREST, cv2.INTER_CUBIC)]
    text = next((text for text in texts if text), "")
    assert text.startswith("otpauth://totp/"), texts
    return urllib.parse.parse_qs(urllib.parse.urlparse(text).query)["secret"][0]


@pytest.mark.parametrize("theme", THEMES)
def test_an_invitation_leads_to_a_first_sign_in_with_the_scanned_code(browser, site, theme):
    name = "박신입" if theme == "light" else "정신입"
    subprocess.run([REDRESS, "staff", "add", name, "--role", "agent", "--data-dir", DEMO],
                   capture_output=True, check=False)
    invitation = json.loads(redress("staff", "reset", name, "--format", "json"))["invitation"]
    page = browser.new_context(base_url=site, color_scheme=theme, locale="ko-KR").new_page()
    page.goto("/staff")
    page.click("a[href='/staff/invitation']")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.fill("#invitation", invitation)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.press("#again", "Enter")
    page.wait_for_selector("svg.qr")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    secret = decoded(page, f"enrolled-{theme}")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.click("a[href='/staff/sign-in']")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.fill("#code", digits(secret))
    page.press("#code", "Enter")
    page.wait_for_url("**/staff")
    cookie = next(c for c in page.context.cookies() if c["name"] == "__Host-redress-staff")
    assert cookie["httpOnly"] and cookie["secure"] and cookie["sameSite"] == "Strict" and cookie["path"] == "/"
    page.goto("/staff/account")
    page.click("form[action$='/authenticator'] button")
    fresh = decoded(page, f"authenticator-{theme}")
    assert fresh != secret
    page.fill("#code", digits(fresh))
    page.press("#code", "Enter")
    page.wait_for_url("**/staff/account?done=authenticator")
    page.click("form[action='/staff/sign-out'] button")
    page.wait_for_url("**/staff/sign-in**")
    page.go_back()
    page.reload()
    assert "/staff/sign-in" in page.url, "going back shows nothing after signing out"
    page.context.close()

