"""A laboratory reads what a rescued child's sample showed; a relative's is read by nobody."""

from __future__ import annotations

from datetime import datetime

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.laboratory.models import ChildProfile, Kit
from wayhome.casework.laboratory.queries import opened, results


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
