"""The night in which children are placed, on telephones, in each language of the house: from the street to a home's door.

Whoever acts is logged in already; the way in is gone in `test_journeys.py`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from factories.house import tabled_house
from factories.night_house import HOMES, LANGUAGES
from factories.serving import served

from .conftest import FLAGS, PHONE, Hands, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FILL = "import sys; sys.path.insert(0, sys.argv[1]); from factories.night_house import fill; fill()"
PAGES = (
    r"/", r"/children/register/", r"/children/\d+/wristband/", r"/children/\d+/", r"/children/\d+/hand-over/", r"/offers/\d+/",
    r"/children/\d+/clearance/", r"/capacity/\d+/", r"/placements/", r"/plans/\d+/", r"/plans/\d+/bill/", r"/placements/\d+/",
    r"/placements/\d+/refuse/", r"/children/\d+/ask-home/",
)  # fmt: skip
"""Every page of the night."""
ENGLISH = re.compile(r"\b(the|and|you|child|children|with|this|not|from|is|of|home|asked|more)\b", re.IGNORECASE)
"""Words that no Chinese or Vietnamese sentence has."""


@dataclass
class Night:
    """One country, in one language."""

    browser: Browser
    base: str
    language: str
    known: dict[str, Any]
    phones: dict[str, Hands] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    hosts: set[str | None] = field(default_factory=set)

    def phone(self, role: str) -> Hands:
        """The phone of somebody of this country; whatever it asks for, and whatever it complains of, is kept."""
        if role not in self.phones:
            context = self.browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="de")
            context.set_default_timeout(30_000)
            context.add_cookies([{"name": "wayhome", "value": self.known["sessions"][role], "url": self.base}])
            context.add_init_script(
                "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"
            )
            page = context.new_page()
            context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
            context.on("requestfailed", lambda request: self.troubles.append(f"failed: {urlsplit(request.url).path}"))
            page.on("console", lambda said: self.troubles.append(said.text) if said.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: self.troubles.append(str(error)))
            page.on("load", self._look)
            self.phones[role] = Hands(page, self.base)
        return self.phones[role]

    def _look(self, page: Page) -> None:
        self.seen.add(urlsplit(page.url).path)

    def read(self, hands: Hands) -> str:
        """What the page says; looked at as it is read: its language, no word of another, and nothing wider than the phone."""
        page = hands.page
        assert page.locator("html").get_attribute("lang") == self.language
        text = page.locator("body").inner_text()
        if self.language != "en":
            assert ENGLISH.findall(text.replace("English", "")) == [], hands.path()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{hands.path()} is {wide} px too wide"
        return text

    def open(self, role: str, path: str) -> Hands:
        """A page on somebody's phone, read."""
        hands = self.phone(role)
        assert hands.go(path) == 200, path
        self.read(hands)
        return hands

    def sent(self, hands: Hands) -> str:
        """The primary action done, and what the next page says."""
        hands.send()
        assert hands.codes() == set()
        return self.read(hands)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Night]]:
    """Three countries, served once; a browser."""
    executable = chromium()
    from playwright.sync_api import sync_playwright

    made = tabled_house(tmp_path_factory.mktemp("night"))
    filled = made.run(Path(__file__).resolve().parents[1], code=FILL)
    assert filled.returncode == 0, filled.stderr
    known = json.loads(filled.stdout)
    with served(made) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield lambda language: Night(browser, f"http://127.0.0.1:{server.port}", language, known[language])
        browser.close()


def register(night: Night) -> str:
    """A child just found; its number."""
    officer = night.open("officer", "/children/register/")
    officer.pill("sex", "F")
    for name, text in (("least_days", "20"), ("most_days", "45"), ("items", "红夹袄"), ("condition", "睡着")):
        officer.page.locator(f"main [name={name}]").fill(text)
    officer.tap("[data-bodymap] path[data-place=ear_left]")
    officer.tap("[data-kinds] button >> nth=0")
    night.sent(officer)
    found = re.fullmatch(r"/children/(\d{9})/wristband/", officer.path())
    assert found is not None
    return found[1]


def hand_over(night: Night, number: str, giver: str, receiver: str, kind: str, place: str) -> None:
    """Two people, two phones, one wristband."""
    hands = night.open(giver, f"/children/{number}/hand-over/")
    hands.pill("kind", kind)
    hands.page.locator("main select[name=facility]").select_option(value=place)
    hands.page.locator("main [name=wristband]").fill(number)
    hands.page.locator("main [name=condition]").fill("安静")
    night.sent(hands)
    assert hands.path() == f"/children/{number}/"
    waiting = night.open(receiver, "/")
    with waiting.page.expect_navigation():
        waiting.tap(waiting.page.locator("main .line", has_text=grouped(number)).locator("a.button[href^='/offers/']"))
    night.read(waiting)
    waiting.page.locator("main [name=wristband]").fill(number)
    waiting.page.locator("main [name=condition]").fill("安静")
    night.sent(waiting)
    waiting.waits_for(f"svg.bar rect.{kind}")


def grouped(number: str) -> str:
    """As it stands on pages."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def report(night: Night, home: str) -> None:
    """A home says what it can take: one more."""
    hands = night.open("caseworker", f"/capacity/{night.known['places'][home]}/")
    counts = {"beds": 1, "carers_day": 1, "carers_night": 1, "children_per_carer": 2, "daily_cost": 120, "funds": 50_000}
    for name, count in counts.items():
        hands.page.locator(f"main [name={name}]").fill(str(count))
    night.sent(hands)
    hands.waits_for(".totals .answer dd", text="1")


def plan(night: Night) -> tuple[str, dict[str, str]]:
    """The desk makes a plan; its address, and who goes where."""
    hands = night.open("placement_officer", "/placements/")
    night.sent(hands)
    assert re.fullmatch(r"/plans/\d+/", hands.path())
    lines = hands.page.locator(".planned li").all()
    goes = {}
    for line in lines:
        number = re.sub(r"\s", "", line.locator(".number").inner_text())
        goes[number] = line.locator("p strong").inner_text()
    return hands.path(), goes


def totals(hands: Hands) -> list[int]:
    """The figures at the head of a page."""
    return [int(one) for one in hands.page.locator(".totals dd").all_inner_texts() if one.strip().isdecimal()]


# Each run walks it in one of the languages, the nightly run in all.
@pytest.mark.parametrize("language", [pytest.param(one, marks=() if one == "vi" else pytest.mark.slow) for one in LANGUAGES])
def test_the_night(house: Callable[[str], Night], language: str, say: Callable[[str], None]) -> None:
    night, began = house(language), time.monotonic()
    first, second, third = HOMES
    desk, home = night.phone("placement_officer"), night.phone("caseworker")

    # From the street to the hospital's bed, and a doctor's word.
    number = register(night)
    hand_over(night, number, "officer", "nurse", "hospital", str(night.known["places"]["hospital"]))
    doctor = night.open("doctor", f"/children/{number}/clearance/")
    doctor.pill("fit", "yes")
    doctor.pill("level", "ordinary")
    night.sent(doctor)

    # Four children wait; two homes have told, each for one.
    report(night, "home0")
    night.open("placement_officer", f"/children/{number}/ask-home/")
    desk.waits_for("main form .ways li", count=2)
    address, goes = plan(night)
    assert totals(desk) == [4, 2, 2]
    assert sorted(goes.values()) == [first, second]
    night.open("placement_officer", f"{address}bill/")
    assert desk.page.locator("tr.sum td").nth(1).inner_text() == "2", "two cots short"
    night.open("placement_officer", address)
    night.sent(desk)
    desk.waits_for(".planned .tag.amber", count=2)  # Both are asked.

    # One home takes its child; the other calls it too small, which is no legal ground.
    asked = {place: child for child, place in goes.items()}
    for place, verb in ((second, "take"), (first, "refuse")):
        night.open("caseworker", "/placements/")
        box = home.page.locator("main .asked", has_text=grouped(asked[place]))
        with home.page.expect_navigation():
            home.tap(box.locator("a[href$='/refuse/']" if verb == "refuse" else "a.button:not(.plain)"))
        night.read(home)
        if verb == "refuse":
            home.tap("label:has(input[name=code][value=too_small])")
        night.sent(home)
        assert home.path() == "/placements/"
    night.open("placement_officer", "/")
    assert grouped(asked[first]) in desk.text(), "the refusal is followed up"

    # A third home tells that it has room, and the desk plans again: what was accepted stays as it is.
    report(night, "home2")
    address, goes = plan(night)
    assert goes.get(asked[second], second) == second
    assert goes.get(asked[first]) != first, "not where it was refused"
    going = {place: child for child, place in goes.items()}
    night.sent(desk)
    assert third in going
    night.open("caseworker", "/placements/")
    with home.page.expect_navigation():
        home.tap(home.page.locator("main .asked", has_text=grouped(going[third])).locator("form button.primary"))
    night.read(home)

    # The child goes through the door, with two signatures; the bill of the rest is seen.
    hand_over(night, going[third], "nurse", "caseworker", "welfare_institution", str(night.known["places"]["home2"]))
    night.open("placement_officer", f"/children/{going[third]}/")
    assert desk.page.locator(".episodes li").first.inner_text().count(third) >= 1
    night.open("placement_officer", f"{address}bill/")
    assert desk.page.locator("tr.sum td").nth(1).inner_text() == "1", "one cot short now"

    missing = [pattern for pattern in PAGES if not any(re.fullmatch(pattern, path) for path in night.seen)]
    assert missing == [], "each page of the night is seen in each language"
    assert night.hosts == {"127.0.0.1"}
    assert night.troubles == []
    say(f"the night, {language}: {time.monotonic() - began:.0f} s, {len(night.seen)} pages")
