"""A citizen's way in a real browser, from "what happened" to the restored booking, and everything that can go wrong.

Needs the built program (REDRESS), Debian's Chromium and tidy, and from PyPI pytest, playwright and
axe-playwright-python. Screenshots go to the folder SCREENSHOTS names, if it is set.
"""
import json
import os
import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe

from citizens import PNG, Town, ask, sign_in, spoken
from conftest import serving
from places import shoot

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    return Town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def site(town):
    with serving(town.data) as site:
        yield site


@pytest.fixture
def visit(browser, site):
    """A fresh browser; Korean on a phone unless told otherwise."""
    contexts = []

    def open_page(language="ko", script=True, viewport=None, **more):
        context = browser.new_context(
            viewport=viewport or PHONE, base_url=site, java_script_enabled=script, **more)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "redress_language", "value": language, "url": site}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def look(page, name):
    """Every page, everywhere: axe in both languages and themes, no sideways scroll, valid HTML, targets, weight."""
    address = page.url
    for language in ["ko", "en"]:
        page.context.add_cookies([{"name": "redress_language", "value": language, "url": address}])
        answer = page.goto(address)
        assert answer.status == 200, name
        html = answer.text()
        tidy = subprocess.run(
            ["tidy", "-quiet", "-errors", "-utf8", "--drop-empty-elements", "no"], input=html.encode(),
            capture_output=True)
        assert tidy.returncode < 2, f"{name} {language}: {tidy.stderr.decode()}"
        personal = re.search(r"(01\d{8,9}|\d{4}-\d{6}-\d)", address + " ".join(re.findall(r'(?:href|action)="([^"]*)"', html)))
        assert not personal, f"{name}: {personal} stands in an address"
        for theme in ["light", "dark"]:
            page.emulate_media(color_scheme=theme)
            for kind, viewport in [("phone", PHONE), ("desktop", DESKTOP)]:
                page.set_viewport_size(viewport)
                shoot(page, f"{name}-{kind}-{language}-{theme}", whole=True)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name} {language} {theme}\n" + found.generate_report()
        for width in [320, 640]:
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        page.set_viewport_size(PHONE)
        small = page.evaluate("""[...document.querySelectorAll("a[href], button, input, summary, select, textarea")]
            .filter(e => e.checkVisibility() && e.type !== "hidden" && !e.classList.contains("skip"))
            .map(e => [e, (e.closest("label") ?? e).getBoundingClientRect()])
            .filter(([e, box]) => box.height < 44 || box.width < 44).map(([e]) => e.outerHTML)""")
        assert small == [], f"{name}: too small to touch: {small}"
    page.context.add_cookies([{"name": "redress_language", "value": "ko", "url": address}])
    page.emulate_media(color_scheme="light")
    page.goto(address)


def test_the_whole_way_to_the_original_date(visit, town):
    person = town.person(later=False)
    page = visit()
    page.goto("/")
    look(page, "01-start")
    page.click("text=내 날짜 되찾기")
    look(page, "02-phone")
    page.fill("#phone", person["phone"])
    page.click("main form button")
    look(page, "03-code")
    page.fill("#code", town.code(person["phone"]))
    page.click("main form button")
    look(page, "04-birth-date")
    page.fill("#birth", person["birth_date"].replace("-", ""))
    page.click("main form button")
    page.wait_for_url("**/my/bookings")
    assert person["name"] not in page.content() and person["phone"] not in page.content(), "masked"
    assert spoken(person["date"], person["slot"]) in page.content()
    look(page, "05-bookings")
    page.click("main form button[type=submit]")
    assert page.is_checked("input[value=original-slot]"), "the original date is what is meant by default"
    look(page, "06-wish")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/done")
    seat = spoken(person["date"], person["slot"])
    assert f"{seat} 예약으로 되돌려 드렸습니다" in page.inner_text("h1")
    look(page, "07-done")
    receipt = page.inner_text(".receipt")
    page.click("text=진행 상황 보기")
    look(page, "08-restored")
    assert town.case(receipt)["restored"]["date"] == person["date"]
    assert len(page.query_selector_all(".line .past")) == 4, "every step is done"
    assert "대기열에 들어오셔서" in page.content()
    page.click("text=누가 내 정보를 보았는지")
    look(page, "09-looks")
    assert "본인이 보신" in page.content()


def test_an_offer_is_accepted_and_the_later_booking_goes_only_then(visit, town):
    person = town.person(later=True)
    page = visit()
    sign_in(page, town, person)
    page.wait_for_url("**/my/bookings")
    look(page, "10-bookings-held")
    receipt = ask(page)
    look(page, "11-done-offered")
    page.click("text=진행 상황 보기")
    look(page, "12-offered")
    assert "남았어요" in page.inner_text(".offer"), "the countdown runs"
    yes, no = page.locator(".offer .button").all()
    assert abs(yes.bounding_box()["width"] - no.bounding_box()["width"]) < 1, "two equal buttons"
    assert yes.get_attribute("class") == no.get_attribute("class")
    yes.click()
    look(page, "13-accept")
    assert spoken(person["later_date"], person["later_slot"]) in page.inner_text("main"), "what goes is named"
    assert town.case(receipt)["state"] == "offered", "nothing happens before the yes"
    page.dblclick("main form button[type=submit]")
    page.wait_for_url("**/my/cases/1?note=accept")
    case = town.case(receipt)
    assert case["state"] == "restored" and case["restored"]["date"] == person["date"]
    assert json.loads(town.redress("check", "--format", "json"))["ok"]
    page.go_back()
    page.wait_for_load_state()
    assert "/my/cases/1" in page.url and "확정" in page.content(), "back does not offer it again"
    page.goto("/my/cases/1/accept")
    assert page.url.endswith("?note=changed")


def test_an_offer_is_declined_and_the_later_booking_stays(visit, town):
    person = town.person(later=True)
    page = visit()
    sign_in(page, town, person)
    receipt = ask(page)
    page.click("text=진행 상황 보기")
    page.click("text=받지 않기")
    look(page, "14-decline")
    page.click("text=받지 않을게요")
    page.wait_for_url("**/my/cases/1?note=decline")
    look(page, "15-declined")
    assert town.case(receipt)["state"] == "in-review"
    assert spoken(person["later_date"], person["later_slot"]) in page.inner_text(".seat.now")


def test_a_booking_that_is_not_listed_with_a_screenshot(visit, town):
    person = town.person(affected=False)
    page = visit()
    sign_in(page, town, person)
    page.click("text=여기에 없어요")
    look(page, "16-not-listed")
    page.click("text=보내기")
    assert "적어 주세요" in page.inner_text("#when-wrong")
    page.locator(".message.error a").first.click()
    assert page.evaluate("document.activeElement.id") in ("when", "where"), "the summary leads to the field"
    page.fill("#when", "8월 16일 오전 10시")
    page.fill("#where", "강남구 예방접종센터")
    page.fill("#text", "제 번호는 670301-1234567 입니다")
    page.click("text=보내기")
    assert "주민등록번호" in page.inner_text("#text-wrong")
    assert page.input_value("#where") == "강남구 예방접종센터", "what was typed is kept"
    page.fill("#text", "완료 문자를 받았습니다 <b>")
    page.set_input_files("#file", {"name": "virus.exe", "mimeType": "image/png", "buffer": b"MZ"})
    page.click("text=보내기")
    assert "다른 파일" in page.inner_text("#file-wrong")
    page.set_input_files("#file", {"name": "문자.png", "mimeType": "image/png", "buffer": PNG})
    page.dblclick("text=보내기")
    page.wait_for_url("**/done")
    receipt = page.inner_text(".receipt")
    page.click("text=진행 상황 보기")
    look(page, "17-not-listed-case")
    assert "문자.png" in page.content() and "완료 문자를 받았습니다 &lt;b&gt;" in page.content()
    assert page.content().count("문자.png") == 1
    cases = json.loads(town.redress("case", "list", "--format", "json"))
    assert [case["receipt"] for case in cases if case["person"] == person["person"]] == [receipt]
    page.click("text=사진이나 서류 더하기")
    look(page, "18-files")
    page.click("main form button")
    assert "골라 주세요" in page.inner_text("#file-wrong")
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    page.click("main form button")
    page.wait_for_url("**?note=file")


def colleague(town, name, role):
    town.redress("staff", "add", name, "--role", role, check=False)
    return re.search(r"rdr_[\w-]+", town.redress("token", "create", name)).group()


def as_staff(town, name, token, *arguments):
    return town.redress(*arguments, "--as", name, env={**os.environ, "REDRESS_TOKEN": token})


def test_a_rejection_is_explained_and_objected_to(visit, town):
    person = town.person(trick=True)
    page = visit()
    sign_in(page, town, person)
    receipt = ask(page)
    page.click("text=진행 상황 보기")
    look(page, "19-in-review")
    assert "불리하게" in page.content()
    agent, lead = colleague(town, "이상담", "agent"), colleague(town, "김팀장", "supervisor")
    as_staff(town, "이상담", agent, "case", "ask", receipt, "--text", "어느 기기로 예약하셨나요?")
    page.reload()
    look(page, "20-question")
    assert "어느 기기로 예약하셨나요?" in page.content()
    page.click("text=답하기")
    look(page, "21-answer")
    page.click("text=답변 보내기")
    assert "한 문장이어도" in page.inner_text("#text-wrong")
    page.fill("#text", "휴대전화로 했습니다")
    page.dblclick("text=답변 보내기")
    page.wait_for_url("**/my/cases/1?note=answer")
    assert "휴대전화로 했습니다" in page.content()
    as_staff(town, "이상담", agent, "case", "reject", receipt, "--reason", "queue-bypassed", "--sentence",
             "대기열을 거치지 않은 신청으로 확인되었습니다.")
    as_staff(town, "김팀장", lead, "case", "similar", receipt)
    as_staff(town, "김팀장", lead, "case", "approve", receipt)
    page.reload()
    look(page, "22-rejected")
    assert "대기열을 거치지 않은 신청으로 확인되었습니다." in page.content()
    page.click("text=이의신청하기")
    look(page, "23-object")
    page.fill("#text", "두 시간 넘게 기다렸습니다")
    page.dblclick("main form button[type=submit]")
    page.wait_for_url("**/my/cases/1?note=object")
    look(page, "24-objection")
    assert town.case(receipt)["state"] == "objection"
    page.goto("/my/cases/1/decision-large")
    assert "처리결과 통지서" in page.content()


def test_a_request_is_taken_back_and_the_seat_with_it(visit, town):
    person = town.person(later=True)
    page = visit()
    sign_in(page, town, person)
    receipt = ask(page)
    page.click("text=진행 상황 보기")
    page.click("text=신청 거두기")
    look(page, "25-withdraw")
    page.dblclick("text=거둘게요")
    page.wait_for_url("**/my/cases/1?note=withdraw")
    look(page, "26-withdrawn")
    assert town.case(receipt)["state"] == "withdrawn"


def test_another_date_is_offered_to_whoever_wants_one(visit, town):
    page = visit("en")
    sign_in(page, town, town.person(later=False))
    receipt = ask(page, "nearest-date")
    assert town.case(receipt)["state"] in ("offered", "verifying"), "offered when the pool has one"


def test_wrong_codes_unknown_numbers_and_dates_that_do_not_fit(visit, town):
    page = visit()
    page.goto("/my/phone")
    for text, words in [("", "010-1234-5678"), ("12", "010-1234-5678"), ("02-123-4567", "유선전화")]:
        page.fill("#phone", text)
        page.click("main form button")
        assert words in page.inner_text("#phone-wrong")
        assert page.input_value("#phone") == text
    shoot(page, "27-phone-wrong")
    seen = []
    known = town.person(later=False)
    for phone in ["010-9876-0001", known["phone"]]:
        page = visit()
        page.goto("/my/phone")
        page.fill("#phone", phone)
        page.click("main form button")
        digits = re.sub(r"\D", "", phone)
        code = town.code(digits)
        page.fill("#code", "000000" if code != "000000" else "111111")
        page.click("main form button")
        wrong = page.inner_text("#code-wrong")
        shoot(page, "28-code-wrong")
        page.fill("#code", f"{code[:3]} {code[3:]}")
        page.click("main form button >> nth=0")
        page.wait_for_url("**/my/birth-date")
        page.fill("#birth", "19000101")
        page.click("main form button")
        seen.append((wrong, page.inner_text("#birth-wrong"), page.inner_text("main h1")))
        shoot(page, "29-nobody")
    assert seen[0] == seen[1], "a number nobody has gets the same answers"
    page.fill("#birth", "1967.13.40")
    page.click("main form button")
    assert "8자리" in page.inner_text("#birth-wrong")
    page.click("text=번호가 바뀌었어요")
    look(page, "30-number-changed")


def test_another_code_can_be_sent_after_a_while(visit, town):
    person = town.person(later=False)
    page = visit()
    page.goto("/my/phone")
    page.fill("#phone", person["phone"])
    page.click("main form button")
    again = page.locator("#again")
    assert again.is_disabled() and "초 뒤에" in again.inner_text()
    first = town.code(person["phone"])
    page.go_back()
    page.fill("#phone", person["phone"])
    page.click("main form button")
    page.wait_for_url("**/my/code")
    assert town.code(person["phone"]) == first, "going back and on does not send another"
    page = visit(script=False)
    page.goto("/my/phone")
    page.fill("#phone", "01098760009")
    page.click("main form button")
    page.click("#again")
    assert "초 뒤에" in page.inner_text("#code-wrong"), "without scripts the page says so itself"


@pytest.mark.parametrize("script", [True, False])
def test_another_person_on_the_device_does_not_see_what_was_typed(visit, town, script):
    person = town.person()
    page = visit(script=script)
    sign_in(page, town, person)
    page.goto("/my/not-listed")
    page.fill("#when", "8월 16일")
    page.fill("#where", "강남")
    page.fill("#text", "친구와 함께 예약했습니다")
    page.context.clear_cookies(name="__Host-redress")
    page.click("text=보내기")
    page.wait_for_url("**/my/phone?note=kept")
    assert "적으신 내용은 보관했으니" in page.content()
    other = town.person()
    stranger = page.context.new_page()
    sign_in(stranger, town, other)
    stranger.goto("/my/not-listed")
    assert stranger.input_value("#text") == "", "another person on this device does not see it"
    stranger.click("text=나가기")



@pytest.mark.parametrize("script", [True, False])
def test_the_form_comes_back_after_signing_in_again(visit, town, script):
    person = town.person()
    page = visit(script=script)
    sign_in(page, town, person)
    first = town.code(person["phone"])
    page.goto("/my/not-listed")
    page.fill("#when", "8월 16일")
    page.fill("#where", "강남")
    page.fill("#text", "친구와 함께 예약했습니다")
    session = next(cookie for cookie in page.context.cookies() if cookie["name"] == "__Host-redress")
    assert session["httpOnly"] and session["secure"] and session["sameSite"] == "Strict"
    page.context.clear_cookies(name="__Host-redress")
    page.click("text=보내기")
    page.wait_for_url("**/my/phone?note=kept")
    shoot(page, "31-session-ended")
    page.wait_for_timeout(61_000)  # between two codes lies a minute
    page.fill("#phone", person["phone"])
    page.click("main form button")
    page.wait_for_url("**/my/code")
    page.fill("#code", town.code(person["phone"], after=first))
    page.click("main form button")
    page.wait_for_url("**/my/birth-date")
    page.fill("#birth", person["birth_date"])
    page.click("main form button")
    page.wait_for_url("**/my/not-listed?note=back")
    assert page.input_value("#when") == "8월 16일" and page.input_value("#where") == "강남"
    assert page.input_value("#text") == "친구와 함께 예약했습니다"
    page.click("text=보내기")
    page.wait_for_url("**/done")
    page.goto("/my/not-listed")
    assert page.input_value("#when") == "", "what was sent is not offered again"


def test_the_session_warns_before_it_ends_and_can_be_extended(visit, town):
    person = town.person(later=False)
    page = visit()
    page.clock.install()
    sign_in(page, town, person)
    page.wait_for_url("**/my/bookings")
    page.goto("/my/not-listed")
    page.fill("#text", "아직 쓰는 중")
    page.clock.run_for(225_000)
    box = page.locator("#ending")
    box.wait_for(state="visible")
    assert page.evaluate("document.activeElement.id") == "stay"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    shoot(page, "32-ending", whole=False)
    page.keyboard.press("Enter")
    box.wait_for(state="hidden")
    assert page.input_value("#text") == "아직 쓰는 중"
    page.clock.run_for(100_000)
    assert box.is_hidden(), "extended"
    page.clock.run_for(200_000)
    page.wait_for_function("document.getElementById('ending-text').textContent.includes('닫았습니다')")
    assert not page.locator("header").is_visible() and not page.locator("main form").first.is_visible()


def test_without_scripts_and_by_keyboard_alone(visit, town):
    person = town.person(later=True)
    page = visit(script=False)
    page.goto("/")
    page.keyboard.press("Tab")
    assert "본문" in page.inner_text(":focus"), "the first stop skips to the content"
    page.focus("text=내 날짜 되찾기")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/phone")
    page.focus("#phone")
    page.keyboard.type(person["phone"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/code")
    page.focus("#code")
    page.keyboard.type(town.code(person["phone"]))
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/birth-date")
    page.focus("#birth")
    page.keyboard.type(person["birth_date"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/bookings")
    page.focus("input[type=radio]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/wish")
    page.focus("input[value=original-slot]")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("input[value=same-date]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done")
    page.focus("text=진행 상황 보기")
    page.keyboard.press("Enter")
    page.focus("text=이 자리 받기")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accept")
    page.focus("main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**?note=accept")
    assert "되돌려 드렸습니다" in page.inner_text("h1")


def test_a_confirmation_is_printed_and_checked(visit, town):
    person = town.person(later=False)
    page = visit()
    sign_in(page, town, person)
    ask(page)
    page.click("text=확인서 인쇄")
    look(page, "33-confirmation")
    code = page.inner_text(".checkcode strong")
    assert page.is_visible("#print")
    page.click("text=큰 글자")
    look(page, "34-confirmation-large")
    size = "parseFloat(getComputedStyle(document.querySelector('.paper dd')).fontSize)"
    assert page.evaluate(size) >= 24
    page.emulate_media(media="print")
    assert not page.is_visible("header") and page.is_visible(".paper")
    page.emulate_media(media="screen")
    anyone = visit()
    anyone.goto("/check")
    look(anyone, "35-check")
    anyone.fill("#code", code.lower().replace("-", " "))
    anyone.click("main form button")
    assert "유효한 확인서입니다" in anyone.inner_text(".message.done")
    shoot(anyone, "36-check-valid")
    for text in [person["name"], person["phone"], spoken(person["date"], person["slot"])]:
        assert text not in anyone.content(), "nothing personal"
    changed = code[:-1] + ("A" if code[-1] != "A" else "B")
    for wrong in [changed, "0000-0000-0000-0000", "무엇", ""]:
        anyone.fill("#code", wrong)
        anyone.click("main form button")
        assert not anyone.query_selector(".message.done")
        assert anyone.query_selector(".message.error")


def test_nobody_sees_another_person_s_case(visit, town):
    page = visit()
    for path in ["/my/bookings", "/my/cases", "/my/cases/1", "/my/cases/1/confirmation", "/my/wish"]:
        page.goto(path)
        assert "/my/phone" in page.url, path
    sign_in(page, town, town.person(later=False))
    for path in ["/my/cases/1", "/my/cases/0", "/my/cases/x/accept", "/my/nothing"]:
        assert page.goto(path).status == 404, path
    page.goto("/my/cases")
    assert page.url.endswith("/my/bookings?note=none")
    page.click("text=나가기")
    assert page.goto("/my/bookings").url.endswith("/my/phone")
    page.go_back()
    assert "님," not in page.content(), "nothing is left behind after signing out"


def test_both_languages_one_tap_away_and_what_was_typed_stays(visit, town):
    page = visit("en")
    page.goto("/my/phone")
    page.click("text=한국어")
    assert page.get_attribute("html", "lang") == "ko"
    page.goto("/")
    assert "되돌려 드립니다" in page.inner_text("h1"), "the choice is remembered"
    page.click("text=English")
    assert "We put your cancelled booking back" in page.inner_text("h1")


def test_the_first_load_weighs_at_most_a_hundred_kilobytes(visit):
    page = visit()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    sizes = [len(answer.body()) for answer in answers]
    assert len(sizes) >= 3 and sum(sizes) <= 100_000, sizes
    hosts = page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).host)")
    assert set(hosts) <= {page.evaluate("location.host")}, "nothing foreign"
