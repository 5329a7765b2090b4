"""The registers of the demonstration: two registrars put agencies, places and staff of 15 provinces on them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wayhome.casework.accounts import actions, queries
from wayhome.casework.core.actors import Actor
from wayhome.cli.demo_people import COUNTY, PROVINCES, Province, home_codes, name

MINISTRY = "MPS"
SUPERVISOR = "MPS-supervisor"


@dataclass(slots=True)
class Registers:
    """What is on them: places by code, staff as those who act."""

    jurisdictions: dict[str, Any] = field(default_factory=dict)
    facilities: dict[str, Any] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    welfare: dict[str, Any] = field(default_factory=dict)
    agencies: dict[str, Any] = field(default_factory=dict)
    registrars: tuple[Actor, Actor] | None = None


def fill(at: datetime, chance: random.Random) -> Registers:
    """Everybody who acts later."""
    made = Registers()
    china = actions.add_jurisdiction(
        code="CN", kind="country", parent=None, name_en="China", name_zh="中国", name_vi="Trung Quốc"
    )
    made.jurisdictions["CN"] = china
    for province in PROVINCES:
        made.jurisdictions[province.code] = actions.add_jurisdiction(
            code=province.code,
            kind="province",
            parent=china,
            name_en=province.en,
            name_zh=province.zh,
            name_vi=province.vi,
        )
    code, en, zh, vi = COUNTY
    made.jurisdictions[code] = actions.add_jurisdiction(
        code=code, kind="county", parent=made.jurisdictions["CN-SX"], name_en=en, name_zh=zh, name_vi=vi
    )
    ministry = actions.register_agency(by=None, at=at, code=MINISTRY, kind="ministry", name="公安部", jurisdiction=china)
    first = [
        actions.register_staff(
            by=None,
            at=at,
            number=f"{MINISTRY}-registrar{i}",
            name=name(chance),
            id_number=f"99010119700101000{i}",
            agency=ministry,
            role="registrar",
        )
        for i in (1, 2)
    ]
    by = made.registrars = (queries.actor_of(first[0]), queries.actor_of(first[1]))
    _staff(made, by, at, chance, ministry, SUPERVISOR, "supervisor")
    for province in PROVINCES:
        _of_province(made, by, at, chance, province)
    for code, home in home_codes():
        _home(made, by, at, chance, code, home)
    # They take no part in the story, and must not change what is drawn for it.
    aside = random.Random(len(made.actors))
    for role in ("auditor", "administrator"):
        _staff(made, by, at, aside, ministry, f"{MINISTRY}-{role}", role)
    _laboratory(made, by, at, aside, china)
    _partner(made, by, at, aside)
    return made


def _of_province(made: Registers, by: tuple[Actor, Actor], at: datetime, chance: random.Random, province: Province) -> None:
    """A police post with an officer, and a hospital with a nurse and a doctor."""
    where = made.jurisdictions[province.code]
    for kind, called, place, street, roles in (
        ("police", f"{province.official}公安厅", ("police_post", "打拐办公室"), "公安路1号", ("officer",)),
        ("hospital", f"{province.zh}儿童医院", ("hospital", "观察病房"), "健康路9号", ("nurse", "doctor")),
    ):
        code = f"{province.code}-{kind}"
        agency = actions.register_agency(by=by, at=at, code=code, kind=kind, name=called, jurisdiction=where)
        made.facilities[code] = actions.register_facility(
            by=by,
            at=at,
            code=code,
            agency=agency,
            kind=place[0],
            name=f"{called}{place[1]}",
            address=f"{province.zh}{province.town}{street}",
            jurisdiction=where,
        )
        for role in roles:
            _staff(made, by, at, chance, agency, f"{province.code}-{role}", role)


def _laboratory(made: Registers, by: tuple[Actor, Actor], at: datetime, chance: random.Random, china: Any) -> None:
    """A laboratory with three analysts and its head; civil affairs; and a second pair of hands where samples are taken."""
    made.agencies["LAB"] = actions.register_agency(
        by=by, at=at, code="LAB", kind="laboratory", name="公安部物证鉴定中心", jurisdiction=china
    )
    for n in (1, 2, 3):
        _staff(made, by, at, chance, made.agencies["LAB"], f"LAB-analyst{n}", "analyst")
    _staff(made, by, at, chance, made.agencies["LAB"], "LAB-supervisor", "lab_supervisor")
    civil = actions.register_agency(by=by, at=at, code="MCA", kind="ministry", name="民政部", jurisdiction=china)
    _staff(made, by, at, chance, civil, "MCA-supervisor", "supervisor")
    for code, agency in made.welfare.items():
        _staff(made, by, at, chance, agency, f"{code}-caseworker2", "caseworker")
    police = made.facilities["CN-GX-police"].agency
    _staff(made, by, at, chance, police, "CN-GX-officer2", "officer")


def _partner(made: Registers, by: tuple[Actor, Actor], at: datetime, chance: random.Random) -> None:
    """The authority beyond the border, with whoever signs for it."""
    vietnam = actions.add_jurisdiction(
        code="VN", kind="country", parent=None, name_en="Vietnam", name_zh="越南", name_vi="Việt Nam"
    )
    made.jurisdictions["VN"] = vietnam
    agency = actions.register_agency(
        by=by, at=at, code="VN-welfare", kind="partner", name="Cục Phòng, chống tệ nạn xã hội", jurisdiction=vietnam
    )
    made.facilities["VN-centre"] = actions.register_facility(
        by=by,
        at=at,
        code="VN-centre",
        agency=agency,
        kind="partner_authority",
        name="Trung tâm Bảo trợ xã hội Móng Cái",
        address="12 Hùng Vương, Móng Cái",
        jurisdiction=vietnam,
    )
    _staff(made, by, at, chance, agency, "VN-liaison", "partner_liaison")
    border = actions.add_jurisdiction(
        code="VN-HS",
        kind="province",
        parent=vietnam,
        name_en="Hai Son (made up)",
        name_zh="海山（虚构）",
        name_vi="Hải Sơn (hư cấu)",
    )
    made.agencies["VN-HS"] = actions.register_agency(
        by=by, at=at, code="VN-HS", kind="partner", name="Văn phòng phối hợp biên giới Hải Sơn", jurisdiction=border
    )


def _home(made: Registers, by: tuple[Actor, Actor], at: datetime, chance: random.Random, code: str, home: str) -> None:
    """A children's home; the first of a province comes with the agency and its caseworker."""
    province = next(one for one in PROVINCES if one.code == code)
    where = made.jurisdictions[code]
    if code not in made.welfare:
        made.welfare[code] = actions.register_agency(
            by=by, at=at, code=f"{code}-welfare", kind="welfare", name=f"{province.official}民政厅", jurisdiction=where
        )
        for role in ("caseworker", "placement_officer"):
            _staff(made, by, at, chance, made.welfare[code], f"{code}-{role}", role)
    n = home.rpartition("home")[2]
    made.facilities[home] = actions.register_facility(
        by=by,
        at=at,
        code=home,
        agency=made.welfare[code],
        kind="welfare_institution",
        name=f"{province.zh}第{n}儿童福利院",
        address=f"{province.zh}{province.town}慈幼路{n}号",
        jurisdiction=where,
    )


def _staff(
    made: Registers, by: tuple[Actor, Actor], at: datetime, chance: random.Random, agency: Any, number: str, role: str
) -> None:
    staff = actions.register_staff(
        by=by,
        at=at,
        number=number,
        name=name(chance),
        id_number=f"99{len(made.actors):04d}19800101{chance.randrange(10_000):04d}",
        agency=agency,
        role=role,
    )
    made.actors[number] = queries.actor_of(staff)
