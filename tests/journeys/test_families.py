"""A family is heard, in a browser at the width of a phone: from its report to whose samples would help, and a consent taken back.

The steps stand in the order in which they are done, and each goes on with what the one before did.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from factories.pages import picture

from .conftest import Hands, Journey

if TYPE_CHECKING:
    from playwright.sync_api import Locator

CHILD, MOTHER, GRANDMOTHER = "李小妹", "韦小兰", "莫秀珍"
PHONE, STORY = "13877001199", "在集市上被一个陌生女人抱走"
heard: dict[str, str] = {}
"""The family of the first step."""


def tell(hands: Hands, **given: str) -> None:
    """What a family says, field by field; dates are set as the phone's own calendar sets them."""
    for name, value in given.items():
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            hands.page.locator(f"main [name={name}]").fill(value)
        else:
            hands.type(name, value)


def switch(hands: Hands, language: str) -> None:
    """The language of the page, in place."""
    hands.tap(f".languages button[value={language}]")
    hands.page.locator(f"html[lang={language}]").wait_for(state="attached")


def follow(hands: Hands, what: str | Locator) -> None:
    """Tap something that leads to another page."""
    with hands.page.expect_navigation():
        hands.tap(what)


def within_the_screen(hands: Hands) -> bool:
    """Whether nothing but what scrolls by itself is wider than the phone."""
    return bool(hands.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def opened(journey: Journey) -> Hands:
    """The officer's phone, at the family's file."""
    officer = journey.phone("officer")
    if not heard:
        record(officer)
    assert officer.go(f"/families/{heard['number']}/") == 200
    return officer


def record(hands: Hands) -> None:
    """A mother at the desk."""
    hands.go("/")
    follow(hands, "header a.me")
    follow(hands, "main .menu a:has-text('Families')")
    follow(hands, "main a.button.primary")
    hands.pill("relation", "mother")
    tell(hands, name=MOTHER, phone=PHONE, child_name=f"{CHILD} / Xiaoyue")
    hands.pill("sex", "F")
    tell(hands, born_from="2011-01-03", born_to="2011-01-05", looks="双眼皮", lost_from="2011-05-01", lost_to="2011-05-02")
    tell(hands, place="百色市右江区集市")
    hands.pick("where", "Guangxi")
    hands.pill("cause", "abducted")
    tell(hands, circumstances=STORY)
    hands.send()
    heard["number"] = hands.path().split("/")[2]


def test_a_mother_is_heard_and_what_she_tells_is_kept_in_every_language(journey: Journey) -> None:
    officer = journey.phone("officer")
    officer.go("/families/new/")
    officer.pill("relation", "mother")
    tell(officer, name=MOTHER, child_name=CHILD, born_from="2011-01-03", circumstances=STORY)
    for language, verb in (("vi", "Lập hồ sơ"), ("zh-hans", "登记"), ("en", "Record the request")):
        switch(officer, language)
        officer.waits_for("main button.primary", text=verb)
        kept = {name: officer.page.locator(f"main [name={name}]").input_value() for name in ("name", "child_name", "born_from")}
        assert kept == {"name": MOTHER, "child_name": CHILD, "born_from": "2011-01-03"}
        assert officer.page.locator("[name=circumstances]").input_value() == STORY
        assert officer.page.locator("[name=relation][value=mother]").is_checked()
        assert within_the_screen(officer), language
    officer.send()
    assert officer.path() == "/families/new/", "half a report is not recorded"
    officer.waits_for("main .errorlist, main .error")
    record(officer)
    told = officer.text()
    for part in ("Enter the relatives now", CHILD, MOTHER, STORY, "双眼皮", "Guangxi", "abducted"):
        assert part in told, part
    assert within_the_screen(officer)


def test_the_mark_the_things_and_a_picture(journey: Journey, tmp_path: Path) -> None:
    officer = opened(journey)
    officer.go(f"/families/{heard['number']}/mark/")
    officer.page.locator("main [name=place]").select_option("ear_left")
    officer.page.locator("main [name=kind]").select_option("preauricular_pit")
    officer.send()
    officer.go(f"/families/{heard['number']}/item/")
    officer.type("what", "红色绣花小棉袄")
    officer.send()
    photo = tmp_path / "child.jpg"
    photo.write_bytes(picture(20))
    officer.go(f"/families/{heard['number']}/picture/")
    officer.page.set_input_files("[name=photo]", photo)
    officer.type("shows", "the child at three months")
    officer.send()
    told = officer.text()
    for part in ("pit at the ear", "红色绣花小棉袄", "the child at three months"):
        assert part in told, part
    shown = officer.page.locator("main .photos img")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 240


def relative(hands: Hands, to: str, relation: str, name: str, born: str, reach: str = "willing") -> None:
    """One more, by what they are to somebody in the tree."""
    follow(hands, "main a:has-text('Add a relative')")
    members = hands.page.locator("main select[name=to] option").all_inner_texts()
    hands.pick("to", next(member for member in members if to in member))
    hands.pick("relation", relation)
    tell(hands, name=name, born=born)
    hands.pill("life", "living")
    hands.pill("reach", reach)
    hands.send()


def test_the_tree_grows_as_it_is_told(journey: Journey) -> None:
    officer = opened(journey)
    drawn = officer.page.locator("main .tree svg a")
    officer.waits_for(drawn, count=2)  # The parents are there from the first word.
    follow(officer, officer.page.locator("main .short a", has_text="father").first)
    tell(officer, name="李大山", born="1982")
    officer.pill("life", "living")
    officer.send()
    relative(officer, "李大山", "mother", GRANDMOTHER, "1955")
    relative(officer, "李大山", "father", "李阿公", "1951", reach="lost")
    relative(officer, MOTHER, "mother", "农阿婆", "1957", reach="to_ask")
    officer.go(f"/families/{heard['number']}/")
    officer.waits_for(drawn, count=5)
    told = officer.page.locator("main .tree svg").text_content() or ""
    for part in (CHILD, MOTHER, "李大山", GRANDMOTHER, "father's mother", "mother's mother", "the child that is looked for"):
        assert part in told, part
    assert within_the_screen(officer), "a wide tree scrolls in its own frame"
    for one in drawn.all():
        box = one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24, "a thumb can touch whoever is drawn"


def test_whose_samples_help_and_a_consent_that_is_recorded_and_taken_back(journey: Journey) -> None:
    officer = opened(journey)
    officer.go(f"/families/{heard['number']}/samples/")
    best = officer.page.locator("main ol.short li").first.inner_text()
    assert MOTHER in best
    assert "李大山" in best
    assert "decides" in best
    officer.go(f"/families/{heard['number']}/")
    follow(officer, officer.page.locator("main .short a", has_text=MOTHER).first)
    address = officer.path()
    follow(officer, "main a:has-text('Record the consent')")
    assert officer.page.locator("[name=given_by]").input_value() == MOTHER
    officer.type("form", "GX-2011-0417")
    switch(officer, "vi")
    assert officer.page.locator("[name=form]").input_value() == "GX-2011-0417"
    switch(officer, "en")
    officer.send()
    assert "The consent is recorded" in officer.text()
    officer.go(f"/families/{heard['number']}/")
    officer.waits_for(officer.page.locator("main .short .tag", has_text="agreed, until"), count=1)
    assert "agreed to a sample" in (officer.page.locator("main .tree svg").text_content() or "")

    officer.go(address)
    follow(officer, "main a:has-text('They want it no more')")
    officer.send()
    assert "The withdrawal is recorded" in officer.text()
    assert "withdrawn" in officer.text()
    officer.go(f"/families/{heard['number']}/")
    officer.waits_for(officer.page.locator("main .short .tag", has_text="agreed, until"), count=0)


def test_the_paper_for_the_family_tells_how_it_stands_and_prints(journey: Journey) -> None:
    officer = opened(journey)
    follow(officer, "main a:has-text('Paper for the family')")
    officer.page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    officer.tap("main [data-print]")
    officer.waits_for("body[data-printed=yes]")
    officer.page.emulate_media(media="print")
    paper = officer.page.locator("article.slip").inner_text()
    assert not officer.page.locator("header, nav, main [data-print]").filter(visible=True).count()
    officer.page.emulate_media(media="screen")
    number = heard["number"]
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in paper
    assert CHILD in paper
    assert "Waits for a relative who agrees to a sample" in paper
    for secret in (journey.known["at_post"], journey.known["in_home"], "人民医院", "小燕", "小荷", "防城港"):
        assert secret not in paper.replace(" ", "")


@pytest.mark.parametrize("name", ["nurse", "caseworker"])
def test_whoever_has_no_need_to_know_does_not_find_it(journey: Journey, name: str) -> None:
    opened(journey)
    assert journey.phone(name).go(f"/families/{heard['number']}/") in (403, 404)


def test_nothing_left_the_house_and_no_log_holds_a_family(journey: Journey) -> None:
    opened(journey)
    assert {urlsplit(url).hostname for url in journey.requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert journey.troubles == []
    log = journey.log()
    for secret in (heard["number"], CHILD, MOTHER, PHONE, "Xiaoyue"):
        assert secret not in log, secret
