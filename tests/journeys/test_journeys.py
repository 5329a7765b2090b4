"""What people do in a night, in a browser at the width of a phone: register, hand over, be refused, switch language."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from factories.pages import picture

from .conftest import PHONE, Hands, Journey

THREE_MINUTES = 180
A_KEY_MS = 120
"""Between two keys of somebody who types with a thumb. Only the journey that is measured is typed so slowly."""
BUYER = "陈桂花"
registered: dict[str, str] = {}
"""The child of the first journey, which the next ones go on with."""


def mark(hands: Hands, place: str, kind: str) -> None:
    """Touch the body map, then the kind."""
    hands.tap(f"[data-bodymap] path[data-place={place}]")
    hands.tap(hands.page.locator("[data-kinds] button", has_text=kind))


def child(journey: Journey, tmp_path: Path) -> str:
    """The number of the child that an officer registered."""
    if not registered:
        register(journey.phone("officer"), tmp_path)
    return registered["number"]


def register(hands: Hands, folder: Path) -> float:
    """Everything about a child that was just found; the seconds that it took."""
    photo = folder / "photo.jpg"
    photo.write_bytes(picture(20))
    hands.keys = hands.taps = 0
    hands.delay = A_KEY_MS
    began = time.monotonic()
    hands.go("/children/register/")
    hands.taps += 2
    hands.page.set_input_files("[name=photo]", photo)
    hands.waits_for(".upload output", text="photo.jpg")
    hands.pill("sex", "F")
    hands.type("least_days", "20")
    hands.type("most_days", "45")
    mark(hands, "lower_back", "Mongolian spot")
    mark(hands, "ear_left", "pit at the ear")
    hands.type("items", "red jacket\nmilk bottle")
    hands.type("condition", "drowsy, breathes calmly")
    hands.tap("label:has(input[name=sedation])")
    hands.send()
    hands.page.wait_for_url("**/wristband/")
    seconds = time.monotonic() - began
    hands.delay = 0
    registered["number"] = urlsplit(hands.page.url).path.split("/")[2]
    return seconds


def test_an_officer_registers_a_child_in_under_three_minutes(
    journey: Journey, tmp_path: Path, say: Callable[[str], None]
) -> None:
    officer = journey.phone("officer")
    seconds = register(officer, tmp_path)
    say(f"register a child: {officer.keys} keys, {officer.taps} taps, {seconds:.0f} s at 120 ms a key")
    assert seconds < THREE_MINUTES
    assert officer.keys < 80
    assert officer.go(f"/children/{registered['number']}/") == 200
    told = officer.text()
    for part in (
        "Mongolian spot, lower back",
        "pit at the ear, ear, left",
        "red jacket",
        "milk bottle",
        "20–45 days",
        "sedation",
    ):
        assert part in told
    officer.waits_for(".band img", count=1)


def test_two_people_hand_it_over(journey: Journey, tmp_path: Path) -> None:
    number = child(journey, tmp_path)
    officer, nurse = journey.phone("officer"), journey.phone("nurse")
    assert nurse.go(f"/children/{number}/") == 404, "nothing to do with the hospital yet"
    officer.go(f"/children/{number}/hand-over/")
    officer.pill("kind", "hospital")
    officer.pick("facility", "东兴市人民医院 · hospital")
    officer.type("wristband", number)
    officer.type("condition", "drowsy")
    officer.send()
    assert "It stays with you until somebody there" in officer.text()
    nurse.go("/")
    nurse.tap(nurse.page.locator("main .line", has_text=f"{number[:3]} {number[3:6]} {number[6:]}").locator("a.button"))
    nurse.type("wristband", number[:-1] + str((int(number[-1]) + 1) % 10))
    nurse.type("condition", "opens its eyes")
    nurse.send()
    assert nurse.codes() == {"wristband"}, "the wrong band opens nothing"
    nurse.page.locator("[name=wristband]").fill("")
    nurse.type("wristband", number)
    nurse.send()
    assert "You answer for this child from now on" in nurse.text()
    episodes = nurse.page.locator(".episodes li")
    nurse.waits_for(episodes, count=2)
    assert "李卫国 gave, 王秀英 took" in episodes.first.inner_text()
    nurse.waits_for("svg.bar rect.hospital", count=1)


def test_the_buyer_gets_no_child_as_escort(journey: Journey) -> None:
    number = journey.known["at_post"]
    officer, supervisor = journey.phone("officer"), journey.phone("supervisor")
    supervisor.go("/")
    before = supervisor.page.locator("main .line", has_text="An attempt was refused").count()
    officer.go(f"/children/{number}/hand-over/")
    officer.pill("kind", "hospital")
    officer.pick("facility", "东兴市人民医院 · hospital")
    officer.type("wristband", number)
    officer.type("condition", "asleep")
    officer.type("escort", BUYER)
    officer.send()
    assert officer.codes() == {"excluded"}
    assert "Nothing lifts an exclusion" in officer.text()
    assert officer.page.locator("[name=condition]").input_value() == "asleep", "what was typed is still there"
    supervisor.go("/")
    alarms = supervisor.page.locator("main .line", has_text="An attempt was refused")
    supervisor.waits_for(alarms, count=before + 1)
    assert "小燕 Yến" in supervisor.text()
    officer.go(f"/children/{number}/")
    assert officer.page.locator(".episodes li").count() == 1, "the child is where it was"


def test_the_buyer_gets_no_child_as_foster_household(journey: Journey) -> None:
    number = journey.known["in_home"]
    caseworker, supervisor = journey.phone("caseworker"), journey.phone("supervisor")
    caseworker.go("/people/new/")
    caseworker.type("label", "a kind woman")
    caseworker.type("fact_name", BUYER)
    caseworker.type("fact_id", "450702197501010029")
    caseworker.send()
    assert "The person is recorded" in caseworker.text()
    caseworker.go(f"/children/{number}/foster/")
    caseworker.type("person", BUYER)
    caseworker.type("address", "广西防城港市北部湾大道88号")
    caseworker.type("reason", "has a garden")
    caseworker.send()
    assert caseworker.codes() == {"excluded"}
    assert "Nothing lifts an exclusion" in caseworker.text()
    supervisor.go("/")
    assert "小荷" in supervisor.text()
    assert supervisor.page.locator("main .line", has_text="An attempt was refused").count() >= 1
    caseworker.go(f"/children/{number}/")
    assert "Foster care" not in caseworker.page.locator("h2").all_inner_texts()


@pytest.mark.parametrize("script", [True, False])
def test_a_picture_is_asked_for_in_the_language_of_the_page(journey: Journey, tmp_path: Path, script: bool) -> None:
    officer, number = journey.phone("officer"), journey.known["at_post"]
    photo = tmp_path / "yan.jpg"
    photo.write_bytes(picture(40 if script else 70))
    context = journey.browser.new_context(viewport=PHONE, has_touch=True, locale="de", java_script_enabled=script)
    context.add_cookies(officer.page.context.cookies())
    hands = Hands(context.new_page(), journey.base)
    hands.go(f"/children/{number}/picture/")
    field = hands.page.locator(".upload")
    native = field.locator("input").bounding_box()
    assert native is not None
    assert (native["width"] < 44) == script, "without a script the browser's own control says what was chosen"
    with hands.page.expect_file_chooser() as chooser:
        hands.tap(field.locator("label", has_text="Take or choose a picture"))
    chooser.value.set_files(photo)
    field.locator("output").wait_for(state="visible" if script else "hidden")
    hands.send()
    assert hands.path() == f"/children/{number}/"
    hands.waits_for(".band img", count=1)
    context.close()


@pytest.mark.parametrize(("language", "verb"), [("zh-hans", "登记孩子"), ("vi", "Đăng ký trẻ")])
def test_a_switch_of_language_keeps_what_was_typed(journey: Journey, language: str, verb: str) -> None:
    officer = journey.phone("officer")
    officer.go("/")
    officer.go("/children/register/")
    officer.pill("sex", "M")
    officer.type("least_days", "7")
    mark(officer, "chest", "mole")
    officer.type("items", "蓝毯子")
    officer.tap(f".languages button[value={language}]")
    officer.page.locator(f"html[lang={language}]").wait_for(state="attached")
    assert verb in officer.page.locator("main button.primary").inner_text()
    assert officer.page.locator("[name=least_days]").input_value() == "7"
    assert officer.page.locator("[name=items]").input_value() == "蓝毯子"
    assert officer.page.locator("[name=sex][value=M]").is_checked()
    assert officer.page.locator("[name=marks]").input_value() == "chest:melanocytic_nevus"
    officer.tap(".languages button[value=en]")
    officer.page.locator("html[lang=en]").wait_for(state="attached")
    assert officer.page.locator("[name=least_days]").input_value() == "7"


def test_a_second_factor_is_really_asked_for(journey: Journey) -> None:
    officer = journey.phone("officer")
    assert "officer" in journey.known["secrets"]
    officer.go("/account/")
    assert "set up" in officer.text()
    context = journey.browser.new_context()
    stranger = Hands(context.new_page(), journey.base)
    for path in ("/", f"/children/{journey.known['at_post']}/", "/exclusions/"):
        stranger.go(path)
        assert urlsplit(stranger.page.url).path == "/account/login/"
    stranger.page.fill("[name=login]", "officer")
    stranger.page.fill("[name=password]", "nine-lanterns-over-beilun")
    stranger.page.locator("main button.primary").click()
    stranger.page.wait_for_selector("[name=code]")
    stranger.go("/children/")
    assert urlsplit(stranger.page.url).path == "/account/second-factor/authenticate/", "a password alone opens nothing"
    context.close()


def test_no_page_reached_for_anything_outside_and_no_log_holds_a_child(journey: Journey, tmp_path: Path) -> None:
    number = child(journey, tmp_path)
    officer = journey.phone("officer")
    assert officer.go("/children/123456789/") == 404
    assert officer.go(f"/children/{number}/nowhere/") == 404
    hosts = {urlsplit(url).hostname for url in journey.requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert len(journey.requests) > 10
    assert journey.troubles == []
    log = journey.log()
    assert "Not Found" in log, "the server did write"
    for secret in (number, journey.known["at_post"], journey.known["in_home"], "123456789", BUYER):
        assert secret not in log
