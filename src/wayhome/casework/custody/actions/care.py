"""Take a child into care, give it a wristband, let it leave the hospital."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.children import actions as describing
from wayhome.casework.children.models import Child, SiblingGroup, Wristband
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.core.photos import clean_photo
from wayhome.casework.custody import queries
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.custody.models import (
    Clearance,
    CustodyEpisode,
)
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations.models import RescueEvent


@dataclass(frozen=True, slots=True)
class Intake:
    """A child that was just found.

    Parameters
    ----------
    number : of a wristband printed before; a new one by default.
    started_at : when the police took it.
    age : at least and at most so many days old today, and by which method.
    marks : (place, kind, size in mm, note) of each.
    items : what was found with it.
    photo : as the camera made it; the pixels alone are kept.
    """

    event: RescueEvent
    post: Facility
    sex: str
    call_name: str
    started_at: datetime
    condition: str = ""
    number: str = ""
    siblings: SiblingGroup | None = None
    age: tuple[int, int, str] | None = None
    marks: tuple[tuple[str, str, int | None, str], ...] = ()
    items: tuple[str, ...] = ()
    photo: bytes | None = None


def take_into_care(*, intake: Intake, by: Actor, at: datetime) -> Child:
    """Register a child and open its chain of custody, in one transaction: neither can be without the other.

    What is known of it at once is written with it, and records that may be the same child are proposed.
    """
    permitted(by, Permission.REGISTER_CHILD, at=at)
    if intake.sex not in ("F", "M", "U"):
        raise Invalid({"sex": "unknown_choice"})
    if intake.number and not numbers.is_number(intake.number):
        raise Invalid({"number": "check_digit"})
    number = numbers.plain_number(intake.number) or _free_number()
    jpeg = None if intake.photo is None else clean_photo(intake.photo)
    with gate(by=by, at=at, attempt="take_into_care"):
        episode = CustodyEpisode.objects.create(
            child_id=int(number),
            n=1,
            kind=Kind.POLICE,
            facility=intake.post,
            responsible_id=by.staff_id,
            wristband=number,
            condition=intake.condition,
            started_at=intake.started_at,
            at=at,
        )
        child = Child.objects.create(
            id=int(number),
            call_name=intake.call_name.strip()[:40],
            sex=intake.sex,
            event=intake.event,
            siblings=intake.siblings,
            first_episode=episode,
            by_id=by.staff_id,
            at=at,
        )
        Wristband.objects.create(child=child, code=number, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.take_into_care", subject=f"episode:{episode.pk}", child_id=child.pk)
        _describe(child, intake, jpeg, by, at)
    describing.propose_duplicates(child=child, at=at)
    return child


def _describe(child: Child, intake: Intake, jpeg: bytes | None, by: Actor, at: datetime) -> None:
    """Write down what is known of a child from the start."""
    if intake.age is not None:
        least, most, method = intake.age
        today = at.astimezone(ZoneInfo(intake.event.operation.time_zone)).date()
        describing.estimate_age(child=child, on=today, least_days=least, most_days=most, method=method, by=by, at=at)
    for place, kind, size_mm, note in intake.marks:
        describing.add_mark(child=child, place=place, kind=kind, size_mm=size_mm, note=note, by=by, at=at)
    for what in intake.items:
        describing.add_item(child=child, what=what, by=by, at=at)
    if jpeg is not None:
        describing.keep_photo(child=child, jpeg=jpeg, by=by, at=at)


def replace_wristband(*, child: Child, by: Actor, at: datetime) -> Wristband:
    """A new band for a lost one; the old code opens nothing any more."""
    permitted(by, Permission.DESCRIBE_CHILD, at=at, child_id=child.pk)
    old = queries.current_wristband(child.pk)
    with gate(by=by, at=at, child_id=child.pk, attempt="replace_wristband"):
        band = Wristband.objects.create(child=child, code=_free_number(), replaces=old, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.replace_wristband", subject=f"wristband:{band.pk}", child_id=child.pk)
    return band


def clear(*, child: Child, fit: bool, level: str, by: Actor, at: datetime, limits: str = "") -> Clearance:
    """A doctor of the hospital that has the child says whether it may leave; the last word counts."""
    with gate(by=by, at=at, child_id=child.pk, attempt="clear", jurisdiction=queries.rescued_in(child)):
        require(by, Permission.CLEAR)
        clearance = Clearance.objects.create(
            child=child,
            episode=queries.head(child.pk),
            fit=fit,
            level=level,
            limits=limits.strip()[:200],
            by_id=by.staff_id,
            at=at,
        )
        record(by=by, at=at, action="custody.clear", subject=f"clearance:{clearance.pk}", child_id=child.pk, data={"fit": fit})
    return clearance


def record_death(*, child: Child, by: Actor, at: datetime, died_at: datetime, condition: str) -> CustodyEpisode:
    """A doctor records that the child died in hospital; its chain ends here."""
    with gate(by=by, at=at, child_id=child.pk, attempt="record_death", jurisdiction=queries.rescued_in(child)):
        require(by, Permission.CLEAR)
        last = queries.head(child.pk)
        episode = CustodyEpisode.objects.create(
            child=child,
            n=last.n + 1,
            kind=Kind.DECEASED,
            facility_id=last.facility_id,
            responsible_id=by.staff_id,
            wristband=last.wristband,
            condition=condition.strip()[:200],
            started_at=died_at,
            at=at,
        )
        record(by=by, at=at, action="custody.record_death", subject=f"episode:{episode.pk}", child_id=child.pk)
    return episode


def _free_number() -> str:
    return _on_a_band(numbers.free_number(lambda number: Wristband.objects.filter(code=_on_a_band(number)).exists()))


def _on_a_band(number: int) -> str:
    return f"{number:09d}"
