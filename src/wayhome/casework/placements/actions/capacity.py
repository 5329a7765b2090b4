"""What a home can take tonight, what it may take beyond, and who pays."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.placements import queries
from wayhome.casework.placements.actions.barring import flag
from wayhome.casework.placements.barred import barred
from wayhome.casework.placements.days import EARLIEST
from wayhome.casework.placements.models import CapacitySnapshot, FundingLine, Position, Surge, SurgeApproval
from wayhome.casework.placements.queries import BED_PLACES
from wayhome.casework.placements.rules import SURGE_HOLDS

MOST = 10_000
"""More cots, carers or yuan a day than any home has."""
_LAST = date(2199, 12, 31)


def report_capacity(
    *,
    facility: Facility,
    beds: int,
    carers_day: int,
    carers_night: int,
    children_per_carer: int,
    daily_cost: int,
    funds: int,
    by: Actor,
    at: datetime,
    as_of: datetime | None = None,
    other_children: int = 0,
    level: int = 0,
    surge_carers: int = 0,
    surge_cost: int = 0,
) -> CapacitySnapshot:
    """Somebody of the place counted cots, carers and money; from now on this counts, for a day.

    Parameters
    ----------
    beds : cots set up, whoever is in them.
    other_children : those in them who are on no record here.
    carers_day, carers_night : on the two shifts, each for `children_per_carer` children.
    level : 0 ordinary, 1 nursing, 2 medical.
    daily_cost, funds : yuan a child-day, and yuan there is for more children.
    surge_carers, surge_cost : carers that could be called in tonight, and yuan for each.
    """
    permitted(by, Permission.REPORT_CAPACITY, at=at)
    if facility.kind not in BED_PLACES:
        raise NotFound(facility=facility.pk)
    counted = {
        "beds": beds,
        "other_children": other_children,
        "carers_day": carers_day,
        "carers_night": carers_night,
        "daily_cost": daily_cost,
        "surge_carers": surge_carers,
        "surge_cost": surge_cost,
    }
    wrong = {name: "out_of_range" for name, number in counted.items() if not 0 <= number <= MOST}
    wrong |= {} if 1 <= children_per_carer <= 20 else {"children_per_carer": "out_of_range"}
    wrong |= {} if 0 <= level <= 2 else {"level": "out_of_range"}
    wrong |= {} if 0 <= funds <= 2**31 - 1 else {"funds": "out_of_range"}
    moment = as_of or at
    wrong |= {} if moment <= at else {"as_of": "in_the_future"}
    if wrong:
        raise Invalid(wrong)
    with gate(by=by, at=at, attempt="report_capacity"):
        snapshot = CapacitySnapshot.objects.create(
            facility=facility,
            as_of=moment,
            children_per_carer=children_per_carer,
            level=level,
            funds=funds,
            by_id=by.staff_id,
            at=at,
            **counted,
        )
        record(
            by=by,
            at=at,
            action="placements.report_capacity",
            subject=f"capacity:{snapshot.pk}",
            data={"facility": facility.pk, "beds": beds, "carers_day": carers_day, "carers_night": carers_night},
        )
    flag(barred(queries.open_acceptances().filter(facility=facility), at=at), by=by, at=at)
    return snapshot


def ask_surge(*, facility: Facility, beds: int, carers: int, until: datetime, reason: str, by: Actor, at: datetime) -> Surge:
    """The place asks to take more children than it has cots or carers for, for up to three days."""
    permitted(by, Permission.REPORT_CAPACITY, at=at)
    wrong = {} if reason.strip() else {"reason": "required"}
    wrong |= {} if at < until <= at + SURGE_HOLDS else {"until": "out_of_range"}
    wrong |= {name: "out_of_range" for name, number in (("beds", beds), ("carers", carers)) if not 0 <= number <= MOST}
    wrong |= {} if beds or carers else {"beds": "required"}
    if wrong:
        raise Invalid(wrong)
    with gate(by=by, at=at, attempt="ask_surge"):
        surge = Surge.objects.create(
            facility=facility, beds=beds, carers=carers, until=until, reason=reason.strip()[:300], by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="placements.ask_surge", subject=f"surge:{surge.pk}", data={"facility": facility.pk})
    return surge


def approve_surge(*, surge: Surge, by: Actor, at: datetime) -> SurgeApproval:
    """Another organisation agrees; with two the place may take more children."""
    permitted(by, Permission.APPROVE_SURGE, at=at)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, attempt="approve_surge"):
        approval = SurgeApproval.objects.create(surge=surge, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="placements.approve_surge", subject=f"surge:{surge.pk}")
    return approval


def fund(
    *,
    facility: Facility,
    payer: Agency,
    daily_rate: int,
    first_day: date,
    by: Actor,
    at: datetime,
    last_day: date | None = None,
    budget: int | None = None,
) -> FundingLine:
    """Say who pays for the children of a place, how much a child-day, and how much there is of it in all."""
    permitted(by, Permission.FUND, at=at)
    wrong = {} if 0 <= daily_rate <= MOST else {"daily_rate": "out_of_range"}
    wrong |= {} if EARLIEST <= first_day <= _LAST else {"first_day": "out_of_range"}
    wrong |= {} if last_day is None or last_day >= first_day else {"last_day": "before_first"}
    wrong |= {} if last_day is None or last_day <= _LAST else {"last_day": "out_of_range"}
    wrong |= {} if budget is None or 0 <= budget <= 2**31 - 1 else {"budget": "out_of_range"}
    if wrong:
        raise Invalid(wrong)
    with gate(by=by, at=at, attempt="fund"):
        line = FundingLine.objects.create(
            facility=facility,
            payer=payer,
            daily_rate=daily_rate,
            first_day=first_day,
            last_day=last_day,
            budget=budget,
            by_id=by.staff_id,
            at=at,
        )
        record(by=by, at=at, action="placements.fund", subject=f"funding:{line.pk}", data={"facility": facility.pk})
    return line


def tell_position(*, jurisdiction: Jurisdiction, latitude: float, longitude: float, by: Actor, at: datetime) -> Position:
    """Where a jurisdiction is on the map, for travel times and the desk's map."""
    permitted(by, Permission.PLAN_NIGHT, at=at)
    wrong = {} if -90 <= latitude <= 90 else {"latitude": "out_of_range"}
    wrong |= {} if -180 <= longitude <= 180 else {"longitude": "out_of_range"}
    if wrong:
        raise Invalid(wrong)
    with gate(by=by, at=at, attempt="tell_position"):
        position = Position.objects.create(
            jurisdiction=jurisdiction, latitude=latitude, longitude=longitude, by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="placements.tell_position", subject=f"position:{position.pk}")
    return position
