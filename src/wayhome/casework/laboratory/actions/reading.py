"""Each look at a kit is an event. A laboratory reads what a rescued child's sample showed; a relative's is read by nobody."""

from __future__ import annotations

from datetime import datetime

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.laboratory.models import ChildProfile, Kit, Looked
from wayhome.casework.laboratory.queries import opened, results
from wayhome.casework.laboratory.queries.kits import kit_of
from wayhome.casework.laboratory.queries.waiting import unseen_flags


def read_kit(*, number: str, by: Actor, at: datetime) -> Kit:
    """Open a kit: who it is of, and every hand it went through. The look is an event, and without the event there is no look."""
    kit = kit_of(by, number, at=at)
    with gate(by=by, at=at, child_id=kit.child_id or 0, attempt="read_kit"):
        record(by=by, at=at, action="laboratory.read_kit", subject=f"kit:{kit.pk}", child_id=kit.child_id or 0)
    return kit


def read_results(*, number: str, by: Actor, at: datetime) -> Kit:
    """Look at what was made of a sample, without what it showed, and at what is odd: then nobody else need."""
    require(by, Permission.WORK_SAMPLE)
    kit = results.own_kit(by, number)
    with gate(by=by, at=at, child_id=kit.child_id or 0, attempt="read_results"):
        new = unseen_flags().filter(kit=kit).order_by("pk").last()
        if new is not None:
            Looked.objects.create(kit=kit, upto=new.pk, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="laboratory.read_results", subject=f"kit:{kit.pk}", child_id=kit.child_id or 0)
    return kit


def read_profile(*, kit: Kit, n: int, by: Actor, at: datetime) -> kinship.Profile:
    """The n-th profile of a rescued child's sample, for an analyst of its laboratory. The look is an event.

    Raises
    ------
    NotFound
        also for a relative's: there is no such thing to read.
    """
    require(by, Permission.WORK_SAMPLE)
    row = ChildProfile.objects.filter(kit__in=results.own_kits(by).filter(pk=kit.pk), n=n).select_related("kit").first()
    if row is None:
        raise NotFound(kit=kit.pk, n=n)
    with gate(by=by, at=at, attempt="read_profile"):
        record(by=by, at=at, action="laboratory.read_profile", subject=f"kit:{kit.pk}", child_id=kit.child_id or 0, data={"n": n})
        return opened.children([row])[kit.pk, n]
