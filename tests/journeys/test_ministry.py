"""A ring is raided, an announcement made, a partner answered, a limit shortened: in a browser at the width of a phone.

Each in every language. Steps go by addresses and names of fields; words are looked at where somebody acts by them. One house for
all: each language has its own code, number and case in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from factories.exports import table
from factories.partner_pages import QUESTION

from .conftest import PASSWORD, Hands, Journey
from .test_families import follow, switch, within_the_screen

ACCOUNTS = "officer officer2 supervisor supervisor2 liaison"
WITH_CODE = "officer officer2 supervisor supervisor2"
LANGUAGES = ("en", "zh-hans", "vi")
MORE = f"""
from factories.partner_pages import fill_cases
world.clock = datetime.now(UTC) - timedelta(days=5)
at_work = {{"jurisdiction": world.jurisdictions["GX"], "by": world.actor("officer")}}
began = {{
    name: operations.record_operation(code=f"GX-{{name}}", title="x", zero_hour=world.clock, at=world.now(), **at_work)
    for name in "{" ".join(LANGUAGES)}".split()
}}
world.clock = datetime.now(UTC) - timedelta(days=3)
told["cases"] = fill_cases(world, "{" ".join(LANGUAGES)}")
for nth, operation in enumerate(began.values()):
    place = {{"place": f"广西东兴市木栏街{{nth + 20}}号", "found_at": world.clock, "sedation_suspected": False}}
    world.event = operations.record_rescue(operation=operation, at=world.now(), **place, **at_work)
    world.child()
"""
"""For each language an operation of five days ago, whose child was registered three days ago, and a shared case."""
BEIJING = ZoneInfo("Asia/Shanghai")
FIVE_SECONDS = 5_000
SAID = {
    "en": {
        "approved": "Approved. Nothing in it changes any more.",
        "not_ready": "1 site does not go yet.",
        "looks": "This page looks for news by itself.",
        "officers": "Officers out",
        "counted": "Counted from the records when it was signed.",
        "why": "Why it tells otherwise",
        "children": "Children rescued",
        "version": "This is version 1.",
        "waits": "Their question wants an answer",
        "field": "What is told of a child",
        "court": "a court",
        "hour": "The answer goes out with others, at its hour.",
        "late": "Clocks that ran out",
        "second": "Proposed. It counts when another supervisor has agreed.",
        "agreed": "Agreed: it counts from its day on.",
        "clock": "Clock",
    },
    "zh-hans": {
        "approved": "已批准。方案内容不再变更。",
        "not_ready": "1",
        "looks": "本页自动更新。",
        "officers": "出动警力",
        "counted": "数字在签署时由记录统计得出。",
        "why": "与上一版不同的原因",
        "children": "获救儿童",
        "version": "这是第1版。",
        "waits": "对方的问题待答复",
        "field": "儿童情况告知单",
        "court": "法院",
        "hour": "答复将在规定时间与其他答复一并发出。",
        "late": "已逾期的时限",
        "second": "已提出。经另一位主管同意后生效。",
        "agreed": "已同意：自起始日起生效。",
        "clock": "时限",
    },
    "vi": {
        "approved": "Đã phê duyệt. Từ nay không gì trong kế hoạch thay đổi.",
        "not_ready": "1",
        "looks": "Trang này tự cập nhật.",
        "officers": "Lực lượng tham gia",
        "counted": "Số liệu được đếm từ hồ sơ khi ký.",
        "why": "Lý do khác với bản trước",
        "children": "Trẻ được giải cứu",
        "version": "Đây là phiên bản 1.",
        "waits": "Câu hỏi của đối tác cần được trả lời",
        "field": "Phiếu thông tin về trẻ",
        "court": "tòa án",
        "hour": "Trả lời sẽ được gửi cùng các trả lời khác vào giờ quy định.",
        "late": "Thời hạn đã hết",
        "second": "Đã đề xuất. Có hiệu lực khi một người giám sát khác đồng ý.",
        "agreed": "Đã đồng ý: có hiệu lực từ ngày đã ghi.",
        "clock": "Thời hạn",
    },
}


@dataclass
class Way:
    """A journey in one language."""

    journey: Journey
    language: str

    @property
    def nth(self) -> int:
        """Which of the three."""
        return LANGUAGES.index(self.language)

    def by(self, name: str, path: str) -> Hands:
        """Somebody's phone, at a page of this language that fits it."""
        hands = self.journey.phone(name)
        assert hands.go(path) == 200, (name, path, hands.text())
        proved(hands)
        if hands.page.locator("html").get_attribute("lang") != self.language:
            switch(hands, self.language)
        assert within_the_screen(hands), (path, self.language)
        return hands

    def sends(self, name: str, path: str, **given: Any) -> Hands:
        """A form, filled in and sent; the page that it leads to."""
        hands = self.by(name, path)
        fill(hands, **given)
        hands.send()
        assert hands.path() != path.partition("?")[0], hands.text()
        assert within_the_screen(hands), (hands.path(), self.language)
        return hands

    def says(self, hands: Hands, *codes: str) -> None:
        """What this language says for each of these."""
        told = hands.text()
        for code in codes:
            assert SAID[self.language][code] in told, (code, told)


@pytest.fixture(params=LANGUAGES)
def way(journey: Journey, request: pytest.FixtureRequest) -> Way:
    """The same way in each language."""
    return Way(journey, request.param)


def proved(hands: Hands) -> None:
    """Whoever decides says who they are once more."""
    if hands.path() == "/account/confirm/":
        hands.type("password", PASSWORD)
        hands.send()


def fill(hands: Hands, **given: Any) -> None:
    """Fields by their names: switches and pills by what they hold, lists by their value, the rest is typed."""
    for name, value in given.items():
        field = hands.page.locator(f"main [name={name}]")
        kind = field.first.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            one = field if value is True else hands.page.locator(f"main [name={name}][value='{value}']")
            one.check(force=True)
        elif kind == "select-one":
            field.select_option(**value) if isinstance(value, dict) else field.select_option(value)
        else:
            field.fill(str(value))


def at(moment: datetime) -> str:
    """As the phone's own picker gives it."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%dT%H:%M}"


def test_from_the_investigation_to_the_report_after_the_action(way: Way) -> None:
    page = way.by("officer", "/investigations/new/")
    code = f"2026.11.{way.nth + 1}"
    fill(page, code=code, title="北仑河", jurisdiction={"index": 1})
    page.send()
    opened = page.path()
    way.sends("officer", f"{opened}members/new/", staff="officer2", function="member")
    way.sends("officer", f"{opened}supervision/")
    way.sends("officer", f"{opened}members/new/", staff="supervisor", function="supervisor")
    way.sends("officer", f"{opened}operations/", operation={"index": 1})

    for day in (1, 2):
        told = {"evidence": f"两张长途车票 {day}", "sex": "F", "seen_from": f"2026-11-0{day}", "seen_to": "2026-11-03"}
        way.sends("officer2", f"{opened}victims/new/", **told)
    ledger = way.by("officer2", f"{opened}victims/")
    assert ledger.page.locator("main .line").count() == 2
    follow(ledger, ledger.page.locator("main .line a[href$='/child/']").first)
    fill(ledger, child=way.journey.known["in_home"])
    ledger.send()
    assert [one.strip() for one in ledger.page.locator("dl.totals dd").all_inner_texts()][:3] == ["2", "1", "1"]

    planned = way.by("officer", f"{opened}joint/")
    fill(planned, code=f"{code}-夜", title="落帆", zero_hour=at(datetime.now(UTC)), jurisdiction={"index": 1})
    planned.send()
    follow(planned, planned.page.locator("main a[href^='/joint/']").last)
    plan = planned.path()
    for leader, place in (("officer", "河堤路3号仓库"), ("officer2", "界河码头二号泊位")):
        way.sends("officer", f"{plan}sites/new/", place=place, officers=12, leader=leader, jurisdiction={"index": 1})
    ministry = way.by("supervisor", plan)
    follow(ministry, "main a.primary[href$='/approve/']")
    proved(ministry)
    ministry.send()
    way.says(ministry, "approved")
    lead = way.by("officer", plan)
    for step in ("seal", "launch"):
        if step == "launch":
            sites_are_told(way, plan)
            lead = way.by("officer", plan)
        follow(lead, f"main a.primary[href$='/{step}/']")
        lead.send()
    board_looks_by_itself(way, lead)
    way.sends("officer", f"{plan}stand-down/", note="全部撤离")
    report = way.sends("officer", f"{plan}review/", note="船来晚了")
    way.says(report, "counted", "officers")
    assert "船来晚了" in report.text()
    assert "37" in report.text(), "what came in on the board"
    assert not way.journey.troubles


def sites_are_told(way: Way, plan: str) -> None:
    """Each leader tells on the spot; one waits for a medic first, and the plan cannot be launched before."""
    for name in ("officer", "officer2"):
        leader = way.by(name, plan)
        follow(leader, "main .sites a.primary")
        ready = leader.path()
        assert within_the_screen(leader)
        fill(leader, kit=True, female_officer=True, word="go")
        leader.send()
        assert "site_not_ready" in leader.codes(), "without a medic it does not go"
        fill(leader, medic=True)
        leader.send()
        assert leader.path() == plan, (ready, leader.text())
        if name == "officer":
            way.says(leader, "not_ready")
            assert leader.page.locator("main a[href$='/launch/']").count() == 0


def board_looks_by_itself(way: Way, lead: Hands) -> None:
    """What another browser reports stands on this one within five seconds, without a hand on it."""
    follow(lead, "main a[href$='/board/']")
    way.says(lead, "looks")
    board = lead.path()
    reports = way.by("officer2", board.replace("board", "officers"))
    fill(reports, officers=37)
    before = time.monotonic()
    reports.send()
    lead.page.locator("main dl.totals dd", has_text="37").wait_for(timeout=FIVE_SECONDS)
    assert time.monotonic() - before < FIVE_SECONDS / 1000 + 2
    assert lead.path() == board
    assert within_the_screen(lead)


def test_an_announcement_by_two_supervisors_and_a_version_that_says_why(way: Way) -> None:
    number = f"2026-11-2{way.nth + 1}"
    for n, until in ((1, datetime.now(UTC) - timedelta(days=4)), (2, datetime.now(UTC))):
        first = way.by("supervisor", "/announcements/propose/")
        first.page.get_by_label(f"GX-{way.language} ·", exact=False).first.check(force=True)
        fill(first, number=number, cutoff=at(until))
        first.send()
        assert first.path() == f"/announcements/{number}/{n}/", first.text()
        assert first.page.locator("main a[href$='/approve/']").count() == 0, "nobody approves what they wrote"
        reader = way.journey.stranger()
        before = reader.go(f"/public/{number}/?version={n}&language={way.language}")
        assert before == 404
        second = way.by("supervisor2", f"/announcements/{number}/{n}/")
        follow(second, "main a.primary[href$='/approve/']")
        proved(second)
        second.send()
        assert reader.go(f"/public/{number}/?language={way.language}") == 200
        way.says(reader, "children")
        assert reader.page.locator("script").count() == 0
        assert within_the_screen(reader)
    later = way.by("supervisor", f"/announcements/{number}/2/")
    way.says(later, "why")
    assert reader.go(f"/public/{number}/?version=1&language={way.language}") == 200
    way.says(reader, "version")
    feed = reader.page.request.get(f"{way.journey.base}/public/feed.json").json()["announcements"]
    assert [one["version"] for one in feed if one["number"] == number] == [2, 1]
    reader.page.context.close()


def test_a_partner_is_answered_told_and_asked(way: Way) -> None:
    known = way.journey.known["cases"][way.language]
    case = f"/partners/cases/{known['case']}/"
    desk = way.by("supervisor", "/partners/")
    way.says(desk, "waits")
    follow(desk, f"main a[href='/partners/questions/{known['question']}/']")
    assert QUESTION in desk.text()
    fill(desk, text="左肩有胎记。")
    desk.send()
    assert desk.path() == case
    assert "左肩有胎记。" in desk.text()
    follow(desk, f"main a[href='/partners/told/{known['told']}/']")
    way.says(desk, "field")
    assert "một chiếc khăn" in desk.text()

    look = way.by("supervisor", f"/partners/found/{known['found']}/")
    fill(look, answered="yes")
    look.send()
    way.says(look, "hour")

    tied = way.sends("supervisor", f"{case}child/", child=known["child"])
    tie = tied.path()
    way.sends("supervisor", f"{tie}wait/", who="court", what="判决", since=at(datetime.now(UTC)))
    way.says(tied, "court")
    way.sends("supervisor", f"{tie}ask/", basis="treaty")
    way.sends("supervisor", f"{tie}tell/", sex="treaty", age="convention")
    for link in ("/partners/dna/", "/partners/packages/"):
        second = way.by("supervisor2", tie)
        follow(second, second.page.locator(f"main a[href^='{link}']").first)
        proved(second)
        if link == "/partners/packages/":
            follow(second, "main a.primary[href$='/approve/']")
        second.send()
        assert second.page.locator("main .against").count() == 0, second.text()
    thread = way.by("supervisor", case)
    assert thread.page.locator("main section.box.quiet").count() == 3, "the answer, the question by DNA, and what is told"

    liaison = way.by("liaison", "/partners/")
    assert known["number"] not in liaison.text(), "another agency's case"
    assert liaison.go(case) == 404
    own = way.sends("liaison", "/partners/share/", node="VN-1", number=f"2026/L-{way.language}")
    way.sends("liaison", f"{own.path()}write/", kind="question", text="谁来接？")
    assert "谁来接？" in own.text()
    assert not way.journey.troubles


def test_from_the_ministrys_desk_to_a_shorter_limit_and_the_list_in_hand(way: Way, tmp_path: Path) -> None:
    desk = way.by("supervisor", "/ministry/")
    way.says(desk, "late")
    follow(desk, "main a.more[href='/clocks/']")
    follow(desk, "main a[href='/clocks/limits/']")
    kind = ("hospital", "offer", "relief_station")[way.nth]
    one = way.sends("supervisor", "/clocks/limits/set/", kind=kind, hours=1, reason="夜里要快")
    way.says(one, "second")
    assert one.page.locator("main a[href$='/approve/']").count() == 0
    other = way.by("supervisor2", "/clocks/limits/")
    follow(other, "main a[href$='/approve/']")
    proved(other)
    other.send()
    way.says(other, "agreed")
    assert other.page.locator("main table").first.locator("tr", has_text="1").count() >= 1

    taken = way.by("supervisor", "/clocks/")
    follow(taken, "main a[href^='/exports/clocks/']")
    proved(taken)
    passphrase = taken.page.locator(".passphrase").inner_text()
    fill(taken, form="xlsx")
    with taken.page.expect_download() as download:
        taken.tap("main button.primary")
    path = tmp_path / "list"
    download.value.save_as(path)
    head, *rows = table(path.read_bytes(), passphrase)
    assert head[0] == SAID[way.language]["clock"]
    assert rows
    assert not way.journey.troubles
