"""Staff who enrol and sign in as people do: an invitation, a password, an authenticator app, a session's cookie."""
import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import time

REDRESS = os.environ["REDRESS"]
DEMO = os.environ["REDRESS_DEMO"]
PASSWORD = "seventeen blue herons wade"


def redress(*arguments, **more):
    done = subprocess.run(
        [REDRESS, *arguments, "--data-dir", DEMO], capture_output=True, text=True, check=True, **more)
    return done.stdout


def digits(secret):
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06d}"


class Colleague:
    """A member of the staff; `codes` are recovery codes not used yet, for signing in more than once in half a minute."""

    def __init__(self, name, role, home="/staff"):
        self.name = name
        self.home = home
        subprocess.run([REDRESS, "staff", "add", name, "--role", role, "--data-dir", DEMO],
                       capture_output=True, check=False)
        invitation = json.loads(redress("staff", "reset", name, "--format", "json"))["invitation"]
        told = json.loads(redress("staff", "enrol", "--format", "json", input=f"{invitation}\n{PASSWORD}\n"))
        self.secret = told["one_time_secret"]
        self.codes = told["recovery_codes"]
        self.cookies = None

    def fill_in(self, page):
        """Fills in whatever form asks who it is, and sends it."""
        if page.locator("#name").count():
            page.fill("#name", self.name)
        page.fill("#password", PASSWORD)
        page.fill("#code", self.codes.pop() if self.codes else digits(self.secret))
        page.press("#code", "Enter")

    def enter(self, context, page):
        """Puts this colleague's session into a browser: signs in the first time, takes the cookie along after."""
        if self.cookies:
            context.add_cookies(self.cookies)
            page.goto("/staff")
            if "/sign-in" not in page.url:
                return
        page.goto("/staff/sign-in")
        self.fill_in(page)
        page.wait_for_url(f"**{self.home}")
        self.cookies = [cookie for cookie in context.cookies() if cookie["name"].startswith("__Host-")]
        assert self.cookies, "Chromium took no __Host- cookie over loopback"
