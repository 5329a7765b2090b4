"""Provinces with nothing, with one of everything, and with very much, names as long as they come. All people are made up."""

from __future__ import annotations

from typing import Any

from factories.night_house import Province, a_province
from factories.plans import a_plan
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.placements import actions as placements

LONG_NAME = "Nguyễn Hoàng Thị Ngọc Phương Khánh Nguyệt"
LONG_HOME = "Trung tâm Nuôi dưỡng và Bảo trợ Trẻ em có hoàn cảnh đặc biệt khó khăn số"
HOMES = 26


def fill_extremes(world: Any, many_children: int) -> None:
    """Each in a country of its own, so that nothing changes for anybody else."""
    many = [f"{LONG_NAME[: 20 + i % 20].strip()} {i}" for i in range(many_children)]
    world.extremes = {
        "none": _country(world, 7, [], []),
        "one": _country(world, 8, ["小一 Nhất"], ["一号儿童福利院"]),
        "many": _country(world, 9, many, [f"{LONG_HOME} {i}" for i in range(HOMES)]),
    }
    much, one = world.extremes["many"], world.extremes["one"]
    caseworker = actor_of(much.staff["caseworker"])
    for i in range(HOMES - 2):
        placements.report_capacity(
            facility=much.places[f"home{i}"],
            by=caseworker,
            at=world.now(),
            beds=1 + i % 9,
            carers_day=2,
            carers_night=i % 3,
            children_per_carer=3,
            level=i % 3,
            daily_cost=110 + i,
            funds=90_000 if i % 7 else 0,
        )
    placing = actor_of(much.staff["placement_officer"])
    asked = [
        placements.propose_placement(
            child=child, facility=much.places[f"home{(5, 8, 17, 23)[i // 2]}"], reason="", by=placing, at=world.now()
        )
        for i, child in enumerate(much.children[:8])
    ]
    world.asked_many = asked[0]
    homes = [key for key in much.places if key.startswith("home")]
    goes = {child: (homes[i % HOMES] if i % 3 else "") for i, child in enumerate(much.children)}
    short = {str(much.places[key].pk): {"beds": 1, "carers": i % 2, "yuan": 1_680 * (i % 4)} for i, key in enumerate(homes[:15])}
    grant = {what: sum(given[what] for given in short.values()) for what in ("beds", "carers", "yuan")}
    bill = {"provinces": {"P9": grant}, "homes": short, "impossible": {}, "proven": False}
    nothing = {"provinces": {}, "homes": {}, "impossible": {}, "proven": True}
    world.plans = {
        "many": _plan(world, much, goes, passed_over={"no_bed": 12, "untrusted": 5, "level": 9}, bill=bill),
        "one": _plan(world, one, {one.children[0]: "home0"}, passed_over={}, bill=nothing),
    }


def _country(world: Any, n: int, waiting: list[str], homes: list[str]) -> Province:
    country = accounts.add_jurisdiction(
        code=f"C{n}", kind="country", parent=None, name_en=f"Country {n}", name_zh=f"第{n}国", name_vi=f"Nước {n}"
    )
    made = a_province(n, country, world.registrars, world.now(), waiting=waiting, homes=homes)
    for role, staff in made.staff.items():
        much = {7: "none", 8: "one", 9: "many"}[n]
        world.staff[f"{role.removesuffix('_officer')}_{much}"] = staff
    return made


def _plan(world: Any, province: Province, goes: dict[Any, str], **told: Any) -> Any:
    here = World(
        jurisdictions={"GX": province.places["hospital"].jurisdiction},
        facilities=province.places,
        staff={"supervisor": province.staff["placement_officer"]},
    )
    return a_plan(here, goes, at=world.now(), **told)
