"""What waits at the placement desk in the house of `factories.pages`. All people are made up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from factories.plans import a_plan
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children import actions as children
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations.models import RescueEvent
from wayhome.casework.placements import actions as placements

_CITIES = (
    ("NN", "GX", "Nanning", "南宁", "Nam Ninh", 22.82, 108.32),
    ("QZ", "GX", "Qinzhou", "钦州", "Khâm Châu", 21.98, 108.65),
    ("BH", "GX", "Beihai", "北海", "Bắc Hải", 21.48, 109.12),
    ("GL", "GX", "Guilin", "桂林", "Quế Lâm", 25.27, 110.29),
)
_HOMES = (
    ("nanning", "NN", "南宁市社会福利院", "广西南宁市秀灵路48号", {"beds": 14, "carers_night": 2, "level": 2}),
    ("qinzhou", "QZ", "钦州市儿童福利院", "广西钦州市永福西大街8号", {"beds": 6, "carers_night": 1, "level": 0}),
    ("beihai", "BH", "北海市儿童福利院", "广西北海市云南路212号", {"beds": 2, "carers_night": 1, "level": 1}),
    ("guilin", "GL", "桂林市社会福利院暨未成年人救助保护中心", "广西桂林市骖鸾路31号", None),
)


def fill_placements(world: Any, intake: Any) -> None:
    """Children who wait, homes with room, full and silent; asked, accepted, refused; a surge, a vote, a plan."""
    by = world.registrars
    _residents(world)
    _positions(world)
    for code, city, name, address, _told in _HOMES:
        world.facilities[code] = accounts.register_facility(
            by=by,
            at=world.now(),
            code=code,
            agency=world.agencies["welfare"],
            kind="welfare_institution",
            name=name,
            address=address,
            jurisdiction=world.jurisdictions[city],
        )
    usual = {"carers_day": 3, "carers_night": 2, "children_per_carer": 4, "daily_cost": 120, "funds": 60_000}
    for code, *_rest, told in _HOMES:
        if told is not None:
            placements.report_capacity(
                facility=world.facilities[code], by=world.actor("caseworker"), at=world.now(), **(usual | told)
            )
    world.has_room("home", "nursery", "relief", **(usual | {"beds": 8}))
    shown = []
    for i, (call, sex) in enumerate(
        (("小云 Vân", "F"), ("小星 Tinh", "M"), ("小雨 Vũ", "F"), ("小溪 Nguyễn Thị Ngọc Khê", "F"), ("小禾 Hòa", "M"))
    ):
        child = intake(world, call, sex, (20 + 15 * i, 60 + 15 * i), 15 * i, photo=False)
        world.hand_over(child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
        level = ("ordinary", "ordinary", "nursing", "medical", "ordinary")[i]
        custody.clear(child=child, fit=True, level=level, by=world.actor("doctor"), at=world.now())
        shown.append(child)
    children.group_siblings(children=shown[:2], ground="alleged", by=world.actor("officer"), at=world.now())
    for child in shown:
        child.refresh_from_db()
    world.waiting = shown
    placing = world.actor("placement")
    world.asked = [
        placements.propose_placement(
            child=child, facility=world.facilities["home"], reason="nearest, with two nurses at night", by=placing, at=world.now()
        )
        for child in shown[:2]
    ]
    refused = placements.propose_placement(child=shown[2], facility=world.facilities["beihai"], by=placing, at=world.now())
    caseworker = world.actor("caseworker")
    placements.refuse_placement(placement=refused, code="too_small", note="no night nurse", by=caseworker, at=world.now())
    kept = placements.propose_placement(child=shown[2], facility=world.facilities["nanning"], by=placing, at=world.now())
    placements.accept_placement(placement=kept, by=caseworker, at=world.now())
    world.surge = placements.ask_surge(
        facility=world.facilities["beihai"],
        beds=4,
        carers=1,
        until=world.clock + timedelta(hours=48),
        reason="eleven infants from the second raid, hospital asks for beds",
        by=caseworker,
        at=world.now(),
    )
    placements.mark_risk_area(
        child=shown[2],
        jurisdiction=world.jurisdictions["GD"],
        reason="the buyer's brother runs a shop there",
        by=world.actor("officer"),
        at=world.now(),
    )
    world.separation = placements.propose_separation(
        child=shown[1], reason="born to another mother, says suspect 4", by=world.actor("doctor"), at=world.now()
    )
    placements.vote_on_separation(
        separation=world.separation, agrees=False, note="not proven", by=world.actor("supervisor"), at=world.now()
    )
    home, beihai = str(world.facilities["home"].pk), str(world.facilities["beihai"].pk)
    world.plan = a_plan(
        world,
        {shown[0]: "home", shown[1]: "home", world.shown["cleared"]: "qinzhou", shown[2]: "nanning", shown[3]: "", shown[4]: ""},
        at=world.now(),
        passed_over={"no_bed": 2, "untrusted": 1, "level": 3},
        bill={
            "provinces": {"GX": {"beds": 3, "carers": 1, "yuan": 18200}},
            "homes": {home: {"beds": 2, "carers": 1, "yuan": 9800}, beihai: {"beds": 1, "carers": 0, "yuan": 8400}},
            "impossible": {str(shown[3].pk): {home: "level", beihai: "level"}},
            "proven": True,
        },
    )
    near = [
        [world.facilities[code].pk, why] for code, why in (("beihai", "no_bed"), ("qinzhou", "level"), ("guilin", "untrusted"))
    ]
    a_plan(
        world,
        {
            shown[0]: "home",
            shown[1]: "home",
            world.shown["cleared"]: "qinzhou",
            shown[2]: "nanning",
            shown[3]: "",
            shown[4]: "nanning",
        },
        at=world.now(),
        passed_over={"no_bed": 1, "untrusted": 1, "level": 2},
        nearer=near,
    )
    _funding(world)


def _residents(world: Any) -> None:
    """Three children of an earlier rescue, two of them in the home for a month, one in the nursery for some days."""
    now, raid = world.clock, world.event
    world.clock = now - timedelta(days=40)
    world.event = RescueEvent.objects.create(
        operation=world.operation,
        jurisdiction=world.jurisdictions["GX"],
        place="广西防城港市渔洲坪路3号",
        found_at=world.clock,
        sedation_suspected=False,
        by=world.staff["officer"],
        at=world.clock,
    )
    for call, days, to, kind in (
        ("小桃 Đào", 3, "home", Kind.WELFARE_INSTITUTION),
        ("小杏 Hạnh", 9, "home", Kind.WELFARE_INSTITUTION),
        ("小柳 Liễu", 30, "nursery", Kind.EMERGENCY_NURSERY),
    ):
        child = world.child(call)
        world.hand_over(child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
        custody.clear(child=child, fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
        world.clock += timedelta(days=days)
        world.has_room(to)
        world.hand_over(child, to, kind, giver="nurse", receiver="caseworker")
        world.clock = now - timedelta(days=40)
    world.clock, world.event = now, raid


def _positions(world: Any) -> None:
    """Cities of Guangxi, each where it is; the province itself at its border town, Guangdong at its capital."""
    places = world.jurisdictions
    for code, parent, en, zh, vi, *_point in _CITIES:
        places[code] = accounts.add_jurisdiction(
            code=code, kind="city", parent=places[parent], name_en=en, name_zh=zh, name_vi=vi
        )
    points = {code: tuple(point) for code, _parent, _en, _zh, _vi, *point in _CITIES}
    for code, (latitude, longitude) in (points | {"GX": (21.55, 107.97)}).items():
        placements.tell_position(
            jurisdiction=places[code], latitude=latitude, longitude=longitude, by=world.actor("supervisor"), at=world.now()
        )


def _funding(world: Any) -> None:
    """The home is paid for by the county, then by the ministry; another home by nobody."""
    for payer, rate, first, last, budget in (
        ("welfare", 80, date(2011, 1, 1), date(2011, 7, 31), 5000),
        ("civil", 120, date(2011, 7, 16), date(2011, 12, 31), 250_000),
        ("civil", 130, date(2012, 1, 1), None, None),
    ):
        placements.fund(
            facility=world.facilities["home"],
            payer=world.agencies[payer],
            daily_rate=rate,
            first_day=first,
            last_day=last,
            budget=budget,
            by=world.actor("supervisor"),
            at=world.now(),
        )
