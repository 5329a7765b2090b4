"""Every page through axe: on a phone and at a desk, and its contrast in the dark."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import FLAGS, PHONE, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DESK = {"width": 1440, "height": 900}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
Look = tuple[str, Any, Any, list[str]]
LOOKS: tuple[Look, ...] = (
    ("phone", PHONE, "light", STANDARD),
    ("desk", DESK, "light", STANDARD),
    ("phone, in the dark", PHONE, "dark", ["color-contrast"]),
)
EXTREMES = ("-none", "-one", "-many", "-error")
"""The same pages with other contents: on a phone alone."""
STATUS = {"not-found": 404, "costs-wrong": 422, "candidates-refused": 422, "find-nothing": 404, "find-slip": 422}
"""Pages that are not there, or refuse."""
GRAVE = ("serious", "critical")
TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def pictured() -> Iterator[dict[str, Any]]:
    """The house of the pictures, served from a process of its own."""
    code = "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_module('factories.pictured', run_name='__main__')"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, str(TESTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told, "the house does not stand"
        yield json.loads(told)
    finally:
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


def _grave(results: dict[str, Any]) -> Iterator[str]:
    """What is serious, element by element, with what would mend it."""
    for one in results["violations"]:
        if one["impact"] in GRAVE:
            for node in one["nodes"]:
                yield f"{one['id']} at {node['target'][0]}: {node['failureSummary'].splitlines()[1].strip()}"


def in_turn(name: str, day: date) -> bool:
    """Whether it is this page's day: every third, by its name, so that a page found wrong is found so all day."""
    return (zlib.crc32(name.encode()) + day.toordinal()) % 3 == 0


@pytest.mark.parametrize("name", ["today", "child", "clues"])
def test_every_page_has_its_day(name: str) -> None:
    assert sorted(in_turn(name, date(2026, 11, n)) for n in (1, 2, 3)) == [False, False, True]


@pytest.mark.parametrize("looks", [pytest.param(LOOKS[:1], id="phone"), pytest.param(LOOKS, id="all", marks=pytest.mark.slow)])
def test_axe_finds_nothing_serious_on_any_page(pictured: dict[str, Any], browser: Browser, looks: tuple[Look, ...]) -> None:
    """The policy of the pages forbids scripts of others, so it is set aside for this browser; the product's is not touched.

    Each run looks at a third of the pages on a phone, the next day's runs at another; the nightly run at all of them, at a desk
    and in the dark too, and at the same pages with little, much and mistakes.
    """
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    base = f"http://127.0.0.1:{pictured['port']}"
    found: list[str] = []
    looked: Counter[str] = Counter()
    today = date.today()
    every = [page for page in pictured["pages"] if not page[0].endswith(EXTREMES)]
    pages = pictured["pages"] if len(looks) > 1 else [page for page in every if in_turn(page[0], today)]
    assert len(every) > 60
    for who in dict.fromkeys(page[1] for page in pages):
        context = browser.new_context(viewport=PHONE, bypass_csp=True, locale="en", reduced_motion="reduce")
        if who:
            context.add_cookies([{"name": "wayhome", "value": pictured["sessions"][who], "url": base}])
        tab = context.new_page()
        for name, _, path, refused in (page for page in pages if page[1] == who):
            answer = tab.goto(base + path)
            assert answer is not None
            assert answer.status == STATUS.get(name, 200), name
            if refused:
                with tab.expect_navigation():
                    tab.locator("main button.primary").first.click()
            for where, size, scheme, options in looks:
                if where == "desk" and name.endswith(EXTREMES):
                    continue
                tab.set_viewport_size(size)
                tab.emulate_media(color_scheme=scheme)
                results = axe.run(tab, options={"resultTypes": ["violations"], "runOnly": options}).response
                assert results["testEngine"]["name"] == "axe-core"
                looked[where] += 1
                found += [f"{name}, {where}: {told}" for told in _grave(results)]
        context.close()
    assert looked["phone"] == len(pages) > 20
    if len(looks) > 1:
        assert looked["phone, in the dark"] == len(pages) > looked["desk"] > 60
    assert not found, "\n".join(sorted(set(found)))


def test_axe_would_find_something(browser: Browser) -> None:
    """A page that is wrong on purpose: grey on grey, a picture and a field without words."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.set_content(
        "<html lang=en><title>x</title><main><p style='color:#aaa;background:#999'>pale</p><img src='data:,'><input></main>"
    )
    told = {one["id"]: one["impact"] for one in Axe().run(tab).response["violations"]}
    context.close()
    assert {"color-contrast": "serious", "image-alt": "critical", "label": "critical"}.items() <= told.items()


WORDED = {"zh-hans": "2011年1月3日星期一", "vi": "Thứ Hai, 3 tháng 1, 2011", "en": "Monday, January 3, 2011"}


def test_a_day_stands_in_the_pages_words_beside_its_box(pictured: dict[str, Any], browser: Browser) -> None:
    """Whatever the browser's language: as the page was made, with and without script, and as the day is changed."""
    base = f"http://127.0.0.1:{pictured['port']}"
    who, path = next(page[1:3] for page in pictured["pages"] if page[0] == "describe-request")
    cookie = {"name": "wayhome", "value": pictured["sessions"][who], "url": base}
    with_script, without = (browser.new_context(locale="de", java_script_enabled=script) for script in (True, False))
    for context in (with_script, without):
        context.add_cookies([cookie])
    tab, plain = with_script.new_page(), without.new_page()
    tab.goto(base + path)
    for language, words in WORDED.items():
        tab.locator(f".languages button[value={language}]").click()
        tab.wait_for_load_state()
        plain.goto(base + path)
        for shown in (tab, plain):
            assert shown.locator("output[for=id_born_from]").inner_text() == words
        tab.locator("[name=born_from]").fill("2011-01-31")
        assert tab.locator("output[for=id_born_from]").inner_text() == words.replace("3", "31")
        tab.locator("[name=born_from]").fill("")
        assert tab.locator("output[for=id_born_from]").inner_text() == ""
    with_script.close()
    without.close()
