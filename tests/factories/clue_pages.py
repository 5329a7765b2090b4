"""Clues for the house that is looked at: of a ring, one that waits, one shut in, one whose number another province has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from factories.clues import PHONE, clue, person, thing
from factories.operations import investigation
from factories.world import World
from wayhome.casework.clues import actions
from wayhome.casework.clues.queries.clues import clue_of
from wayhome.casework.clues.rules import Relation, Told

_BUS = "0770 7654321"


def fill_clues(world: World) -> None:
    """Everything that the pages of clues show."""
    days = [world.clock - timedelta(days=ago) for ago in (150, 121, 96, 60, 31, 12, 3, 1)]
    first = clue(
        world,
        person(("name", "黎氏梅"), ("alias", "Lê Thị Mai"), ("phone", PHONE)),
        thing("vehicle", "桂P12345"),
        thing("place", "东兴市"),
        thing("place", "钦州市"),
        Told("victim", [("name", "小妹")]),
        relations=(
            Relation(0, "drives", 1, "transporter", date(2011, 2, 14), 2, 3),
            Relation(0, "moves", 4, "transporter", date(2011, 2, 14), 2, 3),
            Relation(0, "seen_at", 2, on=date(2011, 2, 12)),
        ),
        text="今年二月以来，住在东兴的一个越南女人每隔十来天就抱一个婴儿上大巴去钦州，婴儿一路不哭不闹。\n开车的是一辆桂P12345的面包车。",
        received_at=days[0],
        source="汽车站小卖部店主",
        protected=True,
    )
    second = clue(
        world,
        person(("name", "Lê Thị Mai"), ("phone", f"+86 {PHONE}")),
        thing("account", "6222 0211 0715 0001"),
        thing("place", "Đông Hưng"),
        relations=(Relation(0, "uses", 1, "intermediary", date(2011, 3, 16)), Relation(0, "seen_at", 2, on=date(2011, 3, 12))),
        text="Chị Mai ở Đông Hưng nhận tiền qua tài khoản này rồi mới giao cháu bé. Bên kia đang thiếu bé gái, chị ấy bảo thế.",
        language="vi",
        received_at=days[1],
        channel="message",
        source_grade="C",
    )
    third = clue(
        world,
        person(("name", "Wei Defa"), ("phone", "139 7701 2345")),
        thing("vehicle", "桂P·12345"),
        thing("account", "6222021107150001"),
        thing("phone", _BUS),
        relations=(Relation(0, "drives", 1, "transporter", date(2011, 4, 9)), Relation(0, "pays", 2, "buyer", date(2011, 4, 10))),
        text="A driver called Wei paid a woman twice for what he called a parcel.",
        language="en",
        received_at=days[2],
        channel="patrol",
        source_grade="D",
        info_grade=3,
    )
    clue(
        world,
        person(("name", "Nguyễn Thị Ngọc Ánh Nguyệt"), ("alias", "阿月"), ("phone", "+84 912 345 678")),
        Told("route", [("place", "Móng Cái"), ("place", "东兴"), ("place", "钦州"), ("place", "Quảng Châu")]),
        thing("address", "广西东兴市北仑大道12号3楼"),
        relations=(Relation(0, "travels", 1, "organiser"), Relation(0, "lives_at", 2)),
        text="Nguyệt thuê nhà ở đường Bắc Luân, tầng ba, trong nhà lúc nào cũng có tiếng trẻ sơ sinh.",
        language="vi",
        received_at=days[3],
        channel="interview",
        source_grade="A",
        info_grade=1,
    )
    clue(world, person(("name", "韦德发")), thing("phone", _BUS), received_at=days[4], channel="letter", info_grade=4)
    clue(world, person(("name", "何大"), ("phone", "13977012345")), by="officer_gd", received_at=days[5])
    kept = clue(world, person(("name", "莫桂珍")), thing("phone", "13507764420"), received_at=days[6], channel="board")
    officer = world.actor("officer")
    last = clue(
        world,
        received_at=days[7],
        text="东兴口岸附近又有人打听哪里可以抱养女婴。",
        info_grade=6,
        source_grade="F",
        anonymous=True,
    )
    for one, states in ((first, ("triaged", "assigned", "linked")), (second, ("triaged", "assigned")), (third, ("triaged",))):
        for state in states:
            given: dict[str, Any] = {"assigned_to": world.staff["officer2"]} if state == "assigned" else {}
            actions.triage(clue=clue_of(officer, one.pk), state=state, by=officer, at=world.now(), **given)
    actions.judge_pair(clue=first, other=second, confirmed=True, note="同一个电话，同一个人", by=officer, at=world.now())
    opened = investigation(world, code="GX-0613", title="东兴拐卖婴儿案")
    actions.put_in_compartment(clue=kept, investigation=opened, by=officer, at=world.now())
    world.clues = {
        "first": first.number,
        "second": second.number,
        "third": third.number,
        "kept": kept.number,
        "last": last.number,
    }
