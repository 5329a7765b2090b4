"""Children who move between hospital, nursery and home for weeks, and a count of whose days these are that is written apart.

The count goes day by day and asks who had the child at midnight; the product goes episode by episode and cuts spans of days.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from factories.world import World
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import Kind
from wayhome.casework.placements.models import FundingLine

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = {"home": Kind.WELFARE_INSTITUTION, "nursery": Kind.EMERGENCY_NURSERY, "hospital": Kind.HOSPITAL}
STAFF = {"home": "caseworker", "nursery": "caseworker2", "hospital": "nurse"}
AFTER = {"hospital": ("home", "nursery"), "nursery": ("home", "hospital"), "home": ("hospital",)}


def move(world: World, child: Child, to: str) -> None:
    """From wherever it is."""
    last = CustodyEpisode.objects.filter(child=child).order_by("-n").select_related("facility").first()
    assert last is not None
    here = last.facility.code
    if here == "hospital":
        custody.clear(child=child, fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
    if to != "hospital":
        world.has_room(to)
    world.hand_over(child, to, KINDS[to], giver=STAFF.get(here, "officer"), receiver="nurse2" if to == "hospital" else STAFF[to])


def lives(world: World, seed: int, *, children: int = 4, moves: int = 30) -> list[Child]:
    """Random moves, some within minutes of one another and of midnight, over some two months."""
    chance = random.Random(seed)
    kids = [world.in_hospital() for _ in range(children)]
    where = dict.fromkeys((child.pk for child in kids), "hospital")
    for _ in range(moves):
        midnight = datetime.combine(world.clock.astimezone(SHANGHAI).date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
        step = chance.choice(("minutes", "hours", "days", "midnight"))
        if step == "midnight":
            world.clock = midnight.astimezone(UTC) + timedelta(minutes=chance.choice((-4, -3, 0)))
        else:
            world.clock += timedelta(**{step: chance.randint(1, {"minutes": 40, "hours": 20, "days": 5}[step])})
        child = chance.choice(kids)
        where[child.pk] = chance.choice(AFTER[where[child.pk]])
        move(world, child, where[child.pk])
    return kids


def payer_of(home: str, day: date) -> FundingLine | None:
    """The last word on a day."""
    said = None
    for line in FundingLine.objects.filter(facility__code=home).order_by("pk"):
        if line.first_day <= day and (line.last_day is None or day <= line.last_day):
            said = line
    return said


def recount(
    month: date, at: datetime, *, zone: ZoneInfo = SHANGHAI, whose: Callable[[int], bool] = lambda _: True
) -> Counter[tuple[str, str, int | None]]:
    """(child's number, home, line that pays) -> days, by who had each child at each midnight."""
    chains: dict[int, list[tuple[datetime, str, str]]] = {}
    for child, started, kind, code in CustodyEpisode.objects.order_by("n").values_list(
        "child_id", "started_at", "kind", "facility__code"
    ):
        chains.setdefault(child, []).append((started, kind, code))
    found: Counter[tuple[str, str, int | None]] = Counter()
    day = month.replace(day=1)
    while day.month == month.month:
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
        for child, chain in chains.items():
            had = [(kind, code) for started, kind, code in chain if started < midnight]
            if midnight <= at and had and whose(child):
                kind, code = had[-1]
                if kind in ("welfare_institution", "emergency_nursery", "relief_station", "foster"):
                    line = payer_of(code, day)
                    found[f"{child:09d}", code, line.pk if line else None] += 1
        day += timedelta(days=1)
    return found
