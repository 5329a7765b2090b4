"""The registers of a crowd: provinces, cities, agencies, places and staff. All of them are made up."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction, Staff
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.audit import queries as audit
from wayhome.casework.audit import rules
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations.models import Operation
from wayhome.casework.placements.models import CapacitySnapshot

MODEL_CITIES = 4
MODEL_CHILDREN = 1250
PROVINCES = 31
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "梅兰竹菊荷松枫雪云星雨溪禾明华建国英秀芳敏静丽强磊军洋勇艳杰娟涛超平刚桂志文玉海春"


@dataclass
class City:
    """A city with its post, its hospital, its home, and one of each who works there."""

    place: Jurisdiction
    province: int
    agencies: dict[str, Agency] = field(default_factory=dict)
    facilities: dict[str, Facility] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)


@dataclass
class Crowd:
    """The house with everybody in it."""

    world: World
    random: random.Random
    now: datetime
    cities: list[City] = field(default_factory=list)
    provinces: list[dict[str, Staff]] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    heads: dict[str, rules.Head | None] = field(default_factory=dict)
    events: list[AuditEvent] = field(default_factory=list)
    actors: dict[int, Actor] = field(default_factory=dict)
    photo: bytes = b""

    def told(self, who: Staff, at: datetime, action: str, subject: str, child: int) -> None:
        """An event after the last one of its chain, to be written with the batch."""
        by = self.actors.setdefault(who.pk, actor_of(who))
        if by.chain not in self.heads:
            self.heads[by.chain] = audit.head(by.chain)
        made = rules.next_event(
            self.heads[by.chain],
            chain=by.chain,
            at=rules.stamp(at),
            staff_id=by.staff_id,
            agency_id=by.agency_id,
            action=action,
            subject=subject,
            child_id=child,
            data="{}",
        )
        self.heads[by.chain] = rules.Head(by.chain, made.n, made.hash)
        self.events.append(AuditEvent(*(getattr(made, column) for column in rules.COLUMNS)))


def registers(crowd: Crowd, cities: int) -> None:
    """Provinces, cities, agencies, places, staff, by the actions; a report of room from every home."""
    world, by, at = crowd.world, crowd.world.registrars, crowd.world.now()
    assert by is not None
    ids = iter(range(10**6, 10**7))

    def staff(key: str, agency: Agency, role: str) -> Staff:
        return accounts.register_staff(
            by=by, at=at, number=key, name=name_of(crowd), id_number=f"11{next(ids):016d}", agency=agency, role=role
        )

    def place(code: str, kind: str, above: Jurisdiction) -> Jurisdiction:
        names = {f"name_{language}": code for language in ("en", "zh", "vi")}
        return accounts.add_jurisdiction(code=code, kind=kind, parent=above, **names)

    with transaction.atomic():
        above = [place(f"P{i:02d}", "province", world.jurisdictions["CN"]) for i in range(min(PROVINCES, cities))]
        for i, province in enumerate(above):
            civil = accounts.register_agency(
                by=by, at=at, code=f"civil{i}", kind="ministry", name=f"{province.code}民政厅", jurisdiction=province
            )
            people = {role: staff(f"{role}_p{i}", civil, role) for role in ("placement_officer", "supervisor")}
            crowd.provinces.append(people)
        for i in range(cities):
            city = City(place(f"C{i:03d}", "city", above[i % len(above)]), i % len(above))
            for key, agency_kind, kind, roles in (
                ("post", "police", "police_post", ("officer",)),
                ("hospital", "hospital", "hospital", ("nurse", "doctor")),
                ("home", "welfare", "welfare_institution", ("caseworker",)),
            ):
                code = f"{key}{i}"
                agency = accounts.register_agency(
                    by=by, at=at, code=code, kind=agency_kind, name=f"{city.place.code}{key}", jurisdiction=city.place
                )
                city.agencies[key] = agency
                city.facilities[key] = accounts.register_facility(
                    by=by,
                    at=at,
                    code=code,
                    agency=agency,
                    kind=kind,
                    name=f"{city.place.code}{key}",
                    address=f"{city.place.code}市{key}路{i + 1}号",
                    jurisdiction=city.place,
                )
                city.staff |= {role: staff(f"{role}_{i}", agency, role) for role in roles}
            crowd.cities.append(city)
    CapacitySnapshot.objects.bulk_create(
        CapacitySnapshot(
            facility=city.facilities["home"],
            as_of=crowd.now,
            beds=MODEL_CHILDREN,
            carers_day=MODEL_CHILDREN,
            carers_night=MODEL_CHILDREN,
            children_per_carer=4,
            level=i % 3,
            daily_cost=100 + i % 50,
            funds=10**7,
            by=city.staff["caseworker"],
            at=crowd.now,
        )
        for i, city in enumerate(crowd.cities)
    )
    officer = crowd.cities[0].staff["officer"]
    crowd.operations = Operation.objects.bulk_create(
        Operation(
            code=f"L{i}",
            title=f"Operation {i}",
            zero_hour=crowd.now - timedelta(days=1800 - i * 30),
            jurisdiction=world.jurisdictions["CN"],
            by=officer,
            at=crowd.now,
        )
        for i in range(60)
    )


def name_of(crowd: Crowd) -> str:
    return crowd.random.choice(_SURNAMES) + crowd.random.choice(GIVEN) + crowd.random.choice(GIVEN)
