"""A served house, a browser at phone width for each person in it, and hands that count what they do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shutil
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from factories.house import House, tabled_house
from factories.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PASSWORD = "nine-lanterns-over-beilun"
ACCOUNTS = "officer supervisor nurse caseworker supervisor2 analyst"
"""Who has a login; a journey that wants others names them itself, as WITH_CODE those who have a second factor already."""
WITH_CODE = "officer supervisor"
MORE = ""
"""What a journey wants in its house beside that: run before the night of the rescue, and puts into `told` what it has to know."""
USUAL = {"ACCOUNTS": ACCOUNTS, "WITH_CODE": WITH_CODE, "MORE": MORE}
FILL = f"""
import json, os, sys
from datetime import UTC, datetime, timedelta
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
sys.path.insert(0, sys.argv[1])
from allauth.mfa.totp.internal import auth
from factories.laboratory import second_analyst
from factories.world import small_world
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions as operations
world = small_world()
in_home = world.in_home()
to_foster = world.in_home()
for name in ("officer_gd", "doctor"):
    custody.assign(child=in_home, staff=world.staff[name], by=world.actor("supervisor"), at=world.now())
told = {{}}
exec(sys.argv[4])
world.clock = datetime.now(UTC) - timedelta(minutes=50)
officer = world.actor("officer")
rescue = operations.record_rescue(
    operation=world.operation, jurisdiction=world.jurisdictions["GX"], place="广西东兴市木栏街7号", found_at=world.clock,
    sedation_suspected=True, by=officer, at=world.now(),
)
world.event = rescue
at_post = world.child("小燕 Yến", "M")
buyer = operations.record_person(
    label="buyer of flat 12", by=officer, at=world.now(),
    facts=[("name", "陈桂花"), ("id", "450702197501010029"), ("phone", "13800138000")],
)
custody.exclude(person=buyer, ground="buyer", by=officer, at=world.now())
caseworker = world.actor("caseworker")
carer = operations.record_person(
    label="foster mother", facts=[("name", "刘慧珍"), ("id", "450602198001014321")], by=caseworker, at=world.now()
)
asked = custody.propose_foster(
    child=to_foster, institution=world.facilities["home"], person=carer, address="广西防城港市北部湾大道88号5栋2单元301室",
    reason="a quiet home, a clinic next door", by=caseworker, at=world.now(),
)
second_analyst(world)
secrets = {{}}
for name in sys.argv[2].split():
    user = accounts.open_account(staff=world.staff[name], username=name, password="{PASSWORD}", own_password=True)
    if name in sys.argv[3].split():
        secrets[name] = auth.generate_totp_secret()
        auth.TOTP.activate(user, secrets[name])
print(json.dumps(told | {{"at_post": at_post.number, "in_home": in_home.number, "asked": asked.pk, "secrets": secrets}}))
"""


def chromium() -> str:
    """The browser; skipped without it, but CI (CI=true) must have it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        message = "no Chromium for the browser journeys: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def code_of(secret: str) -> str:
    """What the app on the phone shows now (RFC 6238)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


@dataclass
class Hands:
    """Somebody at a phone. Keys and taps are counted."""

    page: Page
    base: str
    keys: int = 0
    taps: int = 0
    delay: int = 0
    """Milliseconds between two keys."""

    def go(self, path: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        return answer.status

    def tap(self, what: str | Locator) -> None:
        """One tap."""
        self.taps += 1
        (self.page.locator(what) if isinstance(what, str) else what).tap()

    def type(self, name: str, text: str) -> None:
        """Into the field of this name, key by key."""
        field = self.page.locator(f"main [name={name}]")
        self.tap(field)
        self.keys += len(text)
        field.press_sequentially(text, delay=self.delay)

    def pill(self, name: str, value: str) -> None:
        """A choice among a few."""
        self.tap(f"label:has(input[name={name}][value={value}])")

    def pick(self, name: str, label: str) -> None:
        """A choice from a list."""
        self.taps += 2
        self.page.locator(f"main select[name={name}]").select_option(label=label)

    def send(self) -> None:
        """The one primary action of the page."""
        with self.page.expect_navigation():
            self.tap("main button.primary")

    def waits_for(self, what: str | Locator, *, count: int | None = None, text: str | None = None) -> None:
        """Until a script or the server has brought it: there at all, so many of it, or with this text."""
        from playwright.sync_api import expect

        found = self.page.locator(what) if isinstance(what, str) else what
        if text is not None:
            expect(found).to_have_text(text, timeout=30_000)
        elif count is not None:
            expect(found).to_have_count(count, timeout=30_000)
        else:
            expect(found.first).to_be_attached(timeout=30_000)

    def path(self) -> str:
        """Where this phone is in the house."""
        return urlsplit(self.page.url).path

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def codes(self) -> set[str]:
        """Reasons that a refusal gives."""
        return set(self.page.locator(".against [data-code]").evaluate_all("all => all.map(one => one.dataset.code)"))


@dataclass
class Journey:
    """The house as it is served, and everybody's phone."""

    house: House
    base: str
    known: dict[str, Any]
    browser: Browser
    phones: dict[str, Hands] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def phone(self, name: str) -> Hands:
        """Somebody's phone: logged in once with a password and, where the role asks for it, a code."""
        if name not in self.phones:
            self.phones[name] = self._log_in(name)
        return self.phones[name]

    def stranger(self, base: str = "") -> Hands:
        """A phone on which nobody is logged in; what it asks for and what its console says is kept."""
        context = self.browser.new_context(viewport=PHONE, has_touch=True, locale="en")
        context.set_default_timeout(30_000)
        context.on("request", lambda request: self.requests.append(request.url))
        # Said by the browser itself, whatever the page hides.
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
        )
        page = context.new_page()
        page.on("console", lambda told: self.troubles.append(told.text) if _grave(told.text) else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        return Hands(page, base or self.base)

    def _log_in(self, name: str) -> Hands:
        hands = self.stranger()
        hands.go("/")
        hands.type("login", name)
        hands.type("password", PASSWORD)
        hands.send()
        if name in self.known["secrets"]:
            hands.type("code", code_of(self.known["secrets"][name]))
            hands.send()
        assert hands.path() == "/", hands.text()
        return hands

    def log(self) -> str:
        """What the server has written."""
        return (self.house.folder / "server.log").read_text("utf-8")


def _grave(text: str) -> bool:
    return any(word in text for word in ("CSP", "Content Security Policy", "Trusted", "Refused to"))


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Journey]:
    """Made once: what one journey did is there for the next, as in a house."""
    executable = chromium()
    from playwright.sync_api import sync_playwright

    house = tabled_house(tmp_path_factory.mktemp("journeys"))
    asked = [getattr(request.module, name, usual) for name, usual in USUAL.items()]
    filled = house.run(Path(__file__).resolve().parents[1], *asked, code=FILL)
    assert filled.returncode == 0, filled.stderr
    with served(house) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield Journey(house, f"http://127.0.0.1:{server.port}", json.loads(filled.stdout), browser)
        browser.close()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a figure past pytest's capture."""

    def told(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", file=sys.stderr)

    return told
