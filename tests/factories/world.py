"""A small world: a ministry, police, hospitals and welfare homes in two provinces, and one operation. All people are made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction, Staff
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.keys import all_keys
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.models import HandoverOffer
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations.models import Operation, Person, PersonFact, PersonKey, RescueEvent, RescueEventKey
from wayhome.casework.placements import actions as placements

KEEPERS = {"home": "caseworker", "home_gd": "caseworker_gd", "nursery": "caseworker", "relief": "caseworker"}
"""Places with beds, and who reports what they can take."""
RAID = datetime(2011, 7, 15, 6, 0, tzinfo=UTC)


@dataclass
class World:
    """What `small_world` made; `clock` moves on by a minute with each `now()`."""

    jurisdictions: dict[str, Jurisdiction] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    facilities: dict[str, Facility] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    registrars: tuple[Actor, Actor] | None = None
    operation: Operation | None = None
    event: RescueEvent | None = None
    clock: datetime = RAID
    family: dict[str, Any] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, int] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    frozen_alarm: int = 0
    kits: dict[str, str] = field(default_factory=dict)
    returns: dict[str, Any] = field(default_factory=dict)
    releases: dict[str, Any] = field(default_factory=dict)
    clues: dict[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        """The next minute."""
        self.clock += timedelta(minutes=1)
        return self.clock

    def actor(self, name: str, *, stepped_up: bool = True) -> Actor:
        """A member of staff at work."""
        return actor_of(self.staff[name], stepped_up=stepped_up)

    def person(self, label: str, *facts: tuple[str, str]) -> Person:
        """Somebody from outside, with facts as (kind, value)."""
        by = self.staff["officer"]
        person = Person.objects.create(label=label, by=by, at=self.now())
        for kind, value in facts:
            PersonFact.objects.create(person=person, kind=kind, value=value, by=by, at=self.now())
        keys = all_keys([("name" if kind == "alias" else kind, value) for kind, value in facts])
        PersonKey.objects.bulk_create(PersonKey(person=person, kind=kind, key=key) for kind, key in sorted(keys))
        return person

    def child(self, call_name: str = "小荷", sex: str = "F") -> Child:
        """A child just found, with the police."""
        assert self.event is not None
        intake = custody.Intake(
            event=self.event, post=self.facilities["post"], sex=sex, call_name=call_name, started_at=self.event.found_at
        )
        return custody.take_into_care(intake=intake, by=self.actor("officer"), at=self.now())

    def in_hospital(self, *, cleared: bool = False) -> Child:
        """A child that the police handed to the hospital."""
        child = self.child()
        self.hand_over(child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
        if cleared:
            custody.clear(child=child, fit=True, level="ordinary", by=self.actor("doctor"), at=self.now())
        return child

    def has_room(self, *places: str, at: datetime | None = None, **counted: int) -> None:
        """Places report that there is room; every place that has beds if none is named."""
        moment = at or self.now()
        report = {"beds": 500, "carers_day": 100, "carers_night": 100, "children_per_carer": 6, "daily_cost": 120, "funds": 10**7}
        for name in places or KEEPERS:
            placements.report_capacity(
                facility=self.facilities[name], by=self.actor(KEEPERS[name]), at=moment, **(report | counted)
            )

    def in_home(self) -> Child:
        """A child that was cleared and handed to the welfare institution, which has just said that it has room."""
        child = self.in_hospital(cleared=True)
        self.has_room("home")
        self.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
        return child

    def offer(self, child: Child, to: str, kind: Kind, *, giver: str, **more: Any) -> HandoverOffer:
        """One signs that a child goes to a place."""
        return custody.offer_handover(
            child=child,
            to_facility=self.facilities[to],
            kind=kind,
            wristband=child.number,
            place="at the door",
            condition="asleep, breathing calmly",
            by=self.actor(giver),
            at=self.now(),
            **more,
        )

    def hand_over(self, child: Child, to: str, kind: Kind, *, giver: str, receiver: str, **more: Any) -> None:
        """Offer and accept."""
        offer = self.offer(child, to, kind, giver=giver, **more)
        custody.accept_handover(offer_id=offer.pk, wristband=child.number, by=self.actor(receiver), at=self.now())


_AGENCIES = (
    ("police", "police", "东兴市公安局", "GX"),
    ("hospital_agency", "hospital", "东兴市人民医院", "GX"),
    ("welfare", "welfare", "防城港市民政局", "GX"),
    ("police_gd", "police", "广东省公安厅", "GD"),
    ("welfare_gd", "welfare", "广州市民政局", "GD"),
    ("laboratory", "laboratory", "广西刑事技术中心", "GX"),
    ("civil", "ministry", "民政部", "CN"),
    ("partner", "partner", "Bộ Công an", "VN"),
)
_FACILITIES = (
    ("post", "police", "police_post", "打拐大队", "广西东兴市新华路1号", "GX"),
    ("hospital", "hospital_agency", "hospital", "东兴市人民医院", "广西东兴市解放路9号", "GX"),
    ("nursery", "welfare", "emergency_nursery", "临时育婴室", "广西防城港市兴港大道5号", "GX"),
    ("relief", "welfare", "relief_station", "救助站", "广西防城港市云南路2号", "GX"),
    ("home", "welfare", "welfare_institution", "防城港市儿童福利院", "广西防城港市迎宾街30号", "GX"),
    ("post_gd", "police_gd", "police_post", "打拐支队", "广东广州市黄华路97号", "GD"),
    ("home_gd", "welfare_gd", "welfare_institution", "广州市儿童福利院", "广东广州市龙洞南路233号", "GD"),
    ("abroad", "partner", "partner_authority", "Trung tâm Bảo trợ xã hội Móng Cái", "12 Hùng Vương, Móng Cái", "VN"),
)
_STAFF = (
    ("officer", "李卫国", "police", "officer"),
    ("officer2", "莫志强", "police", "officer"),
    ("nurse", "王秀英", "hospital_agency", "nurse"),
    ("nurse2", "韦春兰", "hospital_agency", "nurse"),
    ("doctor", "陈海燕", "hospital_agency", "doctor"),
    ("caseworker", "黄美玲", "welfare", "caseworker"),
    ("caseworker2", "覃小凤", "welfare", "caseworker"),
    ("placement", "梁建华", "welfare", "placement_officer"),
    ("officer_gd", "何永康", "police_gd", "officer"),
    ("caseworker_gd", "冯丽珍", "welfare_gd", "caseworker"),
    ("analyst", "苏明", "laboratory", "analyst"),
    ("supervisor", "郑国栋", "ministry", "supervisor"),
    ("supervisor2", "唐雅琴", "civil", "supervisor"),
    ("auditor", "许文", "ministry", "auditor"),
    ("administrator", "罗伟", "ministry", "administrator"),
    ("partner_liaison", "Phạm Thị Hồng", "partner", "partner_liaison"),
    ("lab_supervisor", "谢慧", "laboratory", "lab_supervisor"),
)


def small_world() -> World:
    """Make it, through the actions that the house has for it."""
    world = World()
    places = world.jurisdictions
    for code, kind, parent, en, zh, vi in (
        ("CN", "country", None, "China", "中国", "Trung Quốc"),
        ("VN", "country", None, "Vietnam", "越南", "Việt Nam"),
        ("GX", "province", "CN", "Guangxi", "广西", "Quảng Tây"),
        ("GD", "province", "CN", "Guangdong", "广东", "Quảng Đông"),
    ):
        places[code] = accounts.add_jurisdiction(
            code=code, kind=kind, parent=places.get(parent or ""), name_en=en, name_zh=zh, name_vi=vi
        )
    at = world.now()
    world.agencies["ministry"] = accounts.register_agency(
        by=None, at=at, code="ministry", kind="ministry", name="公安部", jurisdiction=places["CN"]
    )
    first = []
    for i, name in enumerate(("赵一鸣", "钱多宝")):
        key = f"registrar{i or ''}"
        world.staff[key] = accounts.register_staff(
            by=None,
            at=at,
            number=key,
            name=name,
            id_number=f"11010119700101000{i}",
            agency=world.agencies["ministry"],
            role="registrar",
        )
        first.append(actor_of(world.staff[key]))
    by = world.registrars = (first[0], first[1])
    for key, agency_kind, name, where in _AGENCIES:
        world.agencies[key] = accounts.register_agency(
            by=by, at=at, code=key, kind=agency_kind, name=name, jurisdiction=places[where]
        )
    for key, agency, facility_kind, name, address, where in _FACILITIES:
        world.facilities[key] = accounts.register_facility(
            by=by,
            at=at,
            code=key,
            agency=world.agencies[agency],
            kind=facility_kind,
            name=name,
            address=address,
            jurisdiction=places[where],
        )
    for i, (key, name, agency, role) in enumerate(_STAFF):
        world.staff[key] = accounts.register_staff(
            by=by, at=at, number=key, name=name, id_number=f"4506811980{i:08d}", agency=world.agencies[agency], role=role
        )
    officer = world.staff["officer"]
    world.operation = Operation.objects.create(
        code="8.6.2011", title="Case 1", zero_hour=RAID, jurisdiction=places["GX"], by=officer, at=at
    )
    place = "广西东兴市北仑大道12号3楼"
    world.event = RescueEvent.objects.create(
        operation=world.operation,
        jurisdiction=places["GX"],
        place=place,
        found_at=RAID,
        sedation_suspected=True,
        by=officer,
        at=at,
    )
    RescueEventKey.objects.bulk_create(
        RescueEventKey(event=world.event, kind=kind, key=key) for kind, key in sorted(all_keys([("address", place)]))
    )
    world.has_room()
    return world
