"""What waits at the placement desk in the house of `factories.pages`. All people are made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from factories.plans import a_plan
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children import actions as children
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements import actions as placements

_HOMES = (
    ("nanning", "welfare", "南宁市社会福利院", "广西南宁市秀灵路48号", {"beds": 14, "carers_night": 2, "level": 2}),
    ("qinzhou", "welfare", "钦州市儿童福利院", "广西钦州市永福西大街8号", {"beds": 6, "carers_night": 1, "level": 0}),
    ("beihai", "welfare", "北海市儿童福利院", "广西北海市云南路212号", {"beds": 2, "carers_night": 1, "level": 1}),
    ("guilin", "welfare", "桂林市社会福利院暨未成年人救助保护中心", "广西桂林市骖鸾路31号", None),
)


def fill_placements(world: Any, intake: Any) -> None:
    """Children who wait, homes with room, full and silent; asked, accepted, refused; a surge, a vote, a plan."""
    by = world.registrars
    for code, agency, name, address, _told in _HOMES:
        world.facilities[code] = accounts.register_facility(
            by=by,
            at=world.now(),
            code=code,
            agency=world.agencies[agency],
            kind="welfare_institution",
            name=name,
            address=address,
            jurisdiction=world.jurisdictions["GX"],
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
